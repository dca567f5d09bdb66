/** Whether the process lives, and whether it can work: the second asks the database. */
import { z } from '@hono/zod-openapi'
import { sql } from 'kysely'
import { route } from '../route.ts'

const status = z.object({ status: z.literal('ok') }).openapi('Status')

export const healthRoute = route(
  {
    method: 'get',
    path: '/healthz',
    summary: { zh: '进程存活', en: 'The process lives' },
    access: 'public',
    limit: 'none',
    answers: { 200: { description: { zh: '存活', en: 'It does' }, schema: status } },
  },
  ({ c }) => c.json({ status: 'ok' }),
)

export const readyRoute = route(
  {
    method: 'get',
    path: '/readyz',
    summary: { zh: '可以工作', en: 'It can work' },
    access: 'public',
    limit: 'none',
    // Every request needs an account first: these connections tell whether it would be served.
    pool: 'account',
    answers: { 200: { description: { zh: '可以', en: 'It can' }, schema: status } },
  },
  async ({ c, deps, refuse }) => {
    try {
      await sql`select 1 from schema_version limit 1`.execute(deps.flow.db)
      return c.json({ status: 'ok' })
    } catch {
      return refuse('NOT-READY')
    }
  },
)
