/** What the routes of open data answer. */
import { z } from '@hono/zod-openapi'
import { text } from './text-schemas.ts'

export const openQuery = z.object({
  year: z.coerce.number().int().min(2000).max(2999).optional().openapi({
    description: '年度，默认今年 / calendar year, this one unless told',
  }),
})

export const openTotalsAnswer = z
  .object({
    title: text,
    year: z.int(),
    asOf: z.string(),
    currency: z.literal('CNY'),
    licence: z.string().nullable(),
    source: text,
    note: text,
    definitions: z.array(
      z.object({
        ...{ scope: z.string(), parts: z.array(z.string()), zh: z.string(), en: z.string() },
        ...{ confidence: z.string(), source: z.string(), validFrom: z.string() },
      }),
    ),
    leastEnterprises: z.array(
      z.object({
        ...{ role: z.string(), value: z.string() },
        ...{ validFrom: z.string(), confidence: z.string() },
      }),
    ),
    months: z.array(z.object({ month: z.string(), state: z.enum(['running', 'ended']) })),
    rows: z.array(
      z.object({
        ...{ scope: z.string(), month: z.string(), direction: z.string(), zone: z.string() },
        ...{ zoneName: text, mode: z.string(), count: z.int(), amount: z.string() },
        ...{ mergedCells: z.int(), incomplete: z.boolean() },
      }),
    ),
    totals: z.array(z.object({ scope: z.string(), count: z.int(), amount: z.string() })),
    missingRates: z.array(z.object({ scope: z.string(), currency: z.string(), month: z.string() })),
    withheld: z.array(z.string()),
  })
  .openapi('OpenTotals')

const inBoth = z.array(z.object({ '@value': z.string(), '@language': z.string() }))

export const openCatalogAnswer = z
  .looseObject({
    '@type': z.literal('dcat:Catalog'),
    'dct:title': inBoth,
    'dcat:dataset': z.array(
      z.looseObject({ '@id': z.string(), 'dcat:distribution': z.array(z.looseObject({})) }),
    ),
  })
  .openapi('OpenCatalog')
