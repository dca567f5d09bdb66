/**
 * Which fields a cause is about, by the kind of document that has them: what a person looks at first,
 * and where customs compared two documents, both sides. `Group/field` is a field of each line; lines
 * of two documents go together by their number. Source: texts of the codes, and practice.
 */
import type { CauseName } from './causes/index.ts'

/** Field by code of the declaration. */
export type CauseField = Readonly<Record<string, string>>

/** Field by which lines of two documents go together. */
export const LINE_NUMBER = 'gnum'

// biome-ignore format: a table is read by columns
export const causeFields: Readonly<Partial<Record<CauseName, readonly CauseField[]>>> = {
  'line-count-differs': [{ CEB621: 'InventoryList/gnum', CEB311: 'OrderList/gnum' }],
  'lines-differ': [
    { CEB621: 'InventoryList/gname', CEB311: 'OrderList/itemName' },
    { CEB621: 'InventoryList/qty', CEB311: 'OrderList/qty', CEB603: 'InventoryList/qty', CEB303: 'OrderList/qty' },
    { CEB621: 'InventoryList/unit', CEB311: 'OrderList/unit', CEB603: 'InventoryList/unit', CEB303: 'OrderList/unit' },
    { CEB621: 'InventoryList/price', CEB311: 'OrderList/price', CEB603: 'InventoryList/price', CEB303: 'OrderList/price' },
    { CEB621: 'InventoryList/totalPrice', CEB311: 'OrderList/totalPrice', CEB603: 'InventoryList/totalPrice', CEB303: 'OrderList/totalPrice' },
  ],
  'buyer-is-not-payer': [
    { CEB311: 'buyerName', CEB411: 'payerName' },
    { CEB311: 'buyerIdNumber', CEB411: 'payerIdNumber' },
  ],
  'amount-differs': [{ CEB311: 'acturalPaid', CEB411: 'amountPaid' }],
  'payment-firm-differs': [{ CEB311: 'payCode', CEB411: 'payCode' }],
  'buyer-differs-on-list': [
    { CEB621: 'buyerName', CEB311: 'buyerName' },
    { CEB621: 'buyerIdNumber', CEB311: 'buyerIdNumber' },
  ],
  'buyer-phone-differs': [{ CEB621: 'buyerTelephone', CEB311: 'buyerTelephone' }],
  'real-name': [
    { CEB311: 'buyerName', CEB411: 'payerName', CEB621: 'buyerName' },
    { CEB311: 'buyerIdNumber', CEB411: 'payerIdNumber', CEB621: 'buyerIdNumber' },
  ],
  'yearly-limit': [{ CEB311: 'buyerIdNumber', CEB621: 'buyerIdNumber' }],
  'quota-exceeded': [{ CEB311: 'buyerIdNumber', CEB621: 'buyerIdNumber' }],
  'line-number-repeated': [
    { CEB621: 'InventoryList/gnum', CEB311: 'OrderList/gnum', CEB603: 'InventoryList/gnum', CEB303: 'OrderList/gnum' },
  ],
  'hs-code-wrong': [{ CEB625: 'InvtRefundList/gcode' }],
  'reason-missing': [{ CEB623: 'reason', CEB625: 'reason', CEB605: 'reason' }],
}
