/**
 * Messages going out: the documents a message is composed of, the message with its bytes kept
 * before sending, and what became of sending it.
 */
import { sql } from 'kysely'
import type { AnyDocument, State } from '../catalogue/message.ts'
import { AWAITING_REPLIES_MAX } from '../kernel/limits.ts'
import { rowsOf } from './rows.ts'
import type { Db } from './tables.ts'

export interface ComposableDocument {
  readonly lane: number
  readonly id: string
  readonly version: number
  readonly kind: string
  readonly senderId: string
  /** As handed in. */
  readonly appType: string
  /** Written by intake from a checked document of this kind and by nothing else. */
  readonly payload: AnyDocument
  readonly sealed: Uint8Array | null
  /** The message of an earlier version, if one was ever composed. */
  readonly priorMessageId: string | null
  /** When this version was handed in. */
  readonly createdAt: Date
}

export interface Composable {
  readonly documents: readonly ComposableDocument[]
  /** Too many bytes for one batch: to be composed in a later one. */
  readonly later: readonly Omit<ComposableDocument, 'payload' | 'sealed'>[]
}

/**
 * The versions named, as far as they are still the current ones and still to be composed; payloads
 * of at most `bytesMax` as stored, and always that of the first.
 */
export const findComposable = async (
  db: Db,
  documents: readonly { readonly lane: number; readonly id: string; readonly version: number }[],
  bytesMax: number,
): Promise<Composable> => {
  if (documents.length === 0) return { documents: [], later: [] }
  const columns = { lane: 'smallint', id: 'uuid', version: 'integer' }
  const found = await sql<FoundToCompose>`
    select lane, id, version, kind, "senderId", "appType", state, "messageId", "priorMessageId",
      "createdAt", sealed, case when before < ${bytesMax} then payload end as payload
    from (
      select d.lane, d.id, d.version, d.kind, d.sender_id as "senderId", d.app_type as "appType",
        d.created_at as "createdAt", d.payload, d.sealed,
        s.state, s.message_id as "messageId", s.prior_message_id as "priorMessageId",
        sum(pg_column_size(d.payload)) over (order by d.id) - pg_column_size(d.payload) as before
      from ${rowsOf('r', columns, documents)}
      join document_state s on s.lane = r.lane and s.id = r.id and s.version = r.version
      join document d on d.lane = r.lane and d.id = r.id and d.version = r.version
    ) sized`.execute(db)
  // Asked for in SQL, a rare state would lead the planner to look for it first, through the table.
  const open = found.rows.filter((row) => row.state === 'ready' && row.messageId === null)
  return {
    documents: open.flatMap(({ payload, ...row }) =>
      payload === null ? [] : [{ ...row, payload }],
    ),
    later: open.filter((row) => row.payload === null),
  }
}

type FoundToCompose = Omit<ComposableDocument, 'payload'> & {
  readonly payload: AnyDocument | null
  readonly state: State
  readonly messageId: string | null
}

export interface Sender {
  readonly id: string
  readonly name: string
  readonly code: string
  readonly dxpId: string
}

/** Enterprises as senders of messages: the code customs knows them by, and their DXP account. */
export const findSenders = async (
  db: Db,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Sender>> => {
  const found = await sql<Sender>`
    select id, name, coalesce(customs_code, credit_code) as code, dxp_id as "dxpId"
    from enterprise where id = any(${ids}::text[]) and dxp_id is not null`.execute(db)
  return new Map(found.rows.map((row) => [row.id, row]))
}

/** Where in the canonical text the signature belongs, and which namespaces are in scope there. */
export interface SignaturePlace {
  readonly at: number
  readonly namespaces: Readonly<Record<string, string>>
}

export interface NewMessage {
  readonly lane: number
  readonly id: string
  readonly kind: string
  readonly senderId: string
  readonly senderDxpId: string
  /** One to five. */
  readonly receiverDxpIds: readonly string[]
  readonly copMsgId: string
  readonly sealed: Uint8Array
  /** Of the signed bytes; null as long as it waits for its signature. */
  readonly hash: Uint8Array | null
  /** Where the signature belongs, as long as it is not there. */
  readonly place?: SignaturePlace
  readonly documents: readonly { readonly id: string; readonly version: number }[]
}

export const insertMessages = async (
  db: Db,
  messages: readonly NewMessage[],
  now: Date,
): Promise<void> => {
  if (messages.length === 0) return
  const columns = {
    lane: 'smallint',
    id: 'uuid',
    kind: 'text',
    senderId: 'text',
    senderDxpId: 'text',
    receiverDxpId: 'text',
    copMsgId: 'text',
    sealed: 'bytea',
    hash: 'bytea',
    place: 'text',
    ids: 'text',
    versions: 'text',
  }
  const rows = messages.map((message) => ({
    ...message,
    place: message.place === undefined ? null : JSON.stringify(message.place),
    receiverDxpId: message.receiverDxpIds.join(),
    // Arrays inside a set would have to be of one length; as text they need not.
    ids: `{${message.documents.map((document) => document.id).join()}}`,
    versions: `{${message.documents.map((document) => document.version).join()}}`,
  }))
  await sql`
    insert into message (lane, id, kind, sender_id, sender_dxp_id, receiver_dxp_id, cop_msg_id,
      sealed, hash, place, signed_at, document_ids, document_versions, created_at)
    select m.lane, m.id, m.kind, m."senderId", m."senderDxpId", m."receiverDxpId", m."copMsgId",
      m.sealed, m.hash, m.place::jsonb, case when m.hash is not null then ${now}::timestamptz end,
      m.ids::uuid[], m.versions::integer[], ${now}
    from ${rowsOf('m', columns, rows)}`.execute(db)
}

export interface Joined {
  /** Documents for which that holds: one that changed or joined another meanwhile keeps what it has. */
  readonly count: number
  /** Replies that were there before one of these documents was. */
  readonly awaiting: readonly string[]
}

/**
 * Writes on each document which message carries it. Nobody answers what was never sent, but after a
 * restore replies may have come before their document did: they are found by its number, in the same
 * statement, because nearly always there are none.
 */
export const joinMessages = async (
  db: Db,
  documents: readonly {
    readonly lane: number
    readonly id: string
    readonly version: number
    readonly messageId: string
  }[],
): Promise<Joined> => {
  if (documents.length === 0) return { count: 0, awaiting: [] }
  const columns = { lane: 'smallint', id: 'uuid', version: 'integer', messageId: 'uuid' }
  const joined = await sql<Joined>`
    with joined as (
    update document_state s set message_id = coalesce(s.message_id, r."messageId")
    from ${rowsOf('r', columns, documents)}
    where s.lane = r.lane and s.id = r.id and s.version = r.version
    returning s.lane, s.kind, s.number, s.message_id = r."messageId" as ours
    )
    select (select count(*)::integer from joined where ours) as count, array(
      select distinct w.reply_id from joined j cross join lateral (
        select u.reply_id from unmatched_reply u
        where u.lane = j.lane and u.number = j.number and u.kind = j.kind and u.name is null
        limit ${AWAITING_REPLIES_MAX}
      ) w
    )::text[] as awaiting`.execute(db)
  return joined.rows[0] ?? { count: 0, awaiting: [] }
}

export interface StoredMessage {
  readonly lane: number
  readonly id: string
  readonly kind: string
  readonly senderId: string
  readonly senderDxpId: string
  readonly receiverDxpIds: readonly string[]
  readonly copMsgId: string
  readonly documentIds: readonly string[]
  readonly documentVersions: readonly number[]
  readonly createdAt: Date
  /** When it was sent again, or is going to be; in order. */
  readonly resentAt: readonly Date[]
  /** Before its first sending; kept of messages with a later version only. */
  readonly triedAt: Date | null
  /** False as long as its bytes are the text that waits for its signature. */
  readonly isSigned: boolean
}

export interface SealedMessage extends StoredMessage {
  readonly sealed: Uint8Array
}

const MESSAGE = sql`m.lane, m.id, m.kind, m.sender_id as "senderId", m.sender_dxp_id as "senderDxpId",
  string_to_array(m.receiver_dxp_id, ',') as "receiverDxpIds", m.cop_msg_id as "copMsgId",
  m.document_ids as "documentIds", m.document_versions as "documentVersions",
  m.created_at as "createdAt", m.resent_at as "resentAt", m.tried_at as "triedAt",
  m.hash is not null as "isSigned"`
const MESSAGE_KEY = { lane: 'smallint', id: 'uuid' }

/** Without their bytes, which may be a megabyte each. */
export const findMessages = async (
  db: Db,
  keys: readonly { readonly lane: number; readonly id: string }[],
): Promise<readonly StoredMessage[]> => {
  if (keys.length === 0) return []
  const found = await sql<StoredMessage>`
    select ${MESSAGE} from ${rowsOf('r', MESSAGE_KEY, keys)}
    join message m on m.lane = r.lane and m.id = r.id`.execute(db)
  return found.rows
}

/** With their bytes. */
export const findSealed = async (
  db: Db,
  keys: readonly { readonly lane: number; readonly id: string }[],
): Promise<readonly SealedMessage[]> => {
  if (keys.length === 0) return []
  const found = await sql<SealedMessage>`
    select ${MESSAGE}, m.sealed from ${rowsOf('r', MESSAGE_KEY, keys)}
    join message m on m.lane = r.lane and m.id = r.id`.execute(db)
  return found.rows
}

export interface UnsignedMessage {
  readonly lane: number
  readonly id: string
  readonly kind: string
  readonly senderId: string
  readonly copMsgId: string
  readonly sealed: Uint8Array
  readonly place: SignaturePlace
}

/** Those of the messages that are not signed yet. */
export const findUnsigned = async (
  db: Db,
  keys: readonly { readonly lane: number; readonly id: string }[],
): Promise<readonly UnsignedMessage[]> => {
  if (keys.length === 0) return []
  const found = await sql<UnsignedMessage>`
    select m.lane, m.id, m.kind, m.sender_id as "senderId", m.cop_msg_id as "copMsgId", m.sealed,
      m.place
    from ${rowsOf('r', MESSAGE_KEY, keys)}
    join message m on m.lane = r.lane and m.id = r.id and m.hash is null`.execute(db)
  return found.rows
}

/** Keeps signed bytes, once: of a message that has them already nothing changes. Gives those kept. */
export const storeSigned = async (
  db: Db,
  messages: readonly {
    readonly lane: number
    readonly id: string
    readonly sealed: Uint8Array
    readonly hash: Uint8Array
  }[],
  now: Date,
): Promise<ReadonlySet<string>> => {
  if (messages.length === 0) return new Set()
  const columns = { ...MESSAGE_KEY, sealed: 'bytea', hash: 'bytea' }
  const kept = await sql<{ id: string }>`
    update message m set sealed = r.sealed, hash = r.hash, place = null, problem = null,
      signed_at = ${now}
    from ${rowsOf('r', columns, messages)}
    where m.lane = r.lane and m.id = r.id and m.hash is null returning m.id`.execute(db)
  return new Set(kept.rows.map(({ id }) => id))
}

/** Marks messages as handed over, or with the reason why they were not. */
export const markMessages = async (
  db: Db,
  marks: readonly {
    readonly lane: number
    readonly id: string
    readonly sent: boolean
    readonly problem: string | null
  }[],
  now: Date,
): Promise<void> => {
  if (marks.length === 0) return
  const columns = { ...MESSAGE_KEY, sent: 'boolean', problem: 'text' }
  await sql`
    update message m set problem = r.problem,
      sent_at = case when r.sent then coalesce(m.sent_at, ${now}) else m.sent_at end
    from ${rowsOf('r', columns, marks)} where m.lane = r.lane and m.id = r.id`.execute(db)
}
