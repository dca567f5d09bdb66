/**
 * Consignments (四单): which of the documents that belong together are there, and which lists may
 * go because all they wait for is accepted.
 */
import { type RawBuilder, sql } from 'kysely'
import type { State } from '../catalogue/message.ts'
import { laneOf } from '../kernel/lane.ts'
import { PARTS_PER_NUMBER_MAX } from '../kernel/limits.ts'
import { DIFFERING_PAIRS_MAX } from '../kernel/rule-limits.ts'
import { rowsOf } from './rows.ts'
import type { Db } from './tables.ts'

export interface ReadyDocument {
  readonly lane: number
  readonly id: string
  readonly version: number
  readonly senderId: string
  readonly orderNo: string | null
  /** By their marks the documents agree, and none breaks a rule by itself; else look into them. */
  readonly agrees: boolean
}

/** What is asked of marks and doubts, see `consignment_part`. */
export interface Watched {
  /** Places of marks, counted from 1. */
  readonly places: readonly number[]
  readonly rules: readonly string[]
}

/**
 * Documents with a part under these numbers that wait and whose companions are all accepted now,
 * under whatever numbers they go. Nearly all go under one number; the others are looked at only
 * where a part names them.
 */
export const findReady = async (
  db: Db,
  orderNos: readonly string[],
  { places, rules }: Watched,
): Promise<readonly ReadyDocument[]> => {
  if (orderNos.length === 0) return []
  const rows = orderNos.map((orderNo) => ({ lane: laneOf(orderNo), orderNo }))
  const found = await sql<ReadyDocument & { state: State }>`
    with complete as materialized (
      select l.document_id as id, l.lane, l.order_no, l.needs, l.also_lanes, l.also,
        e.waits_for_companions as waits
      from ${rowsOf('r', { lane: 'smallint', orderNo: 'text' }, rows)}
      join consignment_part l on l.lane = r.lane and l.order_no = r."orderNo"
      join enterprise e on e.id = l.sender_id
      where (l.needs is not null or l.also is not null) and (not e.waits_for_companions or (
        not exists (
          select 1 from unnest(l.needs) need
          where not exists (
            select 1 from consignment_part p
            where p.lane = l.lane and p.order_no = l.order_no and p.offer = need and p.accepted
          )
        )
        and (l.also is null or not exists (
          select 1 from unnest(l.also_lanes, l.also) t(lane, number)
          join consignment_part o on o.lane = t.lane and o.order_no = t.number
            and o.document_id = l.document_id
          cross join unnest(o.needs) need
          where not exists (
            select 1 from consignment_part p
            where p.lane = o.lane and p.order_no = o.order_no and p.offer = need and p.accepted
          )
        ))
      ))
    )
    select s.lane, s.id, s.version, s.sender_id as "senderId", s.order_no as "orderNo", s.state,
      not c.waits or not exists (
        select 1 from (
          select c.lane, c.order_no, c.needs
          union all
          select o.lane, o.order_no, o.needs from unnest(c.also_lanes, c.also) t(lane, number)
          join consignment_part o on o.lane = t.lane and o.order_no = t.number
            and o.document_id = c.id
        ) thread
        join consignment_part p on p.lane = thread.lane and p.order_no = thread.order_no
          and (p.document_id = c.id or (p.accepted and p.offer = any(thread.needs)))
        left join unnest(${places}::integer[]) place on true
        group by thread.order_no, place
        having bool_or(p.marks is null) or bool_or(p.doubts && ${rules}::text[])
          or min(p.marks[place]) <> max(p.marks[place])
      ) as agrees
    from complete c
    join document_state s on s.lane = (get_byte(uuid_send(c.id), 8) & 63) and s.id = c.id
  `.execute(db)
  // Asked for in SQL, a rare state would lead the planner to look for it first, through the table.
  const waiting = found.rows.filter(({ state }) => state === 'waiting' || state === 'blocked')
  // News under two of its numbers in one batch finds a document twice.
  return [...new Map(waiting.map((row) => [row.id, row])).values()]
}

/** A document just stored, and one of its companions that it may differ from by the marks. */
export interface DifferingPair {
  readonly id: string
  readonly otherId: string
}

/**
 * Companions that are there of documents just stored, with their parts, where their marks differ. They
 * belong together when one waits for the other, when a third waits for both, or when they offer their
 * parts under the same codes. Marks of old parts tell nothing, so neither does this.
 */
export const findDiffering = async (
  db: Db,
  stored: readonly { readonly id: string; readonly lane: number; readonly orderNo: string }[],
  /** Of marks, counted from 1. */
  places: readonly number[],
): Promise<readonly DifferingPair[]> => {
  if (stored.length === 0) return []
  const found = await sql<DifferingPair>`
    select r.id, p.document_id as "otherId"
    from ${rowsOf('r', { id: 'uuid', lane: 'smallint', orderNo: 'text' }, stored)}
    join consignment_part own on own.lane = r.lane and own.order_no = r."orderNo"
      and own.document_id = r.id
    join consignment_part p on p.lane = r.lane and p.order_no = r."orderNo"
      and p.document_id <> r.id
    where ${isDiffering(places)}
    limit ${DIFFERING_PAIRS_MAX}`.execute(db)
  return found.rows
}

/**
 * Whether a part `own` belongs together with another one `p` of its number and differs from it in one of
 * these places: each on its own, since a set of the marks of every pair would cost more than the rest.
 */
export const isDiffering = (places: readonly number[]): RawBuilder<unknown> => {
  if (places.length === 0) return sql`false`
  const differs = places.map(
    (place) => sql`own.marks[${sql.lit(place)}] <> p.marks[${sql.lit(place)}]`,
  )
  return sql`(${sql.join(differs, sql` or `)})
    and (p.offer = any(own.needs) or own.offer = any(p.needs)
      or ${linkOf('p.offer')} = ${linkOf('own.offer')}
      or exists (
        select from consignment_part l where l.lane = p.lane and l.order_no = p.order_no
          and array[own.offer, p.offer] <@ l.needs
      ))`
}

/** The values that tie a part to others: all after its name. */
const linkOf = (offer: string) =>
  sql`substring(${sql.ref(offer)} from position(U&'\\001E' in ${sql.ref(offer)}))`

export interface ConsignmentDocument {
  /** The number under which it was found. */
  readonly thread: string
  readonly lane: number
  readonly id: string
  readonly kind: string
  readonly senderId: string
  readonly zone: string | null
  readonly offer: string
  readonly needs: readonly string[] | null
  readonly accepted: boolean
  /** Rules it broke by itself when it was handed in. */
  readonly doubts: readonly string[] | null
  /** Other numbers under which it has a part as well. */
  readonly also: readonly string[] | null
}

/** All documents under these numbers, of every enterprise; the caller decides who may see what. */
export const findParts = async (
  db: Db,
  numbers: readonly string[],
): Promise<readonly ConsignmentDocument[]> => {
  if (numbers.length === 0) return []
  const rows = numbers.map((number) => ({ lane: laneOf(number), number }))
  const found = await sql<ConsignmentDocument>`
    select p.order_no as thread, get_byte(uuid_send(p.document_id), 8) & 63 as lane,
      p.document_id as id, p.kind, p.sender_id as "senderId", p.offer, p.needs, p.accepted,
      p.doubts, p.also,
      s.zone
    from ${rowsOf('r', { lane: 'smallint', number: 'text' }, rows)}
    cross join lateral (
      select * from consignment_part p where p.lane = r.lane and p.order_no = r.number
      order by p.document_id limit ${PARTS_PER_NUMBER_MAX}
    ) p
    join document_state s on s.lane = (get_byte(uuid_send(p.document_id), 8) & 63)
      and s.id = p.document_id
    order by p.kind, p.document_id, p.order_no`.execute(db)
  return found.rows
}
