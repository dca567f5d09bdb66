/**
 * Makes synthetic consignments: four documents (CEB311, 411, 511, 621) that match each other, with
 * plausible goods, amounts that add up and identities that have the right form and belong to nobody.
 * The same settings always give the same documents. Fast enough (some ten microseconds each) that a
 * load generator does not measure itself.
 */
import type { AnyDocument, DocumentOf } from '../catalogue/message.ts'
import type { importList } from '../catalogue/messages/import-list.ts'
import type { order } from '../catalogue/messages/order.ts'
import type { payment } from '../catalogue/messages/payment.ts'
import type { waybill } from '../catalogue/messages/waybill.ts'
import type { Zone } from '../catalogue/zone.ts'
import { stamp14 } from '../kernel/clock.ts'
import type { Cast, SyntheticEnterprise } from './enterprises.ts'
import { milli, yuan } from './fixed.ts'
import { type Goods, goodsTable } from './goods.ts'
import {
  type Buyer,
  buyerOf,
  guidOf,
  pick,
  type Random,
  randomOf,
  serialOf,
  sum,
} from './synthetic.ts'
import { taxLines } from './tax.ts'

export { type Cast, type SyntheticEnterprise, syntheticEnterprises } from './enterprises.ts'

export interface ConsignmentSettings {
  /** Number of the consignment, from 0; with the seed it decides everything. */
  readonly n: number
  /** 0 to 4294967295; another seed gives other order numbers, persons and baskets. */
  readonly seed: number
  readonly zone: Zone
  /** 1210 bonded, 1239 bonded outside the pilot places, 9610 direct purchase. */
  readonly mode: '1210' | '1239' | '9610'
  readonly enterprises: Cast
  /** A mark of the simulator's table of fates such as `-R1327`; ends the order number. */
  readonly fate?: string
  /** A mark that ends the number of the waybill, for what is told of the parcel. */
  readonly waybillFate?: string
  /** Moment of the submission. */
  readonly at: Date
}

export interface Consignment {
  readonly orderNo: string
  readonly order: DocumentOf<typeof order>
  readonly payment: DocumentOf<typeof payment>
  readonly waybill: DocumentOf<typeof waybill>
  readonly list: DocumentOf<typeof importList>
}

export const makeConsignment = (settings: ConsignmentSettings): Consignment => {
  const facts = gather(settings)
  return {
    orderNo: facts.orderNo,
    order: makeOrder(facts),
    payment: makePayment(facts),
    waybill: makeWaybill(facts),
    list: makeList(facts),
  }
}

/** A document of a consignment and its kind. */
export interface Part {
  readonly kind: string
  readonly document: AnyDocument
}

/** All four, the list last. */
export const partsOf = ({ order, payment, waybill, list }: Consignment): readonly Part[] => [
  { kind: 'CEB311', document: order },
  { kind: 'CEB411', document: payment },
  { kind: 'CEB511', document: waybill },
  { kind: 'CEB621', document: list },
]

/** The customs office that a zone's lists are declared at; 8001 (重庆海关) where none is known. */
export const officeOf = (zone: Zone): string => zone.offices[0]?.code ?? '8001'

/** Account book (账册) of a zone's warehouse; made up. */
export const accountBookOf = (zone: Zone): string => `T${officeOf(zone)}W000001`

interface Line {
  readonly goods: Goods
  readonly qty: number
  readonly totalFen: number
}

/** What the four documents share. */
interface Facts {
  readonly settings: ConsignmentSettings
  readonly merchant: SyntheticEnterprise
  readonly declarant: SyntheticEnterprise
  readonly orderNo: string
  readonly serial: string
  readonly appTime: string
  readonly lines: readonly Line[]
  readonly goodsFen: number
  readonly freightFen: number
  readonly discountFen: number
  readonly taxFen: number
  readonly netGrams: number
  readonly grossGrams: number
  readonly buyer: Buyer
}

/** Weight of the parcel around the goods. */
const PACKING_GRAMS = 150
const FREIGHT_FEN = [0, 800, 1_200, 2_000]
/** Buyers come back: as many consignments a buyer, well below the limit of a year. */
const CONSIGNMENTS_PER_BUYER = 3

const gather = (settings: ConsignmentSettings): Facts => {
  const { n, seed, enterprises, at, fate = '' } = settings
  const random = randomOf(seed, n)
  const lines = fillBasket(random)
  const goodsFen = sum(lines, (line) => line.totalFen)
  const netGrams = sum(lines, (line) => line.goods.netGrams * line.qty)
  const appTime = stamp14(at)
  const serial = serialOf(settings)
  const freightFen = FREIGHT_FEN[random(FREIGHT_FEN.length)] ?? 0
  return {
    settings,
    merchant: pick(enterprises.merchants, n),
    declarant: pick(enterprises.declarants, n),
    orderNo: `YG${serial}${fate}`,
    serial,
    appTime,
    lines,
    goodsFen,
    freightFen,
    // Every eighth buyer pays a part with coupons.
    discountFen: random(8) === 0 ? 500 : 0,
    taxFen: taxOf(lines, freightFen),
    netGrams,
    grossGrams: netGrams + PACKING_GRAMS,
    buyer: buyerOf(seed, Math.floor(n / CONSIGNMENTS_PER_BUYER)),
  }
}

const fillBasket = (random: Random): Line[] => {
  const first = random(goodsTable.length)
  const count = 1 + random(3)
  const lines: Line[] = []
  for (let i = 0; i < count; i += 1) {
    const goods = goodsTable[(first + i * 7) % goodsTable.length]
    if (goods === undefined) continue
    const qty = goods.priceFen < 50_000 ? 1 + random(3) : 1
    lines.push({ goods, qty, totalFen: goods.priceFen * qty })
  }
  return lines
}

const taxOf = (lines: readonly Line[], freightFen: number): number =>
  sum(
    taxLines(
      lines.map(({ goods, totalFen }) => ({ gcode: goods.hs, fen: totalFen })),
      freightFen,
    ),
    ({ vatFen, consumptionFen }) => vatFen + consumptionFen,
  )

const makeOrder = (facts: Facts): Consignment['order'] => {
  const { settings, merchant, buyer, appTime } = facts
  const { platform, payer } = settings.enterprises
  return {
    OrderHead: {
      guid: guidOf(settings, 311),
      appType: '1',
      appTime,
      appStatus: '2',
      orderType: 'I',
      orderNo: facts.orderNo,
      ebpCode: platform.customsCode,
      ebpName: platform.name,
      ebcCode: merchant.customsCode,
      ebcName: merchant.name,
      goodsValue: yuan(facts.goodsFen),
      freight: yuan(facts.freightFen),
      discount: yuan(facts.discountFen),
      taxTotal: yuan(facts.taxFen),
      acturalPaid: yuan(paidFen(facts)),
      currency: '142',
      buyerRegNo: `SYN-${buyer.number}`,
      buyerName: buyer.name,
      buyerTelephone: buyer.telephone,
      buyerIdType: '1',
      buyerIdNumber: buyer.id,
      payCode: payer.customsCode,
      payName: payer.name,
      payTransactionId: `PAY${facts.serial}`,
      consignee: buyer.name,
      consigneeTelephone: buyer.telephone,
      consigneeAddress: buyer.address,
      consigneeDistrict: '500105',
    },
    OrderList: facts.lines.map(({ goods, qty, totalFen }, i) => ({
      gnum: String(i + 1),
      itemNo: goods.itemNo,
      itemName: goods.name,
      gmodel: goods.model,
      barCode: '无',
      unit: goods.unit,
      qty: String(qty),
      price: yuan(goods.priceFen),
      totalPrice: yuan(totalFen),
      currency: '142',
      country: goods.origin,
    })),
  }
}

const makePayment = (facts: Facts): Consignment['payment'] => {
  const { settings, buyer, appTime } = facts
  const { platform, payer } = settings.enterprises
  return {
    PaymentHead: {
      guid: guidOf(settings, 411),
      appType: '1',
      appTime,
      appStatus: '2',
      payCode: payer.customsCode,
      payName: payer.name,
      payTransactionId: `PAY${facts.serial}`,
      orderNo: facts.orderNo,
      ebpCode: platform.customsCode,
      ebpName: platform.name,
      payerIdType: '1',
      payerIdNumber: buyer.id,
      payerName: buyer.name,
      telephone: buyer.telephone,
      amountPaid: yuan(paidFen(facts)),
      currency: '142',
      payTime: appTime,
    },
  }
}

const waybillNumberOf = ({ serial, settings }: Facts): string =>
  `WB${serial}${settings.waybillFate ?? ''}`

const makeWaybill = (facts: Facts): Consignment['waybill'] => {
  const { settings, buyer, appTime } = facts
  const { carrier } = settings.enterprises
  return {
    LogisticsHead: {
      guid: guidOf(settings, 511),
      appType: '1',
      appTime,
      appStatus: '2',
      logisticsCode: carrier.customsCode,
      logisticsName: carrier.name,
      logisticsNo: waybillNumberOf(facts),
      ...(settings.mode === '9610' ? { billNo: masterBillOf(facts) } : {}),
      orderNo: facts.orderNo,
      freight: yuan(facts.freightFen),
      insuredFee: '0',
      currency: '142',
      weight: milli(facts.grossGrams),
      packNo: '1',
      goodsInfo: facts.lines[0]?.goods.name ?? '',
      consignee: buyer.name,
      consigneeAddress: buyer.address,
      consigneeTelephone: buyer.telephone,
    },
  }
}

const makeList = (facts: Facts): Consignment['list'] => {
  const { settings, merchant, declarant, buyer, appTime } = facts
  const { platform, carrier } = settings.enterprises
  const bonded = settings.mode !== '9610'
  return {
    InventoryHead: {
      guid: guidOf(settings, 621),
      appType: '1',
      appTime,
      appStatus: '2',
      orderNo: facts.orderNo,
      ebpCode: platform.customsCode,
      ebpName: platform.name,
      ebcCode: merchant.customsCode,
      ebcName: merchant.name,
      logisticsNo: waybillNumberOf(facts),
      logisticsCode: carrier.customsCode,
      logisticsName: carrier.name,
      copNo: `L${facts.serial}`,
      assureCode: declarant.customsCode,
      ...(bonded ? { emsNo: accountBookOf(settings.zone) } : {}),
      ieFlag: 'I',
      declTime: appTime.slice(0, 8),
      customsCode: officeOf(settings.zone),
      portCode: bonded ? officeOf(settings.zone) : AIRPORT_OFFICE,
      buyerIdType: '1',
      buyerIdNumber: buyer.id,
      buyerName: buyer.name,
      buyerTelephone: buyer.telephone,
      consigneeAddress: buyer.address,
      agentCode: declarant.customsCode,
      agentName: declarant.name,
      ...leg(facts),
      freight: yuan(facts.freightFen),
      insuredFee: '0',
      currency: '142',
      wrapType: '2',
      packNo: '1',
      grossWeight: milli(facts.grossGrams),
      netWeight: milli(facts.netGrams),
    },
    InventoryList: facts.lines.map((line, i) => listLine(line, i, bonded)),
  }
}

/** 重庆江北机场: where direct purchases enter the country. */
export const AIRPORT_OFFICE = '8003'
const AIR = '5'
const CHINA = '142'

/** Warehouse, mode and transport: the leg out of the zone, or the flight that brought the goods. */
const leg = (facts: Facts) => {
  const { mode, zone, enterprises } = facts.settings
  const warehouse = enterprises.warehouses.get(zone.code)
  if (mode === '9610')
    return {
      tradeMode: mode,
      trafMode: AIR,
      trafNo: 'SYN001',
      voyageNo: `SY${facts.appTime.slice(4, 8)}`,
      billNo: masterBillOf(facts),
      country: facts.lines[0]?.goods.origin ?? CHINA,
    }
  return {
    ...(warehouse === undefined
      ? {}
      : { areaCode: warehouse.customsCode, areaName: warehouse.name }),
    tradeMode: mode,
    trafMode: zone.transportMode,
    country: CHINA,
  }
}

/** One aeroplane a day. */
const masterBillOf = (facts: Facts): string => `SYN-${facts.appTime.slice(0, 8)}`

const listLine = ({ goods, qty, totalFen }: Line, index: number, bonded: boolean) => ({
  gnum: String(index + 1),
  ...(bonded ? { itemRecordNo: goods.itemNo } : {}),
  itemNo: goods.itemNo,
  itemName: goods.name,
  gcode: goods.hs,
  gname: goods.name,
  gmodel: goods.model,
  barCode: '无',
  country: goods.origin,
  currency: '142',
  qty: String(qty),
  unit: goods.unit,
  qty1: milli(goods.legalMilli * qty),
  unit1: goods.legalUnit,
  ...(goods.secondUnit === undefined
    ? {}
    : { qty2: milli(goods.secondMilli * qty), unit2: goods.secondUnit }),
  price: yuan(goods.priceFen),
  totalPrice: yuan(totalFen),
})

const paidFen = (facts: Facts): number =>
  facts.goodsFen + facts.freightFen + facts.taxFen - facts.discountFen
