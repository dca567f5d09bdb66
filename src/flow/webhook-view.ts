/** How web hooks stand: one as its enterprise sees it, and those in trouble as the status tells of them. */
import type { StateGroup } from '../catalogue/statuses.ts'
import type { Text } from '../kernel/fault.ts'
import { WEBHOOK_FAILING_DAYS_MAX, WEBHOOKS_TROUBLED_MAX } from '../kernel/webhook-limits.ts'
import { findTroubledWebhooks, type TroubledCounts, type Webhook } from '../store/webhooks.ts'
import type { FlowDeps } from './types.ts'

export interface WebhookView {
  readonly id: string
  readonly enterprise: string
  readonly url: string
  readonly description: string
  /** Null for all. */
  readonly kinds: readonly string[] | null
  readonly groups: readonly StateGroup[] | null
  /** `failing`: the last try failed, and it goes on trying. */
  readonly state: 'active' | 'failing' | 'paused' | 'disabled'
  readonly failingSince: string | null
  /** Of one that is failing. */
  readonly nextTryAt: string | null
  /** Why it is disabled, and what to do; else null. */
  readonly problem: (Text & { readonly name: string; readonly cure: Text }) | null
  /** Id of the last event that its receiver has taken. */
  readonly taken: string
  readonly oldSecretUntil: string | null
  readonly createdAt: string
}

/** Web hooks whose receiver does not take what it is told, as they stand on the status page. */
export interface TroubledView extends TroubledCounts {
  /** The longest in trouble first; the others are only counted. Addresses are told to those who set them. */
  readonly troubled: readonly (Pick<WebhookView, TroubledMember> & {
    readonly enterpriseName: string
  })[]
}

type TroubledMember =
  | 'id'
  | 'enterprise'
  | 'description'
  | 'state'
  | 'failingSince'
  | 'nextTryAt'
  | 'problem'

export const troubledWebhooks = async (
  { db, clock }: Pick<FlowDeps, 'db' | 'clock'>,
  enterpriseIds: readonly string[] | 'all',
): Promise<TroubledView> => {
  const found = await findTroubledWebhooks(db, enterpriseIds, WEBHOOKS_TROUBLED_MAX)
  const { failing, disabled, webhooks } = found
  const troubled = webhooks.map(({ enterpriseName, ...webhook }) => {
    const view = webhookView(webhook, clock.now())
    const { id, enterprise, description, state, failingSince, nextTryAt, problem } = view
    const told = { id, enterprise, enterpriseName, description, state }
    return { ...told, failingSince, nextTryAt, problem }
  })
  return { failing, disabled, troubled }
}

/** As they were checked when they came in. */
export const groupsOf = ({ groups }: Pick<Webhook, 'groups'>): readonly StateGroup[] | undefined =>
  (groups as readonly StateGroup[] | null) ?? undefined

export const webhookView = (webhook: Webhook, now: Date): WebhookView => {
  const { id, url, description, kinds, state, taken, failingSince, oldSecretUntil } = webhook
  const isFailing = state === 'active' && failingSince !== null
  const isOldInForce = oldSecretUntil !== null && oldSecretUntil > now
  return {
    ...{ id, enterprise: webhook.enterpriseId, url, description, kinds },
    groups: groupsOf(webhook) ?? null,
    state: isFailing ? 'failing' : state,
    failingSince: failingSince?.toISOString() ?? null,
    nextTryAt: isFailing ? webhook.dueAt.toISOString() : null,
    problem:
      webhook.problem === null ? null : { name: webhook.problem, ...problems[webhook.problem] },
    taken,
    oldSecretUntil: isOldInForce ? oldSecretUntil.toISOString() : null,
    createdAt: webhook.createdAt.toISOString(),
  }
}

const problems: Readonly<Record<'gone' | 'failing', Text & { readonly cure: Text }>> = {
  gone: {
    zh: '接收方答复 410（不再接收），推送已停用',
    en: 'Disabled: the receiver answered 410, it wants no more',
    cure: {
      zh: '接收方恢复后点“恢复”；不再需要则删除',
      en: 'Resume it when the receiver is back, or remove it',
    },
  },
  failing: {
    zh: `连续 ${WEBHOOK_FAILING_DAYS_MAX} 天推送失败，已停用`,
    en: `Disabled: every try failed for ${WEBHOOK_FAILING_DAYS_MAX} days`,
    cure: {
      zh: '按最近推送记录排查接收方，测试通过后点“恢复”；停用期间的事件会补推',
      en: 'Look into the receiver by the last tries, test it, and resume; what happened meanwhile is told then',
    },
  },
}
