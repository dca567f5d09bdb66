/**
 * What the loaded tables about goods say of the tariff codes of a batch: one statement for all of
 * them, and none while nothing is loaded.
 */
import { sql } from 'kysely'
import { SALE_BANS_MAX } from '../kernel/reference-limits.ts'
import { isInForce } from './in-force.ts'
import type { Db } from './tables.ts'

/** Whether any of the tables has a row, of whatever day. */
export const hasGoodsReference = async (db: Db): Promise<boolean> => {
  const found = await sql<{ loaded: boolean }>`
    select exists (select from positive_list) or exists (select from sale_ban)
      or exists (select from hs_unit) as loaded`.execute(db)
  return found.rows[0]?.loaded === true
}

export interface GoodsReference {
  readonly edition: string | null
  readonly listed: readonly string[] | null
  readonly bans:
    | readonly {
        readonly hs: string
        readonly name: string
        readonly country: string
        readonly reason: string
        readonly source: string
      }[]
    | null
  readonly units:
    | readonly { readonly code: string; readonly unit1: string; readonly unit2: string }[]
    | null
}

/** `on` is a China day, yyyy-MM-dd; `lines` are the first 8 digits of the codes, each once. */
export const findGoodsReference = async (
  db: Db,
  on: string,
  codes: readonly string[],
  lines: readonly string[],
): Promise<GoodsReference> => {
  const found = await sql<GoodsReference>`
    with edition as (
      select max(valid_from) as valid_from from positive_list where valid_from <= ${on}::date
    ), ban as (
      select hs, name, country, reason, source from sale_ban
      where ${isInForce(on)}
      order by hs, name, country, valid_from limit ${SALE_BANS_MAX}
    ), unit as (
      select distinct on (c.code) c.code, u.unit1, u.unit2
      from unnest(${codes}::text[]) as c(code)
        join hs_unit u on u.hs = c.code or u.hs = left(c.code, 8)
      where u.valid_from <= ${on}::date and (u.valid_to is null or u.valid_to >= ${on}::date)
      order by c.code, length(u.hs) desc, u.valid_from desc
    )
    select (select valid_from::text from edition) as edition,
      (select json_agg(p.hs) from positive_list p, edition e
       where p.valid_from = e.valid_from and p.hs = any(${lines}::text[])) as listed,
      (select json_agg(b) from ban b) as bans,
      (select json_agg(u) from unit u) as units`.execute(db)
  const [answer] = found.rows
  return answer ?? { edition: null, listed: null, bans: null, units: null }
}
