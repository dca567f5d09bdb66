/**
 * The journal of the office: whenever its process ends, the one that is started again knows
 * everything that was acknowledged, and says nothing else about it than the first would have.
 */
import { createHash } from 'node:crypto'
import { copyFile, mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seededIds } from '../../src/kernel/ids.ts'
import { type JournaledOffice, openJournaledOffice } from '../../src/run/sim-journal.ts'
import type { JournalHead } from '../../src/sim/journal.ts'
import { ADDRESSES, type Customs, paces } from '../../src/sim/types.ts'
import { businessXml, consignment, inEnvelopeTo, movingClock } from './office.ts'

const head: JournalHead = {
  ...{ seed: 'journal', pace: paces.demo, verify: 'none', addresses: ADDRESSES },
  ...{ taxBills: 'all', remember: 1_000, others: [] },
}

let folder: string
let opened: JournaledOffice[] = []
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'yuguan-journal-'))
})
afterAll(async () => {
  for (const each of opened) await each.close()
  opened = []
  await rm(folder, { recursive: true, force: true })
})

const open = async (
  name: string,
  clock = movingClock(),
  differs: Partial<JournalHead> = {},
  isSeedFixed = false,
) => {
  const path = join(folder, name)
  const journal = await openJournaledOffice({
    ...{ path, clock, isSeedFixed },
    head: { ...head, seed: 'another at every start', ...differs },
  })
  opened.push(journal)
  return journal
}

const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

const booksOf = (customs: Customs) => {
  const books = customs.books()
  return {
    summary: books.summary(),
    messages: [...books.messages()],
    documents: [...books.documents()],
  }
}

/** What is settled in the end: how often something was handed out is not part of it. */
const outcomeOf = (customs: Customs) => {
  const { summary, messages, documents } = booksOf(customs)
  return { messages, documents, released: summary.released, replies: summary.replies }
}

const MARKS = ['', '', '-TWICE', '-R1327', '-BACKWARDS', '-GARBAGE', '-REVIEW', '-TAXVOID']

/** Sends consignments and takes replies, of which every fifth delivery fails, one call at a time. */
const drive = async function* (customs: Customs, clock: ReturnType<typeof movingClock>) {
  const ids = seededIds('journal')
  const heard = new Map<string, string>()
  let calls = 0
  const listen = () => {
    for (const { copMsgId, envelope } of customs.due(3)) {
      heard.set(copMsgId, hashOf(envelope))
      calls += 1
      if (calls % 5 === 0) customs.failed(copMsgId)
      else if (calls % 7 !== 0) customs.delivered(copMsgId)
    }
  }
  for (const [n, mark] of MARKS.entries()) {
    const { order, payment, waybill, list } = consignment(n, mark)
    const documents = { CEB311: order, CEB411: payment, CEB511: waybill, CEB621: list }
    for (const [kind, document] of Object.entries(documents)) {
      const guid = ids.next().toUpperCase()
      const data = await businessXml(kind, [document], guid, false)
      customs.receive(inEnvelopeTo(kind, guid, data))
      if (n % 2 === 0) customs.receive(inEnvelopeTo(kind, guid, data))
      clock.advance(20)
      listen()
      yield heard
    }
  }
  for (let next = customs.nextDueAt(); next !== undefined; next = customs.nextDueAt()) {
    clock.set(next)
    listen()
    yield heard
  }
}

const settle = (customs: Customs, clock: ReturnType<typeof movingClock>) => {
  const heard = new Map<string, string>()
  for (let next = customs.nextDueAt(); next !== undefined; next = customs.nextDueAt()) {
    clock.set(next)
    for (const { copMsgId, envelope } of customs.due()) {
      heard.set(copMsgId, hashOf(envelope))
      customs.delivered(copMsgId)
    }
  }
  return heard
}

describe('an office started again from its journal', () => {
  it('has the books of the moment its process ended, and ends as if nothing had happened', async () => {
    const clock = movingClock()
    const first = await open('whole', clock)
    const copies: { name: string; at: Date; books: unknown; heard: Map<string, string> }[] = []
    let step = 0
    for await (const heard of drive(first.office, clock)) {
      step += 1
      if (step % 9 !== 0) continue
      await first.office.kept()
      const name = `copy-${step}`
      await copyFile(join(folder, 'whole'), join(folder, name))
      const books = booksOf(first.office)
      copies.push({ name, at: clock.now(), books, heard: new Map(heard) })
    }
    expect(copies.length).toBeGreaterThan(5)
    const wanted = outcomeOf(first.office)
    expect(wanted.released.count).toBeGreaterThan(0)
    for (const { name, at, books, heard } of copies) {
      const later = movingClock(at)
      const again = await open(name, later)
      expect(again.cut, name).toBe(0)
      expect(booksOf(again.office), name).toEqual(books)
      const retold = settle(again.office, later)
      for (const [copMsgId, hash] of retold)
        expect(heard.get(copMsgId) ?? hash, `${name}: the same bytes again`).toBe(hash)
    }
    const last = await open('whole', clock)
    settle(last.office, clock)
    expect(outcomeOf(last.office)).toEqual(wanted)
  })

  it('cuts off what was being written when its process ended, and nothing before it', async () => {
    const { size } = await stat(join(folder, 'whole'))
    const path = join(folder, 'torn')
    let last = Number.POSITIVE_INFINITY
    for (const length of [size - 1, size - 8, size - 40, Math.floor(size / 2), 20, 3]) {
      await copyFile(join(folder, 'whole'), path)
      await truncate(path, length)
      const again = await open('torn')
      expect(again.cut).toBeLessThanOrEqual(length)
      expect(again.replayed).toBeLessThanOrEqual(last)
      last = again.replayed
      await again.close()
      opened = opened.filter((each) => each !== again)
      const afterwards = await open('torn')
      expect(afterwards.cut, 'what was cut off is gone').toBe(0)
      expect(afterwards.replayed).toBeGreaterThanOrEqual(last)
    }
    expect(last, 'not even its head was whole').toBe(0)
  })

  it('refuses a journal that is damaged before its end, and one of other settings', async () => {
    const bytes = await readFile(join(folder, 'whole'))
    bytes[Math.floor(bytes.length / 2)] = (bytes[Math.floor(bytes.length / 2)] ?? 0) ^ 1
    await writeFile(join(folder, 'damaged'), bytes)
    await expect(open('damaged')).rejects.toThrow(/damaged from byte \d+ on/)
    await expect(open('whole', movingClock(), { pace: paces.realistic })).rejects.toThrow(/PACE/)
    await expect(open('whole', movingClock(), { seed: 'mine' }, true)).rejects.toThrow(/SEED/)
  })

  it('goes on with its seed: no number is given twice', async () => {
    const clock = movingClock()
    const ids = seededIds('seed')
    const sendOrder = async (customs: Customs, n: number) => {
      const guid = ids.next().toUpperCase()
      const data = await businessXml('CEB311', [consignment(n).order], guid, false)
      customs.receive(inEnvelopeTo('CEB311', guid, data))
      return [...settle(customs, clock).keys()]
    }
    const told = await sendOrder((await open('seed', clock)).office, 1)
    await opened.pop()?.close()
    told.push(...(await sendOrder((await open('seed', clock)).office, 2)))
    expect(new Set(told).size).toBe(4)
  })
})
