/** Names of enterprises and zones as they were known at a moment; triggers keep every state of them. */
import { sql } from 'kysely'
import type { Text } from '../kernel/fault.ts'
import type { Db } from './tables.ts'

/** By code; without those that had no name then. Stands for good once the ledger is sealed up to the moment. */
export const findNamesAsOf = async (
  db: Db,
  what: 'enterprise' | 'zone',
  codes: readonly string[],
  asOf: Date,
): Promise<ReadonlyMap<string, Text>> => {
  const found = await sql<Text & { code: string }>`
    select distinct on (code) code, zh, en from name_edition
    where what = ${what} and code = any(${[...codes]}::text[]) and recorded_at <= ${asOf}
    order by code, recorded_at desc`.execute(db)
  return new Map(found.rows.map(({ code, zh, en }) => [code, { zh, en }]))
}

/** Zones under the names that they had at a moment; as they are given where none is asked for. */
export const namedAsOf = async <Z extends Text & { readonly code: string }>(
  db: Db,
  zones: readonly Z[],
  asOf: Date | undefined,
): Promise<readonly Z[]> => {
  if (asOf === undefined) return zones
  const codes = zones.map(({ code }) => code)
  const names = await findNamesAsOf(db, 'zone', codes, asOf)
  return zones.map((zone) => ({ ...zone, ...names.get(zone.code) }))
}
