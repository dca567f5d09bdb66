/** What is asked and answered about monthly reports. Amounts are decimal texts. */
import { z } from '@hono/zod-openapi'
import { readStamp } from '../kernel/clock.ts'
import { isId } from '../kernel/ids.ts'
import { REPORT_PAGE_ROWS_MAX, REPORT_ROLE_LENGTH_MAX } from '../kernel/report-limits.ts'
import { text } from './text-schemas.ts'

/** A month in China, yyyy-MM. */
export const reportMonth = z
  .string()
  .regex(/^\d{4}-\d\d$/)
  .refine((value) => readStamp(`${value.replace('-', '')}01`) !== undefined)
  .openapi({ example: '2026-10' })

export const reportQuery = z.object({
  month: reportMonth.optional(),
  cursor: z
    .string()
    .refine(isId)
    .optional()
    .openapi({ description: '上一页的 next / `next` of the page before' }),
  limit: z.coerce.number().int().min(1).max(REPORT_PAGE_ROWS_MAX).optional(),
})

export const languageQuery = z.object({
  lang: z.enum(['zh', 'en']).optional().openapi({ description: '语言，默认中文 / language' }),
})

export const publishRequest = z
  .strictObject({
    month: reportMonth,
    asOf: z.iso
      .datetime({ offset: true })
      .optional()
      .openapi({ description: '数据截止时刻，默认现在 / moment the figures are as of, now' }),
  })
  .openapi('ReportRequest')

export const signOffRequest = z
  .strictObject({
    role: z
      .string()
      .trim()
      .min(1)
      .max(REPORT_ROLE_LENGTH_MAX)
      .refine((value) => !value.includes('\0'))
      .openapi({ example: '签发', description: '签发人的角色 / the role that signs' }),
  })
  .openapi('ReportSignOffRequest')

const head = {
  id: z.string(),
  number: z.string(),
  month: z.string(),
  edition: z.int(),
  status: z.enum(['preliminary', 'revised', 'final']),
  asOf: z.string(),
  publishedAt: z.string(),
  sha256: z.string().openapi({ description: 'figures 的 JSON 文本 / of figures as JSON text' }),
  signOffs: z.array(z.object({ role: z.string(), by: z.string(), at: z.string() })),
}

const change = z.object({
  line: z.string(),
  label: text,
  unit: z.enum(['count', 'amount', 'minutes', 'ratio']),
  before: z.string().nullable(),
  now: z.string().nullable(),
  difference: z.string().nullable(),
})

export const publication = z
  .object({ ...head, changes: z.array(change) })
  .openapi('ReportPublication')

export const reportList = z
  .object({
    reports: z.array(z.object({ ...head, changes: z.int() })),
    next: z.string().nullable(),
  })
  .openapi('ReportList')

const figure = z.object({ count: z.int(), amount: z.string() })
const ratio = z.string().nullable()
const compared = figure.extend({
  ...{ previous: figure.nullable(), lastYear: figure.nullable() },
  ...{ previousGrowth: ratio, lastYearGrowth: ratio },
})
const keyed = { key: z.string(), label: text }
const ranking = z
  .object({
    scope: z.string(),
    rows: z.array(
      figure.extend({ ...keyed, share: ratio, previous: z.string().nullable(), growth: ratio }),
    ),
    others: figure.extend({ keys: z.int().nullable(), share: ratio }).nullable(),
    total: figure,
  })
  .nullable()

const figures = z
  .object({
    format: z.string(),
    month: z.string(),
    asOf: z.string(),
    isOver: z.boolean(),
    measures: z.array(
      z.object({
        scope: z.string(),
        definition: text,
        sources: z.array(z.string()),
        month: compared.nullable(),
        yearToDate: compared.nullable(),
      }),
    ),
    target: z
      .object({
        ...{ scope: z.string(), year: z.int(), amount: z.string(), reached: z.string() },
        ...{ left: z.string(), progress: ratio, evenPace: z.string(), source: z.string() },
      })
      .nullable(),
    months: z.array(z.object({ month: z.string(), amounts: z.record(z.string(), figure) })),
    matrix: z
      .object({
        scope: z.string(),
        modes: z.array(z.object(keyed)),
        rows: z.array(z.object({ ...keyed, cells: z.array(figure), total: figure })),
        total: z.object({ cells: z.array(figure), total: figure }),
      })
      .nullable(),
    directions: z.array(z.object({ scope: z.string(), ...keyed, month: figure, share: ratio })),
    ...{ countries: ranking, chapters: ranking, enterprises: ranking, institutions: ranking },
    currencies: z.array(z.looseObject({ currency: z.string(), label: text })).nullable(),
    zones: z.array(z.looseObject(keyed)).nullable(),
    gaps: z.array(
      z.object({
        ...{ scope: z.string(), currency: z.string(), month: z.string() },
        ...{ count: z.int(), amount: z.string() },
      }),
    ),
    moreGaps: z.boolean(),
  })
  .openapi('ReportFigures')

export const reportDraft = z
  .object({ sha256: z.string(), publication: z.null(), figures })
  .openapi('ReportDraft')

export const reportAnswer = z.object({ publication, figures }).openapi('Report')
