/**
 * The composition root: puts database, keys, clock, transport and settings together into the flow
 * and the HTTP application. Both runtimes and all commands start from here; nothing else in the
 * project knows where its collaborators come from.
 */
import { randomBytes } from 'node:crypto'
import type { Hono } from 'hono'
import { createStanding, statusView } from '../flow/link-status.ts'
import { createMeter } from '../flow/meter.ts'
import { newsSince } from '../flow/news.ts'
import { enterpriseQueue } from '../flow/places.ts'
import { pageTotals } from '../flow/public-totals.ts'
import { stages } from '../flow/stages.ts'
import { cityTargets } from '../flow/targets.ts'
import type { FlowDeps, Log } from '../flow/types.ts'
import { type Accounts, createAccounts } from '../http/accounts.ts'
import { type App, createApp, routes } from '../http/app.ts'
import { whoLooks } from '../http/identify.ts'
import type { AppDeps, SigningKeys } from '../http/route.ts'
import { type Clock, systemClock } from '../kernel/clock.ts'
import { type Ids, randomIds } from '../kernel/ids.ts'
import { keptFor } from '../kernel/kept.ts'
import { REFERENCE_KEPT_MS } from '../kernel/reference-limits.ts'
import { forAllPools, type PoolName } from '../store/connect.ts'
import { hasGoodsReference } from '../store/goods-reference.ts'
import { readKeyring } from '../store/keyring.ts'
import { createSealer } from '../store/seal.ts'
import type { Db, Stage } from '../store/tables.ts'
import { createPages, type PagesDeps } from '../web/pages.ts'
import { httpRealTimeData, type RealTimeData } from '../wire/real-time-data.ts'
import type { Link } from '../wire/types.ts'
import { fetchWebhooks, type WebhookCalls } from '../wire/webhook.ts'
import type { Config } from './config.ts'
import type { Devices } from './drivers.ts'
import { createSigners } from './signers.ts'
import { version } from './version.ts'

export interface GatewayOptions {
  readonly config: Config
  /** Of the stages; of everything where there are no `pools`. */
  readonly db: Db
  /** The same database through a pool for each purpose. */
  readonly pools?: Readonly<Record<PoolName, Db>>
  /** Data keys, newest first (`readKeyring`). */
  readonly dataKey: string
  readonly authSecret: string
  readonly log: Log
  readonly wake: (stage: Stage) => void
  readonly clock?: Clock
  readonly ids?: Ids
  /** Ways to customs, the one for whoever chose none first (`openLinks`). */
  readonly links: readonly Link[]
  /** Signing devices by the name of their driver (`openDevices`); none where there are none. */
  readonly devices?: Devices
  /** Instead of the upload address that the settings name. */
  readonly realTimeData?: RealTimeData
  /** Instead of the platform's fetch (`socketWebhooks`, where there are sockets). */
  readonly webhookCalls?: WebhookCalls
  /** What keeps the pages live; left out where no timer may outlive a request. */
  readonly every?: PagesDeps['every']
  readonly stopping?: AbortSignal
  /** Serves `/assets/*`, where the platform does not. */
  readonly assets?: Hono
  readonly limiter?: AppDeps['limiter']
  readonly reportPdf?: AppDeps['reportPdf']
  /** Makes what replays peaks, from what this gateway is made of; left out where it cannot be. */
  readonly rehearsals?: (flow: FlowDeps) => NonNullable<AppDeps['rehearsals']>
  /** Makes what counts and shows metrics, from what this gateway is made of. */
  readonly metrics?: (
    flow: FlowDeps,
    pools: Readonly<Record<PoolName, Db>>,
  ) => NonNullable<AppDeps['metrics']>
  readonly addressOf?: AppDeps['addressOf']
}

export interface Gateway {
  readonly app: App
  readonly flow: FlowDeps
  readonly accounts: Accounts
  readonly signingKeys: SigningKeys
  readonly stages: readonly Stage[]
}

export const createGateway = (options: GatewayOptions): Gateway => {
  const { config, db, log } = options
  const pools = options.pools ?? forAllPools(db)
  const clock = options.clock ?? systemClock
  const ids = options.ids ?? randomIds(clock)
  const sealer = createSealer(readKeyring(options.dataKey))
  const signers = createSigners({ db, sealer, clock, devices: options.devices })
  const { signingKeys } = signers
  const flow: FlowDeps = {
    db,
    clock,
    ids,
    sealer,
    log,
    links: options.links,
    customsAddress: config.customsAddress,
    transferNode: config.transferNode,
    signerOf: signers.signerOf,
    openSigner: signers.openSigner,
    realTimeData: options.realTimeData ?? realTimeDataOf(config),
    webhooks: {
      calls: options.webhookCalls ?? fetchWebhooks(config.webhookTargets),
      ...{ randomBytes, random: Math.random },
    },
    meter: createMeter(),
    standing: createStanding({
      ...{ db: pools.query, clock, links: options.links },
      resendMs: config.unansweredResendSeconds * 1000,
    }),
    goodsLoaded: keptFor(clock, REFERENCE_KEPT_MS, () => hasGoodsReference(pools.query)),
    leaseSeconds: config.leaseSeconds,
    resendMs: config.unansweredResendSeconds * 1000,
    wake: options.wake,
  }
  const accounts = createAccounts({
    db: pools.account,
    clock,
    ids,
    log,
    secret: options.authSecret,
    baseUrl: config.publicUrl,
    randomSecret,
  })
  const pages = createPages({
    clock,
    meter: flow.meter,
    targets: (query) => cityTargets({ ...flow, db: pools.report }, query),
    totals: (query) => pageTotals({ ...flow, db: pools.report }, query),
    version,
    routes,
    status: {
      statusOf: (seen) => statusView(flow, seen),
      identify: whoLooks,
      queueOf: (enterpriseId) => enterpriseQueue({ ...flow, db: pools.query }, enterpriseId),
    },
    news: (after, senders) => newsSince({ db: pools.query }, after, senders),
    every: options.every,
    stopping: options.stopping,
  })
  if (options.assets !== undefined) pages.route('/', options.assets)
  const app = createApp({
    flow,
    pools,
    accounts,
    customsToken: config.customsToken,
    signingKeys,
    version,
    publicUrl: config.publicUrl,
    pages,
    limiter: options.limiter,
    reportPdf: options.reportPdf,
    rehearsals: options.rehearsals?.(flow),
    metrics: options.metrics?.(flow, pools),
    addressOf: options.addressOf,
  })
  return { app, flow, accounts, signingKeys, stages: STAGES }
}

const STAGES = ['match', 'compose', 'sign', 'dispatch', 'reply', 'disclose', 'push'] as const

/** From the first byte of an upload to the end of the answer; less than a lease lasts. */
const UPLOAD_TIMEOUT_MS = 20_000

const realTimeDataOf = ({ customs179Url: url }: Config): RealTimeData | undefined =>
  url === undefined ? undefined : httpRealTimeData({ url, timeoutMs: UPLOAD_TIMEOUT_MS })

/** Runs each stage once; how much was done in all. */
export const runStages = async (gateway: Pick<Gateway, 'flow' | 'stages'>): Promise<number> => {
  let done = 0
  for (const stage of gateway.stages) {
    const { runBatch, batchMax } = stages[stage]
    done += await runBatch(gateway.flow, batchMax)
  }
  return done
}

/** 18 random bytes are 24 letters, digits, `-` and `_`. */
const randomSecret = (): string => randomBytes(18).toString('base64url')
