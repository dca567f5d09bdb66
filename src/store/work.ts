/**
 * Work rows: written in the transaction that makes work necessary, claimed in batches by the stage
 * that does it. `claimWork` takes for good (the claim ends with the caller's transaction);
 * `leaseWork` takes for a while, for steps that talk to the far side between two transactions.
 */
import { sql } from 'kysely'
import { rowsOf } from './rows.ts'
import type { Db, Stage } from './tables.ts'

export interface WorkItem {
  readonly lane: number
  readonly id: string
  readonly subject: string
  readonly version: number
  readonly attempts: number
}

export interface NewWork {
  readonly lane: number
  readonly stage: Stage
  readonly subject: string
  readonly version?: number
}

export const addWork = async (db: Db, items: readonly NewWork[], runAt: Date): Promise<void> => {
  if (items.length === 0) return
  const columns = { lane: 'smallint', stage: 'text', subject: 'text', version: 'integer' }
  const rows = rowsOf(
    'w',
    columns,
    items.map((item) => ({ version: 0, ...item })),
  )
  await sql`
    insert into work (lane, stage, subject, version, run_at)
    select w.lane, w.stage, w.subject, w.version, ${runAt} from ${rows}`.execute(db)
}

/** `first` is the lane to begin with; spread it so that workers do not queue on lane 0. */
export const claimWork = async (
  db: Db,
  claim: { stage: Stage; limit: number; first: number; now: Date },
): Promise<readonly WorkItem[]> => {
  const found = await sql<WorkItem>`
    select lane, id, subject, version, attempts
    from claim_work(${claim.stage}, ${claim.limit}, ${claim.first}, ${claim.now})`.execute(db)
  return found.rows
}

/** The lease ends at `until`; `attempts` already counts this one. */
export const leaseWork = async (
  db: Db,
  claim: { stage: Stage; limit: number; first: number; now: Date; until: Date },
): Promise<readonly WorkItem[]> => {
  const found = await sql<WorkItem>`
    select lane, id, subject, version, attempts
    from lease_work(${claim.stage}, ${claim.limit}, ${claim.first}, ${claim.now}, ${claim.until})
  `.execute(db)
  return found.rows
}

const KEY = { lane: 'smallint', id: 'bigint' }

export const finishWork = async (
  db: Db,
  stage: Stage,
  items: readonly WorkItem[],
): Promise<void> => {
  if (items.length === 0) return
  await sql`
    delete from work w using ${rowsOf('r', KEY, items)}
    where w.lane = r.lane and w.stage = ${stage} and w.id = r.id`.execute(db)
}

/** Puts leased work off to a moment of its own each. */
export const postponeWork = async (
  db: Db,
  stage: Stage,
  items: readonly (WorkItem & { readonly runAt: Date })[],
): Promise<void> => {
  if (items.length === 0) return
  const rows = rowsOf('r', { ...KEY, runAt: 'timestamptz' }, items)
  await sql`
    update work w set run_at = r."runAt" from ${rows}
    where w.lane = r.lane and w.stage = ${stage} and w.id = r.id`.execute(db)
}

/** Whether anything is left to do, due or not. */
export const hasWork = async (db: Db): Promise<boolean> =>
  (await sql`select 1 from work limit 1`.execute(db)).rows.length > 0
