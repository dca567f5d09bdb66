/**
 * Rehearsals: a peak replayed against a simulated office, in processes and a database of their own.
 * They are begun here and found again later; where the gateway itself talks to customs, none begins.
 */
import { z } from '@hono/zod-openapi'
import { isId } from '../../kernel/ids.ts'
import { PAGE_ROWS } from '../../kernel/limits.ts'
import { plannedTotal } from '../../kernel/rehearsal-curve.ts'
import { REHEARSAL_SILENT_SECONDS } from '../../kernel/rehearsal-limits.ts'
import {
  endRehearsal,
  findRehearsal,
  insertRehearsal,
  listRehearsals,
  type RehearsalRow,
} from '../../store/rehearsals.ts'
import {
  rehearsalList,
  rehearsalReport,
  rehearsalView,
  wantedRehearsal,
} from '../rehearsal-schemas.ts'
import { type Rehearsals, route } from '../route.ts'
import { pageQuery } from '../schemas.ts'

export const listRehearsalsRoute = route(
  {
    method: 'get',
    path: '/api/v1/rehearsals',
    summary: { zh: '压力演练列表', en: 'Rehearsals' },
    access: 'operator',
    query: z.object(pageQuery),
    answers: {
      200: {
        description: { zh: '一页，最新的在前', en: 'A page, newest first' },
        schema: rehearsalList,
      },
    },
  },
  async ({ c, deps, query }) => {
    const limit = query.limit ?? PAGE_ROWS
    const rows = await listRehearsals(deps.flow.db, { after: query.cursor, limit: limit + 1 })
    const shown = rows.slice(0, limit)
    return c.json({
      hindrance: hindranceOf(deps.rehearsals) ?? null,
      rehearsals: shown.map((row) => viewOf(row, deps.flow.clock.now())),
      next: rows.length > limit ? (shown.at(-1)?.id ?? null) : null,
    })
  },
)

export const findRehearsalRoute = route(
  {
    method: 'get',
    path: '/api/v1/rehearsals/{id}',
    summary: { zh: '查看压力演练', en: 'One rehearsal with its report' },
    access: 'operator',
    answers: { 200: { description: { zh: '演练', en: 'It' }, schema: rehearsalView } },
    problems: ['NOT-FOUND'],
  },
  async ({ c, deps, param, refuse }) => {
    const found = isId(param('id')) ? await findRehearsal(deps.flow.db, param('id')) : undefined
    return found === undefined ? refuse('NOT-FOUND') : c.json(viewOf(found, deps.flow.clock.now()))
  },
)

export const startRehearsalRoute = route(
  {
    method: 'post',
    path: '/api/v1/rehearsals',
    summary: { zh: '开始压力演练', en: 'Begin a rehearsal' },
    access: 'operator',
    json: wantedRehearsal,
    answers: {
      202: {
        description: { zh: '已开始；进展按编号查看', en: 'Begun; look at it by its id' },
        schema: rehearsalView,
      },
    },
    problems: ['REHEARSAL-NOT-HERE', 'REHEARSAL-RUNNING'],
  },
  async ({ c, deps, body, identity, refuse }) => {
    const { flow, rehearsals } = deps
    if (rehearsals === undefined || hindranceOf(rehearsals) !== undefined)
      return refuse('REHEARSAL-NOT-HERE')
    const id = flow.ids.next()
    const now = flow.clock.now()
    const made = { id, ...body, planned: plannedTotal(body), startedBy: identity().userId ?? null }
    if (!(await insertRehearsal(flow.db, made, now, silentBefore(now))))
      return refuse('REHEARSAL-RUNNING')
    rehearsals.run(id, body)
    flow.log.info('rehearsal-begun', { rehearsal: id, ...body })
    const begun = await findRehearsal(flow.db, id)
    if (begun === undefined) throw new Error(`rehearsal ${id} vanished`)
    return c.json(viewOf(begun, now), 202)
  },
)

export const stopRehearsalRoute = route(
  {
    method: 'post',
    path: '/api/v1/rehearsals/{id}/stop',
    summary: { zh: '中止压力演练', en: 'Stop a rehearsal' },
    access: 'operator',
    answers: { 200: { description: { zh: '已中止', en: 'Stopped' }, schema: rehearsalView } },
    problems: ['NOT-FOUND'],
  },
  async ({ c, deps, param, refuse }) => {
    const { db, clock } = deps.flow
    const id = param('id')
    if (!isId(id) || (await findRehearsal(db, id)) === undefined) return refuse('NOT-FOUND')
    await endRehearsal(db, id, { state: 'stopped' }, clock.now())
    deps.rehearsals?.stop(id)
    const found = await findRehearsal(db, id)
    return found === undefined ? refuse('NOT-FOUND') : c.json(viewOf(found, clock.now()))
  },
)

const hindranceOf = (rehearsals: Rehearsals | undefined) =>
  rehearsals === undefined ? NOT_ON_THIS_PLATFORM : rehearsals.hindrance

const NOT_ON_THIS_PLATFORM = {
  zh: '此运行环境不能启动其他进程',
  en: 'This platform starts no processes',
  cure: {
    zh: '在 Node 上用 yuguan rehearse 演练',
    en: 'Use yuguan rehearse on Node',
  },
}

const silentBefore = (now: Date): Date => new Date(now.getTime() - REHEARSAL_SILENT_SECONDS * 1000)

const phases = ['starting', 'handing-in', 'draining', 'reporting'] as const

const viewOf = (row: RehearsalRow, now: Date): z.infer<typeof rehearsalView> => {
  const report = rehearsalReport.safeParse(row.report)
  const isSilent = row.state === 'running' && row.beatAt <= silentBefore(now)
  return {
    ...{ id: row.id, startedAt: row.startedAt.toISOString(), times: row.times },
    ...{ seconds: row.seconds, planned: row.planned, done: row.done, problem: row.problem },
    state: isSilent ? 'broken-off' : row.state,
    phase: phases.find((phase) => phase === row.phase) ?? 'starting',
    endedAt: row.endedAt?.toISOString() ?? null,
    report: report.success ? report.data : null,
  }
}
