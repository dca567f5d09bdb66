/** Shapes of replies as an operator sees them: listed, one of them, tried again. */
import { z } from '@hono/zod-openapi'
import { fault, text, toldCode } from './schemas.ts'

const number = {
  kind: z.string(),
  number: z.string(),
  name: z.string().nullable(),
  returnStatus: z.string(),
}

const summary = {
  id: z.string(),
  state: z.enum(['new', 'folded', 'unreadable', 'unmatched', 'failed']),
  kind: z.string().nullable(),
  problem: z.string().nullable(),
  receivedAt: z.string(),
  size: z.int().nullable(),
  attempts: z.int(),
  /** What is wrong, where that comes from and what to do; null when nothing is. */
  explanation: text.extend({ code: z.string(), cause: text, cure: text }).nullable(),
  /** Numbers that found no document: the first of them, and how many there are. */
  numbers: z.array(z.object(number)),
  numberCount: z.int(),
  /** What the exchange platform answered; null for a reply of customs. */
  responses: z.array(toldCode.extend({ copMsgId: z.string().nullable() })).nullable(),
}

export const replyList = z
  .object({
    replies: z.array(z.looseObject(summary).openapi('ReplySummary')),
    next: z.string().nullable(),
  })
  .openapi('ReplyList')

export const replyView = z
  .looseObject({
    ...summary,
    receivers: z.array(z.string()),
    faults: z.array(fault),
    singles: z.array(
      z.object({
        ...number,
        position: z.int(),
        returnTime: z.string(),
        meaning: text.nullable(),
        info: z.string().nullable(),
      }),
    ),
  })
  .openapi('ReplyView')

export const replyRetried = z
  .object({ retried: z.int(), more: z.boolean() })
  .openapi('ReplyRetried')
