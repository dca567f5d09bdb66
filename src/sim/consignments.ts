/**
 * Makes synthetic consignments: four documents (CEB311, 411, 511, 621) that match each other, with
 * plausible goods, amounts that add up and identities that have the right form and belong to nobody.
 * The same settings always give the same documents. Fast enough (some ten microseconds each) that a
 * load generator does not measure itself.
 */
import type { DocumentOf } from '../catalogue/message.ts'
import type { importList } from '../catalogue/messages/import-list.ts'
import type { order } from '../catalogue/messages/order.ts'
import type { payment } from '../catalogue/messages/payment.ts'
import type { waybill } from '../catalogue/messages/waybill.ts'
import type { Zone } from '../catalogue/zone.ts'
import { residentIdCheckDigit } from '../kernel/check-digits.ts'
import { stamp14 } from '../kernel/clock.ts'
import type { Cast, SyntheticEnterprise } from './enterprises.ts'
import { type Goods, goodsTable } from './goods.ts'

export { type Cast, type SyntheticEnterprise, syntheticEnterprises } from './enterprises.ts'

export interface ConsignmentSettings {
  /** Number of the consignment, from 0; with the seed it decides everything. */
  readonly n: number
  /** 0 to 4294967295; another seed gives other order numbers, persons and baskets. */
  readonly seed: number
  readonly zone: Zone
  /** 1210 bonded, 9610 direct purchase. */
  readonly mode: '1210' | '9610'
  readonly enterprises: Cast
  /** A mark of the simulator's table of fates such as `-R1327`; ends the order number. */
  readonly fate?: string
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

/** The customs office that a zone's lists are declared at; 8001 (重庆海关) where none is known. */
export const officeOf = (zone: Zone): string => zone.offices[0]?.code ?? '8001'

/** Account book (账册) of a zone's warehouse; made up. */
const accountBookOf = (zone: Zone): string => `T${officeOf(zone)}W000001`

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

interface Buyer {
  readonly number: string
  readonly id: string
  readonly name: string
  readonly telephone: string
  readonly address: string
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
  const serial = `${seed.toString(36)}-${String(n).padStart(7, '0')}`.toUpperCase()
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
    taxFen: taxOf(lines, goodsFen, freightFen),
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

/**
 * Tax as it is withheld inside the limits: duty nil, consumption tax and VAT at 70 %, each rounded
 * half up to the fen on every line; freight is shared out by value, the last line takes the rest.
 */
const taxOf = (lines: readonly Line[], goodsFen: number, freightFen: number): number => {
  let left = freightFen
  let tax = 0
  for (const [i, { goods, totalFen }] of lines.entries()) {
    const share =
      i === lines.length - 1 ? left : Math.floor((freightFen * totalFen) / Math.max(goodsFen, 1))
    left -= share
    const base = (totalFen + share) * 7
    const divisor = (100 - goods.consumption) * 10
    tax += halfUp(base * goods.consumption, divisor) + halfUp(base * goods.vat, divisor)
  }
  return tax
}

const halfUp = (dividend: number, divisor: number): number =>
  Math.floor((2 * dividend + divisor) / (2 * divisor))

/** Six divisions of Chongqing, 500xxx. */
const DIVISIONS = ['500103', '500105', '500106', '500107', '500112', '500113']
const BIRTHDAYS = 40 * 12 * 28
const SEQUENCES = 1_000

/** Nobody's number repeats before 80 million buyers of one seed. */
const buyerOf = (seed: number, index: number): Buyer => {
  // Seeds start far apart, so that their buyers do not use up each other's yearly limit.
  const start = Math.imul(seed, 0x9e3779b1) >>> 0
  const place = (index + start) % (BIRTHDAYS * SEQUENCES * DIVISIONS.length)
  const day = place % BIRTHDAYS
  const rest = Math.floor(place / BIRTHDAYS)
  const year = 1962 + Math.floor(day / (12 * 28))
  const month = 1 + (Math.floor(day / 28) % 12)
  const division = DIVISIONS[Math.floor(rest / SEQUENCES)] ?? '500103'
  const first17 = `${division}${year}${two(month)}${two(1 + (day % 28))}${String(rest % SEQUENCES).padStart(3, '0')}`
  const number = String(index + 1).padStart(4, '0')
  return {
    number,
    id: first17 + residentIdCheckDigit(first17),
    name: `测试买家${number}`,
    // The prefix 154 is given to no operator.
    telephone: `154${String(index % 100_000_000).padStart(8, '0')}`,
    address: `重庆市合成区测试路${number}号（合成地址）`,
  }
}

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
      logisticsNo: `WB${facts.serial}`,
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
  const bonded = settings.mode === '1210'
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
      logisticsNo: `WB${facts.serial}`,
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
const AIRPORT_OFFICE = '8003'
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

/** Unique by construction: seed, kind and number stand in it. Version 8, RFC 9562. */
const guidOf = ({ seed, n }: ConsignmentSettings, kind: number): string =>
  `${seed.toString(16).padStart(8, '0')}-${String(kind).padStart(4, '0')}-8000-8000-${n
    .toString(16)
    .padStart(12, '0')}`.toUpperCase()

const yuan = (fen: number): string => fixed(fen, 2)
const milli = (thousandths: number): string => fixed(thousandths, 3)

const fixed = (units: number, places: number): string => {
  const digits = String(units).padStart(places + 1, '0')
  return `${digits.slice(0, -places)}.${digits.slice(-places)}`
}

const two = (value: number): string => String(value).padStart(2, '0')

const pick = <T>(from: readonly [T, ...T[]], n: number): T => from[n % from.length] ?? from[0]

const sum = <T>(items: readonly T[], of: (item: T) => number): number => {
  let total = 0
  for (const item of items) total += of(item)
  return total
}

/** A whole number from 0 to below the bound. */
type Random = (bound: number) => number

/** mulberry32 on a mixture of seed and number: neighbours get unrelated baskets. */
const randomOf = (seed: number, n: number): Random => {
  let state = (Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(n + 1, 0xc2b2ae35)) >>> 0
  return (bound) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) * bound) / 4_294_967_296)
  }
}
