/** Refusals about events and web hooks; a part of the one table in `problems.ts`. */
import { EVENT_DAYS_KEPT } from '../kernel/event-limits.ts'
import { entry, type ProblemEntry } from './problem-entry.ts'

export const eventProblems = {
  'EVENTS-FORGOTTEN': entry(
    410,
    ['游标不在保留的事件之内', 'The cursor lies outside the events that are kept'],
    [
      `事件保留 ${EVENT_DAYS_KEPT} 天；以 GET /api/v1/documents 核对现状，再不带 after 重新开始`,
      `Events are kept for ${EVENT_DAYS_KEPT} days; read how documents stand (GET /api/v1/documents), then begin again without after`,
    ],
  ),
  'WEBHOOK-INVALID': entry(
    422,
    ['推送订阅有误', 'The web hook has faults'],
    ['按所列问题修改', 'Mend what is listed'],
  ),
} as const satisfies Readonly<Record<string, ProblemEntry>>
