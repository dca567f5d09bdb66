/**
 * Web hooks as their enterprise sees and sets them: made with a secret that is told once, paused, resumed,
 * moved back, tried. What pushes to them is `push.ts`.
 */
import type { StateGroup } from '../catalogue/statuses.ts'
import type { Fault, Text } from '../kernel/fault.ts'
import {
  WEBHOOK_OLD_SECRET_HOURS,
  WEBHOOK_SECRET_BYTES,
  WEBHOOKS_MAX,
} from '../kernel/webhook-limits.ts'
import { findFeedEnds } from '../store/event-feed.ts'
import { inTransaction } from '../store/transaction.ts'
import {
  changeWebhook,
  findTries,
  findWebhook,
  findWebhooks,
  insertWebhook,
  moveWebhook,
  rotateSecret,
  type Webhook,
  type WebhookChange,
  type WebhookTry,
} from '../store/webhooks.ts'
import { addressProblem, tellSecret } from '../wire/webhook.ts'
import { isTaken, secretContext, tell } from './push.ts'
import type { FlowDeps } from './types.ts'
import { type WebhookView, webhookView } from './webhook-view.ts'

export interface WebhookTryView extends Omit<WebhookTry, 'at'> {
  readonly at: string
  readonly taken: boolean
}

export interface WantedWebhook {
  readonly url: string
  readonly description?: string | undefined
  readonly kinds?: readonly string[] | null | undefined
  readonly groups?: readonly StateGroup[] | null | undefined
}

type Deps = Pick<FlowDeps, 'db' | 'clock' | 'ids' | 'sealer' | 'log' | 'webhooks'>

export const webhooksOf = async (
  { db, clock }: Pick<FlowDeps, 'db' | 'clock'>,
  enterpriseId: string,
): Promise<readonly WebhookView[]> =>
  (await findWebhooks(db, enterpriseId)).map((webhook) => webhookView(webhook, clock.now()))

export const webhookWithTries = async (
  { db, clock }: Pick<FlowDeps, 'db' | 'clock'>,
  webhook: Webhook,
): Promise<WebhookView & { readonly tries: readonly WebhookTryView[] }> => ({
  ...webhookView(webhook, clock.now()),
  tries: (await findTries(db, webhook.id)).map((made) => ({
    ...made,
    at: made.at.toISOString(),
    taken: made.status !== null && isTaken({ kind: 'answered', status: made.status }),
  })),
})

/** Tells of what comes behind the end of the feed, as it was followed last; `secret` is told this once. */
export const makeWebhook = async (
  deps: Deps,
  enterpriseId: string,
  wanted: WantedWebhook,
): Promise<
  | { readonly kind: 'made'; readonly webhook: WebhookView; readonly secret: string }
  | { readonly kind: 'wrong'; readonly faults: readonly Fault[] }
> => {
  const faults = addressFaults(deps, wanted.url)
  if (faults.length > 0) return { kind: 'wrong', faults }
  const { url, description = '', kinds = null, groups = null } = wanted
  const id = deps.ids.next()
  const { secret, sealedSecret } = makeSecret(deps, id)
  const now = deps.clock.now()
  const made = { id, enterpriseId, url, description, kinds, groups, sealedSecret }
  const isMade = await inTransaction(deps.db, (trx) => insertWebhook(trx, made, WEBHOOKS_MAX, now))
  const webhook = isMade ? await findWebhook(deps.db, id) : undefined
  return webhook === undefined
    ? { kind: 'wrong', faults: [tooMany] }
    : { kind: 'made', webhook: webhookView(webhook, now), secret }
}

/** Members that are left out stay as they are; faults where the address may not be called. */
export const setWebhook = async (
  deps: Deps,
  { id }: Webhook,
  change: WebhookChange & Partial<Pick<WantedWebhook, 'groups'>>,
): Promise<
  | { readonly kind: 'set'; readonly webhook: WebhookView | undefined }
  | { readonly kind: 'wrong'; readonly faults: readonly Fault[] }
> => {
  const faults = change.url === undefined ? [] : addressFaults(deps, change.url)
  if (faults.length > 0) return { kind: 'wrong', faults }
  const now = deps.clock.now()
  await changeWebhook(deps.db, id, change, now)
  const webhook = await findWebhook(deps.db, id)
  return { kind: 'set', webhook: webhook && webhookView(webhook, now) }
}

/** A new secret; the one before signs too for some hours. */
export const renewSecret = async (
  deps: Deps,
  { id }: Webhook,
): Promise<{ readonly secret: string; readonly oldSecretUntil: string }> => {
  const { secret, sealedSecret } = makeSecret(deps, id)
  const now = deps.clock.now()
  const oldUntil = new Date(now.getTime() + WEBHOOK_OLD_SECRET_HOURS * 3_600_000)
  await rotateSecret(deps.db, id, sealedSecret, { now, oldUntil })
  return { secret, oldSecretUntil: oldUntil.toISOString() }
}

/** Sends a `ping` now, whatever the state, and tells how it was answered. */
export const pingWebhook = async (deps: Deps, webhook: Webhook) => {
  const timestamp = deps.clock.now().toISOString()
  const body = JSON.stringify({ type: 'ping', timestamp, data: { webhook: webhook.id } })
  const id = `msg_${deps.ids.next()}`
  const answer = await tell(deps, webhook, { id, type: 'ping', events: 0, body })
  return {
    ...{ messageId: id, taken: isTaken(answer), ms: answer.ms },
    status: answer.kind === 'answered' ? answer.status : null,
    reason: answer.kind === 'answered' ? null : answer.reason,
  }
}

/** Tells again all behind an event; `forgotten` where the feed does not go back so far. */
export const resendEvents = async (
  { db, clock }: Pick<FlowDeps, 'db' | 'clock'>,
  { id }: Webhook,
  after: string,
): Promise<WebhookView | 'forgotten' | undefined> => {
  const { forgotten, given } = await findFeedEnds(db)
  if (BigInt(after) < BigInt(forgotten) || BigInt(after) > BigInt(given)) return 'forgotten'
  const now = clock.now()
  await moveWebhook(db, id, after, now)
  const webhook = await findWebhook(db, id)
  return webhook && webhookView(webhook, now)
}

const makeSecret = ({ sealer, webhooks }: Pick<Deps, 'sealer' | 'webhooks'>, id: string) => {
  const bytes = webhooks.randomBytes(WEBHOOK_SECRET_BYTES)
  return { secret: tellSecret(bytes), sealedSecret: sealer.seal(bytes, secretContext(id)) }
}

const addressFaults = ({ webhooks }: Pick<Deps, 'webhooks'>, url: string): readonly Fault[] => {
  const problem = addressProblem(url, webhooks.calls.reach)
  if (problem === undefined) return []
  const { text, cure } = addressTexts[problem]
  return [{ code: 'WEBHOOK-URL', pointer: '/url', severity: 'error', text, cure }]
}

const addressTexts: Readonly<
  Record<
    NonNullable<ReturnType<typeof addressProblem>>,
    { readonly text: Text; readonly cure: Text }
  >
> = {
  form: {
    text: { zh: '不是网址', en: 'This is no URL' },
    cure: {
      zh: '填写完整网址，以 https:// 开头',
      en: 'Give a whole URL that begins with https://',
    },
  },
  credentials: {
    text: { zh: '网址中不得含用户名和密码', en: 'A URL with a name and password is not taken' },
    cure: {
      zh: '去掉“用户名:密码@”，以签名验证推送',
      en: 'Take them out; verify the signature instead',
    },
  },
  scheme: {
    text: { zh: '网址须为 https', en: 'The URL must be https' },
    cure: {
      zh: '接收方启用 TLS，网址以 https:// 开头',
      en: 'Serve TLS and begin the URL with https://',
    },
  },
  private: {
    text: { zh: '网址指向内部网络', en: 'The URL leads into a private network' },
    cure: {
      zh: '填写互联网可访问的地址；同网部署须由运营者设置 WEBHOOK_TARGETS=any',
      en: 'Give one that the Internet can reach; in a network of your own the operator sets WEBHOOK_TARGETS=any',
    },
  },
}

const tooMany: Fault = {
  code: 'WEBHOOKS-TOO-MANY',
  pointer: '',
  severity: 'error',
  text: {
    zh: `每家企业至多 ${WEBHOOKS_MAX} 个推送订阅`,
    en: `An enterprise has at most ${WEBHOOKS_MAX} web hooks`,
  },
  cure: { zh: '先删除不再使用的订阅', en: 'Remove one that is no longer used' },
}
