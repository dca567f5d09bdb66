/**
 * A rehearsal: the gateway and the simulated customs office as processes of their own on free
 * loopback ports, with a fresh database and the synthetic enterprises registered. Benches measure
 * on it, the crash suites kill one or the other. On a database server there may be several gateways.
 * Everything it started ends with `close`.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { sql } from 'kysely'
import type { Cast } from '../sim/consignments.ts'
import type { BookedMessage, BooksSummary } from '../sim/types.ts'
import { connect } from '../store/connect.ts'
import { readConfig } from './config.ts'
import { registerEnterprises } from './demo/enterprises.ts'
import { silentLog } from './log.ts'
import { startGateway } from './node.ts'

export interface RehearsalOptions {
  /** The project, built: `bin/` and `dist/` lie in it. */
  readonly root: string
  /** A PostgreSQL server on which a database may be made; the embedded one without it. */
  readonly server: string | undefined
  /** Settings of the gateway beside the ones the rehearsal gives. */
  readonly env?: Readonly<Record<string, string>>
  /** A RabbitMQ broker between the two; without it they call each other by HTTP. */
  readonly amqpUrl?: string
  /** A pair of folders between the two, in the data folder. */
  readonly folders?: boolean
  /** Pace of the simulator. */
  readonly pace: string
  /** The simulator remembers everything when it is started again. */
  readonly journal?: boolean
  /** Gateways on the database, one unless told; the simulator's replies go to the first. */
  readonly gateways?: number
  /** What stands between the simulator and the gateway at this URL: the URL that replies go to. */
  readonly repliesThrough?: (target: string) => Promise<string>
  /** What stands between gateway number `index` and the simulator's URL. */
  readonly messagesThrough?: (target: string, index: number) => Promise<string>
}

export interface Rehearsal {
  /** Of the first gateway. */
  readonly url: string
  /** Of all gateways. */
  readonly urls: readonly string[]
  readonly cast: Cast
  /** API keys by customs code of the enterprise. */
  readonly keys: ReadonlyMap<string, string>
  /** Connection string of the database; undefined for the embedded one, which has one process. */
  readonly databaseUrl: string | undefined
  /** Data folder of the gateway. */
  readonly dataDir: string
  /** Ends a gateway, the first unless told, at once (SIGKILL); resolves when it is gone. */
  kill(index?: number): Promise<void>
  /** Starts it, or starts it again; resolves when it answers. */
  start(index?: number): Promise<void>
  /** Ends the gateways in order, so that a test may open their database. */
  stop(): Promise<void>
  /** The same with the simulator, which runs from the beginning. */
  killSimulator(): Promise<void>
  startSimulator(): Promise<void>
  /** Greatest resident memory of the gateway since it started, in MB; undefined where unknown. */
  residentMb(): Promise<number | undefined>
  books(): Promise<BooksSummary>
  /** Every message the simulator took. */
  bookedMessages(): Promise<readonly BookedMessage[]>
  close(): Promise<void>
}

/** A process that does not answer by then has failed. */
const START_MS_MAX = 60_000
const POLL_MS = 25

export const startRehearsal = async (options: RehearsalOptions): Promise<Rehearsal> => {
  const program = join(options.root, 'bin/yuguan.js')
  const dataDir = await mkdtemp(join(tmpdir(), 'yuguan-rehearsal-'))
  const database = await makeDatabase(options.server)
  const customsPort = await freePort()
  const ports: number[] = []
  while (ports.length < (options.gateways ?? 1)) ports.push(await freePort())
  const token = randomBytes(24).toString('base64url')
  const urls = ports.map((port) => `http://127.0.0.1:${port}`)
  const [url = ''] = urls
  const customs = `http://127.0.0.1:${customsPort}`
  const folders = options.folders === true ? await makeFolders(dataDir) : undefined
  const env = {
    PATH: process.env.PATH ?? '',
    DATA_DIR: dataDir,
    HOST: '127.0.0.1',
    CUSTOMS_TOKEN: token,
    LOG_LEVEL: 'error',
    ...(folders === undefined ? {} : { FOLDER_OUT: folders.out, FOLDER_IN: folders.back }),
    ...(options.amqpUrl === undefined ? {} : { AMQP_URL: options.amqpUrl }),
    ...((options.amqpUrl ?? folders) ? {} : { CUSTOMS_URL: `${customs}/dxp` }),
    ...(database.url === undefined ? {} : { DATABASE_URL: database.url }),
    ...options.env,
  }
  const { cast, keys } = await prepare(options.root, env)
  const gateways = await Promise.all(
    ports.map(async (port, index) => {
      const through = await options.messagesThrough?.(`${customs}/dxp`, index)
      const own = through === undefined ? {} : { CUSTOMS_URL: through }
      const all = { ...env, ...own, PORT: String(port) }
      return managed(program, 'serve', all, `${urls[index]}/readyz`)
    }),
  )
  const gateway = (index: number): Managed => {
    const found = gateways[index]
    if (found === undefined) throw new Error(`there is no gateway ${index}`)
    return found
  }
  const replies = `${url}/api/v1/customs/replies`
  const simulator = managed(
    program,
    'sim',
    {
      PATH: env.PATH,
      PORT: String(customsPort),
      CUSTOMS_TOKEN: token,
      DELIVER_TO: (await options.repliesThrough?.(replies)) ?? replies,
      PACE: options.pace,
      LOG_LEVEL: 'error',
      ...(options.amqpUrl === undefined ? {} : { AMQP_URL: options.amqpUrl }),
      ...(folders === undefined
        ? {}
        : { CUSTOMS_FOLDER_IN: folders.out, CUSTOMS_FOLDER_OUT: folders.back }),
      ...(options.journal === true ? { JOURNAL: join(dataDir, 'simulator.journal') } : {}),
    },
    `${customs}/healthz`,
  )
  await simulator.start()
  const stop = async (): Promise<void> => {
    await Promise.all(gateways.map((each) => each.end('SIGTERM')))
  }
  // Our own simulator of this very build answers.
  const ask = async <T>(path: string): Promise<T> => {
    const headers = { authorization: `Bearer ${token}` }
    return (await (await fetch(`${customs}${path}`, { headers })).json()) as T
  }
  return {
    ...{ url, urls, cast, keys, dataDir, stop },
    databaseUrl: database.url,
    kill: (index = 0) => gateway(index).end('SIGKILL'),
    start: (index = 0) => gateway(index).start(),
    killSimulator: () => simulator.end('SIGKILL'),
    startSimulator: simulator.start,
    residentMb: () => peakResidentMb(gateway(0).pid()),
    books: () => ask<BooksSummary>('/books'),
    bookedMessages: () => ask<readonly BookedMessage[]>('/books/messages'),
    close: async () => {
      await stop()
      await simulator.end('SIGTERM')
      await database.drop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** One process that is started and ended again and again. */
interface Managed {
  /** Resolves when it answers. */
  start(): Promise<void>
  /** Resolves when it is gone; at once when it does not run. */
  end(signal: NodeJS.Signals): Promise<void>
  pid(): number | undefined
}

const managed = (
  program: string,
  command: string,
  env: Readonly<Record<string, string>>,
  sign: string,
): Managed => {
  let child: ChildProcess | undefined
  return {
    start: async () => {
      child = start(program, [command], env)
      await answers(sign, child)
    },
    end: async (signal) => {
      const ending = child
      child = undefined
      if (ending !== undefined) await endProcess(ending, signal)
    },
    pid: () => child?.pid,
  }
}

/** What goes to customs and what comes from there, beside each other. */
const makeFolders = async (
  dataDir: string,
): Promise<{ readonly out: string; readonly back: string }> => {
  const folders = { out: join(dataDir, 'to-customs'), back: join(dataDir, 'from-customs') }
  for (const path of Object.values(folders)) await mkdir(path)
  return folders
}

/** Migrates, seeds and registers through a gateway of this process that nobody calls. */
const prepare = async (root: string, env: Readonly<Record<string, string>>) => {
  const read = readConfig(env)
  if (read.kind === 'problems')
    throw new Error(read.problems.map((problem) => problem.name).join(', '))
  const gateway = await startGateway({
    config: read.config,
    log: silentLog,
    listen: false,
    loops: false,
    workerUrl: pathToFileURL(join(root, 'dist/embedded-worker.js')),
  })
  try {
    return await registerEnterprises(gateway, new Date())
  } finally {
    await gateway.stop()
  }
}

/** A fresh database on the server; nothing without one. */
export const makeDatabase = async (
  server: string | undefined,
): Promise<{
  url: string | undefined
  drop: () => Promise<void>
  /** Leaves it there. */
  close: () => Promise<void>
}> => {
  const nothing = async () => undefined
  if (server === undefined) return { url: undefined, drop: nothing, close: nothing }
  const name = `yuguan_rehearsal_${randomBytes(6).toString('hex')}`
  const admin = connect({ connectionString: server, max: 1 })
  await sql`create database ${sql.id(name)}`.execute(admin.db)
  const url = new URL(server)
  url.pathname = `/${name}`
  return {
    url: url.href,
    drop: async () => {
      await sql`drop database ${sql.id(name)} with (force)`.execute(admin.db)
      await admin.close()
    },
    close: () => admin.close(),
  }
}

const start = (
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): ChildProcess =>
  // Node's own options (a profiler, a memory limit) hold for the processes that are measured too.
  spawn(process.execPath, [...process.execArgv, program, ...args], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  })

const endProcess = async (child: ChildProcess, signal: NodeJS.Signals): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill(signal)
  await gone
}

const answers = async (url: string, child: ChildProcess): Promise<void> => {
  const until = performance.now() + START_MS_MAX
  while (performance.now() < until) {
    if (child.exitCode !== null) throw new Error(`${url}: the process ended (${child.exitCode})`)
    const answer = await fetch(url).catch(() => undefined)
    await answer?.body?.cancel()
    if (answer?.ok === true) return
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
  throw new Error(`${url} did not answer in ${START_MS_MAX} ms`)
}

/** A loopback port that is free at this moment. */
export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  server.close()
  await once(server, 'close')
  return port
}

/** Linux tells it; elsewhere it stays unknown. */
const peakResidentMb = async (pid: number | undefined): Promise<number | undefined> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  const kb = /VmHWM:\s+(\d+) kB/.exec(status)?.[1]
  return kb === undefined ? undefined : Number(kb) / 1024
}
