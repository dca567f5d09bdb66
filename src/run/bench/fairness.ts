/**
 * Fair shares with a very long queue: one enterprise has a million documents queued, another hands in
 * ten. How many batches and seconds until the ten are out, and what a claim costs beside an empty
 * queue. Needs the PostgreSQL that DATABASE_URL names; the database it makes is dropped at the end.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { zones } from '../../catalogue/zones/index.ts'
import { takeDocuments } from '../../flow/intake.ts'
import { stages } from '../../flow/stages.ts'
import type { FlowDeps } from '../../flow/types.ts'
import { makeConsignment } from '../../sim/consignments.ts'
import { makeExportConsignment } from '../../sim/export-consignments.ts'
import { inTransaction } from '../../store/transaction.ts'
import { claimWork } from '../../store/work.ts'
import { memoryTransport } from '../../wire/memory-transport.ts'
import { readConfig } from '../config.ts'
import { registerEnterprises } from '../demo/enterprises.ts'
import { simulatorLink } from '../links.ts'
import { silentLog } from '../log.ts'
import { startGateway } from '../node.ts'
import { makeDatabase } from '../rehearsal.ts'
import { UsageError } from '../usage.ts'
import { cloneDocuments } from './clones.ts'

export interface FairnessFigures {
  readonly name: 'fairness'
  readonly documentsQueued: number
  readonly emptyClaimMs: number
  readonly claimMs: number
  /** Until the ten are in messages, and until these are out. */
  readonly composeBatches: number
  readonly dispatchBatches: number
  readonly seconds: number
}

const DOCUMENTS_DEFAULT = 1_000_000
const CLAIMS = 20
/** Without the ten by then, nobody is fair. */
const BATCHES_MAX = 100

export const benchFairness = async (
  server: string | undefined,
  documents = DOCUMENTS_DEFAULT,
): Promise<FairnessFigures> => {
  if (server === undefined)
    throw new UsageError('须设置 DATABASE_URL / fairness needs DATABASE_URL')
  const database = await makeDatabase(server)
  const dataDir = await mkdtemp(join(tmpdir(), 'yuguan-fairness-'))
  try {
    const read = readConfig({ DATA_DIR: dataDir, DATABASE_URL: database.url ?? server })
    if (read.kind === 'problems') throw new Error('the settings of the bench are wrong')
    const sink = memoryTransport('sink', async () => ({ kind: 'sent' }))
    const gateway = await startGateway({
      ...{ config: read.config, log: silentLog, listen: false, loops: false },
      links: [simulatorLink(sink)],
    })
    try {
      const { cast, keys: _ } = await registerEnterprises(gateway, new Date())
      return await measure(gateway.flow, cast, documents)
    } finally {
      await gateway.stop()
    }
  } finally {
    await database.drop()
    await rm(dataDir, { recursive: true, force: true })
  }
}

type Cast = Awaited<ReturnType<typeof registerEnterprises>>['cast']

const measure = async (deps: FlowDeps, cast: Cast, documents: number): Promise<FairnessFigures> => {
  const [zone] = zones
  if (zone === undefined) throw new Error('the catalogue has no zones')
  const shared = { seed: 9, zone, enterprises: cast, at: deps.clock.now() }
  const { receipt } = makeExportConsignment({
    ...{ ...shared, n: 0, mode: '9610', flag: 'B', currency: 'CNY' },
  })
  const emptyClaimMs = await claimMs(deps)
  const [template = ''] = await hand(deps, receipt.payCode ?? '', 'CEB403', [receipt])
  await cloneDocuments(deps.db, { template, prefix: 'FQ', count: documents, now: deps.clock.now() })
  const longClaimMs = await claimMs(deps)
  const orders = Array.from({ length: 10 }, (_, n) =>
    makeConsignment({ ...shared, n, mode: '1210' }),
  ).map(({ order }) => order)
  const start = performance.now()
  const ten = await hand(deps, orders[0]?.OrderHead.ebpCode ?? '', 'CEB311', orders)
  const composeBatches = await until(deps, ten, 'compose', 'message_id is not null')
  const dispatchBatches = await until(deps, ten, 'dispatch', "state = 'sent'")
  return {
    ...{ name: 'fairness', documentsQueued: documents },
    ...{ emptyClaimMs, claimMs: longClaimMs, composeBatches, dispatchBatches },
    seconds: round((performance.now() - start) / 1000),
  }
}

const round = (value: number): number => Math.round(value * 100) / 100

const hand = async (
  deps: FlowDeps,
  owner: string,
  kind: string,
  documents: readonly unknown[],
): Promise<readonly string[]> => {
  const { rows } = await sql<{ id: string }>`
    select id from enterprise where customs_code = ${owner}`.execute(deps.db)
  const enterpriseId = rows[0]?.id ?? ''
  const answer = await takeDocuments(
    deps,
    { enterpriseId },
    documents.map((document) => ({ kind, document })),
  )
  const ids = answer.kind === 'taken' ? answer.results.flatMap(({ id }) => id ?? []) : []
  if (ids.length !== documents.length) throw new Error(JSON.stringify(answer).slice(0, 500))
  return ids
}

/** Of claims that are taken back; the first ones only warm up. */
const claimMs = async (deps: FlowDeps): Promise<number> => {
  const { batchMax: limit } = stages.compose
  const times: number[] = []
  for (let i = 0; i < CLAIMS; i += 1)
    await inTransaction(deps.db, async (trx) => {
      const now = deps.clock.now()
      const start = performance.now()
      await claimWork(trx, { stage: 'compose', limit, first: i, now })
      times.push(performance.now() - start)
      throw new TakenBack()
    }).catch((problem: unknown) => {
      if (!(problem instanceof TakenBack)) throw problem
    })
  times.sort((a, b) => a - b)
  return round(times[Math.floor(times.length / 2)] ?? 0)
}

class TakenBack extends Error {}

/** Batches of a stage until that holds of all ten. */
const until = async (
  deps: FlowDeps,
  ids: readonly string[],
  stage: 'compose' | 'dispatch',
  holds: string,
): Promise<number> => {
  for (let batches = 1; batches <= BATCHES_MAX; batches += 1) {
    await stages[stage].runBatch(deps, stages[stage].batchMax)
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from document_state
      where id = any(${ids}::uuid[]) and ${sql.raw(holds)}`.execute(deps.db)
    if (rows[0]?.count === ids.length) return batches
  }
  throw new Error(`the ten are not through ${stage} after ${BATCHES_MAX} batches`)
}
