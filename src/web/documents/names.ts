/** What kinds, fields and values of documents are called on pages, personal ones masked. */
import { consignmentOf, declarations, findDeclaration, findMessage } from '../../catalogue/index.ts'
import { otherSubjects } from '../../catalogue/mandate-subjects.ts'
import type { AnyDocument, Declaration, Message } from '../../catalogue/message.ts'
import { zones } from '../../catalogue/zones/index.ts'
import { maskedValue } from '../../codec/changes.ts'
import { shapeOf } from '../../codec/shape.ts'
import { type Lang, listed } from '../texts.ts'
import { LINES_SHOWN_MAX } from './document-limits.ts'

/** `进口清单`, `Import list`: without the words that all messages of the standard share; whatever a mandate covers, too. */
export const kindShort = (kind: string, lang: Lang): string => {
  const entry = findMessage(kind) ?? otherSubjects.find(({ code }) => code === kind)
  if (entry === undefined) return kind
  return lang === 'zh' ? entry.zh.replace('数据报文', '') : entry.en
}

/** `进口清单 CEB621`, where one chooses or answers for a kind by its code. */
export const kindNamed = (kind: string, lang: Lang): string => `${kindShort(kind, lang)} ${kind}`

export const kindsNamed = (kinds: readonly string[], lang: Lang): string =>
  listed(
    kinds.map((kind) => kindNamed(kind, lang)),
    lang,
  )

/** A zone as it is called; – for none. */
export const zoneName = (code: string | null, lang: Lang): string =>
  zones.find((zone) => zone.code === code)?.[lang] ?? code ?? '–'

export const zoneNames = (codes: readonly string[], lang: Lang): string =>
  listed(
    codes.map((code) => zoneName(code, lang)),
    lang,
  )

/** A field as the standard calls it: `订单编号 orderNo`; the wire's name first for readers of English. */
export const fieldName = (zh: string, name: string, lang: Lang): string =>
  lang === 'zh' ? `${zh} ${name}` : `${name} ${zh}`

/** A group of fields; it has no name where the document is flat. */
export const groupName = (zh: string, name: string, lang: Lang): string =>
  lang === 'zh' || name === '' ? zh : fieldName(zh, name, lang)

/** A value for a page: what leads to a person is told apart and not told. */
export const shownValue = (value: string, sensitive: boolean | undefined): string =>
  sensitive === true && value !== '' ? maskedValue(value) : value

export interface ShownField {
  readonly name: string
  readonly zh: string
  readonly value: string
}

export interface ShownGroup {
  readonly zh: string
  readonly name: string
  /** One record of a head, one for each line. */
  readonly records: readonly (readonly ShownField[])[]
  readonly more: number
}

/** Groups of a document with their fields in wire order, what is not there left out. */
export const shownGroups = (entry: Message, document: AnyDocument): readonly ShownGroup[] =>
  shapeOf(entry).groups.flatMap(({ name, zh, fields }) => {
    const held = name === undefined ? document : document[name]
    if (held === undefined || typeof held === 'string') return []
    const records = Array.isArray(held) ? held : [held]
    return {
      ...{ zh, name: name ?? '' },
      records: records.slice(0, LINES_SHOWN_MAX).map((record) =>
        fields.flatMap(({ name: field, field: { zh: label, sensitive } }) => {
          const value: unknown = record[field]
          return typeof value === 'string'
            ? { name: field, zh: label, value: shownValue(value, sensitive) }
            : []
        }),
      ),
      more: Math.max(0, records.length - LINES_SHOWN_MAX),
    }
  })

/** Kinds of a consignment in its order: what its list waits for, then the list. */
export const consignmentKinds = (kinds: readonly string[]): readonly string[] => {
  const entries = kinds.flatMap((kind) => findDeclaration(kind) ?? [])
  const list = listOf(entries)
  if (list === undefined) return [...new Set(kinds)]
  const needed = consignmentOf(list).flatMap(({ code }) => (code === list.code ? [] : code))
  return [...new Set([...needed, ...kinds.filter((kind) => kind !== list.code), list.code])]
}

const listOf = (entries: readonly Declaration[]): Declaration | undefined => {
  const own = entries.find(({ needs }) => needs !== undefined)
  if (own !== undefined) return own
  const part = entries.flatMap(({ offers }) => offers?.part ?? [])[0]
  return declarations.find(({ needs }) => needs?.some((need) => need.part === part) === true)
}
