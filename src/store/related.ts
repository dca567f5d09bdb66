/**
 * Documents beside a document: those that ask customs to act on it, and those it asks customs to act
 * on, by whichever number leads to them. Every look-up goes by a key whose lane follows from the
 * number; rare states are no part of it.
 */
import { type RawBuilder, sql } from 'kysely'
import type { AnyDocument, State } from '../catalogue/message.ts'
import { laneOf } from '../kernel/lane.ts'
import { RELATED_SHOWN_MAX } from '../kernel/limits.ts'
import { type Sender, visibleTo } from './listing.ts'
import { rowsOf } from './rows.ts'
import type { Db } from './tables.ts'

export interface RelatedDocument {
  readonly id: string
  readonly kind: string
  readonly number: string
  readonly state: State
}

/** Enterprises whose documents may be seen, and which of them; null for all. */
type Senders = readonly Sender[] | null

const FOUND = sql`s.id, s.kind, s.number, s.state`
const NUMBER = { lane: 'smallint', number: 'text' }

const stateOf = (id: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`document_state s on s.lane = (get_byte(uuid_send(${id}), 8) & 63) and s.id = ${id}`

const seen = (senders: Senders): RawBuilder<unknown> =>
  senders === null ? sql`true` : sql.join(visibleTo(senders), sql` and `)

const numbered = (numbers: readonly string[]): RawBuilder<unknown> =>
  rowsOf(
    'r',
    NUMBER,
    numbers.map((number) => ({ lane: laneOf(number), number })),
  )

/** Documents of a kind whose current version asks customs to act on these numbers. */
export const findActors = async (
  db: Db,
  asks: readonly { readonly kind: string; readonly number: string }[],
  senders: Senders,
): Promise<readonly RelatedDocument[]> => {
  if (asks.length === 0) return []
  const rows = asks.map((ask) => ({ ...ask, lane: laneOf(ask.number) }))
  const found = await sql<RelatedDocument>`
    select distinct ${FOUND} from ${rowsOf('r', { ...NUMBER, kind: 'text' }, rows)}
    join act_target t on t.lane = r.lane and t.number = r.number and t.kind = r.kind
    join ${stateOf(sql`t.document_id`)} and s.version = t.version
    where ${seen(senders)} order by s.id limit ${RELATED_SHOWN_MAX}`.execute(db)
  return found.rows
}

/** Documents of a kind that go by these numbers themselves. */
export const findNumbered = async (
  db: Db,
  kind: string,
  numbers: readonly string[],
  senders: Senders,
): Promise<readonly RelatedDocument[]> => {
  const found = await sql<RelatedDocument>`
    select ${FOUND} from ${numbered(numbers)}
    join document_state s on s.lane = r.lane and s.kind = ${kind} and s.number = r.number
    where ${seen(senders)} order by s.id limit ${RELATED_SHOWN_MAX}`.execute(db)
  return found.rows
}

/** Documents of a kind that customs gave these numbers under that name. */
export const findByGiven = async (
  db: Db,
  kind: string,
  name: string,
  numbers: readonly string[],
  senders: Senders,
): Promise<readonly RelatedDocument[]> => {
  const found = await sql<RelatedDocument>`
    select distinct ${FOUND} from ${numbered(numbers)}
    join customs_number c on c.lane = r.lane and c.number = r.number and c.name = ${name}
    join ${stateOf(sql`c.document_id`)} and s.kind = ${kind}
    where ${seen(senders)} order by s.id limit ${RELATED_SHOWN_MAX}`.execute(db)
  return found.rows
}

/** Documents of a kind that wait under these numbers for a part whose text begins so. */
export const findWaitingUnder = async (
  db: Db,
  kind: string,
  part: string,
  numbers: readonly string[],
  senders: Senders,
): Promise<readonly RelatedDocument[]> => {
  const found = await sql<RelatedDocument>`
    select distinct ${FOUND} from ${numbered(numbers)}
    join consignment_part p on p.lane = r.lane and p.order_no = r.number and p.kind = ${kind}
      and exists (select from unnest(p.needs) need where starts_with(need, ${part}))
    join ${stateOf(sql`p.document_id`)}
    where ${seen(senders)} order by s.id limit ${RELATED_SHOWN_MAX}`.execute(db)
  return found.rows
}

/** Documents of a kind that wait for one of another kind which goes by these numbers itself. */
export const findWaitingFor = async (
  db: Db,
  kind: string,
  awaited: string,
  numbers: readonly string[],
  senders: Senders,
): Promise<readonly RelatedDocument[]> => {
  const orders = await sql<{ id: string; orderNo: string }>`
    select s.id, s.order_no as "orderNo" from ${numbered(numbers)}
    join document_state s on s.lane = r.lane and s.kind = ${awaited} and s.number = r.number
      and s.order_no is not null
    limit ${RELATED_SHOWN_MAX}`.execute(db)
  const rows = orders.rows.map(({ id, orderNo }) => ({
    id,
    lane: laneOf(orderNo),
    number: orderNo,
  }))
  if (rows.length === 0) return []
  const found = await sql<RelatedDocument>`
    select distinct ${FOUND} from ${rowsOf('r', { ...NUMBER, id: 'uuid' }, rows)}
    join consignment_part o on o.lane = r.lane and o.order_no = r.number and o.document_id = r.id
    join consignment_part p on p.lane = r.lane and p.order_no = r.number and p.kind = ${kind}
      and o.offer = any(p.needs)
    join ${stateOf(sql`p.document_id`)}
    where ${seen(senders)} order by s.id limit ${RELATED_SHOWN_MAX}`.execute(db)
  return found.rows
}

export interface StoredVersion {
  readonly id: string
  readonly version: number
  readonly senderId: string
  readonly appType: string
  readonly payload: AnyDocument
}

/** Versions of documents, the current one or not, without what is sealed. */
export const findVersions = async (
  db: Db,
  keys: readonly { readonly lane: number; readonly documentId: string; readonly version: number }[],
): Promise<readonly StoredVersion[]> => {
  const columns = { lane: 'smallint', documentId: 'uuid', version: 'integer' }
  const found = await sql<StoredVersion>`
    select distinct on (d.lane, d.id, d.version) d.id, d.version, d.sender_id as "senderId",
      d.app_type as "appType", d.payload
    from ${rowsOf('r', columns, keys)}
    join document d on d.lane = r.lane and d.id = r."documentId" and d.version = r.version
    order by d.lane, d.id, d.version`.execute(db)
  return found.rows
}
