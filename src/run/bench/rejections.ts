/**
 * Refused lists folded, corrected and released: 3,000 of six causes with six requests, through the
 * interface, against the simulated customs office in the same process; and what the fold takes with a
 * hundred thousand refusals. On the PostgreSQL that DATABASE_URL names, else on the embedded database.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { zones } from '../../catalogue/zones/index.ts'
import { chooseRules, enterpriseRules } from '../../flow/enterprise-rules.ts'
import { takeReply } from '../../flow/receive.ts'
import { chinaDay } from '../../kernel/clock.ts'
import { type Cast, makeConsignment } from '../../sim/consignments.ts'
import { createCustoms } from '../../sim/customs.ts'
import { troubles } from '../../sim/troubles.ts'
import { type Customs, paces } from '../../sim/types.ts'
import { findEnterpriseByCode } from '../../store/accounts.ts'
import { memoryTransport } from '../../wire/memory-transport.ts'
import { readConfig } from '../config.ts'
import { registerEnterprises } from '../demo/enterprises.ts'
import { runStages } from '../gateway.ts'
import { simulatorLink } from '../links.ts'
import { silentLog } from '../log.ts'
import { type RunningGateway, startGateway } from '../node.ts'
import { makeDatabase } from '../rehearsal.ts'

export interface RejectionFigures {
  readonly name: 'rejections'
  readonly database: 'postgresql' | 'embedded'
  readonly rejections: number
  readonly groups: number
  readonly foldMs: number
  /** The six previews together. */
  readonly previewSeconds: number
  readonly correctionRequests: number
  /** The six corrections together, and the slowest of them. */
  readonly correctSeconds: number
  readonly slowestRequestSeconds: number
  readonly released: number
  /** From the first preview until all are released. */
  readonly seconds: number
  readonly manyRejections: number
  /** For the declarant, and for the operator, with so many. */
  readonly manyFoldMs: number
  readonly manyFoldOperatorMs: number
}

const REJECTIONS_DEFAULT = 3_000
const MANY = 100_000
const PER_BATCH = 200
const SEED = 11

export const benchRejections = async (
  server: string | undefined,
  rejections = REJECTIONS_DEFAULT,
): Promise<RejectionFigures> => {
  const database = server === undefined ? undefined : await makeDatabase(server)
  const dataDir = await mkdtemp(join(tmpdir(), 'yuguan-rejections-'))
  try {
    const url = database?.url ?? server
    const read = readConfig({
      DATA_DIR: dataDir,
      ...(url === undefined ? {} : { DATABASE_URL: url }),
    })
    if (read.kind === 'problems') throw new Error('the settings of the bench are wrong')
    const customs = createCustoms({
      clock: { now: () => new Date() },
      ...{ seed: 'rejections', pace: paces.instant, remember: 2 * rejections },
    })
    const transport = memoryTransport('simulator', async (_, bytes) => {
      const received = customs.receive(bytes)
      return received.kind === 'taken'
        ? { kind: 'sent' }
        : { kind: 'unavailable', reason: received.kind }
    })
    const gateway = await startGateway({
      ...{ config: { ...read.config, port: 0 }, log: silentLog, loops: false },
      links: [simulatorLink(transport)],
    })
    try {
      const bench = await prepare(gateway, customs)
      return {
        ...{ name: 'rejections', database: server === undefined ? 'embedded' : 'postgresql' },
        ...(await measure(bench, Math.ceil(rejections / troubles.length))),
      }
    } finally {
      await gateway.stop()
    }
  } finally {
    await database?.drop()
    await rm(dataDir, { recursive: true, force: true })
  }
}

interface Bench {
  readonly gateway: RunningGateway
  readonly customs: Customs
  readonly cast: Cast
  readonly keys: ReadonlyMap<string, string>
  /** Of the declarant, who may change orders and payments too. */
  readonly broker: string
  readonly operator: string
}

const prepare = async (gateway: RunningGateway, customs: Customs): Promise<Bench> => {
  const { cast: all, keys } = await registerEnterprises(gateway, new Date())
  const [declarant] = all.declarants
  const cast: Cast = { ...all, declarants: [declarant] }
  const { db } = gateway.flow
  const idOf = async (code: string): Promise<string> =>
    (await findEnterpriseByCode(db, code))?.id ?? ''
  const { key: operator } = await gateway.accounts.createOperatorKey({
    ...{ name: 'bench', scopes: ['operator', 'documents:read'] },
  })
  const agentId = await idOf(declarant.customsCode)
  for (const [principal, kind] of [
    [cast.platform, 'CEB311'],
    [cast.payer, 'CEB411'],
  ] as const)
    await ask(gateway, operator, '/api/v1/mandates', {
      ...{ principalId: await idOf(principal.customsCode), agentId, kinds: [kind] },
      validFrom: chinaDay(new Date()),
    })
  for (const enterprise of [cast.platform, cast.payer, cast.carrier, declarant])
    await soften(gateway, await idOf(enterprise.customsCode))
  const broker = keys.get(declarant.customsCode) ?? ''
  return { gateway, customs, cast, keys, broker, operator }
}

/** Differences go to customs as they are: there is nothing to refuse otherwise. */
const soften = async ({ flow }: RunningGateway, enterpriseId: string): Promise<void> => {
  const choices = (await enterpriseRules(flow, flow.db, enterpriseId)).flatMap((each) =>
    each.choices.includes('warn') ? [{ rule: each.rule, severity: 'warn' as const }] : [],
  )
  await chooseRules(flow, enterpriseId, choices, null)
}

const measure = async (
  bench: Bench,
  each: number,
): Promise<Omit<RejectionFigures, 'name' | 'database'>> => {
  const { gateway, broker, operator } = bench
  await handInSpoilt(bench, each)
  await settle(bench)
  const { fold, ms: foldMs } = await timedFold(gateway, broker)
  const start = performance.now()
  const spent = { preview: 0, correct: 0, slowest: 0 }
  for (const { cause, change } of troubles) {
    const preview = await timed(() =>
      ask(gateway, broker, CORRECTIONS, { select: { cause }, change, preview: true }),
    )
    const token = preview.value.token
    const applied = await timed(() => ask(gateway, broker, CORRECTIONS, { token }))
    spent.preview += preview.ms
    spent.correct += applied.ms
    spent.slowest = Math.max(spent.slowest, applied.ms)
  }
  await settle(bench)
  const seconds = (performance.now() - start) / 1000
  const released = await releasedLists(bench)
  if (released !== fold.count) throw new Error(`${released} of ${fold.count} lists are released`)
  await manyRefusals(bench, MANY)
  return {
    ...{ rejections: fold.count, groups: fold.groups.length, foldMs },
    previewSeconds: round(spent.preview / 1000),
    correctionRequests: troubles.length,
    correctSeconds: round(spent.correct / 1000),
    slowestRequestSeconds: round(spent.slowest / 1000),
    ...{ released, seconds: round(seconds), manyRejections: MANY },
    manyFoldMs: (await timedFold(gateway, broker)).ms,
    manyFoldOperatorMs: (await timedFold(gateway, operator)).ms,
  }
}

const CORRECTIONS = '/api/v1/rejections/corrections'
const round = (value: number): number => Math.round(value * 100) / 100

const timed = async <T>(work: () => Promise<T>): Promise<{ value: T; ms: number }> => {
  const start = performance.now()
  const value = await work()
  return { value, ms: performance.now() - start }
}

interface Fold {
  readonly count: number
  readonly groups: readonly unknown[]
}

/** The median of a few: the first one only warms up. */
const timedFold = async (
  gateway: RunningGateway,
  key: string,
): Promise<{ fold: Fold; ms: number }> => {
  const tries = []
  for (let i = 0; i < FOLDS; i += 1)
    tries.push(await timed(() => ask(gateway, key, '/api/v1/rejections')))
  tries.sort((a, b) => a.ms - b.ms)
  const middle = tries[Math.floor(FOLDS / 2)]
  if (middle === undefined) throw new Error('nothing was folded')
  return { fold: middle.value as unknown as Fold, ms: round(middle.ms) }
}

const FOLDS = 5

/** Throws for whatever is not well. */
const ask = async (
  gateway: RunningGateway,
  key: string,
  path: string,
  body?: unknown,
): Promise<Readonly<Record<string, unknown>>> => {
  const answer = await fetch(`${gateway.url}${path}`, {
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${text.slice(0, 500)}`)
  return JSON.parse(text) as Readonly<Record<string, unknown>>
}

const handInSpoilt = async (bench: Bench, each: number): Promise<void> => {
  const { gateway, cast, keys } = bench
  const [zone] = zones
  if (zone === undefined) throw new Error('the catalogue has no zones')
  const owners = new Map([
    ['CEB311', cast.platform],
    ['CEB411', cast.payer],
    ['CEB511', cast.carrier],
    ['CEB621', cast.declarants[0]],
  ])
  const settings = { seed: SEED, zone, mode: '1210', enterprises: cast, at: new Date() } as const
  for (const [t, trouble] of troubles.entries())
    for (let start = 0; start < each; start += PER_BATCH) {
      const byKind = new Map<string, unknown[]>()
      for (let i = start; i < Math.min(each, start + PER_BATCH); i += 1)
        for (const { kind, document } of trouble.spoil(
          makeConsignment({ ...settings, n: t * each + i }),
          i,
        ))
          byKind.set(kind, [...(byKind.get(kind) ?? []), document])
      for (const [kind, documents] of byKind)
        await ask(
          gateway,
          keys.get(owners.get(kind)?.customsCode ?? '') ?? '',
          '/api/v1/documents',
          { kind, documents },
        )
    }
}

/** Until nothing moves any more. */
const settle = async ({ gateway, customs }: Bench): Promise<void> => {
  for (;;) {
    let done = await runStages(gateway)
    for (const { envelope, copMsgId } of customs.due()) {
      await takeReply(gateway.flow, envelope)
      customs.delivered(copMsgId)
      done += 1
    }
    if (done === 0 && customs.nextDueAt() === undefined) return
  }
}

const releasedLists = async ({ gateway }: Bench): Promise<number> => {
  const found = await sql<{ count: number }>`
    select count(*)::integer as count from document_state
    where kind = 'CEB621' and state in ('released', 'closed')`.execute(gateway.flow.db)
  return found.rows[0]?.count ?? 0
}

/** Rows as so many refusals would leave them, of the causes that were there; no documents. */
const manyRefusals = async (bench: Bench, count: number): Promise<void> => {
  const { db } = bench.gateway.flow
  const declarant = bench.cast.declarants[0].customsCode
  await sql`
    insert into rejection (lane, document_id, version, kind, sender_id, zone, saying, event_key, at)
    select i % 64, gen_random_uuid(), 1, 'CEB621', e.id, null, y.id, 'bench', now()
    from generate_series(1, ${count}::integer) i
    join enterprise e on e.customs_code = ${declarant}
    join (
      select id, row_number() over (order by id) as place, count(*) over () as all_of
      from rejection_saying
    ) y on y.place = i % y.all_of + 1`.execute(db)
  await sql`analyze rejection`.execute(db)
}
