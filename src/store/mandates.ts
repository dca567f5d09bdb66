/**
 * Mandates (委托): who may hand in for whom, which kinds, for which zones, from when until when. A row
 * is never deleted and its days never change; an early end is noted beside them.
 */
import { type RawBuilder, sql } from 'kysely'
import { MANDATES_EXPLAINED_MAX } from '../kernel/mandate-limits.ts'
import type { Db } from './tables.ts'

export type MandateState = 'coming' | 'in-force' | 'over'

export interface NewMandate {
  readonly id: string
  readonly principalId: string
  readonly agentId: string
  readonly kinds: readonly string[]
  /** Codes of zones; none for all of them. */
  readonly zones: readonly string[]
  /** yyyy-MM-dd, China time; `validTo` is the last day, null for no end. */
  readonly validFrom: string
  readonly validTo: string | null
}

export interface MandateRow extends NewMandate {
  readonly principalName: string
  readonly agentName: string
  readonly state: MandateState
  /** The moment from which an early end holds; null where none was given. */
  readonly endedAt: Date | null
  /** The last day it covers, by its own end or an early one; null for no end. */
  readonly lastDay: string | null
  readonly createdAt: Date
}

/** One moment, and the China date (yyyy-MM-dd) it falls on. */
export interface Today {
  readonly day: string
  readonly now: Date
}

/** The row alias is `m`. */
const stateAt = ({ day, now }: Today): RawBuilder<unknown> => sql`case
  when m.ended_at <= ${now} or m.valid_to < ${day}::date then 'over'
  when m.valid_from > ${day}::date then 'coming' else 'in-force' end`

const LAST_DAY = sql`least(m.valid_to, m.ended_on)`

/** Condition on the alias `m`, and its last day as text, for whoever joins mandates himself. */
export const inForce = (today: Today): RawBuilder<unknown> => sql`${stateAt(today)} = 'in-force'`
export const lastDay: RawBuilder<unknown> = sql`${LAST_DAY}::text`

const columns = (today: Today): RawBuilder<unknown> => sql`
  m.id, m.principal_id as "principalId", p.name as "principalName", m.agent_id as "agentId",
  a.name as "agentName", m.kinds, m.zones, m.valid_from::text as "validFrom",
  m.valid_to::text as "validTo", m.ended_at as "endedAt", ${lastDay} as "lastDay",
  m.created_at as "createdAt", ${stateAt(today)} as state
  from mandate m join enterprise p on p.id = m.principal_id join enterprise a on a.id = m.agent_id`

export const insertMandate = async (db: Db, made: NewMandate, now: Date): Promise<void> => {
  const { id, principalId, agentId, kinds, zones, validFrom, validTo } = made
  await db
    .insertInto('mandate')
    .values({
      ...{ id, principal_id: principalId, agent_id: agentId, created_at: now },
      ...{ kinds: [...kinds], zones: [...zones], valid_from: validFrom, valid_to: validTo },
    })
    .execute()
}

/** Undefined when there is none. */
export const findMandate = async (
  db: Db,
  id: string,
  today: Today,
): Promise<MandateRow | undefined> => {
  const found = await sql<MandateRow>`
    select ${columns(today)} where m.id = ${id}::uuid`.execute(db)
  return found.rows[0]
}

export interface MandateFilter {
  /** Principal or agent; undefined for all mandates there are. */
  readonly enterpriseId: string | undefined
  readonly state?: MandateState | undefined
  /** In force, and the last day is not after this one (yyyy-MM-dd). */
  readonly lapsingBy?: string | undefined
  /** Id of the last one of the page before. */
  readonly after?: string | undefined
  readonly limit: number
}

/** Oldest first. */
export const listMandates = async (
  db: Db,
  filter: MandateFilter,
  today: Today,
): Promise<readonly MandateRow[]> => {
  const { enterpriseId, state, lapsingBy, after } = filter
  const where = [
    ...(enterpriseId === undefined
      ? []
      : [sql`(m.principal_id = ${enterpriseId} or m.agent_id = ${enterpriseId})`]),
    ...(state === undefined ? [] : [sql`${stateAt(today)} = ${state}`]),
    ...(lapsingBy === undefined
      ? []
      : [sql`${inForce(today)} and ${LAST_DAY} <= ${lapsingBy}::date`]),
    ...(after === undefined ? [] : [sql`m.id > ${after}::uuid`]),
  ]
  const all = where.length === 0 ? sql`true` : sql.join(where, sql` and `)
  const found = await sql<MandateRow>`
    select ${columns(today)} where ${all} order by m.id limit ${filter.limit}`.execute(db)
  return found.rows
}

/** Notes an early end; false when the mandate is over already. `at` is the moment after `on`. */
export const endMandate = async (
  db: Db,
  id: string,
  end: { readonly at: Date; readonly on: string },
  today: Today,
): Promise<boolean> => {
  const ended = await sql`
    update mandate m set ended_at = ${end.at}, ended_on = ${end.on}::date,
      end_given_at = ${today.now}
    where m.id = ${id}::uuid and ${stateAt(today)} <> 'over' returning m.id`.execute(db)
  return ended.rows.length > 0
}

/** A mandate that does not hold today. */
export interface ClosedMandate {
  /** Codes customs knows the principal by. */
  readonly codes: readonly string[]
  readonly kinds: readonly string[]
  readonly state: 'coming' | 'over'
  readonly validFrom: string
  readonly lastDay: string | null
}

/** What an agent held or will hold, the latest first: to tell why a document is refused. */
export const findClosedMandates = async (
  db: Db,
  agentId: string,
  today: Today,
): Promise<readonly ClosedMandate[]> => {
  const found = await sql<ClosedMandate>`
    select array_remove(array[p.customs_code, p.credit_code], null) as codes, m.kinds,
      ${stateAt(today)} as state, m.valid_from::text as "validFrom", ${lastDay} as "lastDay"
    from mandate m join enterprise p on p.id = m.principal_id
    where m.agent_id = ${agentId} and ${stateAt(today)} <> 'in-force'
    order by ${LAST_DAY} desc nulls first, m.id desc limit ${MANDATES_EXPLAINED_MAX}`.execute(db)
  return found.rows
}

/** Those of the codes that are no zone. */
export const findUnknownZones = async (
  db: Db,
  codes: readonly string[],
): Promise<ReadonlySet<string>> => {
  if (codes.length === 0) return new Set()
  const known = await db.selectFrom('zone').select('code').where('code', 'in', codes).execute()
  const found = new Set(known.map(({ code }) => code))
  return new Set(codes.filter((code) => !found.has(code)))
}
