/** Shapes of stage clocks in answers. */
import { z } from '@hono/zod-openapi'

const usual = z.object({
  medianSeconds: z.int(),
  p95Seconds: z.int(),
  /** Stages it was reckoned from. */
  stages: z.int(),
})

export const stageList = z.array(
  z.object({
    state: z.string(),
    zh: z.string(),
    en: z.string(),
    since: z.string(),
    until: z.string().nullable(),
    spentSeconds: z.int().nullable(),
    usual: usual.extend({ asOf: z.string() }).nullable(),
    verdict: z.enum(['usual', 'slow', 'stuck']).nullable(),
  }),
)

const told = z.object({ zh: z.string(), en: z.string() })

export const stuckPage = z
  .object({
    asOf: z.string().nullable(),
    factor: z.number().nullable(),
    documents: z.array(
      z.object({
        id: z.string(),
        kind: z.string(),
        sender: z.string(),
        client: z.string(),
        clientName: z.string().nullable(),
        number: z.string(),
        orderNo: z.string().nullable(),
        zone: z.string().nullable(),
        state: z.string(),
        zh: z.string(),
        en: z.string(),
        since: z.string(),
        spentSeconds: z.int(),
        limitSeconds: z.int(),
        usual: usual.nullable(),
        actors: z.array(told.extend({ name: z.string() })),
        cure: told,
      }),
    ),
    next: z.string().nullable(),
  })
  .openapi('StuckPage')

export const deadlineList = z
  .object({
    asOf: z.string(),
    within: z.int(),
    deadlines: z.array(
      told.extend({
        sort: z.enum(['summary', 'goods-back', 'tax', 'mandate', 'return-window']),
        date: z.string(),
        opensOn: z.string().nullable(),
        daysLeft: z.int(),
        missed: told,
        source: z.string(),
        confidence: z.string(),
        count: z.int(),
        sender: z.string().nullable(),
        client: z.string().nullable(),
        clientName: z.string().nullable(),
        office: z.string().nullable(),
        number: z.string().nullable(),
        documents: z.array(z.string()),
        link: z.string(),
      }),
    ),
    more: z.boolean(),
  })
  .openapi('DeadlineList')
