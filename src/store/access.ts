/**
 * In whose name an enterprise may act: its own, and that of every enterprise whose mandate it holds
 * today. One query a request.
 */
import { sql } from 'kysely'
import { placedKinds } from '../catalogue/index.ts'
import { inForce, lastDay } from './mandates.ts'
import type { Db } from './tables.ts'

/** What of a principal's documents a mandate covers; all of them when it is the caller himself. */
export interface Coverage {
  /** Kinds; null for all. */
  readonly kinds: readonly string[] | null
  /** Zones of the kinds that lie in one; null for all. */
  readonly zones: readonly string[] | null
}

export interface Principal extends Coverage {
  readonly id: string
  /** Codes customs knows it by: customs code and 统一社会信用代码, as far as it has them. */
  readonly codes: readonly string[]
  readonly roles: readonly string[]
  /** Null when it is the caller itself. */
  readonly mandateId: string | null
  /** Last day of the mandate, yyyy-MM-dd; null for no end. */
  readonly lastDay: string | null
  readonly waitsForCompanions: boolean
  /** Has a DXP account and a signing key in force: without both nothing could be sent. */
  readonly hasAccount: boolean
  readonly hasKey: boolean
}

/** A document as far as it decides who may see it; kinds that lie in no zone have null for one. */
export interface Placed {
  readonly kind: string
  readonly zone: string | null
}

export const coversKind = ({ kinds }: Pick<Coverage, 'kinds'>, kind: string): boolean =>
  kinds === null || kinds.includes(kind)

/** A list whose zone is not decided is none of a mandate for some zones. */
export const covers = (coverage: Coverage, { kind, zone }: Placed): boolean =>
  coversKind(coverage, kind) &&
  (coverage.zones === null ||
    !placedKinds.has(kind) ||
    (zone !== null && coverage.zones.includes(zone)))

/**
 * The caller first, then its principals; of several mandates of one the longest first. `today` is a
 * China date, yyyy-MM-dd.
 */
export const findPrincipals = async (
  db: Db,
  callerId: string,
  today: string,
  now: Date,
): Promise<readonly Principal[]> => {
  const found = await sql<Principal>`
    select e.id, array_remove(array[e.customs_code, e.credit_code], null) as codes, e.roles,
      p.kinds, p.zones, p.mandate_id as "mandateId", p.last_day as "lastDay",
      e.waits_for_companions as "waitsForCompanions", e.dxp_id is not null as "hasAccount",
      exists (
        select 1 from signing_key k where k.enterprise_id = e.id
          and k.not_before <= ${now} and k.not_after > ${now} and k.retired_at is null
      ) as "hasKey"
    from (
      select ${callerId}::text as id, null::text[] as kinds, null::text[] as zones,
        null::uuid as mandate_id, null::text as last_day, 0 as place
      union all
      select m.principal_id, m.kinds, nullif(m.zones, '{}'), m.id, ${lastDay}, 1 from mandate m
      where m.agent_id = ${callerId} and ${inForce({ day: today, now })}
    ) p join enterprise e on e.id = p.id
    order by p.place, e.id, p.last_day desc nulls first, p.mandate_id`.execute(db)
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
