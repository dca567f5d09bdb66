/**
 * Fields: the atoms of a message. A field is written once, with the wire's own name as its key, and
 * drives the type, the check, the writer, the reader, the XSD and the field page. Kinds are few and
 * closed; all values are text, because the wire is text and `0012` must stay `0012`.
 *
 * Where the schema (XSD 202205) and the published field table differ, the schema's facts stand in
 * `required`, `min` and `max`; what only the text requires stands in `textRequires`, and a longer
 * length of the text in `readMax`: send what either requires, write the shorter, read the longer.
 */
import type { CodeListId } from './code-lists/list.ts'

export type FieldKind = 'text' | 'decimal' | 'int'

/**
 * When a field that the schema leaves optional must be there. The other field is looked for in the
 * same group first, then in the head; what is `absent` may also be a group.
 */
export type When =
  | { readonly field: string; readonly in: readonly string[] }
  | { readonly field: string; readonly notIn: readonly string[] }
  | { readonly present: string }
  | { readonly absent: string }

export interface FieldOptions {
  /** Chinese name in the standard. */
  readonly zh: string
  /** What the field means and holds; shown on field pages and in cures. */
  readonly note?: string
  /** Least and greatest length in characters (`text`). `min` defaults to 1 when required, else 0. */
  readonly min?: number
  readonly max?: number
  /** Exact length in characters; excludes `min` and `max`. */
  readonly length?: number
  /** Length taken when reading, where the text allows more than the schema. */
  readonly readMax?: number
  /** Length sent at most, where the text allows less than the schema. */
  readonly textMax?: number
  /** Most digits in all (`decimal`, `int`) and after the point (`decimal`). */
  readonly digits?: number
  readonly fraction?: number
  /** Digits that are a real China-time moment: 8 yyyyMMdd, 14 yyyyMMddHHmmss, 17 with milliseconds. */
  readonly moment?: 8 | 14 | 17
  /** The only values taken, with their Chinese meaning. The schema does not state them. */
  readonly values?: Readonly<Record<string, string>>
  /** The only value, stated by the schema. */
  readonly fixed?: string
  /** The code list its values are looked up in. */
  readonly list?: CodeListId
  /** The text requires it, the schema does not. */
  readonly textRequires?: true
  /** The text has it, the schema does not: read, and never written. */
  readonly textOnly?: true
  /** The schema's value for an empty element; the check still wants one that is written. */
  readonly schemaDefault?: string
  /** The schema counts characters after blanks were collapsed (`xs:whiteSpace`). */
  readonly collapse?: true
  readonly requiredWhen?: When
  /** Another field of the same group; either both are given or neither. */
  readonly together?: string
  /** Least number sent (`int`). */
  readonly least?: number
  /** Another field of the same group that this one is not above: numbers, or moments of one length. */
  readonly notAbove?: string
  /** Names a person or leads to one: encrypted at rest, masked on pages, never logged. */
  readonly sensitive?: true
  /**
   * Whom its value names: an enterprise, by its 10-character customs code or its 18-character credit
   * code; or a person, by a resident id where the field `type` of the same group says so.
   */
  readonly identity?: 'enterprise' | { readonly type: string; readonly residentId: string }
  /** Free of any check of characters: the original XML echoed by CEB900. */
  readonly raw?: true
}

export interface Field extends FieldOptions {
  readonly kind: FieldKind
  /** By the schema. */
  readonly required: boolean
}

type Made<K extends FieldKind, R extends boolean> = Field & {
  readonly kind: K
  readonly required: R
}

const make =
  <K extends FieldKind, R extends boolean>(kind: K, required: R) =>
  (options: FieldOptions): Made<K, R> => ({ ...options, kind, required })

export const text = make('text', true)
export const optionalText = make('text', false)
export const int = make('int', true)
export const optionalInt = make('int', false)

/** N19,5: at most 19 digits, 5 of them after the point; no exponent (common value rules, 202205). */
const N19_5 = { digits: 19, fraction: 5 } as const
export const decimal = (options: FieldOptions): Made<'decimal', true> =>
  make('decimal', true)({ ...N19_5, ...options })
export const optionalDecimal = (options: FieldOptions): Made<'decimal', false> =>
  make('decimal', false)({ ...N19_5, ...options })
