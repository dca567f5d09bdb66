/**
 * The folds of zones held against what they are made of: refusals against the replies that told them,
 * taxes against the bills. What differs is written as further rows. Writers of either wait until it is
 * done: an operator's command.
 */
import { ZONE_BILLS_PAGE, ZONE_REFUSALS_PAGE } from '../kernel/zone-limits.ts'
import { insertSayings, type RefusalSaying } from '../store/rejections.ts'
import { pageOfBilled, type TaxedDocument } from '../store/tax-variances.ts'
import { inTransaction, type Trx } from '../store/transaction.ts'
import {
  correctRefusals,
  correctTaxes,
  lockZoneFolds,
  pageOfRefusals,
  type RefusalCount,
  type RefusalEvent,
} from '../store/zone-folds.ts'
import { sayingAgain } from './housekeeping.ts'
import { countedKinds } from './kinds.ts'
import { countBills } from './list-tax.ts'
import type { FlowDeps } from './types.ts'

export interface ZonesRebuilt {
  /** Sums that were not what replies and bills add up to. */
  readonly refusals: number
  readonly taxes: number
}

export const rebuildZoneFolds = async (
  deps: Pick<FlowDeps, 'db' | 'sealer'>,
): Promise<ZonesRebuilt> => {
  const refusals = await inTransaction(deps.db, async (trx) => {
    await lockZoneFolds(trx)
    return correctRefusals(trx, await countRefusals(deps, trx))
  })
  await overBilled(deps)
  const taxes = await inTransaction(deps.db, async (trx) => {
    await lockZoneFolds(trx)
    return correctTaxes(trx)
  })
  return { refusals, taxes }
}

/** By place and saying, of which there are few however many refusals there are. */
const countRefusals = async (
  { sealer }: Pick<FlowDeps, 'sealer'>,
  trx: Trx,
): Promise<readonly RefusalCount[]> => {
  const directions = new Map(countedKinds.map(({ kind, direction }) => [kind, direction]))
  const counts = new Map<string, RefusalCount>()
  let after: RefusalEvent | undefined
  for (;;) {
    const page = await pageOfRefusals(trx, countedKinds, after, ZONE_REFUSALS_PAGE)
    const sayings = new Map<string, RefusalSaying>()
    for (const event of page) {
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
    await insertSayings(trx, sayings)
    after = page.at(-1)
    if (page.length < ZONE_REFUSALS_PAGE) return [...counts.values()]
  }
}

/** A page is a transaction: whoever is told of one of its bills meanwhile waits for no other. */
const overBilled = async ({ db }: Pick<FlowDeps, 'db'>): Promise<void> => {
  let after: TaxedDocument | undefined
  for (;;) {
    const page = await pageOfBilled(db, after, ZONE_BILLS_PAGE)
    await inTransaction(db, (trx) => countBills(trx, page))
    after = page.at(-1)
    if (page.length < ZONE_BILLS_PAGE) return
  }
}
