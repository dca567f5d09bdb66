/** Lists that count, for what granted returns take off them. Asked only where a return is spoken of. */
import { sql } from 'kysely'
import type { AnyDocument } from '../catalogue/message.ts'
import type { ActFacts } from './acts.ts'
import type { LedgerEntry } from './ledger.ts'
import type { SubjectKey } from './ledger-corrections.ts'
import { rowsOf } from './rows.ts'
import type { Trx } from './transaction.ts'

const KEY = { lane: 'smallint', id: 'uuid' }

export interface CountedList extends SubjectKey {
  /** Null while it does not count as released. */
  readonly counted:
    | (Pick<LedgerEntry, 'zone' | 'tradeMode' | 'dims'> & { readonly payload: AnyDocument })
    | null
}

/** Those of the documents that are of this kind, with what they count by as released. */
export const findCountedLists = async (
  trx: Trx,
  kind: string,
  keys: readonly SubjectKey[],
): Promise<readonly CountedList[]> => {
  const found = await sql<CountedList>`
    select s.lane, s.id, case when d.id is not null then json_build_object(
      'zone', coalesce(d.zone, ''), 'tradeMode', coalesce(d.trade_mode, ''),
      'dims', d.counts -> 'dims', 'payload', d.payload) end as counted
    from ${rowsOf('r', KEY, keys)}
    join document_state s on s.lane = r.lane and s.id = r.id and s.kind = ${kind}
    left join document d on d.lane = s.lane and d.id = s.id and d.version = s.counted_version
      and d.counts is not null`.execute(trx)
  return found.rows
}

/** Those of the documents that are lists which a return names, or of which one is counted. */
export const findNamedByReturn = async (
  trx: Trx,
  { kind, on, by }: Pick<ActFacts, 'kind' | 'on' | 'by'>,
  keys: readonly SubjectKey[],
): Promise<readonly SubjectKey[]> => {
  const found = await sql<SubjectKey>`
    select s.lane, s.id from ${rowsOf('r', KEY, keys)}
    join document_state s on s.lane = r.lane and s.id = r.id and s.kind = ${on}
    where exists (
      select from customs_number c
      join act_target t on t.lane = c.lane and t.number = c.number and t.kind = ${kind}
      where c.document_id = s.id and c.name = ${by}
    ) or exists (
      select from ledger_entry e
      where e.lane = s.lane and e.subject_id = s.id and e.scope = 'released' and e.cause = 'return'
    )`.execute(trx)
  return found.rows
}
