/**
 * Totals of the trade that passed, with their meaning and their distance to the year's target. They
 * name no enterprise, so anybody may read them.
 */
import { z } from '@hono/zod-openapi'
import { totals } from '../../flow/totals.ts'
import { route } from '../route.ts'
import { totalsAnswer } from '../schemas.ts'

const query = z.object({
  year: z.coerce.number().int().min(2000).max(2999).optional(),
  by: z.enum(['zone', 'mode', 'month', 'direction']).optional(),
  scope: z.enum(['released']).optional(),
})

export const totalsRoute = route(
  {
    method: 'get',
    path: '/api/v1/totals',
    summary: { zh: '统计', en: 'Totals' },
    access: 'public',
    limit: 'report',
    query,
    answers: { 200: { description: { zh: '统计', en: 'Figures' }, schema: totalsAnswer } },
  },
  async ({ c, deps, query: asked }) => {
    return c.json(await totals(deps.flow, { year: asked.year, by: asked.by ?? 'zone' }))
  },
)
