/**
 * Shapes of targets and of the policy's scoreboard; see `flow/targets.ts` and `flow/scoreboard.ts`.
 * Amounts are CNY as decimal text.
 */
import { z } from '@hono/zod-openapi'
import { indicatorCounts } from '../catalogue/scoreboard.ts'
import { moment, text } from './schemas.ts'

const amount = z.string()
const month = z.string().openapi({ description: 'yyyyMM' })
const day = z.string().openapi({ description: 'yyyy-MM-dd' })

const forecast = z
  .object({
    method: z.enum(['run-rate', 'seasonal']),
    amount,
    range: z
      .object({
        low: amount,
        high: amount,
        coverage: z.string().openapi({
          description:
            '误差与过去相同时落在区间内的比例 / share of cases the range holds if errors stay as they were',
        }),
        errors: z.int(),
        horizon: z.int().openapi({ description: '每次推算的月数 / months of each forecast' }),
      })
      .nullable(),
    basis: z.array(month),
    text,
    rangeText: text,
  })
  .openapi('Forecast')

const outcomes = [
  'reached',
  'expected',
  'short',
  'missed',
  'unknown',
  'no-figures',
  'no-target',
] as const

const outcome = z.object({
  kind: z.enum(outcomes),
  month: month.nullable(),
  ...{ day: day.nullable(), earliest: day.nullable(), latest: day.nullable() },
  shortfall: amount.nullable(),
  ...{ shortfallLeast: amount.nullable(), shortfallMost: amount.nullable() },
  text,
})

const growth = z.object({
  months: z.array(month),
  ...{ amount, base: amount },
  growth: z
    .string()
    .nullable()
    .openapi({ description: '增长率，如 0.178000；无基数为 null / share; null without a base' }),
})

export const targetsAnswer = z
  .object({
    ...{ year: z.int(), scope: z.string(), definition: text, ...moment },
    zone: text.extend({ code: z.string() }),
    target: z
      .object({
        ...{ amount, validFrom: day, validTo: day.nullable(), confidence: z.string() },
        ...{ source: z.string(), note: z.string(), scope: z.string() },
        comparable: z.boolean().openapi({
          description: '所问口径是否为目标口径 / whether the scope asked for is that of the target',
        }),
      })
      .nullable(),
    done: z.object({ count: z.int(), amount, from: month.nullable() }),
    progress: z.string().nullable(),
    left: amount.nullable(),
    days: z.object({ all: z.int(), gone: z.int(), left: z.int() }),
    pace: z.object({
      needed: amount.nullable(),
      recent: amount.nullable(),
      months: z.array(month),
    }),
    forecast: forecast.nullable(),
    noForecast: text.extend({ code: z.string() }).nullable(),
    outcome,
    growth,
    shares: z.array(
      z.object({
        ...{ zone: z.string(), label: text, amount, share: z.string().nullable() },
        ...{ confidence: z.string(), source: z.string() },
      }),
    ),
    rest: amount.nullable(),
    gaps: z.array(
      z.object({ currency: z.string(), month, count: z.int(), amount: z.string() }).openapi({
        description: '缺汇率而未折算的金额 / amounts without a rate, in their currency',
      }),
    ),
    sources: z.array(z.string()),
  })
  .openapi('Targets')

const indicator = {
  indicator: z.string(),
  name: text,
  ...{ tag: z.string(), counts: z.enum(indicatorCounts), count: z.int() },
  aim: z.object({ lowest: z.int().nullable(), highest: z.int().nullable() }),
  standing: z.enum(['below', 'within', 'above', 'no-figure']),
  missing: z.int().nullable(),
  ...{ due: day.nullable(), validFrom: day, validTo: day.nullable() },
  ...{ confidence: z.string(), source: z.string(), note: z.string() },
  links: z.object({ enterprises: z.string() }),
}

export const scoreboardAnswer = z
  .object({
    on: day,
    definition: text,
    indicators: z.array(z.object(indicator).openapi('Indicator')),
  })
  .openapi('Scoreboard')

const tag = {
  ...{ tag: z.string(), subject: z.string(), validFrom: day, validTo: day.nullable() },
  ...{ confidence: z.string(), source: z.string(), note: z.string() },
}

export const indicatorAnswer = z
  .object({
    ...indicator,
    on: day,
    enterprises: z.array(
      z.object({
        ...{ enterprise: z.string(), name: z.string() },
        ...{ customsCode: z.string().nullable(), creditCode: z.string().nullable(), ...tag },
      }),
    ),
    next: z.string().nullable(),
  })
  .openapi('IndicatorEnterprises')

export const tagList = z.object({ tags: z.array(z.object(tag)) }).openapi('EnterpriseTags')

export const tagGiven = z
  .object({ ...tag, added: z.boolean(), changed: z.boolean() })
  .openapi('TagGiven')
