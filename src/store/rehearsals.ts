/** Rehearsals with how far they are and what they found; one is under way at a time. */
import { sql } from 'kysely'
import type { Db } from './tables.ts'
import { inTransaction } from './transaction.ts'

export type RehearsalState = 'running' | 'done' | 'failed' | 'stopped'

export interface RehearsalRow {
  readonly id: string
  readonly startedAt: Date
  readonly startedBy: string | null
  readonly times: number
  readonly seconds: number
  /** Lists. */
  readonly planned: number
  readonly state: RehearsalState
  readonly beatAt: Date
  readonly phase: string
  /** Lists released so far. */
  readonly done: number
  readonly endedAt: Date | null
  readonly problem: string | null
  readonly report: unknown
}

const COLUMNS = sql`id, started_at as "startedAt", started_by as "startedBy", times, seconds, planned,
  state, beat_at as "beatAt", phase, done, ended_at as "endedAt", problem`

/** False while another is under way that was heard of since `silentBefore`. */
export const insertRehearsal = (
  db: Db,
  made: Pick<RehearsalRow, 'id' | 'startedBy' | 'times' | 'seconds' | 'planned'>,
  now: Date,
  silentBefore: Date,
): Promise<boolean> =>
  inTransaction(db, async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtext('rehearsal'))`.execute(trx)
    const { id, startedBy, times, seconds, planned } = made
    const inserted = await sql<{ id: string }>`
      insert into rehearsal (id, started_at, started_by, times, seconds, planned, state, beat_at, phase)
      select ${id}::uuid, ${now}, ${startedBy}, ${times}::integer, ${seconds}::integer,
        ${planned}::integer, 'running', ${now}, 'starting'
      where not exists (
        select 1 from rehearsal where state = 'running' and beat_at > ${silentBefore}
      ) returning id`.execute(trx)
    return inserted.rows.length > 0
  })

/** Newest first, without their reports. */
export const listRehearsals = async (
  db: Db,
  page: { readonly after?: string | undefined; readonly limit: number },
): Promise<readonly RehearsalRow[]> => {
  const { after = null, limit } = page
  const found = await sql<RehearsalRow>`
    select ${COLUMNS}, null as report from rehearsal
    where ${after}::uuid is null or id < ${after}::uuid order by id desc limit ${limit}`.execute(db)
  return found.rows
}

export const findRehearsal = async (db: Db, id: string): Promise<RehearsalRow | undefined> =>
  (
    await sql<RehearsalRow>`select ${COLUMNS}, report from rehearsal where id = ${id}::uuid`.execute(
      db,
    )
  ).rows[0]

/** It lives, and is so far. */
export const noteBeat = async (
  db: Db,
  id: string,
  progress: { readonly phase: string; readonly done: number },
  now: Date,
): Promise<void> => {
  await sql`update rehearsal set beat_at = ${now}, phase = ${progress.phase}, done = ${progress.done}
    where id = ${id}::uuid and state = 'running'`.execute(db)
}

/** The first end holds: false where it ended before. */
export const endRehearsal = async (
  db: Db,
  id: string,
  end: {
    readonly state: Exclude<RehearsalState, 'running'>
    readonly problem?: string
    readonly report?: unknown
  },
  now: Date,
): Promise<boolean> => {
  const report = end.report === undefined ? null : JSON.stringify(end.report)
  const ended = await sql<{ id: string }>`
    update rehearsal set state = ${end.state}, ended_at = ${now}, problem = ${end.problem ?? null},
      report = ${report}::jsonb
    where id = ${id}::uuid and state = 'running' returning id`.execute(db)
  return ended.rows.length > 0
}
