/** The codes that institutions and sellers of settlement records go by. */
import { sql } from 'kysely'
import type { Db } from './tables.ts'

export interface Party {
  readonly id: string
  readonly name: string
  readonly customsCode: string | null
  readonly creditCode: string | null
}

/** Registered enterprises that have one of the ids or codes. */
export const findParties = async (
  db: Db,
  ids: readonly string[],
  codes: readonly string[],
): Promise<readonly Party[]> => {
  const found = await sql<Party>`
    select id, name, customs_code as "customsCode", credit_code as "creditCode" from enterprise
    where id = any(${[...ids]}::text[]) or customs_code = any(${[...codes]}::text[])
      or credit_code = any(${[...codes]}::text[])`.execute(db)
  return found.rows
}
