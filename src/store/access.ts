/**
 * In whose name an enterprise may act: its own, and that of every enterprise whose mandate it holds
 * today. One query a request.
 */
import { sql } from 'kysely'
import type { Db } from './tables.ts'

export interface Principal {
  readonly id: string
  /** Codes customs knows it by: customs code and 统一社会信用代码, as far as it has them. */
  readonly codes: readonly string[]
  readonly roles: readonly string[]
  /** Kinds the mandate covers; null when it is the caller itself. */
  readonly kinds: readonly string[] | null
  readonly waitsForCompanions: boolean
  /** Has a DXP account and a signing key in force: without both nothing could be sent. */
  readonly hasAccount: boolean
  readonly hasKey: boolean
}

/** The caller first, then its principals. `today` is a China date, yyyy-MM-dd. */
export const findPrincipals = async (
  db: Db,
  callerId: string,
  today: string,
  now: Date,
): Promise<readonly Principal[]> => {
  const found = await sql<Principal>`
    select e.id, array_remove(array[e.customs_code, e.credit_code], null) as codes, e.roles,
      p.kinds, e.waits_for_companions as "waitsForCompanions", e.dxp_id is not null as "hasAccount",
      exists (
        select 1 from signing_key k where k.enterprise_id = e.id
          and k.not_before <= ${now} and k.not_after > ${now} and k.retired_at is null
      ) as "hasKey"
    from (
      select ${callerId}::text as id, null::text[] as kinds, 0 as place
      union all
      select principal_id, kinds, 1 from mandate
      where agent_id = ${callerId} and valid_from <= ${today}::date
        and (valid_to is null or valid_to >= ${today}::date)
    ) p join enterprise e on e.id = p.id
    order by p.place, e.id`.execute(db)
  return found.rows
}

/** Roles by code, customs code or credit code, of the enterprises that are registered here. */
export const findRegistered = async (
  db: Db,
  codes: readonly string[],
): Promise<ReadonlyMap<string, ReadonlySet<string>>> => {
  if (codes.length === 0) return new Map()
  const found = await sql<{ code: string; roles: string[] }>`
    select customs_code as code, roles from enterprise
    where customs_code = any(${codes}::text[])
    union all
    select credit_code, roles from enterprise
    where credit_code = any(${codes}::text[])`.execute(db)
  return new Map(found.rows.map(({ code, roles }) => [code, new Set(roles)]))
}
