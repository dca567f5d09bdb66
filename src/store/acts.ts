/**
 * What a granted document acts on. It names lists by a number that customs gave them, and reaches those
 * of its own sender and those of the merchant in whose name it asks, whichever agent filed them: customs
 * granted it, so it came to pass. A stranger's list is named in vain. What is asked for goes by the same rule.
 */
import { type RawBuilder, sql } from 'kysely'
import type { State } from '../catalogue/message.ts'
import { laneOf } from '../kernel/lane.ts'
import { type MeantDocument, SINCE } from './replies.ts'
import { rowsOf } from './rows.ts'
import type { Db } from './tables.ts'
import type { Trx } from './transaction.ts'

/** What the catalogue says of a kind of document that acts on lists once it is granted. */
export interface ActFacts {
  readonly kind: string
  /** Kind of the lists, and name of the number it names them by. */
  readonly on: string
  readonly by: string
  /** States in which it is granted. */
  readonly done: readonly string[]
  /** Path to the merchant in its own payload, and in that of a list. */
  readonly merchant: { readonly own: readonly string[]; readonly listed: readonly string[] }
}

/**
 * Whether a version `d` of an acting document reaches a list that stands as `s`. An enterprise is named
 * by its code of 10 or of 18 characters, and has both; any other text, such as 无, names nobody.
 */
export const reaches = ({ merchant }: ActFacts): RawBuilder<boolean> => sql<boolean>`
  (d.sender_id = s.sender_id or exists (
    select from document l
    cross join lateral (values (d.payload #>> ${[...merchant.own]}::text[],
      l.payload #>> ${[...merchant.listed]}::text[])) m (own, listed)
    where l.lane = s.lane and l.id = s.id and l.version = coalesce(s.counted_version, s.version)
      and length(m.own) in (10, 18) and (m.own = m.listed or exists (
        select from enterprise e where (m.own, m.listed)
          in ((e.customs_code, e.credit_code), (e.credit_code, e.customs_code))
      ))
  ))`

export interface ActingVersion {
  readonly index: number
  readonly lane: number
  readonly id: string
  readonly version: number
}

/** A number that an acting document names, with the list that bears it, if any does by now. */
export type NamedList = {
  /** Of the acting document. */
  readonly index: number
  readonly number: string
} & ((MeantDocument & { readonly isReached: boolean }) | { readonly isReached: null })

export const findNamedLists = async (
  trx: Trx,
  facts: ActFacts,
  acting: readonly ActingVersion[],
): Promise<readonly NamedList[]> => {
  const columns = { index: 'integer', lane: 'smallint', id: 'uuid', version: 'integer' }
  const found = await sql<NamedList>`
    select r.index, t.number, f.lane, f.id, f.version, f.guid, f.since, f."isReached"
    from ${rowsOf('r', columns, acting)}
    join document d on d.lane = r.lane and d.id = r.id and d.version = r.version
    join act_target t on t.kind = ${facts.kind} and t.document_id = d.id and t.version = d.version
    left join lateral (
      select s.lane, s.id, s.version, s.guid, ${SINCE} as since, ${reaches(facts)} as "isReached"
      from customs_number c
      join document_state s on s.lane = (get_byte(uuid_send(c.document_id), 8) & 63)
        and s.id = c.document_id and s.kind = ${facts.on}
      where c.lane = t.lane and c.number = t.number and c.name = ${facts.by}
    ) f on true`.execute(trx)
  return found.rows
}

/** A document that is not stored yet, and a number by which it names a list. */
export interface AskingDocument {
  readonly index: number
  readonly senderId: string
  /** JSON text. */
  readonly payload: string
  readonly number: string
}

/** Those whose list stands in one of these states and would be reached by them; each index once. */
export const findReaching = async (
  db: Db,
  facts: ActFacts,
  states: readonly State[],
  asking: readonly AskingDocument[],
): Promise<readonly number[]> => {
  const columns = {
    ...{ index: 'integer', lane: 'smallint', number: 'text', senderId: 'text' },
    payload: 'json',
  }
  const rows = asking.map((row) => ({ ...row, lane: laneOf(row.number) }))
  const found = await sql<{ index: number }>`
    select distinct r.index from ${rowsOf('r', columns, rows)}
    join customs_number c on c.lane = r.lane and c.number = r.number and c.name = ${facts.by}
    join document_state s on s.lane = (get_byte(uuid_send(c.document_id), 8) & 63)
      and s.id = c.document_id and s.kind = ${facts.on} and s.state = any(${[...states]}::text[])
    cross join lateral (select r."senderId" as sender_id, r.payload) d
    where ${reaches(facts)}`.execute(db)
  return found.rows.map(({ index }) => index)
}
