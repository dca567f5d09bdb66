/**
 * Consignments (四单): which of the documents that belong together are there, and which lists may
 * go because all they wait for is accepted.
 */
import { sql } from 'kysely'
import type { State } from '../catalogue/message.ts'
import { laneOf } from '../kernel/lane.ts'
import { rowsOf } from './rows.ts'
import type { Db } from './tables.ts'

export interface ReadyDocument {
  readonly lane: number
  readonly id: string
  readonly version: number
}

/** Documents of these consignments that wait and whose companions are all accepted now. */
export const findReady = async (
  db: Db,
  orderNos: readonly string[],
): Promise<readonly ReadyDocument[]> => {
  if (orderNos.length === 0) return []
  const rows = orderNos.map((orderNo) => ({ lane: laneOf(orderNo), orderNo }))
  const found = await sql<ReadyDocument & { state: State }>`
    with complete as materialized (
      select l.document_id as id
      from ${rowsOf('r', { lane: 'smallint', orderNo: 'text' }, rows)}
      join consignment_part l on l.lane = r.lane and l.order_no = r."orderNo"
      join enterprise e on e.id = l.sender_id
      where l.needs is not null and (not e.waits_for_companions or not exists (
        select 1 from unnest(l.needs) need
        where not exists (
          select 1 from consignment_part p
          where p.lane = l.lane and p.order_no = l.order_no and p.offer = need and p.accepted
        )
      ))
    )
    select s.lane, s.id, s.version, s.state
    from complete c
    join document_state s on s.lane = (get_byte(uuid_send(c.id), 8) & 63) and s.id = c.id
  `.execute(db)
  // Asked for in SQL, a rare state would lead the planner to look for it first, through the table.
  return found.rows.filter((row) => row.state === 'waiting')
}

export interface ConsignmentDocument {
  readonly lane: number
  readonly id: string
  readonly kind: string
  readonly senderId: string
  readonly offer: string
  readonly needs: readonly string[] | null
  readonly accepted: boolean
}

/** All documents that name this order, of every enterprise; the caller decides who may see what. */
export const findParts = async (
  db: Db,
  orderNo: string,
): Promise<readonly ConsignmentDocument[]> => {
  const found = await sql<ConsignmentDocument>`
    select get_byte(uuid_send(document_id), 8) & 63 as lane, document_id as id, kind,
      sender_id as "senderId", offer, needs, accepted
    from consignment_part where lane = ${laneOf(orderNo)} and order_no = ${orderNo}
    order by kind, document_id`.execute(db)
  return found.rows
}
