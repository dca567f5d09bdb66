/**
 * The gateway on Node: opens the database, brings it to the schema of this program, makes keys and
 * the operator at the first start, runs the loops and listens. `startGateway` is what every command
 * that needs a running gateway calls; `stop` finishes what is under way and closes in order.
 */
import { existsSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { fileURLToPath } from 'node:url'
import { getRequestListener } from '@hono/node-server'
import { getConnInfo } from '@hono/node-server/conninfo'
import { serveStatic } from '@hono/node-server/serve-static'
import { type Context, Hono } from 'hono'
import { keepHouse } from '../flow/housekeeping.ts'
import { foldLedger } from '../flow/ledger-folding.ts'
import { followSettlements } from '../flow/settlements-follow.ts'
import { foldSettlements } from '../flow/settlements-kept.ts'
import { compareSettlements } from '../flow/settlements-ties.ts'
import { tendSigners } from '../flow/signers.ts'
import { keepClocks } from '../flow/stage-clocks.ts'
import type { FlowDeps, Log } from '../flow/types.ts'
import { resendUnanswered } from '../flow/unanswered.ts'
import { type Clock, systemClock } from '../kernel/clock.ts'
import { CLOCKS_LOOK_MS } from '../kernel/clock-limits.ts'
import { LEDGER_FOLD_MS } from '../kernel/fold-limits.ts'
import {
  HOUSEKEEPING_MS,
  SHUTDOWN_MS_MAX,
  SIGNER_PROBE_MS,
  UNANSWERED_LOOK_MS,
} from '../kernel/limits.ts'
import {
  SETTLEMENT_FOLD_MS,
  SETTLEMENT_TIES_MS,
  SETTLEMENTS_FOLLOW_MS,
} from '../kernel/settlement-limits.ts'
import type { PoolName, Pools } from '../store/connect.ts'
import { adoptQueues } from '../store/links.ts'
import type { Db } from '../store/tables.ts'
import type { Link } from '../wire/types.ts'
import { socketWebhooks } from '../wire/webhook-sockets.ts'
import { type Chore, type Closing, createClosing, startChore } from './closing.ts'
import type { Config } from './config.ts'
import { type OpenOptions, openDatabase, prepareDatabase } from './database.ts'
import { closeDevices, openDevices } from './drivers.ts'
import { createGateway, type Gateway } from './gateway.ts'
import { loadOrCreateKeyFile } from './key-file.ts'
import { createLimiter } from './limiter.ts'
import { openLinks } from './links.ts'
import { createLoops } from './loops.ts'
import { createMetrics } from './metrics.ts'
import { nodeLinks } from './node-links.ts'
import { startReceivers } from './receivers.ts'
import { createRehearsals, type RunningRehearsals } from './rehearsals.ts'
import { reportPdf } from './report-pdf.ts'
import { loadOrCreateAuthSecret } from './secret-file.ts'
import { version } from './version.ts'

export interface StartOptions extends OpenOptions {
  readonly config: Config
  readonly log: Log
  readonly clock?: Clock
  /** Instead of those the settings name, such as a simulator in the same process. */
  readonly links?: readonly Link[]
  /** False for commands that need the gateway but nobody to call it. */
  readonly listen?: boolean
  /** False where the caller runs the stages himself. */
  readonly loops?: boolean
}

export interface RunningGateway extends Gateway {
  /** Where it listens; '' when it does not. */
  readonly url: string
  readonly database: Pools
  /** Migrations this start applied. */
  readonly migrations: readonly string[]
  /** Made at this start, its password told this once. */
  readonly operator: { readonly email: string; readonly password: string } | undefined
  /** Ends loops and requests, then closes the database. May be called twice. */
  stop(): Promise<void>
}

export const startGateway = async (options: StartOptions): Promise<RunningGateway> => {
  const closing = createClosing(options.log)
  try {
    return await start(options, closing)
  } catch (error) {
    await closing.close()
    throw error
  }
}

const start = async (options: StartOptions, closing: Closing): Promise<RunningGateway> => {
  const { config, log } = options
  const devices = await openDevices(config.signingDrivers)
  closing.add('devices', () => closeDevices(devices), SHUTDOWN_MS_MAX)
  const opened = await openDatabase(config, log, options)
  closing.add('database', opened.close)
  const migrations = await prepareDatabase(opened.pools.link, log)
  const clock = options.clock ?? systemClock
  const links = options.links ?? openLinks(config, nodeLinks(config, { clock, log }))
  for (const { code, transport } of links)
    closing.add(`transport ${code}`, async () => transport.close?.(), SHUTDOWN_MS_MAX)
  await adoptMessages(opened.pools.link.db, links, log)
  const webhookCalls = socketWebhooks(config.webhookTargets)
  closing.add('webhooks', async () => webhookCalls.close(), SHUTDOWN_MS_MAX)
  const loops = createLoops({ composeLingerMs: config.composeLingerMs })
  // A batch that is under way ends before its lease does: nothing of it may take longer.
  closing.add('loops', loops.stop, config.leaseSeconds * 1000)
  const stopping = new AbortController()
  let rehearsals: RunningRehearsals | undefined
  closing.add('rehearsals', async () => rehearsals?.close(), SHUTDOWN_MS_MAX)
  const gateway = createGateway({
    config,
    links,
    db: opened.pools.link.db,
    pools: dbsOf(opened.pools),
    dataKey: config.dataKey ?? (await loadOrCreateKeyFile(config.dataDir)).text,
    authSecret: config.authSecret ?? (await loadOrCreateAuthSecret(config.dataDir)),
    log,
    devices,
    webhookCalls,
    wake: loops.wake,
    every,
    stopping: stopping.signal,
    limiter: createLimiter({ figures: config.rateLimits }),
    reportPdf,
    rehearsals: (flow) => {
      rehearsals = createRehearsals({ flow, config })
      return rehearsals
    },
    metrics: (flow, pools) =>
      createMetrics({
        ...{ flow, db: pools.report, version, pools: distinctPools(opened.pools) },
        ofProcess: options.listen !== false,
      }),
    addressOf: addressReader(config),
    ...(options.listen === false ? {} : { assets: createAssets() }),
    clock,
  })
  const operator = await gateway.accounts.ensureOperator(config.operatorEmail)
  const server = options.listen === false ? undefined : await listen(gateway, config)
  closing.add('chores', startChores(gateway.flow, options), SHUTDOWN_MS_MAX)
  if (options.loops !== false) {
    const receivers = startReceivers(gateway.flow, every)
    closing.add('receivers', receivers.stop, SHUTDOWN_MS_MAX)
    loops.start(gateway.flow, gateway.stages)
  }
  closing.add('server', () => closeServer(server))
  const url = server === undefined ? '' : urlOf(server, config)
  log.info('gateway-started', { url, migrations, stages: gateway.stages })
  let stopped: Promise<void> | undefined
  return {
    ...gateway,
    url,
    database: opened.pools,
    migrations,
    operator,
    stop: () => {
      stopping.abort()
      stopped ??= closing.close()
      return stopped
    },
  }
}

/** What is done now and then; gives what ends all of it. */
const startChores = (flow: FlowDeps, { loops }: StartOptions): (() => Promise<void>) => {
  const chores: Chore[] = [
    { name: 'housekeeping', intervalMs: HOUSEKEEPING_MS, run: () => keepHouse(flow) },
    { name: 'signers', intervalMs: SIGNER_PROBE_MS, run: () => tendSigners(flow) },
  ]
  // Those of whoever runs the stages.
  const clocks = { name: 'clocks', intervalMs: CLOCKS_LOOK_MS, run: () => keepClocks(flow) }
  const folding = { name: 'ledger', intervalMs: LEDGER_FOLD_MS, run: () => foldLedger(flow) }
  const resending = {
    ...{ name: 'resending', intervalMs: Math.min(UNANSWERED_LOOK_MS, flow.resendMs) },
    run: () => resendUnanswered(flow),
  }
  const settlements = {
    ...{ name: 'settlements', intervalMs: SETTLEMENTS_FOLLOW_MS },
    run: () => followSettlements(flow),
  }
  const summing = {
    ...{ name: 'settlement-sums', intervalMs: SETTLEMENT_FOLD_MS },
    run: () => foldSettlements(flow),
  }
  const comparing = {
    ...{ name: 'settlement-ties', intervalMs: SETTLEMENT_TIES_MS },
    run: () => compareSettlements(flow),
  }
  if (loops !== false)
    chores.push(
      ...[clocks, folding, settlements, summing, comparing],
      ...(flow.resendMs > 0 ? [resending] : []),
    )
  const ends = chores.map((each) => startChore(flow.log, each))
  return async () => {
    await Promise.all(ends.map((end) => end()))
  }
}

/** One pool that serves every purpose is told of once. */
const distinctPools = (pools: Pools): Partial<Pools> =>
  pools.intake === pools.link ? { link: pools.link } : pools

const dbsOf = ({
  intake,
  link,
  query,
  report,
  account,
}: Pools): Readonly<Record<PoolName, Db>> => ({
  intake: intake.db,
  link: link.db,
  query: query.db,
  report: report.db,
  account: account.db,
})

/**
 * Where a request comes from: what the proxy says when the settings name its header, of several
 * addresses the last, which the nearest proxy wrote; else the other end of the socket. A request made
 * inside the process has no socket, and comes from nowhere else.
 */
const addressReader =
  ({ clientAddressHeader }: Config) =>
  (c: Context): string | undefined =>
    clientAddressHeader === undefined
      ? hasSocket(c)
        ? getConnInfo(c).remote.address
        : undefined
      : c.req.header(clientAddressHeader)?.split(',').at(-1)?.trim()

const hasSocket = ({ env }: Context): boolean => env?.incoming !== undefined

/** Messages that waited for a link the settings named before go to the first they name now. */
const adoptMessages = async (db: Db, links: readonly Link[], log: Log): Promise<void> => {
  const [first] = links
  if (first === undefined) return
  const codes = links.map(({ code }) => code)
  const messages = await adoptQueues(db, codes, first.code)
  if (messages > 0) log.info('queue-adopted', { link: first.code, messages })
}

/** Thrown when another program holds the port; its message is for the person at the terminal. */
export class PortTaken extends Error {}

/** This file is joined into `dist/` itself or into a chunk one folder below. */
const publicFolder = (): string => {
  const beside = new URL('./public', import.meta.url)
  return fileURLToPath(existsSync(beside) ? beside : new URL('../public', import.meta.url))
}

/** A script's address carries the release, so it may be kept for good. */
const ASSET_CACHE = 'public, max-age=31536000, immutable'

const createAssets = (): Hono => {
  const assets = new Hono()
  const files = serveStatic({ root: publicFolder() })
  assets.get('/assets/*', async (c, next) => {
    const answered = await files(c, next)
    if (answered instanceof Response) answered.headers.set('cache-control', ASSET_CACHE)
    return answered
  })
  return assets
}

const listen = (gateway: Gateway, config: Config): Promise<Server> => {
  const server = createServer(getRequestListener(gateway.app.fetch))
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const taken = 'code' in error && error.code === 'EADDRINUSE'
      reject(
        taken
          ? new PortTaken(
              `端口 ${config.port} 已被占用,请设置 PORT=其他端口。 ` +
                `Port ${config.port} is taken; set PORT to another one.`,
            )
          : error,
      )
    })
    server.listen(config.port, config.host, () => resolve(server))
  })
}

const urlOf = (server: Server, config: Config): string => {
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : config.port
  const host = config.host.includes(':') ? `[${config.host}]` : config.host
  return `http://${host}:${port}`
}

/** New connections are refused at once; those under way get a while. */
const closeServer = async (server: Server | undefined): Promise<void> => {
  if (server === undefined) return
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve())
  })
  server.closeIdleConnections()
  const late = setTimeout(() => server.closeAllConnections(), SHUTDOWN_MS_MAX)
  await closed
  clearTimeout(late)
}

const every = (intervalMs: number, run: () => void): (() => void) => {
  const timer = setInterval(run, intervalMs)
  return () => clearInterval(timer)
}
