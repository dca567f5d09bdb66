/**
 * Whether the figures of settlements agree, each read from where it is kept: records, their lines, the
 * lists they settle, what is left of those, and the ledger that totals are told from. Both sides of
 * every comparison are told, with what they differ by. Few lists are compared when it is asked; of many,
 * what a chore compared month by month is told, and since when it holds.
 */
import {
  type SettlementDirection,
  type SettlementLeg,
  settlementLegs,
  tradeOf,
  YUAN,
} from '../catalogue/settlement.ts'
import type { Text } from '../kernel/fault.ts'
import { minus, readAmount, writeShort } from '../kernel/fraction.ts'
import { grouped } from '../kernel/grouped.ts'
import { addDecimals } from '../kernel/places.ts'
import {
  SETTLEMENT_TIES_ALL_MAX,
  SETTLEMENT_TIES_KEPT_MS,
  SETTLEMENT_TIES_LISTS_MAX,
  SETTLEMENT_TIES_MONTHS_MAX,
} from '../kernel/settlement-limits.ts'
import type { SettlementSight } from '../store/settlements.ts'
import {
  areFew,
  beginComparing,
  findKeptTies,
  findNextMonth,
  keepTie,
  takeTouches,
} from '../store/settlements-compared.ts'
import { settlementsNow } from '../store/settlements-then.ts'
import {
  findListLegs,
  findPendingLists,
  findRecordLegs,
  type LegSides,
} from '../store/settlements-ties.ts'
import type { SettlementTotal } from '../store/settlements-totals.ts'
import type { Db } from '../store/tables.ts'
import { findTotals } from '../store/totals.ts'
import { inTransaction, type Trx } from '../store/transaction.ts'
import { type Standing, toldTogether } from './settlements-standing.ts'
import type { FlowDeps } from './types.ts'

export interface SettlementTie extends LegSides {
  /** What is compared with what. */
  readonly name: Text
  /** Left less right, decimal text; '0' where they agree. */
  readonly difference: string
}

export interface SettlementTies {
  readonly legs: readonly SettlementTie[]
  /** Lists that the leg `open` leaves out: about to be looked at again, or without a rate; null where lists are not compared. */
  readonly pending: number | null
  /** Both sides of every leg are the same; null: as far as something was compared, and not all was. */
  readonly ties: boolean | null
  /** Since when all legs but `sums`, which is of now, hold; null where not all was compared. */
  readonly tiesAt: string | null
  /** Months of which there is something, yyyyMM, that are not compared. */
  readonly uncompared: readonly string[]
}

interface Asked {
  readonly sight: SettlementSight | null
  /** First and last month, of one year: yyyyMM. */
  readonly from: string
  readonly to: string
  readonly standing: Standing
  /** What is told of now beside the check; left out where not all of it is. */
  readonly rows?: readonly Pick<SettlementTotal, 'direction' | 'counted'>[] | undefined
}

interface Compared {
  readonly sides: readonly LegSides[]
  readonly pending: number | null
  readonly at: Date | null
  readonly uncompared: readonly string[]
}

/**
 * `db` should be of one moment. The ledger is told to whoever sees all records. As of a moment lists are
 * compared with nothing: what they were worth then is not kept. `untold` says what is not compared.
 */
export const findTies = async (
  db: Db,
  asked: Asked,
): Promise<{ readonly ties: SettlementTies; readonly untold: Text | null }> => {
  const ledger = await countedOf(db, asked)
  const { sides, pending, at, uncompared } = await compared(db, asked, ledger)
  const legs = [...sides, ...sumSides(asked, ledger)]
    .toSorted((a, b) => LEGS.indexOf(a.leg) - LEGS.indexOf(b.leg))
    .map((side): SettlementTie => {
      const { zh, en } = settlementLegs[side.leg]
      const difference = writeShort(minus(readAmount(side.left), readAmount(side.right)), PLACES)
      return { ...side, name: { zh, en }, difference }
    })
  const isAll = at !== null && uncompared.length === 0
  const agree = legs.every(({ difference }) => difference === '0')
  return {
    ties: {
      ...{ legs, pending, uncompared },
      ties: agree && !isAll ? null : agree,
      tiesAt: isAll ? at.toISOString() : null,
    },
    untold: toldTogether([
      at === null && asked.sight !== null ? TOO_MUCH : null,
      uncompared.length === 0 ? null : notYet(uncompared),
    ]),
  }
}

/** As many as any amount has. */
const PLACES = 5
const LEGS = Object.keys(settlementLegs) as readonly SettlementLeg[]

/** Of an own sight. */
const TOO_MUCH: Text = {
  zh: `所问范围的清单或明细超过 ${SETTLEMENT_TIES_LISTS_MAX} 条，不在一次询问中核对；请逐月询问`,
  en: `There are more than ${SETTLEMENT_TIES_LISTS_MAX} lists or lines in what is asked for: they are not compared at once; ask month by month`,
}

const notYet = (months: readonly string[]): Text => ({
  zh: `尚未核对的月份：${months.join('、')}`,
  en: `Months that were not compared yet: ${months.join(', ')}`,
})

/** CNY by side of trade that the ledger counts; undefined for whoever does not see all, or as of before it was kept. */
type Counted = ReadonlyMap<LegSides['trade'], string> | undefined

const compared = async (db: Db, asked: Asked, ledger: Counted): Promise<Compared> => {
  const { sight, from, to, standing } = asked
  const limit = sight === null ? SETTLEMENT_TIES_ALL_MAX : SETTLEMENT_TIES_LISTS_MAX
  if (standing.asOf !== undefined || (await areFew(db, { sight, from, to, limit })))
    return compareNow(db, asked, ledger)
  // What was compared is everybody's.
  if (sight !== null) return { sides: [], pending: null, at: null, uncompared: [] }
  return findKeptTies(db, { from, to })
}

const compareNow = async (
  db: Db,
  { standing: { source, asOf, at }, ...asked }: Asked,
  ledger: Counted,
): Promise<Compared> => {
  const sides = [
    ...(await findRecordLegs(db, source, asked)),
    ...(asOf === undefined ? await findListLegs(db, asked) : []),
  ]
  const own = sides.filter(({ leg }) => leg === 'ledger')
  const told = own.map(({ trade, left }) => [trade, left] as const)
  return {
    sides: [
      ...sides.filter(({ leg }) => leg !== 'ledger'),
      ...besideLedger('ledger', told, ledger),
    ],
    pending: asOf === undefined ? await findPendingLists(db, asked) : null,
    ...{ at, uncompared: [] },
  }
}

/** What the rows that are told count, beside the ledger: both are kept, each by itself. */
const sumSides = ({ rows, standing }: Asked, ledger: Counted): readonly LegSides[] => {
  if (rows === undefined || standing.asOf !== undefined) return []
  const byTrade = grouped(rows, ({ direction }) => tradeOf(direction as SettlementDirection))
  const told = [...byTrade].map(
    ([trade, own]) => [trade, addDecimals(own.map(({ counted }) => counted))] as const,
  )
  return besideLedger('sums', told, ledger)
}

/** CNY by side of trade, beside what the ledger says; sides that neither knows are left out. */
const besideLedger = (
  leg: 'ledger' | 'sums',
  told: readonly (readonly [trade: LegSides['trade'], amount: string])[],
  ledger: Counted,
): readonly LegSides[] => {
  if (ledger === undefined) return []
  const left = new Map(told)
  return [...new Set([...ledger.keys(), ...left.keys()])].toSorted().map((trade) => ({
    ...{ leg, trade, currency: YUAN },
    ...{ left: left.get(trade) ?? '0', right: ledger.get(trade) ?? '0' },
  }))
}

/** Of the scope `settled`. */
const countedOf = async (
  db: Db,
  { sight, from, to, standing: { asOf, now, isKept } }: Asked,
): Promise<Counted> => {
  if (sight !== null || !isKept) return undefined
  const { rows } = await findTotals(db, {
    ...{ scopes: ['settled'], year: Number(from.slice(0, 4)), by: 'direction', of: {}, asOf, now },
    where: from === to ? { month: from } : {},
  })
  return new Map(
    rows.flatMap(({ key, amount }) =>
      key === 'import' || key === 'export' ? [[key, amount] as const] : [],
    ),
  )
}

// ---- the chore -----------------------------------------------------------------------------------

/**
 * Compares months of which something changed since they were compared, and those that were compared long
 * ago; a few in one turn, each in a transaction of its own.
 */
export const compareSettlements = async ({
  db,
  clock,
}: Pick<FlowDeps, 'db' | 'clock'>): Promise<void> => {
  const started = clock.now()
  for (let month = 0; month < SETTLEMENT_TIES_MONTHS_MAX; month += 1)
    if (!(await inTransaction(db, (trx) => compareNext(trx, started, clock.now())))) return
}

/** False where there is none, or another is at it. */
const compareNext = async (trx: Trx, changed: Date, now: Date): Promise<boolean> => {
  if (!(await beginComparing(trx))) return false
  const kept = new Date(now.getTime() - SETTLEMENT_TIES_KEPT_MS)
  const month = await findNextMonth(trx, { changed, kept })
  if (month === undefined) return false
  await takeTouches(trx, month)
  const standing = { asOf: undefined, now, at: now, source: settlementsNow }
  const asked = {
    ...{ sight: null, from: month, to: month },
    standing: { ...standing, isKept: true, untold: null },
  }
  const { sides, pending } = await compareNow(trx, asked, await countedOf(trx, asked))
  await keepTie(trx, { month, madeAt: now, sides, pending: pending ?? 0 })
  return true
}
