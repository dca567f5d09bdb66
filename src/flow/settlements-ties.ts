/**
 * Whether the figures of settlements agree, each read from where it is kept: records, their lines, the
 * lists they settle, what is left of those, and the ledger that totals are told from. Both sides of
 * every comparison are told, with what they differ by.
 */
import { settlementLegs, YUAN } from '../catalogue/settlement.ts'
import type { Text } from '../kernel/fault.ts'
import { minus, readAmount, writeShort } from '../kernel/fraction.ts'
import type { SettlementSight } from '../store/settlements.ts'
import {
  findListLegs,
  findPendingLists,
  findRecordLegs,
  type LegSides,
} from '../store/settlements-ties.ts'
import type { Db } from '../store/tables.ts'
import { findTotals } from '../store/totals.ts'
import type { Standing } from './settlements-standing.ts'

export interface SettlementTie extends LegSides {
  /** What is compared with what. */
  readonly name: Text
  /** Left less right, decimal text; '0' where they agree. */
  readonly difference: string
}

export interface SettlementTies {
  readonly legs: readonly SettlementTie[]
  /** Lists that the leg `open` leaves out: about to be looked at again, or without a rate; null as of a moment. */
  readonly pending: number | null
  /** Both sides of every leg are the same. */
  readonly ties: boolean
}

interface Asked {
  readonly sight: SettlementSight | null
  /** First and last month, of one year: yyyyMM. */
  readonly from: string
  readonly to: string
  readonly standing: Standing
}

/**
 * `db` should be of one moment. The ledger is told to whoever sees all records. As of a moment lists are
 * compared with nothing: what they were worth then is not kept.
 */
export const findTies = async (db: Db, { standing, ...asked }: Asked): Promise<SettlementTies> => {
  const { source, asOf, isKept } = standing
  const sides = [
    ...(await findRecordLegs(db, source, asked)),
    ...(asOf === undefined ? await findListLegs(db, asked) : []),
  ]
  const tellsLedger = asked.sight === null && isKept
  const ledger = tellsLedger ? await countedOf(db, { standing, ...asked }) : new Map()
  const trades = new Set([...ledger.keys(), ...sides.map(({ trade }) => trade)])
  const own = sides.filter(({ leg }) => leg === 'ledger')
  const compared = [
    ...sides.filter(({ leg }) => leg !== 'ledger'),
    ...(tellsLedger ? [...trades].toSorted() : []).map((trade): LegSides => {
      const left = own.find((side) => side.trade === trade)?.left ?? '0'
      return { leg: 'ledger', trade, currency: YUAN, left, right: ledger.get(trade) ?? '0' }
    }),
  ]
  const legs = compared.map((side): SettlementTie => {
    const { zh, en } = settlementLegs[side.leg]
    const difference = writeShort(minus(readAmount(side.left), readAmount(side.right)), PLACES)
    return { ...side, name: { zh, en }, difference }
  })
  return {
    legs,
    pending: asOf === undefined ? await findPendingLists(db, asked) : null,
    ties: legs.every(({ difference }) => difference === '0'),
  }
}

/** As many as any amount has. */
const PLACES = 5

/** CNY of the scope `settled` by side of trade. */
const countedOf = async (
  db: Db,
  { from, to, standing: { asOf, now } }: Asked,
): Promise<ReadonlyMap<LegSides['trade'], string>> => {
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
