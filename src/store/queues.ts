/**
 * How much work waits where: for the metrics and for whoever looks whether the gateway keeps up.
 * Counting is bounded, so a queue of a million rows costs no more than one of some ten thousand.
 */
import { sql } from 'kysely'
import { LANE_COUNT } from '../kernel/lane.ts'
import { QUEUE_COUNT_MAX } from '../kernel/limits.ts'
import type { Db, Stage } from './tables.ts'
import { inTransaction, type Trx } from './transaction.ts'

export interface QueueDepth {
  readonly stage: Stage
  /** The link of messages that wait to be sent, the enterprise of those to be signed; '' where a stage has one queue. */
  readonly queue: string
  /** Rows that wait, due or not; with `isBounded` there are at least so many. */
  readonly depth: number
  readonly isBounded: boolean
  /** Of them, those that could be done now. */
  readonly due: number
  /** Since when the oldest waits: the birth of the document or message, the arrival of the reply. */
  readonly since: Date
}

/**
 * Reads queues by their key and in no other way: their statistics are always behind, and a plan that
 * reads the table would read all of it.
 */
export const alongKeys = <T>(db: Db, read: (trx: Trx) => Promise<T>): Promise<T> =>
  inTransaction(db, async (trx) => {
    await sql`select set_config(name, 'off', true)
      from unnest(array['enable_seqscan', 'enable_bitmapscan']) as name`.execute(trx)
    return read(trx)
  })

/** One entry per stage and queue in which anything waits, in the order of their names. */
export const queueDepths = async (db: Db, now: Date): Promise<readonly QueueDepth[]> =>
  alongKeys(db, async (trx) => {
    const found = await sql<QueueDepth>`
      with recursive q (lane, stage, queue) as (
        (select lane, stage, queue from work order by lane, stage, queue limit 1)
        union all
        select n.lane, n.stage, n.queue from q cross join lateral (
          select w.lane, w.stage, w.queue from work w
          where (w.lane, w.stage, w.queue) > (q.lane, q.stage, q.queue)
          order by w.lane, w.stage, w.queue limit 1
        ) n
      ), counted as (
        select q.stage, q.queue, count(*)::integer as depth,
          count(*) filter (where w.run_at <= ${now})::integer as due,
          bool_or(w.n = ${PER_LANE_MAX}) as "isBounded", min(array[w.id, q.lane::bigint]) as oldest
        from q cross join lateral (
          select w.id, w.run_at, row_number() over () as n from work w
          where w.lane = q.lane and w.stage = q.stage and w.queue = q.queue
          order by w.party, w.run_at, w.id limit ${PER_LANE_MAX}
        ) w
        group by q.stage, q.queue
      )
      select c.stage, c.queue, c.depth, c.due, c."isBounded", coalesce(
        (select d.created_at from document d where w.stage = 'compose'
          and d.lane = w.lane and d.id = w.subject_id and d.version = w.version),
        (select m.created_at from message m where w.stage in ('sign', 'dispatch')
          and m.lane = w.lane and m.id = w.subject_id),
        (select r.received_at from reply r where w.stage = 'reply' and w.attempts > 0
          and r.lane = w.lane and r.id = w.subject_id),
        w.run_at) as since
      from counted c cross join lateral (
        select w.*, case when w.stage <> 'match' then w.subject::uuid end as subject_id
        from work w where w.lane = c.oldest[2] and w.stage = c.stage and w.queue = c.queue
          and w.id = c.oldest[1]
      ) w
      order by c.stage, c.queue`.execute(trx)
    return found.rows
  })

/** Lanes fill evenly, so a bound for each bounds the whole and loses little. */
const PER_LANE_MAX = Math.ceil(QUEUE_COUNT_MAX / LANE_COUNT)
