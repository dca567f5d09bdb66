/** Puts the status page together as HTML text, for whoever looks. */
import type { Context } from 'hono'
import { html } from 'hono/html'
import type { SeenEnterprises, StatusView } from '../flow/link-status.ts'
import type { EnterpriseQueue } from '../flow/places.ts'
import type { Identity } from '../http/accounts.ts'
import { reader, seenBy, standingTo } from '../http/callers.ts'
import { STATUS_REFRESH_SECONDS } from '../kernel/limits.ts'
import type { Theme } from './desk/theme.ts'
import { OPERATOR_WEBHOOKS, SUBSCRIPTIONS } from './desk/webhook-parts.tsx'
import { Layout } from './layout.tsx'
import { Status, type StatusProps } from './status.tsx'
import { statusTexts } from './status-texts.ts'
import { type Lang, say, texts } from './texts.ts'

export interface StatusDeps {
  statusOf(seen: SeenEnterprises | undefined): Promise<StatusView>
  /** Who looks; undefined is anybody. */
  identify(c: Context): Promise<Identity | undefined>
  queueOf(enterpriseId: string): Promise<EnterpriseQueue>
}

/** What whoever asks may see: the same as by the interface. */
export const statusFor = async (
  deps: StatusDeps,
  c: Context,
): Promise<Omit<StatusProps, 'lang'>> => {
  const identity = await deps.identify(c)
  const status = await deps.statusOf(identity && seenBy(identity))
  const id = identity === undefined ? '' : enterpriseOf(identity)
  const own = id === '' ? undefined : await deps.queueOf(id)
  return { status, own, webhooksPath: identity && webhooksPathOf(identity, id) }
}

/** Undefined for whoever sees them and may not set them. */
const webhooksPathOf = (identity: Identity, enterpriseId: string): string | undefined => {
  if (identity.operator) return OPERATOR_WEBHOOKS
  return standingTo(identity, enterpriseId) === 'manager' ? SUBSCRIPTIONS : undefined
}

/** '' for the operator, and for a user of several enterprises who chose none. */
const enterpriseOf = (identity: Identity): string => {
  const found = reader(identity, undefined)
  return found.kind === 'caller' ? found.caller.enterpriseId : ''
}

export interface StatusPageProps extends StatusProps {
  readonly lang: Lang
  readonly version: string
  readonly theme: Theme
}

export const renderStatus = ({ version, theme, ...props }: StatusPageProps) =>
  html`<!doctype html>${(
    <Layout
      lang={props.lang}
      path="/status"
      version={version}
      theme={theme}
      title={say(texts.status, props.lang)}
      description={statusTexts.description}
      footer={statusTexts.footer}
      refreshSeconds={STATUS_REFRESH_SECONDS}
    >
      <Status {...props} />
    </Layout>
  )}`
