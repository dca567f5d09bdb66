/** The feed of events, pulled: page by page behind a cursor, none left out. */
import { z } from '@hono/zod-openapi'
import { eventsAfter, latestEvent } from '../../flow/events.ts'
import { PAGE_ROWS_MAX } from '../../kernel/limits.ts'
import { chosen } from '../callers.ts'
import { eventList, groupName, kindName } from '../event-schemas.ts'
import { route } from '../route.ts'
import { enterpriseQuery } from '../schemas.ts'

/** The cursor at the end of the feed. */
const LATEST = 'latest'

export const eventsRoute = route(
  {
    method: 'get',
    path: '/api/v1/events',
    summary: { zh: '单证事件', en: 'Events of documents' },
    access: 'documents:read',
    query: z.object({
      enterprise: enterpriseQuery,
      after: z
        .string()
        .regex(/^(?:latest|\d{1,18})$/)
        .optional()
        .openapi({
          description:
            '上次的 next，或事件编号；latest 为最新，不填为最早 / `next` of the page before, or the id of an event; latest is the end, left out it is the beginning',
        }),
      kind: kindName.optional(),
      group: groupName.optional(),
      limit: z.coerce.number().int().min(1).max(PAGE_ROWS_MAX).optional(),
    }),
    answers: { 200: { description: { zh: '事件', en: 'Events' }, schema: eventList } },
    problems: ['ENTERPRISE-NOT-CHOSEN', 'NOT-FOUND', 'EVENTS-FORGOTTEN'],
  },
  async ({ c, deps, query, identity, refuse }) => {
    const { enterprise, after, kind, group, limit } = query
    const found = chosen(identity(), enterprise)
    if (found.kind === 'refused') return refuse(found.code)
    if (after === LATEST)
      return c.json({ events: [], next: await latestEvent(deps.flow), more: false })
    const page = await eventsAfter(deps.flow, found.caller, {
      ...{ after, limit },
      kinds: kind === undefined ? undefined : [kind],
      groups: group === undefined ? undefined : [group],
    })
    return page === 'forgotten' ? refuse('EVENTS-FORGOTTEN') : c.json(page)
  },
)
