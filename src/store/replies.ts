/**
 * Replies coming in: raw bytes stored before they are acknowledged, and the documents that the
 * single replies inside belong to, found by the key they carry.
 */
import { sql } from 'kysely'
import { rowsOf } from './rows.ts'
import type { Db, ReplyTable } from './tables.ts'

export interface NewReply {
  readonly lane: number
  readonly id: string
  readonly hash: Uint8Array
  readonly sealed: Uint8Array
}

/** Stores raw bytes once; gives the id under which the same bytes are kept. */
export const storeReply = async (
  db: Db,
  reply: NewReply,
  now: Date,
): Promise<{ readonly id: string; readonly isNew: boolean }> => {
  const inserted = await sql<{ id: string }>`
    with kept as (
      insert into reply (lane, id, hash, sealed, received_at, state)
      values (${reply.lane}, ${reply.id}, ${reply.hash}, ${reply.sealed}, ${now}, 'new')
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
  return { id: known.id, isNew: false }
}

const KEY = { lane: 'smallint', id: 'uuid' }

export const findReplies = async (
  db: Db,
  keys: readonly { readonly lane: number; readonly id: string }[],
): Promise<readonly { lane: number; id: string; sealed: Uint8Array; hash: Uint8Array }[]> => {
  if (keys.length === 0) return []
  const found = await sql<{ lane: number; id: string; sealed: Uint8Array; hash: Uint8Array }>`
    select p.lane, p.id, p.sealed, p.hash from ${rowsOf('r', KEY, keys)}
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
  }[],
): Promise<void> => {
  if (marks.length === 0) return
  const columns = { ...KEY, state: 'text', kind: 'text', problem: 'text' }
  await sql`
    update reply p set state = r.state, kind = r.kind, problem = r.problem
    from ${rowsOf('r', columns, marks)} where p.lane = r.lane and p.id = r.id`.execute(db)
}

/** One single reply, by the key that it carries. */
export interface ReplyKey {
  readonly index: number
  readonly lane: number
  readonly kind: string
  readonly number: string
  /** The rest of the key; '' when the reply leaves it out. */
  readonly owner: string
  /** DXP account the reply was addressed to: it only speaks about that account's documents. */
  readonly receiver: string
}

export interface RepliedDocument {
  readonly index: number
  readonly lane: number
  readonly id: string
  readonly version: number
  readonly guid: string
  /** When the current version was composed; null before, and for the first, which follows none. */
  readonly since: Date | null
}

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
    receiver: 'text',
  }
  const found = await sql<RepliedDocument>`
    select r.index, s.lane, s.id, s.version, s.guid, case when s.version > 1 then (
      select m.created_at from message m
      where m.lane = (get_byte(uuid_send(s.message_id), 8) & 63) and m.id = s.message_id
    ) end as since
    from ${rowsOf('r', columns, keys)}
    join document_state s on s.lane = r.lane and s.kind = r.kind and s.number = r.number
      and (r.owner = '' or s.owner = r.owner) and (s.version > 1 or s.message_id is not null)
    join enterprise e on e.id = s.sender_id and e.dxp_id = r.receiver`.execute(db)
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
    readonly owner: string
    readonly returnStatus: string
    readonly returnTime: string
    readonly info?: string | undefined
    readonly sealedInfo?: Uint8Array | undefined
    readonly resultCodes?: readonly string[] | undefined
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
    owner: 'text',
    returnStatus: 'text',
    returnTime: 'text',
    info: 'text',
    sealedInfo: 'bytea',
    resultCodes: 'text',
  }
  const flat = rows.map((row) => ({ ...row, resultCodes: row.resultCodes?.join(' ') }))
  await sql`
    insert into unmatched_reply (lane, reply_id, position, kind, number, owner, return_status,
      return_time, info, sealed_info, result_codes, created_at)
    select r.lane, r."replyId", r.position, r.kind, r.number, r.owner, r."returnStatus",
      r."returnTime", r.info, r."sealedInfo", string_to_array(r."resultCodes", ' '), ${now}
    from ${rowsOf('r', columns, flat)} on conflict do nothing`.execute(db)
}

export const insertCustomsNumbers = async (
  db: Db,
  rows: readonly {
    readonly lane: number
    readonly number: string
    readonly name: string
    readonly documentId: string
  }[],
): Promise<void> => {
  if (rows.length === 0) return
  const columns = { lane: 'smallint', number: 'text', name: 'text', documentId: 'uuid' }
  await sql`
    insert into customs_number (lane, number, name, document_id)
    select r.lane, r.number, r.name, r."documentId" from ${rowsOf('r', columns, rows)}
    on conflict do nothing`.execute(db)
}
