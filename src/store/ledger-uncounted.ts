/** Lists stored before it was kept what they count by. */
import { sql } from 'kysely'
import type { AnyDocument } from '../catalogue/message.ts'
import { APP_TYPE } from '../catalogue/message.ts'
import type { SubjectKey } from './ledger-corrections.ts'
import { rowsOf } from './rows.ts'
import type { Db } from './tables.ts'
import type { Trx } from './transaction.ts'

export interface UncountedVersion extends SubjectKey {
  readonly version: number
  readonly kind: string
  readonly payload: AnyDocument
}

/** Their versions that should count and do not say by what. */
export const findUncounted = async (
  db: Db,
  keys: readonly SubjectKey[],
): Promise<readonly UncountedVersion[]> => {
  const found = await sql<UncountedVersion>`
    select d.lane, d.id, d.version, d.kind, d.payload
    from ${rowsOf('r', { lane: 'smallint', id: 'uuid' }, keys)}
    join document d on d.lane = r.lane and d.id = r.id
    where d.counts is null and d.app_type <> ${APP_TYPE.delete}`.execute(db)
  return found.rows
}

/** A zone that was never decided is not decided afterwards: the rules of that day are not known. */
export const writeCounts = async (
  trx: Trx,
  rows: readonly (SubjectKey & {
    readonly version: number
    readonly tradeMode: string | null
    /** JSON. */
    readonly counts: string
  })[],
): Promise<void> => {
  if (rows.length === 0) return
  const columns = {
    ...{ lane: 'smallint', id: 'uuid', version: 'integer', tradeMode: 'text', counts: 'json' },
  }
  await sql`
    update document d set counts = r.counts::jsonb,
      trade_mode = coalesce(d.trade_mode, r."tradeMode")
    from ${rowsOf('r', columns, rows)}
    where d.lane = r.lane and d.id = r.id and d.version = r.version and d.counts is null`.execute(
    trx,
  )
}
