/** Reference tables of import taxes: rates by commodity code, and customs' exchange rates. */
import {
  confidence,
  note,
  type ReferenceColumn,
  type ReferenceRow,
  type ReferenceTable,
  type RowProblem,
  source,
  unitColumn,
  validFrom,
  validTo,
} from './table.ts'

const rate = (name: string, zh: string, en: string): ReferenceColumn => ({
  ...{ name, zh, en, as: 'decimal', digits: 12, fraction: 10 },
})

/** Rates that are shares of something. Of consumption tax the price that contains it is more. */
const SHARES = ['vat', 'adValorem'] as const
/** No duty is above the value twice over. */
const DUTY_MAX = 2

/** Compared only; no amount is reckoned with it. */
const isAtLeast = (value: ReferenceRow[string], least: number): boolean =>
  typeof value === 'string' && Number(value) >= least

const problemOf = (row: ReferenceRow): RowProblem | undefined => {
  const share =
    SHARES.find((name) => isAtLeast(row[name] ?? null, 1)) ??
    (isAtLeast(row.duty ?? null, DUTY_MAX) ? 'duty' : undefined)
  if (share !== undefined)
    return {
      column: share,
      text: { zh: '税率超出可能的范围', en: 'The rate is beyond what a rate can be' },
      cure: { zh: '以小数填写：13% 写作 0.13', en: 'Write a fraction: 13 per cent is 0.13' },
    }
  if ((row.tierUnit === '') !== (row.tierFrom === '0'))
    return {
      column: 'tierUnit',
      text: { zh: '价值分界须连同其计量单位填写', en: 'A value to begin from goes with its unit' },
      cure: { zh: '补填另一项，或两项都留空', en: 'Give the other one, or neither' },
    }
  if (row.perUnit !== '0' && row.unit === '')
    return {
      column: 'unit',
      text: { zh: '从量税额缺少计量单位', en: 'A tax per unit lacks its unit' },
      cure: { zh: '填写第一法定计量单位', en: 'Give the first legal unit' },
    }
  return undefined
}

export const taxRates: ReferenceTable = {
  name: 'tax-rates',
  zh: '进口税率',
  en: 'rates of import taxes',
  table: 'tax_rate',
  columns: [
    {
      ...{ name: 'code', zh: '商品编码（前若干位）', en: 'first digits of the code', as: 'text' },
      required: true,
      form: {
        pattern: /^(?:\d\d){1,5}$/,
        zh: '2、4、6、8 或 10 位数字',
        en: '2, 4, 6, 8 or 10 digits',
      },
    },
    validFrom,
    validTo,
    unitColumn('tierUnit', '价值分界的单位', 'unit of the value it begins from'),
    {
      ...{
        name: 'tierFrom',
        zh: '价值分界',
        en: 'value it begins from',
        as: 'decimal',
        blank: '0',
      },
    },
    rate('duty', '关税税率', 'duty'),
    { ...rate('vat', '增值税税率', 'VAT'), required: true },
    { ...rate('adValorem', '消费税从价税率', 'consumption tax of the price'), blank: '0' },
    { ...rate('perUnit', '消费税从量税额', 'consumption tax per unit'), blank: '0' },
    unitColumn('unit', '第一法定单位', 'first legal unit'),
    confidence,
    source,
    note,
  ],
  key: ['code', 'tierUnit', 'tierFrom', 'validFrom'],
  dating: 'row',
  hs: 'code',
  problem: problemOf,
}

const monthBefore = (month: string): string => {
  const [year = 0, number = 1] = month.split('-').map(Number)
  return number === 1 ? `${year - 1}-12` : `${year}-${String(number - 1).padStart(2, '0')}`
}

/** Customs may fix another rate within the month when rates swing. */
const rateProblem = ({ month, announcedOn, rate: value }: ReferenceRow): RowProblem | undefined => {
  if (Number(value) === 0)
    return {
      column: 'rate',
      text: { zh: '汇率不能为零', en: 'A rate is more than nothing' },
      cure: { zh: '填写一单位外币折合的人民币元', en: 'Give CNY for one unit of the currency' },
    }
  const announced = String(announcedOn).slice(0, 7)
  if (announced === month || announced === monthBefore(String(month))) return undefined
  return {
    column: 'announcedOn',
    text: {
      zh: '公布日不在适用月份或其前一个月',
      en: 'It was announced neither in its month nor in the month before',
    },
    cure: {
      zh: '适用汇率为上月第三个星期三（遇法定节假日为第四个）公布的汇率',
      en: 'A month uses what was announced on the third Wednesday before (the fourth after a holiday)',
    },
  }
}

export const exchangeRates: ReferenceTable = {
  name: 'exchange-rates',
  zh: '海关计征汇率',
  en: 'exchange rates of customs',
  table: 'exchange_rate',
  history: 'exchange_rate_edition',
  columns: [
    {
      ...{ name: 'currency', zh: '币制', en: 'currency', as: 'text', required: true },
      form: { pattern: /^\d{3}$/, zh: '三位币制代码', en: 'a currency code of 3 digits' },
    },
    {
      ...{ name: 'month', zh: '适用月份', en: 'month', as: 'text', required: true },
      form: { pattern: /^\d{4}-(?:0[1-9]|1[0-2])$/, zh: '如 2026-10', en: 'such as 2026-10' },
    },
    {
      ...{ name: 'rate', zh: '汇率', en: 'CNY for one unit', as: 'decimal', required: true },
      ...{ digits: 16, fraction: 8 },
    },
    { name: 'announcedOn', zh: '公布日', en: 'announced on', as: 'date', required: true },
    source,
  ],
  key: ['currency', 'month'],
  dating: 'none',
  replaces: 'month',
  problem: rateProblem,
}
