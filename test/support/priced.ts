/** Consignments of a price that the test chooses, for whatever counts amounts. */
import type { Consignment } from '../../src/sim/consignments.ts'

/** One line of goods at this price, everything else free; bought and paid by another's buyer. */
export const priced = (made: Consignment, amount: string, buyer: Consignment): Consignment => {
  const { order, payment, waybill, list } = made
  const [ordered] = order.OrderList
  const [listed] = list.InventoryList
  if (ordered === undefined || listed === undefined) throw new Error('no lines')
  const money = { qty: '1', price: amount, totalPrice: amount }
  const free = { freight: '0', insuredFee: '0' }
  const { buyerName, buyerIdNumber, buyerTelephone } = buyer.order.OrderHead
  const who = { buyerName, buyerIdNumber, buyerTelephone }
  return {
    ...made,
    order: {
      OrderHead: {
        ...{ ...order.OrderHead, ...who, goodsValue: amount, acturalPaid: amount },
        ...{ freight: '0', taxTotal: '0', discount: '0' },
      },
      OrderList: [{ ...ordered, ...money }],
    },
    payment: {
      PaymentHead: {
        ...{ ...payment.PaymentHead, amountPaid: amount },
        ...{ payerName: buyerName, payerIdNumber: buyerIdNumber },
      },
    },
    waybill: { LogisticsHead: { ...waybill.LogisticsHead, ...free } },
    list: {
      InventoryHead: { ...list.InventoryHead, ...who, ...free },
      InventoryList: [{ ...listed, ...money }],
    },
  }
}
