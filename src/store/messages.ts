/**
 * Messages going out: the documents a message is composed of, the message with its bytes kept
 * before sending, and what became of sending it.
 */
import { sql } from 'kysely'
import type { AnyDocument, State } from '../catalogue/message.ts'
import { rowsOf } from './rows.ts'
import type { Db } from './tables.ts'

export interface ComposableDocument {
  readonly lane: number
  readonly id: string
  readonly version: number
  readonly kind: string
  readonly senderId: string
  /** Written by intake from a checked document of this kind and by nothing else. */
  readonly payload: AnyDocument
  readonly sealed: Uint8Array | null
  /** The message of an earlier version, if one was ever composed. */
  readonly priorMessageId: string | null
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
    select lane, id, version, kind, "senderId", state, "messageId", "priorMessageId",
      sealed, case when before < ${bytesMax} then payload end as payload
    from (
      select d.lane, d.id, d.version, d.kind, d.sender_id as "senderId", d.payload, d.sealed,
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

export interface NewMessage {
  readonly lane: number
  readonly id: string
  readonly kind: string
  readonly senderId: string
  readonly senderDxpId: string
  readonly receiverDxpId: string
  readonly copMsgId: string
  readonly sealed: Uint8Array
  readonly hash: Uint8Array
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
    ids: 'text',
    versions: 'text',
  }
  const rows = messages.map((message) => ({
    ...message,
    // Arrays inside a set would have to be of one length; as text they need not.
    ids: `{${message.documents.map((document) => document.id).join()}}`,
    versions: `{${message.documents.map((document) => document.version).join()}}`,
  }))
  await sql`
    insert into message (lane, id, kind, sender_id, sender_dxp_id, receiver_dxp_id, cop_msg_id,
      sealed, hash, document_ids, document_versions, created_at)
    select m.lane, m.id, m.kind, m."senderId", m."senderDxpId", m."receiverDxpId", m."copMsgId",
      m.sealed, m.hash, m.ids::uuid[], m.versions::integer[], ${now}
    from ${rowsOf('m', columns, rows)}`.execute(db)
}

/**
 * Writes on each document which message carries it. Gives for how many that holds: one that changed
 * or joined another message meanwhile keeps what it has.
 */
export const joinMessages = async (
  db: Db,
  documents: readonly {
    readonly lane: number
    readonly id: string
    readonly version: number
    readonly messageId: string
  }[],
): Promise<number> => {
  if (documents.length === 0) return 0
  const columns = { lane: 'smallint', id: 'uuid', version: 'integer', messageId: 'uuid' }
  const joined = await sql<{ ours: boolean }>`
    update document_state s set message_id = coalesce(s.message_id, r."messageId")
    from ${rowsOf('r', columns, documents)}
    where s.lane = r.lane and s.id = r.id and s.version = r.version
    returning s.message_id = r."messageId" as ours`.execute(db)
  return joined.rows.filter((row) => row.ours).length
}

export interface StoredMessage {
  readonly lane: number
  readonly id: string
  readonly kind: string
  readonly senderId: string
  readonly senderDxpId: string
  readonly receiverDxpId: string
  readonly copMsgId: string
  readonly sealed: Uint8Array
  readonly documentIds: readonly string[]
  readonly documentVersions: readonly number[]
  readonly createdAt: Date
  /** When it was sent again, or is going to be; in order. */
  readonly resentAt: readonly Date[]
  /** Before its first sending; kept of messages with a later version only. */
  readonly triedAt: Date | null
}

const MESSAGE = sql`m.lane, m.id, m.kind, m.sender_id as "senderId", m.sender_dxp_id as "senderDxpId",
  m.receiver_dxp_id as "receiverDxpId", m.cop_msg_id as "copMsgId", m.sealed,
  m.document_ids as "documentIds", m.document_versions as "documentVersions",
  m.created_at as "createdAt", m.resent_at as "resentAt", m.tried_at as "triedAt"`
const MESSAGE_KEY = { lane: 'smallint', id: 'uuid' }

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
