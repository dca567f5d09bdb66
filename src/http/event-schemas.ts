/** Shapes of events and web hooks, in requests and answers. */
import { z } from '@hono/zod-openapi'
import { declarations } from '../catalogue/index.ts'
import { WEBHOOK_DESCRIPTION_LENGTH_MAX, WEBHOOK_URL_LENGTH_MAX } from '../kernel/webhook-limits.ts'
import { plainText } from './schemas.ts'
import { webhookStanding } from './status-schemas.ts'
import { text } from './text-schemas.ts'

export const kindName = z.enum(declarations.map(({ code }) => code))
export const groupName = z.enum(['action-needed', 'under-way', 'done', 'refused'])
/** An event's number; more than a JSON number holds exactly. */
export const eventId = z.string().regex(/^\d{1,18}$/)

export const event = z
  .object({
    id: z.string(),
    type: z.literal('document.state_changed'),
    at: z.string(),
    document: z.object({
      id: z.string(),
      kind: z.string(),
      sender: z.string(),
      number: z.string(),
      orderNo: z.string().nullable(),
      zone: z.string().nullable(),
      version: z.int(),
    }),
    state: z.string(),
    group: groupName,
    from: z.string().nullable(),
    text,
    source: z.enum(['gateway', 'customs', 'exchange']),
    returnStatus: z.string().nullable(),
    returnTime: z.string().nullable(),
    info: z.string().nullable(),
    resultCodes: z.array(z.string()),
    cause: z.string().nullable(),
    links: z.object({ document: z.string(), timeline: z.string() }),
  })
  .openapi('Event')

export const eventList = z
  .object({ events: z.array(event), next: z.string(), more: z.boolean() })
  .openapi('EventList')

const kinds = z.array(kindName).min(1).max(declarations.length).nullable().optional().openapi({
  description: '只推送这些单证种类；不填为全部 / only documents of these kinds; left out, all',
})
const groups = z.array(groupName).min(1).max(4).nullable().optional().openapi({
  description: '只推送到这些状态组；不填为全部 / only changes into these groups; left out, all',
})
const url = plainText.min(1).max(WEBHOOK_URL_LENGTH_MAX).openapi({
  description: '接收地址，https / where it is pushed to, https',
})
const description = plainText.max(WEBHOOK_DESCRIPTION_LENGTH_MAX).optional().openapi({
  description: '用途 / what it is for',
})

export const wantedWebhook = z.strictObject({ url, description, kinds, groups })

export const changedWebhook = z.strictObject({
  ...{ url: url.optional(), description, kinds, groups },
  state: z.enum(['active', 'paused']).optional().openapi({
    description: 'paused 暂停；active 恢复，并立即重试 / active resumes it, and tries at once',
  }),
})

export const wantedResend = z.union([
  z.strictObject({
    after: eventId.openapi({ description: '从此事件之后起 / all behind this event' }),
  }),
  z.strictObject({
    eventId: eventId.openapi({ description: '从此事件起 / this event and all behind it' }),
  }),
])

const webhookShape = {
  ...webhookStanding,
  url: z.string(),
  kinds: z.array(z.string()).nullable(),
  groups: z.array(groupName).nullable(),
  taken: z.string(),
  oldSecretUntil: z.string().nullable(),
  createdAt: z.string(),
}

export const webhookAnswer = z.object(webhookShape).openapi('Webhook')

export const webhookList = z.object({ webhooks: z.array(webhookAnswer) }).openapi('WebhookList')

export const webhookMade = z.object({ ...webhookShape, secret: z.string() }).openapi('WebhookMade')

const tried = {
  messageId: z.string(),
  taken: z.boolean(),
  ms: z.int(),
  status: z.int().nullable(),
  reason: z.string().nullable(),
}

export const webhookWithTries = z
  .object({
    ...webhookShape,
    tries: z.array(
      z.object({ ...tried, id: z.string(), type: z.string(), events: z.int(), at: z.string() }),
    ),
  })
  .openapi('WebhookWithTries')

export const webhookTested = z.object(tried).openapi('WebhookTested')

export const secretRenewed = z
  .object({ secret: z.string(), oldSecretUntil: z.string() })
  .openapi('WebhookSecret')
