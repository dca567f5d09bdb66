/**
 * Web hooks: where an enterprise has events pushed to, how far each receiver has taken them, and its last
 * tries. One that is due is leased, because the receiver is called between two transactions; whoever
 * holds a lease that is over, or whose web hook was set otherwise meanwhile, settles nothing.
 */
import { type RawBuilder, sql } from 'kysely'
import { WEBHOOK_TRIES_KEPT } from '../kernel/webhook-limits.ts'
import { inForce } from './mandates.ts'
import type { Db } from './tables.ts'
import type { Trx } from './transaction.ts'

export interface Webhook {
  readonly id: string
  readonly enterpriseId: string
  readonly url: string
  readonly description: string
  /** Null for all. */
  readonly kinds: readonly string[] | null
  readonly groups: readonly string[] | null
  readonly sealedSecret: Uint8Array
  readonly sealedOldSecret: Uint8Array | null
  readonly oldSecretUntil: Date | null
  readonly state: 'active' | 'paused' | 'disabled'
  readonly problem: 'gone' | 'failing' | null
  /** Number of the last event that its receiver took. */
  readonly taken: string
  /** The next try speaks of events up to here; null where none is under way. */
  readonly pledged: string | null
  readonly dueAt: Date
  readonly attempts: number
  readonly failingSince: Date | null
  readonly createdAt: Date
}

const COLUMNS = sql`w.id, w.enterprise_id as "enterpriseId", w.url, w.description, w.kinds, w.groups,
  w.sealed_secret as "sealedSecret", w.sealed_old_secret as "sealedOldSecret",
  w.old_secret_until as "oldSecretUntil", w.state, w.problem, w.taken, w.pledged, w.due_at as "dueAt",
  w.attempts, w.failing_since as "failingSince", w.created_at as "createdAt"`

export type NewWebhook = Pick<
  Webhook,
  'id' | 'enterpriseId' | 'url' | 'description' | 'kinds' | 'groups' | 'sealedSecret'
>

/**
 * Tells of nothing that has happened, and of all that is being written at this moment; false where the
 * enterprise has so many already.
 */
export const insertWebhook = async (
  trx: Trx,
  made: NewWebhook,
  most: number,
  now: Date,
): Promise<boolean> => {
  // Two that come at the same moment count one after the other.
  await sql`select id from enterprise where id = ${made.enterpriseId} for update`.execute(trx)
  const done = await sql`
    insert into webhook (id, enterprise_id, url, description, kinds, groups, sealed_secret, taken,
      due_at, created_at)
    select ${made.id}, ${made.enterpriseId}, ${made.url}, ${made.description},
      ${made.kinds}::text[], ${made.groups}::text[], ${made.sealedSecret}::bytea, f.sealed,
      ${now}::timestamptz, ${now}::timestamptz
    from event_feed f
    where (select count(*) from webhook w where w.enterprise_id = ${made.enterpriseId}) < ${most}
  `.execute(trx)
  return done.numAffectedRows === 1n
}

/** The oldest first. */
export const findWebhooks = async (db: Db, enterpriseId: string): Promise<readonly Webhook[]> =>
  (
    await sql<Webhook>`select ${COLUMNS} from webhook w
      where w.enterprise_id = ${enterpriseId} order by w.id`.execute(db)
  ).rows

export const findWebhook = async (db: Db, id: string): Promise<Webhook | undefined> =>
  (await sql<Webhook>`select ${COLUMNS} from webhook w where w.id = ${id}::uuid`.execute(db))
    .rows[0]

/** Its last try failed and it goes on, or it was given up; whoever is paused is left alone. */
const TROUBLED = sql`(w.state = 'disabled' or (w.state = 'active' and w.failing_since is not null))`

export interface TroubledCounts {
  readonly failing: number
  readonly disabled: number
}

export interface TroubledWebhooks extends TroubledCounts {
  /** The longest in trouble first. */
  readonly webhooks: readonly (Webhook & { readonly enterpriseName: string })[]
}

/** Of these enterprises, or of all: as many are told as `limit` says, and all are counted. */
export const findTroubledWebhooks = async (
  db: Db,
  enterpriseIds: readonly string[] | 'all',
  limit: number,
): Promise<TroubledWebhooks> => {
  const ofThem =
    enterpriseIds === 'all' ? sql`true` : sql`w.enterprise_id = any(${[...enterpriseIds]}::text[])`
  const found = await sql<TroubledWebhooks['webhooks'][number] & TroubledCounts>`
    select ${COLUMNS}, e.name as "enterpriseName",
      (count(*) filter (where w.state = 'active') over ())::integer as failing,
      (count(*) filter (where w.state = 'disabled') over ())::integer as disabled
    from webhook w join enterprise e on e.id = w.enterprise_id
    where ${TROUBLED} and ${ofThem}
    order by w.failing_since, w.id limit ${limit}`.execute(db)
  const { failing = 0, disabled = 0 } = found.rows[0] ?? {}
  return { failing, disabled, webhooks: found.rows }
}

/** Of all enterprises. An enterprise has a few, so reading them all is quick. */
export const countTroubledWebhooks = async (db: Db): Promise<TroubledCounts> => {
  const found = await sql<TroubledCounts>`
    select (count(*) filter (where w.state = 'active'))::integer as failing,
      (count(*) filter (where w.state = 'disabled'))::integer as disabled
    from webhook w where ${TROUBLED}`.execute(db)
  return found.rows[0] ?? { failing: 0, disabled: 0 }
}

/** What is left out stays. */
export interface WebhookChange {
  readonly url?: string | undefined
  readonly description?: string | undefined
  readonly kinds?: readonly string[] | null | undefined
  readonly groups?: readonly string[] | null | undefined
  readonly state?: 'active' | 'paused' | undefined
}

/**
 * Whoever is resumed, or gets another address, begins afresh at once; why one was disabled is told until it
 * is resumed.
 */
export const changeWebhook = async (
  db: Db,
  id: string,
  { url, description, kinds, groups, state }: WebhookChange,
  now: Date,
): Promise<void> => {
  const isAfresh = state === 'active' ? sql`true` : sql`url is distinct from ${url ?? null}::text`
  const afresh = sql`attempts = case when ${isAfresh} then 0 else attempts end,
    failing_since = case when ${isAfresh} then null else failing_since end,
    due_at = case when ${isAfresh} then ${now}::timestamptz else due_at end`
  const sets: readonly RawBuilder<unknown>[] = [
    ...(state === 'active' || url !== undefined ? [afresh] : []),
    ...(state === 'active' ? [sql`problem = null`] : []),
    ...(url === undefined ? [] : [sql`url = ${url}`]),
    ...(description === undefined ? [] : [sql`description = ${description}`]),
    ...(kinds === undefined ? [] : [sql`kinds = ${kinds}::text[]`]),
    ...(groups === undefined ? [] : [sql`groups = ${groups}::text[]`]),
    ...(state === undefined ? [] : [sql`state = ${state}`]),
  ]
  if (sets.length === 0) return
  await sql`update webhook set ${sql.join(sets)} where id = ${id}::uuid`.execute(db)
}

/** Goes back, or on, to behind this event, at once. */
export const moveWebhook = async (db: Db, id: string, taken: string, now: Date): Promise<void> => {
  await sql`
    update webhook set taken = ${taken}::bigint, pledged = null, attempts = 0, due_at = ${now}
    where id = ${id}::uuid`.execute(db)
}

/**
 * The secret in force becomes the old one, which signs too until then. An old one that still signs stays: its
 * receiver may not know the one that came between.
 */
export const rotateSecret = async (
  db: Db,
  id: string,
  sealedSecret: Uint8Array,
  { now, oldUntil }: { readonly now: Date; readonly oldUntil: Date },
): Promise<void> => {
  await sql`
    update webhook set
      sealed_old_secret = case when old_secret_until > ${now} then sealed_old_secret
        else sealed_secret end,
      old_secret_until = ${oldUntil}, sealed_secret = ${sealedSecret}::bytea
    where id = ${id}::uuid`.execute(db)
}

export const deleteWebhook = async (db: Db, id: string): Promise<void> => {
  await sql`delete from webhook where id = ${id}::uuid`.execute(db)
}

/**
 * Ids of those that are due and whose enterprise has something new, the longest due first; of each enterprise
 * no more than `ofOne`, less those of it that are being served.
 */
export const findDueWebhooks = async (
  db: Db,
  today: { readonly day: string; readonly now: Date },
  served: readonly string[],
  { ofOne, limit }: { readonly ofOne: number; readonly limit: number },
): Promise<readonly string[]> => {
  const found = await sql<{ id: string }>`
    with served as materialized (
      select enterprise_id, count(*) as hooks from webhook where id = any(${served}::uuid[]) group by 1
    ), due as (
      select w.id, w.due_at, coalesce(s.hooks, 0)
        + row_number() over (partition by w.enterprise_id order by w.due_at, w.id) as place
      from webhook w left join served s on s.enterprise_id = w.enterprise_id
      where w.state = 'active' and w.due_at <= ${today.now} and w.id <> all(${served}::uuid[]) and (
        exists (
          select 1 from event_page p where p.sender_id = w.enterprise_id and p.upto > w.taken
        ) or exists (
          select 1 from mandate m join event_page p on p.sender_id = m.principal_id
          where m.agent_id = w.enterprise_id and ${inForce(today)} and p.upto > w.taken
        )
      )
    )
    select id from due where place <= ${ofOne} order by due_at, id limit ${limit}`.execute(db)
  return found.rows.map(({ id }) => id)
}

/** Takes one that is due and not at the end of the feed, until the lease ends; what it tells of is bound by the end of the feed now. */
export const leaseWebhook = async (
  db: Db,
  id: string,
  now: Date,
  until: Date,
): Promise<Webhook | undefined> =>
  (
    await sql<Webhook>`
      update webhook w set due_at = ${until}, pledged = coalesce(w.pledged, f.paged),
        taken = greatest(w.taken, f.forgotten)
      from event_feed f
      where w.id = ${id}::uuid and w.state = 'active' and w.due_at <= ${now} and w.taken < f.paged
      returning ${COLUMNS}`.execute(db)
  ).rows[0]

/** How a try ended. */
export type Settled =
  | { readonly kind: 'taken'; readonly upto: string }
  | { readonly kind: 'failed'; readonly dueAt: Date }
  | { readonly kind: 'disabled'; readonly problem: 'gone' | 'failing' }

export const settleWebhook = async (
  db: Db,
  held: Webhook,
  settled: Settled,
  now: Date,
): Promise<void> => {
  const failed = sql`attempts = attempts + 1, failing_since = coalesce(failing_since, ${now})`
  const sets =
    settled.kind === 'taken'
      ? sql`taken = ${settled.upto}::bigint, pledged = null, attempts = 0, failing_since = null,
          due_at = ${now}`
      : settled.kind === 'failed'
        ? sql`${failed}, due_at = ${settled.dueAt}`
        : sql`${failed}, state = 'disabled', problem = ${settled.problem}`
  await sql`
    update webhook set ${sets} where id = ${held.id}::uuid and due_at = ${held.dueAt}`.execute(db)
}

export interface WebhookTry {
  readonly id: string
  readonly messageId: string
  /** As the body has it. */
  readonly type: string
  readonly events: number
  readonly at: Date
  readonly ms: number
  readonly status: number | null
  readonly reason: string | null
}

/** Notes a try; of those before as many are kept as there is room for. */
export const noteTry = async (
  db: Db,
  webhookId: string,
  made: Omit<WebhookTry, 'id'>,
): Promise<void> => {
  await sql`
    with gone as (
      delete from webhook_try where webhook_id = ${webhookId}::uuid and id < (
        select t.id from webhook_try t where t.webhook_id = ${webhookId}::uuid
        order by t.id desc offset ${WEBHOOK_TRIES_KEPT - 2} limit 1
      )
    )
    insert into webhook_try (webhook_id, message_id, type, events, at, ms, status, reason)
    select w.id, ${made.messageId}, ${made.type}, ${made.events}, ${made.at}, ${made.ms},
      ${made.status}, ${made.reason}
    from webhook w where w.id = ${webhookId}::uuid`.execute(db)
}

/** The last first. */
export const findTries = async (db: Db, webhookId: string): Promise<readonly WebhookTry[]> =>
  (
    await sql<WebhookTry>`
      select t.id, t.message_id as "messageId", t.type, t.events, t.at, t.ms, t.status, t.reason
      from webhook_try t where t.webhook_id = ${webhookId}::uuid order by t.id desc`.execute(db)
  ).rows
