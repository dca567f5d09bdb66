/**
 * Consignments that customs refuses for what stands in them, each for one difference between its
 * documents, and the one change that mends all of a sort: for rehearsing how refusals are folded and
 * corrected. Unlike a mark in a number, such a fate ends once the documents agree.
 */
import { type Consignment, type Part, partsOf } from './consignments.ts'

export interface Trouble {
  /** Result code that the list is refused with. */
  readonly code: string
  readonly cause: string
  /** What a correction of all of them asks for. */
  readonly change: Readonly<Record<string, string>>
  /** The documents as they are handed in; `i` makes each wrong in its own way. */
  readonly spoil: (consignment: Consignment, i: number) => readonly Part[]
}

const spoilt = (
  consignment: Consignment,
  kind: string,
  change: (document: Part['document']) => Part['document'],
): readonly Part[] =>
  partsOf(consignment).map((part) =>
    part.kind === kind ? { kind, document: change(part.document) } : part,
  )

/** Values in the only record of a group. */
const inHead =
  (kind: string, group: string, values: (i: number) => Readonly<Record<string, string>>) =>
  (consignment: Consignment, i: number): readonly Part[] =>
    spoilt(consignment, kind, (document) => ({
      ...document,
      [group]: { ...(document[group] as Readonly<Record<string, string>>), ...values(i) },
    }))

const NAME = '合成'

export const troubles: readonly Trouble[] = [
  {
    ...{ code: '130126', cause: 'buyer-phone-differs' },
    change: { field: 'buyerTelephone', from: 'CEB311' },
    spoil: inHead('CEB621', 'InventoryHead', (i) => ({
      buyerTelephone: `1390000${String(1000 + (i % 9000))}`,
    })),
  },
  {
    ...{ code: '13127', cause: 'buyer-differs-on-list' },
    change: { field: 'buyerName', from: 'CEB311' },
    spoil: inHead('CEB621', 'InventoryHead', (i) => ({ buyerName: `${NAME}${i}` })),
  },
  {
    ...{ code: '1322', cause: 'lines-differ' },
    change: { field: 'InventoryList/gname', from: 'CEB311' },
    spoil: (consignment, i) =>
      spoilt(consignment, 'CEB621', (document) => ({
        ...document,
        InventoryList: consignment.list.InventoryList.map((line) => ({
          ...line,
          gname: `${NAME}商品${i}`,
        })),
      })),
  },
  {
    ...{ code: '1332', cause: 'amount-differs' },
    change: { kind: 'CEB411', field: 'amountPaid', from: 'CEB311' },
    spoil: inHead('CEB411', 'PaymentHead', (i) => ({ amountPaid: `${i + 1}.01` })),
  },
  {
    ...{ code: '1327', cause: 'buyer-is-not-payer' },
    change: { kind: 'CEB411', field: 'payerName', from: 'CEB311' },
    spoil: inHead('CEB411', 'PaymentHead', (i) => ({ payerName: `${NAME}${i}` })),
  },
  {
    ...{ code: '13035', cause: 'payment-firm-differs' },
    change: { kind: 'CEB311', field: 'payCode', from: 'CEB411' },
    spoil: inHead('CEB311', 'OrderHead', () => ({ payCode: '5001960099' })),
  },
]
