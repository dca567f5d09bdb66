/** What is asked and answered about import taxes. Amounts and rates are decimal texts. */
import { z } from '@hono/zod-openapi'
import { roundings } from '../catalogue/tax-rates.ts'
import { readStamp } from '../kernel/clock.ts'
import { ESTIMATE_ITEMS_MAX } from '../kernel/tax-limits.ts'
import { fault, text } from './text-schemas.ts'

const amount = z.string().regex(/^\d{1,14}(?:\.\d{1,5})?$/)
const rate = z.string().regex(/^\d{1,6}(?:\.\d{1,10})?$/)
const unit = z.string().regex(/^\d{3}$/)

/** A day in China that exists. */
const day = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d$/)
  .refine((value) => readStamp(value.replaceAll('-', '')) !== undefined, 'this day does not exist')

const askedRates = z
  .strictObject({
    duty: rate.optional(),
    vat: rate,
    consumption: z
      .strictObject({
        adValorem: rate.optional(),
        perUnit: rate.optional(),
        unit: unit.optional(),
      })
      .optional(),
  })
  .openapi({
    description:
      '试算用税率，代替税率表；小数，13% 写作 "0.13"；perUnit 为每 unit（省略即第一法定单位）人民币元 / rates to try instead of the table: fractions, perUnit in CNY for one unit (the first legal one unless told)',
  })

export const taxQuestion = z
  .strictObject({
    date: day.openapi({ example: '2026-10-15' }),
    tradeMode: z
      .string()
      .regex(/^\d{4}$/)
      .openapi({ example: '1210' }),
    currency: unit.default('142'),
    freight: amount.default('0'),
    insuredFee: amount.default('0'),
    buyerUsed: amount.default('0').openapi({
      description: '订购人本年度已用额度 / what the buyer used of his calendar year, CNY',
    }),
    items: z
      .array(
        z.strictObject({
          gcode: z.string().regex(/^\d{8,10}$/),
          qty: amount,
          unit: unit.optional(),
          qty1: amount.optional(),
          unit1: unit.optional(),
          qty2: amount.optional(),
          unit2: unit.optional(),
          totalPrice: amount,
          rates: askedRates.optional(),
        }),
      )
      .min(1)
      .max(ESTIMATE_ITEMS_MAX)
      .openapi({
        description:
          '优惠券、积分不扣减；qty1 为第一法定数量 / coupons and points are not deducted; qty1 is the first legal quantity',
        example: [{ gcode: '1901101010', qty: '2', unit: '122', totalPrice: '396' }],
      }),
    rounding: z.enum(roundings).optional().openapi({
      description:
        '取整方式，省略即现行规则 / where taxes are rounded; the figure in force unless told',
    }),
    returned: z
      .strictObject({ releasedOn: day, appliedOn: day, arrivedOn: day.optional() })
      .optional()
      .openapi({ description: '退货是否免税 / whether a return leaves the tax standing' }),
  })
  .openapi('TaxQuestion')

/** How a bill stands to its estimate. */
export const taxVerdicts = ['within', 'beyond', 'unknown'] as const

const money = z.string().nullable()
const amounts = { duty: money, consumptionTax: money, vat: money, total: money }

export const taxEstimate = z.object({
  date: z.string(),
  admitted: z.boolean(),
  reason: z.enum(['ANNUAL-LIMIT', 'ITEM-COUNT']).nullable(),
  text: text.nullable(),
  regime: z.enum(['within-limits', 'full']).nullable(),
  dutiableValue: z.string(),
  ...amounts,
  items: z.array(
    z.object({
      gcode: z.string(),
      dutiableValue: z.string(),
      ...amounts,
      rates: z
        .object({
          duty: z.string().nullable(),
          vat: z.string(),
          consumption: z.object({
            adValorem: z.string(),
            perUnit: z.string(),
            unit: z.string().nullable(),
          }),
          source: z.string().nullable(),
          confidence: z.string().nullable(),
        })
        .nullable(),
    }),
  ),
  limits: z.object({ single: z.string(), annual: z.string(), share: z.string() }),
  rounding: z.enum(roundings),
})

const variance = {
  bills: z.int(),
  time: z.string(),
  billed: z.object(amounts),
  estimated: z.object(amounts).nullable(),
  difference: z.object(amounts).nullable(),
  tolerance: money,
  verdict: z.enum(taxVerdicts),
  problem: z.string().nullable(),
}

/** Of a stored list. */
export const listTax = z
  .object({
    estimate: taxEstimate.nullable(),
    faults: z.array(fault),
    variance: z.object(variance).nullable(),
  })
  .openapi('ListTax')

export const varianceList = z
  .object({
    variances: z.array(
      z
        .object({
          ...{ documentId: z.string(), number: z.string(), orderNo: z.string().nullable() },
          ...{ sender: z.string(), ...variance },
        })
        .openapi('TaxVariance'),
    ),
    next: z.string().nullable(),
  })
  .openapi('TaxVarianceList')

export const taxAnswer = taxEstimate
  .extend({
    exchangeRate: z
      .object({
        currency: z.string(),
        month: z.string(),
        rate: z.string(),
        announcedOn: z.string(),
        source: z.string(),
      })
      .nullable(),
    returned: z
      .object({
        releasedOn: z.string(),
        applyBy: z.string(),
        arriveBy: z.string(),
        /** Null while the goods may still come back in time. */
        taxStands: z.boolean().nullable(),
        text,
      })
      .nullable(),
  })
  .openapi('TaxEstimate')
