/** Corrections of refused documents read back: the latest, and one with how far it came. */
import { z } from '@hono/zod-openapi'
import { correctionOf, latestCorrections } from '../../flow/correction-views.ts'
import { isId } from '../../kernel/ids.ts'
import { PAGE_ROWS } from '../../kernel/limits.ts'
import { CORRECTION_DOCUMENTS_MAX } from '../../kernel/rejection-limits.ts'
import { reader } from '../callers.ts'
import { correctionList, correctionView } from '../correction-schemas.ts'
import { route } from '../route.ts'
import { enterpriseQuery, pageQuery } from '../schemas.ts'

export const listCorrectionsRoute = route(
  {
    method: 'get',
    path: '/api/v1/rejections/corrections',
    summary: { zh: '批量更正记录', en: 'Corrections that were made' },
    access: 'documents:read',
    query: z.object({ enterprise: enterpriseQuery }),
    answers: {
      200: { description: { zh: '最近的更正', en: 'The latest' }, schema: correctionList },
    },
    problems: ['ENTERPRISE-NOT-CHOSEN', 'NOT-FOUND'],
  },
  async ({ c, deps, query, identity, refuse }) => {
    const found = reader(identity(), query.enterprise)
    if (found.kind === 'refused') return refuse(found.code)
    return c.json(await latestCorrections(deps.flow, found.caller))
  },
)

export const findCorrectionRoute = route(
  {
    method: 'get',
    path: '/api/v1/rejections/corrections/{token}',
    summary: { zh: '批量更正的进度与明细', en: 'How far a correction came, document by document' },
    access: 'documents:read',
    query: z.object({
      enterprise: enterpriseQuery,
      cursor: z.coerce
        .number()
        .int()
        .min(0)
        .max(CORRECTION_DOCUMENTS_MAX)
        .optional()
        .openapi({ description: '上一页的 next / `next` of the page before' }),
      limit: pageQuery.limit,
    }),
    answers: {
      200: {
        description: { zh: '进度与一页单证', en: 'How far it came, and a page of its documents' },
        schema: correctionView,
      },
    },
    problems: ['ENTERPRISE-NOT-CHOSEN', 'NOT-FOUND'],
  },
  async ({ c, deps, query, identity, param, refuse }) => {
    const found = reader(identity(), query.enterprise)
    if (found.kind === 'refused') return refuse(found.code)
    if (!isId(param('token'))) return refuse('NOT-FOUND')
    const { cursor = 0, limit = PAGE_ROWS } = query
    const page = { from: cursor, limit }
    const view = await correctionOf(deps.flow, found.caller, param('token').toLowerCase(), page)
    return view === undefined ? refuse('NOT-FOUND') : c.json(view)
  },
)
