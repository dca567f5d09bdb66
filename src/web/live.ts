/**
 * The live view: one timer for all open pages of a process. Every second it reads the meter, and
 * every few seconds the figures; what changed is encoded once and handed to every page. A page that
 * does not read is let go (its browser comes back by itself), so that no queue grows.
 *
 * Where no timer may outlive a request (Workers), a page gets one event and comes back for the next.
 */
import type { Meter, MeterStep } from '../flow/types.ts'
import type { Clock } from '../kernel/clock.ts'
import {
  LIVE_HEARTBEAT_TICKS,
  LIVE_PAGES_MAX,
  LIVE_QUEUE_EVENTS_MAX,
  LIVE_RETRY_MS,
  LIVE_TICK_MS,
  LIVE_TOTALS_TICKS,
} from '../kernel/limits.ts'
import type { ReadSnapshot, Snapshot } from './snapshot.ts'

/** Counts since the process started, and how many a second in the last tick. */
export type Flow = Readonly<Record<MeterStep, { readonly count: number; readonly rate: number }>>

/** Calls `run` again and again until the answer is called. */
export type Every = (intervalMs: number, run: () => void) => () => void

export interface LiveDeps {
  readonly clock: Clock
  readonly meter: Meter
  readonly snapshots: ReadSnapshot
  /** Undefined where no timer may outlive a request. */
  readonly every: Every | undefined
  /** Ends all streams, so that a server can close. */
  readonly stopping: AbortSignal | undefined
}

export interface Live {
  /** An event stream; 503 when too many pages are open. */
  open(): Promise<Response>
  /** Counts of now and rates of the last tick; undefined where nothing ticks. */
  flow(): Flow | undefined
  /** Pages open now. */
  pages(): number
}

export const createLive = (deps: LiveDeps): Live => {
  const { every } = deps
  if (every === undefined) {
    return { open: () => once(deps), flow: () => undefined, pages: () => 0 }
  }
  const hub = createHub(deps, every)
  return {
    flow: hub.flow,
    pages: hub.size,
    open: async () => {
      if (hub.size() >= LIVE_PAGES_MAX) {
        return new Response('too many live pages', {
          status: 503,
          headers: { 'retry-after': String(LIVE_RETRY_MS / 1000) },
        })
      }
      return stream(hub.join(await firstEvents(deps, hub.flow())))
    },
  }
}

/** One process' pages and the timer they share; it runs only while a page is open. */
const createHub = (deps: LiveDeps, every: Every) => {
  const pages = new Set<ReadableStreamDefaultController<Uint8Array>>()
  const rates = createRates(deps)
  let stop: (() => void) | undefined
  let ticks = 0
  let lastTotals = ''

  const leave = (page: ReadableStreamDefaultController<Uint8Array>): void => {
    pages.delete(page)
    if (pages.size > 0) return
    stop?.()
    stop = undefined
    rates.restart()
  }
  const send = (text: string): void => {
    const bytes = encoder.encode(text)
    for (const page of [...pages]) {
      if ((page.desiredSize ?? 0) > 0) page.enqueue(bytes)
      else {
        leave(page)
        // A closed reader throws here; it is gone either way.
        attempt(() => page.close())
      }
    }
  }
  const sendTotals = async (): Promise<void> => {
    const snapshot = await deps.snapshots().catch(() => undefined)
    if (snapshot === undefined) return
    const figures = figuresOf(snapshot)
    if (figures === lastTotals) return
    lastTotals = figures
    send(event('totals', snapshot))
  }
  const tick = (): void => {
    ticks += 1
    const { flow, moved } = rates.tick()
    if (moved) send(event('flow', flow))
    else if (ticks % LIVE_HEARTBEAT_TICKS === 0) send(': alive\n\n')
    if (ticks % LIVE_TOTALS_TICKS === 0) void sendTotals()
  }
  deps.stopping?.addEventListener('abort', () => {
    for (const page of [...pages]) {
      leave(page)
      attempt(() => page.close())
    }
  })

  return {
    size: () => pages.size,
    flow: rates.current,
    join: (first: string): ReadableStream<Uint8Array> => {
      let self: ReadableStreamDefaultController<Uint8Array> | undefined
      return new ReadableStream<Uint8Array>(
        {
          start: (controller) => {
            self = controller
            controller.enqueue(encoder.encode(first))
            if (deps.stopping?.aborted) return controller.close()
            if (stop === undefined) {
              rates.restart()
              stop = every(LIVE_TICK_MS, tick)
            }
            pages.add(controller)
          },
          cancel: () => {
            if (self !== undefined) leave(self)
          },
        },
        { highWaterMark: LIVE_QUEUE_EVENTS_MAX },
      )
    },
  }
}

/** Rates are differences of the meter over the time that the clock says has gone by. */
const createRates = ({ meter, clock }: LiveDeps) => {
  const read = () => ({ counts: meter.read(), at: clock.now().getTime() })
  let before = read()
  let flow = flowOf(before.counts, before.counts, 1)
  return {
    /** Counts of now; rates of the last tick. */
    current: (): Flow => withCounts(flow, meter.read()),
    /** After a pause: what happened meanwhile is no rate. */
    restart: (): void => {
      before = read()
      flow = flowOf(before.counts, before.counts, 1)
    },
    tick: (): { readonly flow: Flow; readonly moved: boolean } => {
      const now = read()
      const next = flowOf(now.counts, before.counts, secondsBetween(before.at, now.at))
      const moved = JSON.stringify(next) !== JSON.stringify(flow)
      before = now
      flow = next
      return { flow, moved }
    },
  }
}

/** A clock that was set, or a machine that slept, must not spoil a rate: then a tick is a tick. */
const secondsBetween = (before: number, now: number): number => {
  const passed = now - before
  const isPlausible = passed > 0 && passed < LIVE_TICK_MS * LIVE_TICKS_LATE_MAX
  return (isPlausible ? passed : LIVE_TICK_MS) / 1000
}

const LIVE_TICKS_LATE_MAX = 10

type Counts = Readonly<Record<MeterStep, number>>

const flowOf = (now: Counts, before: Counts, seconds: number): Flow =>
  byStep((step) => ({
    count: now[step],
    rate: Math.round(((now[step] - before[step]) / seconds) * 10) / 10,
  }))

const withCounts = (flow: Flow, counts: Counts): Flow =>
  byStep((step) => ({ count: counts[step], rate: flow[step].rate }))

const byStep = (of: (step: MeterStep) => Flow[MeterStep]): Flow => ({
  taken: of('taken'),
  composed: of('composed'),
  sent: of('sent'),
  replied: of('replied'),
  released: of('released'),
})

/** What must differ for the figures to be news; the as-of time alone is not. */
const figuresOf = ({ year, ...parts }: Snapshot): string =>
  JSON.stringify([
    [year.done, year.target, year.forecast, year.outcome],
    ...Object.values(parts).map(({ scope, rows, total }) => [scope, rows, total]),
  ])

const firstEvents = async (deps: LiveDeps, flow: Flow): Promise<string> => {
  const snapshot = await deps.snapshots().catch(() => undefined)
  const figures = snapshot === undefined ? '' : event('totals', snapshot)
  return `retry: ${LIVE_RETRY_MS}\n\n${event('flow', flow)}${figures}`
}

/** The figures once; the browser comes back after the retry time. */
const once = async (deps: LiveDeps): Promise<Response> => {
  const snapshot = await deps.snapshots()
  return stream(`retry: ${LIVE_RETRY_MS}\n\n${event('totals', snapshot)}`)
}

const stream = (body: ReadableStream<Uint8Array> | string): Response =>
  new Response(body, {
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      // Asks a proxy in front not to hold events back.
      'x-accel-buffering': 'no',
    },
  })

/** JSON holds no raw line break, so one data line is enough. */
const event = (name: string, data: unknown): string =>
  `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`

const encoder = new TextEncoder()

const attempt = (run: () => void): void => {
  try {
    run()
  } catch {
    // Nothing to do: see the callers.
  }
}
