/** Tax that orders say was collected, for lists that go with them. */
import { sql } from 'kysely'
import { rowsOf } from './rows.ts'
import type { Db } from './tables.ts'

export interface WithheldAsked {
  readonly index: number
  /** Of the number of the consignment. */
  readonly lane: number
  readonly orderNo: string
  /** What the list waits for, as its companion offers it. */
  readonly offer: string
}

/** Values of a head field of the companions that are there; one index may have several, or none. */
export const findWithheld = async (
  db: Db,
  asked: readonly WithheldAsked[],
  [group, field]: readonly [group: string, field: string],
): Promise<readonly { readonly index: number; readonly value: string }[]> => {
  if (asked.length === 0) return []
  const columns = { index: 'integer', lane: 'smallint', orderNo: 'text', offer: 'text' }
  const found = await sql<{ index: number; value: string }>`
    select r.index, d.payload -> ${group}::text ->> ${field}::text as value
    from ${rowsOf('r', columns, asked)}
    join consignment_part p on p.lane = r.lane and p.order_no = r."orderNo" and p.offer = r.offer
    join document_state s on s.lane = (get_byte(uuid_send(p.document_id), 8) & 63)
      and s.id = p.document_id
    join document d on d.lane = s.lane and d.id = s.id and d.version = s.version
    where d.payload -> ${group}::text ->> ${field}::text is not null`.execute(db)
  return found.rows
}
