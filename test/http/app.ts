/**
 * The HTTP application on a real database with the synthetic enterprises registered, each with a
 * signing key and an API key. Requests go straight into the application; stages are run by hand.
 */
import { zones } from '../../src/catalogue/zones/index.ts'
import { stages } from '../../src/flow/stages.ts'
import type { Log } from '../../src/flow/types.ts'
import { createEnterprise } from '../../src/http/enterprises.ts'
import { enterpriseScopes } from '../../src/http/scopes.ts'
import { type Clock, systemClock } from '../../src/kernel/clock.ts'
import type { Config } from '../../src/run/config.ts'
import { readConfig } from '../../src/run/config.ts'
import type { Devices } from '../../src/run/drivers.ts'
import { createGateway, type GatewayOptions } from '../../src/run/gateway.ts'
import { createLimiter } from '../../src/run/limiter.ts'
import { createMetrics } from '../../src/run/metrics.ts'
import { reportPdf } from '../../src/run/report-pdf.ts'
import {
  type Consignment,
  makeConsignment,
  type SyntheticEnterprise,
  syntheticEnterprises,
} from '../../src/sim/consignments.ts'
import { insertSigningKey } from '../../src/store/signers.ts'
import { memoryTransport } from '../../src/wire/memory-transport.ts'
import type { RealTimeData } from '../../src/wire/real-time-data.ts'
import type { Link, Transport } from '../../src/wire/types.ts'
import type { WebhookCalls } from '../../src/wire/webhook.ts'
import { testDatabase } from '../support/database.ts'
import { runDueStages } from '../support/due-stages.ts'
import { seedWithOffices } from '../support/zone-rules.ts'

export const CUSTOMS_TOKEN = 'synthetic-customs-token'
export const DATA_KEY = Buffer.alloc(32, 9).toString('base64')
export const AUTH_SECRET = 'synthetic-secret-for-tests-0123456789'

export const testConfig = (env: Readonly<Record<string, string>> = {}): Config => {
  const answer = readConfig({ CUSTOMS_TOKEN, ...env })
  if (answer.kind === 'problems') throw new Error(JSON.stringify(answer.problems))
  return answer.config
}

export interface LoggedLine {
  readonly level: keyof Log
  readonly event: string
  readonly facts: Readonly<Record<string, unknown>>
}

export const memoryLog = (): { readonly log: Log; readonly lines: LoggedLine[] } => {
  const lines: LoggedLine[] = []
  const write =
    (level: keyof Log) => (event: string, facts?: Readonly<Record<string, unknown>>) => {
      lines.push({ level, event, facts: facts ?? {} })
    }
  return { lines, log: { info: write('info'), warn: write('warn'), error: write('error') } }
}

export interface TestAppOptions {
  readonly clock?: Clock
  /** Enterprises to register; the four that hand in unless told. */
  readonly register?: 'four' | 'none'
  /** Instead of one that takes everything and answers nothing. */
  readonly transport?: Transport
  /** Instead of that one link, the first for whoever chose none. */
  readonly links?: readonly Link[]
  readonly env?: Readonly<Record<string, string>>
  /** Instead of waiting for the end of a window. */
  readonly pause?: (ms: number) => Promise<void>
  /** Signing devices by the name of their driver. */
  readonly devices?: Devices
  /** Where original payment data is uploaded; nowhere unless told. */
  readonly realTimeData?: RealTimeData
  /** What calls web hooks; the public Internet by fetch unless told. */
  readonly webhookCalls?: WebhookCalls
}

export type TestApp = Awaited<ReturnType<typeof testApp>>

export const testApp = async (options: TestAppOptions = {}) => {
  const database = await testDatabase()
  const { log, lines } = memoryLog()
  const sent: Uint8Array[] = []
  const config = testConfig(options.env)
  const pause = options.pause === undefined ? {} : { pause: options.pause }
  const gatewayOptions: GatewayOptions = {
    config,
    limiter: createLimiter({ figures: config.rateLimits, ...pause }),
    reportPdf,
    rehearsals: () => ({ hindrance: undefined, run: () => undefined, stop: () => undefined }),
    addressOf: (c) => c.req.header('x-test-address'),
    metrics: (flow, { report }) =>
      createMetrics({ flow, db: report, version: 'test', pools: {}, ofProcess: false }),
    db: database.db,
    dataKey: DATA_KEY,
    authSecret: AUTH_SECRET,
    log,
    wake: () => undefined,
    clock: options.clock ?? systemClock,
    devices: options.devices ?? new Map(),
    ...(options.realTimeData === undefined ? {} : { realTimeData: options.realTimeData }),
    ...(options.webhookCalls === undefined ? {} : { webhookCalls: options.webhookCalls }),
    links: options.links ?? [
      {
        code: 'simulator',
        transport:
          options.transport ??
          memoryTransport('test', async (_id, bytes) => {
            sent.push(bytes)
            return { kind: 'sent' }
          }),
      },
    ],
  }
  const gateway = createGateway(gatewayOptions)
  await seedWithOffices(database.db)
  const operator = await gateway.accounts.ensureOperator('operator@yuguan.example')
  if (operator === undefined) throw new Error('the operator was there already')
  const cast = syntheticEnterprises(zones)
  const keys = new Map<string, { readonly id: string; readonly key: string }>()

  const register = async (wanted: SyntheticEnterprise) => {
    const made = await createEnterprise(gateway.flow, gateway.accounts, wanted)
    if (made.kind !== 'made') throw new Error(made.kind)
    const { id } = made.enterprise
    const now = gateway.flow.clock.now()
    const signingKey = gateway.signingKeys.create('sm2-sm3', wanted.name, now)
    await insertSigningKey(gateway.flow.db, gateway.flow.sealer, id, signingKey, now)
    const { key } = await gateway.accounts.createEnterpriseKey(id, {
      name: 'test',
      scopes: enterpriseScopes,
    })
    keys.set(wanted.customsCode, { id, key })
    return { id, key }
  }
  const four = [cast.platform, cast.payer, cast.carrier, cast.declarants[0]]
  if (options.register !== 'none') for (const enterprise of four) await register(enterprise)
  const { key: operatorKey } = await gateway.accounts.createOperatorKey({
    name: 'test',
    scopes: ['operator', 'documents:read', 'totals:read'],
  })

  const account = (enterprise: SyntheticEnterprise) => {
    const found = keys.get(enterprise.customsCode)
    if (found === undefined) throw new Error(`${enterprise.name} is not registered`)
    return found
  }
  return {
    ...{ database, gateway, gatewayOptions, cast, register, account, operator, operatorKey, sent },
    logged: lines,
    fetch: (path: string, init: RequestInit = {}) =>
      gateway.app.fetch(new Request(`http://gateway.test${path}`, init)),
    /** Runs each stage once; how much was done in all. */
    runStages: () =>
      runDueStages(gateway.flow, gateway.stages, (stage) =>
        stages[stage].runBatch(gateway.flow, stages[stage].batchMax),
      ),
    /** A consignment of the platform, payer, carrier and first declarant. */
    consignment: (n: number, fate = ''): Consignment => {
      const [zone] = zones
      if (zone === undefined) throw new Error('no zones')
      return makeConsignment({
        ...{ n, seed: 7, zone, fate },
        mode: '1210',
        enterprises: { ...cast, declarants: [cast.declarants[0]] },
        at: gateway.flow.clock.now(),
      })
    },
    close: database.close,
  }
}

export const bearer = (key: string): Record<string, string> => ({ authorization: `Bearer ${key}` })

export const json = (key: string, body: unknown, headers: Record<string, string> = {}) => ({
  method: 'POST',
  headers: { ...bearer(key), 'content-type': 'application/json', ...headers },
  body: typeof body === 'string' ? body : JSON.stringify(body),
})
