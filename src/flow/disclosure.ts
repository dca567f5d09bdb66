/**
 * Customs asks for the original payment data of an order, and is answered at once: the call is kept
 * with the work it causes, and the upload follows (`disclose.ts`). The same session again is the same
 * answer and no second upload. Anybody can call, so every bound is checked before anything is kept.
 */
import { OPEN_REFUSED, OPEN_TAKEN } from '../catalogue/upload-answers.ts'
import { isId, laneOfId } from '../kernel/ids.ts'
import { laneOf } from '../kernel/lane.ts'
import { PAGE_ROWS, PAGE_ROWS_MAX } from '../kernel/limits.ts'
import {
  DISCLOSURES_OPEN_MAX,
  DISCLOSURES_PER_ORDER_MAX,
  DISCLOSURES_WINDOW_HOURS,
} from '../kernel/payment-limits.ts'
import { findEnterpriseByCode } from '../store/accounts.ts'
import {
  type Disclosure,
  findBySession,
  findDisclosures,
  insertDisclosure,
  isCrowded,
  listDisclosed,
  lockCalls,
  resumeDisclosure,
} from '../store/disclosures.ts'
import { findPaymentsOfOrder, findPlatformsOfOrder } from '../store/original-payments.ts'
import { inTransaction, Overtaken, type Trx } from '../store/transaction.ts'
import { disclosureProblem, messageContext, type Problem } from './disclosure-words.ts'
import type { Caller, FlowDeps } from './types.ts'

/** A call of customs as it came; nothing of it is trusted yet. */
export interface OpenCall {
  /** The parsed JSON of openReq. */
  readonly request: unknown
  /** Code of the platform whose address was called; undefined for the address of all. */
  readonly platform: string | undefined
  readonly requestId: string
}

/** What customs is answered, in its own form. */
export interface OpenAnswer {
  readonly code: string
  readonly message: string
  /** Epoch milliseconds. */
  readonly serviceTime: number
}

export const takeOpenCall = async (deps: FlowDeps, call: OpenCall): Promise<OpenAnswer> => {
  const now = deps.clock.now()
  const read = readRequest(call.request)
  if (typeof read === 'string') return refusedCall(read, now)
  const answer = await inTransaction(deps.db, (trx) => answerCall(deps, trx, call, read, now))
  if (answer.isNew) deps.wake('disclose')
  return answer.answer
}

/** A refusal of the call, by the reason told to customs. */
export const refusedCall = (message: string, now: Date): OpenAnswer => ({
  ...{ code: OPEN_REFUSED, message, serviceTime: now.getTime() },
})

interface OpenRequest {
  readonly orderNo: string
  readonly sessionId: string
}

/** Lengths of the interface; the session goes into the string that is signed as it is. */
const ORDER_NO = /^[^\p{Cc}\p{Surrogate}]{1,60}$/u
const SESSION = /^[!#-[\]-~]{1,36}$/
const SERVICE_TIME = /^\d{1,17}$/

/** The members of openReq, or what is wrong with it. */
const readRequest = (value: unknown): OpenRequest | string => {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return 'openReq 不是 JSON 对象'
  const { orderNo, sessionID, serviceTime } = value as Readonly<Record<string, unknown>>
  if (typeof orderNo !== 'string' || !ORDER_NO.test(orderNo)) return 'orderNo 缺失或格式不对'
  if (typeof sessionID !== 'string' || !SESSION.test(sessionID)) return 'sessionID 缺失或格式不对'
  const isTime = typeof serviceTime === 'number' || typeof serviceTime === 'string'
  if (!isTime || !SERVICE_TIME.test(String(serviceTime))) return 'serviceTime 缺失或格式不对'
  return { orderNo, sessionId: sessionID }
}

const answerCall = async (
  deps: FlowDeps,
  trx: Trx,
  call: OpenCall,
  { orderNo, sessionId }: OpenRequest,
  now: Date,
): Promise<{ readonly answer: OpenAnswer; readonly isNew: boolean }> => {
  const refused = (message: string) => ({ answer: refusedCall(message, now), isNew: false })
  const taken = (at: Date, isNew: boolean) => ({
    answer: { code: OPEN_TAKEN, message: '', serviceTime: at.getTime() },
    isNew,
  })
  const platform = await platformOf(trx, call.platform, orderNo)
  if ('refused' in platform) return refused(platform.refused)
  const platformId = platform.id
  await lockCalls(trx, platformId)
  const held = await findBySession(trx, sessionId)
  if (held !== undefined)
    return held.orderNo === orderNo && held.platformId === platformId
      ? taken(held.askedAt, false)
      : refused('该 sessionID 已用于其他订单')
  const since = new Date(now.getTime() - DISCLOSURES_WINDOW_HOURS * 3_600_000)
  const most = { perOrder: DISCLOSURES_PER_ORDER_MAX, since, open: DISCLOSURES_OPEN_MAX }
  if (await isCrowded(trx, { orderNo, platformId }, most)) return refused('调取过于频繁,请稍后再试')
  const { requestId } = call
  const id = deps.ids.next(laneOf(sessionId))
  const made = { id, sessionId, orderNo, platformId, requestId }
  // The same call at the same moment: look again, it is there now.
  if (!(await insertDisclosure(trx, made, now))) throw new Overtaken()
  return taken(now, true)
}

/** Whose order it is: of the platform named, or of the only one that has data of this order. */
const platformOf = async (
  trx: Trx,
  code: string | undefined,
  orderNo: string,
): Promise<{ readonly id: string } | { readonly refused: string }> => {
  if (code === undefined) {
    const [only, another] = await findPlatformsOfOrder(trx, orderNo)
    if (only === undefined) return { refused: UNKNOWN_ORDER }
    return another === undefined
      ? { id: only }
      : { refused: '多个平台有该订单编号,请调用登记地址中带平台代码的地址' }
  }
  const platform = PLATFORM_CODE.test(code) ? await findEnterpriseByCode(trx, code) : undefined
  if (platform?.roles.includes('platform') !== true) return { refused: '平台未登记' }
  const [found] = await findPaymentsOfOrder(trx, orderNo, [platform.id], 1)
  return found === undefined ? { refused: UNKNOWN_ORDER } : { id: platform.id }
}

const UNKNOWN_ORDER = '没有该订单的支付原始数据'
const PLATFORM_CODE = /^[0-9A-Z]{1,18}$/

/** An upload as its platform and the operator see it. */
export interface DisclosureView {
  readonly id: string
  readonly orderNo: string
  readonly sessionId: string
  readonly platformId: string
  readonly askedAt: string
  /** Asked, and answered 10000 at once. */
  readonly answered: string
  readonly state: Disclosure['state']
  /** What customs answered to the upload. */
  readonly code: string | null
  readonly message: string | null
  readonly problem: Problem | null
  /** When customs took it, or it ended without that. */
  readonly settledAt: string | null
  /** Since it was asked, until it was settled. */
  readonly ageSeconds: number
}

export interface DisclosureFilter {
  readonly state?: Disclosure['state'] | undefined
  readonly cursor?: string | undefined
  readonly limit?: number | undefined
}

/** The operator sees all uploads, a platform its own; newest first. */
export const listDisclosures = async (
  deps: FlowDeps,
  caller: Caller,
  { state, cursor, limit = PAGE_ROWS }: DisclosureFilter,
): Promise<{ readonly disclosures: readonly DisclosureView[]; readonly next: string | null }> => {
  const rows = await listDisclosed(deps.db, {
    platforms: caller.operator === true ? null : [caller.enterpriseId],
    ...{ state, after: cursor, limit: Math.min(limit, PAGE_ROWS_MAX) + 1 },
  })
  const page = rows.slice(0, Math.min(limit, PAGE_ROWS_MAX))
  return {
    disclosures: page.map((row) => viewOf(deps, row)),
    next: rows.length > page.length ? (page.at(-1)?.id ?? null) : null,
  }
}

const viewOf = (deps: FlowDeps, row: Disclosure): DisclosureView => {
  const until = row.settledAt ?? deps.clock.now()
  const isOpen = row.state === 'asked' || row.state === 'built'
  const waits = isOpen && deps.realTimeData === undefined ? 'NOT-CONNECTED' : row.problem
  const message =
    row.sealedMessage === null
      ? null
      : Buffer.from(deps.sealer.open(row.sealedMessage, messageContext(row.id))).toString('utf8')
  return {
    ...{ id: row.id, orderNo: row.orderNo, sessionId: row.sessionId, platformId: row.platformId },
    ...{ askedAt: row.askedAt.toISOString(), answered: OPEN_TAKEN, state: row.state },
    ...{ code: row.code, message, problem: waits === null ? null : disclosureProblem(waits) },
    settledAt: row.settledAt?.toISOString() ?? null,
    ageSeconds: Math.max(0, Math.floor((until.getTime() - row.askedAt.getTime()) / 1000)),
  }
}

/** Sends an upload that ended once more, with the body it has. */
export const retryDisclosure = async (
  deps: FlowDeps,
  caller: Caller,
  id: string,
): Promise<'resumed' | 'not-found' | 'not-ended'> => {
  if (!isId(id)) return 'not-found'
  const answer = await inTransaction(deps.db, async (trx) => {
    const [found] = await findDisclosures(trx, [{ lane: laneOfId(id), id }])
    const isSeen = caller.operator === true || found?.platformId === caller.enterpriseId
    if (found === undefined || !isSeen) return 'not-found'
    return (await resumeDisclosure(trx, found, deps.clock.now())) ? 'resumed' : 'not-ended'
  })
  if (answer === 'resumed') deps.wake('disclose')
  return answer
}
