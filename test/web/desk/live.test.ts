/** News at the desks: one reading for all pages, each told its own and nobody else's, nothing piled up. */
import type { KyselyPlugin } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newsSince } from '../../../src/flow/news.ts'
import { visibleSenders } from '../../../src/flow/sight.ts'
import { LIVE_QUEUE_EVENTS_MAX } from '../../../src/kernel/limits.ts'
import { NEWS_OVERLAP_TICKS, NEWS_STREAM_TICKS } from '../../../src/kernel/news-limits.ts'
import { createGateway } from '../../../src/run/gateway.ts'
import { createDeskLive } from '../../../src/web/desk/live.ts'
import { json, type TestApp, testApp } from '../../http/app.ts'
import { browserOf, personOf, signedIn } from '../../support/desk.ts'

let app: TestApp
beforeAll(async () => {
  app = await testApp()
})
afterAll(() => app.close())

const PAGES = 1_000

/** A timer that the test turns; a turn ends when its reading was handed out. */
const handTimer = () => {
  const runs = new Set<() => void>()
  const reads: Promise<unknown>[] = []
  return {
    every: (_: number, run: () => void) => {
      runs.add(run)
      return () => runs.delete(run)
    },
    running: () => runs.size,
    /** Wraps a reading, so that a turn can wait for it. */
    waited:
      <A extends unknown[], T>(read: (...given: A) => Promise<T>) =>
      (...given: A): Promise<T> => {
        const reading = read(...given)
        reads.push(reading)
        return reading
      },
    turn: async (): Promise<void> => {
      for (const run of runs) run()
      do {
        await reads.shift()
        // What follows a reading: another one, or its being handed out.
        await new Promise((resolve) => setImmediate(resolve))
      } while (reads.length > 0)
    },
  }
}

const countingDb = () => {
  const counted = { statements: 0 }
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => {
      counted.statements += 1
      return node
    },
    transformResult: async ({ result }) => result,
  }
  return { counted, db: app.database.db.withPlugin(plugin) }
}

interface Told {
  readonly items: readonly {
    readonly number: string
    readonly state: string
    readonly group: string
  }[]
}

const listener = (response: Response) => {
  const stream = response.body?.getReader()
  if (stream === undefined) throw new Error('no stream')
  const decoder = new TextDecoder()
  let told = ''
  const read = async (): Promise<void> => {
    const { done, value } = await stream.read()
    if (done) return
    told += decoder.decode(value)
    await read()
  }
  void read()
  return {
    text: () => told,
    numbers: (): readonly string[] =>
      [...told.matchAll(/^data: (.*)$/gm)].flatMap(([, data = '']) =>
        // The stream's own shape.
        (JSON.parse(data) as Told).items.map(({ number }) => number),
      ),
    cancel: () => stream.cancel(),
  }
}

/** Hands a platform's order in; its number. */
const handIn = async (n: number): Promise<string> => {
  const { order } = app.consignment(n)
  const { key } = app.account(app.cast.platform)
  const answer = await app.fetch(
    '/api/v1/documents',
    json(key, { kind: 'CEB311', documents: [order] }),
  )
  expect(answer.status).toBe(200)
  return order.OrderHead.orderNo
}

describe('a thousand open pages', () => {
  it('cost the database one statement a turn, as one page does', async () => {
    const timer = handTimer()
    const { counted, db } = countingDb()
    const live = createDeskLive({
      ...{ every: timer.every, stopping: undefined },
      read: timer.waited((after, senders) => newsSince({ db }, after, senders)),
    })
    const { id } = app.account(app.cast.platform)
    const senders = await visibleSenders(app.gateway.flow, { enterpriseId: id })
    const first = listener(await live.open(senders, undefined))
    await timer.turn()
    counted.statements = 0
    await timer.turn()
    expect(counted.statements).toBe(1)
    const others = await Promise.all(
      Array.from({ length: PAGES - 1 }, async () => listener(await live.open(senders, undefined))),
    )
    expect(live.pages()).toBe(PAGES)
    const number = await handIn(1)
    counted.statements = 0
    await timer.turn()
    expect(counted.statements).toBe(1)
    for (const page of [first, ...others]) expect(page.numbers()).toEqual([number])
    await Promise.all([first, ...others].map((page) => page.cancel()))
    expect(live.pages()).toBe(0)
    expect(timer.running()).toBe(0)
  })

  it('are let go when they do not read, and end by themselves to be asked anew', async () => {
    const timer = handTimer()
    let n = 0
    const live = createDeskLive({
      ...{ every: timer.every, stopping: undefined },
      read: timer.waited(async () => {
        n += 1
        const item = { id: `id-${n}`, kind: 'CEB311', number: `N${n}`, orderNo: null, version: 1 }
        const rest = { state: 'ready', group: 'under-way', senderId: 'a', zone: null } as const
        return { upto: n, items: [{ ...item, ...rest }] }
      }),
    })
    const slow = await live.open(null, undefined)
    for (let i = 0; i < LIVE_QUEUE_EVENTS_MAX; i += 1) await timer.turn()
    expect(live.pages()).toBe(0)
    await slow.body?.cancel()
    const reading = listener(await live.open(null, undefined))
    for (let i = 0; i < NEWS_STREAM_TICKS; i += 1) await timer.turn()
    expect(live.pages()).toBe(0)
    expect(reading.numbers().length).toBeGreaterThan(NEWS_STREAM_TICKS / 2)
  })
})

describe('what a page is told', () => {
  const open = () => {
    const timer = handTimer()
    const { every } = timer
    const gateway = createGateway({ ...app.gatewayOptions, every })
    const fetch = async (path: string, init: RequestInit = {}) =>
      gateway.app.fetch(new Request(`http://gateway.test${path}`, init))
    // A turn reads over the pool, so the story is waited for by what it brings.
    return { timer, fetch }
  }

  it('is what its reader sees, and never another enterprise’s', async () => {
    const { timer, fetch } = open()
    const streamOf = async (who: Parameters<typeof signedIn>[1]) => {
      const reader = await signedIn(app, who)
      return listener(await fetch('/desk/live', { headers: { cookie: reader.cookie() } }))
    }
    const own = await streamOf(app.cast.platform)
    const foreign = await streamOf(app.cast.carrier)
    const operator = await streamOf('operator')
    await timer.turn()
    await expect.poll(() => own.text()).toContain('retry:')
    const number = await handIn(2)
    await expect
      .poll(async () => {
        await timer.turn()
        return own.numbers()
      })
      .toContain(number)
    expect(operator.numbers()).toContain(number)
    expect(foreign.numbers()).toEqual([])
    // Told once, though the reader looks back for late transactions.
    for (let i = 0; i < NEWS_OVERLAP_TICKS + 1; i += 1) await timer.turn()
    expect(own.numbers().filter((told) => told === number)).toEqual([number])
    for (const stream of [own, foreign, operator]) await stream.cancel()
  })

  it('is nothing for the committee, strangers and keys', async () => {
    const { fetch } = open()
    const committee = await signedIn(app, 'committee')
    const stranger = await personOf(app, app.cast.platform)
    const { key } = app.account(app.cast.platform)
    for (const headers of [
      { cookie: committee.cookie() },
      { cookie: stranger.cookie() },
      { authorization: `Bearer ${key}` },
    ])
      expect((await fetch('/desk/live', { headers })).status).toBe(204)
    expect((await browserOf(app).get('/desk/live')).status).toBe(204)
  })

  it('is told once where no timer may run, and the next time from there on', async () => {
    const reader = await signedIn(app, app.cast.platform)
    const first = await reader.get('/desk/live')
    const id = /^id: (\d+)$/m.exec(first.html)?.[1] ?? ''
    expect(Number(id)).toBeGreaterThan(0)
    const number = await handIn(3)
    const next = await reader.get('/desk/live', { 'last-event-id': id })
    expect(next.html).toContain(number)
    const again = /^id: (\d+)$/m.exec(next.html)?.[1] ?? ''
    expect((await reader.get('/desk/live', { 'last-event-id': again })).html).not.toContain(number)
  })
})
