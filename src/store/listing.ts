/**
 * Reading documents back: lists by filter with keyset pages, one with its payload, its events, its
 * message. No totals are counted. A page costs its rows, and those between them that its filter leaves out.
 */
import { type RawBuilder, sql } from 'kysely'
import { getDeclaration, placedKinds } from '../catalogue/index.ts'
import type { AnyDocument, State } from '../catalogue/message.ts'
import { groupOf } from '../catalogue/statuses.ts'
import { firstIdAt, laneOfId } from '../kernel/ids.ts'
import { everyLane, laneOf } from '../kernel/lane.ts'
import type { Coverage } from './access.ts'
import { rowsOf } from './rows.ts'
import type { Db } from './tables.ts'

export interface ListedDocument {
  readonly id: string
  readonly kind: string
  readonly senderId: string
  readonly senderName: string
  /** Code of the merchant that it names, else of its sender. */
  readonly client: string
  /** Null where no such enterprise is registered. */
  readonly clientName: string | null
  readonly number: string
  readonly orderNo: string | null
  readonly version: number
  readonly guid: string
  readonly state: State
  readonly zone: string | null
  readonly returnStatus: string | null
  readonly returnTime: string
  readonly messageId: string | null
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** An enterprise, and what of its documents may be seen. */
export interface Sender extends Coverage {
  readonly id: string
}

export interface ListingFilter {
  /** Enterprises whose documents may be seen, and which of them; null for all. */
  readonly senders: readonly Sender[] | null
  /** All kinds there are, for look-ups by number. */
  readonly kinds: readonly string[]
  readonly kind?: string | undefined
  /** Allowed pairs of kind and state; undefined for all. */
  readonly states?: readonly { readonly kind: string; readonly state: State }[] | undefined
  readonly zone?: string | undefined
  readonly enterprise?: string | undefined
  /** Codes of one client. */
  readonly client?: readonly string[] | undefined
  readonly from?: Date | undefined
  readonly to?: Date | undefined
  /** China date of release, yyyy-MM-dd. */
  readonly releasedOn?: string | undefined
  /** Any number: the document's own, its order's, or one that customs gave. */
  readonly q?: string | undefined
  /** Id of the last row of the page before. */
  readonly after?: string | undefined
  readonly limit: number
}

/** The client of a document `s`, with the name that it is registered under. */
export const CLIENT = sql`s.client, (
    select c.name from enterprise c where s.client in (c.customs_code, c.credit_code) limit 1
  ) as "clientName"`

const COLUMNS = sql`s.id, s.kind, s.sender_id as "senderId", e.name as "senderName", ${CLIENT}, s.number,
  s.order_no as "orderNo", s.version, s.guid, s.state, s.zone, s.return_status as "returnStatus",
  s.return_time as "returnTime", s.message_id as "messageId", s.created_at as "createdAt",
  s.updated_at as "updatedAt"`

/** Newest first. */
export const findListed = async (
  db: Db,
  filter: ListingFilter,
): Promise<readonly ListedDocument[]> => {
  const { q, kinds, limit } = filter
  const where = conditions(filter)
  // Few documents have one number: they are found as they are.
  const rows =
    q === undefined
      ? newestAmong(filter, where)
      : sql`select s.* from document_state s where ${sql.join([anyNumber(q, kinds), ...where.keyed, ...where.others], sql` and `)}`
  const found = await sql<ListedDocument>`
    select ${COLUMNS} from (${rows}) s join enterprise e on e.id = s.sender_id
    order by s.id desc limit ${limit}`.execute(db)
  return found.rows
}

interface Conditions {
  /** What an index narrows down to, beside sender or lane. */
  readonly keyed: readonly RawBuilder<unknown>[]
  readonly others: readonly RawBuilder<unknown>[]
}

const conditions = (filter: ListingFilter): Conditions => {
  const { senders, enterprise, client, kind, zone, from, to, releasedOn, after, states } = filter
  const keyed: RawBuilder<unknown>[] = []
  const others: RawBuilder<unknown>[] = []
  if (after !== undefined) keyed.push(sql`s.id < ${after}::uuid`)
  if (from !== undefined) keyed.push(sql`s.id >= ${bornBy(from, -1)}`)
  if (to !== undefined) keyed.push(sql`s.id < ${bornBy(to, 1)}`)
  if (releasedOn !== undefined) keyed.push(sql`s.released_on = ${releasedOn.replaceAll('-', '')}`)
  // One index has what is not done, another a sender's kinds.
  const [group, ...more] = new Set(
    states?.map((one) => groupOf(getDeclaration(one.kind), one.state)),
  )
  const isOneGroup = group !== undefined && group !== 'done' && more.length === 0
  if (isOneGroup) keyed.push(sql`s.unfinished = ${group}`)
  if (kind !== undefined) (isOneGroup ? others : keyed).push(sql`s.kind = ${kind}`)
  if (senders !== null) others.push(...visibleTo(senders))
  if (enterprise !== undefined) others.push(sql`s.sender_id = ${enterprise}`)
  if (client !== undefined) others.push(sql`s.client = any(${client}::text[])`)
  if (zone !== undefined) others.push(sql`s.zone = ${zone}`)
  if (from !== undefined) others.push(sql`s.created_at >= ${from}`)
  if (to !== undefined) others.push(sql`s.created_at < ${to}`)
  if (states !== undefined) {
    // Nearly all rows are told apart by their state alone, without a text being made for each.
    others.push(
      sql`s.state = any(${[...new Set(states.map(({ state }) => state))]}::text[])`,
      sql`s.kind || '/' || s.state = any(${states.map((pair) => `${pair.kind}/${pair.state}`)}::text[])`,
    )
  }
  return { keyed, others }
}

/**
 * Ids are sorted by birth, and given out a little before or after a document is stored: what lies far
 * from the days that are asked for is not gone through.
 */
const bornBy = (at: Date, side: -1 | 1): RawBuilder<unknown> =>
  sql`${firstIdAt(new Date(at.getTime() + side * STORED_WITHIN_MS))}::uuid`

/** More than any request takes. */
const STORED_WITHIN_MS = 3_600_000

/**
 * Enough of each sender, or of each lane where everybody's are seen, along a key that has the newest at
 * its end, instead of all of them. The walk along the key is apart from what is picked on the way:
 * judged together, PostgreSQL expects so few rows that it fetches and sorts all there are.
 */
const newestAmong = (filter: ListingFilter, { keyed, others }: Conditions): RawBuilder<unknown> => {
  const { senders, enterprise, client, kind, limit } = filter
  const ids =
    enterprise === undefined ? senders && [...new Set(senders.map(({ id }) => id))] : [enterprise]
  if (ids !== null && client !== undefined)
    return newestOfClient({ ids, client, limit }, { keyed, others })
  const [parts, isOf] =
    ids === null
      ? [sql`unnest(${everyLane}::smallint[])`, sql`s.lane = l.part`]
      : [sql`unnest(${ids}::text[])`, sql`s.sender_id = l.part`]
  const key = sql.join([isOf, ...keyed], sql` and `)
  const picked = others.length === 0 ? sql`true` : sql.join(others, sql` and `)
  // Of a lane an index tells kinds apart: a rare one is not walked to.
  const walk =
    ids === null && kind !== undefined
      ? sql`select s.* from document_state s where ${key} and ${picked} order by s.id desc`
      : sql`
        select s.* from (
          select * from document_state s where ${key} order by s.id desc offset 0
        ) s where ${picked}`
  return sql`
    select n.* from ${parts} l (part) cross join lateral (${walk} limit ${limit}) n`
}

/** Ends of the index of a client's documents: done, and each reason why one is not. */
const ENDS = [sql`s.unfinished is null`].concat(
  ['action-needed', 'under-way', 'refused'].map((group) => sql`s.unfinished = ${group}`),
)

/** A limit that PostgreSQL cannot see when it plans: it expects to stop early, and walks along the key. */
const ALL_ROWS = '9223372036854775807'

/** The same of a client, at whose end of the index the newest of one reason stand. */
const newestOfClient = (
  {
    ids,
    client,
    limit,
  }: {
    readonly ids: readonly string[]
    readonly client: readonly string[]
    readonly limit: number
  },
  { keyed, others }: Conditions,
): RawBuilder<unknown> => {
  const picked = sql.join(others, sql` and `)
  const walks = ENDS.map((end) => {
    const key = [sql`s.sender_id = l.sender_id`, sql`s.client = l.client`, end, ...keyed]
    return sql`(
      select s.* from (
        select * from document_state s where ${sql.join(key, sql` and `)}
        order by s.unfinished desc, s.id desc limit (select ${ALL_ROWS}::bigint)
      ) s where ${picked} limit ${limit})`
  })
  return sql`
    select n.* from (
      select * from unnest(${ids}::text[]) i (sender_id) cross join unnest(${client}::text[]) k (client)
    ) l cross join lateral (${sql.join(walks, sql` union all `)}) n`
}

/** The first condition is the one the index serves. */
export const visibleTo = (senders: readonly Sender[]): readonly RawBuilder<unknown>[] => {
  const isOfThem = sql`s.sender_id = any(${senders.map(({ id }) => id)}::text[])`
  const whole = senders.filter(({ kinds }) => kinds === null).map(({ id }) => id)
  const parts = senders.flatMap((sender) =>
    (sender.kinds ?? []).map((kind) => ({ ...sender, kind, isPlaced: placedKinds.has(kind) })),
  )
  // Of one's own an index tells all there is to know.
  if (parts.length === 0) return [isOfThem]
  const everywhere = parts
    .filter(({ zones, isPlaced }) => zones === null || !isPlaced)
    .map(({ kind, id }) => `${kind}/${id}`)
  const somewhere = parts.flatMap(({ kind, id, zones, isPlaced }) =>
    isPlaced ? (zones ?? []).map((zone) => `${kind}/${id}/${zone}`) : [],
  )
  const inZones =
    somewhere.length === 0
      ? sql``
      : sql`or s.kind || '/' || s.sender_id || '/' || s.zone = any(${somewhere}::text[])`
  return [
    isOfThem,
    sql`(s.sender_id = any(${whole}::text[])
      or s.kind || '/' || s.sender_id = any(${everywhere}::text[]) ${inZones})`,
  ]
}

/** Each branch finds its rows by a key whose lane follows from the number itself. */
const anyNumber = (q: string, kinds: readonly string[]): RawBuilder<unknown> => {
  const lane = laneOf(q)
  return sql`s.id in (
    select n.id from document_state n
    where n.lane = ${lane} and n.kind = any(${kinds}::text[]) and n.number = ${q}
    union all
    select p.document_id from consignment_part p where p.lane = ${lane} and p.order_no = ${q}
    union all
    select c.document_id from customs_number c where c.lane = ${lane} and c.number = ${q}
    union all
    select t.document_id from act_target t where t.lane = ${lane} and t.number = ${q}
  )`
}

export interface FoundDocument extends ListedDocument {
  readonly lane: number
  readonly payload: AnyDocument
  readonly sealed: Uint8Array | null
  /** The enterprise that handed this version in, and the mandate it did so under. */
  readonly submittedBy: string
  readonly mandateId: string | null
  readonly customsNumbers: Readonly<Record<string, string>> | null
  /** The message of an earlier version, if one was ever composed. */
  readonly priorMessageId: string | null
}

export const findDocuments = async (
  db: Db,
  ids: readonly string[],
): Promise<readonly FoundDocument[]> => {
  if (ids.length === 0) return []
  const lanes = [...new Set(ids.map(laneOfId))]
  const found = await sql<FoundDocument>`
    select s.lane, ${COLUMNS}, d.payload, d.sealed,
      d.submitted_by as "submittedBy", d.mandate_id as "mandateId", s.prior_message_id as "priorMessageId", (
      select jsonb_object_agg(c.name, c.number order by c.number) from customs_number c
      where c.document_id = s.id and c.lane = any(${everyLane}::smallint[])
    ) as "customsNumbers"
    from document_state s join enterprise e on e.id = s.sender_id
    join document d on d.lane = s.lane and d.id = s.id and d.version = s.version
    where s.lane = any(${lanes}::smallint[]) and s.id = any(${ids}::uuid[])
    order by s.kind, s.id`.execute(db)
  return found.rows
}

export interface StoredEvent {
  readonly documentId: string
  readonly key: string
  readonly at: Date
  readonly version: number
  readonly state: State
  readonly rank: number
  readonly returnStatus: string | null
  readonly returnTime: string
  readonly info: string | null
  readonly sealedInfo: Uint8Array | null
  readonly resultCodes: readonly string[] | null
  readonly messageId: string | null
}

const EVENT = sql`e.document_id as "documentId", e.key, e.at, e.version, e.state, e.rank,
  e.return_status as "returnStatus", e.return_time as "returnTime", e.info,
  e.sealed_info as "sealedInfo", e.result_codes as "resultCodes", e.message_id as "messageId"`

export const findEvents = async (db: Db, id: string): Promise<readonly StoredEvent[]> => {
  const found = await sql<StoredEvent>`
    select ${EVENT} from event e where e.lane = ${laneOfId(id)} and e.document_id = ${id}::uuid
    order by e.version, e.seq`.execute(db)
  return found.rows
}

/** One event of each of these documents. */
export const findEventsByKey = async (
  db: Db,
  keys: readonly { readonly lane: number; readonly id: string; readonly key: string }[],
): Promise<readonly StoredEvent[]> => {
  if (keys.length === 0) return []
  const found = await sql<StoredEvent>`
    select ${EVENT} from ${rowsOf('r', { lane: 'smallint', id: 'uuid', key: 'text' }, keys)}
    join event e on e.lane = r.lane and e.document_id = r.id and e.key = r.key`.execute(db)
  return found.rows
}
