/**
 * Rates of the import taxes by commodity code: seeds of the table `tax_rate`, which is then edited
 * in the database or loaded from a file (`docs/tax.md`). They are a start and no tariff: each says how
 * sure it is, A official or told by two independent sources, B by one, M from general knowledge only.
 * Duty rates are not seeded at all: none is known here, and inside the limits none is asked for.
 */

/**
 * Where taxes are rounded to the fen, half up: `line` each tax of each line, then summed; `list` each
 * tax of the whole list. The figure `tax-rounding` names one of them.
 */
export const roundings = ['line', 'list'] as const
export type Rounding = (typeof roundings)[number]

export interface TaxRate {
  /** 2, 4, 6, 8 or 10 first digits of the commodity code; the longest that fits decides. */
  readonly code: string
  /** `yyyy-MM-dd`, both days included; null: until further notice. */
  readonly validFrom: string
  readonly validTo: string | null
  /**
   * Holds from this value on, CNY for one `tierUnit` of the goods, the value included; `''` and `0`
   * where the value decides nothing. The tiers of a code have one `validFrom`.
   */
  readonly tierUnit: string
  readonly tierFrom: string
  /** Fractions: `0.13` is 13 per cent. Null: not known. */
  readonly duty: string | null
  readonly vat: string
  /** Consumption tax: a fraction of the price that contains it, and CNY for one `unit`. */
  readonly adValorem: string
  readonly perUnit: string
  /** First legal unit of the goods, in which `perUnit` counts; `''` where nobody asks. */
  readonly unit: string
  readonly confidence: 'A' | 'B' | 'M'
  readonly source: string
  readonly note: string
}

const [KILOGRAM, GRAM, LITRE, MILLILITRE, SHEET] = ['035', '036', '095', '096', '020'] as const

const PLAIN: Omit<TaxRate, 'code'> = {
  /** Since then 13 and 9 per cent are the rates of VAT. */
  validFrom: '2019-04-01',
  validTo: null,
  ...{ tierUnit: '', tierFrom: '0', duty: null, vat: '0.13', adValorem: '0', perUnit: '0' },
  unit: '',
  confidence: 'M',
  source: '业务常识，未见原文',
  note: '请按税则核对 / check it against the tariff',
}

/** Headings of goods that are often bought this way, by their VAT. */
const plain = (vat: string, codes: readonly string[]): readonly TaxRate[] =>
  codes.map((code) => ({ ...PLAIN, code, vat }))

const COSMETICS: TaxRate = {
  ...PLAIN,
  ...{ code: '33049900', unit: KILOGRAM },
  confidence: 'A',
  source: '宁波海关答问（人民日报客户端）',
  note: '高档化妆品每毫升或每克满 10 元、每片满 15 元起征 15% / high-end from 10 CNY a ml or g, 15 a sheet',
}

const BEER: TaxRate = {
  ...PLAIN,
  ...{ code: '2203', unit: LITRE },
  confidence: 'B',
  source: 'htshub.com 所列 2203000000 的税率',
}

/** 3,000 CNY a tonne at 988 litres. */
const BEER_BREAK = '3.0364'

export const taxRates: readonly TaxRate[] = [
  ...plain('0.13', ['0901', '1806', '1901', '1905', '2106', '3304', '3305', '3306', '3401']),
  ...plain('0.13', ['4202', '6404', '8510', '8516', '9619']),
  ...plain('0.09', ['0409', '1509']),
  COSMETICS,
  { ...COSMETICS, tierUnit: GRAM, tierFrom: '10', adValorem: '0.15' },
  { ...COSMETICS, tierUnit: MILLILITRE, tierFrom: '10', adValorem: '0.15' },
  { ...COSMETICS, tierUnit: SHEET, tierFrom: '15', adValorem: '0.15' },
  {
    ...PLAIN,
    ...{ code: '2204', unit: LITRE, adValorem: '0.1' },
    confidence: 'A',
    source: 'chinawinebusiness.com 关于葡萄酒消费税的文章',
    note: '消费税 10% / consumption tax 10 per cent',
  },
  { ...BEER, perUnit: '0.2227', note: '较低的一档 / the lower of two rates' },
  {
    ...BEER,
    ...{ tierUnit: LITRE, tierFrom: BEER_BREAK, perUnit: '0.253' },
    confidence: 'M',
    note: '两档税额仅见一处；分界按每吨 3000 元折算，进口或另以美元计，须核对 / the break is from general knowledge',
  },
  {
    ...PLAIN,
    ...{ code: '2208', unit: LITRE, adValorem: '0.2', perUnit: '0.912' },
    confidence: 'B',
    source: 'chinawinebusiness.com 关于烈酒税费的文章',
    note: '20% 加每升 0.912 元，从量部分亦并入组成计税价格 / the specific part stands in the base too',
  },
]
