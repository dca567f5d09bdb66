/** Shapes of how links and queues stand, and of where documents wait; see `flow/link-status.ts`. */
import { z } from '@hono/zod-openapi'
import { WEBHOOKS_TROUBLED_MAX } from '../kernel/webhook-limits.ts'

const text = { zh: z.string(), en: z.string() }
const linkState = z.enum(['up', 'draining', 'down'])
const stages = ['match', 'compose', 'sign', 'dispatch'] as const

const depth = {
  depth: z.int(),
  more: z.boolean(),
  since: z.string().nullable(),
  ageSeconds: z.int().nullable(),
}

const linkView = z
  .object({
    code: z.string(),
    protocol: z.object(text),
    state: linkState,
    ...text,
    since: z.string().nullable(),
    sentAt: z.string().nullable(),
    queue: z.object(depth),
    /** null is unknown: nothing is promised while the link is down. */
    drainSeconds: z.int().nullable(),
    advice: z.object(text),
    /** For whoever is signed in. */
    detail: z
      .object({
        failures: z.int(),
        retryAt: z.string().nullable(),
        problem: z.string().nullable(),
        messagesPerMinute: z.int(),
      })
      .nullable(),
  })
  .openapi('LinkStatus')

const signerStatus = z
  .object({
    enterpriseId: z.string(),
    keyName: z.string(),
    kind: z.enum(['local', 'remote', 'device']),
    algorithm: z.enum(['sm2-sm3', 'rsa-sha1']),
    subject: z.string(),
    state: z.enum(['ok', 'quarantined', 'expired', 'not-yet']),
    since: z.string(),
    failures: z.int(),
    problem: z.string().nullable(),
    ratePerSecond: z.number().nullable(),
    notAfter: z.string(),
    daysLeft: z.int(),
    warning: z.object(text).nullable(),
    queueDepth: z.int(),
    drainSeconds: z.number().nullable(),
  })
  .openapi('SignerStatus')

/** How a web hook stands, for whoever may know of it; its address is for those who set it. */
export const webhookStanding = {
  id: z.string(),
  enterprise: z.string(),
  description: z.string(),
  state: z.enum(['active', 'failing', 'paused', 'disabled']),
  failingSince: z.string().nullable(),
  nextTryAt: z.string().nullable(),
  problem: z
    .object({ ...text, name: z.enum(['gone', 'failing']), cure: z.object(text) })
    .nullable(),
}

const webhooksStatus = z
  .object({
    failing: z.int(),
    disabled: z.int(),
    troubled: z
      .array(z.object({ ...webhookStanding, enterpriseName: z.string() }))
      .max(WEBHOOKS_TROUBLED_MAX),
  })
  .openapi('WebhooksStatus')

export const statusAnswer = z
  .object({
    asOf: z.string(),
    state: z.enum(['normal', 'degraded', 'down']),
    ...text,
    links: z.array(linkView),
    /** For whoever is signed in. */
    stages: z
      .array(
        z.object({
          stage: z.enum(['match', 'compose', 'sign', 'dispatch', 'reply', 'disclose']),
          ...text,
          ...depth,
          state: z.enum(['clear', 'moving', 'held', 'behind']),
        }),
      )
      .nullable(),
    /**
     * Messages that customs has not answered for longer than usual; for whoever is signed in, and
     * null where nobody looks.
     */
    unanswered: z.object({ messages: z.int(), more: z.boolean() }).nullable(),
    /** For whoever is signed in: his own, the operator all. */
    signers: z.array(signerStatus).nullable(),
    /** Those that fail or were given up; for whoever is signed in: his own, the operator all. */
    webhooks: webhooksStatus.nullable(),
  })
  .openapi('GatewayStatus')

export const queuePlace = z
  .object({
    stage: z.enum(stages),
    ...text,
    since: z.string(),
    ageSeconds: z.int(),
    link: z.string().nullable(),
    linkState: linkState.nullable(),
    ahead: z.int(),
    aheadMore: z.boolean(),
    estimateSeconds: z.int().nullable(),
    waitsFor: z.array(z.object({ kind: z.string(), ...text, there: z.boolean() })),
  })
  .openapi('QueuePlace')

export const queueAnswer = z
  .object({
    asOf: z.string(),
    documents: z.int(),
    more: z.boolean(),
    entries: z.array(
      z.object({
        stage: z.enum(stages),
        kind: z.string(),
        ...text,
        link: z.string().nullable(),
        linkState: linkState.nullable(),
        documents: z.int(),
        more: z.boolean(),
        since: z.string(),
        ageSeconds: z.int(),
        estimateSeconds: z.int().nullable(),
      }),
    ),
  })
  .openapi('Queue')

export const linkList = z.object({ asOf: z.string(), links: z.array(linkView) }).openapi('Links')

const enterpriseLinks = {
  /** The first is for whoever chose none. */
  available: z.array(z.string()),
  directions: z.array(
    z.object({
      direction: z.enum(['import', 'export']),
      link: z.string().nullable(),
      chosen: z.string().nullable(),
      chosenAt: z.string().nullable(),
    }),
  ),
}

export const enterpriseLinksAnswer = z.object(enterpriseLinks).openapi('EnterpriseLinks')

export const linkChosenAnswer = z
  .object({
    ...enterpriseLinks,
    /** Messages that waited for another link and take this one now. */
    moved: z.int(),
  })
  .openapi('LinkChosen')
