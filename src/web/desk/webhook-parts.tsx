/** Web hooks as several desks tell of them: how one stands, and that some of an enterprise's fail. */
import type { z } from 'zod'
import type { webhookAnswer } from '../../http/event-schemas.ts'
import type { statusAnswer } from '../../http/status-schemas.ts'
import type { Text } from '../../kernel/fault.ts'
import { chinaTime } from '../figures.ts'
import { fill, type Lang, say } from '../texts.ts'
import { managesEnterprise, type Viewer } from './viewer.ts'

const texts = {
  active: { zh: '推送中', en: 'Active' },
  failing: { zh: '推送失败', en: 'Failing' },
  failingSince: { zh: '推送失败，自 {since} 起', en: 'Failing since {since}' },
  paused: { zh: '已暂停', en: 'Paused' },
  disabled: { zh: '已停用', en: 'Disabled' },
  heading: {
    zh: '{count} 个推送订阅没有送达贵企业系统',
    en: '{count} of your web hooks do not reach your systems',
  },
  cure: { zh: '查看推送订阅', en: 'See the web hooks' },
  askManager: {
    zh: '请企业管理员在“账户 › 推送订阅”中处理',
    en: 'An owner or admin of the enterprise mends it under “Account › Web hooks”',
  },
} as const satisfies Readonly<Record<string, Text>>

/** Where an enterprise sets its own, and where the operator sees those of all that fail. */
export const SUBSCRIPTIONS = '/account/subscriptions'
export const OPERATOR_WEBHOOKS = '/operator/links#webhooks'

type Told = Pick<z.infer<typeof webhookAnswer>, 'state'> & { readonly problem: Text | null }
type WithSince = Pick<z.infer<typeof webhookAnswer>, 'failingSince'>
export type WebhooksStatus = NonNullable<z.infer<typeof statusAnswer>['webhooks']>

/** In words, and why where it was given up. */
export const webhookState = ({ state, problem }: Told, lang: Lang): string =>
  problem === null ? say(texts[state], lang) : problem[lang]

/** The same with since when it fails, where no other place tells that. */
export const webhookWords = (webhook: Told & WithSince, lang: Lang): string => {
  const { state, failingSince } = webhook
  return state !== 'failing' || failingSince === null
    ? webhookState(webhook, lang)
    : fill(say(texts.failingSince, lang), { since: chinaTime(failingSince).slice(0, 16) })
}

/** On the first page of a desk, of the enterprise that is acted for; nothing while all reach it. */
export const WebhookNotice = ({
  lang,
  viewer,
  webhooks,
}: {
  readonly lang: Lang
  readonly viewer: Viewer
  readonly webhooks: WebhooksStatus | null
}) => {
  const own = webhooks?.troubled.filter(({ enterprise }) => enterprise === viewer.enterprise?.id)
  if (own === undefined || own.length === 0) return null
  return (
    <section class="card notice" data-notice="webhooks">
      <h2>{fill(say(texts.heading, lang), { count: String(own.length) })}</h2>
      <ul>
        {own.map((webhook) => (
          <li>
            {webhook.description === '' ? '' : `${webhook.description} · `}
            {webhookWords(webhook, lang)}
            {webhook.problem === null ? '' : ` · ${webhook.problem.cure[lang]}`}
          </li>
        ))}
      </ul>
      <p>
        {managesEnterprise(viewer) ? (
          <a href={SUBSCRIPTIONS}>{say(texts.cure, lang)}</a>
        ) : (
          say(texts.askManager, lang)
        )}
      </p>
    </section>
  )
}
