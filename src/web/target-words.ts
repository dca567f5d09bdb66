/** What pages say of a target's forecast and outcome, and what scopes are called. */
import type { TargetsView } from '../flow/targets.ts'
import type { Text } from '../kernel/fault.ts'
import { exactAmount, percent, shortAmount } from './figures.ts'
import { fill, type Lang, say } from './texts.ts'

export const scopeNames: Readonly<Record<string, Text>> = {
  policy: { zh: '交易及结算', en: 'Trade and settlement' },
  released: { zh: '已放行', en: 'Released' },
  declared: { zh: '已申报', en: 'Declared' },
  settled: { zh: '已结算', en: 'Settled' },
}

const texts = {
  range: {
    zh: '{low} 至 {high}，把握约 {coverage}',
    en: '{low} to {high}, holds in about {coverage}',
  },
  noRange: { zh: '历史太短，给不出区间', en: 'The past is too short for a range' },
} as const satisfies Readonly<Record<string, Text>>

export const shortText = (amount: string, lang: Lang): string => {
  const { value, unit } = shortAmount(amount, lang)
  return `${value} ${unit}`
}

export const rangeText = (
  { range }: Pick<NonNullable<TargetsView['forecast']>, 'range'>,
  lang: Lang,
): string =>
  range === null
    ? say(texts.noRange, lang)
    : fill(say(texts.range, lang), {
        low: shortText(range.low, lang),
        high: shortText(range.high, lang),
        coverage: percent(range.coverage).replace('.00', ''),
      })

/** Amounts of the outcome stand in its sentence to the last place; a reader wants them to the fen. */
export const outcomeText = (
  { shortfall, text }: Pick<TargetsView['outcome'], 'shortfall' | 'text'>,
  lang: Lang,
): string =>
  shortfall === null ? text[lang] : text[lang].replace(shortfall, exactAmount(shortfall))
