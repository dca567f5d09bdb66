/**
 * Nobody waits behind somebody else's queue: ten documents go out at once although others have very
 * many queued before them, and the others go on. Work that was put off costs nobody anything.
 */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { zones } from '../../src/catalogue/zones/index.ts'
import { takeDocuments } from '../../src/flow/intake.ts'
import { stages } from '../../src/flow/stages.ts'
import type { FlowDeps } from '../../src/flow/types.ts'
import { LANE_COUNT, laneOf } from '../../src/kernel/lane.ts'
import { cloneDocuments } from '../../src/run/bench/clones.ts'
import { makeExportConsignment } from '../../src/sim/export-consignments.ts'
import { inTransaction } from '../../src/store/transaction.ts'
import { claimWork, leaseWork, partyOf } from '../../src/store/work.ts'
import { type TestGateway, testGateway } from '../support/gateway.ts'

let gateway: TestGateway
let deps: FlowDeps
let template: string
/** Sender of the very many. */
let big: string
let orders = 0

/** The embedded database is the smaller one. */
const many = () => (gateway.database.embedded ? 20_000 : 60_000)

beforeAll(async () => {
  gateway = await testGateway()
  const { db } = gateway.database
  const [zone] = zones
  if (zone === undefined) throw new Error('no zones')
  const { receipt } = makeExportConsignment({
    ...{ n: 1, seed: 5, zone, mode: '9610', flag: 'B', currency: 'CNY' },
    ...{ enterprises: gateway.cast, at: gateway.clock.now() },
  })
  big = receipt.payCode ?? ''
  const answer = await takeDocuments(gateway.deps, { enterpriseId: big }, [
    { kind: 'CEB403', document: receipt },
  ])
  const id = answer.kind === 'taken' ? answer.results[0]?.id : undefined
  if (id === undefined) throw new Error(JSON.stringify(answer))
  template = id
  // More payment enterprises as big as the first, who sign with its key.
  for (let i = 0; i < OTHERS; i += 1)
    await sql`
      insert into enterprise (id, name, customs_code, roles, dxp_id)
      select ${otherOf(i)}, name, ${otherOf(i)}, roles, ${`DXPSYN${i}`}
      from enterprise where id = ${big}`.execute(db)
  deps = {
    ...gateway.deps,
    signerOf: (sender, via) =>
      gateway.deps.signerOf(sender.startsWith('SYNBIG') ? big : sender, via),
  }
  await cloneDocuments(db, { template, prefix: 'FA', count: many(), now: gateway.clock.now() })
}, 240_000)
afterAll(() => gateway.close())

const OTHERS = 4
const otherOf = (i: number): string => `SYNBIG${String(i).padStart(4, '0')}`

/** Ten orders of the platform; in one lane, or as they fall. */
const handInTen = async (lane?: number): Promise<readonly string[]> => {
  const ten: unknown[] = []
  let owner = ''
  while (ten.length < 10) {
    const { order, orderNo } = gateway.consignment(orders)
    orders += 1
    if (lane !== undefined && laneOf(orderNo) !== lane) continue
    ten.push(order)
    owner = order.OrderHead.ebpCode
  }
  const answer = await takeDocuments(
    deps,
    { enterpriseId: owner },
    ten.map((document) => ({ kind: 'CEB311', document })),
  )
  const ids = answer.kind === 'taken' ? answer.results.flatMap(({ id }) => id ?? []) : []
  expect(ids).toHaveLength(10)
  return ids
}

/** Documents of these, or of a sender, that are in a message, and how many of them were sent. */
const standing = async (of: { ids: readonly string[] } | { sender: string }) => {
  const whose = 'ids' in of ? sql`s.id = any(${of.ids}::uuid[])` : sql`s.sender_id = ${of.sender}`
  const { rows } = await sql<{ composed: number; sent: number }>`
    select count(*) filter (where s.message_id is not null)::int as composed,
      count(*) filter (where s.state = 'sent')::int as sent
    from document_state s where ${whose}`.execute(deps.db)
  return rows[0] ?? { composed: 0, sent: 0 }
}

/** Every batch falls on another moment, as in life. */
const run = async (stage: 'compose' | 'dispatch', batches: number): Promise<void> => {
  for (let batch = 0; batch < batches; batch += 1) {
    gateway.clock.advance(37)
    await stages[stage].runBatch(deps, stages[stage].batchMax)
  }
}

const passesQuickly = async (lane?: number) => {
  await run('compose', 1)
  const ids = await handInTen(lane)
  await run('compose', 2)
  expect((await standing({ ids })).composed, 'composed within two batches').toBe(10)
  await run('dispatch', 2)
  expect((await standing({ ids })).sent, 'sent within two batches').toBe(10)
}

describe('ten documents handed in behind very many', () => {
  it('are composed and sent within two batches', () => passesQuickly())

  it('are so although all ten fall into one lane', async () => {
    for (const lane of [0, 17, 63]) await passesQuickly(lane)
  })

  it('do not starve the other, whose documents fill what they leave', async () => {
    const before = await standing({ sender: big })
    await handInTen()
    await run('compose', 1)
    const after = await standing({ sender: big })
    expect(after.composed - before.composed).toBe(stages.compose.batchMax - 10)
    await run('dispatch', 3)
    expect((await standing({ sender: big })).sent).toBeGreaterThan(before.sent)
  })

  it('leave the order of each sender within a lane as it was', async () => {
    const { rows } = await sql<{ lane: number }>`
      select s.lane from document_state s where s.sender_id = ${big} and s.id <> ${template}
      group by s.lane
      having max(s.number) filter (where s.message_id is not null)
        > min(s.number) filter (where s.message_id is null)`.execute(deps.db)
    expect(rows).toEqual([])
  })

  it('are so beside five who have very many, each of whom gets an equal part', async () => {
    const senders = [big, ...Array.from({ length: OTHERS }, (_, i) => otherOf(i))]
    for (const [i, senderId] of senders.entries())
      if (senderId !== big)
        await cloneDocuments(deps.db, {
          ...{ template: await anyQueued(), prefix: `F${i}`, count: many() / 10, senderId },
          now: gateway.clock.now(),
        })
    const before = await Promise.all(senders.map((sender) => standing({ sender })))
    await run('compose', 1)
    const after = await Promise.all(senders.map((sender) => standing({ sender })))
    for (const [i, { composed }] of after.entries())
      expect(composed - (before[i]?.composed ?? 0), senders[i]).toBe(
        stages.compose.batchMax / senders.length,
      )
    await passesQuickly(5)
    await passesQuickly()
  })
})

/** One that was not composed yet. */
const anyQueued = async (): Promise<string> => {
  const { rows } = await sql<{ subject: string }>`
    select subject from work where stage = 'compose' and party = ${partyOf(big)}
    limit 1`.execute(deps.db)
  return rows[0]?.subject ?? ''
}

describe('work that was put off', () => {
  const later = 3_600_000

  it('is not looked at by those who look for what is due', async () => {
    const { db } = deps
    const now = gateway.clock.now()
    await sql`
      insert into work (lane, stage, queue, party, subject, run_at)
      select i % ${LANE_COUNT}, 'reply', '', ${partyOf(big)}, 'late ' || i,
        ${new Date(now.getTime() + later)}
      from generate_series(1, ${many()}) i`.execute(db)
    await sql`
      insert into work (lane, stage, queue, party, subject, run_at)
      select i, 'reply', '', ${partyOf(big)}, 'due ' || i, ${now}
      from generate_series(0, ${LANE_COUNT - 1}) i`.execute(db)
    const claim = { stage: 'reply', limit: 100, first: 3, now } as const
    const { claimed, read } = await inTransaction(db, async (trx) => {
      // What other transactions read a moment ago may still be counted: the difference tells.
      const readSoFar = async (): Promise<number> => {
        const { rows } = await sql<{ read: number }>`
          select (idx_tup_fetch + seq_tup_read)::int as read from pg_stat_xact_user_tables
          where relname = 'work'`.execute(trx)
        return rows[0]?.read ?? 0
      }
      const before = await readSoFar()
      const taken = await claimWork(trx, claim)
      return { claimed: taken.length, read: (await readSoFar()) - before }
    })
    expect(claimed).toBe(LANE_COUNT)
    expect(read).toBeGreaterThan(0)
    expect(read, 'rows read').toBeLessThan(many() / 10)
    await sql`delete from work where stage = 'reply'`.execute(db)
  }, 120_000)

  it('and what is leased is due again when it was put off to, neither sooner nor never', async () => {
    const { db, clock } = deps
    const row = { lane: 9, stage: 'reply' as const, subject: 'one', run_at: clock.now() }
    await db.insertInto('work').values(row).execute()
    const lease = async () => {
      const now = clock.now()
      const until = new Date(now.getTime() + 30_000)
      return leaseWork(db, { stage: 'reply', limit: 9, first: 0, now, until })
    }
    expect(await lease()).toHaveLength(1)
    gateway.clock.advance(29_999)
    expect(await lease()).toHaveLength(0)
    gateway.clock.advance(1)
    expect(await lease()).toMatchObject([{ subject: 'one', attempts: 2 }])
    await sql`delete from work where stage = 'reply'`.execute(db)
  })
})
