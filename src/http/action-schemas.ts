/** What cancellations, returns and monthly summaries take and answer. */
import { z } from '@hono/zod-openapi'
import { intakeAnswer } from './schemas.ts'

/** Chosen lines of one request; no list has more. */
const LINES_MAX = 100
const FIELDS_MAX = 60
const TEXT_LENGTH_MAX = 1_000

const quantity = z.string().min(1).max(20)

const cancelMembers = {
  reason: z.string().min(1).max(TEXT_LENGTH_MAX).openapi({ description: '原因 / why' }),
  fields: z
    .record(z.string().max(40), z.string().max(TEXT_LENGTH_MAX))
    .refine((fields) => Object.keys(fields).length <= FIELDS_MAX)
    .optional()
    .openapi({
      description:
        '补充或改写表头字段 / head fields beside those taken from the list, or instead of them',
      example: { note: '买家拒收' },
    }),
  force: z.boolean().optional().openapi({
    description: '我方状态滞后时仍然提交 / hand in although our state speaks against it',
  }),
}

export const cancelRequest = z.strictObject(cancelMembers).openapi('CancelRequest')

export const returnRequest = z
  .strictObject({
    ...cancelMembers,
    lines: z
      .array(
        z.strictObject({
          gnum: z.string().min(1).max(10),
          qty: quantity.optional(),
          qty1: quantity.optional(),
          qty2: quantity.optional(),
          note: z.string().max(TEXT_LENGTH_MAX).optional(),
        }),
      )
      .min(1)
      .max(LINES_MAX)
      .optional()
      .openapi({
        description: '退哪些项、各退多少;省略即退全部余量 / lines and quantities; all that is left',
        example: [{ gnum: '1', qty: '2' }],
      }),
  })
  .openapi('ReturnRequest')

const document = z.record(z.string(), z.unknown())

export const actionAnswer = intakeAnswer
  .extend({
    /** As it was handed in, or would be. */
    document,
    window: z
      .object({
        releasedOn: z.string(),
        applyBy: z.string(),
        arriveBy: z.string(),
        source: z.string(),
        confidence: z.string(),
      })
      .nullable(),
  })
  .openapi('ActionAnswer')

export const monthText = z
  .string()
  .regex(/^20\d\d-(?:0[1-9]|1[0-2])$/)
  .openapi({ description: '年月 / yyyy-MM, China time', example: '2026-10' })

const deadline = z
  .object({ date: z.string(), nominal: z.string(), source: z.string(), confidence: z.string() })
  .nullable()

export const dueAnswer = z
  .object({
    month: z.string(),
    asOf: z.string(),
    deadline,
    scopes: z.array(
      z.object({
        kind: z.string(),
        agentCode: z.string(),
        agentName: z.string().nullable(),
        ebcCode: z.string(),
        ebcName: z.string().nullable(),
        customsCode: z.string(),
        due: z.int(),
        summarised: z.int(),
        overdue: z.boolean(),
      }),
    ),
    next: z.string().nullable(),
  })
  .openapi('DueSummaries')

const code = z.string().min(1).max(18)
const words = z.string().max(TEXT_LENGTH_MAX).optional()

/** Head fields of the application that follow from no list; the check says what they may hold. */
export const summaryRequest = z
  .strictObject({
    month: monthText,
    customsCode: code,
    ebcCode: code,
    agentCode: code.optional(),
    declAgentCode: words,
    declAgentName: words,
    summaryFlag: words,
    itemNameFlag: words,
    loctNo: words,
    note: words,
  })
  .openapi('SummaryRequest')

export const summaryAnswer = intakeAnswer
  .extend({
    lists: z.int(),
    left: z.int(),
    deadline,
    /** Told by a dry run only: they may be long. */
    documents: z.array(document).optional(),
  })
  .openapi('SummaryAnswer')
