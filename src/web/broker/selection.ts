/** What refused documents are selected by, in addresses, forms and requests alike; and changes of them. */
import { keptFieldsOf } from '../../catalogue/cause-changes.ts'
import { causeFields } from '../../catalogue/cause-fields.ts'
import { declarations, getDeclaration } from '../../catalogue/index.ts'
import { SUBMISSION_FIELDS } from '../../catalogue/message.ts'
import { shapeOf } from '../../codec/shape.ts'

const MEMBERS = ['kind', 'client', 'sender', 'zone', 'from', 'to', 'cause', 'code', 'text'] as const

export type Selection = Readonly<Partial<Record<(typeof MEMBERS)[number], string>>>

/** Those that are there; blank ones are none. */
export const selectionOf = (query: Readonly<Record<string, string>>): Selection =>
  Object.fromEntries(
    MEMBERS.flatMap((name) => {
      const value = query[name]?.trim() ?? ''
      return value === '' ? [] : [[name, value]]
    }),
  )

/** A change as `POST /rejections/corrections` takes it. */
export interface Change {
  readonly kind?: string
  readonly field: string
  readonly value?: string | null
  readonly mapping?: Readonly<Record<string, string>>
  readonly from?: string
  readonly fromField?: string
}

/** A value taken from another document of the consignment. */
export interface Suggestion {
  readonly kind: string
  readonly field: string
  readonly from: string
  readonly fromField: string
}

const isCauseWithFields = (cause: string): cause is keyof typeof causeFields =>
  Object.hasOwn(causeFields, cause)

/**
 * What mends such a cause, by the fields it is about: each side may be set to what the other says,
 * unless the cure forbids it. Changes of the refused document itself stand first, then those that
 * take the order's word. Which of them the reader can use, his documents tell (`offers.ts`).
 */
export const suggestionsFor = (
  cause: string | undefined,
  refused: string,
): readonly Suggestion[] => {
  const fields = cause !== undefined && isCauseWithFields(cause) ? (causeFields[cause] ?? []) : []
  const pairs = fields.flatMap((names) =>
    Object.entries(names).flatMap(([kind, field]) =>
      Object.entries(names).flatMap(([from, fromField]): readonly Suggestion[] =>
        from === kind || isFixed(kind, field) || keptFieldsOf(cause, kind).includes(field)
          ? []
          : [{ kind, field, from, fromField }],
      ),
    ),
  )
  const place = ({ kind, from }: Suggestion): number =>
    (kind === refused ? 0 : 2) + (ORDERS.includes(from) ? 0 : 1)
  return pairs.toSorted((a, b) => place(a) - place(b))
}

/** A list and its order say the same; customs believes the order. */
const ORDERS: readonly string[] = declarations
  .filter(({ offers }) => offers?.part === 'order' || offers?.part === 'export-order')
  .map(({ code }) => code)

/** A field that names the document, its line or its submission is not corrected. */
const isFixed = (kind: string, field: string): boolean => {
  const entry = getDeclaration(kind)
  const fixed: readonly string[] = [...SUBMISSION_FIELDS, ...entry.key]
  return fixed.includes(field) || field.endsWith('/gnum')
}

export interface TargetField {
  /** `field`, or `Group/field` of each line. */
  readonly name: string
  readonly zh: string
  /** It cannot be taken away. */
  readonly required: boolean
}

/** Fields of a kind that can be corrected after such a refusal, head first. */
export const targetsOf = (kind: string, cause?: string): readonly TargetField[] => {
  const { head, groups } = shapeOf(getDeclaration(kind))
  const kept = keptFieldsOf(cause, kind)
  return groups.flatMap((group) =>
    group.fields.flatMap(({ name, field }): readonly TargetField[] => {
      const target = group.name === head.name ? name : `${group.name}/${name}`
      if (isFixed(kind, target) || kept.includes(target)) return []
      return [{ name: target, zh: field.zh, required: field.required }]
    }),
  )
}

export type Table =
  | { readonly kind: 'table'; readonly mapping: Readonly<Record<string, string>> }
  /** The first line, counted from 1, that is no pair. */
  | { readonly kind: 'wrong'; readonly line: number }

/** `old => new`, a pair a line; blank lines are none. */
export const readTable = (text: string): Table => {
  const mapping: [string, string][] = []
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue
    const [before, after, ...more] = line.split('=>')
    if (before === undefined || after === undefined || more.length > 0 || before.trim() === '')
      return { kind: 'wrong', line: index + 1 }
    mapping.push([before.trim(), after.trim()])
  }
  return mapping.length === 0
    ? { kind: 'wrong', line: 1 }
    : { kind: 'table', mapping: Object.fromEntries(mapping) }
}
