/** Time: documents that have been in their stage for longer than it takes, and what falls due when. */
import { z } from '@hono/zod-openapi'
import { declarations } from '../../catalogue/index.ts'
import { deadlinesOf } from '../../flow/deadlines.ts'
import { listStuck, readStuckCursor } from '../../flow/stage-clocks.ts'
import { DEADLINE_DAYS, DEADLINE_DAYS_MAX } from '../../kernel/deadline-limits.ts'
import { findEnterprise } from '../../store/accounts.ts'
import { reader } from '../callers.ts'
import { deadlineList, stuckPage } from '../clock-schemas.ts'
import { route } from '../route.ts'
import { clientQuery, enterpriseQuery, pageQuery, senderQuery } from '../schemas.ts'

const CURSOR_LENGTH_MAX = 200

export const stuckRoute = route(
  {
    method: 'get',
    path: '/api/v1/stuck',
    summary: { zh: '滞留单证', en: 'Documents that are stuck' },
    access: 'documents:read',
    query: z.object({
      kind: z.enum(declarations.map((entry) => entry.code)).optional(),
      zone: z
        .string()
        .max(32)
        .regex(/^[^\0]*$/)
        .optional(),
      sender: senderQuery,
      client: clientQuery,
      enterprise: enterpriseQuery,
      limit: pageQuery.limit,
      cursor: z
        .string()
        .max(CURSOR_LENGTH_MAX)
        .refine((cursor) => readStuckCursor(cursor) !== undefined)
        .optional()
        .openapi({ description: '上一页的 next / `next` of the page before' }),
    }),
    answers: {
      200: {
        description: {
          zh: '停留超过常用时间的单证，久者在前，附责任方与办法',
          en: 'Documents longer in their stage than it takes, the longest first; who must act, and how',
        },
        schema: stuckPage,
      },
    },
    problems: ['ENTERPRISE-NOT-CHOSEN', 'NOT-FOUND'],
  },
  async ({ c, deps, query, identity, refuse }) => {
    const found = reader(identity(), query.enterprise)
    if (found.kind === 'refused') return refuse(found.code)
    const { enterprise, sender, ...filter } = query
    return c.json(
      await listStuck(deps.flow, found.caller, {
        ...filter,
        // For a member it says who he is; for the operator, whose documents he wants.
        enterprise: sender ?? (found.caller.operator === true ? enterprise : undefined),
      }),
    )
  },
)

export const deadlinesRoute = route(
  {
    method: 'get',
    path: '/api/v1/deadlines',
    summary: { zh: '期限一览', en: 'What falls due' },
    access: 'documents:read',
    limit: 'report',
    query: z.object({
      within: z.coerce
        .number()
        .int()
        .min(0)
        .max(DEADLINE_DAYS_MAX)
        .optional()
        .openapi({ description: '今后若干天内 / days ahead' }),
      include: z
        .enum(['return-window'])
        .optional()
        .openapi({ description: '另列将到期的退货申请期 / windows of return as well' }),
      about: z
        .enum(['returns'])
        .optional()
        .openapi({ description: '只列退货相关期限 / nothing but what is about returns' }),
      enterprise: enterpriseQuery,
    }),
    answers: {
      200: {
        description: {
          zh: '按日期排列的期限，附依据、可信度与逾期后果',
          en: 'Deadlines by day, with their source, how sure it is, and what follows',
        },
        schema: deadlineList,
      },
    },
    problems: ['ENTERPRISE-NOT-CHOSEN', 'NOT-FOUND'],
  },
  async ({ c, deps, query, identity, refuse }) => {
    const found = reader(identity(), query.enterprise)
    if (found.kind === 'refused') return refuse(found.code)
    // The operator has no deadlines of his own: he names whose he wants.
    const id = found.caller.operator === true ? query.enterprise : found.caller.enterpriseId
    if (id === undefined) return refuse('ENTERPRISE-NOT-CHOSEN')
    if ((await findEnterprise(deps.flow.db, id)) === undefined) return refuse('NOT-FOUND')
    const { within = DEADLINE_DAYS, include, about } = query
    const windows = include === 'return-window'
    const returnsOnly = about === 'returns'
    return c.json(await deadlinesOf(deps.flow, id, { within, windows, returnsOnly }))
  },
)
