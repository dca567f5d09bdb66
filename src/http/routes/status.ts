/**
 * How the gateway stands: its links to customs and the queues before them for anybody, more for whoever is
 * signed in, and what an enterprise itself has waiting. In trouble this is what senders look at.
 */
import { z } from '@hono/zod-openapi'
import { statusView } from '../../flow/link-status.ts'
import { enterpriseQueue } from '../../flow/places.ts'
import { findEnterprise } from '../../store/accounts.ts'
import { reader, seenBy } from '../callers.ts'
import { whoLooks } from '../identify.ts'
import { route } from '../route.ts'
import { enterpriseQuery } from '../schemas.ts'
import { queueAnswer, statusAnswer } from '../status-schemas.ts'

export const statusRoute = route(
  {
    method: 'get',
    path: '/api/v1/status',
    summary: {
      zh: '运行状况：链路、排队、预计',
      en: 'How links and queues stand; more for whoever is signed in',
    },
    access: 'public',
    answers: {
      200: {
        description: {
          zh: '各链路状态、起始时间、排队数与最久等待、按近期速度的预计；未知即为 null',
          en: 'Each link, since when, what waits and how long, how long it takes at the pace of lately; null is unknown',
        },
        schema: statusAnswer,
      },
    },
  },
  async ({ c, deps }) => {
    const identity = await whoLooks(c)
    return c.json(await statusView(deps.flow, identity && seenBy(identity)))
  },
)

export const queueRoute = route(
  {
    method: 'get',
    path: '/api/v1/queue',
    summary: { zh: '本企业排队中的单证', en: 'What an enterprise has waiting' },
    access: 'documents:read',
    query: z.object({ enterprise: enterpriseQuery }),
    answers: {
      200: {
        description: {
          zh: '按环节和种类：份数、最久等待、预计',
          en: 'By stage and kind: how many, how old the oldest, how long it takes',
        },
        schema: queueAnswer,
      },
    },
    problems: ['ENTERPRISE-NOT-CHOSEN', 'NOT-FOUND'],
  },
  async ({ c, deps, query, identity, refuse }) => {
    const found = reader(identity(), query.enterprise)
    if (found.kind === 'refused') return refuse(found.code)
    // The operator has no documents of his own: he names whose queue he wants.
    const id = found.caller.operator === true ? query.enterprise : found.caller.enterpriseId
    if (id === undefined) return refuse('ENTERPRISE-NOT-CHOSEN')
    if ((await findEnterprise(deps.flow.db, id)) === undefined) return refuse('NOT-FOUND')
    return c.json(await enterpriseQueue(deps.flow, id))
  },
)
