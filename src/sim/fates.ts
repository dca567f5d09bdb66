/**
 * Fates: what becomes of a list, chosen by a mark at the end of the order number (`…-R1327`), so
 * that every way a customs office can behave is one order number away. Without a mark a list whose
 * companions agree with it is released and closed. This table is the one in docs/simulator.md.
 */
import { errorCode } from '../catalogue/error-codes.ts'
import type { State } from '../catalogue/message.ts'
import { resultCodes, resultText } from '../catalogue/result-codes.ts'

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
  /** Answered once its companions are there and agree. */
  readonly onceMatched: readonly Step[]
}

/**
 * How replies travel: as they are due; all kept back; each message twice and each reply twice in
 * it; last step first; after one that nobody can read.
 */
export type Manner = 'plain' | 'late' | 'twice' | 'backwards' | 'after-garbage'

export interface Fate extends Way {
  /** Ends the order number, its dash included; empty for the usual fate. */
  readonly mark: string
  /** Where the list ends in the gateway. */
  readonly expected: State
  readonly zh: string
  readonly en: string
  readonly manner: Manner
  /** Kind of the document it befalls; the others of the consignment go the usual way. */
  readonly kind: 'CEB311' | 'CEB621'
  /**
   * The message with this document is refused as a whole (CEB900), with every other document in it:
   * send it by itself.
   */
  readonly refusesMessage: boolean
}

const received: Step = { status: '2', pause: 'received' }
const stored: Step = { status: '120', pause: 'stored' }
const released: Step = { status: '800', pause: 'released' }
const closed: Step = { status: '899', pause: 'closed' }
const next = (status: string): Step => ({ status, pause: 'released' })

/** Orders, payments and waybills end when they are stored. */
export const companionWay: Way = { onArrival: [received, stored], onceMatched: [] }

const listWay: Way = { onArrival: [received], onceMatched: [stored, released, closed] }

const fate = (
  mark: string,
  expected: State,
  zh: string,
  en: string,
  differs: Partial<Omit<Fate, 'mark' | 'expected' | 'zh' | 'en'>> = {},
): Fate => ({
  ...{ mark, expected, zh, en },
  ...listWay,
  ...{ manner: 'plain', kind: 'CEB621', refusesMessage: false },
  ...differs,
})

/** The fate of every list whose order number bears no mark. */
export const usualFate = fate('', 'closed', '入库、放行、结关', 'Stored, released, closed')

const rejected = (code: string, zh: string, en: string): Fate =>
  fate(`-R${code}`, 'rejected', `退单 ${code} ${zh}`, `Rejected with ${code}: ${en}`, {
    onceMatched: [{ status: '100', info: resultText(code, zh), pause: 'stored' }],
  })

const refused = (code: string): Fate => {
  const status = `-${code}`
  const { zh, en } = errorCode('CEB621', status) ?? { zh: '处理失败', en: 'Processing error' }
  return fate(`-N${code}`, 'rejected', `${status} ${zh}`, `Refused with ${status}: ${en}`, {
    onArrival: [{ status, pause: 'received' }],
    onceMatched: [],
  })
}

const inspection = next('500')

/** All marks that have a name of their own; `-R` and `-N` take any other code as well. */
export const fates: readonly Fate[] = [
  ...Object.entries(resultCodes)
    .filter(([, result]) => result.status === '100')
    .map(([code, result]) => rejected(code, result.zh, result.en)),
  refused('621005'),
  refused('621018'),
  fate('-ADDRESS', 'rejected', '退单：回执没有代码', 'Rejected with a text that has no code', {
    onceMatched: [{ status: '100', info: '收件地址不详', pause: 'stored' }],
  }),
  fate('-REVIEW', 'closed', '人工审核后放行', 'Manual review, then released', {
    onceMatched: [stored, next('300'), next('399'), released, closed],
  }),
  fate('-REVIEWNO', 'rejected', '人工审核后退单', 'Manual review, then rejected', {
    onceMatched: [stored, next('300'), { ...next('100'), info: resultText('1300') }],
  }),
  fate('-INSPECT', 'closed', '查验后放行', 'Inspected, then released', {
    onceMatched: [stored, inspection, released, closed],
  }),
  fate('-HELD', 'held', '查验后扣留', 'Inspected, then held', {
    onceMatched: [stored, inspection, next('501')],
  }),
  fate('-SUSPEND', 'suspended', '挂起', 'Suspended', { onceMatched: [stored, next('600')] }),
  fate('-BACK', 'sent-back', '查验后退运', 'Inspected, then sent back', {
    onceMatched: [stored, inspection, next('700')],
  }),
  fate('-OPEN', 'released', '放行，未结关', 'Released and not closed', {
    onceMatched: [stored, released],
  }),
  fate('-DRAFT', 'drafted', '电子口岸只暂存', 'Kept by the e-port as a draft', {
    onArrival: [{ status: '1', pause: 'received' }],
    onceMatched: [],
  }),
  fate('-FORWARD', 'forward-failed', '发送海关失败', 'Passing on to customs fails', {
    onArrival: [received, next('3'), next('4')],
    onceMatched: [],
  }),
  fate('-UNKNOWN', 'unknown', '无人公布的状态码', 'A status code nobody published', {
    onceMatched: [stored, { ...next('777'), info: '合成的未知状态' }],
  }),
  fate('-SILENT', 'sent', '清单没有任何回执', 'No reply at all', {
    onArrival: [],
    onceMatched: [],
  }),
  fate('-LATE', 'closed', '回执很久以后才到，回执时间仍是当时', 'Replies come late, dated early', {
    manner: 'late',
  }),
  fate('-TWICE', 'closed', '每份回执来两次，报文内也重复', 'Every reply twice, in and by message', {
    manner: 'twice',
  }),
  fate('-BACKWARDS', 'closed', '回执倒序到达', 'Replies arrive last first', {
    manner: 'backwards',
  }),
  fate('-SAMETIME', 'closed', '放行与结关时间相同且倒序', 'Two steps of one moment, last first', {
    manner: 'backwards',
    onceMatched: [stored, released, { ...closed, sameMoment: true }],
  }),
  fate('-GARBAGE', 'closed', '先来一份无法读取的回执', 'An unreadable reply comes first', {
    manner: 'after-garbage',
  }),
  fate('-ORDER100', 'waiting', '订单被退，清单等待', 'The order is rejected, so the list waits', {
    kind: 'CEB311',
    onArrival: [received, { status: '100', info: resultText('22001'), pause: 'stored' }],
    onceMatched: [],
  }),
  fate('-CEB900', 'rejected', '整个报文因格式被拒', 'The whole message is refused for its form', {
    refusesMessage: true,
    onArrival: [],
    onceMatched: [],
  }),
]

const byMark: ReadonlyMap<string, Fate> = new Map(fates.map((each) => [each.mark, each]))

/** The fate an order number asks for; the usual one without a mark, or with one nobody knows. */
export const fateOf = (orderNo: string): Fate => {
  const dash = orderNo.lastIndexOf('-')
  if (dash < 0) return usualFate
  const mark = orderNo.slice(dash)
  const known = byMark.get(mark)
  if (known !== undefined) return known
  const [, sign, code] = /^-([RN])(\d{3,9})$/.exec(mark) ?? []
  if (code === undefined) return usualFate
  return sign === 'R' ? rejected(code, '其他原因', 'another reason') : refused(code)
}

/** The table of docs/simulator.md, as Markdown. */
export const fateTable = (): string =>
  [
    '| mark | list ends as | what happens | 情形 |',
    '|---|---|---|---|',
    ...[usualFate, ...fates].map(
      ({ mark, expected, en, zh }) =>
        `| ${mark === '' ? '(none)' : `\`${mark}\``} | \`${expected}\` | ${en} | ${zh} |`,
    ),
  ].join('\n')
