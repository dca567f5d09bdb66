/**
 * Fates: what becomes of a document, chosen by a mark at the end of its number (`…-R1327`), so that
 * every way a customs office can behave is one number away. Without a mark a document goes the way
 * that the catalogue calls usual for its kind. This table is the one in docs/simulator.md.
 */
import { errorCode } from '../catalogue/error-codes.ts'
import { declarations } from '../catalogue/index.ts'
import type { Declaration, FieldRecord, State } from '../catalogue/message.ts'
import { resultCodes, resultText } from '../catalogue/result-codes.ts'
import { officialStatus } from '../catalogue/statuses.ts'
import { findMark } from './marks.ts'
import { replyTo } from './traits.ts'

/** One answer on the way of a document. */
export interface Step {
  readonly status: string
  /** Text of the reply; by default the usual one of the status. */
  readonly info?: string
  /** Which pause of the pace comes before it. */
  readonly pause: 'received' | 'stored' | 'released' | 'closed'
  /** Bears the official time of the step before it. */
  readonly sameMoment?: true
}

/** The steps of a document's way. */
export interface Way {
  /** Answered on arrival. */
  readonly onArrival: readonly Step[]
  /** Answered after that, or once its companions are there and agree. */
  readonly afterwards: readonly Step[]
}

/**
 * How replies travel: as they are due; all kept back; each message twice and each reply twice in
 * it; last step first; after one that nobody can read.
 */
export type Manner = 'plain' | 'late' | 'twice' | 'backwards' | 'after-garbage'

export interface Fate {
  /** Ends the number, its dash included; empty for the usual fate. */
  readonly mark: string
  readonly zh: string
  readonly en: string
  /** The way that becomes of the usual one. */
  readonly bend: (usual: Way) => Way
  readonly manner: Manner
  /** Asks for a tax bill even of an office that makes out few; which end it takes by itself. */
  readonly bill?: 'kept' | 'voided'
  /** It befalls this companion of a list and not the list: word of its part. */
  readonly befalls?: string
  /**
   * The message with this document is refused as a whole (CEB900), with every other document in it:
   * send it by itself.
   */
  readonly refusesMessage: boolean
}

const step = (status: string, info?: string): Step =>
  info === undefined ? { status, pause: 'released' } : { status, info, pause: 'released' }

const fate = (
  mark: string,
  zh: string,
  en: string,
  differs: Partial<Omit<Fate, 'mark' | 'zh' | 'en'>> = {},
): Fate => ({
  ...{ mark, zh, en },
  ...{ bend: (usual: Way) => usual, manner: 'plain', refusesMessage: false },
  ...differs,
})

/** The fate of every document whose number bears no mark. */
export const usualFate = fate('', '入库、放行、结关', 'Stored, released, closed')

const STORED = '120'

/** Other steps once 入库 is behind it, for a kind that has such a step. */
const onceStored = (...steps: readonly Step[]): Fate['bend'] =>
  instead(({ stored }) => [...stored, ...steps])

/** Other steps, made of those up to 入库 and of what usually follows. */
const instead =
  (
    make: (usual: { readonly stored: readonly Step[]; readonly rest: readonly Step[] }) => Step[],
  ): Fate['bend'] =>
  ({ onArrival, afterwards }) => {
    const stored = afterwards[0]?.status === STORED ? afterwards.slice(0, 1) : []
    return { onArrival, afterwards: paced(make({ stored, rest: afterwards.slice(stored.length) })) }
  }

/** Whatever comes first waits as 入库 does. */
const paced = (steps: readonly Step[]): readonly Step[] =>
  steps.map((each, i) => (i === 0 ? { ...each, pause: 'stored' } : each))

const onlyOnArrival =
  (...steps: readonly Step[]): Fate['bend'] =>
  () => ({ onArrival: steps.map((each) => ({ ...each, pause: 'received' })), afterwards: [] })

const rejected = (code: string, zh: string, en: string): Fate =>
  fate(`-R${code}`, `退单 ${code} ${zh}`, `Rejected with ${code}: ${en}`, {
    bend: instead(() => [step('100', resultText(code, zh))]),
  })

/** Lists wait for their companions. */
const lists = declarations.filter(({ needs }) => needs !== undefined)

const refused = (code: string): Fate => {
  const status = `-${code}`
  const meanings = lists.flatMap((entry) => errorCode(entry.code, status) ?? [])
  const { zh, en } = meanings[0] ?? { zh: '处理失败', en: 'Processing error' }
  return fate(`-N${code}`, `${status} ${zh}`, `Refused with ${status}: ${en}`, {
    bend: onlyOnArrival(step(status)),
  })
}

const sameMoment: Fate['bend'] = ({ onArrival, afterwards }) => ({
  onArrival,
  afterwards: afterwards.map((each, i) =>
    i > 0 && i === afterwards.length - 1 ? { ...each, sameMoment: true } : each,
  ),
})

/** All marks that have a name of their own; `-R` and `-N` take any other code as well. */
export const fates: readonly Fate[] = [
  ...Object.entries(resultCodes)
    .filter(([, result]) => result.status === '100')
    .map(([code, result]) => rejected(code, result.zh, result.en)),
  refused('621005'),
  refused('621018'),
  fate('-ADDRESS', '退单：回执没有代码', 'Rejected with a text that has no code', {
    bend: instead(() => [step('100', '收件地址不详')]),
  }),
  fate('-REVIEW', '人工审核后放行', 'Manual review, then released', {
    bend: instead(({ stored, rest }) => [
      ...stored,
      step('300'),
      step('399'),
      ...rest.filter(({ status }) => status !== '399'),
    ]),
  }),
  fate('-REVIEWNO', '人工审核后退单', 'Manual review, then rejected', {
    bend: onceStored(step('300'), step('100', resultText('1300'))),
  }),
  fate('-INSPECT', '查验后放行', 'Inspected, then released', {
    bend: instead(({ stored, rest }) => [...stored, step('500'), ...rest]),
  }),
  fate('-PENDING', '入库后停留，可以撤单', 'Stays stored, so that it can be cancelled', {
    bend: onceStored(),
  }),
  fate('-HELD', '查验后扣留', 'Inspected, then held', {
    bend: onceStored(step('500'), step('501')),
  }),
  fate('-SUSPEND', '挂起', 'Suspended', { bend: onceStored(step('600')) }),
  fate('-BACK', '查验后退运', 'Inspected, then sent back', {
    bend: onceStored(step('500'), step('700')),
  }),
  fate('-OPEN', '放行，未结关', 'Released and not closed', {
    bend: instead(({ stored, rest }) => [
      ...stored,
      ...rest.filter(({ status }) => status !== '899'),
    ]),
  }),
  fate('-DRAFT', '电子口岸只暂存', 'Kept by the e-port as a draft', {
    bend: onlyOnArrival(step('1')),
  }),
  fate('-FORWARD', '发送海关失败', 'Passing on to customs fails', {
    bend: onlyOnArrival(step('2'), step('3'), step('4')),
  }),
  fate('-UNKNOWN', '无人公布的状态码', 'A status code nobody published', {
    bend: onceStored(step('777', '合成的未知状态')),
  }),
  fate('-SILENT', '没有任何回执', 'No reply at all', { bend: onlyOnArrival() }),
  fate('-LATE', '回执很久以后才到，回执时间仍是当时', 'Replies come late, dated early', {
    manner: 'late',
  }),
  fate('-TWICE', '每份回执来两次，报文内也重复', 'Every reply twice, in and by message', {
    manner: 'twice',
  }),
  fate('-BACKWARDS', '回执倒序到达', 'Replies arrive last first', { manner: 'backwards' }),
  fate('-SAMETIME', '最后两步时间相同且倒序', 'The last two steps of one moment, last first', {
    manner: 'backwards',
    bend: sameMoment,
  }),
  fate('-GARBAGE', '先来一份无法读取的回执', 'An unreadable reply comes first', {
    manner: 'after-garbage',
  }),
  fate('-TAX', '放行后生成电子税单，再汇总', 'Released, tax bill made out, then consolidated', {
    bill: 'kept',
  }),
  fate('-TAXVOID', '放行后生成电子税单，再作废', 'Released, tax bill made out, then void', {
    bill: 'voided',
  }),
  fate('-ORDER-R22001', '订单被退，清单等待', 'The order is rejected, so the list waits', {
    ...{ befalls: 'ORDER', bend: rejected('22001', '', '').bend },
  }),
  fate('-CEB900', '整个报文因格式被拒', 'The whole message is refused for its form', {
    refusesMessage: true,
    bend: onlyOnArrival(),
  }),
]

const byMark: ReadonlyMap<string, Fate> = new Map(
  fates.filter(({ befalls }) => befalls === undefined).map((each) => [each.mark, each]),
)

/** The fate of a mark, dash included; the usual one for a mark that nobody knows. */
export const fateOfMark = (mark: string): Fate => {
  const known = byMark.get(mark)
  if (known !== undefined) return known
  const [, sign, code] = /^-([RN])(\d{3,9})$/.exec(mark) ?? []
  if (code === undefined) return usualFate
  return sign === 'R' ? rejected(code, '其他原因', 'another reason') : refused(code)
}

/** The fate that the numbers in a document's head ask for. */
export const fateOf = (entry: Declaration, head: FieldRecord): Fate => {
  const mark = findMark(entry, head)
  return mark === undefined ? usualFate : fateOfMark(mark)
}

/** The way of a kind that the catalogue calls usual, with the pauses before each step. */
export const usualWay = (entry: Declaration): Way => {
  const [first, ...rest] = replyTo(entry).way
  return {
    onArrival: first === undefined ? [] : [{ status: first, pause: 'received' }],
    afterwards: paced(
      rest.map((status) => ({ status, pause: status === CLOSED ? 'closed' : 'released' })),
    ),
  }
}

const CLOSED = '899'

/** Where a document of this kind ends with this fate, by customs' replies to it alone. */
export const endOf = (each: Fate, entry: Declaration): State => {
  if (each.befalls !== undefined) return 'waiting'
  if (each.refusesMessage) return 'rejected'
  const { onArrival, afterwards } = each.bend(usualWay(entry))
  const last = afterwards.at(-1) ?? onArrival.at(-1)
  return last === undefined ? 'sent' : officialStatus(last.status).state
}

/** The table of docs/simulator.md, as Markdown. */
export const fateTable = (): string => {
  const ends = (each: Fate) => lists.map((entry) => `\`${endOf(each, entry)}\``).join(' | ')
  return [
    `| mark | ${lists.map(({ en }) => en.toLowerCase()).join(' | ')} | what happens | 情形 |`,
    `|---|${'---|'.repeat(lists.length)}---|---|`,
    ...[usualFate, ...fates].map(
      (each) =>
        `| ${each.mark === '' ? '(none)' : `\`${each.mark}\``} | ${ends(each)} | ${each.en} | ${each.zh} |`,
    ),
  ].join('\n')
}
