/**
 * The folds of zones held against what they are made of: refusals against the replies that told them,
 * taxes against the bills, lane by lane. What differs is written as further rows, which are right beside
 * whatever others add meanwhile: nobody waits, but for a page of lists whose bills are counted.
 */
import { everyLane, LANE_COUNT } from '../kernel/lane.ts'
import { ZONE_BILLS_PAGE, ZONE_REFUSALS_PAGE } from '../kernel/zone-limits.ts'
import { insertSayings, type RefusalSaying } from '../store/rejections.ts'
import type { Db } from '../store/tables.ts'
import { pageOfBilled, type TaxedDocument } from '../store/tax-variances.ts'
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
  await overBilled(db, onStep, (page) =>
    inTransaction(db, (trx) => countBills(trx, page, deps.clock.now())),
  )
  const taxes = await atOneMoment.execute(async (trx) => correctTaxes(trx, await billsOf(trx)))
  return { refusals, taxes }
}

/** What a rebuild would find; the database should be one of a moment. */
export const checkZoneFolds = async (deps: Deps, onStep?: OnStep): Promise<ZonesRebuilt> => {
  const { counts } = await countRefusals(deps, onStep)
  const refusals = await countWrongRefusals(deps.db, counts)
  let taxes = 0
  await overBilled(deps.db, onStep, async (page) => {
    taxes += await countWrongBills(deps.db, page)
  })
  return { refusals, taxes: taxes + (await countWrongTaxes(deps.db, await billsOf(deps.db))) }
}

/** By place and saying, of which there are few however many refusals there are. */
const countRefusals = async (
  { db, sealer }: Deps,
  onStep: OnStep,
): Promise<{
  readonly counts: readonly RefusalCount[]
  readonly sayings: ReadonlyMap<string, RefusalSaying>
}> => {
  const directions = new Map(countedKinds.map(({ kind, direction }) => [kind, direction]))
  const counts = new Map<string, RefusalCount>()
  const sayings = new Map<string, RefusalSaying>()
  const count = (event: RefusalEvent): void => {
    const saying = sayingAgain(sealer, event)
    sayings.set(saying.id, saying)
    const { zone, tradeMode } = event
    const place = {
      ...{ month: event.returnTime.slice(0, 6), zone, tradeMode, saying: saying.id },
      direction: directions.get(event.kind) ?? '',
    }
    const name = Object.values(place).join('/')
    counts.set(name, { ...place, count: (counts.get(name)?.count ?? 0) + 1 })
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

/** What bills count for, by lane and place. */
const billsOf = async (db: Db): Promise<readonly TaxSum[]> => {
  const sums: TaxSum[] = []
  for (const lane of everyLane) sums.push(...(await sumBills(db, lane)))
  return sums
}
