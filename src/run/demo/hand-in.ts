/**
 * Hands consignments in as their enterprises would: batches over the HTTP interface, each document
 * with the API key of its owner. Answers are read; a document that is refused ends the
 * demonstration, because all of its documents are meant to be taken.
 */
import type { AnyDocument } from '../../catalogue/message.ts'
import { add, type Decimal, readDecimal, ZERO } from '../../kernel/decimal.ts'
import { type Consignment, makeConsignment } from '../../sim/consignments.ts'
import type { Fate } from '../../sim/fates.ts'
import type { DemoEnterprises } from './enterprises.ts'
import type { PlannedConsignment } from './plan.ts'

export interface HandedIn {
  readonly orderNo: string
  /** The list's own number (copNo), by which it is found again. */
  readonly listNumber: string
  /** Customs code of the declarant who sees it. */
  readonly declarant: string
  readonly fate: Fate
  /** Sum of the list's lines. */
  readonly amount: Decimal
}

export interface HandInSettings {
  readonly url: string
  readonly enterprises: DemoEnterprises
  readonly seed: number
}

/** Documents of one request; well below what the gateway takes at once. */
const BATCH_DOCUMENTS = 400

export const handIn = async (
  { url, enterprises, seed }: HandInSettings,
  planned: readonly PlannedConsignment[],
  at: Date,
): Promise<readonly HandedIn[]> => {
  const handed: HandedIn[] = []
  const batches = new Map<string, Batch>()
  for (const { n, zone, mode, fate } of planned) {
    const { mark } = fate
    const made = makeConsignment({
      n,
      seed,
      zone,
      mode,
      fate: mark,
      at,
      enterprises: enterprises.cast,
    })
    for (const [owner, kind, document] of documentsOf(made)) {
      const batch = batches.get(`${owner} ${kind}`) ?? { owner, kind, documents: [] }
      batch.documents.push(document)
      batches.set(`${owner} ${kind}`, batch)
    }
    handed.push({
      orderNo: made.orderNo,
      listNumber: made.list.InventoryHead.copNo ?? '',
      declarant: made.list.InventoryHead.agentCode,
      fate,
      amount: add(...made.list.InventoryList.map((line) => readDecimal(line.totalPrice) ?? ZERO)),
    })
  }
  await Promise.all([...batches.values()].map((batch) => post(url, enterprises, batch)))
  return handed
}

interface Batch {
  readonly owner: string
  readonly kind: string
  readonly documents: AnyDocument[]
}

const documentsOf = ({
  order,
  payment,
  waybill,
  list,
}: Consignment): readonly (readonly [string, string, AnyDocument])[] => [
  [order.OrderHead.ebpCode, 'CEB311', order],
  [payment.PaymentHead.payCode, 'CEB411', payment],
  [waybill.LogisticsHead.logisticsCode, 'CEB511', waybill],
  [list.InventoryHead.agentCode, 'CEB621', list],
]

const post = async (
  url: string,
  { keys }: DemoEnterprises,
  { owner, kind, documents }: Batch,
): Promise<void> => {
  for (let from = 0; from < documents.length; from += BATCH_DOCUMENTS) {
    const body = JSON.stringify({ kind, documents: documents.slice(from, from + BATCH_DOCUMENTS) })
    const response = await fetch(`${url}/api/v1/documents`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${keys.get(owner) ?? ''}`,
      },
      body,
    })
    if (response.status !== 200) {
      // Faults and problems never hold personal data, so they may be shown.
      throw new Error(`${kind}: HTTP ${response.status} ${(await response.text()).slice(0, 2_000)}`)
    }
    await response.arrayBuffer()
  }
}
