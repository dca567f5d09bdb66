/**
 * A buyer's year. Asked by POST although it only reads: the buyer is named by a personal number, and
 * an address is kept by browsers, proxies and logs of others.
 */
import { z } from '@hono/zod-openapi'
import { buyerQuota } from '../../flow/quota-view.ts'
import { reader } from '../callers.ts'
import { buyerQuota as answer, quotaQuestion } from '../quota-schemas.ts'
import { route } from '../route.ts'
import { enterpriseQuery } from '../schemas.ts'

export const quotaRoute = route(
  {
    method: 'post',
    path: '/api/v1/quota',
    summary: { zh: '订购人年度额度', en: 'The year of a buyer' },
    access: 'documents:read',
    limit: 'read',
    query: z.object({ enterprise: enterpriseQuery }),
    json: quotaQuestion,
    answers: {
      200: {
        description: {
          zh: '限值、已用、占用与剩余（本系统口径，以海关为准），及本企业占用额度的清单',
          en: 'Limit, used, reserved and left (our own view; customs holds the truth), and the own lists behind it',
        },
        schema: answer,
      },
    },
    problems: ['ENTERPRISE-NOT-CHOSEN', 'NOT-FOUND'],
  },
  async ({ c, deps, query, body, identity, refuse }) => {
    const found = reader(identity(), query.enterprise)
    if (found.kind === 'refused') return refuse(found.code)
    return c.json(await buyerQuota(deps.flow, found.caller, body))
  },
)
