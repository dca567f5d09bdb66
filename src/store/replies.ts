/**
 * Replies coming in: raw bytes stored before they are acknowledged, and the documents that the
 * single replies inside belong to, found by the key they carry.
 */
import { type RawBuilder, sql } from 'kysely'
import { laneOfId } from '../kernel/ids.ts'
import { everyLane, laneOf } from '../kernel/lane.ts'
import { AWAITING_REPLIES_MAX, TROUBLED_COUNT_MAX } from '../kernel/limits.ts'
import { rowsOf } from './rows.ts'
import type { Db, ReplyTable } from './tables.ts'
import type { Trx } from './transaction.ts'
import type { NewWork } from './work.ts'

export interface NewReply {
  readonly lane: number
  readonly id: string
  readonly hash: Uint8Array
  readonly sealed: Uint8Array
  /** Bytes as they came. */
  readonly size: number
}

/** Work on replies that were stored before. */
export const replyWork = (id: string, version: number): NewWork => ({
  ...{ lane: laneOfId(id), stage: 'reply', subject: id, version },
})

/** Work on a reply: as it comes, on what of it was put aside, or on all of it once more. */
export const REPLY_WORK = { first: 0, aside: 1, anew: 2 } as const

/**
 * Stores raw bytes once; gives the id under which the same bytes are kept. Those of the kind
 * `recurring` may truly be said twice in the same words: then they are dated anew and folded again.
 */
export const storeReply = async (
  db: Db,
  reply: NewReply,
  now: Date,
  recurring: string,
): Promise<{ readonly id: string; readonly isNew: boolean }> => {
  const inserted = await sql<{ id: string }>`
    with kept as (
      insert into reply (lane, id, hash, sealed, size, received_at, state)
      values (${reply.lane}, ${reply.id}, ${reply.hash}, ${reply.sealed}, ${reply.size}, ${now},
        'new')
      on conflict (lane, hash) do nothing returning id
    ),
    todo as (
      insert into work (lane, stage, subject, run_at)
      select ${reply.lane}::smallint, 'reply', id::text, ${now} from kept
    )
    select id from kept`.execute(db)
  if (inserted.rows[0] !== undefined) return { id: inserted.rows[0].id, isNew: true }
  const known = await db
    .selectFrom('reply')
    .select('id')
    .where('lane', '=', reply.lane)
    .where('hash', '=', reply.hash)
    .executeTakeFirstOrThrow()
  await sql`
    with again as (
      update reply set received_at = ${now}
      where lane = ${reply.lane} and id = ${known.id} and kind = ${recurring} returning lane, id
    )
    insert into work (lane, stage, subject, version, run_at)
    select lane, 'reply', id::text, ${REPLY_WORK.anew}, ${now} from again`.execute(db)
  return { id: known.id, isNew: false }
}

const KEY = { lane: 'smallint', id: 'uuid' }

export interface StoredReply extends Omit<NewReply, 'size'> {
  readonly receivedAt: Date
}

export const findReplies = async (
  db: Db,
  keys: readonly { readonly lane: number; readonly id: string }[],
): Promise<readonly StoredReply[]> => {
  if (keys.length === 0) return []
  const found = await sql<StoredReply>`
    select p.lane, p.id, p.sealed, p.hash, p.received_at as "receivedAt" from ${rowsOf('r', KEY, keys)}
    join reply p on p.lane = r.lane and p.id = r.id`.execute(db)
  return found.rows
}

export const markReplies = async (
  db: Db,
  marks: readonly {
    readonly lane: number
    readonly id: string
    readonly state: ReplyTable['state']
    readonly kind: string | null
    readonly problem: string | null
    /** Since it was marked before; one unless told. */
    readonly attempts?: number
  }[],
): Promise<void> => {
  if (marks.length === 0) return
  const columns = { ...KEY, state: 'text', kind: 'text', problem: 'text', attempts: 'integer' }
  await sql`
    update reply p set state = r.state, kind = r.kind, problem = r.problem,
      attempts = p.attempts + coalesce(r.attempts, 1)
    from ${rowsOf('r', columns, marks)} where p.lane = r.lane and p.id = r.id`.execute(db)
}

/** One single reply, by the key that it carries. */
export interface ReplyKey {
  readonly index: number
  readonly lane: number
  readonly kind: string
  readonly number: string
  /** The rest of the key. */
  readonly owner: string
  /** Whether the reply leaves parts of it out: then whatever bears the number may be meant. */
  readonly partial: boolean
  /** DXP account the reply was addressed to: it only speaks about that account's documents. */
  readonly receiver: string
}

export interface MeantDocument {
  readonly lane: number
  readonly id: string
  readonly version: number
  readonly guid: string
  /** Before the current version was first sent; null until then, and for the first of all. */
  readonly since: Date | null
}

export interface RepliedDocument extends MeantDocument {
  readonly index: number
  readonly owner: string
}

/** Before the current version of a document `s` was first sent. */
export const SINCE = sql`case when s.version > 1 then (
  select m.tried_at from message m
  where m.lane = (get_byte(uuid_send(s.message_id), 8) & 63) and m.id = s.message_id
) end`

/** Whether an enterprise `e` has such a DXP account, or had it when it sent something. */
const hasAccount = (account: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`(e.dxp_id = ${account} or ${account} = any(e.former_dxp_ids))`

/** Documents the replies may speak of; nobody answers one that was never sent. */
export const findReplied = async (
  db: Db,
  keys: readonly ReplyKey[],
): Promise<readonly RepliedDocument[]> => {
  if (keys.length === 0) return []
  const columns = {
    index: 'integer',
    lane: 'smallint',
    kind: 'text',
    number: 'text',
    owner: 'text',
    partial: 'boolean',
    receiver: 'text',
  }
  const found = await sql<RepliedDocument>`
    select r.index, s.lane, s.id, s.version, s.guid, s.owner, ${SINCE} as since
    from ${rowsOf('r', columns, keys)}
    join document_state s on s.lane = r.lane and s.kind = r.kind and s.number = r.number
      and (r.partial or s.owner = r.owner) and (s.version > 1 or s.message_id is not null)
    join enterprise e on e.id = s.sender_id and ${hasAccount(sql`r.receiver`)}`.execute(db)
  return found.rows
}

/** A document sought by a number that customs gave it under this name. */
export interface GivenNumber {
  readonly index: number
  readonly kind: string
  readonly name: string
  readonly number: string
  /** DXP account of its sender, where a reply was addressed to one. */
  readonly receiver?: string
  /** Or its sender himself. */
  readonly senderId?: string
}

/** Documents that customs gave these numbers. */
export const findGiven = async (
  db: Db,
  numbers: readonly GivenNumber[],
): Promise<readonly (MeantDocument & { readonly index: number })[]> => {
  if (numbers.length === 0) return []
  const columns = {
    ...{ index: 'integer', lane: 'smallint', kind: 'text', name: 'text', number: 'text' },
    ...{ receiver: 'text', senderId: 'text' },
  }
  const rows = numbers.map((row) => ({ ...row, lane: laneOf(row.number) }))
  const found = await sql<MeantDocument & { index: number }>`
    select r.index, s.lane, s.id, s.version, s.guid, ${SINCE} as since
    from ${rowsOf('r', columns, rows)}
    join customs_number c on c.lane = r.lane and c.number = r.number and c.name = r.name
    join document_state s on s.lane = (get_byte(uuid_send(c.document_id), 8) & 63)
      and s.id = c.document_id and s.kind = r.kind
    join enterprise e on e.id = s.sender_id
      and (r.receiver is null or ${hasAccount(sql`r.receiver`)})
      and (r."senderId" is null or e.id = r."senderId")`.execute(db)
  return found.rows
}

export const insertUnmatched = async (
  db: Db,
  rows: readonly {
    readonly lane: number
    readonly replyId: string
    readonly position: number
    readonly kind: string
    readonly number: string
    /** Where it is a number that customs may yet give a document. */
    readonly name?: string | undefined
    readonly owner: string
    readonly returnStatus: string
    readonly returnTime: string
    readonly info?: string | undefined
    readonly sealedInfo?: Uint8Array | undefined
    /** Digits each, joined by blanks. */
    readonly resultCodes?: string | undefined
  }[],
  now: Date,
): Promise<void> => {
  if (rows.length === 0) return
  const columns = {
    lane: 'smallint',
    replyId: 'uuid',
    position: 'integer',
    kind: 'text',
    number: 'text',
    name: 'text',
    owner: 'text',
    returnStatus: 'text',
    returnTime: 'text',
    info: 'text',
    sealedInfo: 'bytea',
    resultCodes: 'text',
  }
  await sql`
    insert into unmatched_reply (lane, reply_id, position, kind, number, name, owner,
      return_status, return_time, info, sealed_info, result_codes, created_at)
    select r.lane, r."replyId", r.position, r.kind, r.number, r.name, r.owner, r."returnStatus",
      r."returnTime", r.info, r."sealedInfo", string_to_array(r."resultCodes", ' '), ${now}
    from ${rowsOf('r', columns, rows)} on conflict do nothing`.execute(db)
}

/**
 * Takes up again what found no document: gives the places of single replies that were put aside,
 * by reply. One that somebody else takes up at the same moment is not among them.
 */
export const takeUnmatched = async (
  trx: Trx,
  replyIds: readonly string[],
): Promise<ReadonlyMap<string, ReadonlySet<number>>> => {
  if (replyIds.length === 0) return new Map()
  const found = await sql<{ id: string; position: number }>`
    delete from unmatched_reply u
    where u.lane = any(${everyLane}::smallint[]) and u.reply_id = any(${replyIds}::uuid[])
    returning u.reply_id as id, u.position`.execute(trx)
  const places = new Map<string, Set<number>>()
  for (const { id, position } of found.rows)
    places.set(id, (places.get(id) ?? new Set()).add(position))
  return places
}

/**
 * Keeps numbers that customs gave. Gives the replies that were put aside for want of one of them.
 * Rows go in one order, so that two batches wait for each other and never in a ring.
 */
export const insertCustomsNumbers = async (
  trx: Trx,
  rows: readonly {
    readonly lane: number
    readonly number: string
    readonly name: string
    readonly documentId: string
  }[],
): Promise<readonly string[]> => {
  if (rows.length === 0) return []
  const columns = { lane: 'smallint', number: 'text', name: 'text', documentId: 'uuid' }
  const sorted = [...rows].sort(
    (a, b) => a.lane - b.lane || compare(a.number, b.number) || compare(a.documentId, b.documentId),
  )
  const found = await sql<{ id: string }>`
    with fresh as (
      insert into customs_number (lane, number, name, document_id)
      select r.lane, r.number, r.name, r."documentId" from ${rowsOf('r', columns, sorted)}
      on conflict do nothing returning lane, number, name
    )
    select distinct w.id from fresh f
    cross join lateral (
      select u.reply_id as id from unmatched_reply u
      where u.lane = f.lane and u.number = f.number and u.name = f.name and u.name is not null
      limit ${AWAITING_REPLIES_MAX}
    ) w`.execute(trx)
  return found.rows.map((row) => row.id)
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** States in which a reply waits for an operator. */
export const TROUBLED_STATES = ['unreadable', 'unmatched', 'failed'] as const

export interface TroubledCount {
  readonly state: (typeof TROUBLED_STATES)[number]
  /** At most {@link TROUBLED_COUNT_MAX}. */
  readonly count: number
}

export const countTroubled = async (db: Db): Promise<readonly TroubledCount[]> =>
  (
    await sql<TroubledCount>`
      select s.state, (
        select count(*)::integer from (
          select from reply r where r.state = s.state and r.state <> 'folded'
          limit ${TROUBLED_COUNT_MAX}
        ) found
      ) as count
      from unnest(${[...TROUBLED_STATES]}::text[]) as s(state)`.execute(db)
  ).rows
