/**
 * The database that comes along: real PostgreSQL (PGlite) in a thread of this process, with its files
 * in `<dataDir>/db`, reached over a socket like any other server, so that there is one code path and
 * nothing to install. One process at a time; one transaction at a time, so a pool of a few
 * connections is enough (see {@link EMBEDDED_POOL_MAX}).
 */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { platform } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { Worker } from 'node:worker_threads'
import { SOCKET_PATH_BYTES_MAX } from '../kernel/limits.ts'
import type { DatabaseAddress } from './connect.ts'
import { lockFolder } from './embedded-lock.ts'
import type { WorkerReady, WorkerTask } from './embedded-worker.ts'

export interface EmbeddedOptions {
  /** Made when it is missing; relative to the working folder. */
  readonly dataDir: string
  /** Listen on this loopback port (0: any free one) and not on a socket in the data folder. */
  readonly tcpPort?: number
  readonly log: { info(event: string, facts?: Readonly<Record<string, unknown>>): void }
  /** Told when the database ends without having been closed; the process should end too. */
  readonly onFailure?: (error: Error) => void
  /** The built worker; that of `dist/` unless told. */
  readonly workerUrl?: URL
}

export interface Embedded {
  /** For `connect`. */
  readonly address: DatabaseAddress
  /** The same as a URL, for other programs. */
  readonly connectionString: string
  /** Ends open connections, writes a checkpoint and frees the folder. */
  close(): Promise<void>
}

/** Throws when another process holds the folder, naming it. */
export const startEmbedded = async (options: EmbeddedOptions): Promise<Embedded> => {
  const dataDir = resolve(options.dataDir)
  const workerUrl = options.workerUrl ?? builtWorker()
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const socketPath = join(dataDir, `.s.PGSQL.${SOCKET_PORT}`)
  const tcpPort = options.tcpPort ?? (fitsSocket(socketPath) ? undefined : 0)
  const lock = await lockFolder(dataDir, tcpPort === undefined ? socketPath : '')
  try {
    if (!existsSync(join(dataDir, 'db'))) await createDatabase(dataDir, workerUrl)
    // Left behind by a killed process; nobody else can be listening, the lock is ours.
    rmSync(socketPath, { force: true })
    const listen = tcpPort === undefined ? { path: socketPath } : { host: LOOPBACK, port: tcpPort }
    const thread = await startThread(workerUrl, {
      kind: 'serve',
      folder: join(dataDir, 'db'),
      listen,
    })
    const address = addressOf(dataDir, tcpPort === undefined ? undefined : thread.port)
    options.log.info('database-started', { folder: dataDir, ...address })
    return {
      address,
      connectionString: urlOf(address),
      close: watch(thread.worker, options.onFailure, lock.release),
    }
  } catch (error) {
    lock.release()
    throw error
  }
}

const LOOPBACK = '127.0.0.1'
/** Part of the name by which clients look for a socket in a folder; no port is opened. */
const SOCKET_PORT = 5432

/** This file is joined into `dist/` itself or into a chunk one folder below. */
const builtWorker = (): URL => {
  const beside = new URL('./embedded-worker.js', import.meta.url)
  return existsSync(beside) ? beside : new URL('../embedded-worker.js', import.meta.url)
}

const fitsSocket = (path: string): boolean =>
  platform() !== 'win32' && Buffer.byteLength(path) <= SOCKET_PATH_BYTES_MAX

/** Made aside and renamed: a start that is killed half-way leaves nothing that looks complete. */
const createDatabase = async (dataDir: string, workerUrl: URL): Promise<void> => {
  const folder = join(dataDir, 'db.new')
  rmSync(folder, { recursive: true, force: true })
  const worker = await newThread(workerUrl, { kind: 'create', folder })
  await new Promise<void>((done, fail) => {
    worker.once('error', fail)
    worker.once('exit', () => done())
  })
  renameSync(folder, join(dataDir, 'db'))
}

const startThread = async (
  workerUrl: URL,
  task: WorkerTask,
): Promise<{ worker: Worker; port: number }> => {
  const worker = await newThread(workerUrl, task)
  return new Promise((done, fail) => {
    worker.once('error', fail)
    worker.once('exit', () => fail(new Error('The embedded database ended while starting.')))
    worker.once('message', (ready: WorkerReady) => done({ worker, port: ready.port }))
  })
}

const newThread = async (workerUrl: URL, task: WorkerTask): Promise<Worker> => {
  const library = createRequire(import.meta.url).resolve('@electric-sql/pglite')
  engine ??= readFile(join(dirname(library), 'pglite.wasm')).then((bytes) =>
    WebAssembly.compile(bytes),
  )
  return new Worker(workerUrl, { workerData: { ...task, engine: await engine } })
}

/** Compiled once for all databases of this process: that is most of what opening one costs. */
let engine: Promise<WebAssembly.Module> | undefined

/** Gives the closer; an end that it did not ask for is a failure. */
const watch = (
  worker: Worker,
  onFailure: ((error: Error) => void) | undefined,
  release: () => void,
): (() => Promise<void>) => {
  let closing = false
  const ended = new Promise<void>((done) => {
    worker.once('exit', () => {
      release()
      if (!closing) onFailure?.(new Error('The embedded database ended unexpectedly.'))
      done()
    })
  })
  worker.on('error', (error) => {
    closing = true
    onFailure?.(error)
  })
  return () => {
    if (!closing) worker.postMessage('close')
    closing = true
    return ended
  }
}

const addressOf = (dataDir: string, port: number | undefined) => ({
  host: port === undefined ? dataDir : LOOPBACK,
  port: port ?? SOCKET_PORT,
  user: 'postgres',
  database: 'postgres',
})

const urlOf = (address: ReturnType<typeof addressOf>): string =>
  address.host === LOOPBACK
    ? `postgres://${address.user}@${address.host}:${address.port}/${address.database}`
    : `postgres://${address.user}@/${address.database}?host=${encodeURIComponent(address.host)}`
