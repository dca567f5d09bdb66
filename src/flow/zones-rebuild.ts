/**
 * The folds of zones held against what they are made of: refusals against the replies that told them,
 * taxes against the bills, lane by lane. What differs is written as further rows, which are right beside
 * whatever others add meanwhile: nobody waits, but for a page of lists whose bills are counted.
 */
import { laneOfId } from '../kernel/ids.ts'
import { everyLane, LANE_COUNT } from '../kernel/lane.ts'
import { ZONE_BILLS_PAGE, ZONE_REFUSALS_PAGE } from '../kernel/zone-limits.ts'
import {
  type BilledPlace,
  countUnplaced,
  pageOfPlaces,
  placeBilled,
  removeStalePlaces,
} from '../store/billed-lists.ts'
import { insertSayings, type RefusalSaying } from '../store/rejections.ts'
import type { Db } from '../store/tables.ts'
import {
  dropUnbilled,
  lockVariances,
  pageOfBilled,
  type TaxedDocument,
} from '../store/tax-variances.ts'
import { inTransaction } from '../store/transaction.ts'
import {
  correctRefusals,
  correctTaxes,
  countWrongRefusals,
  countWrongTaxes,
  pageOfRefusals,
  type RefusalCount,
  type RefusalEvent,
  sumBills,
  type TaxSum,
} from '../store/zone-folds.ts'
import { sayingAgain } from './housekeeping.ts'
import { countedKinds } from './kinds.ts'
import { countBills, countWrongBills } from './list-tax.ts'
import type { RebuildStep } from './rebuild-step.ts'
import type { FlowDeps } from './types.ts'

export interface ZonesRebuilt {
  /** Sums that were not what replies and bills add up to. */
  readonly refusals: number
  /** With the places of billed lists that were missing, or none any more. */
  readonly taxes: number
}

type Deps = Pick<FlowDeps, 'db' | 'sealer'>
type OnStep = ((step: RebuildStep) => void) | undefined

export const rebuildZoneFolds = async (
  deps: Deps & Pick<FlowDeps, 'clock'>,
  onStep?: OnStep,
): Promise<ZonesRebuilt> => {
  const { db } = deps
  const atOneMoment = db.transaction().setIsolationLevel('repeatable read')
  const { refusals, sayings } = await atOneMoment.execute(async (trx) => {
    const { counts, ...found } = await countRefusals({ ...deps, db: trx }, onStep)
    return { ...found, refusals: await correctRefusals(trx, counts) }
  })
  // Apart: what somebody else says at the same moment would break that transaction off.
  await inTransaction(db, (trx) => insertSayings(trx, sayings))
  let places = 0
  await overBilled(db, onStep, async (page) => {
    places += await inTransaction(db, async (trx) => {
      await countBills(trx, page, deps.clock.now())
      return placeBilled(trx, page)
    })
  })
  await overStale(db, async (stale) => {
    places += await inTransaction(db, async (trx) => {
      const lists = stale.map(listOf)
      await lockVariances(trx, lists)
      const removed = await removeStalePlaces(trx, stale)
      await dropUnbilled(trx, lists)
      return removed
    })
  })
  const taxes = await atOneMoment.execute(async (trx) => correctTaxes(trx, await billsOf(trx)))
  return { refusals, taxes: taxes + places }
}

/** What a rebuild would find; the database should be one of a moment. */
export const checkZoneFolds = async (deps: Deps, onStep?: OnStep): Promise<ZonesRebuilt> => {
  const { counts } = await countRefusals(deps, onStep)
  const refusals = await countWrongRefusals(deps.db, counts)
  let taxes = 0
  await overBilled(deps.db, onStep, async (page) => {
    taxes += (await countWrongBills(deps.db, page)) + (await countUnplaced(deps.db, page))
  })
  await overStale(deps.db, async (stale) => {
    taxes += stale.length
  })
  return { refusals, taxes: taxes + (await countWrongTaxes(deps.db, await billsOf(deps.db))) }
}

const directions = new Map(countedKinds.map(({ kind, direction }) => [kind, direction]))

/** What an event that refused a list counts for, in the zone of that version, and what it said. */
export const refusalCount = (
  sealer: Deps['sealer'],
  event: RefusalEvent,
): { readonly counted: RefusalCount; readonly saying: RefusalSaying } => {
  const saying = sayingAgain(sealer, event)
  const { zone, tradeMode } = event
  const counted = {
    ...{ month: event.returnTime.slice(0, 6), zone, tradeMode, saying: saying.id },
    ...{ direction: directions.get(event.kind) ?? '', count: 1 },
  }
  return { counted, saying }
}

/** By place and saying, of which there are few however many refusals there are. */
const countRefusals = async (
  { db, sealer }: Deps,
  onStep: OnStep,
): Promise<{
  readonly counts: readonly RefusalCount[]
  readonly sayings: ReadonlyMap<string, RefusalSaying>
}> => {
  const counts = new Map<string, RefusalCount>()
  const sayings = new Map<string, RefusalSaying>()
  const count = (event: RefusalEvent): void => {
    const { counted, saying } = refusalCount(sealer, event)
    sayings.set(saying.id, saying)
    const name = Object.values({ ...counted, count: '' }).join('/')
    counts.set(name, { ...counted, count: (counts.get(name)?.count ?? 0) + counted.count })
  }
  for (const lane of everyLane) {
    onStep?.({ what: 'refusals', done: lane, of: LANE_COUNT })
    let after: RefusalEvent | undefined
    do {
      const page = await pageOfRefusals(db, countedKinds, lane, after, ZONE_REFUSALS_PAGE)
      for (const event of page) count(event)
      after = page.length < ZONE_REFUSALS_PAGE ? undefined : page.at(-1)
    } while (after !== undefined)
  }
  onStep?.({ what: 'refusals', done: LANE_COUNT, of: LANE_COUNT })
  return { counts: [...counts.values()], sayings }
}

/** In a rebuild a page is a transaction: whoever is told of one of its bills waits for no other. */
const overBilled = async (
  db: Db,
  onStep: OnStep,
  each: (page: readonly TaxedDocument[]) => Promise<void>,
): Promise<void> => {
  let after: TaxedDocument | undefined
  do {
    const page = await pageOfBilled(db, after, ZONE_BILLS_PAGE)
    await each(page)
    after = page.length < ZONE_BILLS_PAGE ? undefined : page.at(-1)
    onStep?.({ what: 'taxes', done: after?.lane ?? LANE_COUNT, of: LANE_COUNT })
  } while (after !== undefined)
}

const listOf = ({ documentId: id }: BilledPlace): TaxedDocument => ({ lane: laneOfId(id), id })

/** Places in which no bill of their lists counts, page by page. */
const overStale = async (
  db: Db,
  each: (stale: readonly BilledPlace[]) => Promise<void>,
): Promise<void> => {
  let after: BilledPlace | undefined
  do {
    const page = await pageOfPlaces(db, after, ZONE_BILLS_PAGE)
    const stale = page.filter(({ isStale }) => isStale)
    if (stale.length > 0) await each(stale)
    after = page.length < ZONE_BILLS_PAGE ? undefined : page.at(-1)
  } while (after !== undefined)
}

/** What bills count for, by lane and place. */
const billsOf = async (db: Db): Promise<readonly TaxSum[]> => {
  const sums: TaxSum[] = []
  for (const lane of everyLane) sums.push(...(await sumBills(db, lane)))
  return sums
}
