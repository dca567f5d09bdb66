/**
 * Original payment data: taken from platforms, kept sealed with all its versions, and shown again.
 * Whoever is shown the raw texts is written down in the transaction that reads them. Customs is
 * served from the same rows (`disclose.ts`).
 */
import { createHash } from 'node:crypto'
import type { FieldRecord, Group } from '../catalogue/message.ts'
import { sensitiveNames, originalPayment as table } from '../catalogue/original-payment.ts'
import { checkOriginalPayment, type OriginalPayment } from '../codec/original-payment.ts'
import { chinaDay } from '../kernel/clock.ts'
import type { Fault } from '../kernel/fault.ts'
import { laneOf } from '../kernel/lane.ts'
import { ORIGINAL_PAYMENTS_SHOWN_MAX } from '../kernel/payment-limits.ts'
import { findPrincipals, type Principal } from '../store/access.ts'
import {
  findNewestPayments,
  findPaymentsOfOrder,
  type HeldPayment,
  insertPayments,
  type NewPayment,
  type StoredPayment,
} from '../store/original-payments.ts'
import { inTransaction, Overtaken, type Trx } from '../store/transaction.ts'
import { type Asker, actorOf, noteDeeds } from './access.ts'
import { ownerOf } from './ownership.ts'
import { sees, visibleSenders } from './sight.ts'
import type { Caller, FlowDeps } from './types.ts'

export interface PaymentResult {
  readonly index: number
  readonly id?: string
  readonly version?: number
  /** The very same payment was taken before; nothing was stored again. */
  readonly duplicate?: true
  /** Why it was refused; then there is no id. */
  readonly faults?: readonly Fault[]
}

interface Judged {
  readonly index: number
  readonly payment: OriginalPayment
  readonly principal: Principal
}

/** Takes what a platform hands in, or who holds its mandate; each payment is judged by itself. */
export const takePayments = async (
  deps: FlowDeps,
  caller: Caller,
  handed: readonly unknown[],
): Promise<readonly PaymentResult[]> => {
  const now = deps.clock.now()
  const principals = await findPrincipals(deps.db, caller.enterpriseId, chinaDay(now), now)
  const results: PaymentResult[] = []
  const good: Judged[] = []
  for (const [index, input] of handed.entries()) {
    const { faults, payment } = checkOriginalPayment(input)
    if (faults.length > 0) {
      results[index] = { index, faults }
      continue
    }
    const owner = ownerOf(table, payment.head, { principals, zone: null, pointer: '' })
    if (owner.kind === 'refused') results[index] = { index, faults: [owner.fault] }
    else good.push({ index, payment, principal: owner.principal })
  }
  if (good.length === 0) return results
  const stored = await inTransaction(deps.db, (trx) => store(deps, trx, caller, good))
  for (const result of stored) results[result.index] = result
  return results
}

const store = async (
  deps: FlowDeps,
  trx: Trx,
  caller: Caller,
  good: readonly Judged[],
): Promise<readonly PaymentResult[]> => {
  const keys = good.map(({ payment }) => keyOf(payment))
  const newest = new Map<string, HeldPayment>(
    (await findNewestPayments(trx, keys)).map((held) => [keyText(held), held]),
  )
  const rows: NewPayment[] = []
  const results = good.map(({ index, payment, principal }): PaymentResult => {
    const text = JSON.stringify(payment)
    const key = keyOf(payment)
    const contentHash = createHash('sha256').update(text).digest()
    const held = newest.get(keyText(key))
    if (held !== undefined && Buffer.compare(held.contentHash, contentHash) === 0)
      return { index, id: held.id, version: held.version, duplicate: true }
    const id = deps.ids.next(laneOf(key.payTransactionId))
    const row = {
      ...{ ...key, id, contentHash, version: (held?.version ?? 0) + 1 },
      ...{ platformId: principal.id, submittedBy: caller.enterpriseId },
      sealed: deps.sealer.seal(Buffer.from(text), sealContext(id)),
      orders: payment.orders.flatMap(({ fields }) => fields.orderNo ?? []),
    }
    rows.push(row)
    newest.set(keyText(key), row)
    return { index, id, version: row.version }
  })
  // One order for all writers, so that two requests with the same payments wait and do not deadlock.
  const sorted = rows.toSorted((a, b) => (keyText(a) < keyText(b) ? -1 : 1))
  const kept = await insertPayments(trx, sorted, deps.clock.now())
  // Somebody stored the same version at the same moment: judge again beside what he stored.
  if (kept.size < rows.length) throw new Overtaken()
  return results
}

const keyOf = ({ head }: OriginalPayment) => ({
  payTransactionId: head.payTransactionId ?? '',
  ebpCode: head.ebpCode ?? '',
})

const keyText = (key: { readonly payTransactionId: string; readonly ebpCode: string }): string =>
  JSON.stringify([key.payTransactionId, key.ebpCode])

/** What binds the sealed data to its row. */
const sealContext = (id: string): string => `original-payment/${id}`

/** A stored payment, opened. */
export const openPayment = (
  { sealer }: Pick<FlowDeps, 'sealer'>,
  { id, sealed }: Pick<StoredPayment, 'id' | 'sealed'>,
): OriginalPayment =>
  // Written by `store` above and by nothing else, so the type is known.
  JSON.parse(Buffer.from(sealer.open(sealed, sealContext(id))).toString('utf8')) as OriginalPayment

export interface PaymentView {
  readonly id: string
  readonly version: number
  readonly createdAt: string
  /** In the shape in which it was handed in. */
  readonly payment: Readonly<Record<string, unknown>>
}

/** Who asks, for the log of accesses. */
export interface Asking extends Asker {
  /** Without the raw texts, accounts and names being masked. */
  readonly clear: boolean
}

/** Payments of an order that the caller may see; undefined when there is none. */
export const findPaymentData = async (
  deps: FlowDeps,
  caller: Caller,
  orderNo: string,
  asking: Asking,
): Promise<readonly PaymentView[] | undefined> => {
  if (orderNo.includes('\0')) return undefined
  const senders = await visibleSenders(deps, caller)
  const platforms =
    senders
      ?.map(({ id }) => id)
      .filter((senderId) => sees(senders, { senderId, kind: table.code, zone: null })) ?? null
  return inTransaction(deps.db, async (trx) => {
    const found = await findPaymentsOfOrder(trx, orderNo, platforms, ORIGINAL_PAYMENTS_SHOWN_MAX)
    if (found.length === 0) return undefined
    if (asking.clear) await logViews(deps, trx, caller, orderNo, asking, found)
    return found.map((row) => ({
      id: row.id,
      version: row.version,
      createdAt: row.createdAt.toISOString(),
      payment: viewOf(openPayment(deps, row), asking.clear),
    }))
  })
}

const logViews = (
  deps: FlowDeps,
  trx: Trx,
  caller: Caller,
  orderNo: string,
  { clear: _, ...asker }: Asking,
  found: readonly StoredPayment[],
): Promise<void> =>
  noteDeeds(
    deps,
    trx,
    { ...asker, actor: actorOf(caller) },
    found.map(({ id: subject, platformId: enterpriseId }) => ({
      ...{ what: 'viewed', enterpriseId, orderNo, subject },
    })),
  )

const viewOf = (
  { head, orders }: OriginalPayment,
  clear: boolean,
): Readonly<Record<string, unknown>> => {
  const shown = clear ? (_: Group, record: FieldRecord) => record : masked
  return {
    ...shown(table.head, head),
    orders: orders.map(({ fields, goods }) => ({
      ...shown(table.orders, fields),
      goodsInfo: goods.map((line) => shown(table.goods, line)),
    })),
  }
}

/** Says that something is there and nothing of what. */
const MASK = '***'

const masked = (part: Group, record: FieldRecord): FieldRecord => {
  const hidden = sensitiveNames(part)
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => [name, hidden.includes(name) ? MASK : value]),
  )
}
