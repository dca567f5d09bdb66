/** Shapes of a buyer's year; see `flow/quota-view.ts`. Amounts are CNY as decimal text. */
import { z } from '@hono/zod-openapi'
import { PERSON_NUMBER_LENGTH_MAX } from '../kernel/quota-limits.ts'
import { text } from './schemas.ts'

export const quotaQuestion = z
  .strictObject({
    buyerIdNumber: z.string().min(1).max(PERSON_NUMBER_LENGTH_MAX).openapi({
      description:
        '订购人证件号码；只在请求体中，不记录 / kept nowhere, which is why it is not in the path',
      example: '11010519491231002X',
    }),
    year: z
      .int()
      .min(2016)
      .max(2999)
      .optional()
      .openapi({ description: '缺省为今年(北京时间) / this year in China unless told' }),
  })
  .openapi('QuotaQuestion')

const amount = z.string()

export const buyerQuota = z
  .object({
    asOf: z.string(),
    definition: text,
    year: z.int(),
    limit: amount.nullable(),
    limitSource: z.string().nullable(),
    committed: amount,
    reserved: amount,
    left: amount.nullable(),
    others: z.object({ committed: amount, reserved: amount }),
    documents: z.array(
      z.object({
        id: z.string(),
        kind: z.string(),
        number: z.string(),
        orderNo: z.string().nullable(),
        state: z.string(),
        group: z.string(),
        value: amount,
        reserved: amount,
        committed: amount,
        restored: amount,
      }),
    ),
    more: z.int(),
  })
  .openapi('BuyerQuota')
