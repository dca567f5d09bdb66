/**
 * Calls of customs for original payment data, and the uploads that answer them. A call is kept with
 * its work in one transaction before it is answered; the body of its upload is kept before it is
 * sent, and is the same however often it is sent.
 */
import { sql } from 'kysely'
import { laneOf } from '../kernel/lane.ts'
import { rowsOf } from './rows.ts'
import type { Db, DisclosureTable } from './tables.ts'
import type { Trx } from './transaction.ts'
import { addWork, partyOf } from './work.ts'

export interface NewDisclosure {
  /** Carries the lane of the session. */
  readonly id: string
  readonly sessionId: string
  readonly orderNo: string
  readonly platformId: string
  readonly requestId: string
}

export interface Disclosure extends NewDisclosure {
  readonly lane: number
  readonly askedAt: Date
  readonly state: DisclosureTable['state']
  readonly sealedBody: Uint8Array | null
  readonly code: string | null
  readonly sealedMessage: Uint8Array | null
  readonly problem: string | null
  readonly settledAt: Date | null
}

const COLUMNS = sql`d.lane, d.id, d.session_id as "sessionId", d.order_no as "orderNo",
  d.platform_id as "platformId", d.request_id as "requestId", d.asked_at as "askedAt", d.state,
  d.sealed_body as "sealedBody", d.code, d.sealed_message as "sealedMessage", d.problem,
  d.settled_at as "settledAt"`

export const findBySession = async (
  trx: Trx,
  sessionId: string,
): Promise<Pick<Disclosure, 'orderNo' | 'platformId' | 'askedAt'> | undefined> =>
  (
    await sql<Disclosure>`select ${COLUMNS} from disclosure d
      where d.lane = ${laneOf(sessionId)} and d.session_id = ${sessionId}`.execute(trx)
  ).rows[0]

/**
 * Calls for the data of one platform are counted and kept one after the other until the transaction
 * ends, so that those which come at the same moment cannot pass the bounds together.
 */
export const lockCalls = async (trx: Trx, platformId: string): Promise<void> => {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`disclosure/${platformId}`}, 0))`.execute(
    trx,
  )
}

/** Whether so many calls for the order came since then, or so many uploads of the platform are under way. */
export const isCrowded = async (
  trx: Trx,
  { orderNo, platformId }: Pick<Disclosure, 'orderNo' | 'platformId'>,
  most: { readonly perOrder: number; readonly since: Date; readonly open: number },
): Promise<boolean> => {
  const { rows } = await sql<{ crowded: boolean }>`
    select (
      select count(*) from (
        select from disclosure where order_no = ${orderNo} and platform_id = ${platformId}
          and asked_at > ${most.since}
        limit ${most.perOrder}
      ) o
    ) >= ${most.perOrder} or (
      select count(*) from (
        select from disclosure where platform_id = ${platformId} and state in ('asked', 'built')
        limit ${most.open}
      ) p
    ) >= ${most.open} as crowded`.execute(trx)
  return rows[0]?.crowded === true
}

/** Keeps a call and its work; false when the session is there already. */
export const insertDisclosure = async (
  trx: Trx,
  made: NewDisclosure,
  now: Date,
): Promise<boolean> => {
  const lane = laneOf(made.sessionId)
  const kept = await sql`
    insert into disclosure (lane, id, session_id, order_no, platform_id, request_id, asked_at, state)
    values (${lane}, ${made.id}, ${made.sessionId}, ${made.orderNo}, ${made.platformId},
      ${made.requestId}, ${now}, 'asked')
    on conflict (lane, session_id) do nothing returning id`.execute(trx)
  if (kept.rows.length === 0) return false
  await addDisclosing(trx, { lane, ...made }, now)
  return true
}

const addDisclosing = (
  trx: Trx,
  { lane, id, platformId }: Pick<Disclosure, 'lane' | 'id' | 'platformId'>,
  now: Date,
): Promise<void> =>
  addWork(trx, [{ lane, stage: 'disclose', subject: id, party: partyOf(platformId) }], now)

const KEY = { lane: 'smallint', id: 'uuid' }
type Key = Pick<Disclosure, 'lane' | 'id'>

export const findDisclosures = async (
  db: Db,
  keys: readonly Key[],
): Promise<readonly Disclosure[]> => {
  if (keys.length === 0) return []
  const found = await sql<Disclosure>`
    select ${COLUMNS} from ${rowsOf('r', KEY, keys)}
    join disclosure d on d.lane = r.lane and d.id = r.id`.execute(db)
  return found.rows
}

/** Keeps bodies; gives the ids of those that had none before. */
export const keepBodies = async (
  trx: Trx,
  bodies: readonly (Key & { readonly sealedBody: Uint8Array })[],
): Promise<ReadonlySet<string>> => {
  if (bodies.length === 0) return new Set()
  const kept = await sql<{ id: string }>`
    update disclosure d set sealed_body = r."sealedBody", state = 'built', problem = null
    from ${rowsOf('r', { ...KEY, sealedBody: 'bytea' }, bodies)}
    where d.lane = r.lane and d.id = r.id and d.sealed_body is null and d.state = 'asked'
    returning d.id`.execute(trx)
  return new Set(kept.rows.map(({ id }) => id))
}

export interface Settlement extends Key {
  /** Left out where it stays as it is: another try will follow. */
  readonly state?: 'done' | 'ended'
  readonly code: string | null
  readonly sealedMessage: Uint8Array | null
  readonly problem: string | null
}

/** What became of uploads; one that customs took stays taken, whatever a slower try heard. */
export const settleDisclosures = async (
  trx: Trx,
  settlements: readonly Settlement[],
  now: Date,
): Promise<void> => {
  if (settlements.length === 0) return
  const columns = {
    ...{ ...KEY, state: 'text', code: 'text', sealedMessage: 'bytea', problem: 'text' },
  }
  await sql`
    update disclosure d set state = coalesce(r.state, d.state), code = r.code,
      sealed_message = r."sealedMessage", problem = r.problem,
      settled_at = case when r.state is null then d.settled_at else ${now} end
    from ${rowsOf('r', columns, settlements)}
    where d.lane = r.lane and d.id = r.id and d.state <> 'done'`.execute(trx)
}

/** Takes an upload that ended up again, with the body it has; false when it did not end. */
export const resumeDisclosure = async (
  trx: Trx,
  disclosure: Pick<Disclosure, 'lane' | 'id' | 'platformId'>,
  now: Date,
): Promise<boolean> => {
  const { lane, id } = disclosure
  const taken = await sql`
    update disclosure set settled_at = null, problem = null, code = null, sealed_message = null,
      state = case when sealed_body is null then 'asked' else 'built' end
    where lane = ${lane} and id = ${id}::uuid and state = 'ended' returning id`.execute(trx)
  if (taken.rows.length === 0) return false
  await addDisclosing(trx, disclosure, now)
  return true
}

/** Newest first. */
export const listDisclosed = async (
  db: Db,
  filter: {
    /** Null for all. */
    readonly platforms: readonly string[] | null
    readonly state?: Disclosure['state'] | undefined
    readonly after?: string | undefined
    readonly limit: number
  },
): Promise<readonly Disclosure[]> => {
  const { platforms, state = null, after = null } = filter
  const found = await sql<Disclosure>`
    select ${COLUMNS} from disclosure d
    where (${platforms === null} or d.platform_id = any(${platforms ?? []}::text[]))
      and (${state}::text is null or d.state = ${state})
      and (${after}::uuid is null or d.id < ${after}::uuid)
    order by d.id desc limit ${filter.limit}`.execute(db)
  return found.rows
}

/** Forgets settled uploads asked for before a moment, at most so many; how many it were. */
export const forgetDisclosures = async (db: Db, before: Date, limit: number): Promise<number> => {
  const gone = await sql<{ id: string }>`
    with old as (
      select lane, id from disclosure where asked_at < ${before} and state in ('done', 'ended')
      order by asked_at limit ${limit}
    )
    delete from disclosure d using old where d.lane = old.lane and d.id = old.id
    returning d.id`.execute(db)
  return gone.rows.length
}
