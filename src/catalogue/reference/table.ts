/**
 * Reference tables that operators load from CSV: which columns a file has, what stands in them, and
 * from when to when a row holds. Pure data: the reader of files, the store, the routes and the
 * command line all work from these entries, so that another table is an entry here and its SQL table.
 */
import type { Text } from '../../kernel/fault.ts'

export interface ReferenceColumn extends Text {
  /** Head of the column in a file and name in answers; the SQL column is the same in snake case. */
  readonly name: string
  /** `flag` is yes or no; a date is a day in China, `yyyy-MM-dd`. */
  readonly as: 'text' | 'decimal' | 'date' | 'flag'
  readonly required?: true
  /** Of a text: its form, and the form in words. */
  readonly form?: Text & { readonly pattern: RegExp }
  /** Characters of a text at most; REFERENCE_TEXT_LENGTH_MAX unless told. */
  readonly max?: number
  /** The only texts taken. */
  readonly values?: readonly string[]
  /** What an empty cell of a decimal stands for; null unless told. */
  readonly blank?: string
  /** Of a decimal, which is never negative: digits in all and after the point. */
  readonly digits?: number
  readonly fraction?: number
}

/** A row as it is stored and answered: texts that are not given are '', everything else is null. */
export type ReferenceRow = Readonly<Record<string, string | boolean | null>>

/** What one row breaks that no single column shows, told at one of its columns. */
export interface RowProblem {
  readonly column: string
  readonly text: Text
  readonly cure: Text
}

export interface ReferenceTable extends Text {
  /** Name in routes and commands. */
  readonly name: string
  /** Table of the database. */
  readonly table: string
  readonly columns: readonly ReferenceColumn[]
  /** Columns that tell rows apart. */
  readonly key: readonly string[]
  /**
   * Which rows hold on a day. `edition`: those of the newest `validFrom` that has come, which takes
   * the place of everything before. `row`: of each subject (the key without `validFrom`) the newest
   * row between its `validFrom` and `validTo`. `none`: rows are not dated.
   */
  readonly dating: 'edition' | 'row' | 'none'
  /** Of an undated table: column of the key by which a file that replaces takes out what it lacks. */
  readonly replaces?: string
  /** Column of the tariff code that rows are looked up by: the rows whose code begins a given one. */
  readonly hs?: string
  /** Table that keeps every state of a row: its columns, of which all but the key may be null. */
  readonly history?: string
  /** Who may look; everybody who is known unless told. */
  readonly sight?: 'operator'
  /** A column whose texts must be there in another table of the database. */
  readonly known?: { readonly column: string; readonly table: string; readonly key: string }
  readonly problem?: (row: ReferenceRow) => RowProblem | undefined
}

// ---- columns that stand in many tables ---------------------------------------------------------

export const validFrom: ReferenceColumn = {
  name: 'validFrom',
  zh: '生效日',
  en: 'first day',
  as: 'date',
  required: true,
}

/** Empty: until further notice. */
export const validTo: ReferenceColumn = {
  name: 'validTo',
  zh: '失效日',
  en: 'last day',
  as: 'date',
}

export const source: ReferenceColumn = {
  name: 'source',
  zh: '来源',
  en: 'source',
  as: 'text',
  required: true,
}

export const note: ReferenceColumn = { name: 'note', zh: '备注', en: 'note', as: 'text' }

/** A customs code of a unit of measure. */
export const unitColumn = (name: string, zh: string, en: string): ReferenceColumn => ({
  ...{ name, zh, en, as: 'text' },
  form: { pattern: /^\d{3}$/, zh: '三位计量单位代码', en: 'a unit code of 3 digits' },
})

/** A official or told by two independent sources, B by one, M general knowledge, I our own choice. */
export const confidence: ReferenceColumn = {
  name: 'confidence',
  zh: '可信度',
  en: 'confidence',
  as: 'text',
  required: true,
  values: ['A', 'B', 'M', 'I'],
}
