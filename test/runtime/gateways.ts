/**
 * Starts the gateway as its users do, on Node (`yuguan serve`) and on Workers (`wrangler dev
 * --local`), each with a database, a simulated customs office as a process of its own and the
 * synthetic enterprises registered. Everything is on loopback and ends with `close`.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { readConfig } from '../../src/run/config.ts'
import { registerEnterprises } from '../../src/run/demo/enterprises.ts'
import { silentLog } from '../../src/run/log.ts'
import { startGateway } from '../../src/run/node.ts'
import type { Cast } from '../../src/sim/consignments.ts'
import { connect } from '../../src/store/connect.ts'
import { startTestEmbedded } from '../support/database.ts'

export interface RuntimeGateway {
  readonly url: string
  readonly cast: Cast
  /** API keys by customs code. */
  readonly keys: ReadonlyMap<string, string>
  readonly customsToken: string
  /** What a clock does in production: runs what came due. Nothing where loops run by themselves. */
  tick(): Promise<void>
  /** Process id of the gateway, where one process is the gateway. */
  readonly pid: number | undefined
  /** Ends the gateway in order and gives its exit code. */
  end(): Promise<number | null>
  close(): Promise<void>
}

const root = fileURLToPath(new URL('../../', import.meta.url))
const program = join(root, 'bin/yuguan.js')
export const wrangler = join(root, 'node_modules/.bin/wrangler')
const isBuilt = existsSync(join(root, 'dist/yuguan.js'))
/** A process that does not answer by then has failed; bundling for Workers takes most of it. */
const START_MS_MAX = 100_000
const POLL_MS = 50

export const startNode = async (): Promise<RuntimeGateway> => {
  const base = await prepare()
  const gateway = start(program, ['serve'], {
    ...base.env,
    CUSTOMS_URL: base.customsUrl,
    PORT: String(base.port),
    LOG_LEVEL: 'error',
  })
  await answers(`${base.url}/readyz`, gateway)
  return running(base, gateway, () => Promise.resolve())
}

export const startWorker = async (): Promise<RuntimeGateway> => {
  const base = await prepare()
  const settings = {
    DATA_KEY: base.env.DATA_KEY,
    AUTH_SECRET: base.env.AUTH_SECRET,
    CUSTOMS_TOKEN: base.env.CUSTOMS_TOKEN,
    CUSTOMS_URL: base.customsUrl,
  }
  const gateway = start(
    wrangler,
    [
      ...['dev', '--local', '--ip', '127.0.0.1', '--port', String(base.port)],
      ...['--inspector-port', String(await freePort()), '--test-scheduled'],
      ...['--persist-to', join(base.folder, 'state'), '--log-level', 'error'],
      ...Object.entries(settings).flatMap(([name, value]) => ['--var', `${name}:${value}`]),
    ],
    {
      PATH: process.env.PATH ?? '',
      HOME: base.folder,
      XDG_CONFIG_HOME: base.folder,
      CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_HYPERDRIVE: withPassword(base.env.DATABASE_URL),
      // Nothing of it may leave this machine.
      CLOUDFLARE_CF_FETCH_ENABLED: 'false',
      WRANGLER_SEND_METRICS: 'false',
      WRANGLER_SEND_ERROR_REPORTS: 'false',
      WRANGLER_HIDE_BANNER: 'true',
      WRANGLER_LOG_PATH: join(base.folder, 'logs'),
      CI: 'true',
    },
  )
  await answers(`${base.url}/readyz`, gateway)
  return running(base, gateway, async () => {
    const answer = await fetch(`${base.url}/__scheduled?cron=*+*+*+*+*`)
    await answer.text()
    if (!answer.ok) throw new Error(`the scheduled run failed: ${answer.status}`)
  })
}

type Base = Awaited<ReturnType<typeof prepare>>

const running = (base: Base, gateway: ChildProcess, tick: () => Promise<void>): RuntimeGateway => ({
  url: base.url,
  cast: base.cast,
  keys: base.keys,
  customsToken: base.env.CUSTOMS_TOKEN,
  pid: gateway.pid,
  tick,
  end: () => endProcess(gateway),
  close: async () => {
    await endProcess(gateway)
    await base.close()
  },
})

/** Database, enterprises and the customs office; all but the gateway. */
const prepare = async () => {
  if (!isBuilt) throw new Error('dist/ is not built: npm run build')
  const folder = await mkdtemp(join(tmpdir(), 'yuguan-runtime-'))
  const database = await makeDatabase(folder)
  const env = {
    PATH: process.env.PATH ?? '',
    DATA_DIR: join(folder, 'data'),
    DATABASE_URL: database.url,
    DATA_KEY: randomBytes(32).toString('base64'),
    AUTH_SECRET: randomBytes(32).toString('base64url'),
    CUSTOMS_TOKEN: randomBytes(24).toString('base64url'),
  }
  const read = readConfig(env)
  if (read.kind === 'problems') throw new Error(JSON.stringify(read.problems))
  const { config } = read
  const gateway = await startGateway({ config, log: silentLog, listen: false, loops: false })
  const { cast, keys } = await registerEnterprises(gateway, new Date())
  await gateway.stop()
  const [port, customsPort] = [await freePort(), await freePort()]
  const url = `http://127.0.0.1:${port}`
  const customs = start(program, ['sim'], {
    PATH: env.PATH,
    PORT: String(customsPort),
    CUSTOMS_TOKEN: env.CUSTOMS_TOKEN,
    DELIVER_TO: `${url}/api/v1/customs/replies`,
    PACE: 'instant',
  })
  await answers(`http://127.0.0.1:${customsPort}/healthz`, customs)
  return {
    ...{ folder, env, cast, keys, url, port },
    customsUrl: `http://127.0.0.1:${customsPort}/dxp`,
    close: async () => {
      await endProcess(customs)
      await database.drop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** On TEST_DATABASE_URL when it is there, else the embedded one on a loopback port. */
const makeDatabase = async (folder: string) => {
  const server = process.env.TEST_DATABASE_URL ?? ''
  if (server === '') {
    const embedded = await startTestEmbedded(join(folder, 'data'), 0)
    return { url: embedded.connectionString, drop: () => embedded.close() }
  }
  const name = `yuguan_runtime_${randomBytes(6).toString('hex')}`
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
  }
}

/** Hyperdrive wants one in the address, also where the server asks for none. */
const withPassword = (address: string): string => {
  const url = new URL(address)
  if (url.password === '') url.password = 'none'
  return url.href
}

/** In a group of its own: wrangler's children end with it. */
const start = (
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): ChildProcess =>
  spawn(process.execPath, [command, ...args], {
    cwd: root,
    env,
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit'],
  })

const endProcess = async (child: ChildProcess): Promise<number | null> => {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
  const gone = once(child, 'exit')
  if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM')
  await gone
  return child.exitCode
}

const answers = async (url: string, child: ChildProcess): Promise<void> => {
  const until = performance.now() + START_MS_MAX
  while (performance.now() < until) {
    if (child.exitCode !== null) throw new Error(`${url}: the process ended (${child.exitCode})`)
    const answer = await fetch(url).catch(() => undefined)
    await answer?.body?.cancel()
    if (answer?.ok === true) return
    await pause(POLL_MS)
  }
  throw new Error(`${url} did not answer in ${START_MS_MAX} ms`)
}

export const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms)
  })

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  server.close()
  await once(server, 'close')
  return port
}
