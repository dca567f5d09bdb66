/**
 * The signers of enterprises: keys that lie here sealed, keys of signing services and of devices,
 * with how each stands as all gateways on this database see it. The order of a pool is that of the
 * rows: priority, then the newest first. What is retired keeps its certificate and nothing secret.
 */
import { type RawBuilder, sql } from 'kysely'
import { LANE_COUNT } from '../kernel/lane.ts'
import { SIGNER_PRIORITY } from '../kernel/limits.ts'
import type { Sealer } from './seal.ts'
import type { Db, SignerStateTable, SigningKeyTable } from './tables.ts'
import type { Trx } from './transaction.ts'

/** A private key with its certificate; the same shape as the signing room's key. */
export interface StoredSigningKey {
  readonly algorithm: 'sm2-sm3' | 'rsa-sha1'
  readonly keyName: string
  readonly certificate: string
  readonly privateKey: string
  readonly notBefore: Date
  readonly notAfter: Date
}

/** A key that lies elsewhere. */
export interface CalledOutKey extends Omit<StoredSigningKey, 'privateKey'> {
  readonly kind: 'remote' | 'device'
  /** Address of the signing service, or name of the driver. */
  readonly driver: string
  /** What the far side knows the key by. */
  readonly label: string
  /** Token or PIN. */
  readonly secret: string | undefined
}

export interface SignerState {
  readonly state: SignerStateTable['state']
  readonly since: Date
  /** Failures in a row. */
  readonly failures: number
  /** `quarantined`: when it is tried again. */
  readonly retryAt: Date
  readonly problem: string | null
  /** Signatures a second, weighted towards the latest; null before it was measured. */
  readonly rate: number | null
  readonly rateAt: Date | null
}

export interface SignerRow extends SignerState {
  readonly enterpriseId: string
  readonly keyName: string
  readonly kind: 'local' | 'remote' | 'device'
  readonly algorithm: StoredSigningKey['algorithm']
  readonly certificate: string
  readonly driver: string | null
  readonly label: string | null
  readonly sealedKey: Uint8Array | null
  readonly sealedSecret: Uint8Array | null
  readonly priority: number
  readonly notBefore: Date
  readonly notAfter: Date
  readonly createdAt: Date
  readonly retiredAt: Date | null
}

export type SignerKey = Pick<SignerRow, 'enterpriseId' | 'keyName'>

const SIGNER = sql`k.enterprise_id as "enterpriseId", k.key_name as "keyName", k.kind, k.algorithm,
  k.certificate, k.driver, k.label, k.sealed_key as "sealedKey", k.sealed_secret as "sealedSecret",
  k.priority, k.not_before as "notBefore", k.not_after as "notAfter", k.created_at as "createdAt",
  k.retired_at as "retiredAt", coalesce(s.state, 'ok') as state,
  coalesce(s.since, k.created_at) as since, coalesce(s.failures, 0) as failures,
  coalesce(s.retry_at, k.created_at) as "retryAt", s.problem, s.rate, s.rate_at as "rateAt"`

const FROM = sql`signing_key k left join signer_state s
  on s.enterprise_id = k.enterprise_id and s.key_name = k.key_name`

const ORDER = sql`k.enterprise_id, k.priority, k.created_at desc, k.key_name`

const ofEnterprises = (ids: readonly string[] | 'all'): RawBuilder<unknown> =>
  ids === 'all' ? sql`true` : sql`k.enterprise_id = any(${ids}::text[])`

/** In the order of each pool; without those that are retired. */
export const findSigners = async (
  db: Db,
  enterpriseIds: readonly string[] | 'all',
): Promise<readonly SignerRow[]> =>
  (
    await sql<SignerRow>`select ${SIGNER} from ${FROM}
      where ${ofEnterprises(enterpriseIds)} and k.retired_at is null order by ${ORDER}`.execute(db)
  ).rows

/** All that an enterprise ever had, the newest first. */
export const listSigners = async (db: Db, enterpriseId: string): Promise<readonly SignerRow[]> =>
  (
    await sql<SignerRow>`select ${SIGNER} from ${FROM}
      where k.enterprise_id = ${enterpriseId} order by k.created_at desc, k.key_name`.execute(db)
  ).rows

export const hasSigningKey = async (db: Db, enterpriseId: string, at: Date): Promise<boolean> =>
  (await findSigners(db, [enterpriseId])).some(
    ({ notBefore, notAfter }) => notBefore <= at && notAfter > at,
  )

/**
 * Stores what is secret sealed; false when a key of this name is there already. One that was retired
 * may come back.
 */
export const insertSigningKey = async (
  db: Db,
  sealer: Sealer,
  enterpriseId: string,
  key: StoredSigningKey | CalledOutKey,
  now: Date,
  priority = SIGNER_PRIORITY,
): Promise<boolean> => {
  const owner = { enterpriseId, keyName: key.keyName }
  const isLocal = 'privateKey' in key
  const seal = (text: string, context: string) =>
    sealer.seal(new TextEncoder().encode(text), context)
  const values = {
    algorithm: key.algorithm,
    certificate: key.certificate,
    kind: isLocal ? ('local' as const) : key.kind,
    driver: isLocal ? null : key.driver,
    label: isLocal ? null : key.label,
    sealed_key: isLocal ? seal(key.privateKey, keyContext(owner)) : null,
    sealed_secret:
      isLocal || key.secret === undefined ? null : seal(key.secret, secretContext(owner)),
    priority,
    not_before: key.notBefore,
    not_after: key.notAfter,
    created_at: now,
    retired_at: null,
  } satisfies Partial<{ [K in keyof SigningKeyTable]: unknown }>
  const inserted = await db
    .insertInto('signing_key')
    .values({ enterprise_id: enterpriseId, key_name: key.keyName, ...values })
    .onConflict((conflict) =>
      conflict
        .columns(['enterprise_id', 'key_name'])
        .doUpdateSet(values)
        .where('signing_key.retired_at', 'is not', null),
    )
    .returning('key_name')
    .executeTakeFirst()
  return inserted !== undefined
}

/** Forgets what is secret of a key and uses it no more; false when there is none in use. */
export const retireSigningKey = async (
  db: Db,
  { enterpriseId, keyName }: SignerKey,
  now: Date,
): Promise<boolean> =>
  (
    await sql`update signing_key set retired_at = ${now}, sealed_key = null, sealed_secret = null
      where enterprise_id = ${enterpriseId} and key_name = ${keyName} and retired_at is null
      returning key_name`.execute(db)
  ).rows.length > 0

/** The private key of a local signer. Throws when it cannot be opened. */
export const openPrivateKey = (sealer: Sealer, row: SignerRow): string => {
  if (row.sealedKey === null) throw new Error('the private key does not lie here')
  return new TextDecoder().decode(sealer.open(row.sealedKey, keyContext(row)))
}

/** Token or PIN; undefined without one. Throws when it cannot be opened. */
export const openSecret = (sealer: Sealer, row: SignerRow): string | undefined =>
  row.sealedSecret === null
    ? undefined
    : new TextDecoder().decode(sealer.open(row.sealedSecret, secretContext(row)))

const keyContext = ({ enterpriseId, keyName }: SignerKey): string =>
  `signing-key:${enterpriseId}:${keyName}`

const secretContext = ({ enterpriseId, keyName }: SignerKey): string =>
  `signing-secret:${enterpriseId}:${keyName}`

// ---- how they stand --------------------------------------------------------------------------

/** Locked until the transaction ends, so that two gateways judge one after the other. */
export const lockSignerState = async (
  trx: Trx,
  { enterpriseId, keyName }: SignerKey,
  now: Date,
): Promise<SignerState> => {
  await sql`insert into signer_state (enterprise_id, key_name, state, since, retry_at)
    values (${enterpriseId}, ${keyName}, 'ok', ${now}, ${now}) on conflict do nothing`.execute(trx)
  const { rows } = await sql<SignerState>`
    select state, since, failures, retry_at as "retryAt", problem, rate, rate_at as "rateAt"
    from signer_state where enterprise_id = ${enterpriseId} and key_name = ${keyName}
    for update`.execute(trx)
  const [row] = rows
  if (row === undefined) throw new Error('the state of a signer vanished')
  return row
}

export const saveSignerState = async (
  trx: Trx,
  { enterpriseId, keyName }: SignerKey,
  next: SignerState,
): Promise<void> => {
  await sql`update signer_state set state = ${next.state}, since = ${next.since},
      failures = ${next.failures}, retry_at = ${next.retryAt}, problem = ${next.problem},
      rate = ${next.rate}, rate_at = ${next.rateAt}
    where enterprise_id = ${enterpriseId} and key_name = ${keyName}`.execute(trx)
}

/**
 * Quarantined signers that may be tried again, with a certificate in force; until `until` nobody else
 * gets them.
 */
export const takeDueProbes = async (
  db: Db,
  now: Date,
  until: Date,
  limit: number,
): Promise<readonly SignerRow[]> =>
  (
    await sql<SignerRow>`
      with due as (
        select s.enterprise_id, s.key_name from signer_state s
        join signing_key k on k.enterprise_id = s.enterprise_id and k.key_name = s.key_name
        where s.state = 'quarantined' and s.retry_at <= ${now}
          and k.retired_at is null and k.not_before <= ${now} and k.not_after > ${now}
        order by s.retry_at limit ${limit} for update of s skip locked
      ), taken as (
        update signer_state s set retry_at = ${until} from due
        where s.enterprise_id = due.enterprise_id and s.key_name = due.key_name
        returning s.*
      )
      select ${SIGNER} from signing_key k
      join taken s on s.enterprise_id = k.enterprise_id and s.key_name = k.key_name`.execute(db)
  ).rows

export interface ExpiryWarning extends SignerKey {
  readonly notAfter: Date
  /** The step that is new. */
  readonly days: number
}

/**
 * Keys in use whose certificates end within one of these numbers of days, the first time that each
 * step is asked for. `steps` is in falling order.
 */
export const takeExpiryWarnings = async (
  db: Db,
  steps: readonly number[],
  now: Date,
): Promise<readonly ExpiryWarning[]> =>
  (
    await sql<ExpiryWarning>`
      with ending as (
        select k.enterprise_id, k.key_name, k.not_after, min(d.days) as days
        from signing_key k join unnest(${steps}::smallint[]) as d(days)
          on k.not_after <= ${now}::timestamptz + make_interval(days => d.days)
        where k.retired_at is null and k.not_after > ${now} and k.not_before <= ${now}
        group by k.enterprise_id, k.key_name, k.not_after
      ), noted as (
        insert into signer_state as s
          (enterprise_id, key_name, state, since, retry_at, warned_days)
        select enterprise_id, key_name, 'ok', ${now}, ${now}, days from ending
        on conflict (enterprise_id, key_name) do update set warned_days = excluded.warned_days
          where s.warned_days is null or s.warned_days > excluded.warned_days
        returning s.enterprise_id, s.key_name
      )
      select e.enterprise_id as "enterpriseId", e.key_name as "keyName",
        e.not_after as "notAfter", e.days
      from noted n join ending e using (enterprise_id, key_name)
      order by e.not_after, e.key_name`.execute(db)
  ).rows

// ---- what waits for them ---------------------------------------------------------------------

/** Enterprises whose messages wait for a signature. A loose index scan: queues may be long. */
export const findSignQueues = async (db: Db): Promise<readonly string[]> =>
  (
    await sql<{ queue: string }>`
      with recursive q as (
        select l.lane, (
          select min(w.queue) from work w where w.lane = l.lane and w.stage = 'sign'
        ) as queue from generate_series(0, ${LANE_COUNT - 1}) as l(lane)
        union all
        select q.lane, (
          select min(w.queue) from work w
          where w.lane = q.lane and w.stage = 'sign' and w.queue > q.queue
        ) from q where q.queue is not null
      )
      select distinct queue from q where queue is not null order by queue`.execute(db)
  ).rows.map(({ queue }) => queue)
