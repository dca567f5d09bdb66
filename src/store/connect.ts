/**
 * The one way to the database: Kysely on a `pg` pool, for a PostgreSQL server, the embedded one
 * behind its socket and Hyperdrive alike. Values that floating point or a time zone would spoil stay
 * text: int8, numeric, date and arrays of them. Parsers are set per client; `pg.types` is global and
 * is left alone.
 */
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import {
  DATABASE_CONNECT_MS_MAX,
  DATABASE_CONNECTIONS_MAX,
  DATABASE_IDLE_MS_MAX,
  DATABASE_IDLE_TRANSACTION_MS_MAX,
  DATABASE_POOLS,
  DATABASE_STATEMENT_MS_MAX,
} from '../kernel/limits.ts'
import type { Database, Db } from './tables.ts'

export type ConnectOptions = DatabaseAddress & ConnectSettings

interface ConnectSettings {
  /** Connections at most; {@link DATABASE_CONNECTIONS_MAX} unless told. */
  readonly max?: number
  /**
   * A pooler (Hyperdrive, PgBouncer) stands between: it shares server sessions and refuses or
   * ignores settings of a session, so none are sent. Its own limits hold instead.
   */
  readonly pooled?: boolean
  readonly statementTimeoutMs?: number
  /** Told of a connection that broke while idle; the pool replaces it. */
  readonly onIdleError?: (error: Error) => void
}

/** A URL, or the host and port or the folder of the Unix socket. */
export type DatabaseAddress =
  | { readonly connectionString: string }
  | {
      readonly host: string
      readonly port: number
      readonly user: string
      readonly database: string
      readonly password?: string
    }

export interface Connection {
  readonly db: Db
  /** The pool under `db`, for what must share its connections (accounts) or count them (metrics). */
  readonly pool: pg.Pool
  /** Waits for statements under way, then closes every connection. */
  close(): Promise<void>
}

/** What connections are kept apart for, so that none of it waits for another. */
export type PoolName = keyof typeof DATABASE_POOLS
export type Pools = Readonly<Record<PoolName, Connection>>

/** A pool each, with the sizes and time-outs of {@link DATABASE_POOLS}. */
export const connectPools = (
  options: DatabaseAddress & Omit<ConnectSettings, 'max' | 'statementTimeoutMs'>,
): Pools => {
  const open = (name: PoolName): Connection => {
    const { connections, statementMs } = DATABASE_POOLS[name]
    return connect({ ...options, max: connections, statementTimeoutMs: statementMs })
  }
  return {
    intake: open('intake'),
    link: open('link'),
    query: open('query'),
    report: open('report'),
    account: open('account'),
  }
}

/** The same value for all pools: one connection where there is one pool, one `Db` of a Worker. */
export const forAllPools = <T>(value: T): Readonly<Record<PoolName, T>> => ({
  intake: value,
  link: value,
  query: value,
  report: value,
  account: value,
})

/** Opens nothing yet: the first statement does, and fails there when nobody answers. */
export const connect = (options: ConnectOptions): Connection => {
  const { max, pooled, statementTimeoutMs, onIdleError, ...address } = options
  const pool = new pg.Pool({
    ...address,
    max: max ?? DATABASE_CONNECTIONS_MAX,
    connectionTimeoutMillis: DATABASE_CONNECT_MS_MAX,
    idleTimeoutMillis: DATABASE_IDLE_MS_MAX,
    types: { getTypeParser },
    ...(pooled === true ? {} : sessionLimits(statementTimeoutMs ?? DATABASE_STATEMENT_MS_MAX)),
  })
  // Without a listener an idle connection that breaks would end the process.
  pool.on('error', (error) => onIdleError?.(error))
  // So would one that breaks while somebody holds it between two statements: he is told by the next.
  pool.on('connect', (client) => client.on('error', () => undefined))
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) })
  return { db, pool, close: () => db.destroy() }
}

const sessionLimits = (statementTimeoutMs: number) => ({
  statement_timeout: statementTimeoutMs,
  idle_in_transaction_session_timeout: DATABASE_IDLE_TRANSACTION_MS_MAX,
  // Hot rows are in memory. At the default of 4, made for turning disks, a batch of a thousand keys
  // walks through the whole table until that is very large: measured at two fifths of the time. And
  // PostgreSQL compiles statements of which it guesses too many rows, which takes longer than they do.
  options: '-c random_page_cost=1.1 -c jit=off',
})

const DATE = 1082
/** int8[], numeric[] and date[]: the driver would make floats and local midnights of their items. */
const TEXT_ITEM_ARRAYS = new Set([1016, 1231, 1182])

const getTypeParser: pg.CustomTypesConfig['getTypeParser'] = (oid, format) => {
  if (format !== 'binary') {
    if (oid === DATE) return (text: string) => text
    if (TEXT_ITEM_ARRAYS.has(oid)) return readPlainArray
  }
  return pg.types.getTypeParser(oid, format)
}

/** One dimension of numbers or dates: none of them is ever quoted. */
const readPlainArray = (text: string): (string | null)[] =>
  text === '{}'
    ? []
    : text
        .slice(1, -1)
        .split(',')
        .map((item) => (item === 'NULL' ? null : item))
