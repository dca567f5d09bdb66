/**
 * Where one enterprise's documents wait: the row of a document in its queue, how many of the same
 * sender are before it, and all that he has waiting. Counting is bounded lane by lane, so that
 * nobody's long queue makes an answer dear; call these inside `alongKeys`.
 */
import { sql } from 'kysely'
import { laneOfId } from '../kernel/ids.ts'
import { LANE_COUNT } from '../kernel/lane.ts'
import { AHEAD_ROWS_MAX, OWN_QUEUE_ROWS_MAX, OWN_WAITING_LOOK_MAX } from '../kernel/limits.ts'
import type { Db } from './tables.ts'
import { partyOf } from './work.ts'

/** Stages in which one document or message waits for its turn. */
export type PlacedStage = 'compose' | 'sign' | 'dispatch'

export interface QueuedRow {
  readonly stage: PlacedStage
  /** The link of a message; '' before it is composed. */
  readonly queue: string
  readonly id: string
  /** When it is due, exactly: with the id its place in the queue. */
  readonly due: string
  /** Since when it waits there. */
  readonly since: Date
}

/** The message among those that wait for a signature or for one of these links, if it does. */
export const findQueuedMessage = async (
  db: Db,
  { messageId, senderId }: { readonly messageId: string; readonly senderId: string },
  queues: readonly string[],
): Promise<QueuedRow | undefined> =>
  (
    await sql<QueuedRow>`
      select w.stage, w.queue, w.id, w.run_at::text as due, m.created_at as since
      from work w join message m on m.lane = w.lane and m.id = w.subject::uuid
      where w.lane = ${laneOfId(messageId)} and (
          (w.stage = 'dispatch' and w.queue = any(${queues}::text[]))
          or (w.stage = 'sign' and w.queue = ${senderId})
        ) and w.party = ${partyOf(senderId)}
        and w.subject = ${messageId}
      order by w.run_at, w.id limit 1`.execute(db)
  ).rows[0]

/** The document among those that wait to be composed. */
export const findQueuedDocument = async (
  db: Db,
  id: string,
  senderId: string,
): Promise<QueuedRow | undefined> =>
  (
    await sql<QueuedRow>`
      select w.stage, w.queue, w.id, w.run_at::text as due, s.updated_at as since
      from work w join document_state s on s.lane = w.lane and s.id = w.subject::uuid
      where w.lane = ${laneOfId(id)} and w.stage = 'compose' and w.queue = ''
        and w.party = ${partyOf(senderId)} and w.subject = ${id}
      order by w.run_at, w.id limit 1`.execute(db)
  ).rows[0]

export interface Ahead {
  readonly documents: number
  /** Counting ended before all were counted. */
  readonly isBounded: boolean
}

const NO_DOCUMENTS: Ahead = { documents: 0, isBounded: false }

/** Documents of the sender in messages that came into the same queue before. */
export const countMessagesAhead = async (
  db: Db,
  row: QueuedRow,
  senderId: string,
): Promise<Ahead> =>
  (
    await sql<Ahead>`
      select coalesce(sum(cardinality(m.document_ids)), 0)::integer as documents,
        coalesce(bool_or(w.n = ${AHEAD_PER_LANE}), false) as "isBounded"
      from ${earlier(row, senderId)}
      join message m on m.lane = w.lane and m.id = w.subject::uuid
        and m.sender_id = ${senderId}`.execute(db)
  ).rows[0] ?? NO_DOCUMENTS

/** Documents of the sender that came to be composed before. */
export const countDocumentsAhead = async (
  db: Db,
  row: QueuedRow,
  senderId: string,
): Promise<Ahead> =>
  (
    await sql<Ahead>`
      select count(*)::integer as documents,
        coalesce(bool_or(w.n = ${AHEAD_PER_LANE}), false) as "isBounded"
      from ${earlier(row, senderId)}
      join document_state s on s.lane = w.lane and s.id = w.subject::uuid
        and s.sender_id = ${senderId}`.execute(db)
  ).rows[0] ?? NO_DOCUMENTS

const AHEAD_PER_LANE = AHEAD_ROWS_MAX / LANE_COUNT
const OWN_PER_LANE = OWN_QUEUE_ROWS_MAX / LANE_COUNT

/** Two enterprises may share a party: who asks must look at the sender as well. */
const earlier = (row: QueuedRow, senderId: string) => sql`
  generate_series(0, ${LANE_COUNT - 1}) l(lane) cross join lateral (
    select o.lane, o.subject, row_number() over (order by o.run_at, o.id) as n from work o
    where o.lane = l.lane and o.stage = ${row.stage} and o.queue = ${row.queue}
      and o.party = ${partyOf(senderId)}
      and (o.run_at, o.id) < (${row.due}::timestamptz, ${row.id})
    order by o.run_at, o.id limit ${AHEAD_PER_LANE}
  ) w`

export interface OwnQueue {
  readonly kind: string
  /** '' where there is no link yet. */
  readonly queue: string
  readonly documents: number
  readonly isBounded: boolean
  readonly since: Date
}

/** Documents of the sender that wait to be composed, by kind. */
export const findOwnComposing = async (db: Db, senderId: string): Promise<readonly OwnQueue[]> =>
  (
    await sql<OwnQueue>`
      select s.kind, '' as queue, count(*)::integer as documents,
        bool_or(w.n = ${OWN_PER_LANE}) as "isBounded", min(s.updated_at) as since
      from ${own('compose', senderId, [''])}
      join document_state s on s.lane = w.lane and s.id = w.subject::uuid
        and s.sender_id = ${senderId}
      group by s.kind order by s.kind`.execute(db)
  ).rows

/** Documents of the sender in messages that wait to be signed or sent, by kind and link. */
export const findOwnMessages = async (
  db: Db,
  senderId: string,
  stage: 'sign' | 'dispatch',
  queues: readonly string[],
): Promise<readonly OwnQueue[]> =>
  (
    await sql<OwnQueue>`
      select m.kind, w.queue, sum(cardinality(m.document_ids))::integer as documents,
        bool_or(w.n = ${OWN_PER_LANE}) as "isBounded", min(m.created_at) as since
      from ${own(stage, senderId, queues)}
      join message m on m.lane = w.lane and m.id = w.subject::uuid and m.sender_id = ${senderId}
      group by m.kind, w.queue order by m.kind, w.queue`.execute(db)
  ).rows

const own = (stage: PlacedStage, senderId: string, queues: readonly string[]) => sql`
  generate_series(0, ${LANE_COUNT - 1}) l(lane)
  cross join unnest(${queues}::text[]) q(queue) cross join lateral (
    select o.lane, o.queue, o.subject, row_number() over (order by o.run_at, o.id) as n from work o
    where o.lane = l.lane and o.stage = ${stage} and o.queue = q.queue
      and o.party = ${partyOf(senderId)}
    order by o.run_at, o.id limit ${OWN_PER_LANE}
  ) w`

/** Documents of the sender that wait for companions, among his latest. */
export const findOwnWaiting = async (db: Db, senderId: string): Promise<readonly OwnQueue[]> =>
  (
    await sql<OwnQueue>`
      with latest as materialized (
        select kind, state, updated_at from document_state
        where sender_id = ${senderId} order by id desc limit ${OWN_WAITING_LOOK_MAX}
      )
      select kind, '' as queue, count(*)::integer as documents,
        (select count(*) from latest) = ${OWN_WAITING_LOOK_MAX} as "isBounded",
        min(updated_at) as since
      from latest where state = 'waiting' group by kind order by kind`.execute(db)
  ).rows
