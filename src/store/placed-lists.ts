/**
 * Stored lists placed in a zone anew. A version keeps what it says for ever; where it lies is our own
 * decision, and with it goes why it lies nowhere. What is kept beside a list by its zone goes with it.
 */
import { sql } from 'kysely'
import type { Undecided } from '../catalogue/counted-sets.ts'
import type { FieldRecord } from '../catalogue/message.ts'
import type { SubjectKey } from './ledger-corrections.ts'
import { rowsOf } from './rows.ts'
import type { Db } from './tables.ts'
import type { Trx } from './transaction.ts'

/** Where a version of a list lies. */
export interface ListPlace {
  readonly zone: string | null
  /** Why in no zone; null also where nothing is kept of that. */
  readonly because: Undecided | null
}

export interface PlacedVersion extends SubjectKey {
  readonly version: number
  readonly kind: string
  readonly head: FieldRecord
  readonly place: ListPlace
  /** Whether it is kept what it counts by, and so why it lies nowhere. */
  readonly hasCounts: boolean
}

/** Own days of versions, as the digits their stamps begin with. */
export interface OwnDays {
  readonly from: string
  /** Not included. */
  readonly until: string
}

/** Versions of these lists whose own day is among those asked for, with their heads alone. */
export const findPlacedVersions = async (
  db: Db,
  keys: readonly SubjectKey[],
  /** Kinds with the group in which their head stands. */
  heads: readonly { readonly kind: string; readonly group: string }[],
  { from, until }: OwnDays,
): Promise<readonly PlacedVersion[]> => {
  if (keys.length === 0) return []
  const isThen = (time: string) =>
    sql`${sql.ref(time)} collate "C" >= ${from} and ${sql.ref(time)} collate "C" < ${until}`
  // Contents are wide: those of lists of one version are read only where the narrow row says so.
  const found = await sql<PlacedVersion>`
    select d.lane, d.id, d.version, d.kind, d.payload -> k."group" as head,
      json_build_object('zone', d.zone, 'because', d.counts -> 'dims' ->> 'undecided') as place,
      d.counts is not null as "hasCounts"
    from ${rowsOf('r', { lane: 'smallint', id: 'uuid' }, keys)}
    join document_state s on s.lane = r.lane and s.id = r.id
      and (s.version > 1 or (${isThen('s.app_time')}))
    join document d on d.lane = s.lane and d.id = s.id and ${isThen('d.app_time')}
    join ${rowsOf('k', { kind: 'text', group: 'text' }, heads)} on k.kind = d.kind
    order by d.lane, d.id, d.version`.execute(db)
  return found.rows
}

/** Puts versions of lists where they lie now; the lists are locked. */
export const writePlaces = async (
  trx: Trx,
  versions: readonly (SubjectKey & ListPlace & { readonly version: number })[],
): Promise<void> => {
  const columns = {
    ...{ lane: 'smallint', id: 'uuid', version: 'integer', zone: 'text', because: 'text' },
  }
  await sql`
    with r as materialized (select * from ${rowsOf('r', columns, versions)}),
    placed as (
      update document d set zone = r.zone, counts = case
          when r.because is null then d.counts #- '{dims,undecided}'
          else jsonb_set(d.counts, '{dims,undecided}', to_jsonb(r.because)) end
      from r where d.lane = r.lane and d.id = r.id and d.version = r.version
    ),
    refused as (
      update rejection j set zone = r.zone
      from r where j.lane = r.lane and j.document_id = r.id and j.version = r.version
    )
    update document_state s set zone = r.zone
    from r where s.lane = r.lane and s.id = r.id and s.version = r.version`.execute(trx)
}
