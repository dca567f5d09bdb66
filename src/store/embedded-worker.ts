/**
 * The thread in which the embedded database lives, so that the gateway's own thread stays free while
 * it works. Told to `create`, it makes an empty database, brings all its files to the disk and ends;
 * told to `serve`, it listens until it is told to close.
 */
import { chmodSync, closeSync, fsyncSync, openSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'
import {
  DATABASE_IDLE_TRANSACTION_MS_MAX,
  EMBEDDED_CHORE_MS,
  EMBEDDED_CONNECTIONS_MAX,
} from '../kernel/limits.ts'
import { openSharedDatabase } from './embedded-database.ts'

export type WorkerTask =
  | { readonly kind: 'create'; readonly folder: string }
  | {
      readonly kind: 'serve'
      readonly folder: string
      readonly listen: { readonly path: string } | { readonly host: string; readonly port: number }
    }

/** Sent once; `port` is 0 on a Unix socket. */
export interface WorkerReady {
  readonly port: number
}

const create = async (folder: string): Promise<void> => {
  const database = await openSharedDatabase(folder, engine)
  await database.close()
  syncFolder(folder)
}

const serve = async (task: Extract<WorkerTask, { kind: 'serve' }>): Promise<void> => {
  const database = await openSharedDatabase(task.folder, engine)
  const server = new PGLiteSocketServer({
    db: database,
    ...task.listen,
    maxConnections: EMBEDDED_CONNECTIONS_MAX,
    // Longer than a pool keeps an idle connection: it ends only clients that hold a transaction
    // and say nothing, which here would stop everybody else.
    idleTimeout: DATABASE_IDLE_TRANSACTION_MS_MAX,
  })
  await server.start()
  // Besides the folder's own mode: nobody else on this machine may connect.
  if ('path' in task.listen) chmodSync(task.listen.path, 0o600)
  const chores = setInterval(() => void database.keepHouse(), EMBEDDED_CHORE_MS)
  parentPort?.once('message', async () => {
    clearInterval(chores)
    await server.stop()
    await database.close()
    parentPort?.close()
  })
  const port = Number(server.getServerConn().split(':').at(-1))
  const ready: WorkerReady = { port: 'path' in task.listen ? 0 : port }
  parentPort?.postMessage(ready)
}

/** Files first, then the folders that name them. */
const syncFolder = (folder: string): void => {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) syncFolder(path)
    else syncPath(path)
  }
  syncPath(folder)
}

const syncPath = (path: string): void => {
  const file = openSync(path, 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

const { engine, ...task }: WorkerTask & { readonly engine: WebAssembly.Module } = workerData
await (task.kind === 'create' ? create(task.folder) : serve(task))
