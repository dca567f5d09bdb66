/**
 * The columns of a kind's sheet, made once per catalogue entry: one for each field, named for
 * people in Chinese and for programs by its place in the document (`OrderList.note`).
 */
import { codesFor, findCodeList } from '../../catalogue/code-lists/index.ts'
import type { Field } from '../../catalogue/field.ts'
import { type Entry, SUBMISSION_FIELDS } from '../../catalogue/message.ts'
import { type Rule, rulesOf } from '../rule.ts'
import { type GroupShape, perEntry, shapeOf } from '../shape.ts'

export interface SheetColumn {
  readonly group: GroupShape
  readonly name: string
  readonly field: Field
  readonly rule: Rule
  /** Place in wire order within its group. */
  readonly index: number
  /** `OrderHead.orderNo`, or the name alone in a kind without groups. */
  readonly path: string
  /** Chinese head, the only one of its kind. */
  readonly head: string
  /** Filled in when it is blank. */
  readonly isFilled: boolean
  /** Values it takes, with their Chinese meaning; undefined when they are not listed. */
  readonly codes: ReadonlyMap<string, string> | undefined
}

/** What a sheet leaves to us: who writes one has neither UUIDs nor the time at hand. */
const FILLED: ReadonlySet<string> = new Set([...SUBMISSION_FIELDS, 'appStatus'])

export const columnsOf: (entry: Entry) => readonly SheetColumn[] = perEntry((entry) => {
  const { groups } = rulesOf(entry)
  const { head: headGroup } = shapeOf(entry)
  const all = groups.flatMap(({ shape: group, rules }) =>
    group.fields.flatMap(({ name, field, index }) => {
      const rule = rules[index]
      // What is never written, and the echo of a message, belong into no sheet.
      if (rule === undefined || field.textOnly === true || field.raw === true) return []
      return [{ group, name, field, rule, index }]
    }),
  )
  const times = (zh: string, among: readonly { readonly field: Field }[]): number =>
    among.filter(({ field }) => field.zh === zh).length
  return all.map((column): SheetColumn => {
    const { group, name, field } = column
    const own = all.filter((other) => other.group === group)
    const within = times(field.zh, own) === 1 ? field.zh : `${field.zh}（${name}）`
    const isHead = group === headGroup
    return {
      ...column,
      path: group.name === undefined ? name : `${group.name}.${name}`,
      head:
        isHead || times(field.zh, all) === times(field.zh, own) ? within : `${group.zh}·${within}`,
      isFilled: isHead && FILLED.has(name),
      codes: codesOf(entry, field),
    }
  })
})

const codesOf = (entry: Entry, field: Field): ReadonlyMap<string, string> | undefined => {
  if (field.values !== undefined) return new Map(Object.entries(field.values))
  const list = field.list === undefined ? undefined : findCodeList(field.list)
  const rows = list === undefined ? [] : codesFor(list, entry.direction).rows
  if (field.fixed !== undefined)
    return new Map([[field.fixed, rows.find(({ code }) => code === field.fixed)?.zh ?? '']])
  return list === undefined ? undefined : new Map(rows.map(({ code, zh }) => [code, zh]))
}

/** How a value is offered in a drop-down list, and taken when it comes back so. */
export const offerOf = (code: string, meaning: string): string =>
  meaning === '' ? code : `${code} ${meaning}`
