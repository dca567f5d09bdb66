/**
 * What settlements write into the ledger: each actual record its RMB amount, split to the fen over
 * zones and modes of the lists it is matched to, in the month of its value date; refunds take out,
 * and what goes beyond its list does not count.
 * What stands is read first and the difference is written, so that whatever happened before, and
 * however often this runs, the sum is what the record counts for now.
 */
import { natures, type SettlementDirection, tradeOf, YUAN } from '../catalogue/settlement.ts'
import { add, type Decimal, subtract, writeDecimal, ZERO } from '../kernel/decimal.ts'
import { grouped } from '../kernel/grouped.ts'
import { amountOf, splitFen } from '../rules/settlement.ts'
import { appendEntries, type LedgerEntry } from '../store/ledger.ts'
import type { SettlementId } from '../store/settlements.ts'
import { type LedgerStanding, readLedgerStanding } from '../store/settlements-ledger.ts'
import type { Trx } from '../store/transaction.ts'

/** A record as it counts. */
export interface CountedSettlement extends SettlementId {
  readonly inForce: boolean
  readonly nature: string
  readonly direction: SettlementDirection
  /** yyyyMM */
  readonly month: string
  readonly rmb: Decimal
  /** Codes by which totals know them. */
  readonly institution: string
  readonly merchant: string
  readonly lines: readonly {
    readonly amount: Decimal
    /** Of the list it is matched to; '' twice where there is none. */
    readonly zone: string
    readonly tradeMode: string
    /** Beyond what is left of its list: counts for nothing until that is mended. */
    readonly isOver: boolean
  }[]
}

type Counts = Pick<LedgerStanding, 'month' | 'direction' | 'zone' | 'tradeMode' | 'dims'> & {
  readonly count: number
  readonly amount: Decimal
}

export const restate = async (
  trx: Trx,
  records: readonly CountedSettlement[],
  now: Date,
): Promise<void> => {
  const standing = await readLedgerStanding(trx, records)
  const byId = grouped(standing, ({ id }) => id)
  const entries = records.flatMap((record) => {
    const stands = (byId.get(record.id) ?? []).map(
      (row): Counts => ({ ...row, amount: amountOf(row.amount) }),
    )
    return differences(record, stands, countsOf(record))
  })
  await appendEntries(trx, entries, now)
}

/**
 * What a record counts for; nothing when it is withdrawn, or states gross flows again. What of it is
 * over is left out, rounded down to the fen.
 */
const countsOf = (record: CountedSettlement): readonly Counts[] => {
  const { inForce, nature, direction, month, rmb, institution, merchant } = record
  if (!inForce || nature === natures.restored) return []
  const groups = new Map<string, { zone: string; tradeMode: string; weight: Decimal }>()
  const over = add(...record.lines.filter(({ isOver }) => isOver).map(({ amount }) => amount))
  for (const { amount, zone, tradeMode, isOver } of record.lines) {
    if (isOver) continue
    const key = JSON.stringify([zone, tradeMode])
    const weight = add(groups.get(key)?.weight ?? ZERO, amount)
    groups.set(key, { zone, tradeMode, weight })
  }
  // The last one takes the rest, and the first one the count: places come before no place.
  const ordered = [...groups].toSorted(([a], [b]) => (a < b ? 1 : -1)).map(([, group]) => group)
  const signed = nature === natures.refund ? subtract(ZERO, rmb) : rmb
  const [, ...amounts] = splitFen(signed, [over, ...ordered.map(({ weight }) => weight)])
  return ordered.map(({ zone, tradeMode }, place) => ({
    ...{ month, direction: tradeOf(direction), zone, tradeMode, dims: { institution, merchant } },
    count: place === 0 && nature === natures.actual ? 1 : 0,
    amount: amounts[place] ?? ZERO,
  }))
}

const differences = (
  { lane, id }: SettlementId,
  stands: readonly Counts[],
  wanted: readonly Counts[],
): readonly LedgerEntry[] => {
  const keyOf = ({ month, direction, zone, tradeMode, dims }: Counts): string =>
    JSON.stringify([month, direction, zone, tradeMode, dims.institution, dims.merchant])
  const keep = new Map(wanted.map((counts) => [keyOf(counts), counts]))
  const held = new Map(stands.map((counts) => [keyOf(counts), counts]))
  const isSame = (a: Counts | undefined, b: Counts | undefined): boolean =>
    a?.count === b?.count && a?.amount === b?.amount
  const entry = (counts: Counts, sign: 1n | -1n): LedgerEntry => {
    const { month, direction, zone, tradeMode, dims } = counts
    const amount = writeDecimal((counts.amount * sign) as Decimal)
    return {
      ...{ lane, subjectId: id, scope: 'settled', cause: 'settlement', month, direction },
      ...{ zone, tradeMode, dims, count: signOf(counts.count, sign) },
      parts: [{ currency: YUAN, chapter: '', amount }],
    }
  }
  return [
    ...[...held]
      .filter(([key, counts]) => !isNothing(counts) && !isSame(counts, keep.get(key)))
      .map(([, counts]) => entry(counts, -1n)),
    ...[...keep]
      .filter(([key, counts]) => !isSame(counts, held.get(key)))
      .map(([, counts]) => entry(counts, 1n)),
  ]
}

/** There is nothing to take out of what came to nothing. */
const isNothing = ({ count, amount }: Counts): boolean => count === 0 && amount === ZERO

/** A record counts once or not at all. */
const signOf = (count: number, sign: 1n | -1n): LedgerEntry['count'] =>
  count === 0 ? 0 : sign > 0n === count > 0 ? 1 : -1
