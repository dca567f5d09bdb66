/**
 * The goods that synthetic consignments are made of: real commodity codes, units and origins, made
 * up names and prices. Rates of VAT and consumption tax are those of the commodity group; they
 * serve to make plausible amounts, not to assess tax.
 */
export interface Goods {
  readonly itemNo: string
  readonly name: string
  readonly model: string
  /** Ten digits. */
  readonly hs: string
  /** Unit the shop sells in. */
  readonly unit: string
  /** First legal unit, and how many thousandths of it one piece is. */
  readonly legalUnit: string
  readonly legalMilli: number
  /** Second legal unit, where the commodity has one. */
  readonly secondUnit: string | undefined
  readonly secondMilli: number
  readonly origin: string
  /** Price of one piece in fen. */
  readonly priceFen: number
  readonly netGrams: number
  /** Per cent. */
  readonly vat: number
  readonly consumption: number
}

// Customs' numeric codes of units (计量单位) and countries.
export const KILOGRAM = '035'
const LITRE = '095'
export const PIECE = '007'
export const ITEM = '011'
export const PAIR = '025'
const PACK = '125'
const BOTTLE = '142'
const BOX = '140'
const TIN = '122'
const BAG = '136'
const STICK = '012'

const JAPAN = '116'
const KOREA = '133'
const GERMANY = '304'
const FRANCE = '305'
const ITALY = '307'
const NETHERLANDS = '309'
const SPAIN = '312'
const AMERICA = '502'
const AUSTRALIA = '601'
const NEW_ZEALAND = '609'

/** name, model, HS, unit, origin, price in fen, net grams, legal unit, its thousandths, VAT, … */
type Row = readonly [
  name: string,
  model: string,
  hs: string,
  unit: string,
  origin: string,
  priceFen: number,
  netGrams: number,
  legalUnit: string,
  legalMilli: number,
  vat: number,
  consumption: number,
  secondUnit?: string,
  secondMilli?: number,
]

// biome-ignore format: a table is read by columns
const rows: readonly Row[] = [
  ['婴儿配方奶粉3段', '合成牌|800克/罐|12-36月龄', '1901101010', TIN, NETHERLANDS, 19_800, 800, KILOGRAM, 800, 13, 0],
  ['婴儿配方奶粉1段', '合成牌|900克/罐|0-6月龄', '1901101010', TIN, NEW_ZEALAND, 23_900, 900, KILOGRAM, 900, 13, 0],
  ['复合维生素片', '合成牌|120片/瓶', '2106909090', BOTTLE, AUSTRALIA, 15_600, 210, KILOGRAM, 210, 13, 0],
  ['鱼油软胶囊', '合成牌|200粒/瓶', '2106909090', BOTTLE, AMERICA, 12_800, 320, KILOGRAM, 320, 13, 0],
  ['洗发水', '合成牌|500毫升/瓶', '3305100090', BOTTLE, JAPAN, 6_900, 520, KILOGRAM, 520, 13, 0],
  ['牙膏', '合成牌|120克/支', '3306101090', STICK, KOREA, 2_980, 120, KILOGRAM, 120, 13, 0],
  ['洁面乳', '合成牌|100克/支', '3401300000', STICK, JAPAN, 5_800, 100, KILOGRAM, 100, 13, 0],
  ['烘焙咖啡豆', '合成牌|1千克/袋', '0901210000', BAG, ITALY, 13_900, 1_000, KILOGRAM, 1_000, 13, 0],
  ['夹心巧克力', '合成牌|300克/盒', '1806310000', BOX, GERMANY, 8_800, 300, KILOGRAM, 300, 13, 0],
  ['黄油曲奇', '合成牌|454克/罐', '1905310000', TIN, NETHERLANDS, 5_900, 454, KILOGRAM, 454, 13, 0],
  ['特级初榨橄榄油', '合成牌|1升/瓶', '1509200000', BOTTLE, SPAIN, 11_900, 916, KILOGRAM, 916, 9, 0],
  ['蜂蜜', '合成牌|500克/瓶', '0409000000', BOTTLE, NEW_ZEALAND, 26_800, 500, KILOGRAM, 500, 9, 0],
  ['婴儿纸尿裤', '合成牌|L码54片/包', '9619001100', PACK, JAPAN, 9_900, 1_850, KILOGRAM, 1_850, 13, 0],
  ['保湿面霜', '合成牌|50毫升/瓶', '3304990039', BOTTLE, FRANCE, 30_000, 55, KILOGRAM, 55, 13, 0, ITEM, 1_000],
  ['抗皱眼霜', '合成牌|20克/瓶', '3304990029', BOTTLE, FRANCE, 42_500, 20, KILOGRAM, 20, 13, 15, ITEM, 1_000],
  ['干红葡萄酒', '合成牌|750毫升/瓶', '2204210000', BOTTLE, FRANCE, 26_000, 750, LITRE, 750, 13, 10],
  ['电动剃须刀', '合成牌|往复式|充电', '8510100000', PIECE, GERMANY, 89_900, 350, PIECE, 1_000, 13, 0, KILOGRAM, 350],
  ['电吹风机', '合成牌|1200瓦', '8516310000', PIECE, JAPAN, 129_900, 620, PIECE, 1_000, 13, 0],
  ['女士手提包', '合成牌|纺织材料面|中号', '4202220000', PIECE, ITALY, 148_000, 700, PIECE, 1_000, 13, 0, KILOGRAM, 700],
  ['运动鞋', '合成牌|纺织鞋面|42码', '6404110000', PAIR, AMERICA, 56_900, 800, PAIR, 1_000, 13, 0, KILOGRAM, 800],
]

/** Twenty kinds of goods; a basket of three of the dearest still lies below the limit of an order. */
export const goodsTable: readonly Goods[] = rows.map((row, index) => ({
  itemNo: `SYN${String(index + 1).padStart(5, '0')}`,
  name: row[0],
  model: row[1],
  hs: row[2],
  unit: row[3],
  origin: row[4],
  priceFen: row[5],
  netGrams: row[6],
  legalUnit: row[7],
  legalMilli: row[8],
  vat: row[9],
  consumption: row[10],
  secondUnit: row[11],
  secondMilli: row[12] ?? 0,
}))
