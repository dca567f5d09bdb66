/**
 * Messages that go out again, with the same id and bytes: how they and their documents stand, the
 * round of sending that begins, and those in trouble.
 */
import { sql } from 'kysely'
import type { State } from '../catalogue/message.ts'
import { rowsOf } from './rows.ts'
import type { Db } from './tables.ts'
import type { Trx } from './transaction.ts'

interface MessageKey {
  readonly lane: number
  readonly id: string
}

const KEY = { lane: 'smallint', id: 'uuid' }

/** States in which nothing happens to a document any more unless somebody acts. */
const STUCK: readonly State[] = ['undelivered', 'unknown']

/**
 * Locks messages until the transaction ends, in the order of their keys: whoever decides by how they
 * stand, and whoever composes what follows them, decide one after the other.
 */
export const lockMessages = async (trx: Trx, keys: readonly MessageKey[]): Promise<void> => {
  if (keys.length === 0) return
  await sql`
    select from ${rowsOf('r', KEY, keys)}
    join message m on m.lane = r.lane and m.id = r.id
    order by m.lane, m.id for update of m`.execute(trx)
}

export interface MessageStanding {
  readonly id: string
  /** It is on its way out already. */
  readonly pending: boolean
  /** A later version of one of its documents was composed: these bytes would come after it. */
  readonly superseded: boolean
  /** Documents of which customs has said nothing. */
  readonly open: number
  /** Those of them that could not be delivered. */
  readonly stuck: number
}

export const findStandings = async (
  db: Db,
  keys: readonly MessageKey[],
): Promise<ReadonlyMap<string, MessageStanding>> => {
  if (keys.length === 0) return new Map()
  const isOpen = sql`s.version = d.version and s.return_time = ''`
  const found = await sql<MessageStanding>`
    select m.id,
      exists (
        select 1 from work w where w.stage in ('sign', 'dispatch') and w.lane = m.lane
          and w.subject = m.id::text
      ) as pending,
      bool_or(s.version > d.version and (s.state = 'cancelled'
        or coalesce(s.message_id, s.prior_message_id) is distinct from m.id)) as superseded,
      (count(*) filter (where ${isOpen}))::integer as open,
      (count(*) filter (where ${isOpen} and s.state = any(${STUCK}::text[])))::integer as stuck
    from ${rowsOf('r', KEY, keys)}
    join message m on m.lane = r.lane and m.id = r.id
    cross join lateral unnest(m.document_ids, m.document_versions) as d(id, version)
    join document_state s on s.lane = (get_byte(uuid_send(d.id), 8) & 63) and s.id = d.id
    group by m.lane, m.id`.execute(db)
  return new Map(found.rows.map((row) => [row.id, row]))
}

/**
 * Notes that messages are sent again at these moments. Gives the ids of those that stood in the round
 * named: of two who want the same, one wins.
 */
export const beginRounds = async (
  trx: Trx,
  rows: readonly (MessageKey & { readonly round: number; readonly at: Date })[],
): Promise<ReadonlySet<string>> => {
  if (rows.length === 0) return new Set()
  const columns = { ...KEY, round: 'integer', at: 'timestamptz' }
  const begun = await sql<{ id: string }>`
    update message m set resent_at = m.resent_at || r.at
    from ${rowsOf('r', columns, rows)}
    where m.lane = r.lane and m.id = r.id and cardinality(m.resent_at) = r.round
    returning m.id`.execute(trx)
  return new Set(begun.rows.map(({ id }) => id))
}

/**
 * Messages with a problem, in the order of their keys, at most `limit`. Some are on their way again:
 * how they and their documents stand is for the caller to see.
 */
export const findTroubled = async (
  db: Db,
  after: MessageKey | undefined,
  limit: number,
): Promise<readonly MessageKey[]> => {
  const from =
    after === undefined ? sql`true` : sql`(m.lane, m.id) > (${after.lane}, ${after.id}::uuid)`
  const found = await sql<MessageKey>`
    select m.lane, m.id from message m where m.problem is not null and ${from}
    order by m.lane, m.id limit ${limit}`.execute(db)
  return found.rows
}

/** Messages in trouble after the one named: so many are counted at most. */
export const countTroubled = async (
  db: Db,
  after: MessageKey | undefined,
  most: number,
): Promise<number> => (await findTroubled(db, after, most)).length

/** Notes the moment before the first sending of messages that hold a later version of a document. */
export const noteTried = async (db: Db, keys: readonly MessageKey[], now: Date): Promise<void> => {
  if (keys.length === 0) return
  await sql`
    update message m set tried_at = coalesce(m.tried_at, ${now})
    from ${rowsOf('r', KEY, keys)} where m.lane = r.lane and m.id = r.id`.execute(db)
}
