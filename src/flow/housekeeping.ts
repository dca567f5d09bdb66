/** What has to be done now and then, by whoever runs: forgetting what nobody can ask for any more. */
import { originalPayment } from '../catalogue/original-payment.ts'
import { EVERY_KIND } from '../catalogue/rule-values.ts'
import { chinaDay } from '../kernel/clock.ts'
import { IDEMPOTENCY_HOURS, PACE_KEPT_HOURS } from '../kernel/limits.ts'
import { FORGET_ROUNDS_MAX, FORGET_ROWS_MAX } from '../kernel/payment-limits.ts'
import {
  CORRECTION_PREVIEW_HOURS,
  REJECTIONS_READ_AGAIN_MAX,
  REJECTIONS_READ_ROUNDS_MAX,
} from '../kernel/rejection-limits.ts'
import { forgetAccesses } from '../store/access-log.ts'
import { forgetPreviews } from '../store/corrections.ts'
import { forgetDisclosures } from '../store/disclosures.ts'
import { forgetAnswers } from '../store/idempotency.ts'
import { forgetSent } from '../store/links.ts'
import { forgetPayments } from '../store/original-payments.ts'
import {
  findUnread,
  nameRejections,
  type RefusalSaying,
  type UnreadRejection,
} from '../store/rejections.ts'
import { findRuleValues } from '../store/rule-values.ts'
import type { Db } from '../store/tables.ts'
import { inTransaction } from '../store/transaction.ts'
import { compactZoneFolds } from '../store/zone-folds.ts'
import { forgetEvents } from './events.ts'
import { exchangeCodeOf } from './exchange.ts'
import { refusedAs } from './refusals.ts'
import { textOf } from './reply-words.ts'
import type { FlowDeps } from './types.ts'

const HOUR_MS = 3_600_000

type HouseDeps = Pick<FlowDeps, 'db' | 'clock' | 'sealer'>

export const keepHouse = async (deps: HouseDeps): Promise<void> => {
  const { db, clock } = deps
  const hoursAgo = (hours: number) => new Date(clock.now().getTime() - hours * HOUR_MS)
  await forgetAnswers(db, hoursAgo(IDEMPOTENCY_HOURS))
  await forgetSent(db, hoursAgo(PACE_KEPT_HOURS))
  await forgetPreviews(db, hoursAgo(CORRECTION_PREVIEW_HOURS))
  await readRejectionsAgain(deps)
  await inTransaction(db, compactZoneFolds)
  await forgetByYears(deps)
  await forgetEvents(deps)
}

/** Rejections of before they were kept apart: what was said of each is read from its event, once. */
const readRejectionsAgain = async ({ db, sealer }: HouseDeps): Promise<void> => {
  for (let round = 0; round < REJECTIONS_READ_ROUNDS_MAX; round += 1) {
    const unread = await findUnread(db, REJECTIONS_READ_AGAIN_MAX)
    const named = unread.map((row) => ({ ...row, saying: sayingAgain(sealer, row) }))
    await inTransaction(db, (trx) => nameRejections(trx, named))
    if (unread.length < REJECTIONS_READ_AGAIN_MAX) return
  }
}

/** What a refusal said, read from its event. */
export const sayingAgain = (
  sealer: FlowDeps['sealer'],
  row: Omit<UnreadRejection, 'id'>,
): RefusalSaying => {
  const response = exchangeCodeOf(row)
  return refusedAs(sealer, {
    kind: row.kind,
    source: response === undefined ? 'customs' : 'exchange',
    code: response ?? row.returnStatus ?? '',
    info: textOf(sealer, row) ?? '',
    resultCodes: row.resultCodes ?? [],
  })
}

/**
 * Original payment data, and the log of who opened or changed what, are deleted when they are older
 * than the figure in force says, and not for any other reason; without a figure, or with one that is
 * no whole number of years, nothing is.
 */
const forgetByYears = async ({ db, clock }: HouseDeps): Promise<void> => {
  const now = clock.now()
  const values = await findRuleValues(db, chinaDay(now))
  const kept = [
    ['original-payment-years', originalPayment.code, forgetDisclosures],
    ['original-payment-years', originalPayment.code, forgetPayments],
    ['access-log-years', EVERY_KIND, forgetAccesses],
  ] as const
  for (const [name, kind, forget] of kept) {
    const years = values(name, kind)?.value ?? ''
    if (!/^[1-9]\d?$/.test(years)) continue
    const before = new Date(now)
    before.setUTCFullYear(before.getUTCFullYear() - Number(years))
    await forgetAll(db, before, forget)
  }
}

/** In short statements; what is left after so many rounds waits for the next time. */
const forgetAll = async (
  db: Db,
  before: Date,
  forget: (db: Db, before: Date, limit: number) => Promise<number>,
): Promise<void> => {
  for (let round = 0; round < FORGET_ROUNDS_MAX; round += 1)
    if ((await forget(db, before, FORGET_ROWS_MAX)) < FORGET_ROWS_MAX) return
}
