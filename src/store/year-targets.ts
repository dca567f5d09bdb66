/**
 * The year's targets, of the city and of its zones: seeded once, then edited by whoever loads the
 * reference table. Every state of a row is kept, so that a figure of the past is shown beside the
 * target that was known then.
 */
import { type RawBuilder, sql } from 'kysely'
import { seededTarget } from '../catalogue/scoreboard.ts'
import { isInForce } from './in-force.ts'
import { rowsOf } from './rows.ts'
import type { Db } from './tables.ts'

export interface YearTarget {
  /** Four digits. */
  readonly year: string
  /** `''` is the whole city. */
  readonly zone: string
  /** CNY, decimal text without trailing zeros. */
  readonly amount: string
  /** `yyyy-MM-dd`, both days included; null: until further notice. */
  readonly validFrom: string
  readonly validTo: string | null
  readonly confidence: string
  readonly source: string
  readonly note: string
}

export interface TargetAsked {
  readonly year: number
  /** The day whose edition is wanted, `yyyy-MM-dd`. */
  readonly on: string
  /** What was recorded by then; everything when undefined. */
  readonly knownAt?: Date | undefined
}

/** Of the city unless a zone is told; undefined for a year without a target on that day. */
export const findTarget = async (
  db: Db,
  asked: TargetAsked & { readonly zone?: string },
): Promise<YearTarget | undefined> => {
  const found = await sql<YearTarget>`
    ${inForce(asked, sql`zone = ${asked.zone ?? ''}`)} limit 1`.execute(db)
  return found.rows[0]
}

/** Of each zone that has one, in the order of zones. */
export const findZoneTargets = async (
  db: Db,
  asked: TargetAsked & { readonly limit: number },
): Promise<readonly YearTarget[]> => {
  const found = await sql<YearTarget>`
    ${inForce(asked, sql`zone <> ''`)} limit ${asked.limit}`.execute(db)
  return found.rows
}

/** Of each zone the newest edition that holds on the day, in the state last known by then. */
const inForce = (
  { year, on, knownAt }: TargetAsked,
  where: RawBuilder<unknown>,
): RawBuilder<YearTarget> => sql`
  select distinct on (zone) year, zone, trim_scale(amount)::text as amount,
    valid_from::text as "validFrom", valid_to::text as "validTo", confidence, source, note
  from (
    select distinct on (zone, valid_from) * from target_edition
    where year = ${String(year)} and ${where}
      and recorded_at <= coalesce(${knownAt ?? null}::timestamptz, 'infinity')
    order by zone, valid_from, recorded_at desc
  ) state
  where amount is not null and ${isInForce(on)}
  order by zone, valid_from desc`

const COLUMNS = {
  ...{ year: 'text', zone: 'text', amount: 'numeric', validFrom: 'date', validTo: 'date' },
  ...{ confidence: 'text', source: 'text', note: 'text' },
}

/** Adds a target of a year and zone that has none at all; known from the beginning of time. */
export const addTarget = async (db: Db, target: YearTarget): Promise<void> => {
  await sql`
    with added as (
      insert into target (year, zone, amount, valid_from, valid_to, confidence, source, note)
      select r.year, r.zone, r.amount, r."validFrom", r."validTo", r.confidence, r.source, r.note
      from ${rowsOf('r', COLUMNS, [target])}
      where not exists (
        select from target_edition k where k.year = r.year and k.zone = r.zone
      )
      on conflict do nothing returning *
    )
    insert into target_edition (year, zone, amount, valid_from, valid_to, confidence, source, note,
      recorded_at)
    select year, zone, amount, valid_from, valid_to, confidence, source, note, 'epoch'
    from added on conflict do nothing`.execute(db)
}

/** A published target that somebody ended or took away does not come back. */
export const seedTargets = (db: Db): Promise<void> => addTarget(db, seededTarget)
