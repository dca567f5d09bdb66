/**
 * Lists that hold something, with the returns of them that customs granted, for what those give back.
 * Asked only when a return is spoken of, or a list that one names: rarely.
 */
import { sql } from 'kysely'
import type { AnyDocument } from '../catalogue/message.ts'
import { type ActFacts, reaches } from './acts.ts'
import type { HoldSort } from './hold-accounts.ts'
import type { HoldFacts } from './holds.ts'
import { rowsOf } from './rows.ts'
import type { Trx } from './transaction.ts'

interface DocumentKey {
  readonly lane: number
  readonly id: string
}

const KEY = { lane: 'smallint', id: 'uuid' }

/** Locks documents as evidence about them would; by an update, which may go over several lanes. */
export const lockStates = async (trx: Trx, keys: readonly DocumentKey[]): Promise<void> => {
  await sql`
    update document_state s set version = s.version
    from ${rowsOf('r', KEY, keys)} where s.lane = r.lane and s.id = r.id`.execute(trx)
}

export interface HoldingList extends DocumentKey {
  readonly kind: string
  readonly accountId: string
  readonly payload: AnyDocument
  /** 17 digits of customs' time; null while it is not released. */
  readonly releasedAt: string | null
}

/** Those of the documents that hold something of this sort; one row for each account. */
export const findHolding = async (
  trx: Trx,
  { done }: HoldFacts,
  sort: HoldSort,
  keys: readonly DocumentKey[],
): Promise<readonly HoldingList[]> => {
  const found = await sql<HoldingList>`
    select h.lane, h.document_id as id, h.account_id as "accountId", s.kind, d.payload, (
        select min(e.return_time) from event e
        where e.lane = s.lane and e.document_id = s.id and e.version = s.version
          and e.state = any(${done}::text[]) and e.return_time <> ''
      ) as "releasedAt"
    from ${rowsOf('r', KEY, keys)}
    join document_state s on s.lane = r.lane and s.id = r.id
    join hold h on h.lane = s.lane and h.document_id = s.id and h.sort = ${sort}
    join document d on d.lane = s.lane and d.id = s.id and d.version = s.version`.execute(trx)
  return found.rows
}

export interface GrantedDocument {
  readonly listId: string
  readonly takenAt: Date
  /** 17 digits of customs' time. */
  readonly grantedAt: string
  readonly payload: AnyDocument
}

/** Documents that name these lists by a number customs gave them and reach them, where granted. */
export const findGranted = async (
  trx: Trx,
  facts: ActFacts,
  keys: readonly DocumentKey[],
): Promise<readonly GrantedDocument[]> => {
  const { kind, by, done } = facts
  const found = await sql<GrantedDocument>`
    select distinct on (r.id, n.id) r.id as "listId", d.created_at as "takenAt", (
        select min(e.return_time) from event e
        where e.lane = n.lane and e.document_id = n.id and e.version = n.version
          and e.state = any(${done}::text[]) and e.return_time <> ''
      ) as "grantedAt", d.payload
    from ${rowsOf('r', KEY, keys)}
    join document_state s on s.lane = r.lane and s.id = r.id
    join customs_number c on c.document_id = r.id and c.name = ${by}
    join act_target t on t.lane = c.lane and t.number = c.number and t.kind = ${kind}
    join document_state n on n.lane = (get_byte(uuid_send(t.document_id), 8) & 63)
      and n.id = t.document_id and n.version = t.version and n.state = any(${done}::text[])
    join document d on d.lane = n.lane and d.id = n.id and d.version = n.version
    where ${reaches(facts)}
    order by r.id, n.id`.execute(trx)
  return found.rows.filter(({ grantedAt }) => grantedAt !== null)
}

/** Lists named by these documents, which act on them. */
export const findNamed = async (
  trx: Trx,
  { by, on }: Pick<ActFacts, 'by' | 'on'>,
  numbers: readonly { readonly lane: number; readonly number: string }[],
): Promise<readonly DocumentKey[]> => {
  if (numbers.length === 0) return []
  const found = await sql<DocumentKey>`
    select distinct s.lane, s.id
    from ${rowsOf('r', { lane: 'smallint', number: 'text' }, numbers)}
    join customs_number c on c.lane = r.lane and c.number = r.number and c.name = ${by}
    join document_state s on s.lane = (get_byte(uuid_send(c.document_id), 8) & 63)
      and s.id = c.document_id and s.kind = ${on}`.execute(trx)
  return found.rows
}
