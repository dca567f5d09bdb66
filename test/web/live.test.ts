/** The live events: one timer for all pages, nothing piled up, nothing left behind. */
import { describe, expect, it } from 'vitest'
import { createMeter } from '../../src/flow/meter.ts'
import { LIVE_QUEUE_EVENTS_MAX, LIVE_TICK_MS, LIVE_TOTALS_TICKS } from '../../src/kernel/limits.ts'
import { createLive } from '../../src/web/live.ts'
import { createSnapshots } from '../../src/web/snapshot.ts'
import { movingClock } from '../support/gateway.ts'
import { sampleTargets, sampleTotals } from './sample-totals.ts'

const START = '2026-10-15T02:00:00.000Z'

/** A live view whose timer the test turns. */
const liveByHand = () => {
  const clock = movingClock(START)
  const meter = createMeter()
  const timers = new Set<() => void>()
  const stopping = new AbortController()
  const counts = { timersStarted: 0, reads: 0 }
  const figures = { amount: '1602250000.51' }
  const snapshots = createSnapshots({
    clock,
    targets: async (query) => sampleTargets(query),
    totals: async (query) => {
      counts.reads += 1
      const totals = sampleTotals(query)
      return { ...totals, total: { ...totals.total, amount: figures.amount } }
    },
  })
  const live = createLive({
    clock,
    meter,
    snapshots,
    stopping: stopping.signal,
    every: (_, run) => {
      counts.timersStarted += 1
      timers.add(run)
      return () => {
        timers.delete(run)
      }
    },
  })
  const tick = async (times = 1): Promise<void> => {
    for (let i = 0; i < times; i += 1) {
      clock.advance(LIVE_TICK_MS)
      for (const run of timers) run()
      // Figures are read asynchronously; let them arrive.
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  return { live, meter, clock, timers, stopping, counts, figures, tick }
}

const readerOf = async (response: Promise<Response>) => {
  const { body } = await response
  if (body === null) throw new Error('no body')
  const reader = body.getReader()
  const decoder = new TextDecoder()
  return {
    next: async (): Promise<string | undefined> => {
      const { done, value } = await reader.read()
      return done ? undefined : decoder.decode(value)
    },
    cancel: () => reader.cancel(),
  }
}

const dataOf = (chunk: string | undefined, name: string): unknown => {
  const found = new RegExp(`event: ${name}\\ndata: (.*)\\n`).exec(chunk ?? '')
  return found?.[1] === undefined ? undefined : JSON.parse(found[1])
}

describe('a page that opens', () => {
  it('is told the counts and the figures at once, as an event stream', async () => {
    const { live, meter } = liveByHand()
    meter.add('taken', 7)
    const response = await live.open()
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    expect(response.headers.get('cache-control')).toBe('no-store')
    const page = await readerOf(Promise.resolve(response))
    const first = await page.next()
    expect(dataOf(first, 'flow')).toMatchObject({ taken: { count: 7, rate: 0 } })
    expect(dataOf(first, 'totals')).toMatchObject({ zone: { total: { amount: '1602250000.51' } } })
    await page.cancel()
  })

  it('is told counts and rates of every second in which something moved', async () => {
    const { live, meter, tick } = liveByHand()
    const page = await readerOf(live.open())
    await page.next()
    meter.add('taken', 30)
    meter.add('released', 5)
    await tick()
    expect(dataOf(await page.next(), 'flow')).toMatchObject({
      taken: { count: 30, rate: 30 },
      released: { count: 5, rate: 5 },
    })
    await tick()
    expect(dataOf(await page.next(), 'flow')).toMatchObject({ taken: { count: 30, rate: 0 } })
    await page.cancel()
  })

  it('does not take what happened before it came for a rate', async () => {
    const { live, meter, tick, clock } = liveByHand()
    const first = await readerOf(live.open())
    await first.cancel()
    meter.add('taken', 1_000)
    clock.advance(60_000)
    const page = await readerOf(live.open())
    await page.next()
    meter.add('taken', 1)
    await tick()
    expect(dataOf(await page.next(), 'flow')).toMatchObject({ taken: { count: 1_001, rate: 1 } })
    await page.cancel()
  })

  it('is not shown a wild rate when the clock is set', async () => {
    const { live, meter, tick, clock } = liveByHand()
    const page = await readerOf(live.open())
    await page.next()
    clock.advance(30 * 86_400_000)
    meter.add('taken', 20)
    await tick()
    expect(dataOf(await page.next(), 'flow')).toMatchObject({ taken: { rate: 20 } })
    await page.cancel()
  })

  it('hears of figures only when they changed', async () => {
    const { live, tick, figures } = liveByHand()
    const page = await readerOf(live.open())
    await page.next()
    // The first round of figures tells the hub what is known.
    await tick(LIVE_TOTALS_TICKS)
    expect(dataOf(await page.next(), 'totals')).toBeDefined()
    await tick(LIVE_TOTALS_TICKS)
    figures.amount = '2000000000'
    await tick(LIVE_TOTALS_TICKS)
    expect(dataOf(await page.next(), 'totals')).toMatchObject({
      zone: { total: { amount: '2000000000' } },
    })
    await page.cancel()
  })
})

describe('many pages', () => {
  it('share one timer, which ends with the last of them', async () => {
    const { live, timers, counts } = liveByHand()
    const pages = await Promise.all(Array.from({ length: 20 }, () => readerOf(live.open())))
    expect(live.pages()).toBe(20)
    expect(counts.timersStarted).toBe(1)
    for (const page of pages) await page.cancel()
    expect(live.pages()).toBe(0)
    expect(timers.size).toBe(0)
  })

  it('cost one reading of the figures at a time', async () => {
    const { live, counts, tick } = liveByHand()
    const pages = await Promise.all(Array.from({ length: 20 }, () => readerOf(live.open())))
    expect(counts.reads).toBe(3)
    await tick(LIVE_TOTALS_TICKS)
    expect(counts.reads).toBe(6)
    for (const page of pages) await page.cancel()
  })
})

describe('a page that does not read', () => {
  it('is let go before events pile up', async () => {
    const { live, meter, tick } = liveByHand()
    await live.open()
    for (let i = 0; i < LIVE_QUEUE_EVENTS_MAX + 2; i += 1) {
      meter.add('taken', 1)
      await tick()
    }
    expect(live.pages()).toBe(0)
  })
})

describe('an end of the server', () => {
  it('ends every stream, so that connections can close', async () => {
    const { live, stopping, timers } = liveByHand()
    const page = await readerOf(live.open())
    await page.next()
    stopping.abort()
    expect(await page.next()).toBeUndefined()
    expect(live.pages()).toBe(0)
    expect(timers.size).toBe(0)
  })
})

describe('a runtime without timers', () => {
  it('answers with the figures once and asks the browser to come back', async () => {
    const clock = movingClock(START)
    const snapshots = createSnapshots({
      clock,
      targets: async (query) => sampleTargets(query),
      totals: async (query) => sampleTotals(query),
    })
    const deps = { clock, meter: createMeter(), snapshots, every: undefined, stopping: undefined }
    const live = createLive(deps)
    const text = await (await live.open()).text()
    expect(text).toMatch(/^retry: \d+\n\nevent: totals\ndata: .*\n\n$/)
    expect(live.flow()).toBeUndefined()
  })
})
