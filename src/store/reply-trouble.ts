/**
 * Replies as an operator sees them: listed by state, one with what in it was put aside, and put back
 * into their queue.
 */
import { sql } from 'kysely'
import { laneOfId } from '../kernel/ids.ts'
import { everyLane } from '../kernel/lane.ts'
import { REPLY_WORK, type TROUBLED_STATES } from './replies.ts'
import type { Db, ReplyTable } from './tables.ts'
import type { Trx } from './transaction.ts'

export interface ListedReply {
  readonly id: string
  readonly state: ReplyTable['state']
  readonly kind: string | null
  readonly problem: string | null
  readonly receivedAt: Date
  /** Bytes; null of old ones. */
  readonly size: number | null
  readonly attempts: number
}

const COLUMNS = [
  'id',
  'state',
  'kind',
  'problem',
  'received_at as receivedAt',
  'size',
  'attempts',
] as const

/** Replies by the state an operator looks for, newest first. */
export const findRepliesByState = (
  db: Db,
  filter: {
    readonly state: ReplyTable['state']
    readonly after?: string | undefined
    readonly limit: number
  },
): Promise<readonly ListedReply[]> => {
  let query = db.selectFrom('reply').select(COLUMNS).where('state', '=', filter.state)
  if (filter.after !== undefined) query = query.where('id', '<', filter.after)
  return query.orderBy('id', 'desc').limit(filter.limit).execute()
}

export const findListedReply = (db: Db, id: string): Promise<ListedReply | undefined> =>
  db
    .selectFrom('reply')
    .select(COLUMNS)
    .where('lane', '=', laneOfId(id))
    .where('id', '=', id)
    .executeTakeFirst()

/** A single reply that found no document. */
export interface AsideReply {
  readonly replyId: string
  readonly position: number
  readonly kind: string
  readonly number: string
  /** Of the number, where it is one that customs may yet give. */
  readonly name: string | null
  readonly returnStatus: string
  readonly returnTime: string
  readonly info: string | null
  readonly sealedInfo: Uint8Array | null
  /** How many there are of this reply message. */
  readonly count: number
}

/** The first `limit` of each reply message, in their order. */
export const findAside = async (
  db: Db,
  replyIds: readonly string[],
  limit: number,
): Promise<readonly AsideReply[]> => {
  if (replyIds.length === 0) return []
  const found = await sql<AsideReply>`
    select * from (
      select u.reply_id as "replyId", u.position, u.kind, u.number, u.name,
        u.return_status as "returnStatus", u.return_time as "returnTime", u.info,
        u.sealed_info as "sealedInfo",
        (count(*) over (partition by u.reply_id))::integer as count,
        row_number() over (partition by u.reply_id order by u.position, u.number) as place
      from unmatched_reply u
      where u.lane = any(${everyLane}::smallint[]) and u.reply_id = any(${replyIds}::uuid[])
    ) ordered where place <= ${limit} order by "replyId", place`.execute(db)
  return found.rows
}

/** States in which a reply is tried again on somebody's word. */
export type TroubledState = (typeof TROUBLED_STATES)[number]

/**
 * Puts replies in one of these states back into their queue, at most `limit`, or the one with this
 * id; how many. They are new again until they are read, so that asking twice adds nothing.
 */
export const requeueReplies = async (
  trx: Trx,
  which: { readonly states: readonly TroubledState[]; readonly id?: string },
  limit: number,
  now: Date,
): Promise<number> => {
  const { states, id } = which
  const one = id === undefined ? sql`true` : sql`lane = ${laneOfId(id)} and id = ${id}::uuid`
  const moved = await sql<{ count: number }>`
    with picked as (
      select lane, id, state from reply
      where state <> 'folded' and state = any(${states}::text[]) and ${one}
      order by id limit ${limit} for update skip locked
    ),
    moved as (
      update reply p set state = 'new' from picked k where p.lane = k.lane and p.id = k.id
      returning p.lane, p.id, k.state
    ),
    todo as (
      insert into work (lane, stage, subject, version, run_at)
      select lane, 'reply', id::text, case when state = 'unmatched' then ${REPLY_WORK.anew}::integer
        else ${REPLY_WORK.first}::integer end, ${now}
      from moved
    )
    select count(*)::integer as count from moved`.execute(trx)
  return moved.rows[0]?.count ?? 0
}
