/**
 * Web hooks of an enterprise: its owners and admins set them, or the operator for it. Another
 * enterprise's does not exist. A secret is told once, when it is made.
 */
import { z } from '@hono/zod-openapi'
import { followEvents } from '../../flow/events.ts'
import {
  makeWebhook,
  pingWebhook,
  renewSecret,
  resendEvents,
  setWebhook,
  webhooksOf,
  webhookWithTries,
} from '../../flow/webhooks.ts'
import { isId } from '../../kernel/ids.ts'
import { findEnterprise } from '../../store/accounts.ts'
import { inTransaction } from '../../store/transaction.ts'
import { deleteWebhook, findWebhook, type Webhook } from '../../store/webhooks.ts'
import type { Identity } from '../accounts.ts'
import { chosen, standingTo } from '../callers.ts'
import {
  changedWebhook,
  secretRenewed,
  wantedResend,
  wantedWebhook,
  webhookAnswer,
  webhookList,
  webhookMade,
  webhookTested,
  webhookWithTries as webhookWithTriesAnswer,
} from '../event-schemas.ts'
import type { ProblemCode } from '../problems.ts'
import { type AppDeps, type RouteInput, route } from '../route.ts'
import { enterpriseQuery } from '../schemas.ts'

const PATH = '/api/v1/webhooks'
const query = z.object({ enterprise: enterpriseQuery })

interface Refused {
  readonly kind: 'refused'
  readonly code: ProblemCode
}

const refused = (code: ProblemCode): Refused => ({ kind: 'refused', code })

/** The enterprise whose web hooks somebody looks after. */
const managed = async (
  deps: AppDeps,
  identity: Identity,
  enterprise: string | undefined,
): Promise<{ readonly kind: 'enterprise'; readonly id: string } | Refused> => {
  const found = chosen(identity, enterprise)
  if (found.kind === 'refused') return found
  const id = found.caller.enterpriseId
  if (standingTo(identity, id) !== 'manager') return refused('SCOPE-MISSING')
  const isThere = (await findEnterprise(deps.flow.db, id)) !== undefined
  return isThere ? { kind: 'enterprise', id } : refused('NOT-FOUND')
}

/** One of an enterprise that he looks after. */
const own = async (
  deps: AppDeps,
  identity: Identity,
  id: string,
): Promise<{ readonly kind: 'webhook'; readonly webhook: Webhook } | Refused> => {
  const webhook = isId(id) ? await findWebhook(deps.flow.db, id) : undefined
  const standing = webhook && standingTo(identity, webhook.enterpriseId)
  if (webhook === undefined || standing === 'stranger') return refused('NOT-FOUND')
  return standing === 'manager' ? { kind: 'webhook', webhook } : refused('SCOPE-MISSING')
}

type Deed = Parameters<RouteInput<unknown, unknown>['audit']>[1]

const deed = (what: Deed['what'], { id, enterpriseId }: Owned): Deed => ({
  ...{ what, enterpriseId, subject: id },
})

type Owned = Pick<Webhook, 'id' | 'enterpriseId'>

export const createWebhookRoute = route(
  {
    method: 'post',
    path: PATH,
    summary: { zh: '添加推送订阅', en: 'Add a web hook' },
    access: 'signed-in',
    query,
    json: wantedWebhook,
    answers: {
      201: {
        description: {
          zh: '已添加；secret 只显示这一次',
          en: 'Added; the secret is told this once',
        },
        schema: webhookMade,
      },
    },
    problems: ['ENTERPRISE-NOT-CHOSEN', 'SCOPE-MISSING', 'NOT-FOUND', 'WEBHOOK-INVALID'],
  },
  async ({ c, deps, query: { enterprise }, body, identity, refuse, audit }) => {
    const found = await managed(deps, identity(), enterprise)
    if (found.kind === 'refused') return refuse(found.code)
    // In transactions of its own, so that it begins where the feed ends now.
    await followEvents(deps.flow)
    const made = await inTransaction(deps.flow.db, async (db) => {
      const done = await makeWebhook({ ...deps.flow, db }, found.id, body)
      if (done.kind === 'made')
        await audit(db, deed('webhook-added', { id: done.webhook.id, enterpriseId: found.id }))
      return done
    })
    if (made.kind === 'wrong') return refuse('WEBHOOK-INVALID', made.faults)
    return c.json({ ...made.webhook, secret: made.secret }, 201, { 'cache-control': 'no-store' })
  },
)

export const listWebhooksRoute = route(
  {
    method: 'get',
    path: PATH,
    summary: { zh: '推送订阅列表', en: 'List web hooks' },
    access: 'signed-in',
    query,
    answers: { 200: { description: { zh: '推送订阅', en: 'Web hooks' }, schema: webhookList } },
    problems: ['ENTERPRISE-NOT-CHOSEN', 'SCOPE-MISSING', 'NOT-FOUND'],
  },
  async ({ c, deps, query: { enterprise }, identity, refuse }) => {
    const found = await managed(deps, identity(), enterprise)
    if (found.kind === 'refused') return refuse(found.code)
    return c.json({ webhooks: await webhooksOf(deps.flow, found.id) })
  },
)

export const findWebhookRoute = route(
  {
    method: 'get',
    path: `${PATH}/{id}`,
    summary: { zh: '查看推送订阅及最近推送', en: 'One web hook with its last tries' },
    access: 'signed-in',
    answers: {
      200: {
        description: { zh: '推送订阅，最近推送在前', en: 'The web hook, its last try first' },
        schema: webhookWithTriesAnswer,
      },
    },
    problems: ['SCOPE-MISSING', 'NOT-FOUND'],
  },
  async ({ c, deps, identity, param, refuse }) => {
    const found = await own(deps, identity(), param('id'))
    if (found.kind === 'refused') return refuse(found.code)
    return c.json(await webhookWithTries(deps.flow, found.webhook))
  },
)

export const setWebhookRoute = route(
  {
    method: 'patch',
    path: `${PATH}/{id}`,
    summary: { zh: '修改、暂停或恢复推送订阅', en: 'Change, pause or resume a web hook' },
    access: 'signed-in',
    json: changedWebhook,
    answers: { 200: { description: { zh: '已修改', en: 'Changed' }, schema: webhookAnswer } },
    problems: ['SCOPE-MISSING', 'NOT-FOUND', 'WEBHOOK-INVALID'],
  },
  async ({ c, deps, body, identity, param, refuse, audit }) => {
    const found = await own(deps, identity(), param('id'))
    if (found.kind === 'refused') return refuse(found.code)
    const isChange = Object.values(body).some((value) => value !== undefined)
    const set = await inTransaction(deps.flow.db, async (db) => {
      const done = await setWebhook({ ...deps.flow, db }, found.webhook, body)
      if (isChange && done.kind === 'set' && done.webhook !== undefined)
        await audit(db, deed('webhook-changed', found.webhook))
      return done
    })
    if (set.kind === 'wrong') return refuse('WEBHOOK-INVALID', set.faults)
    return set.webhook === undefined ? refuse('NOT-FOUND') : c.json(set.webhook)
  },
)

export const deleteWebhookRoute = route(
  {
    method: 'delete',
    path: `${PATH}/{id}`,
    summary: { zh: '删除推送订阅', en: 'Remove a web hook' },
    access: 'signed-in',
    answers: { 204: { description: { zh: '已删除', en: 'Removed' } } },
    problems: ['SCOPE-MISSING', 'NOT-FOUND'],
  },
  async ({ c, deps, identity, param, refuse, audit }) => {
    const found = await own(deps, identity(), param('id'))
    if (found.kind === 'refused') return refuse(found.code)
    await inTransaction(deps.flow.db, async (db) => {
      await deleteWebhook(db, found.webhook.id)
      await audit(db, deed('webhook-removed', found.webhook))
    })
    return c.body(null, 204)
  },
)

export const rotateSecretRoute = route(
  {
    method: 'post',
    path: `${PATH}/{id}/rotate-secret`,
    summary: { zh: '更换签名密钥', en: 'Renew the secret' },
    access: 'signed-in',
    answers: {
      200: {
        description: {
          zh: '新密钥，只显示这一次；旧密钥在 oldSecretUntil 前同时签名',
          en: 'The new secret, told this once; the old one signs too until oldSecretUntil',
        },
        schema: secretRenewed,
      },
    },
    problems: ['SCOPE-MISSING', 'NOT-FOUND'],
  },
  async ({ c, deps, identity, param, refuse, audit }) => {
    const found = await own(deps, identity(), param('id'))
    if (found.kind === 'refused') return refuse(found.code)
    const renewed = await inTransaction(deps.flow.db, async (db) => {
      const done = await renewSecret({ ...deps.flow, db }, found.webhook)
      await audit(db, deed('webhook-changed', found.webhook))
      return done
    })
    return c.json(renewed, 200, { 'cache-control': 'no-store' })
  },
)

export const testWebhookRoute = route(
  {
    method: 'post',
    path: `${PATH}/{id}/test`,
    summary: { zh: '发送测试推送（ping）', en: 'Send a ping' },
    access: 'signed-in',
    answers: {
      200: {
        description: { zh: '接收方的答复', en: 'How the receiver answered' },
        schema: webhookTested,
      },
    },
    problems: ['SCOPE-MISSING', 'NOT-FOUND'],
  },
  async ({ c, deps, identity, param, refuse }) => {
    const found = await own(deps, identity(), param('id'))
    if (found.kind === 'refused') return refuse(found.code)
    return c.json(await pingWebhook(deps.flow, found.webhook))
  },
)

export const resendEventsRoute = route(
  {
    method: 'post',
    path: `${PATH}/{id}/resend`,
    summary: { zh: '重新推送', en: 'Push again' },
    access: 'signed-in',
    json: wantedResend,
    answers: {
      200: {
        description: {
          zh: '其后的事件将按序重新推送',
          en: 'All behind it is pushed again, in order',
        },
        schema: webhookAnswer,
      },
    },
    problems: ['SCOPE-MISSING', 'NOT-FOUND', 'EVENTS-FORGOTTEN'],
  },
  async ({ c, deps, body, identity, param, refuse, audit }) => {
    const found = await own(deps, identity(), param('id'))
    if (found.kind === 'refused') return refuse(found.code)
    const after = 'after' in body ? body.after : before(body.eventId)
    const moved = await inTransaction(deps.flow.db, async (db) => {
      const done = await resendEvents({ ...deps.flow, db }, found.webhook, after)
      if (done !== 'forgotten' && done !== undefined)
        await audit(db, deed('webhook-changed', found.webhook))
      return done
    })
    if (moved === 'forgotten') return refuse('EVENTS-FORGOTTEN')
    return moved === undefined ? refuse('NOT-FOUND') : c.json(moved)
  },
)

/** The cursor right before an event. */
const before = (id: string): string => {
  const number = BigInt(id)
  return String(number === 0n ? 0n : number - 1n)
}
