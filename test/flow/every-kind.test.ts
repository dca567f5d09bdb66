/**
 * Every kind of the catalogue the whole way: handed in over HTTP by who may, made XML and signed,
 * answered by the simulated customs office, and told where it stands. A kind is in the suite by
 * being listed; one that has no path, or a reply or notice that never comes in, fails it.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { declarations, findMessage, messages } from '../../src/catalogue/index.ts'
import type { AnyDocument, Declaration, State } from '../../src/catalogue/message.ts'
import { groupOf, officialStatus } from '../../src/catalogue/statuses.ts'
import { zones } from '../../src/catalogue/zones/index.ts'
import { headOfDocument, keyOf } from '../../src/codec/document.ts'
import { readMessage } from '../../src/codec/read.ts'
import type { DocumentView, TimelineEntry } from '../../src/flow/types.ts'
import type { Declared } from '../../src/sim/afterwards.ts'
import { createCustoms } from '../../src/sim/customs.ts'
import { createPath } from '../../src/sim/paths.ts'
import { paces } from '../../src/sim/types.ts'
import { memoryTransport } from '../../src/wire/memory-transport.ts'
import { bearer, CUSTOMS_TOKEN, json, type TestApp, testApp } from '../http/app.ts'
import { movingClock, START } from '../support/gateway.ts'

const clock = movingClock(START)
const customs = createCustoms({ clock, seed: 'every-kind', pace: paces.demo, verify: 'strict' })
let app: TestApp

beforeAll(async () => {
  const transport = memoryTransport('simulator', async (_, bytes) =>
    customs.receive(bytes).kind === 'taken'
      ? { kind: 'sent' }
      : { kind: 'refused', reason: 'not taken' },
  )
  app = await testApp({ clock, transport, register: 'none' })
  const { platform, payer, carrier, site, declarants, merchants } = app.cast
  for (const enterprise of [platform, payer, carrier, site, ...declarants, ...merchants])
    await app.register(enterprise)
})
afterAll(() => app.close())

const ROUNDS_MAX = 400

/** Runs the stages and brings replies over HTTP until nothing is due any more. */
const settle = async (): Promise<void> => {
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    let done = await app.runStages()
    for (const { copMsgId, envelope } of customs.due()) {
      const answer = await app.fetch('/api/v1/customs/replies', {
        method: 'POST',
        headers: { ...bearer(CUSTOMS_TOKEN), 'content-type': 'application/xml' },
        body: Buffer.from(envelope),
      })
      expect(answer.status).toBeLessThan(300)
      customs.delivered(copMsgId)
      done += 1
    }
    if (done > 0) continue
    const next = customs.nextDueAt()
    if (next === undefined) return
    clock.set(next)
  }
  throw new Error(`not settled after ${ROUNDS_MAX} rounds`)
}

/** API key of the first enterprise that may hand the document in. */
const keyFor = (entry: Declaration, document: AnyDocument): string => {
  const head = headOfDocument(entry, document)
  for (const { role, field } of entry.owners) {
    const owner = app.cast.all.find(
      ({ customsCode, roles }) => customsCode === head[field] && roles.includes(role),
    )
    if (owner !== undefined) return app.account(owner).key
  }
  throw new Error(`nobody may hand ${entry.code} in`)
}

const get = async <T>(path: string, key: string): Promise<T> => {
  const answer = await app.fetch(path, { headers: bearer(key) })
  expect(answer.status, path).toBe(200)
  return (await answer.json()) as T
}

interface Went {
  readonly id: string
  readonly key: string
  readonly document: AnyDocument
  readonly view: DocumentView
}

let paths = 0

/** Hands in everything on the path to a kind; tells of the last document and of each before it. */
const go = async (last: Declaration, fate = ''): Promise<ReadonlyMap<string, Went>> => {
  const [zone] = zones
  if (zone === undefined) throw new Error('no zones')
  paths += 1
  const settings = { n: paths, seed: 1, zone, enterprises: app.cast, at: clock.now(), fate }
  const path = createPath(last, settings)
  const before = new Map<string, Declared>()
  const handed = new Map<string, { id: string; key: string; document: AnyDocument }>()
  for (const entry of path.kinds) {
    const document = path.make(entry.code, before)
    const key = keyFor(entry, document)
    const body = { kind: entry.code, documents: [document] }
    const answer = await app.fetch('/api/v1/documents', json(key, body))
    const { results } = (await answer.json()) as { results: { id?: string; faults?: unknown }[] }
    const [result] = results
    expect(result?.faults ?? [], entry.code).toEqual([])
    const id = result?.id ?? ''
    await settle()
    handed.set(entry.code, { id, key, document })
    const view = await get<DocumentView>(`/api/v1/documents/${id}`, key)
    before.set(entry.code, { entry, document, given: view.customsNumbers })
  }
  const went = new Map<string, Went>()
  for (const [kind, { id, key, document }] of handed)
    went.set(kind, {
      ...{ id, key, document },
      view: await get<DocumentView>(`/api/v1/documents/${id}`, key),
    })
  return went
}

const wentOf = (went: ReadonlyMap<string, Went>, kind: string): Went => {
  const found = went.get(kind)
  if (found === undefined) throw new Error(`${kind} was not on the path`)
  return found
}

const wayOf = ({ reply }: Declaration): readonly State[] => {
  const found = findMessage(reply)
  return found?.sort === 'reply' ? found.way.map((status) => officialStatus(status).state) : []
}

const rows = declarations.map((entry) => [entry.code, entry] as const)

describe('every declaration', () => {
  it.each(rows)('%s: intake, XML, customs, replies, done', async (code, entry) => {
    const went = await go(entry)
    const { id, key, document, view } = wentOf(went, code)
    expect(entry.done, view.reason?.info ?? '').toContain(view.state)
    expect(view.group).toBe('done')
    // Every step of customs' is in its story, in this order.
    const story = await get<{ entries: TimelineEntry[] }>(`/api/v1/documents/${id}/timeline`, key)
    const states = story.entries.flatMap(({ state }) => (state === null ? [] : [state]))
    const way = wayOf(entry)
    expect(states.filter((state) => way.includes(state))).toEqual(way)
    // The bytes sent hold this document, and customs has it under its key.
    const sent = await app.fetch(`/api/v1/documents/${id}/message.xml`, { headers: bearer(key) })
    const read = readMessage(new Uint8Array(await sent.arrayBuffer()))
    if (read.kind === 'unreadable') throw new Error('unreadable')
    expect(read.message.entry.code).toBe(code)
    const keys = read.message.documents.map((each) => keyOf(entry, each.document).join())
    expect(keys).toContain(keyOf(entry, document).join())
    expect(customs.books().document(code, keyOf(entry, document))?.versions).toBe(1)
    // What it acts upon took the state it makes, or customs' own answer.
    const target = entry.acts === undefined ? undefined : wentOf(went, entry.acts.on)
    if (entry.acts?.makes !== undefined) expect(target?.view.state).toBe(entry.acts.makes)
    if (entry.acts?.answered !== undefined)
      expect(target?.view.returnStatus).toBe(entry.acts.answered)
  })

  it.each(rows)('%s: refused by customs, refused for its form, silent', async (code, entry) => {
    const ends = { '-R1300': 'rejected', '-CEB900': 'rejected', '-SILENT': 'sent' } as const
    for (const [fate, state] of Object.entries(ends)) {
      const { view } = wentOf(await go(entry, fate), code)
      expect([fate, view.state]).toEqual([fate, state])
      expect(view.group).toBe(groupOf(entry, state))
    }
  })
})

describe('every notice', () => {
  const notices = messages.filter((entry) => entry.sort === 'notice')

  it.each(notices.map((entry) => [entry.code, entry] as const))(
    '%s is told of its document',
    async (code, notice) => {
      const entry = declarations.find((each) => each.code === notice.about.kind)
      if (entry === undefined) throw new Error(`${code} tells of nothing`)
      const went = await go(entry, entry.acts === undefined ? '-TAX' : '')
      const { id, key, view } = wentOf(went, entry.code)
      const story = await get<{ entries: TimelineEntry[] }>(`/api/v1/documents/${id}/timeline`, key)
      expect(story.entries.map((each) => each.notice?.kind)).toContain(code)
      // What was told first and later stands together: numbers, amounts, lines.
      const [told] = view.notices
      for (const name of notice.gives) {
        expect(view.customsNumbers[name], name).toMatch(/./)
        expect(told?.values[name], name).toBe(view.customsNumbers[name])
      }
      expect(Object.values(told?.lines ?? {}).flat().length).toBeGreaterThan(0)
    },
  )
})

describe('every reply', () => {
  it('came in on the way, and none was lost or unreadable', async () => {
    const all = async (state: string) => {
      const kinds = new Set<string>()
      let cursor = ''
      do {
        const page = await get<{ replies: { kind: string | null }[]; next: string | null }>(
          `/api/v1/replies?state=${state}${cursor}`,
          app.operatorKey,
        )
        for (const { kind } of page.replies) kinds.add(kind ?? '')
        cursor = page.next === null ? '' : `&cursor=${page.next}`
      } while (cursor !== '')
      return kinds
    }
    const folded = await all('folded')
    const wanted = messages.filter(({ sort }) => sort !== 'declaration').map(({ code }) => code)
    expect(wanted.filter((code) => !folded.has(code))).toEqual([])
    expect([...(await all('unmatched')), ...(await all('unreadable'))]).toEqual([])
  })
})
