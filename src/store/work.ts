/**
 * Work rows: written in the transaction that makes work necessary, claimed in batches by the stage
 * that does it. `claimWork` takes for good (the claim ends with the caller's transaction);
 * `leaseWork` takes for a while, for steps that talk to the far side between two transactions.
 */

import { sql } from 'kysely'
import { stableHash } from '../kernel/lane.ts'
import { rowsOf } from './rows.ts'
import type { Db, Stage } from './tables.ts'

export interface WorkItem {
  readonly lane: number
  readonly queue: string
  readonly party: number
  readonly id: string
  readonly subject: string
  readonly version: number
  readonly attempts: number
  /** When it was due; of leased work, when the lease ends. Part of the row's key. */
  readonly due: Date
}

export interface NewWork {
  readonly lane: number
  readonly stage: Stage
  readonly subject: string
  readonly version?: number
  /** What it waits for: the link of a message; left out where a stage has one queue. */
  readonly queue?: string
  /** Whose it is (`partyOf`), so that queues are shared fairly; left out where it is nobody's. */
  readonly party?: number
}

/** What a stage takes at a time, from which lane on. */
export interface Claim {
  readonly stage: Stage
  readonly queue?: string
  readonly limit: number
  /** The lane to begin with; spread it so that workers do not queue on lane 0. */
  readonly first: number
  readonly now: Date
}

export const addWork = async (db: Db, items: readonly NewWork[], runAt: Date): Promise<void> => {
  if (items.length === 0) return
  const columns = {
    ...{ lane: 'smallint', stage: 'text', subject: 'text', version: 'integer' },
    ...{ queue: 'text', party: 'integer' },
  }
  const rows = rowsOf(
    'w',
    columns,
    items.map(({ lane, stage, subject, version = 0, queue = '', party = 0 }) => ({
      lane,
      stage,
      subject,
      version,
      queue,
      party,
    })),
  )
  await sql`
    insert into work (lane, stage, subject, version, queue, party, run_at)
    select w.lane, w.stage, w.subject, w.version, w.queue, w.party, ${runAt}
    from ${rows}`.execute(db)
}

/** Fair shares need only that parties are told apart mostly; asked for every single document. */
export const partyOf = (enterpriseId: string): number => stableHash(enterpriseId)

export const claimWork = async (db: Db, claim: Claim): Promise<readonly WorkItem[]> => {
  const { stage, queue = '', limit, first, now } = claim
  const found = await sql<WorkItem>`
    select lane, queue, party, id, subject, version, attempts, run_at as due
    from claim_work(${stage}, ${queue}, ${limit}, ${first}, ${now})`.execute(db)
  return found.rows
}

/** The lease ends at `until`; `attempts` already counts this one. */
export const leaseWork = async (
  db: Db,
  claim: Claim & { readonly until: Date },
): Promise<readonly WorkItem[]> => {
  const { stage, queue = '', limit, first, now, until } = claim
  const found = await sql<WorkItem>`
    select lane, queue, party, id, subject, version, attempts, run_at as due
    from lease_work(${stage}, ${queue}, ${limit}, ${first}, ${now}, ${until})`.execute(db)
  return found.rows
}

const KEY = {
  ...{ lane: 'smallint', queue: 'text', party: 'integer' },
  ...{ due: 'timestamptz', id: 'bigint' },
}

/** The row by its whole key. Whoever holds a lease that is over finds it no more. */
const isKey = (stage: Stage) => sql`w.lane = r.lane and w.stage = ${stage} and w.queue = r.queue
  and w.party = r.party and w.run_at = r.due and w.id = r.id`

export const finishWork = async (
  db: Db,
  stage: Stage,
  items: readonly WorkItem[],
): Promise<void> => {
  if (items.length === 0) return
  await sql`
    delete from work w using ${rowsOf('r', KEY, items)}
    where ${isKey(stage)}`.execute(db)
}

/** Puts leased work off to a moment of its own each, with as many attempts as it is given. */
export const postponeWork = async (
  db: Db,
  stage: Stage,
  items: readonly (WorkItem & { readonly runAt: Date })[],
): Promise<void> => {
  if (items.length === 0) return
  const rows = rowsOf('r', { ...KEY, attempts: 'integer', runAt: 'timestamptz' }, items)
  await sql`
    update work w set run_at = r."runAt", attempts = r.attempts from ${rows}
    where ${isKey(stage)}`.execute(db)
}

/** Whether anything is left to do, due or not. */
export const hasWork = async (db: Db): Promise<boolean> =>
  (await sql`select 1 from work limit 1`.execute(db)).rows.length > 0
