/**
 * The database of a gateway on Node: the PostgreSQL server that the settings name, by pools that keep
 * handing in, links, queries, reports and accounts apart, or the embedded one behind a single pool.
 */
import type { Log } from '../flow/types.ts'
import { EMBEDDED_POOL_MAX } from '../kernel/limits.ts'
import {
  type Connection,
  connect,
  connectPools,
  forAllPools,
  type Pools,
} from '../store/connect.ts'
import { startEmbedded } from '../store/embedded.ts'
import { migrate } from '../store/migrate.ts'
import { seedReference } from '../store/reference.ts'
import type { Config } from './config.ts'

export interface OpenOptions {
  /** Thread of the embedded database, where it does not lie beside this program. */
  readonly workerUrl?: URL
  /** Told when the database ends by itself; the process should end too. */
  readonly onFailure?: (error: Error) => void
}

export interface OpenDatabase {
  readonly pools: Pools
  /** Closes the pools, then the embedded database when it is one. */
  close(): Promise<void>
}

/** The server that DATABASE_URL names, or the embedded database in the data folder. */
export const openDatabase = async (
  config: Config,
  log: Log,
  { onFailure, workerUrl }: OpenOptions = {},
): Promise<OpenDatabase> => {
  const onIdleError = (error: Error): void =>
    log.warn('database-idle-error', { reason: error.name })
  if (config.databaseUrl !== undefined) {
    const pools = connectPools({ connectionString: config.databaseUrl, onIdleError })
    return { pools, close: () => closePools(pools) }
  }
  const embedded = await startEmbedded({
    dataDir: config.dataDir,
    log,
    ...(onFailure === undefined ? {} : { onFailure }),
    ...(workerUrl === undefined ? {} : { workerUrl }),
  })
  // It does one transaction at a time, whoever asks: pools beside each other would change nothing.
  const connection = connect({ ...embedded.address, max: EMBEDDED_POOL_MAX, onIdleError })
  return {
    pools: forAllPools(connection),
    close: async () => {
      await connection.close()
      await embedded.close()
    },
  }
}

/** Schema and reference data; the names of the migrations that were applied. */
export const prepareDatabase = async (
  { db }: Pick<Connection, 'db'>,
  log: Log,
): Promise<readonly string[]> => {
  const { applied } = await migrate(db)
  await seedReference(db)
  if (applied.length > 0) log.info('database-migrated', { applied })
  return applied
}

const closePools = async (pools: Pools): Promise<void> => {
  await Promise.all(Object.values(pools).map((pool) => pool.close()))
}
