/**
 * One seed of chaos: a fresh set of consignments, a customs office of its own, two gateways on one
 * database, and a scheduler that lets them run, die, wait and repeat themselves as the seed says.
 * `storm` does its worst; `calm` lets everything come to its end.
 */
import { createHash } from 'node:crypto'
import { zones } from '../../src/catalogue/zones/index.ts'
import { takeDocuments } from '../../src/flow/intake.ts'
import { takeReply } from '../../src/flow/receive.ts'
import { stages } from '../../src/flow/stages.ts'
import type { FlowDeps } from '../../src/flow/types.ts'
import { makeConsignment, partsOf } from '../../src/sim/consignments.ts'
import { createCustoms } from '../../src/sim/customs.ts'
import { exportPartsOf, makeExportConsignment } from '../../src/sim/export-consignments.ts'
import { type Random, randomOf } from '../../src/sim/synthetic.ts'
import type { Customs, Delivery } from '../../src/sim/types.ts'
import type { Stage } from '../../src/store/tables.ts'
import { hasWork } from '../../src/store/work.ts'
import { memoryTransport } from '../../src/wire/memory-transport.ts'
import type { SendOutcome } from '../../src/wire/types.ts'
import { runDueStages } from './due-stages.ts'
import type { TestGateway } from './gateway.ts'
import { Died, type Mortal, mortalGateway } from './mortal.ts'

/** A document as it is handed in, by its owner. */
interface Handing {
  readonly kind: string
  readonly by: string
  readonly document: unknown
}

export interface World {
  readonly seed: number
  readonly customs: Customs
  readonly gateways: readonly [Mortal, Mortal]
  /** Documents that a gateway said it has. */
  readonly acknowledged: Map<string, { readonly kind: string; readonly versions: Set<number> }>
  /** Hashes of bytes from customs that were spoilt on their way. */
  readonly spoilt: ReadonlySet<string>
  /** Runs so many steps of everything that can go wrong. */
  storm(steps: number): Promise<void>
  /** Runs until nothing is under way any more. */
  calm(): Promise<void>
  close(): Promise<void>
}

interface Inside {
  readonly seed: number
  readonly random: Random
  readonly gateway: TestGateway
  readonly customs: Customs
  readonly mortals: readonly [Mortal, Mortal]
  readonly acknowledged: Map<string, { readonly kind: string; readonly versions: Set<number> }>
  readonly spoilt: Set<string>
  readonly queue: Handing[]
  readonly air: { readonly delivery: Delivery; readonly bytes: Uint8Array }[]
}

const PACE = { received: 0, stored: 40, released: 900, closed: 900, notice: 900, late: 60_000 }
const LEASE_MS = 31_000

export const createWorld = (gateway: TestGateway, seed: number): World => {
  const random = randomOf(seed, 0)
  const customs = createCustoms({
    ...{ clock: gateway.clock, seed: `chaos ${seed}`, pace: PACE, verify: 'strict' },
    ...{ taxBills: 'all', remember: 10_000 },
  })
  const weather = { isCalm: false }
  const mortals: [Mortal, Mortal] = [
    mortalGateway(gateway.database.connection, gateway.deps, [
      {
        code: 'simulator',
        transport: memoryTransport('simulator', (id, bytes) => send(0, id, bytes)),
      },
    ]),
    mortalGateway(gateway.database.connection, gateway.deps, [
      {
        code: 'simulator',
        transport: memoryTransport('simulator', (id, bytes) => send(1, id, bytes)),
      },
    ]),
  ]
  const inside: Inside = {
    ...{ seed, random, gateway, customs, mortals },
    ...{ acknowledged: new Map(), spoilt: new Set(), queue: [], air: [] },
  }
  inside.queue.push(...handings(inside))
  const send = createWire(inside, weather)
  return {
    ...{ seed, customs, gateways: mortals },
    ...{ acknowledged: inside.acknowledged, spoilt: inside.spoilt },
    storm: async (steps) => {
      for (let step = 0; step < steps; step += 1) await blow(inside)
    },
    calm: async () => {
      weather.isCalm = true
      await calm(inside)
    },
    close: async () => {
      for (const mortal of mortals) await mortal.close()
    },
  }
}

const MARKS = [
  ...['', '', '', '', '', '-TWICE', '-BACKWARDS', '-GARBAGE', '-LATE', '-SILENT', '-REVIEW'],
  ...['-PENDING', '-PENDING', '-R1327', '-N621018', '-UNKNOWN', '-TAXVOID', '-INSPECT', '-OPEN'],
  ...['-ORDER-R22001', '-PAYMENT-TWICE', '-WAYBILL-LATE', '-CEB900'],
]

/** Documents of a seed in the order they are handed in; some of them in two versions. */
const handings = ({ seed, random, gateway }: Inside): readonly Handing[] => {
  const { cast, clock } = gateway
  const all: Handing[] = []
  for (let n = 0; n < IMPORTS; n += 1) {
    const settings = {
      ...{ n, seed, zone: oneOf(random, zones), enterprises: cast, at: clock.now() },
      ...{ mode: oneOf(random, ['1210', '9610'] as const), fate: oneOf(random, MARKS) },
    }
    const made = makeConsignment(settings)
    const parts = partsOf(made).map(({ kind, document }) => ({ kind, document, by: '' }))
    const by = [
      made.order.OrderHead.ebpCode,
      made.payment.PaymentHead.payCode,
      made.waybill.LogisticsHead.logisticsCode,
      made.list.InventoryHead.agentCode,
    ]
    const own = parts.map((part, i) => ({ ...part, by: by[i] ?? '' }))
    all.push(...shuffled(random, own))
    if (random(4) === 0) all.push(later(oneOf(random, own.slice(0, 3))))
    // First kept by the e-port as a draft, then declared.
    const list = own.at(-1)
    if (random(5) === 0 && list !== undefined) {
      all[all.indexOf(list)] = withHead(list, { appStatus: '1' })
      all.push(later(list))
    }
  }
  for (let n = 0; n < EXPORTS; n += 1) {
    const made = makeExportConsignment({
      ...{ n, seed, zone: oneOf(random, zones), enterprises: cast, at: clock.now() },
      ...{ mode: '9610', flag: 'B', currency: oneOf(random, ['CNY', 'USD'] as const) },
      fate: oneOf(random, ['', '', '-TWICE', '-PENDING', '-R1300']),
    })
    const by = [
      made.order.OrderHead.ebpCode,
      made.waybill.logisticsCode,
      made.list.InventoryHead.agentCode,
    ]
    const own = exportPartsOf(made).map((part, i) => ({ ...part, by: by[i] ?? '' }))
    all.push(...shuffled(random, own))
  }
  return all
}

const IMPORTS = 6
const EXPORTS = 2

const withHead = (handing: Handing, head: Readonly<Record<string, string>>): Handing => {
  const document = handing.document as Record<string, unknown>
  const name = Object.keys(document)[0] ?? ''
  const held = document[name]
  const isGroup = typeof held === 'object' && held !== null
  return {
    ...handing,
    document: isGroup ? { ...document, [name]: { ...held, ...head } } : { ...document, ...head },
  }
}

/** Its second version: another submission, some minutes later. */
const later = (handing: Handing): Handing => {
  const text = JSON.stringify(handing.document)
  const guid = /"guid":"([^"]+)"/.exec(text)?.[1] ?? ''
  const appTime = /"appTime":"(\d+)"/.exec(text)?.[1] ?? ''
  return withHead(handing, {
    guid: guid.replace(/^.{4}/, 'FFFF'),
    ...{ appType: '2', appStatus: '2', appTime: String(BigInt(appTime) + 500n) },
  })
}

const oneOf = <T>(random: Random, items: readonly T[]): T => {
  const item = items[random(items.length)]
  if (item === undefined) throw new Error('nothing to choose from')
  return item
}

const shuffled = <T>(random: Random, items: readonly T[]): T[] => {
  const rest = [...items]
  const out: T[] = []
  while (rest.length > 0) out.push(...rest.splice(random(rest.length), 1))
  return out
}

/** The way to customs of each gateway; what happens on it depends on seed, message and try alone. */
const createWire = (inside: Inside, weather: { readonly isCalm: boolean }) => {
  const { seed, customs, mortals, gateway } = inside
  const tries = new Map<string, number>()
  let isNested = false
  const pass = (bytes: Uint8Array): SendOutcome => {
    const received = customs.receive(bytes)
    return received.kind === 'taken' ? { kind: 'sent' } : { kind: 'refused', reason: received.kind }
  }
  return async (index: 0 | 1, copMsgId: string, bytes: Uint8Array): Promise<SendOutcome> => {
    if (weather.isCalm) return pass(bytes)
    const attempt = (tries.get(copMsgId) ?? 0) + 1
    tries.set(copMsgId, attempt)
    const digest = createHash('sha256').update(`${seed} ${copMsgId} ${attempt}`).digest()
    const draw = digest.readUInt16LE(0) % 100
    if (draw < 8) return { kind: 'unavailable', reason: '503' }
    if (draw < 10) return { kind: 'refused', reason: '422' }
    if (draw < 13) {
      mortals[index].die()
      return { kind: 'unavailable', reason: 'died before' }
    }
    const outcome = pass(bytes)
    if (draw < 21) return { kind: 'unavailable', reason: 'answer lost' }
    if (draw < 26) mortals[index].die()
    else if (draw < 30 && !isNested) {
      // The lease runs out while the answer is under way, and the other gateway sends it too.
      isNested = true
      gateway.clock.advance(LEASE_MS)
      await live(inside, index === 0 ? 1 : 0, (deps) => stages.dispatch.runBatch(deps, 6))
      isNested = false
    }
    return outcome
  }
}

/** Runs something in a gateway, which may die of it; then it is started again and gives nothing. */
const live = async <T>(
  { mortals }: Inside,
  index: 0 | 1,
  run: (deps: FlowDeps) => Promise<T>,
): Promise<T | undefined> => {
  const mortal = mortals[index]
  try {
    const result = await run(mortal.deps())
    if (!mortal.isDead()) return result
  } catch (problem) {
    // Of a life that ended: what ran in it may hear of it when the next one has begun.
    if (!(problem instanceof Died)) throw problem
  } finally {
    mortal.disarm()
    if (mortal.isDead()) mortal.restart()
  }
  return undefined
}

/** Two times in five the gateway dies at one of its next statements. */
const arm = ({ random, mortals }: Inside, index: 0 | 1): void => {
  const [isArmed, statements, isBefore] = [random(5) < 2, random(16), random(2) === 0]
  if (isArmed) mortals[index].arm(statements, isBefore ? 'before' : 'after')
}

const anyGateway = ({ random }: Inside): 0 | 1 => (random(2) === 0 ? 0 : 1)

const STAGES = Object.keys(stages) as Stage[]

const blow = async (inside: Inside): Promise<void> => {
  const { random, gateway } = inside
  gateway.clock.advance(random(400))
  const draw = random(20)
  if (draw < 4) await handIn(inside)
  else if (draw < 11) await runStage(inside, anyGateway(inside))
  else if (draw < 13) await Promise.all([runStage(inside, 0), runStage(inside, 1)])
  else if (draw < 18) await hear(inside)
  else gateway.clock.advance(random(6_000))
}

const runStage = async (inside: Inside, index: 0 | 1): Promise<void> => {
  const { random } = inside
  const stage = oneOf(random, STAGES)
  const limit = 1 + random(stages[stage].batchMax)
  arm(inside, index)
  await live(inside, index, (deps) => stages[stage].runBatch(deps, limit))
}

/** A few documents of one owner and kind; the sender repeats himself until he hears an answer. */
const handIn = async (inside: Inside): Promise<void> => {
  const { random, queue, acknowledged } = inside
  const first = queue.shift()
  if (first === undefined) return
  const batch = [first]
  while (random(3) > 0 && queue[0]?.by === first.by) batch.push(queue.shift() as Handing)
  for (;;) {
    const index = anyGateway(inside)
    arm(inside, index)
    const answer = await live(inside, index, (deps) =>
      takeDocuments(deps, { enterpriseId: first.by }, batch),
    )
    if (answer?.kind !== 'taken') continue
    for (const { kind, id, version = 1 } of answer.results) {
      if (id === undefined) continue
      note(acknowledged, id, kind, version)
    }
    return
  }
}

const note = (
  acknowledged: Inside['acknowledged'],
  id: string,
  kind: string,
  version: number,
): void => {
  const known = acknowledged.get(id) ?? { kind, versions: new Set<number>() }
  acknowledged.set(id, known)
  known.versions.add(version)
}

/** Replies come in any order, late, twice, or spoilt first. */
const hear = async (inside: Inside): Promise<void> => {
  const { random, customs, air } = inside
  for (const delivery of customs.due(1 + random(4))) {
    const copies = random(6) === 0 ? 2 : 1
    for (let i = 0; i < copies; i += 1) air.push({ delivery, bytes: delivery.envelope })
    if (random(6) === 0) air.push({ delivery, bytes: spoil(inside, delivery.envelope) })
  }
  const rounds = random(air.length + 1)
  for (let round = 0; round < rounds; round += 1) {
    const [next] = air.splice(random(air.length), 1)
    if (next !== undefined) await take(inside, next)
  }
}

const take = async (inside: Inside, { delivery, bytes }: Inside['air'][number]): Promise<void> => {
  const { random, customs } = inside
  const index = anyGateway(inside)
  arm(inside, index)
  const answer = await live(inside, index, (deps) => takeReply(deps, bytes))
  // Customs hears no answer of a dead gateway, and now and then none of one that lives.
  const isHeard = answer !== undefined && random(8) > 0
  if (bytes !== delivery.envelope) return
  if (isHeard) customs.delivered(delivery.copMsgId)
  else customs.failed(delivery.copMsgId)
}

/** Cut short, or one bit of it turned over so that nobody can take it for text. */
const spoil = ({ random, spoilt }: Inside, envelope: Uint8Array): Uint8Array => {
  const bytes = Buffer.from(envelope)
  const at = random(bytes.length - 1)
  if (random(2) === 0) bytes[at] = (bytes[at] ?? 0) ^ 0x80
  const made = random(2) === 0 || bytes.equals(envelope) ? bytes.subarray(0, at) : bytes
  spoilt.add(createHash('sha256').update(made).digest('hex'))
  return made
}

const ROUNDS_MAX = 3_000
/** What falls due within so long is waited for together: fewer rounds. */
const STRIDE_MS = 1_500

const calm = async (inside: Inside): Promise<void> => {
  const { queue, air, customs, gateway, mortals } = inside
  for (const mortal of mortals) mortal.disarm()
  while (queue.length > 0) await handIn(inside)
  for (const mortal of mortals) mortal.disarm()
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const deps = mortals[round % 2 === 0 ? 0 : 1].deps()
    let done = await runDueStages(deps, STAGES, (stage) =>
      stages[stage].runBatch(deps, stages[stage].batchMax),
    )
    for (const { delivery, bytes } of air.splice(0)) {
      await takeReply(deps, bytes)
      if (bytes === delivery.envelope) customs.delivered(delivery.copMsgId)
      done += 1
    }
    for (const { copMsgId, envelope } of customs.due()) {
      await takeReply(deps, envelope)
      customs.delivered(copMsgId)
      done += 1
    }
    if (done > 0) continue
    const next = await nextMoment(deps, customs)
    if (next === undefined) return
    gateway.clock.set(next)
  }
  throw new Error(`seed ${inside.seed}: something is still under way after ${ROUNDS_MAX} rounds`)
}

/** The earliest moment at which anything is due; undefined when nothing is. */
const nextMoment = async (deps: FlowDeps, customs: Customs): Promise<Date | undefined> => {
  const { next } = await deps.db
    .selectFrom('work')
    .select(({ fn }) => fn.min('run_at').as('next'))
    .executeTakeFirstOrThrow()
  const rows = await deps.db.selectFrom('link_state').select('retry_at').execute()
  const now = deps.clock.now()
  const moments = [next, customs.nextDueAt(), ...rows.map(({ retry_at }) => retry_at)]
    .filter((at) => at instanceof Date)
    .map((at) => at.getTime())
  if (!(await hasWork(deps.db)) && customs.nextDueAt() === undefined) return undefined
  const later = moments.filter((at) => at > now.getTime())
  return new Date(later.length === 0 ? now.getTime() + 1_000 : Math.min(...later) + STRIDE_MS)
}
