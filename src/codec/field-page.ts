/**
 * What a reader must know of a kind of message, drawn from its catalogue entry: who sends it and who
 * answers, its key, caps and signature, what it waits for and acts on, its statuses, every field, and
 * where schema and text part. The page in `docs/messages` and the one under `/docs/messages` are both
 * made from this, so that they cannot differ.
 *
 * Texts are marked up sparingly: `name` in backticks is a name or value of the wire, [CEB311] leads
 * to the page of that kind. Notes of fields are the catalogue's own words and have no marks.
 */
import { findCodeList } from '../catalogue/code-lists/index.ts'
import type { CodeListId } from '../catalogue/code-lists/list.ts'
import type { Field, When } from '../catalogue/field.ts'
import { findDeclaration, replies } from '../catalogue/index.ts'
import type { Message, Reply } from '../catalogue/message.ts'
import { groupOf, officialStatus, stateGroups, states } from '../catalogue/statuses.ts'
import type { Text } from '../kernel/fault.ts'
import { LINES_PER_DOCUMENT_MAX } from '../kernel/limits.ts'
import { type Fact, factsOf } from './field-page-facts.ts'
import { leastOf, mostOf, whensOf } from './rule.ts'
import { type GroupShape, shapeOf } from './shape.ts'

export interface FieldPage {
  readonly code: string
  readonly title: Text
  readonly facts: readonly Fact[]
  readonly statuses: readonly StatusRow[]
  readonly groups: readonly GroupTable[]
  readonly differences: readonly Difference[]
}

export interface StatusRow {
  readonly code: string
  readonly meaning: Text
  /** Where the document stands then, and what a person must know of it. */
  readonly state: Text | undefined
  readonly group: Text | undefined
  /** A good document is usually answered with it. */
  readonly usual: boolean
}

export interface GroupTable {
  /** Undefined for the fields of a node without groups. */
  readonly name: string | undefined
  readonly zh: string
  /** How many of it a document holds. */
  readonly count: Text
  readonly rows: readonly FieldRow[]
}

export interface FieldRow {
  /** From 1, in wire order. */
  readonly order: number
  readonly name: string
  readonly zh: string
  readonly type: Text
  /** Characters or digits, or the form of a moment. */
  readonly size: string
  readonly required: Text
  /** Values, bounds and partners, each marked up. */
  readonly values: readonly Text[]
  /** The code list its values stand in, where there is a table of it. */
  readonly list: (Text & { readonly id: CodeListId }) | undefined
  readonly sensitive: boolean
  readonly note: string | undefined
}

/** Where the schema and the published text part, by what is done about it. */
export interface Difference {
  readonly fields: readonly string[]
  readonly text: Text
}

export const fieldPageOf = (entry: Message): FieldPage => {
  const { groups } = shapeOf(entry)
  return {
    code: entry.code,
    title: { zh: entry.zh, en: entry.en },
    facts: factsOf(entry),
    statuses: statusesOf(entry),
    groups: groups.map((group) => tableOf(entry, group)),
    differences: differencesOf(entry, groups),
  }
}

const nothing: Text = { zh: '', en: '' }

// ---- fields ------------------------------------------------------------------------------------

const tableOf = (entry: Message, group: GroupShape): GroupTable => ({
  name: group.name,
  zh: group.zh,
  count: countOf(entry, group),
  rows: group.fields.map(({ name, field, index }) => ({
    order: index + 1,
    name,
    zh: field.zh,
    type: typeOf(field),
    size: sizeOf(field),
    required: requiredOf(field, entry.sort !== 'declaration'),
    values: valuesOf(field),
    list: listOf(field),
    sensitive: field.sensitive === true,
    note: field.note,
  })),
})

const countOf = (entry: Message, group: GroupShape): Text => {
  if (group.single) return { zh: '1 个', en: 'one' }
  if (Number.isFinite(group.max))
    return { zh: `${group.min}–${group.max} 项`, en: `${group.min} to ${group.max} lines` }
  if (entry.sort !== 'declaration')
    return { zh: `至少 ${group.min} 项，不限`, en: `${group.min} or more lines` }
  return {
    zh: `${group.min} 项以上，标准不设上限；网关每份最多 ${LINES_PER_DOCUMENT_MAX} 项`,
    en: `${group.min} or more lines; the standard sets no bound, the gateway takes ${LINES_PER_DOCUMENT_MAX}`,
  }
}

const typeOf = (field: Field): Text => {
  if (field.moment !== undefined) return { zh: '时间', en: 'time' }
  if (field.kind === 'decimal') return { zh: '小数', en: 'decimal' }
  return field.kind === 'int' ? { zh: '整数', en: 'integer' } : { zh: '文本', en: 'text' }
}

const momentForms = { 8: 'yyyyMMdd', 14: 'yyyyMMddHHmmss', 17: 'yyyyMMddHHmmssSSS' } as const

const sizeOf = (field: Field): string => {
  if (field.moment !== undefined) return momentForms[field.moment]
  if (field.kind === 'decimal') return `${field.digits},${field.fraction}`
  if (field.kind === 'int') return field.digits === undefined ? 'xs:int' : `≤${field.digits}`
  if (field.length !== undefined) return String(field.length)
  const most = mostOf(field)
  if (most === undefined) return ''
  return leastOf(field) > 1 ? `${leastOf(field)}–${most}` : `≤${most}`
}

/** Customs may leave empty what the schema lets it leave empty; whoever sends to customs may not. */
const requiredOf = (field: Field, received: boolean): Text => {
  if (field.required && received && field.kind === 'text' && leastOf(field) === 0)
    return { zh: '必有，可空', en: 'there, may be empty' }
  if (field.required) return { zh: '必填', en: 'required' }
  if (field.textRequires === true) return { zh: '必填（文本）', en: 'required (text)' }
  if (field.textOnly === true) return { zh: '只读', en: 'read only' }
  const whens = whensOf(field).map(whenText)
  if (whens.length === 0) return nothing
  return {
    zh: `${whens.map(({ zh }) => zh).join('或')}时必填`,
    en: `when ${whens.map(({ en }) => en).join(' or ')}`,
  }
}

const whenText = (when: When): Text => {
  if ('present' in when)
    return { zh: `有 \`${when.present}\` `, en: `\`${when.present}\` is there` }
  if ('absent' in when)
    return { zh: `无 \`${when.absent}\` `, en: `\`${when.absent}\` is not there` }
  const text = 'in' in when ? `= ${codes(when.in)}` : `≠ ${codes(when.notIn)}`
  return { zh: `\`${when.field}\` ${text} `, en: `\`${when.field}\` ${text}` }
}

const codes = (values: readonly string[]): string => values.map((one) => `\`${one}\``).join('/')

const valuesOf = (field: Field): readonly Text[] => {
  const found: Text[] = []
  if (field.fixed !== undefined)
    found.push({ zh: `固定 \`${field.fixed}\``, en: `always \`${field.fixed}\`` })
  for (const [value, meaning] of Object.entries(field.values ?? {}))
    found.push(same(`\`${value}\` ${meaning}`))
  if (field.least !== undefined) found.push(same(`≥ ${field.least}`))
  if (field.notAbove !== undefined) found.push(same(`≤ \`${field.notAbove}\``))
  if (field.together !== undefined)
    found.push({
      zh: `与 \`${field.together}\` 同有同无`,
      en: `together with \`${field.together}\``,
    })
  return found
}

const listOf = ({ list }: Field): FieldRow['list'] => {
  const found = list === undefined ? undefined : findCodeList(list)
  return found === undefined ? undefined : { id: found.id, zh: found.zh, en: found.en }
}

const same = (text: string): Text => ({ zh: text, en: text })

// ---- statuses ----------------------------------------------------------------------------------

/** Of a reply its own; of a declaration those of its usual way, the others stand with the reply. */
const statusesOf = (entry: Message): readonly StatusRow[] => {
  if (entry.sort === 'notice')
    return Object.entries(entry.meanings).map(([code, meaning]) => ({
      ...{ code, meaning, usual: false },
      ...{ state: undefined, group: undefined },
    }))
  if (entry.sort === 'reply') {
    const row = statusRow(entry)
    return [...new Set([...entry.way, ...entry.statuses])].toSorted(byNumber).map(row)
  }
  const reply =
    entry.sort === 'declaration' ? replies.find(({ code }) => code === entry.reply) : undefined
  return reply === undefined ? [] : reply.way.map(statusRow(reply))
}

const byNumber = (one: string, other: string): number => Number(one) - Number(other)

const statusRow = (reply: Reply): ((code: string) => StatusRow) => {
  const answered = findDeclaration(reply.answers)
  return (code) => {
    const { zh, en, state } = officialStatus(code)
    const group = answered === undefined ? states[state].group : groupOf(answered, state)
    return {
      ...{ code, meaning: { zh, en }, usual: reply.way.includes(code) },
      ...{ state: states[state], group: stateGroups[group] },
    }
  }
}

// ---- schema against text -----------------------------------------------------------------------

type Judged = readonly [matches: (field: Field) => boolean, text: Text]

const lengths = (field: Field): string =>
  [mostOf(field), field.max ?? field.length, field.readMax]
    .filter((length, i, all) => length !== undefined && all.indexOf(length) === i)
    .join(' / ')

const differencesOf = (entry: Message, groups: readonly GroupShape[]): readonly Difference[] => {
  const fields = groups.flatMap((group) => group.fields)
  const judged = entry.sort === 'declaration' ? [...sentDifferences, ...common] : common
  const found = judged.flatMap(([matches, text]): Difference[] => {
    const names = fields.filter(({ field }) => matches(field)).map(({ name }) => name)
    return names.length === 0 ? [] : [{ fields: [...new Set(names)], text }]
  })
  const shorter = fields.filter(
    ({ field }) => field.readMax !== undefined || field.textMax !== undefined,
  )
  return [
    ...found,
    ...shorter.map(({ name, field }) => ({
      fields: [name],
      text: {
        zh: `两处长度不同（${lengths(field)}）：发送取短，接收取长`,
        en: `two lengths (${lengths(field)}): the shorter is sent, the longer read`,
      },
    })),
  ]
}

const sentDifferences: readonly Judged[] = [
  [
    ({ textRequires }) => textRequires === true,
    {
      zh: '架构可选，文本要求：一律发送',
      en: 'optional in the schema, required by the text: sent',
    },
  ],
  [
    (field) => field.required && field.kind === 'text' && leastOf(field) === 0,
    {
      zh: '架构允许空元素；网关要求有值',
      en: 'may be empty by the schema; the gateway wants a value',
    },
  ],
]

const common: readonly Judged[] = [
  [
    ({ textOnly }) => textOnly === true,
    {
      zh: '文本与实际报文有，架构没有：可读取，不发送',
      en: 'in the text and in real messages, not in the schema: read, never written',
    },
  ],
  [
    ({ schemaDefault }) => schemaDefault !== undefined,
    {
      zh: '架构为空元素补默认值；网关要求写明',
      en: 'the schema fills in an empty element; the gateway wants the value written',
    },
  ],
]
