/**
 * Push: tells receivers what the feed tells, in order, several events in one message. Each web hook has a
 * cursor and no more; one that is slow or dead holds up nobody else. A receiver may be told twice: one
 * that fell silent is sent the same bytes under the same id, because what a message holds follows from
 * the stretch of the feed that was pledged before it was sent.
 */
import { chinaDay, DAY_MS } from '../kernel/clock.ts'
import { derivedId } from '../kernel/ids.ts'
import {
  WEBHOOK_EVENTS_MAX,
  WEBHOOK_FAILING_DAYS_MAX,
  WEBHOOK_LEASE_MS,
  WEBHOOK_PAUSE_SPREAD,
  WEBHOOK_PAUSES_SECONDS,
  WEBHOOK_READS_MAX,
  WEBHOOKS_AT_ONCE_OF_ONE,
  WEBHOOKS_DUE_MAX,
} from '../kernel/webhook-limits.ts'
import {
  findDueWebhooks,
  leaseWebhook,
  noteTry,
  type Settled,
  settleWebhook,
  type Webhook,
} from '../store/webhooks.ts'
import type { WebhookAnswer } from '../wire/webhook.ts'
import { type EventPageView, type EventView, keepEvents, readFeed } from './events.ts'
import type { FlowDeps, RunBatch } from './types.ts'
import { groupsOf } from './webhook-view.ts'

/**
 * `queue` is the id of a web hook; without it all that are due are served side by side. What fails for a
 * reason of ours is thrown when the others have ended.
 */
export const pushBatch: RunBatch = async (deps, limit, queue) => {
  const due = queue === undefined ? (await findDue(deps)).slice(0, limit) : [queue]
  const ended = await Promise.allSettled(due.map((id) => push(deps, id)))
  const broken = ended.find((each) => each.status === 'rejected')
  if (broken !== undefined) throw broken.reason
  return ended.filter((each) => each.status === 'fulfilled' && each.value).length
}

/** Those that are due and have something new, the longest due first; with `served` as many of each enterprise as may be. */
export const findDue = async (
  deps: FlowDeps,
  served: readonly string[] = [],
): Promise<readonly string[]> => {
  await keepEvents(deps)
  const now = deps.clock.now()
  const bounds = { ofOne: WEBHOOKS_AT_ONCE_OF_ONE, limit: WEBHOOKS_DUE_MAX }
  return findDueWebhooks(deps.db, { day: chinaDay(now), now }, served, bounds)
}

/** Whether its receiver came further. */
const push = async (deps: FlowDeps, id: string): Promise<boolean> => {
  const now = deps.clock.now()
  const until = new Date(now.getTime() + WEBHOOK_LEASE_MS)
  const held = await leaseWebhook(deps.db, id, now, until)
  if (held === undefined || held.pledged === null) return false
  const { events, next } = await readNext(deps, held, held.pledged)
  const answer =
    events.length === 0 ? undefined : await tell(deps, held, eventsMessage(held, events))
  const settled: Settled =
    answer === undefined || isTaken(answer)
      ? { kind: 'taken', upto: next }
      : settledAs(deps, held, answer)
  await settleWebhook(deps.db, held, settled, deps.clock.now())
  if (settled.kind === 'disabled')
    deps.log.warn('webhook.disabled', { id, problem: settled.problem })
  return settled.kind === 'taken'
}

/** What is told next; stretches without anything that is wanted are passed over, so many at a time. */
const readNext = async (deps: FlowDeps, held: Webhook, upto: string): Promise<EventPageView> => {
  const caller = { enterpriseId: held.enterpriseId }
  const wanted = { kinds: held.kinds ?? undefined, groups: groupsOf(held) }
  let page: EventPageView = { events: [], next: held.taken, more: true }
  for (let read = 0; read < WEBHOOK_READS_MAX && page.more && page.events.length === 0; read += 1) {
    const range = { after: page.next, upto, limit: WEBHOOK_EVENTS_MAX }
    page = await readFeed(deps, caller, { ...range, ...wanted })
  }
  return page
}

/** What is sent, whose id follows from it. */
export interface Message {
  readonly id: string
  readonly type: string
  readonly events: number
  readonly body: string
}

const eventsMessage = ({ id: webhook }: Webhook, events: readonly EventView[]): Message => {
  const timestamp = events.at(-1)?.at
  const body = JSON.stringify({ type: 'events', timestamp, data: { webhook, events } })
  const id = `msg_${derivedId('webhook', webhook, body)}`
  return { id, type: 'events', events: events.length, body }
}

/** Sends outside of any transaction, and notes the try. */
export const tell = async (
  deps: Pick<FlowDeps, 'db' | 'clock' | 'sealer' | 'log' | 'webhooks'>,
  webhook: Webhook,
  { id: messageId, type, events, body }: Message,
): Promise<WebhookAnswer & { readonly ms: number }> => {
  const at = deps.clock.now()
  const secrets = secretsOf(deps.sealer, webhook, at)
  const answer = await deps.webhooks.calls.post(webhook.url, { id: messageId, body, at, secrets })
  const ms = deps.clock.now().getTime() - at.getTime()
  const status = answer.kind === 'answered' ? answer.status : null
  const reason = answer.kind === 'answered' ? null : answer.reason
  await noteTry(deps.db, webhook.id, { messageId, type, events, at, ms, status, reason })
  if (!isTaken(answer)) deps.log.warn('webhook.failed', { id: webhook.id, status, reason })
  return { ...answer, ms }
}

export const isTaken = (answer: WebhookAnswer): boolean =>
  answer.kind === 'answered' && answer.status >= 200 && answer.status < 300

/** What binds a secret to its web hook. */
export const secretContext = (id: string): string => `webhook/${id}`

const secretsOf = (
  sealer: FlowDeps['sealer'],
  { id, sealedSecret, sealedOldSecret, oldSecretUntil }: Webhook,
  now: Date,
): readonly Uint8Array[] => {
  const isOldInForce = oldSecretUntil !== null && oldSecretUntil > now
  const sealed = [sealedSecret, ...(isOldInForce && sealedOldSecret ? [sealedOldSecret] : [])]
  return sealed.map((each) => sealer.open(each, secretContext(id)))
}

const GONE = 410

const settledAs = (
  { clock, webhooks }: Pick<FlowDeps, 'clock' | 'webhooks'>,
  { attempts, failingSince }: Webhook,
  answer: WebhookAnswer,
): Settled => {
  if (answer.kind === 'answered' && answer.status === GONE)
    return { kind: 'disabled', problem: 'gone' }
  const now = clock.now().getTime()
  if (now - (failingSince?.getTime() ?? now) >= WEBHOOK_FAILING_DAYS_MAX * DAY_MS)
    return { kind: 'disabled', problem: 'failing' }
  const planned = WEBHOOK_PAUSES_SECONDS[attempts] ?? WEBHOOK_PAUSES_SECONDS.at(-1) ?? 0
  const asked = answer.kind === 'answered' ? (answer.retryAfterSeconds ?? 0) : 0
  const spread = 1 + WEBHOOK_PAUSE_SPREAD * webhooks.random()
  return { kind: 'failed', dueAt: new Date(now + Math.max(planned, asked) * 1000 * spread) }
}
