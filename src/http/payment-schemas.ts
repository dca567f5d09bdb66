/** What the routes of the 179 interface take and answer, for the OpenAPI document. */
import { z } from '@hono/zod-openapi'
import type { Field } from '../catalogue/field.ts'
import type { Group } from '../catalogue/message.ts'
import { originalPayment as table } from '../catalogue/original-payment.ts'
import { fault } from './schemas.ts'

const described = (name: string, field: Field): z.ZodType => {
  const schema = z.string().openapi({
    description: `${field.zh} / ${field.note ?? name}`,
    ...(field.max === undefined ? {} : { maxLength: field.max }),
  })
  return field.required ? schema : schema.optional()
}

const membersOf = ({ fields }: Group): Readonly<Record<string, z.ZodType>> =>
  Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, described(name, field)]))

const paymentShape = z
  .looseObject({
    ...membersOf(table.head),
    orders: z.array(
      z.looseObject({
        ...membersOf(table.orders),
        goodsInfo: z.array(z.looseObject(membersOf(table.goods))),
      }),
    ),
  })
  .openapi('OriginalPayment')

/** Shown in the OpenAPI document; the flow judges each payment by itself, with all its faults. */
export const paymentsRequest = z
  .strictObject({ payments: z.array(paymentShape) })
  .openapi('OriginalPayments')

export const paymentsTaken = z
  .object({
    taken: z.int(),
    refused: z.int(),
    results: z.array(
      z.object({
        index: z.int(),
        id: z.string().optional(),
        version: z.int().optional(),
        duplicate: z.literal(true).optional(),
        faults: z.array(fault).optional(),
      }),
    ),
  })
  .openapi('OriginalPaymentsTaken')

export const paymentViews = z
  .object({
    orderNo: z.string(),
    /** Whether the raw texts stand there as they are; otherwise they are masked. */
    clear: z.boolean(),
    payments: z.array(
      z.object({
        id: z.string(),
        version: z.int(),
        createdAt: z.string(),
        payment: paymentShape,
      }),
    ),
  })
  .openapi('OriginalPaymentViews')

export const disclosureStates = ['asked', 'built', 'done', 'ended'] as const

const text = z.object({ zh: z.string(), en: z.string() })

export const disclosureList = z
  .object({
    disclosures: z.array(
      z
        .object({
          id: z.string(),
          orderNo: z.string(),
          sessionId: z.string(),
          platformId: z.string(),
          askedAt: z.string(),
          answered: z.string(),
          state: z.enum(disclosureStates),
          code: z.string().nullable(),
          message: z.string().nullable(),
          problem: z.object({ name: z.string(), text, cure: text }).nullable(),
          settledAt: z.string().nullable(),
          ageSeconds: z.int(),
        })
        .openapi('Disclosure'),
    ),
    next: z.string().nullable(),
  })
  .openapi('DisclosureList')

export const disclosureResumed = z
  .object({ id: z.string(), state: z.literal('resumed') })
  .openapi('DisclosureResumed')

/** The interface's own form, whatever is answered. */
export const openAnswer = z
  .object({ code: z.string(), message: z.string(), serviceTime: z.int() })
  .openapi('OpenAnswer')
