/** Why taxes cannot be told: code, texts and cures. */
import type { Fault, Text } from '../kernel/fault.ts'

const table = {
  'date-NO_RULE': {
    text: {
      zh: '该日没有有效的限值或税款比例',
      en: 'No limits, or no share of the taxes, are in force on this day',
    },
    cure: {
      zh: '零售进口税收政策自 2016-04-08 起；核对日期，或请运营者补录规则数值',
      en: 'The rules begin on 2016-04-08: check the date, or ask the operator to enter the figures',
    },
  },
  'tradeMode-NOT_RETAIL': {
    text: {
      zh: '该监管方式不是零售进口，不适用跨境电商综合税',
      en: 'This mode of trade is no retail import: these taxes do not apply to it',
    },
    cure: { zh: '填写 9610、1210 或 1239', en: 'Use 9610, 1210 or 1239' },
  },
  'currency-NO_RATE': {
    text: {
      zh: '没有该币制当月的海关汇率',
      en: 'No customs exchange rate of this currency is entered for the month',
    },
    cure: {
      zh: '以人民币（142）填写，或请运营者录入当月汇率（exchange-rates）',
      en: 'Give the amounts in CNY (142), or ask the operator to load the month (exchange-rates)',
    },
  },
  'gcode-NO_RATE': {
    text: {
      zh: '没有该商品编码在该日的税率',
      en: 'No rates of this commodity code are known for the day',
    },
    cure: {
      zh: '核对商品编码；可在 rates 中给出税率试算，或请运营者录入税率（tax-rates）',
      en: 'Check the code; give rates to try, or ask the operator to load them (tax-rates)',
    },
  },
  'gcode-NO_DUTY_RATE': {
    text: {
      zh: '该商品须全额缴税，但没有其关税税率',
      en: 'The goods bear full taxes, and their duty rate is not known',
    },
    cure: {
      zh: '在 rates 中给出 duty，或请运营者录入关税税率（tax-rates）',
      en: 'Give duty in rates, or ask the operator to load it (tax-rates)',
    },
  },
  'qty1-NEEDED': {
    text: {
      zh: '税率取决于数量，而所填数量不能换算为所需计量单位',
      en: 'The rate depends on a quantity, and none of those given is in its unit',
    },
    cure: {
      zh: '填写法定数量 qty1 及其单位 unit1',
      en: 'Give the first legal quantity qty1 with its unit unit1',
    },
  },
  'rates-NOT_FRACTION': {
    text: { zh: '税率超出可能的范围', en: 'The rate is beyond what a rate can be' },
    cure: {
      zh: '以小数填写，不用百分数：13% 写作 "0.13"',
      en: 'Write a fraction and no percentage: 13 per cent is "0.13"',
    },
  },
} as const satisfies Readonly<Record<string, { readonly text: Text; readonly cure: Text }>>

/** Names the day whose rate is missing, `yyyy-MM-dd`. */
export const exchangeFault = (day: string, pointer: string): Fault => {
  const fault = taxFault('currency-NO_RATE', pointer)
  const { zh, en } = fault.cure
  const cure = { zh: `${zh}；该月使用 ${day} 的汇率`, en: `${en}; it is the rate of ${day}` }
  return { ...fault, cure }
}

export const taxFault = (what: keyof typeof table, pointer: string): Fault => ({
  code: `TAX-${what}`,
  pointer,
  severity: 'error',
  ...table[what],
})
