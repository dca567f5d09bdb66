/**
 * The flow on a real database against the simulated customs office, in one process and with a clock
 * that the test moves: nothing sleeps, and every step is run by hand.
 */

import { zones } from '../../src/catalogue/zones/index.ts'
import { takeDocuments } from '../../src/flow/intake.ts'
import { createStanding } from '../../src/flow/link-status.ts'
import { createMeter } from '../../src/flow/meter.ts'
import { takeReply } from '../../src/flow/receive.ts'
import { stages } from '../../src/flow/stages.ts'
import type { Caller, DocumentResult, FlowDeps, Handed, Log } from '../../src/flow/types.ts'
import type { Clock } from '../../src/kernel/clock.ts'
import { seededIds } from '../../src/kernel/ids.ts'
import { SignerFailure } from '../../src/signing/called-out.ts'
import { createSigningKey, localSigner } from '../../src/signing/keys.ts'
import {
  type Consignment,
  makeConsignment,
  type SyntheticEnterprise,
  syntheticEnterprises,
} from '../../src/sim/consignments.ts'
import { createCustoms } from '../../src/sim/customs.ts'
import type { Customs, CustomsOptions } from '../../src/sim/types.ts'
import { hasGoodsReference } from '../../src/store/goods-reference.ts'
import { readKeyring } from '../../src/store/keyring.ts'
import { createSealer } from '../../src/store/seal.ts'
import type { Stage } from '../../src/store/tables.ts'
import { memoryTransport } from '../../src/wire/memory-transport.ts'
import type { Link, SendOutcome, Transport } from '../../src/wire/types.ts'
import { fetchWebhooks } from '../../src/wire/webhook.ts'
import { testDatabase } from './database.ts'
import { runDueStages } from './due-stages.ts'
import { seedWithOffices } from './zone-rules.ts'

export interface MovingClock extends Clock {
  /** Milliseconds forward. */
  advance(ms: number): void
  set(at: Date): void
}

export const movingClock = (start: string): MovingClock => {
  let now = new Date(start).getTime()
  return {
    now: () => new Date(now),
    advance: (ms) => {
      now += ms
    },
    set: (at) => {
      now = Math.max(now, at.getTime())
    },
  }
}

/** 10:00 on a day in China. */
export const START = '2026-10-15T02:00:00.000Z'
const KEY = Buffer.alloc(32, 7).toString('base64')
const ROUNDS_MAX = 400
/** Half an hour, as the settings have it. */
export const RESEND_MS = 30 * 60_000

export type TestGateway = Awaited<ReturnType<typeof testGateway>>

export interface TestGatewayOptions {
  readonly customs?: Partial<CustomsOptions>
  readonly log?: Log
  /** Stands before the simulator; what it returns instead of passing on is the outcome. */
  readonly fault?: (copMsgId: string) => SendOutcome | undefined
  /** Instead of what the flow is given otherwise. */
  readonly deps?: Partial<FlowDeps>
}

export const testGateway = async (options: TestGatewayOptions = {}) => {
  const database = await testDatabase()
  const clock = movingClock(START)
  const cast = syntheticEnterprises(zones)
  const keyring = readKeyring(KEY)
  const sealer = createSealer(keyring)
  const signers = new Map(
    cast.all.map((enterprise) => [enterprise.customsCode, signerFor(enterprise)]),
  )
  const customs: Customs = createCustoms({
    clock,
    seed: 'test',
    pace: { received: 0, stored: 10, released: 10, closed: 10, notice: 10, late: 60_000 },
    verify: 'strict',
    remember: 100_000,
    ...options.customs,
  })
  const sent: { copMsgId: string; bytes: Uint8Array }[] = []
  const wire = memoryTransport('simulator', async (copMsgId, bytes) => {
    const outcome = options.fault?.(copMsgId)
    sent.push({ copMsgId, bytes })
    if (outcome !== undefined) return outcome
    const received = customs.receive(bytes)
    return received.kind === 'taken'
      ? { kind: 'sent' }
      : received.kind === 'busy'
        ? { kind: 'unavailable', reason: 'busy' }
        : { kind: 'refused', reason: received.kind }
  })
  const links: readonly Link[] = [{ code: 'simulator', transport: wire satisfies Transport }]
  const deps: FlowDeps = {
    db: database.db,
    clock,
    ids: seededIds('gateway', clock),
    sealer,
    log: options.log ?? { info: () => undefined, warn: () => undefined, error: () => undefined },
    links,
    customsAddress: { import: ['DXPEDCCEB0000002'], export: ['DXPEDCCEB0000003'] },
    webhooks: {
      ...{ calls: fetchWebhooks('public'), random: () => 0 },
      randomBytes: (count) => new Uint8Array(count),
    },
    meter: createMeter(),
    standing: createStanding({ db: database.db, clock, links, resendMs: RESEND_MS }),
    goodsLoaded: () => hasGoodsReference(database.db),
    leaseSeconds: 30,
    resendMs: RESEND_MS,
    signerOf: async (id) => signers.get(id)?.signer,
    openSigner: async () => {
      throw new SignerFailure('NO_DRIVER')
    },
    wake: () => undefined,
    ...options.deps,
  }
  await seedWithOffices(database.db)
  await register(deps, cast.all)
  for (const [zone, warehouse] of cast.warehouses)
    await database.db
      .insertInto('zone_rule')
      .values({
        kind: 'warehouse',
        code: warehouse.customsCode,
        zone,
        valid_from: '2019-01-01',
        valid_to: null,
        confidence: 'synthetic',
        source: 'synthetic test enterprise',
      })
      .execute()

  const step = async (): Promise<number> => {
    const order = Object.keys(stages) as Stage[]
    let done = await runDueStages(deps, order, (stage) => runStage(deps, stage))
    for (const delivery of customs.due()) {
      await takeReply(deps, delivery.envelope)
      customs.delivered(delivery.copMsgId)
      done += 1
    }
    return done
  }

  return {
    ...{ database, deps, clock, cast, customs, sent, sealer },
    caller: (enterprise: SyntheticEnterprise): Caller => ({ enterpriseId: enterprise.customsCode }),
    step,
    /** Runs everything until nothing is due any more, moving the clock to what comes next. */
    settle: async (): Promise<void> => {
      for (let round = 0; round < ROUNDS_MAX; round += 1) {
        if ((await step()) > 0) continue
        const next = customs.nextDueAt()
        if (next === undefined) return
        clock.set(next)
      }
      throw new Error(`not settled after ${ROUNDS_MAX} rounds`)
    },
    consignment: (n: number, fate = '', seed = 1): Consignment => {
      const zone = zones[n % zones.length]
      if (zone === undefined) throw new Error('no zones')
      const mode = n % 3 === 2 ? ('9610' as const) : ('1210' as const)
      return makeConsignment({ n, seed, zone, mode, enterprises: cast, fate, at: clock.now() })
    },
    /** Hands all documents in, each in its owner's name; results in the order handed in. */
    handIn: (consignments: readonly Consignment[]): Promise<readonly DocumentResult[]> =>
      handIn(deps, consignments),
    close: database.close,
  }
}

const runStage = async (deps: FlowDeps, stage: Stage): Promise<number> => {
  const { runBatch, batchMax } = stages[stage]
  let done = 0
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const count = await runBatch(deps, batchMax)
    done += count
    if (count === 0) return done
  }
  throw new Error(`stage ${stage} never runs dry`)
}

const handIn = async (
  deps: FlowDeps,
  consignments: readonly Consignment[],
): Promise<readonly DocumentResult[]> => {
  const batches = new Map<string, Handed[]>()
  const add = (owner: string, kind: string, document: unknown): void => {
    batches.set(owner, [...(batches.get(owner) ?? []), { kind, document }])
  }
  for (const { order, payment, waybill, list } of consignments) {
    add(order.OrderHead.ebpCode, 'CEB311', order)
    add(payment.PaymentHead.payCode, 'CEB411', payment)
    add(waybill.LogisticsHead.logisticsCode, 'CEB511', waybill)
    add(list.InventoryHead.agentCode, 'CEB621', list)
  }
  const results: DocumentResult[] = []
  for (const [enterpriseId, handed] of batches) {
    const answer = await takeDocuments(deps, { enterpriseId }, handed)
    if (answer.kind === 'taken') results.push(...answer.results)
  }
  return results
}

/** Made once a process: a key takes as long as a consignment. */
const signerFor = (enterprise: SyntheticEnterprise) => {
  const known = madeSigners.get(enterprise.customsCode)
  if (known !== undefined) return known
  const made = makeSigner(enterprise)
  madeSigners.set(enterprise.customsCode, made)
  return made
}

const madeSigners = new Map<string, ReturnType<typeof makeSigner>>()

const makeSigner = (enterprise: SyntheticEnterprise) => {
  const key = createSigningKey({
    algorithm: 'sm2-sm3',
    subject: enterprise.name,
    notBefore: new Date('2026-01-01T00:00:00Z'),
    notAfter: new Date('2036-01-01T00:00:00Z'),
    serial:
      `0300${enterprise.customsCode.padStart(12, '0').replace(/[^0-9a-f]/gi, '0')}`.toLowerCase(),
  })
  return { key, signer: localSigner(key) }
}

/** Ids of test enterprises are their customs codes, so that a document names its owner. */
const register = async (deps: FlowDeps, all: readonly SyntheticEnterprise[]): Promise<void> => {
  for (const enterprise of all) {
    await deps.db
      .insertInto('enterprise')
      .values({
        id: enterprise.customsCode,
        name: enterprise.name,
        customs_code: enterprise.customsCode,
        credit_code: enterprise.creditCode,
        roles: [...enterprise.roles],
        dxp_id: enterprise.dxpId,
        created_at: deps.clock.now(),
      })
      .execute()
    await deps.db
      .insertInto('signing_key')
      .values({
        enterprise_id: enterprise.customsCode,
        key_name: 'test',
        algorithm: 'sm2-sm3',
        certificate: '',
        sealed_key: new Uint8Array(1),
        not_before: new Date('2026-01-01T00:00:00Z'),
        not_after: new Date('2036-01-01T00:00:00Z'),
      })
      .execute()
  }
}
