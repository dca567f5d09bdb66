/**
 * Stage clocks: the stages of a document, what is usual for them, and the documents that are open.
 * Nothing here is on the way of a document. Documents are found by their birth, which their ids are
 * sorted by, so that finished ones cost one look each and no index of the hot table changes.
 */
import { type RawBuilder, sql } from 'kysely'
import { APP_TYPE, type State } from '../catalogue/message.ts'
import { MADE_RANK } from '../catalogue/statuses.ts'
import { PACE_STAGES_MIN, SAMPLE_MAX, SAMPLE_STEP_MAX } from '../kernel/clock-limits.ts'
import { firstIdAt, laneOfId } from '../kernel/ids.ts'
import { everyLane } from '../kernel/lane.ts'
import { CLIENT, type Sender, visibleTo } from './listing.ts'
import type { Db } from './tables.ts'
import type { Trx } from './transaction.ts'

/** When documents have come to their end. */
export interface Finished {
  /** `kind/state`. */
  readonly ends: readonly string[]
  /** States in which those are that ask customs to delete what was declared. */
  readonly deleted: readonly State[]
}

/** Of the alias `s`. Few open documents are in a state that might be the end of a deletion. */
const isOpen = ({ ends, deleted }: Finished): RawBuilder<unknown> => sql`(
  s.kind || '/' || s.state <> all(${ends}::text[])
  and not (s.state = any(${deleted}::text[]) and exists (
    select from document d where d.lane = s.lane and d.id = s.id and d.version = s.version
      and d.app_type = ${APP_TYPE.delete}
  )))`

export interface StageSpan {
  readonly state: State
  readonly since: Date
  /** Null for the stage it is in. */
  readonly until: Date | null
}

/** The stages of one version of a document, in order. */
export const findSpans = async (
  db: Db,
  { id, version }: { readonly id: string; readonly version: number },
): Promise<readonly StageSpan[]> => {
  const found = await sql<StageSpan>`
    select state, since, until from stage_spans(
      array[${laneOfId(id)}]::smallint[], array[${id}]::uuid[], array[${version}]::integer[],
      ${MADE_RANK})
    order by since, until nulls last`.execute(db)
  return found.rows
}

export interface Pace {
  readonly state: State
  /** Stages it was reckoned from. */
  readonly stages: number
  readonly medianSeconds: number
  readonly p95Seconds: number
  readonly asOf: Date
}

/** What all zones of a kind are kept under. */
const EVERYWHERE = '*'

/** What is usual for a kind: of its zone, or of all zones where that one has too few. */
export const findPaces = async (
  db: Db,
  kind: string,
  zone: string | null,
): Promise<readonly Pace[]> => {
  const found = await sql<Pace>`
    select distinct on (state) state, stages, median_seconds as "medianSeconds",
      p95_seconds as "p95Seconds", as_of as "asOf"
    from stage_pace where kind = ${kind} and zone in (${zone ?? ''}, ${EVERYWHERE})
      and stages >= ${PACE_STAGES_MIN}
    order by state, zone = ${EVERYWHERE}`.execute(db)
  return found.rows
}

// ---- the chore -------------------------------------------------------------------------------

/** Since when documents have been looked at, for each age; from `first` on where it never was. */
export const findLooks = async (
  db: Db,
  ages: readonly number[],
  first: Date,
): Promise<ReadonlyMap<number, Date>> => {
  await db
    .insertInto('stage_look')
    .values(ages.map((age) => ({ age, looked_until: first })))
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const rows = await db.selectFrom('stage_look').selectAll().execute()
  return new Map(rows.map((row) => [row.age, row.looked_until]))
}

export interface LookStep {
  readonly age: number
  readonly from: Date
  readonly to: Date
  readonly finished: Finished
  /** Whether documents born then join the sample. */
  readonly samples: boolean
}

/**
 * Looks at documents born between two moments: open ones are listed, some of all join the sample.
 * Gives how many there were; undefined when somebody else looked at them meanwhile.
 */
export const lookAt = async (trx: Trx, step: LookStep): Promise<number | undefined> => {
  const { age, from, to, finished } = step
  const moved = await sql`
    update stage_look set looked_until = ${to} where age = ${age} and looked_until = ${from}
    returning age`.execute(trx)
  if (moved.rows.length === 0) return undefined
  const born = sql`s.lane = any(${everyLane}::smallint[])
    and s.id >= ${firstIdAt(from)}::uuid and s.id < ${firstIdAt(to)}::uuid`
  if (step.samples)
    await sql`
      insert into stage_sample (lane, document_id, kind, zone)
      select lane, id, kind, zone from (
        select s.lane, s.id, s.kind, coalesce(s.zone, '') as zone, row_number() over (
          partition by s.kind collate "C", s.zone collate "C" order by uuid_hash(s.id)
        ) as nth
        from document_state s where ${born}
      ) chosen where nth <= ${SAMPLE_STEP_MAX} on conflict do nothing`.execute(trx)
  const counted = await sql<{ documents: string }>`
    with born as materialized (
      select s.lane, s.id, s.version, s.kind, s.sender_id, s.client, s.zone, s.state,
        ${isOpen(finished)} as is_open
      from document_state s where ${born}
    ), listed as (
      insert into open_stage
        (lane, document_id, kind, sender_id, client, zone, version, state, since)
      select b.lane, b.id, b.kind, b.sender_id, b.client, coalesce(b.zone, ''), b.version, b.state,
        x.since
      from ${spansOf(sql`select lane, id, version from born where is_open`)}
      join born b on b.lane = x.lane and b.id = x.document_id and b.state = x.state
      where x.until is null
      on conflict do nothing
    )
    select count(*) as documents from born`.execute(trx)
  return Number(counted.rows[0]?.documents ?? 0)
}

/** Stages, as `x`, of the documents that a query gives as lane, id and version. */
const spansOf = (documents: RawBuilder<unknown>): RawBuilder<unknown> => sql`(
    select array_agg(lane) as lanes, array_agg(id) as ids, array_agg(version) as versions
    from (${documents}) d
  ) a cross join lateral stage_spans(a.lanes, a.ids, a.versions, ${MADE_RANK}) x`

/** Takes finished documents off the list and puts the others where they stand, and lie, now. */
export const refreshOpen = async (trx: Trx, finished: Finished): Promise<void> => {
  await sql`
    delete from open_stage o using document_state s
    where s.lane = o.lane and s.id = o.document_id and not ${isOpen(finished)}
      -- One that is corrected meanwhile is listed anew, and read here as it was.
      and o.version <= s.version`.execute(trx)
  await sql`
    with moved as materialized (
      select s.lane, s.id, s.version, s.state, s.zone, s.client from open_stage o
      join document_state s on s.lane = o.lane and s.id = o.document_id
      where (s.version, s.state, coalesce(s.zone, '')) is distinct from (o.version, o.state, o.zone)
    )
    update open_stage o set version = m.version, state = m.state, since = x.since,
      zone = coalesce(m.zone, ''), client = m.client
    from ${spansOf(sql`select lane, id, version from moved`)}
    join moved m on m.lane = x.lane and m.id = x.document_id and m.state = x.state
    where o.lane = m.lane and o.document_id = m.id and x.until is null`.execute(trx)
}

/** When what is usual was last reckoned; undefined before the first time. */
export const findPaceTime = async (db: Db): Promise<Date | undefined> => {
  const found = await sql<{ asOf: Date | null }>`
    select max(as_of) as "asOf" from stage_pace`.execute(db)
  return found.rows[0]?.asOf ?? undefined
}

/**
 * Reckons what is usual anew from the documents of the sample, as they stand now. Older ones and those
 * beyond what the sample holds leave it.
 */
export const reckonPaces = async (trx: Trx, oldest: Date, now: Date): Promise<void> => {
  // One at a time: two would wait for each other's rows.
  const locked = await sql<{ mine: boolean }>`
    select pg_try_advisory_xact_lock(hashtext('stage_pace')) as mine`.execute(trx)
  if (locked.rows[0]?.mine !== true) return
  await sql`
    delete from stage_sample t using (
      select lane, document_id,
        row_number() over (partition by kind, zone order by document_id desc) as nth
      from stage_sample
    ) r
    where t.lane = r.lane and t.document_id = r.document_id
      and (r.nth > ${SAMPLE_MAX} or t.document_id < ${firstIdAt(oldest)}::uuid)`.execute(trx)
  await sql`delete from stage_pace`.execute(trx)
  await sql`
    insert into stage_pace (kind, zone, state, stages, median_seconds, p95_seconds, as_of)
    select t.kind, coalesce(t.zone, ${EVERYWHERE}), x.state, count(*),
      percentile_disc(0.5) within group (order by extract(epoch from x.until - x.since)),
      percentile_disc(0.95) within group (order by extract(epoch from x.until - x.since)), ${now}
    from ${spansOf(sql`
      select s.lane, s.id, s.version from stage_sample t
      join document_state s on s.lane = t.lane and s.id = t.document_id`)}
    join stage_sample t on t.lane = x.lane and t.document_id = x.document_id
    where x.until is not null
    group by grouping sets ((t.kind, t.zone, x.state), (t.kind, x.state))`.execute(trx)
}

// ---- what is stuck ---------------------------------------------------------------------------

/** When a stage is called stuck; the rules room says it of one document. */
export interface StuckFigures {
  readonly factor: number
  readonly floorSeconds: number
  readonly unknownSeconds: number
}

export interface StuckDocument {
  readonly id: string
  readonly kind: string
  readonly senderId: string
  readonly senderName: string
  readonly client: string
  readonly clientName: string | null
  readonly number: string
  readonly orderNo: string | null
  readonly zone: string | null
  readonly state: State
  readonly since: Date
  readonly stages: number | null
  readonly medianSeconds: number | null
  readonly p95Seconds: number | null
  /** What it was to take at most. */
  readonly limitSeconds: number
}

export interface StuckFilter {
  /** Enterprises whose documents may be seen, and which of them; null for all. */
  readonly senders: readonly Sender[] | null
  readonly enterprise?: string | undefined
  /** Codes of one client. */
  readonly client?: readonly string[] | undefined
  readonly kind?: string | undefined
  readonly zone?: string | undefined
  readonly after?: { readonly since: Date; readonly id: string } | undefined
  readonly limit: number
}

/** Open documents as `o` and `s`, what is usual for their stage as `p`, its limit as `l`. */
export const stuckFrom = ({
  factor,
  floorSeconds,
  unknownSeconds,
}: StuckFigures): RawBuilder<unknown> => sql`open_stage o
    join document_state s on s.lane = o.lane and s.id = o.document_id
      and s.version = o.version and s.state = o.state
    left join lateral (
      select * from stage_pace k
      where k.kind = o.kind and k.zone in (o.zone, ${EVERYWHERE}) and k.state = o.state
        and k.stages >= ${PACE_STAGES_MIN}
      order by k.zone = ${EVERYWHERE} limit 1
    ) p on true
    cross join lateral (
      select case when p.kind is null then ${unknownSeconds}::float8
        else greatest(p.p95_seconds * ${factor}::float8, ${floorSeconds}::float8) end as seconds
    ) l`

/** Documents that have been longer in their stage than it takes, the longest first. */
export const findStuck = async (
  db: Db,
  filter: StuckFilter,
  figures: StuckFigures,
  now: Date,
): Promise<readonly StuckDocument[]> => {
  const { senders, enterprise, client, kind, zone, after } = filter
  const where: RawBuilder<unknown>[] = []
  if (senders !== null) {
    where.push(sql`o.sender_id = any(${senders.map(({ id }) => id)}::text[])`)
    where.push(...visibleTo(senders))
  }
  if (enterprise !== undefined) where.push(sql`o.sender_id = ${enterprise}`)
  if (client !== undefined) where.push(sql`o.client = any(${client}::text[])`)
  if (kind !== undefined) where.push(sql`o.kind = ${kind}`)
  if (zone !== undefined) where.push(sql`o.zone = ${zone}`)
  if (after !== undefined)
    where.push(sql`(o.since, o.document_id) > (${after.since}, ${after.id}::uuid)`)
  const found = await sql<StuckDocument>`
    select s.id, s.kind, s.sender_id as "senderId", e.name as "senderName", ${CLIENT},
      s.number, s.order_no as "orderNo", s.zone, s.state, o.since, p.stages,
      p.median_seconds as "medianSeconds", p.p95_seconds as "p95Seconds",
      l.seconds as "limitSeconds"
    from ${stuckFrom(figures)} join enterprise e on e.id = s.sender_id
    where o.since < ${now}::timestamptz - make_interval(secs => l.seconds)
      and ${where.length === 0 ? sql`true` : sql.join(where, sql` and `)}
    order by o.since, o.document_id limit ${filter.limit}`.execute(db)
  return found.rows
}

/** Up to when the youngest documents were looked at; undefined before the first time. */
export const findLookTime = async (db: Db): Promise<Date | undefined> => {
  const found = await sql<{ at: Date | null }>`
    select min(looked_until + make_interval(secs => age)) as at from stage_look`.execute(db)
  return found.rows[0]?.at ?? undefined
}
