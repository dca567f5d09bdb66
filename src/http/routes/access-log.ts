/** The log of accesses: an enterprise reads what was done about its own, the operator all of it. */
import { z } from '@hono/zod-openapi'
import { listAccess } from '../../flow/access.ts'
import { accessList, accessSorts } from '../access-schemas.ts'
import { reader } from '../callers.ts'
import { afterDay, day } from '../days.ts'
import { route } from '../route.ts'
import { enterpriseQuery, pageQuery, plainText } from '../schemas.ts'

export const accessLogRoute = route(
  {
    method: 'get',
    path: '/api/v1/access-log',
    summary: {
      zh: '访问日志：谁打开了什么，变更了哪些账户、密钥、委托和参考数据',
      en: 'Log of accesses: who opened what, and changed which accounts, keys, mandates and reference data',
    },
    access: 'documents:read',
    query: z.object({
      enterprise: enterpriseQuery,
      what: z.enum(accessSorts).optional(),
      who: plainText.min(1).max(64).optional().openapi({
        description: '用户编号或 API 密钥编号 / id of a user or an API key',
      }),
      from: day.optional(),
      to: day.optional(),
      ...pageQuery,
    }),
    answers: {
      200: {
        description: { zh: '一页,最新的在前', en: 'A page, newest first' },
        schema: accessList,
      },
    },
    problems: ['ENTERPRISE-NOT-CHOSEN', 'NOT-FOUND'],
  },
  async ({ c, deps, query, identity, refuse }) => {
    const found = reader(identity(), query.enterprise)
    if (found.kind === 'refused') return refuse(found.code)
    const { to, ...filter } = query
    return c.json(await listAccess(deps.flow, found.caller, { ...filter, to: afterDay(to) }))
  },
)
