/**
 * Official status codes of replies, their plain state and their rank, and the states with their
 * names and groups. Source: texts of the 202205 edition and practice. Any other positive code is
 * kept and shown as `unknown`; every negative code is a refusal.
 */
import type { Text } from '../kernel/fault.ts'
import type { CauseName } from './causes/index.ts'
import type { Declaration, State } from './message.ts'

export interface OfficialStatus extends Text {
  readonly state: State
  /** Breaks ties between replies of the same official time: the later stage wins. */
  readonly rank: number
  readonly cause: CauseName
}

/** 100 and negative codes close a submission: above every stage on the way, below release. */
const CLOSING_RANK = 80
/** A code nobody published tells least: any known code of the same moment stands before it. */
const UNKNOWN_RANK = 5

/**
 * Of a state that another document brought about once customs granted it. A granted cancellation is
 * the end of its submission: customs grants none after release, and says nothing of the list that
 * undoes it, so whatever else it says of that submission, even later, moves it no more.
 */
export const MADE_RANK = 99

const status = (
  state: State,
  rank: number,
  cause: CauseName,
  zh: string,
  en: string,
): OfficialStatus => ({ state, rank, cause, zh, en })

// biome-ignore format: a table is read by columns
/** By code. */
export const statuses: Readonly<Record<string, OfficialStatus>> = {
  '1': status('drafted', 10, 'kept-as-draft', '电子口岸已暂存', 'Stored as a draft'),
  '2': status('received', 20, 'on-its-way', '电子口岸申报中', 'Declaring'),
  '3': status('forwarded', 30, 'on-its-way', '发送海关成功', 'Sent on to customs'),
  '4': status('forward-failed', 35, 'not-forwarded', '发送海关失败', 'Sending on to customs failed'),
  // No official value: e-ports answer a failed real-name check with it. What becomes of the document is not said.
  '99': status('unknown', UNKNOWN_RANK, 'real-name', '实名核验不符', 'Real-name check failed'),
  '100': status('rejected', CLOSING_RANK, 'rejected-by-customs', '海关退单', 'Rejected by customs'),
  '120': status('stored', 40, 'on-its-way', '海关入库', 'Stored by customs'),
  '300': status('review', 50, 'under-review', '人工审核', 'Manual review'),
  '399': status('approved', 55, 'on-its-way', '海关审结', 'Approved'),
  '500': status('inspection', 60, 'under-inspection', '查验', 'Inspection'),
  '501': status('held', 65, 'held-by-customs', '扣留移送通关', 'Held, passed to clearance'),
  '502': status('held', 65, 'held-by-customs', '扣留移送缉私', 'Held, passed to anti-smuggling'),
  '503': status('held', 65, 'held-by-customs', '扣留移送法规', 'Held, passed to legal'),
  '505': status('held', 65, 'held-by-customs', '移交', 'Handed over'),
  '599': status('held', 65, 'held-by-customs', '其它扣留', 'Held for another reason'),
  '600': status('suspended', 66, 'suspended-by-customs', '挂起', 'Suspended'),
  '700': status('sent-back', 95, 'goods-go-back', '退运', 'Goods go back'),
  '800': status('released', 85, 'finished', '放行', 'Released'),
  '899': status('closed', 90, 'finished', '结关', 'Closed'),
}

const FAILED = status('rejected', CLOSING_RANK, 'unknown-error', '处理失败', 'Processing error')
const UNKNOWN = status('unknown', UNKNOWN_RANK, 'unknown-status', '未知状态', 'Unknown status')

/** Every text gets an answer: an unknown code is a state of its own, never an error. */
export const officialStatus = (code: string): OfficialStatus =>
  (Object.hasOwn(statuses, code) ? statuses[code] : undefined) ??
  (/^-\d{1,9}$/.test(code) ? FAILED : UNKNOWN)

/** What a person must know first: act, wait, finished, or refused. */
export type StateGroup = 'action-needed' | 'under-way' | 'done' | 'refused'

export const stateGroups: Readonly<Record<StateGroup, Text>> = {
  'action-needed': { zh: '待处理', en: 'Action needed' },
  'under-way': { zh: '办理中', en: 'Under way' },
  done: { zh: '已完成', en: 'Done' },
  refused: { zh: '未通过', en: 'Refused' },
}

/** Group of a state while it is not among the `done` states of its message. */
export const states: Readonly<Record<State, Text & { readonly group: StateGroup }>> = {
  waiting: { group: 'under-way', zh: '等待三单', en: 'Waiting for its companions' },
  blocked: { group: 'action-needed', zh: '比对不符，暂不发送', en: 'Held back by its rules' },
  ready: { group: 'under-way', zh: '待发送', en: 'Queued to be sent' },
  sent: { group: 'under-way', zh: '已发送', en: 'Sent' },
  undelivered: { group: 'action-needed', zh: '发送失败', en: 'Could not be delivered' },
  unknown: { group: 'action-needed', zh: '未知回执', en: 'Unknown reply' },
  drafted: { group: 'under-way', zh: '已暂存', en: 'Draft at the e-port' },
  received: { group: 'under-way', zh: '申报中', en: 'Declaring' },
  forwarded: { group: 'under-way', zh: '已发海关', en: 'Passed on to customs' },
  'forward-failed': { group: 'action-needed', zh: '发海关失败', en: 'Not passed on to customs' },
  rejected: { group: 'refused', zh: '退单', en: 'Rejected' },
  stored: { group: 'under-way', zh: '已入库', en: 'Stored by customs' },
  review: { group: 'under-way', zh: '人工审核', en: 'Manual review' },
  approved: { group: 'under-way', zh: '已审结', en: 'Approved' },
  inspection: { group: 'under-way', zh: '查验中', en: 'Under inspection' },
  held: { group: 'action-needed', zh: '扣留', en: 'Held' },
  suspended: { group: 'action-needed', zh: '挂起', en: 'Suspended' },
  'sent-back': { group: 'refused', zh: '退运', en: 'Goods sent back' },
  released: { group: 'under-way', zh: '已放行', en: 'Released' },
  closed: { group: 'under-way', zh: '已结关', en: 'Closed' },
  cancelled: { group: 'refused', zh: '已撤销', en: 'Cancelled' },
}

/**
 * States by which customs has taken a deletion (appType 3): the document is no longer there. Nothing
 * is published of its own; a deletion goes no further than this.
 */
export const DELETED_STATES: readonly State[] = ['stored', 'approved']

/** The database marks by it what is not done (`document_state.unfinished`), to find the few among all. */
export const groupOf = (entry: Declaration, state: State): StateGroup =>
  entry.done.includes(state) ? 'done' : states[state].group

/** All states, in the order a document may go through them. */
export const allStates: readonly State[] = Object.keys(states).filter(
  (name): name is State => name in states,
)

/** States in which a document is kept by somebody's refusal: he said why, and somebody must act. */
export const refusalStates: readonly State[] = [
  'rejected',
  'forward-failed',
  'undelivered',
  'unknown',
]
