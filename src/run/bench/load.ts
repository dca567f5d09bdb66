/**
 * Load for a gateway: request bodies made beforehand, so that making them is not measured, posted
 * with a few requests under way at a time.
 */
import { zones } from '../../catalogue/zones/index.ts'
import { makeConsignment } from '../../sim/consignments.ts'
import type { Rehearsal } from '../rehearsal.ts'

export interface Batch {
  readonly key: string
  readonly body: string
  readonly documents: number
}

export interface LoadSettings {
  readonly lists: number
  /** Number of the first consignment; with the same seed they are all different. */
  readonly from: number
  readonly perBatch: number
}

/** Batches of one kind and one owner each, the companions of a list before it. */
export const makeBatches = (
  { cast, keys }: Pick<Rehearsal, 'cast' | 'keys'>,
  { lists, from, perBatch }: LoadSettings,
): readonly Batch[] => {
  const batches: Batch[] = []
  const at = new Date()
  for (let start = 0; start < lists; start += perBatch) {
    const groups = new Map<string, { owner: string; kind: string; documents: unknown[] }>()
    const add = (owner: string, kind: string, document: unknown): void => {
      const group = groups.get(`${kind}/${owner}`) ?? { owner, kind, documents: [] }
      group.documents.push(document)
      groups.set(`${kind}/${owner}`, group)
    }
    for (let i = start; i < Math.min(lists, start + perBatch); i += 1) {
      const n = from + i
      const zone = zones[n % zones.length]
      if (zone === undefined) throw new Error('the catalogue has no zones')
      const made = makeConsignment({ n, seed: 1, zone, mode: '1210', enterprises: cast, at })
      add(made.order.OrderHead.ebpCode, 'CEB311', made.order)
      add(made.payment.PaymentHead.payCode, 'CEB411', made.payment)
      add(made.waybill.LogisticsHead.logisticsCode, 'CEB511', made.waybill)
      add(made.list.InventoryHead.agentCode, 'CEB621', made.list)
    }
    for (const { owner, kind, documents } of groups.values())
      batches.push({
        key: keys.get(owner) ?? '',
        body: JSON.stringify({ kind, documents }),
        documents: documents.length,
      })
  }
  return batches
}

/** Posts all batches in order, `width` at a time; throws for the first that is not taken whole. */
export const postBatches = async (
  url: string,
  batches: readonly Batch[],
  width: number,
): Promise<void> => {
  let next = 0
  const worker = async (): Promise<void> => {
    for (;;) {
      const batch = batches[next]
      next += 1
      if (batch === undefined) return
      const answer = await fetch(`${url}/api/v1/documents`, {
        method: 'POST',
        headers: { authorization: `Bearer ${batch.key}`, 'content-type': 'application/json' },
        body: batch.body,
      })
      const text = await answer.text()
      if (answer.status !== 200)
        throw new Error(`batch answered ${answer.status}: ${text.slice(0, 500)}`)
    }
  }
  await Promise.all(Array.from({ length: width }, worker))
}

export const REQUESTS_AT_ONCE = 3
/** Enough that the code is compiled and the tables have statistics, as in any longer run. */
export const WARM_UP_LISTS = 2_000
const WARM_UP_BATCH = 200
/** Often enough for a run of many seconds, seldom enough not to be part of the load. */
const POLL_MS = 250
/** Without a single release for so long, it stands. */
const STANDSTILL_MS = 60_000

/** The first lists, from HTTP to released; what is measured begins behind them. */
export const warmUp = async (
  rehearsal: Pick<Rehearsal, 'cast' | 'keys' | 'url'>,
): Promise<void> => {
  const warm = { lists: WARM_UP_LISTS, from: 0, perBatch: WARM_UP_BATCH }
  await postBatches(rehearsal.url, makeBatches(rehearsal, warm), REQUESTS_AT_ONCE)
  await released(rehearsal.url, WARM_UP_LISTS)
}

/** Resolves when so many lists count as released; throws when nothing moves any more. */
export const released = async (url: string, count: number): Promise<void> => {
  let seen = -1
  let movedAt = performance.now()
  for (;;) {
    const answer = await fetch(`${url}/api/v1/totals?by=direction`)
    const { total } = (await answer.json()) as { total: { count: number } }
    if (total.count >= count) return
    if (total.count > seen) movedAt = performance.now()
    seen = Math.max(seen, total.count)
    if (performance.now() - movedAt > STANDSTILL_MS)
      throw new Error(`${seen} of ${count} lists are released, and none has been for a minute`)
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}
