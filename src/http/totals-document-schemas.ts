/** What the routes of drill-down and open data take and answer. */
import { z } from '@hono/zod-openapi'
import { type CountedSet, countedSets } from '../catalogue/counted-sets.ts'
import { readCountedCursor } from '../flow/totals-documents.ts'
import type { SliceQuery } from '../flow/totals-links.ts'
import { PAGE_ROWS_MAX } from '../kernel/limits.ts'
import { documentView, enterpriseQuery, plainText, timeline } from './schemas.ts'
import { moment, text } from './text-schemas.ts'

const setNames = Object.keys(countedSets) as CountedSet[]

const word = plainText.max(32).optional()

const month = z
  .string()
  .regex(/^2\d{3}-?(0[1-9]|1[0-2])$/)
  .transform((given) => given.replace('-', ''))

/** What narrows a figure down: the same members as those of the totals. */
export const sliceMembers = {
  scope: z.enum(['declared', 'released', 'settled', 'policy']).optional().openapi({
    description: '口径，默认 released / what is counted, released unless told',
  }),
  year: z.coerce.number().int().min(2000).max(2999).optional(),
  month: month
    .optional()
    .openapi({ description: '月份 yyyyMM，先于 year / month, goes before the year' }),
  zone: word.openapi({ description: '监管区域代码；空为未归属 / zone; empty is undecided' }),
  mode: word.openapi({ description: '监管方式代码 / trade mode' }),
  direction: z.enum(['import', 'export']).optional(),
  enterprise: plainText
    .min(1)
    .max(64)
    .optional()
    .openapi({ description: '企业代码，按 role / code of the enterprise in its role' }),
  role: z
    .enum(['merchant', 'platform', 'declarant', 'warehouse', 'carrier'])
    .optional()
    .openapi({ description: '企业角色，默认 merchant / role of the enterprise' }),
  country: word.openapi({ description: '国别代码 / country' }),
  chapter: z
    .string()
    .regex(/^\d\d$/)
    .optional()
    .openapi({ description: '商品编码前两位 / chapter of the tariff' }),
  institution: plainText
    .min(1)
    .max(64)
    .optional()
    .openapi({ description: '结算机构代码 / code of the institution that settled' }),
  only: z.enum(setNames).optional().openapi({
    description:
      '只看其中一部分：时长已知、时长未知、有退货、各种未归属原因 / only lists whose clearance time is known, is not, of which goods came back, or that are undecided for this reason',
  }),
  asOf: z.iso
    .datetime({ offset: true })
    .transform((given) => new Date(given))
    .optional()
    .openapi({ description: '截至时刻，默认现在 / moment, now unless told' }),
  as: enterpriseQuery,
}

export const sliceQuery = z.object(sliceMembers)

export const countedQuery = z.object({
  ...sliceMembers,
  cursor: z
    .string()
    .max(64)
    .refine((given) => readCountedCursor(given) !== undefined)
    .optional()
    .openapi({ description: '上一页的 next / `next` of the page before' }),
  limit: z.coerce.number().int().min(1).max(PAGE_ROWS_MAX).optional(),
})

/** The figure that a query means. */
export const sliceOfQuery = (query: z.infer<typeof sliceQuery>): SliceQuery => {
  const { as: _, scope, ...rest } = query
  return { scope: scope ?? 'released', ...rest }
}

const gap = z.object({
  currency: z.string(),
  month: z.string(),
  count: z.int(),
  amount: z.string(),
})

const links = z.record(z.string(), z.string())

export const countedAnswer = z
  .object({
    scope: z.string(),
    ...moment,
    sees: z.enum(['all', 'own']),
    total: z.object({ count: z.int(), amount: z.string() }),
    gaps: z.array(gap),
    rows: z.array(
      z.object({
        id: z.string(),
        type: z.enum(['document', 'settlement']),
        kind: z.string().nullable(),
        name: text.nullable(),
        number: z.string().nullable(),
        scope: z.string(),
        month: z.string(),
        direction: z.string(),
        zone: z.string(),
        mode: z.string(),
        merchant: z.string().nullable(),
        country: z.string().nullable(),
        count: z.int(),
        amounts: z.array(
          z.object({
            currency: z.string(),
            amount: z.string(),
            rate: z.string().nullable(),
            cny: z.string().nullable(),
            chapters: z.array(z.string()),
          }),
        ),
        amount: z.string().nullable(),
        countedSince: z.string(),
        state: z.string().nullable(),
        group: z.string().nullable(),
        links,
      }),
    ),
    next: z.string().nullable(),
    links,
  })
  .openapi('CountedDocuments')

/** Nothing personal in either. */
export const countedDocumentAnswer = z
  .object({ document: documentView, entries: timeline.shape.entries })
  .openapi('CountedDocument')

export const billedQuery = z.object({
  month: month.openapi({ type: 'string', description: '税单月份 yyyyMM / month of the bill' }),
  zone: sliceMembers.zone,
  mode: sliceMembers.mode,
  cursor: z.uuid().optional().openapi({ description: '上一页的 next / `next` of the page before' }),
  limit: z.coerce.number().int().min(1).max(PAGE_ROWS_MAX).optional(),
})

const taxes = {
  bills: z.int(),
  ...{ duty: z.string(), consumptionTax: z.string(), vat: z.string(), total: z.string() },
}

export const billedAnswer = z
  .object({
    ...{ ...moment, month: z.string(), ...taxes },
    rows: z.array(
      z.object({
        ...{ id: z.string(), kind: z.string(), name: text.nullable(), number: z.string() },
        ...{ zone: z.string(), mode: z.string(), ...taxes },
        links: z.object({ self: z.string() }),
      }),
    ),
    next: z.string().nullable(),
    links: z.object({ next: z.string().optional() }),
  })
  .openapi('BilledLists')
