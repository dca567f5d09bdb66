/** Synthetic original payment data of the synthetic platform, to be changed by a test as it needs. */
import { zones } from '../../src/catalogue/zones/index.ts'
import { syntheticEnterprises } from '../../src/sim/consignments.ts'

const { platform, payer } = syntheticEnterprises(zones)

export interface HandedPayment {
  readonly [member: string]: unknown
  readonly payTransactionId: string
  readonly orders: readonly Readonly<Record<string, unknown>>[]
}

export const paymentOrder = (
  orderNo: string,
  goodsInfo: readonly unknown[] = [
    { gname: '合成奶粉 800g', itemLink: 'https://shop.example/item?id=1&from=a' },
  ],
) => ({
  orderNo,
  goodsInfo,
  recpAccount: '6222000000000000001',
  recpCode: platform.creditCode,
  recpName: platform.name,
})

/** Covers one order unless told. */
export const originalPayment = (
  orderNo: string,
  over: Readonly<Record<string, unknown>> = {},
): HandedPayment => ({
  initalRequest: `https://pay.example/gateway?out_trade_no=${orderNo}&buyer=合成甲`,
  initalResponse: '{"code":"10000","buyer_name":"合成甲","msg":"Success"}',
  ebpCode: platform.customsCode,
  payCode: payer.customsCode,
  payTransactionId: `T-${orderNo}`,
  totalAmount: '12.30',
  currency: '142',
  verDept: '3',
  payType: '1',
  tradingTime: '20261014101500',
  note: '合成数据',
  orders: [paymentOrder(orderNo)],
  ...over,
})
