/** What the answer about a target says in words: how it was reckoned, how sure it is, how it ends. */
import type { Text } from '../kernel/fault.ts'
import { roundDown, writeFixed } from '../kernel/fraction.ts'
import { RANGE_ERRORS_MIN } from '../kernel/target-limits.ts'
import type { Forecast, Method, NoForecast } from '../rules/forecast.ts'
import type { Outcome } from './targets.ts'

export interface ForecastText {
  /** How the point was reckoned. */
  readonly text: Text
  /** What the range rests on, or why there is none. */
  readonly rangeText: Text
}

type Told = Extract<Forecast, { kind: 'forecast' }>

export const forecastTexts = (forecast: Told, complete: number): ForecastText => ({
  text: METHODS[forecast.method](forecast.basis),
  rangeText: rangeText(forecast, complete),
})

const dashed = (month: string): string => `${month.slice(0, 4)}-${month.slice(4)}`

const span = (months: readonly string[]): string => {
  const [first = '', last = first] = [months[0], months.at(-1)]
  return first === last ? dashed(first) : `${dashed(first)} – ${dashed(last)}`
}

const METHODS: Readonly<Record<Method, (basis: readonly string[]) => Text>> = {
  'run-rate': (basis) => ({
    zh: `按日推算：最近完整月（${span(basis)}）的日均乘以今年剩余天数，加上已完成数；历史不足一年，旺季淡季未计入`,
    en: `By the day: the mean of the last complete months (${span(basis)}) for every day that is left, added to what is done; with less than a year of history no season is in it`,
  }),
  seasonal: (basis) => ({
    zh: `按季节推算：去年同月的日均，乘以最近完整月（${span(basis)}）相对去年同期的增长，加上已完成数`,
    en: `By the season: each month as in last year, by the day, times the growth of the last complete months (${span(basis)}) on the same ones of last year, added to what is done`,
  }),
}

const rangeText = ({ range, rest }: Told, complete: number): Text => {
  if (range === null)
    return {
      zh: `不给区间：可与实际核对的过去推算少于 ${RANGE_ERRORS_MIN} 次（现有 ${complete} 个完整月）`,
      en: `No range: fewer than ${RANGE_ERRORS_MIN} forecasts of the past can be held against what came (${complete} complete months)`,
    }
  const percent = writeFixed(
    roundDown({ ...range.coverage, above: range.coverage.above * 100n }, 0),
    0,
  )
  const wider = rest.length > range.horizon
  return {
    zh: `区间取自同一方法过去 ${range.errors} 次推算（各推 ${range.horizon} 个月）与实际之比${wider ? `，并按剩余 ${rest.length} 个月放宽` : ''}；若误差与过去相同，约 ${percent}% 的情形落在区间内；各次推算相互重叠，实际把握会略低`,
    en: `The range is what came / what was foretold of ${range.errors} forecasts of the past by the same method, each over ${range.horizon} month(s)${wider ? `, widened to the ${rest.length} that are left` : ''}; if errors stay as they were it holds in about ${percent} % of cases; the forecasts overlap, so that it holds somewhat less often`,
  }
}

const NONE: Readonly<Record<NoForecast, Text>> = {
  'year-over': { zh: '该年已结束，不再推算', en: 'The year is over: nothing is left to foretell' },
  'not-begun': { zh: '该年尚未开始', en: 'The year has not begun' },
  'no-complete-month': {
    zh: '还没有一个完整月的数据，无法推算',
    en: 'No month is complete yet: there is nothing to go by',
  },
}

export const noForecastText = (why: NoForecast): Text & { readonly code: NoForecast } => ({
  code: why,
  ...NONE[why],
})

export const outcomeText = (outcome: Omit<Outcome, 'text'>): Text => {
  const { month, day, earliest, latest, shortfall } = outcome
  switch (outcome.kind) {
    case 'no-target':
      return { zh: '该年没有已公布的目标', en: 'No target of this year is known' }
    case 'reached':
      return month === null
        ? { zh: '目标已完成', en: 'The target is reached' }
        : { zh: `目标已于 ${dashed(month)} 完成`, en: `The target was reached in ${dashed(month)}` }
    case 'no-figures':
      return { zh: '本系统没有该年的数据', en: 'Nothing of that year is known here' }
    case 'missed':
      return { zh: `未完成，差 ${shortfall} 元`, en: `Missed by CNY ${shortfall}` }
    case 'unknown':
      return { zh: '尚未完成，无法推算', en: 'Not reached yet, and nothing to foretell it by' }
    case 'expected':
      return {
        zh: `按推算 ${day} 完成${between(earliest, latest, '最早', '最晚', '年内未必')}`,
        en: `Expected on ${day}${between(earliest, latest, 'at the earliest', 'at the latest', 'perhaps not this year')}`,
      }
    case 'short':
      return {
        zh: `按推算年底差 ${shortfall} 元${earliest === null ? '' : `；区间上沿为 ${earliest} 完成`}`,
        en: `Short by CNY ${shortfall} at the end of the year by the forecast${earliest === null ? '' : `; at the upper end of the range reached on ${earliest}`}`,
      }
  }
}

const between = (
  earliest: string | null,
  latest: string | null,
  first: string,
  last: string,
  never: string,
): string =>
  earliest === null && latest === null
    ? ''
    : ` (${first} ${earliest}; ${latest === null ? never : `${last} ${latest}`})`
