/** What tests share that break processes under load: the start, handing in whatever happens, and looking after. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { sql } from 'kysely'
import { expect } from 'vitest'
import { zones } from '../../src/catalogue/zones/index.ts'
import { holdFacts, kindFacts } from '../../src/flow/kinds.ts'
import { recountQuotas } from '../../src/flow/quota-recount.ts'
import { statusOf } from '../../src/flow/status.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import type { Batch } from '../../src/run/bench/load.ts'
import { type Rehearsal, type RehearsalOptions, startRehearsal } from '../../src/run/rehearsal.ts'
import { accountBookOf } from '../../src/sim/consignments.ts'
import { goodsTable } from '../../src/sim/goods.ts'
import { connect } from '../../src/store/connect.ts'
import { recountHolds } from '../../src/store/holds.ts'
import type { Db } from '../../src/store/tables.ts'
import { inTransaction } from '../../src/store/transaction.ts'
import { makeBook } from '../support/bonded.ts'
import { startTestEmbedded } from '../support/database.ts'

const ROOT = resolve(import.meta.dirname, '../..')
export const server = process.env.TEST_DATABASE_URL || undefined
/** Until everything is released, on a busy machine. */
export const SETTLED_MS_MAX = 180_000
/** A killed gateway's messages come again so soon; long enough for a send on a busy machine. */
export const SHORT_LEASE = { LEASE_SECONDS: '3' }

/** Starts the built programs as their users do, on the database server where there is one. */
export const rehearse = (
  options: Omit<RehearsalOptions, 'root' | 'server'>,
): Promise<Rehearsal> => {
  expect(existsSync(resolve(ROOT, 'dist/yuguan.js')), 'built: npm run build').toBe(true)
  return startRehearsal({ root: ROOT, server, ...options })
}

/** Mulberry32: small, seeded, and good enough to choose moments. */
export const randomOf = (seed: number) => {
  let state = seed
  return (): number => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

export const pause = (ms: number) => new Promise((done) => setTimeout(done, ms))

/** Posts a batch until it is acknowledged, however often the gateway dies meanwhile. */
export const handIn = async (
  rehearsal: Pick<Rehearsal, 'url'>,
  batch: Batch,
): Promise<readonly string[]> => {
  for (;;) {
    const answer = await fetch(`${rehearsal.url}/api/v1/documents`, {
      method: 'POST',
      headers: { authorization: `Bearer ${batch.key}`, 'content-type': 'application/json' },
      body: batch.body,
    }).catch(() => undefined)
    const body = await answer?.json().catch(() => undefined)
    if (answer?.status === 200) return body.results.map((result: { id: string }) => result.id)
    // 429 asks for patience.
    if (answer !== undefined && answer.status < 500 && answer.status !== 429)
      throw new Error(`refused: ${answer.status} ${JSON.stringify(body).slice(0, 500)}`)
    await pause(20)
  }
}

/** Until customs released so many lists, all of them count, and no reply is on its way any more. */
export const allReleased = async (
  rehearsal: Rehearsal,
  lists: number,
  msMax: number,
): Promise<void> => {
  const until = performance.now() + msMax
  for (;;) {
    const { released, replies, replyMessages } = await rehearsal.books()
    const answer = await fetch(`${rehearsal.url}/api/v1/totals?by=direction`)
    const { total } = await answer.json()
    const quiet = replies.waiting === 0 && replyMessages.waiting === 0
    if (released.count === lists && total.count === lists && quiet) return
    if (performance.now() > until)
      throw new Error(`released ${released.count}, counted ${total.count} of ${lists}`)
    await pause(100)
  }
}

/** The database of a gateway that does not run, for a test that looks into it. */
export const openDatabase = async (
  rehearsal: Rehearsal,
): Promise<{ db: Db; close: () => Promise<void> }> => {
  if (rehearsal.databaseUrl !== undefined)
    return connect({ connectionString: rehearsal.databaseUrl, max: 2 })
  const embedded = await startTestEmbedded(rehearsal.dataDir)
  const { db, close } = connect({ ...embedded.address, max: 2 })
  return {
    db,
    close: async () => {
      await close()
      await embedded.close()
    },
  }
}

/** In the order in which they came. */
export const eventsByDocument = async (db: Db) => {
  const rows = await db.selectFrom('event').selectAll().execute()
  const found = new Map<string, typeof rows>()
  for (const row of rows) found.set(row.document_id, [...(found.get(row.document_id) ?? []), row])
  return found
}

/** Work there is, but for replies about a number not given yet, which are looked at again later. */
export const workLeft = async (db: Db) =>
  (await db.selectFrom('work').selectAll().execute()).filter(
    ({ stage, version }) => stage !== 'reply' || version === 0,
  )

const IDLE_TRIES_MAX = 20

/** The same once the gateway has done all its work; it is stopped then. */
export const openWhenIdle = async (rehearsal: Rehearsal): ReturnType<typeof openDatabase> => {
  for (let tries = 1; ; tries += 1) {
    await rehearsal.stop()
    const opened = await openDatabase(rehearsal)
    if (tries === IDLE_TRIES_MAX || (await workLeft(opened.db)).length === 0) return opened
    await opened.close()
    await rehearsal.start()
    await pause(1_000)
  }
}

/** Every acknowledged document is there and done, its column equal to the fold of its events. */
export const expectAllDone = async (db: Db, acknowledged: ReadonlySet<string>): Promise<void> => {
  const states = await db.selectFrom('document_state').selectAll().execute()
  expect(new Set(states.map((row) => row.id))).toEqual(acknowledged)
  const events = await eventsByDocument(db)
  for (const row of states) {
    const own = events.get(row.id) ?? []
    const status = statusOf(own.map((event) => ({ ...event, returnTime: event.return_time })))
    expect(status?.state, row.id).toBe(row.state)
    const facts = kindFacts.find((item) => item.kind === row.kind)
    expect(facts?.done, row.kind).toContain(row.state)
    const told = own.filter((event) => event.return_status !== null)
    const once = new Set(told.map((event) => `${event.return_time} ${event.return_status}`))
    expect(once.size, 'a reply counts once').toBe(told.length)
  }
}

/** No document came to customs in two messages, and none with other bytes. */
export const expectOneMessageEach = async (rehearsal: Rehearsal, lists: number) => {
  const books = await rehearsal.books()
  expect(books.messages).toMatchObject({ differentBytes: 0, invalidSignatures: 0, refused: 0 })
  for (const { taken, refused, versions } of Object.values(books.documents)) {
    expect(taken).toBe(lists)
    expect(versions, 'no document reaches customs in two messages').toBe(lists)
    expect(refused).toBe(0)
  }
}

/** What the simulator saw under each id is what is kept. */
export const expectSameBytes = async (db: Db, rehearsal: Rehearsal, lists: number) => {
  await expectOneMessageEach(rehearsal, lists)
  const kept = await db.selectFrom('message').select(['cop_msg_id', 'hash']).execute()
  const hashes = new Map(
    kept.map((row) => [row.cop_msg_id, Buffer.from(row.hash ?? []).toString('hex')]),
  )
  const seen = await rehearsal.bookedMessages()
  expect(seen.length).toBe(hashes.size)
  for (const { copMsgId, sha256 } of seen) expect(hashes.get(copMsgId), copMsgId).toBe(sha256)
}

/** What buyers used and what lists hold is what counting all lists again comes to. */
export const expectSameQuotas = async (db: Db): Promise<void> => {
  const accounts = () => db.selectFrom('hold_account').selectAll().orderBy('id').execute()
  const before = await accounts()
  expect(before.length).toBeGreaterThan(0)
  await recountQuotas({ db })
  expect(await accounts()).toEqual(before)
}

/** Pieces of everything in every bonded book: more than all lists of a rehearsal draw. */
const STOCKED = '100000'

/** Keeps the books that the lists draw on, before the gateway is started for the first time. */
export const keepBooks = async (rehearsal: Rehearsal): Promise<void> => {
  const { db, close } = await openDatabase(rehearsal)
  try {
    const rows = await db.selectFrom('enterprise').select(['id', 'customs_code']).execute()
    const ids = new Map(rows.map((row) => [row.customs_code, row.id]))
    const units = new Map(goodsTable.map(({ itemNo, unit }) => [itemNo, unit]))
    const stock = Object.fromEntries(goodsTable.map(({ itemNo }) => [itemNo, STOCKED]))
    const kept = new Set<string>()
    for (const zone of zones) {
      const emsNo = accountBookOf(zone)
      const areaCode = rehearsal.cast.warehouses.get(zone.code)?.customsCode ?? ''
      // Where two zones share an office their made-up books share a number: one of them is kept.
      if (kept.has(emsNo)) continue
      kept.add(emsNo)
      const book = { emsNo, areaCode, warehouseId: ids.get(areaCode) ?? '' }
      const deps = { db, clock: systemClock }
      await makeBook(deps, book, zone.code, stock, (item) => units.get(item) ?? '')
    }
  } finally {
    await close()
  }
}

/** Every bonded book is what its log adds up to and what the lists that draw on it leave of it. */
export const expectSameBooks = async (db: Db): Promise<void> => {
  const { rows } = await sql<Readonly<Record<'stock' | 'reserved' | 'log' | 'drawn', string>>>`
    select trim_scale(a.stock - a.committed)::text as stock,
      trim_scale(a.reserved)::text as reserved, (
        select trim_scale(sum(m.stock_change))::text || ' ' ||
          trim_scale(sum(m.reserved_change))::text
        from bonded_movement m where m.lane = i.lane and m.ems_no = i.ems_no
          and m.item_record_no = i.item_record_no
      ) as log, (
        select coalesce(sum((l->>'qty')::numeric), 0)::text
        from document d, json_array_elements(d.payload->'InventoryList') l
        where d.kind = 'CEB621' and d.payload->'InventoryHead'->>'emsNo' = i.ems_no
          and d.payload->'InventoryHead'->>'areaCode' = e.customs_code
          and l->>'itemRecordNo' = i.item_record_no
      ) as drawn
    from bonded_item i join hold_account a on a.lane = i.lane and a.id = i.account_id
    join bonded_book b on b.lane = i.lane and b.ems_no = i.ems_no
    join enterprise e on e.id = b.warehouse_id`.execute(db)
  for (const { stock, reserved, log, drawn } of rows) {
    expect(log).toBe(`${stock} ${reserved}`)
    expect(reserved).toBe('0')
    expect(Number(stock) + Number(drawn)).toBe(Number(STOCKED))
  }
  expect(rows.filter(({ drawn }) => drawn !== '0').length).toBeGreaterThan(0)
  expect(await inTransaction(db, (trx) => recountHolds(trx, holdFacts))).toBe(0)
}

/** What the gateway counts is what customs released, to the fen. */
export const expectSameTotals = async (rehearsal: Rehearsal, url = rehearsal.url) => {
  const { released } = await rehearsal.books()
  const answer = await fetch(`${url}/api/v1/totals?by=zone`)
  expect((await answer.json()).total).toEqual({ count: released.count, amount: released.amount })
}
