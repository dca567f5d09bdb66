/**
 * What benches of figures have in common: a database of their own on the PostgreSQL that DATABASE_URL
 * names, with a gateway on it, and questions that are asked until there is a median.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from '../../store/connect.ts'
import type { Db } from '../../store/tables.ts'
import { readConfig } from '../config.ts'
import { silentLog } from '../log.ts'
import { type RunningGateway, startGateway } from '../node.ts'
import { makeDatabase } from '../rehearsal.ts'
import { UsageError } from '../usage.ts'

/** What becomes of the database, and where it comes from. */
export interface BenchDatabase {
  readonly keep?: boolean | undefined
  readonly made?: boolean | undefined
}

/** Milliseconds inside the process, and over HTTP. */
export interface Asked {
  readonly calls: number
  readonly medianMs: number
  readonly p95Ms: number
  readonly httpMedianMs: number
  readonly httpP95Ms: number
}

export interface Desk {
  readonly gateway: RunningGateway
  readonly key: string
}

const CALLS = 200
/** A question that takes long is asked less often, but so many times at least. */
const CALLS_MIN = 5
const QUESTION_MS_MAX = 4_000
/** Whole tables are gone through: no question of the gateway may take so long. */
const STATEMENT_MS_MAX = 3_600_000

/** Works on a new database, which is dropped unless it is kept, or on the one that is named. */
export const withDatabase = async <T>(
  name: string,
  server: string | undefined,
  { keep = false, made = false }: BenchDatabase,
  work: (gateway: RunningGateway, db: Db) => Promise<T>,
): Promise<T> => {
  if (server === undefined) throw new UsageError(`须设置 DATABASE_URL / ${name} needs DATABASE_URL`)
  const database = made ? undefined : await makeDatabase(server)
  const url = database?.url ?? server
  if (keep) tell('kept', { database: new URL(url).pathname.slice(1) })
  const dataDir = await mkdtemp(join(tmpdir(), `yuguan-${name}-`))
  try {
    const read = readConfig({
      ...{ DATA_DIR: dataDir, DATABASE_URL: url },
      RATE_LIMITS: ['sign-in', 'account', 'read', 'report', 'stranger']
        .map((name) => `${name}=100000000/10`)
        .join(' '),
    })
    if (read.kind === 'problems') throw new Error('the settings of the bench are wrong')
    const gateway = await startGateway({
      ...{ config: { ...read.config, port: 0 }, log: silentLog, loops: false },
    })
    const long = connect({
      ...{ connectionString: url, max: 3, statementTimeoutMs: STATEMENT_MS_MAX },
    })
    try {
      return await work(gateway, long.db)
    } finally {
      await long.close()
      await gateway.stop()
    }
  } finally {
    await (keep ? database?.close() : database?.drop())
    await rm(dataDir, { recursive: true, force: true })
  }
}

/** It takes long: what is known by then is told at once, beside the figures. */
export const tell = (what: string, figures: object): void =>
  console.error(`${what} ${JSON.stringify(figures)}`)

/** Milliseconds of each call, sorted; the first one only warms up. */
export const times = async (call: () => Promise<void>): Promise<readonly number[]> => {
  await call()
  const found: number[] = []
  const start = performance.now()
  while (
    found.length < CALLS &&
    (found.length < CALLS_MIN || performance.now() - start < QUESTION_MS_MAX)
  )
    found.push((await timed(call)).seconds * 1000)
  return found.sort((a, b) => a - b)
}

/** Of times inside the process and over HTTP, each sorted. */
export const askedIn = (inside: readonly number[], http: readonly number[]): Asked => ({
  calls: inside.length,
  ...{ medianMs: quantile(inside, 0.5), p95Ms: quantile(inside, 0.95) },
  ...{ httpMedianMs: quantile(http, 0.5), httpP95Ms: quantile(http, 0.95) },
})

const quantile = (sorted: readonly number[], share: number): number =>
  round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0)

export const round = (value: number): number => Math.round(value * 100) / 100

export const timed = async <T>(work: () => Promise<T>): Promise<{ value: T; seconds: number }> => {
  const start = performance.now()
  const value = await work()
  return { value, seconds: (performance.now() - start) / 1000 }
}

/** Throws for whatever is not well. */
export const get = async ({ gateway, key }: Desk, path: string): Promise<Response> => {
  const answer = await fetch(`${gateway.url}/api/v1${path}`, {
    headers: { authorization: `Bearer ${key}` },
  })
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`)
  return answer
}
