/**
 * A document as a form and back, for any kind: the catalogue says which fields there are. Names of
 * inputs are places of the document, `OrderHead.orderNo` and `OrderList.0.qty`. Pure.
 */
import { findCodeList } from '../../catalogue/code-lists/index.ts'
import { replies } from '../../catalogue/index.ts'
import {
  type AnyDocument,
  type Declaration,
  type FieldRecord,
  SUBMISSION_FIELDS,
} from '../../catalogue/message.ts'
import { headOfDocument, linesOf, withHead } from '../../codec/document.ts'
import { type FieldShape, type GroupShape, shapeOf } from '../../codec/shape.ts'
import type { Text } from '../../kernel/fault.ts'
import { FORM_LINES_MAX, SUGGESTED_CODES_MAX } from './document-limits.ts'
import { groupName } from './names.ts'

export type FormValues = Readonly<Record<string, string>>

export const inputName = (group: GroupShape, name: string, line: number): string =>
  [group.name, group.single ? undefined : String(line), name]
    .filter((part) => part !== undefined)
    .join('.')

/** What a form asks for once, or once a line. */
export interface FormField {
  readonly shape: FieldShape
  /** Name of its input. */
  readonly input: (line: number) => string
}

/** Fields that are filled in, or left out, together. */
export interface FormBlock {
  /** What it is of, where that can be left out: a part of the consignment. */
  readonly of?: string | undefined
  readonly title?: Text
  readonly fields: readonly FormField[]
}

/** A card of a form: fields that stand once, or lines of them. */
export interface FormPart {
  /** Told by the button that adds a line. */
  readonly name: string
  readonly title: Text
  /** Can be left out, under this kind. */
  readonly kind?: string
  readonly single: boolean
  readonly max: number
  /** How names of its inputs begin; the line follows. */
  readonly prefixes: readonly string[]
  readonly blocks: readonly FormBlock[]
}

/** The form of one kind: a card for each group. */
export const partsOf = (entry: Declaration): readonly FormPart[] =>
  shapeOf(entry).groups.map((group) => ({
    ...{ name: group.name ?? '', single: group.single, max: group.max },
    title: {
      zh: groupName(group.zh, group.name ?? '', 'zh'),
      en: groupName(group.zh, group.name ?? '', 'en'),
    },
    prefixes: [group.name ?? ''],
    blocks: [
      {
        fields: askedFields(entry, group).map((shape) => ({
          shape,
          input: (line) => inputName(group, shape.name, line),
        })),
      },
    ],
  }))

export const fieldsOf = ({ blocks }: FormPart): readonly FormField[] =>
  blocks.flatMap(({ fields }) => fields)

/** Lines that a card shows: those that came, and one to begin with. */
export const shownLines = (part: FormPart, values: FormValues): number =>
  part.single
    ? 1
    : Math.min(FORM_LINES_MAX, part.max, Math.max(1, lineCount(part.prefixes, values)))

/** Places at which the form shows what is wrong. */
export const shownPointers = (
  parts: readonly FormPart[],
  values: FormValues,
): ReadonlySet<string> =>
  new Set(
    parts.flatMap((part) =>
      Array.from({ length: shownLines(part, values) }, (_, line) =>
        fieldsOf(part).map(({ input }) => pointerOfInput(input(line))),
      ).flat(),
    ),
  )

/** The same with an empty line more. */
export const withLine = (
  parts: readonly FormPart[],
  values: FormValues,
  name: string,
): FormValues => {
  const part = parts.find((each) => each.name === name)
  const [first] = part === undefined ? [] : fieldsOf(part)
  if (part === undefined || part.single || first === undefined) return values
  const line = lineCount(part.prefixes, values)
  const isNumber = first.shape.field.kind === 'int'
  return { ...values, [first.input(line)]: isNumber ? String(line + 1) : '' }
}

/** Place of an input in the document, as faults name it. */
export const pointerOfInput = (name: string): string => `/${name.replaceAll('.', '/')}`

/** And back. */
export const inputOfPointer = (pointer: string): string => pointer.slice(1).replaceAll('/', '.')

/** Numbers that customs gives, and what is filled in by itself, are not asked for. */
export const askedFields = (entry: Declaration, group: GroupShape): readonly FieldShape[] => {
  const given = new Set(
    replies.filter(({ answers }) => answers === entry.code).flatMap(({ gives }) => gives ?? []),
  )
  const automatic: readonly string[] = SUBMISSION_FIELDS
  return group.fields.filter(
    ({ name, field }) =>
      field.textOnly !== true &&
      !(group === shapeOf(entry).head && (given.has(name) || automatic.includes(name))),
  )
}

export const isRequired = ({ field }: FieldShape): boolean =>
  field.required || field.textRequires === true

/** What every document of the kind has there: the only value, or the first of few. */
export const defaultsOf = (entry: Declaration, today: string): AnyDocument => {
  const document: Record<string, FieldRecord | readonly FieldRecord[]> = {}
  for (const group of shapeOf(entry).groups) {
    const record = Object.fromEntries(
      askedFields(entry, group).flatMap((shape) => {
        const value = defaultOf(shape, today)
        return value === undefined ? [] : [[shape.name, value]]
      }),
    )
    if (group.name === undefined) return record
    if (group.min === 0) continue
    document[group.name] = group.single ? record : [{ ...firstNumber(entry, group), ...record }]
  }
  return document
}

/** Lines of goods begin with their number. */
const firstNumber = (entry: Declaration, group: GroupShape): FieldRecord => {
  const [first] = askedFields(entry, group)
  return first?.field.kind === 'int' ? { [first.name]: '1' } : {}
}

const defaultOf = (shape: FieldShape, today: string): string | undefined => {
  const { field, name } = shape
  if (field.fixed !== undefined) return field.fixed
  if (!isRequired(shape)) return undefined
  const values = Object.keys(field.values ?? {})
  if (name === 'appStatus') return values.at(-1)
  if (values.length > 0) return values[0]
  if (field.moment === 8) return today
  return undefined
}

/** Head fields of another document of the consignment that this kind has too, nobody's name among them. */
export const sharedHead = (
  entry: Declaration,
  others: readonly { readonly entry: Declaration; readonly document: AnyDocument }[],
): FieldRecord => {
  const { head } = shapeOf(entry)
  const wanted = askedFields(entry, head).filter(({ field }) => field.sensitive !== true)
  return Object.fromEntries(
    wanted.flatMap(({ name }) => {
      if (name === 'note' || name === 'appStatus') return []
      const found = others
        .map((other) => headOfDocument(other.entry, other.document)[name])
        .find((value) => value !== undefined && value !== '')
      return found === undefined ? [] : [[name, found]]
    }),
  )
}

/** Every text of a document by the name of its input. */
export const valuesOf = (entry: Declaration, document: AnyDocument): FormValues => {
  const values: Record<string, string> = {}
  for (const group of shapeOf(entry).groups) {
    const records =
      group.name === undefined
        ? [headOfDocument(entry, document)]
        : linesOf(entry, document, group.name)
    for (const [line, record] of records.slice(0, FORM_LINES_MAX).entries())
      for (const { name } of group.fields) {
        const value = record[name]
        if (value !== undefined) values[inputName(group, name, line)] = value
      }
  }
  return values
}

/**
 * The document that was typed: empty inputs are fields that are not there, empty lines no lines. What
 * the form does not ask for comes from `kept`, and so do personal values that were left empty.
 */
export const documentOfForm = (
  entry: Declaration,
  typed: FormValues,
  submission: FieldRecord,
  kept: AnyDocument | undefined,
): AnyDocument => {
  const keptValues = kept === undefined ? {} : valuesOf(entry, kept)
  const document: Record<string, FieldRecord | readonly FieldRecord[]> = {}
  for (const group of shapeOf(entry).groups) {
    const count = group.single ? 1 : lineCount([group.name ?? ''], typed)
    const records = Array.from({ length: count }, (_, line) =>
      recordOf(entry, group, line, typed, keptValues),
    ).filter((record) => group.single || !isBlankLine(entry, group, record))
    if (group.name === undefined) return withHead(entry, records[0] ?? {}, submission)
    if (group.single) document[group.name] = records[0] ?? {}
    else if (records.length > 0) document[group.name] = records
  }
  return inWireOrder(entry, withHead(entry, document, submission))
}

const recordOf = (
  entry: Declaration,
  group: GroupShape,
  line: number,
  typed: FormValues,
  kept: FormValues,
): FieldRecord => {
  const asked = new Set(askedFields(entry, group).map(({ name }) => name))
  return Object.fromEntries(
    group.fields.flatMap(({ name, field }) => {
      const input = inputName(group, name, line)
      const given = asked.has(name) ? (typed[input] ?? '').trim() : ''
      const stays = !asked.has(name) || field.sensitive === true
      const value = given === '' && stays ? (kept[input] ?? '') : given
      return value === '' ? [] : [[name, value]]
    }),
  )
}

/** A line that says no more than its defaults was never filled in. */
const isBlankLine = (entry: Declaration, group: GroupShape, record: FieldRecord): boolean =>
  askedFields(entry, group).every((shape) => {
    const value = record[shape.name]
    return value === undefined || value === defaultOf(shape, '')
  })

/** Lines a form was sent with, within its room; `prefixes` is how the names of their inputs begin. */
export const lineCount = (prefixes: readonly string[], values: FormValues): number => {
  const lines = Object.keys(values)
    .flatMap((name) => {
      const prefix = prefixes.find((each) => name.startsWith(`${each}.`))
      return prefix === undefined ? [] : Number(name.slice(prefix.length + 1).split('.')[0])
    })
    .filter((line) => Number.isInteger(line) && line >= 0 && line < FORM_LINES_MAX)
  return lines.length === 0 ? 0 : Math.max(...lines) + 1
}

const inWireOrder = (entry: Declaration, document: AnyDocument): AnyDocument => {
  const { head } = shapeOf(entry)
  const values = headOfDocument(entry, document)
  const ordered = Object.fromEntries(
    head.fields.flatMap(({ name }) => (values[name] === undefined ? [] : [[name, values[name]]])),
  )
  return head.name === undefined ? ordered : { ...document, [head.name]: ordered }
}

/** Lists short enough to be offered whole, each once a page. */
export const suggestedLists = (parts: readonly FormPart[]) => {
  const ids = new Set(parts.flatMap(fieldsOf).flatMap(({ shape }) => shape.field.list ?? []))
  return [...ids].flatMap((id) => {
    const list = findCodeList(id)
    return list === undefined || list.rows.length > SUGGESTED_CODES_MAX ? [] : [{ id, list }]
  })
}
