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
