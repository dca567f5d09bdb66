/**
 * Looking from a number back to the documents that ask customs to do something with it, and for
 * numbers that nobody bears yet.
 */
import { sql } from 'kysely'
import { laneOf } from '../kernel/lane.ts'
import { rowsOf } from './rows.ts'
import type { Db } from './tables.ts'

/** Documents of a kind and sender whose current version names this number, oldest first. */
export const findTargeting = async (
  db: Db,
  wanted: {
    readonly number: string
    readonly kind: string
    readonly senderId: string
    readonly limit: number
  },
): Promise<readonly string[]> => {
  const found = await sql<{ id: string }>`
    select t.document_id as id from act_target t
    join document_state s on s.lane = (get_byte(uuid_send(t.document_id), 8) & 63)
      and s.id = t.document_id and s.version = t.version
    where t.lane = ${laneOf(wanted.number)} and t.number = ${wanted.number}
      and t.kind = ${wanted.kind} and s.sender_id = ${wanted.senderId}
    order by t.document_id limit ${wanted.limit}`.execute(db)
  return found.rows.map(({ id }) => id)
}

/** Which of these numbers documents of the kind bear, whoever handed them in. */
export const findNumbersTaken = async (
  db: Db,
  kind: string,
  numbers: readonly string[],
): Promise<ReadonlySet<string>> => {
  const rows = numbers.map((number) => ({ lane: laneOf(number), number }))
  const found = await sql<{ number: string }>`
    select s.number from ${rowsOf('r', { lane: 'smallint', number: 'text' }, rows)}
    join document_state s on s.lane = r.lane and s.kind = ${kind} and s.number = r.number
  `.execute(db)
  return new Set(found.rows.map(({ number }) => number))
}
