/**
 * Indicators of the policy and the enterprises they count. An indicator is a dated row that names a
 * tag; whoever bears the tag on a day counts on that day.
 */
import { sql } from 'kysely'
import { type IndicatorCounts, indicators } from '../catalogue/scoreboard.ts'
import { isInForce } from './in-force.ts'
import { rowsOf } from './rows.ts'
import type { Db } from './tables.ts'

export interface IndicatorRow {
  readonly indicator: string
  readonly zh: string
  readonly en: string
  readonly tag: string
  readonly counts: IndicatorCounts
  /** Whole numbers as text; null where none is known. */
  readonly lowest: string | null
  readonly highest: string | null
  /** `yyyy-MM-dd` */
  readonly due: string | null
  readonly validFrom: string
  readonly validTo: string | null
  readonly confidence: string
  readonly source: string
  readonly note: string
  readonly count: number
}

/** Those that hold on a day, with how many they count on it. */
export const findIndicators = async (
  db: Db,
  {
    on,
    limit,
    indicator,
  }: {
    readonly on: string
    readonly limit: number
    readonly indicator?: string | undefined
  },
): Promise<readonly IndicatorRow[]> => {
  const found = await sql<IndicatorRow>`
    with held as (
      select distinct on (indicator) * from scoreboard_indicator
      where ${isInForce(on)}
        and (${indicator ?? null}::text is null or indicator = ${indicator ?? null})
      order by indicator, valid_from desc
    )
    select h.indicator, h.zh, h.en, h.tag, h.counts, h.lowest::text as lowest,
      h.highest::text as highest, h.due::text as due, h.valid_from::text as "validFrom",
      h.valid_to::text as "validTo", h.confidence, h.source, h.note, (
        select count(distinct case when h.counts = 'subject'
          then jsonb_build_array(t.enterprise, t.subject) else to_jsonb(t.enterprise) end)
        from enterprise_tag t where t.tag = h.tag and ${holds(on)}
      )::integer as count
    from held h order by h.indicator limit ${limit}`.execute(db)
  return found.rows
}

/** A day within the days of a tag `t`. */
const holds = (on: string) =>
  sql`t.valid_from <= ${on}::date and (t.valid_to is null or t.valid_to >= ${on}::date)`

export interface TagRow {
  readonly tag: string
  readonly subject: string
  readonly validFrom: string
  readonly validTo: string | null
  readonly confidence: string
  readonly source: string
  readonly note: string
}

export interface TaggedRow extends TagRow {
  readonly enterprise: string
  readonly name: string
  readonly customsCode: string | null
  readonly creditCode: string | null
}

/** Key of the last row of a page. */
export type TaggedKey = readonly [enterprise: string, subject: string]

/** Whoever bears a tag on a day, as often as an indicator counts him, in the order of their ids. */
export const findTagged = async (
  db: Db,
  {
    tag,
    counts,
    on,
    after,
    limit,
  }: {
    readonly tag: string
    readonly counts: IndicatorCounts
    readonly on: string
    readonly after?: TaggedKey | undefined
    readonly limit: number
  },
): Promise<readonly TaggedRow[]> => {
  const [enterprise = '', subject = ''] = after ?? []
  // An enterprise that names several things is one enterprise all the same.
  const what = counts === 'subject' ? sql`t.subject` : sql`''::text`
  const found = await sql<TaggedRow>`
    select distinct on (t.enterprise, ${what}) t.enterprise, e.name,
      e.customs_code as "customsCode", e.credit_code as "creditCode", ${tagColumns}
    from enterprise_tag t join enterprise e on e.id = t.enterprise
    where t.tag = ${tag} and ${holds(on)}
      and (${after === undefined} or (t.enterprise, ${what}) > (${enterprise}, ${subject}))
    order by t.enterprise, ${what}, t.valid_from desc limit ${limit}`.execute(db)
  return found.rows
}

/** All of an enterprise, whatever their days. */
export const findTags = async (
  db: Db,
  enterprise: string,
  limit: number,
): Promise<readonly TagRow[]> => {
  const found = await sql<TagRow>`
    select ${tagColumns} from enterprise_tag t where t.enterprise = ${enterprise}
    order by t.tag, t.subject, t.valid_from limit ${limit}`.execute(db)
  return found.rows
}

const tagColumns = sql`t.tag, t.subject, t.valid_from::text as "validFrom",
  t.valid_to::text as "validTo", t.confidence, t.source, t.note`

const COLUMNS = {
  ...{ indicator: 'text', zh: 'text', en: 'text', tag: 'text', counts: 'text', lowest: 'numeric' },
  ...{ highest: 'numeric', due: 'date', validFrom: 'date', validTo: 'date', confidence: 'text' },
  ...{ source: 'text', note: 'text' },
}

/** Adds indicators that have no row at all: one that somebody ended must not come back. */
export const seedIndicators = async (db: Db): Promise<void> => {
  await sql`
    insert into scoreboard_indicator (indicator, zh, en, tag, counts, lowest, highest, due,
      valid_from, valid_to, confidence, source, note)
    select r.indicator, r.zh, r.en, r.tag, r.counts, r.lowest, r.highest, r.due, r."validFrom",
      r."validTo", r.confidence, r.source, r.note
    from ${rowsOf('r', COLUMNS, indicators)}
    where not exists (select from scoreboard_indicator k where k.indicator = r.indicator)
    on conflict do nothing`.execute(db)
}
