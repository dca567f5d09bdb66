/**
 * What the office reads off the catalogue about a kind, once: its reply, what customs tells of it
 * unasked, and which of its facts must be kept because a later reply, notice or act asks for them.
 */
import { declarations, findMessage, headOf, notices } from '../catalogue/index.ts'
import type { Declaration, Fields, Group, Message, Notice, Reply } from '../catalogue/message.ts'
import { perEntry } from '../codec/shape.ts'

export interface Traits {
  readonly reply: Reply
  /** Head fields that replies repeat. */
  readonly echoed: readonly string[]
  /** Fields that a reply must have even when nobody knows their value yet. */
  readonly blank: readonly string[]
  /** Head fields kept of a document: those above, and what acts and notices need. */
  readonly kept: readonly string[]
  /** Fields with the numbers by which other documents name it. */
  readonly foundBy: readonly string[]
  /** Group whose lines are kept: the goods of a list that may be returned or told of. */
  readonly goods: string | undefined
  /** What customs tells of it unasked. */
  readonly notices: readonly Notice[]
  /** What customs calls it. */
  readonly noun: string
}

/** Fields of a line of goods that are kept. */
export const KEPT_OF_LINE = ['gnum', 'gcode', 'qty', 'totalPrice'] as const

/** Head fields that say whose a document is: who acts on it must be the same. */
export const FIRMS = ['agentCode', 'ebcCode'] as const
export const CARRIER = 'logisticsCode'

/** What a list's tax is reckoned on beside its goods. */
export const COSTS = ['freight', 'insuredFee'] as const

export const traitsOf: (entry: Declaration) => Traits = perEntry((entry) => {
  if (entry.sort !== 'declaration') throw new Error(`${entry.code} is no declaration`)
  const own = headOf(entry).fields
  const reply = replyTo(entry)
  const answer = headOf(reply).fields
  const given = new Set(['guid', ...(reply.gives ?? [])])
  const echoed = Object.keys(answer).filter((name) => name in own && !given.has(name))
  const actors = declarations.filter((other) => other.acts?.on === entry.code)
  const told = notices.filter(({ about }) => about.kind === entry.code)
  const wanted = new Set([
    ...echoed,
    ...actors.flatMap(({ acts }) => (acts === undefined ? [] : [acts.by])),
    ...(actors.length === 0 ? [] : [...FIRMS, CARRIER]),
    ...(told.length === 0 ? [] : COSTS),
    ...[...told, ...actors.flatMap(noticesOf)].flatMap(fieldNames),
    ...summarisedBy(entry),
  ])
  for (const name of ['guid', 'note']) wanted.delete(name)
  return {
    reply,
    echoed,
    blank: Object.keys(answer).filter(
      (name) => answer[name]?.required === true && own[name]?.required !== true,
    ),
    kept: Object.keys(own).filter((name) => wanted.has(name)),
    foundBy: [...new Set(actors.flatMap(({ acts }) => (acts === undefined ? [] : [acts.by])))],
    goods: actors.length === 0 ? undefined : goodsGroup(entry),
    notices: told,
    noun: nounOf(entry),
  }
})

export const replyTo = (entry: Declaration): Reply => {
  const reply = findMessage(entry.reply)
  if (reply?.sort !== 'reply') throw new Error(`${entry.code} has no reply`)
  return reply
}

const noticesOf = (entry: Declaration): readonly Notice[] =>
  notices.filter(({ about }) => about.kind === entry.code)

const groupsOf = (entry: Message): readonly (readonly [string, Fields])[] =>
  'fields' in entry.body
    ? []
    : Object.entries<Group>(entry.body.groups).map(([name, group]) => [name, group.fields])

const fieldNames = (entry: Message): readonly string[] =>
  groupsOf(entry).flatMap(([, fields]) => Object.keys(fields))

const summarisedBy = ({ summarised }: Declaration): readonly string[] =>
  summarised === undefined ? [] : [summarised.flag, summarised.office]

const goodsGroup = (entry: Message): string | undefined =>
  groupsOf(entry).find(([, fields]) => KEPT_OF_LINE.every((name) => name in fields))?.[0]

/** The name of the message without what every name has: `申报清单数据报文（出口）` is a 清单. */
const nounOf = ({ zh }: Message): string =>
  zh.replace(/数据报文|报文|（.*）/g, '').replace(/^(?:电子|进口|申报|物流|零售出口|出口退运)+/, '')
