/**
 * The goods of synthetic exports: commodity codes, units and prices as plausible as those of the
 * imports, and where they go. None of them needs a licence or bears an export duty.
 */
import { type Goods, ITEM, KILOGRAM, PAIR, PIECE } from './goods.ts'

/** Goods as those of imports; the price is free on board, and no tax is due. */
export type ExportGoods = Omit<Goods, 'origin' | 'vat' | 'consumption'>

// Customs' numeric code of a unit (计量单位) that imports do not use.
const SET = '006'

/** name, model, HS, unit, price in fen, net grams, legal unit, its thousandths, second unit, … */
type Row = readonly [
  name: string,
  model: string,
  hs: string,
  unit: string,
  priceFen: number,
  netGrams: number,
  legalUnit: string,
  legalMilli: number,
  secondUnit?: string,
  secondMilli?: number,
]

// biome-ignore format: a table is read by columns
const rows: readonly Row[] = [
  ['手机保护壳', '合成牌|硅胶|通用', '3926909090', PIECE, 1_890, 40, KILOGRAM, 40],
  ['头戴式耳机', '合成牌|蓝牙|黑色', '8518300000', PIECE, 15_900, 260, PIECE, 1_000, KILOGRAM, 260],
  ['运动鞋', '合成牌|纺织鞋面|42码', '6404110000', PAIR, 18_900, 800, PAIR, 1_000, KILOGRAM, 800],
  ['女士手提包', '合成牌|纺织材料面|中号', '4202220000', PIECE, 12_800, 600, PIECE, 1_000, KILOGRAM, 600],
  ['仿首饰项链', '合成牌|合金|镀色', '7117190000', ITEM, 3_900, 30, KILOGRAM, 30],
  ['太阳镜', '合成牌|树脂镜片', '9004100000', PIECE, 6_800, 45, PIECE, 1_000],
  ['不锈钢餐具', '合成牌|24件套', '7323930000', SET, 9_900, 1_600, KILOGRAM, 1_600],
  ['益智积木玩具', '合成牌|塑料|200粒', '9503008900', SET, 7_900, 700, KILOGRAM, 700],
  ['针织帽', '合成牌|腈纶|均码', '6505009900', PIECE, 2_600, 110, PIECE, 1_000, KILOGRAM, 110],
  ['摩托车后视镜', '合成牌|一对装', '8714100090', SET, 5_600, 450, KILOGRAM, 450],
]

export const exportGoodsTable: readonly ExportGoods[] = rows.map((row, index) => ({
  itemNo: `SYE${String(index + 1).padStart(5, '0')}`,
  name: row[0],
  model: row[1],
  hs: row[2],
  unit: row[3],
  priceFen: row[4],
  netGrams: row[5],
  legalUnit: row[6],
  legalMilli: row[7],
  secondUnit: row[8],
  secondMilli: row[9] ?? 0,
}))

/** Country and port of destination, as customs numbers them. */
export interface Destination {
  readonly country: string
  readonly port: string
}

/** Los Angeles, Hamburg, London, Paris, Tokyo, Sydney. */
export const destinations: readonly [Destination, ...Destination[]] = [
  { country: '502', port: '3154' },
  { country: '304', port: '2110' },
  { country: '303', port: '2052' },
  { country: '305', port: '2176' },
  { country: '116', port: '1331' },
  { country: '601', port: '3266' },
]
