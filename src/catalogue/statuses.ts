/**
 * Official status codes of replies, their plain state and their rank, and the states with their
 * names and groups. Source: texts of the 202205 edition and practice. Any other positive code is
 * kept and shown as `unknown`; every negative code is a refusal.
 */
import type { Text } from '../kernel/fault.ts'
import type { Declaration, State } from './message.ts'

export interface OfficialStatus extends Text {
  readonly state: State
  /** Breaks ties between replies of the same official time: the later stage wins. */
  readonly rank: number
}

/** 100 and negative codes close a submission: above every stage on the way, below release. */
const CLOSING_RANK = 80
/** A code nobody published tells least: any known code of the same moment stands before it. */
const UNKNOWN_RANK = 5

const statuses: Readonly<Record<string, OfficialStatus>> = {
  '1': { state: 'drafted', rank: 10, zh: '电子口岸已暂存', en: 'Stored as a draft' },
  '2': { state: 'received', rank: 20, zh: '电子口岸申报中', en: 'Declaring' },
  '3': { state: 'forwarded', rank: 30, zh: '发送海关成功', en: 'Sent on to customs' },
  '4': {
    state: 'forward-failed',
    rank: 35,
    zh: '发送海关失败',
    en: 'Sending on to customs failed',
  },
  '100': { state: 'rejected', rank: CLOSING_RANK, zh: '海关退单', en: 'Rejected by customs' },
  '120': { state: 'stored', rank: 40, zh: '海关入库', en: 'Stored by customs' },
  '300': { state: 'review', rank: 50, zh: '人工审核', en: 'Manual review' },
  '399': { state: 'approved', rank: 55, zh: '海关审结', en: 'Approved' },
  '500': { state: 'inspection', rank: 60, zh: '查验', en: 'Inspection' },
  '501': { state: 'held', rank: 65, zh: '扣留移送通关', en: 'Held, passed to clearance' },
  '502': { state: 'held', rank: 65, zh: '扣留移送缉私', en: 'Held, passed to anti-smuggling' },
  '503': { state: 'held', rank: 65, zh: '扣留移送法规', en: 'Held, passed to legal' },
  '505': { state: 'held', rank: 65, zh: '移交', en: 'Handed over' },
  '599': { state: 'held', rank: 65, zh: '其它扣留', en: 'Held for another reason' },
  '600': { state: 'suspended', rank: 66, zh: '挂起', en: 'Suspended' },
  '700': { state: 'sent-back', rank: 95, zh: '退运', en: 'Goods go back' },
  '800': { state: 'released', rank: 85, zh: '放行', en: 'Released' },
  '899': { state: 'closed', rank: 90, zh: '结关', en: 'Closed' },
}

/** Every text gets an answer: an unknown code is a state of its own, never an error. */
export const officialStatus = (code: string): OfficialStatus => {
  const known = statuses[code]
  if (known !== undefined) return known
  if (/^-\d{1,9}$/.test(code))
    return { state: 'rejected', rank: CLOSING_RANK, zh: '处理失败', en: 'Processing error' }
  return { state: 'unknown', rank: UNKNOWN_RANK, zh: '未知状态', en: 'Unknown status' }
}

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

export const groupOf = (entry: Declaration, state: State): StateGroup =>
  entry.done.includes(state) ? 'done' : states[state].group

/** All states, in the order a document may go through them. */
export const allStates: readonly State[] = Object.keys(states).filter(
  (name): name is State => name in states,
)
