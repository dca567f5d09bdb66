/** Shapes of what the routes of settlements take and answer. */
import { z } from '@hono/zod-openapi'
import { type SettlementLeg, settlement, settlementLegs } from '../catalogue/settlement.ts'
import { zodOf } from '../codec/zod.ts'
import { fault, moment, text } from './text-schemas.ts'

/** Decimal text; named often, so it says no more. */
const amount = z.string()

const untold = text.nullable().openapi({
  description:
    '为 null、未核对或以 asOf 询问时仍按现在的数字及原因 / why figures are null, not compared, or of now as of a moment',
})

export const settlementsBody = z.object({ settlements: z.array(zodOf(settlement)) })

export const settlementsTaken = z
  .object({
    taken: z.int(),
    refused: z.int(),
    results: z.array(
      z.object({
        index: z.int(),
        number: z.string().optional(),
        id: z.string().optional(),
        version: z.int().optional(),
        duplicate: z.literal(true).optional(),
        matched: amount.optional(),
        open: amount.optional(),
        faults: z.array(fault).optional(),
      }),
    ),
  })
  .openapi('SettlementsTaken')

const settlementFields = {
  id: z.string(),
  institution: z.string(),
  number: z.string(),
  version: z.int(),
  state: z.enum(['in-force', 'withdrawn']),
  nature: z.string(),
  reference: z.string().nullable(),
  seller: z.string(),
  direction: z.string(),
  directionName: text,
  currency: z.string(),
  month: z.string(),
  valueDate: z.string(),
  bopCode: z.string(),
  gross: amount,
  costs: amount,
  net: amount,
  rmb: amount,
  createdAt: z.string(),
  updatedAt: z.string(),
}

export const settlementList = z
  .object({
    ...moment,
    settlements: z.array(z.object(settlementFields).openapi('Settlement')),
    next: z.string().nullable(),
  })
  .openapi('SettlementList')

export const settlementAnswer = z
  .object({
    ...settlementFields,
    lines: z.array(
      z.object({
        position: z.int(),
        orderNo: z.string().nullable(),
        listNo: z.string().nullable(),
        agentCode: z.string().nullable(),
        amount,
        listId: z.string().nullable(),
        reservedId: z.string().nullable(),
        reason: z.string().nullable(),
        why: text.nullable(),
      }),
    ),
    versions: z.array(
      z.object({
        version: z.int(),
        verb: z.enum(['given', 'changed', 'withdrawn']),
        record: z.unknown(),
        reason: z.string().nullable(),
        submittedBy: z.string(),
        at: z.string(),
      }),
    ),
  })
  .openapi('SettlementWithLines')

export const settlementWithdrawn = z
  .object({ id: z.string(), version: z.int() })
  .openapi('SettlementWithdrawn')

export const settlementTotalsAnswer = z
  .object({
    ...moment,
    from: z.string(),
    to: z.string(),
    rows: z.array(
      z.object({
        month: z.string(),
        institutionId: z.string(),
        institution: z.string(),
        direction: z.string(),
        directionName: text,
        currency: z.string(),
        count: z.number(),
        refunds: z.number(),
        ...{ gross: amount, costs: amount, net: amount, lines: amount },
        ...{ matched: amount.nullable(), unmatched: amount.nullable(), over: amount.nullable() },
        ...{ rmb: amount, counted: amount },
        links: z.object({
          records: z.string().nullable().openapi({
            description:
              '所计的结算记录；只看统计者为 null / the records that count; null for whoever sees figures alone',
          }),
        }),
      }),
    ),
    legs: z.array(
      z.object({
        leg: z.enum(Object.keys(settlementLegs) as [SettlementLeg, ...SettlementLeg[]]),
        name: text,
        trade: z.enum(['import', 'export']),
        currency: z.string(),
        ...{ left: amount, right: amount, difference: amount },
      }),
    ),
    pending: z.number().nullable(),
    ties: z.boolean().nullable().openapi({
      description:
        '各项差额是否都为零；有未核对的为 null / whether all differences are zero; null where not all was compared',
    }),
    tiesAt: z.string().nullable().openapi({
      description:
        'sums 之外各项何时核对（清单多时由后台逐月核对）；有未核对的为 null / when the legs but sums were compared, of many lists by a chore month by month; null where not all was',
    }),
    uncompared: z.array(z.string()).openapi({
      description: '尚未核对的月份 / months that were not compared yet, yyyyMM',
    }),
    truncated: z.boolean(),
    untold,
  })
  .openapi('SettlementTotals')

const ageGroup = z
  .object({
    fromDays: z.int(),
    toDays: z.int().nullable(),
    currency: z.string(),
    count: z.number(),
    amount,
    withoutRate: z.number(),
  })
  .openapi('SettlementAgeGroup')

export const openItemsAnswer = z
  .object({
    ...moment,
    lists: z.array(ageGroup).nullable(),
    lines: z.array(ageGroup).nullable(),
    openLists: z
      .array(
        z.object({
          id: z.string(),
          merchant: z.string(),
          direction: z.string(),
          zone: z.string(),
          releasedOn: z.string(),
          currency: z.string(),
          open: amount.nullable(),
        }),
      )
      .nullable(),
    openLines: z
      .array(
        z.object({
          settlementId: z.string(),
          number: z.string(),
          position: z.int(),
          valueDate: z.string(),
          orderNo: z.string().nullable(),
          listNo: z.string().nullable(),
          reason: z.string(),
          why: text,
          currency: z.string(),
          amount,
        }),
      )
      .nullable(),
    next: z.string().nullable(),
    untold,
  })
  .openapi('SettlementOpenItems')

const figure = z
  .object({ value: z.string(), confidence: z.string(), source: z.string() })
  .nullable()

export const registrationAnswer = z
  .object({
    ...moment,
    year: z.int(),
    basis: z.enum(['gross', 'net']),
    line: figure,
    near: figure,
    sellers: z.array(
      z.object({
        seller: z.string(),
        name: z.string().nullable(),
        received: amount,
        paid: amount,
        gaps: z.array(z.string()),
        verdict: z.enum(['above', 'near', 'unknown']),
      }),
    ),
    truncated: z.boolean(),
    untold,
  })
  .openapi('SettlementRegistrationLine')
