/** Shapes of the view of zones; see `flow/zones.ts`. */
import { z } from '@hono/zod-openapi'
import { moment, text } from './text-schemas.ts'

const amount = z.string().openapi({ description: '人民币元，十进制文本 / CNY, decimal text' })
const month = z.string().openapi({ description: 'yyyyMM' })
const documents = z.object({ documents: z.string() })
const missing = z
  .array(z.object({ currency: z.string(), amount: z.string() }))
  .openapi({ description: '缺汇率而未计入的金额 / amounts without a rate, in no figure' })

const compared = z.object({
  month,
  base: z.string().nullable(),
  growth: z.string().nullable().openapi({
    description:
      '增幅，6 位小数；无基数或本月未结束为 null / a share, 6 places; null without a base or while the month runs',
  }),
})
const sides = z.object({ lastMonth: compared, lastYear: compared }).openapi('ZoneCompared')

const tradeFigure = z
  .object({
    scope: z.enum(['declared', 'released']),
    count: z.int(),
    ...{ amount, missing },
    compared: z.object({ count: sides, amount: sides }),
    links: documents,
  })
  .openapi('ZoneTrade')

const apart = '以 asOf 询问时为 null / null as of a moment'
const taxApart = z.string().nullable().openapi({ description: apart })
const taxes = z
  .object({
    scope: z.literal('billed'),
    bills: z.int().nullable().openapi({ description: apart }),
    ...{ duty: taxApart, consumptionTax: taxApart, vat: taxApart, total: amount },
    compared: z.object({ total: sides }),
    links: z.object({ lists: z.string().nullable() }),
  })
  .nullable()
  .openapi('ZoneTaxes')

const clearanceMembers = {
  scope: z.literal('released'),
  lists: z.int().openapi({ description: '有时长的清单 / lists whose time is known' }),
  unmeasured: z.int().openapi({
    description:
      '放行前海关无回执、时长未知的清单 / lists of which nothing was said before release',
  }),
  medianMinutes: z.number().nullable(),
  p95Minutes: z.number().nullable(),
  links: z.object({ measured: z.string(), unmeasured: z.string() }),
}
const clearance = z.object(clearanceMembers).openapi('ZoneClearance')
const comparedClearance = z
  .object({
    ...clearanceMembers,
    compared: z.object({ medianMinutes: sides, p95Minutes: sides }),
  })
  .openapi('ZoneClearanceCompared')

const refusals = {
  ...{ scope: z.literal('refused'), refused: z.int() },
  rate: z.string().nullable(),
  compared: z.object({ rate: sides }),
}

const activeMembers = {
  ...{ role: z.string(), name: text, scope: z.literal('released'), enterprises: z.int() },
  links: z.object({ enterprises: z.string() }),
}
const active = z.object(activeMembers).openapi('ZoneActive')
const comparedActive = z
  .object({ ...activeMembers, compared: z.object({ enterprises: sides }) })
  .openapi('ZoneActiveCompared')

const returns = z
  .object({
    ...{ scope: z.literal('released'), lists: z.int(), amount, missing },
    compared: z.object({ lists: sides, amount: sides }),
    links: documents,
  })
  .openapi('ZoneReturns')

const queue = z
  .object({
    ...{ waiting: z.int(), ready: z.int(), sent: z.int(), blocked: z.int() },
  })
  .nullable()
  .openapi('ZoneQueue')

const figures = {
  ...{ declared: tradeFigure, released: tradeFigure, taxes, enterprises: z.array(active) },
  ...{ clearance, returns, queue },
}

const named = {
  code: z.string().openapi({ description: '空为未归属 / empty is undecided' }),
  name: text,
  facts: z
    .object({
      type: text.extend({ code: z.string() }),
      approved: z.string().nullable(),
      ...{ district: z.string(), confidence: z.string(), sources: z.array(z.string()) },
      rules: z.int(),
    })
    .nullable(),
  rank: z.object({ value: z.int().nullable(), clearance: z.int().nullable() }),
}

const head = {
  ...{ month, state: z.enum(['running', 'ended']), ...moment },
  definitions: z.array(text.extend({ scope: z.string(), source: z.string() })),
  clearanceError: z.number().openapi({
    description: '通关时长相对误差上限 / share by which clearance times are off at most',
  }),
  queueMore: z.boolean().openapi({
    description: '在途单证多于所查 / more is on its way than was counted',
  }),
  unopened: z
    .array(text.extend({ figure: z.string() }))
    .openapi({ description: '不列清单的数字及原因 / figures that do not open, and why' }),
  untold: text.nullable().openapi({
    description: '以 asOf 询问时为 null 的数字及原因 / why figures are null as of a moment',
  }),
}

const undecided = z
  .object({
    counts: z.array(
      z.object({
        scope: z.enum(['declared', 'released']),
        reasons: z.array(
          z.object({ because: z.string(), name: text, count: z.int(), links: documents }),
        ),
        links: documents,
      }),
    ),
    links: z.object({ rules: z.string() }),
  })
  .openapi('ZoneUndecided')

export const zonesAnswer = z
  .object({
    ...head,
    zones: z.array(
      z.object({
        ...{ ...named, ...figures, refusals: z.object(refusals).nullable() },
        links: z.object({ zone: z.string() }),
      }),
    ),
    city: z.object({ ...figures, refusals: z.object(refusals).nullable() }),
    undecided,
  })
  .openapi('Zones')

const cause = text.extend({ name: z.string() })

export const zoneAnswer = z
  .object({
    ...{ ...head, ...named, ...figures },
    ...{ clearance: comparedClearance, enterprises: z.array(comparedActive) },
    byDirection: z.array(
      z.object({
        direction: z.enum(['import', 'export']),
        ...{ declared: tradeFigure, released: tradeFigure },
      }),
    ),
    byMode: z.array(
      z.object({
        ...{ mode: z.string(), declared: tradeFigure, released: tradeFigure, clearance, taxes },
      }),
    ),
    refusals: z
      .object({
        ...refusals,
        causes: z
          .array(
            z.looseObject({
              ...{ cause, count: z.int() },
              share: z.string().nullable().openapi({ description: '占退单 / of all refused' }),
              rate: z.string().nullable().openapi({
                description:
                  '占海关已决定的版本，各原因相加为退单率 / of all that customs decided on; causes add up to the rate of refusals',
              }),
            }),
          )
          .nullable()
          .openapi({ description: apart }),
        others: z.object({ causes: z.int(), count: z.int() }).nullable(),
      })
      .nullable(),
    stock: z
      .object({
        value: z.null(),
        missing: text,
        units: z.array(
          z.object({
            ...{ unit: z.string(), name: text, items: z.int() },
            ...{ stock: z.string(), reserved: z.string() },
          }),
        ),
        links: z.object({ books: z.string().nullable() }),
      })
      .nullable()
      .openapi({
        description:
          '账册库存；仅运营方和统计密钥可见 / stock of the books; for the operator and keys for the totals',
      }),
    undecided: undecided.nullable(),
    links: z.object({ zones: z.string(), rules: z.string() }),
  })
  .openapi('ZoneView')
