/**
 * Makes synthetic export consignments that match: order (CEB303), waybill (CEB505), receipt of money
 * (CEB403) and list (CEB603), by retail (9610, 1210) and to enterprises (9710, and 9810 by way of an
 * overseas warehouse). The same settings always give the same documents. Amounts are free on board,
 * in CNY or in US dollars at a made-up rate; a list to an enterprise stays below 5,000 CNY.
 */
import type { DocumentOf } from '../catalogue/message.ts'
import type { exportList } from '../catalogue/messages/export-list.ts'
import type { exportOrder } from '../catalogue/messages/export-order.ts'
import type { exportWaybill } from '../catalogue/messages/export-waybill.ts'
import type { receipt } from '../catalogue/messages/receipt.ts'
import type { Zone } from '../catalogue/zone.ts'
import { stamp14 } from '../kernel/clock.ts'
import { AIRPORT_OFFICE, accountBookOf, officeOf, type Part } from './consignments.ts'
import type { Cast, SyntheticEnterprise } from './enterprises.ts'
import {
  type Destination,
  destinations,
  type ExportGoods,
  exportGoodsTable,
} from './export-goods.ts'
import { milli, yuan } from './fixed.ts'
import { guidOf, pick, type Random, randomOf, serialOf, sum } from './synthetic.ts'

export type ExportMode = '9610' | '1210' | '9710' | '9810'

export interface ExportSettings {
  /** Number of the consignment, from 0; with the seed it decides everything. */
  readonly n: number
  /** 0 to 4294967295. */
  readonly seed: number
  /** Where the list is declared; for 1210 the zone the goods leave. */
  readonly zone: Zone
  readonly mode: ExportMode
  /** A simplified, B to be summed up in a month's declaration. */
  readonly flag: 'A' | 'B'
  readonly currency: 'CNY' | 'USD'
  readonly enterprises: Cast
  /** A mark of the simulator's table of fates; ends the order number. */
  readonly fate?: string
  /** A mark that ends the number of the waybill, which has no order number to bear one. */
  readonly waybillFate?: string
  /** Moment of the submission. */
  readonly at: Date
}

export interface ExportConsignment {
  readonly orderNo: string
  readonly order: DocumentOf<typeof exportOrder>
  readonly waybill: DocumentOf<typeof exportWaybill>
  /** No longer asked for since 2024-12-15. */
  readonly receipt: DocumentOf<typeof receipt>
  readonly list: DocumentOf<typeof exportList>
}

export const makeExportConsignment = (settings: ExportSettings): ExportConsignment => {
  const facts = gather(settings)
  return {
    orderNo: facts.orderNo,
    order: makeOrder(facts),
    waybill: makeWaybill(facts),
    receipt: makeReceipt(facts),
    list: makeList(facts),
  }
}

/** Order, waybill and list, the list last. */
export const exportPartsOf = ({ order, waybill, list }: ExportConsignment): readonly Part[] => [
  { kind: 'CEB303', document: order },
  { kind: 'CEB505', document: waybill },
  { kind: 'CEB603', document: list },
]

interface Line {
  readonly goods: ExportGoods
  readonly qty: number
  /** In hundredths of the currency. */
  readonly price: number
}

interface Facts {
  readonly settings: ExportSettings
  readonly merchant: SyntheticEnterprise
  readonly declarant: SyntheticEnterprise
  /** Code and name of the platform, or of the overseas warehouse. */
  readonly platform: { readonly ebpCode: string; readonly ebpName: string }
  readonly orderNo: string
  readonly serial: string
  readonly appTime: string
  readonly currency: string
  readonly destination: Destination
  readonly lines: readonly Line[]
  readonly goodsValue: number
  readonly freight: number
  readonly netGrams: number
  readonly grossGrams: number
}

/** Customs' numbers of the currencies, and fen for a hundredth of them; the rate is made up. */
const CURRENCIES = { CNY: { code: '142', fen: 1 }, USD: { code: '502', fen: 7 } } as const

const ORDER_TYPES: Readonly<Record<ExportMode, string>> = {
  '9610': 'E',
  '1210': 'E',
  '9710': 'B',
  '9810': 'W',
}
const PACKING_GRAMS = 150
const FREIGHT_FEN = 3_500
/** What one line to an enterprise is worth at most, so that three stay below 5,000 CNY. */
const LINE_FEN_MAX = 150_000
const PIECES_MAX = 20

/** A foreign warehouse has no code: the word 无 stands for one (note on CEB303). */
const OVERSEAS_WAREHOUSE = { ebpCode: '无', ebpName: '渝关合成海外仓（合成境外仓库）' }

const gather = (settings: ExportSettings): Facts => {
  const { n, seed, enterprises, mode, at, fate = '' } = settings
  const random = randomOf(seed, n)
  const { code, fen } = CURRENCIES[settings.currency]
  const lines = fillBasket(random, mode === '9710' || mode === '9810', fen)
  const netGrams = sum(lines, ({ goods, qty }) => goods.netGrams * qty)
  const { platform } = enterprises
  const serial = serialOf(settings)
  return {
    settings,
    merchant: pick(enterprises.merchants, n),
    declarant: pick(enterprises.declarants, n),
    platform:
      mode === '9810'
        ? OVERSEAS_WAREHOUSE
        : { ebpCode: platform.customsCode, ebpName: platform.name },
    orderNo: `YE${serial}${fate}`,
    serial,
    appTime: stamp14(at),
    currency: code,
    destination: pick(destinations, random(destinations.length)),
    lines,
    goodsValue: sum(lines, ({ price, qty }) => price * qty),
    freight: Math.round(FREIGHT_FEN / fen),
    netGrams,
    grossGrams: netGrams + PACKING_GRAMS,
  }
}

/** A parcel holds a few pieces for a person, more for an enterprise. */
const fillBasket = (random: Random, isTrade: boolean, fen: number): Line[] => {
  const first = random(exportGoodsTable.length)
  const count = 1 + random(3)
  const lines: Line[] = []
  for (let i = 0; i < count; i += 1) {
    const goods = exportGoodsTable[(first + i * 3) % exportGoodsTable.length]
    if (goods === undefined) continue
    const most = Math.min(PIECES_MAX, Math.floor(LINE_FEN_MAX / goods.priceFen))
    const qty = isTrade ? 1 + random(most) : 1 + random(3)
    lines.push({ goods, qty, price: Math.round(goods.priceFen / fen) })
  }
  return lines
}

const submission = ({ settings, appTime }: Facts, kind: number) => ({
  guid: guidOf(settings, kind),
  appType: '1',
  appTime,
  appStatus: '2',
})

const merchantOf = ({ merchant }: Facts) => ({
  ebcCode: merchant.customsCode,
  ebcName: merchant.name,
})

const makeOrder = (facts: Facts): ExportConsignment['order'] => ({
  OrderHead: {
    ...submission(facts, 303),
    orderType: ORDER_TYPES[facts.settings.mode],
    orderNo: facts.orderNo,
    ...facts.platform,
    ...merchantOf(facts),
    goodsValue: yuan(facts.goodsValue),
    freight: yuan(facts.freight),
    currency: facts.currency,
  },
  OrderList: facts.lines.map(({ goods, qty, price }, i) => ({
    gnum: String(i + 1),
    itemNo: goods.itemNo,
    itemName: goods.name,
    itemDescribe: goods.model,
    barCode: '无',
    unit: goods.unit,
    currency: facts.currency,
    qty: String(qty),
    price: yuan(price),
    totalPrice: yuan(price * qty),
  })),
})

const makeWaybill = (facts: Facts): ExportConsignment['waybill'] => {
  const { carrier } = facts.settings.enterprises
  return {
    ...submission(facts, 505),
    logisticsCode: carrier.customsCode,
    logisticsName: carrier.name,
    logisticsNo: waybillNumberOf(facts),
    freight: yuan(facts.freight),
    insuredFee: '0',
    currency: facts.currency,
    grossWeight: milli(facts.grossGrams),
    packNo: '1',
    goodsInfo: facts.lines[0]?.goods.name ?? '',
    ...merchantOf(facts),
  }
}

const makeReceipt = (facts: Facts): ExportConsignment['receipt'] => {
  const { payer } = facts.settings.enterprises
  return {
    ...submission(facts, 403),
    ...facts.platform,
    ...merchantOf(facts),
    orderNo: facts.orderNo,
    payCode: payer.customsCode,
    payName: payer.name,
    payNo: `REC${facts.serial}`,
    charge: yuan(facts.goodsValue + facts.freight),
    currency: facts.currency,
    accountingDate: facts.appTime,
  }
}

const waybillNumberOf = ({ serial, settings }: Facts): string =>
  `WE${serial}${settings.waybillFate ?? ''}`

const makeList = (facts: Facts): ExportConsignment['list'] => {
  const { settings, merchant, declarant, appTime, destination } = facts
  const { carrier } = settings.enterprises
  const isBonded = settings.mode === '1210'
  return {
    InventoryHead: {
      ...submission(facts, 603),
      customsCode: officeOf(settings.zone),
      ...facts.platform,
      orderNo: facts.orderNo,
      logisticsCode: carrier.customsCode,
      logisticsName: carrier.name,
      logisticsNo: waybillNumberOf(facts),
      copNo: `E${facts.serial}`,
      ieFlag: 'E',
      portCode: AIRPORT_OFFICE,
      ieDate: appTime.slice(0, 8),
      statisticsFlag: settings.flag,
      agentCode: declarant.customsCode,
      agentName: declarant.name,
      ...merchantOf(facts),
      ownerCode: merchant.customsCode,
      ownerName: merchant.name,
      ...(isBonded ? warehouseOf(settings) : {}),
      tradeMode: settings.mode,
      ...flightOf(appTime),
      country: destination.country,
      POD: destination.port,
      freight: yuan(facts.freight),
      fCurrency: facts.currency,
      fFlag: '3',
      insuredFee: '0',
      iCurrency: facts.currency,
      iFlag: '3',
      wrapType: '2',
      packNo: '1',
      grossWeight: milli(facts.grossGrams),
      netWeight: milli(facts.netGrams),
    },
    InventoryList: facts.lines.map((line, i) => listLine(facts, line, i, isBonded)),
  }
}

const AIR = '5'

/** One aeroplane a day. */
export const flightOf = (appTime: string) => ({
  trafMode: AIR,
  trafName: 'SYN002',
  voyageNo: `SE${appTime.slice(4, 8)}`,
  billNo: `SYE-${appTime.slice(0, 8)}`,
})

const warehouseOf = ({ zone, enterprises }: ExportSettings) => {
  const warehouse = enterprises.warehouses.get(zone.code)
  if (warehouse === undefined) throw new Error(`no warehouse in ${zone.code}`)
  return {
    iacCode: warehouse.customsCode,
    iacName: warehouse.name,
    emsNo: accountBookOf(zone),
  }
}

const listLine = (
  { currency, destination }: Facts,
  { goods, qty, price }: Line,
  index: number,
  isBonded: boolean,
) => ({
  gnum: String(index + 1),
  itemNo: goods.itemNo,
  ...(isBonded ? { itemRecordNo: goods.itemNo } : {}),
  itemName: goods.name,
  gcode: goods.hs,
  gname: goods.name,
  gmodel: goods.model,
  barCode: '无',
  country: destination.country,
  currency,
  qty: String(qty),
  qty1: milli(goods.legalMilli * qty),
  ...(goods.secondUnit === undefined ? {} : { qty2: milli(goods.secondMilli * qty) }),
  unit: goods.unit,
  unit1: goods.legalUnit,
  ...(goods.secondUnit === undefined ? {} : { unit2: goods.secondUnit }),
  price: yuan(price),
  totalPrice: yuan(price * qty),
})
