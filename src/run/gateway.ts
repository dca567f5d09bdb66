/**
 * The composition root: puts database, keys, clock, transport and settings together into the flow
 * and the HTTP application. Both runtimes and all commands start from here; nothing else in the
 * project knows where its collaborators come from.
 */
import { randomBytes } from 'node:crypto'
import type { Hono } from 'hono'
import { createStanding } from '../flow/link-status.ts'
import { createMeter } from '../flow/meter.ts'
import { enterpriseQueue } from '../flow/places.ts'
import { stages } from '../flow/stages.ts'
import { totals } from '../flow/totals.ts'
import type { FlowDeps, Log } from '../flow/types.ts'
import { type Accounts, createAccounts } from '../http/accounts.ts'
import { type App, createApp, routes } from '../http/app.ts'
import type { AppDeps, SigningKeys } from '../http/route.ts'
import { type Clock, systemClock } from '../kernel/clock.ts'
import { type Ids, randomIds } from '../kernel/ids.ts'
import { SIGNER_CACHE_ENTRIES_MAX, SIGNER_CACHE_SECONDS } from '../kernel/limits.ts'
import { createSigningKey, localSigner, readCertificate } from '../signing/keys.ts'
import type { Signer } from '../signing/types.ts'
import { findSigningKey, type StoredSigningKey } from '../store/accounts.ts'
import { readKeyring } from '../store/keyring.ts'
import { createSealer, type Sealer } from '../store/seal.ts'
import type { Db, Stage } from '../store/tables.ts'
import { createPages, type PagesDeps } from '../web/pages.ts'
import type { Link } from '../wire/types.ts'
import type { Config } from './config.ts'
import { version } from './version.ts'

export interface GatewayOptions {
  readonly config: Config
  readonly db: Db
  /** Data keys, newest first (`readKeyring`). */
  readonly dataKey: string
  readonly authSecret: string
  readonly log: Log
  readonly wake: (stage: Stage) => void
  readonly clock?: Clock
  readonly ids?: Ids
  /** Ways to customs, the one for whoever chose none first (`openLinks`). */
  readonly links: readonly Link[]
  /** What keeps the pages live; left out where no timer may outlive a request. */
  readonly every?: PagesDeps['every']
  readonly stopping?: AbortSignal
  /** Serves `/assets/*`, where the platform does not. */
  readonly assets?: Hono
  readonly limiter?: AppDeps['limiter']
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
  const clock = options.clock ?? systemClock
  const ids = options.ids ?? randomIds(clock)
  const sealer = createSealer(readKeyring(options.dataKey))
  const flow: FlowDeps = {
    db,
    clock,
    ids,
    sealer,
    log,
    links: options.links,
    customsAddress: config.customsAddress,
    signerOf: signerMemory(db, sealer, clock),
    meter: createMeter(),
    standing: createStanding({ db, clock, links: options.links }),
    leaseSeconds: config.leaseSeconds,
    wake: options.wake,
  }
  const accounts = createAccounts({
    db,
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
    totals: (query) => totals(flow, query),
    version,
    routes,
    status: {
      standing: flow.standing,
      identify: accounts.identify,
      queueOf: (enterpriseId) => enterpriseQueue(flow, enterpriseId),
    },
    every: options.every,
    stopping: options.stopping,
  })
  if (options.assets !== undefined) pages.route('/', options.assets)
  const app = createApp({
    flow,
    accounts,
    customsToken: config.customsToken,
    signingKeys,
    version,
    publicUrl: config.publicUrl,
    pages,
    limiter: options.limiter,
    addressOf: options.addressOf,
  })
  return { app, flow, accounts, signingKeys, stages: ['match', 'compose', 'dispatch', 'reply'] }
}

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

const SIGNING_KEY_YEARS = 3
const SERIAL_BYTES = { 'sm2-sm3': 8, 'rsa-sha1': 4 } as const

const signingKeys: SigningKeys = {
  create: (algorithm, subject, now) => {
    const notBefore = new Date(Math.floor(now.getTime() / 1000) * 1000)
    const notAfter = new Date(notBefore)
    notAfter.setUTCFullYear(notAfter.getUTCFullYear() + SIGNING_KEY_YEARS)
    const serial = randomSerial(SERIAL_BYTES[algorithm])
    return createSigningKey({ algorithm, subject, notBefore, notAfter, serial })
  },
  read: (certificate, privateKey) => {
    const base64 = certificate.replace(/-----[^-]+-----/g, '').replace(/\s+/g, '')
    const read = readCertificate(base64)
    if (read === undefined) return undefined
    const key: StoredSigningKey = {
      algorithm: read.algorithm,
      keyName: read.serial,
      certificate: base64,
      privateKey: privateKey.replace(/-----[^-]+-----/g, '').replace(/\s+/g, ''),
      notBefore: read.notBefore,
      notAfter: read.notAfter,
    }
    try {
      localSigner(key)
      return key
    } catch {
      return undefined
    }
  },
}

/** As on the cards: a leading 3, so that it is never zero. */
const randomSerial = (bytes: number): string => `03${randomBytes(bytes - 1).toString('hex')}`

/**
 * Opening a key and reading its certificate costs more than a signature, so a signer is kept for
 * some seconds; a new or ended key is noticed so late.
 */
const signerMemory = (db: Db, sealer: Sealer, clock: Clock) => {
  const entries = new Map<string, { readonly until: number; readonly signer: Signer | undefined }>()
  return async (enterpriseId: string, via: Db = db): Promise<Signer | undefined> => {
    const now = clock.now()
    const entry = entries.get(enterpriseId)
    if (entry !== undefined && entry.until > now.getTime()) return entry.signer
    const key = await findSigningKey(via, sealer, enterpriseId, now)
    const signer = key === undefined ? undefined : localSigner(key)
    entries.delete(enterpriseId)
    const [oldest] = entries.keys()
    if (entries.size >= SIGNER_CACHE_ENTRIES_MAX && oldest !== undefined) entries.delete(oldest)
    const until = now.getTime() + SIGNER_CACHE_SECONDS * 1000
    // An enterprise that gets its first key should not wait for it to be noticed.
    if (signer !== undefined) entries.set(enterpriseId, { until, signer })
    return signer
  }
}
