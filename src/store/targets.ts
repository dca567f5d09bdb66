/**
 * Looking from a number back to the documents that ask customs to do something with it, and for
 * numbers that nobody bears yet.
 */
import { sql } from 'kysely'
import { laneOf } from '../kernel/lane.ts'
import { type ActFacts, reaches } from './acts.ts'
import { rowsOf } from './rows.ts'
import type { Db } from './tables.ts'

/**
 * Documents of a kind whose current version names a list by this number and reaches it once granted
 * (`acts.ts`), whoever filed them; oldest first.
 */
export const findTargeting = async (
  db: Db,
  facts: ActFacts,
  list: { readonly lane: number; readonly id: string; readonly number: string },
  limit: number,
): Promise<readonly string[]> => {
  const found = await sql<{ id: string }>`
    select n.id from act_target t
    join document_state n on n.lane = (get_byte(uuid_send(t.document_id), 8) & 63)
      and n.id = t.document_id and n.version = t.version
    join document d on d.lane = n.lane and d.id = n.id and d.version = n.version
    join document_state s on s.lane = ${list.lane} and s.id = ${list.id}
    where t.lane = ${laneOf(list.number)} and t.number = ${list.number}
      and t.kind = ${facts.kind} and ${reaches(facts)}
    order by n.id limit ${limit}`.execute(db)
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
