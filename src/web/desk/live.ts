/**
 * News of documents for open desks. One reader for all pages of a process: every tick it reads what
 * is new in one statement, sorts it by who may see it, and hands each page its part. A thousand open
 * pages cost the database what one does. It reads the database and not its own process, so it tells
 * what any gateway did. A page that does not read is let go, and its browser comes back by itself.
 *
 * Where no timer may outlive a request (Workers), a page is told once and comes back for the next.
 */
import type { News, NewsItem } from '../../flow/news.ts'
import { type Senders, sees } from '../../flow/sight.ts'
import { LIVE_PAGES_MAX, LIVE_QUEUE_EVENTS_MAX, LIVE_RETRY_MS } from '../../kernel/limits.ts'
import {
  NEWS_HEARTBEAT_TICKS,
  NEWS_LOOKBACK_EVENTS,
  NEWS_OVERLAP_TICKS,
  NEWS_RECENT_MAX,
  NEWS_REMEMBERED_MAX,
  NEWS_STREAM_TICKS,
  NEWS_TICK_MS,
  NEWS_TOLD_MAX,
} from '../../kernel/news-limits.ts'
import type { Every } from '../live.ts'

export interface DeskLiveDeps {
  /** News of the senders (null is all) after an event; without one only how far events have come. */
  readonly read: (after: number | undefined, senders: readonly string[] | null) => Promise<News>
  readonly every: Every | undefined
  readonly stopping: AbortSignal | undefined
}

export interface DeskLive {
  /** An event stream for whoever sees these documents; 503 when too many pages are open. */
  open(senders: Senders, lastEventId: string | undefined): Promise<Response>
  /** Pages open now. */
  pages(): number
}

interface Page {
  readonly senders: Senders
  readonly controller: ReadableStreamDefaultController<Uint8Array>
  ticksLeft: number
}

export const createDeskLive = (deps: DeskLiveDeps): DeskLive => {
  const { every } = deps
  if (every === undefined)
    return {
      pages: () => 0,
      open: async (senders, last) => answer(await once(deps.read, senders, last)),
    }
  const hub = createHub(deps, every)
  return {
    pages: hub.size,
    open: async (senders) =>
      hub.size() >= LIVE_PAGES_MAX
        ? new Response('too many live pages', {
            status: 503,
            headers: { 'retry-after': String(LIVE_RETRY_MS / 1000) },
          })
        : answer(hub.join(senders)),
  }
}

const createHub = ({ read, stopping }: DeskLiveDeps, every: Every) => {
  const pages = new Set<Page>()
  const memory = createMemory()
  let reader = createReader(read)
  let stop: (() => void) | undefined
  let isReading = false
  let ticks = 0

  const leave = (page: Page): void => {
    pages.delete(page)
    if (pages.size > 0) return
    stop?.()
    stop = undefined
    memory.clear()
    reader = createReader(read)
  }
  const close = (page: Page): void => {
    leave(page)
    // A closed reader throws here; it is gone either way.
    attempt(() => page.controller.close())
  }
  const send = (page: Page, bytes: Uint8Array): void => {
    if ((page.controller.desiredSize ?? 0) > 0) page.controller.enqueue(bytes)
    else close(page)
  }
  const tell = (news: readonly NewsItem[]): void => {
    const alive = ticks % NEWS_HEARTBEAT_TICKS === 0
    for (const [senders, group] of bySight(pages)) {
      const text = eventOf(news.filter((item) => sees(senders, item)))
      const bytes = encoder.encode(text === '' && alive ? ': alive\n\n' : text)
      if (bytes.length > 0) for (const page of group) send(page, bytes)
    }
  }
  const tick = async (): Promise<void> => {
    ticks += 1
    for (const page of [...pages]) {
      page.ticksLeft -= 1
      if (page.ticksLeft <= 0) close(page)
    }
    // A database that answers slowly is not asked twice at once.
    if (isReading || pages.size === 0) return
    isReading = true
    // A reading that fails is made up for by the next: it starts where the last good one ended.
    const found = await reader(watched(pages)).catch(() => [])
    isReading = false
    tell(memory.fresh(found))
  }
  stopping?.addEventListener('abort', () => {
    for (const page of [...pages]) close(page)
  })
  return {
    size: () => pages.size,
    join: (senders: Senders): ReadableStream<Uint8Array> => {
      let self: Page | undefined
      return new ReadableStream<Uint8Array>(
        {
          start: (controller) => {
            const before = eventOf(memory.recent().filter((item) => sees(senders, item)))
            controller.enqueue(encoder.encode(`retry: ${LIVE_RETRY_MS}\n\n${before}`))
            if (stopping?.aborted) return controller.close()
            self = { senders, controller, ticksLeft: NEWS_STREAM_TICKS }
            pages.add(self)
            stop ??= every(NEWS_TICK_MS, () => void tick())
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

/**
 * Reads on from where it was, a little before: numbers of events are given out before they are
 * committed, so a transaction may appear behind what was read already.
 */
const createReader = (read: DeskLiveDeps['read']) => {
  const ends: number[] = []
  return async (senders: readonly string[] | null): Promise<readonly NewsItem[]> => {
    const from = ends[0]
    const after = from ?? Math.max(0, (await read(undefined, [])).upto - NEWS_LOOKBACK_EVENTS)
    const { upto, items } = await read(after, senders)
    ends.push(upto)
    if (ends.length > NEWS_OVERLAP_TICKS) ends.shift()
    return items
  }
}

/** What was told last of each document, and the latest of it for pages that come. */
const createMemory = () => {
  const told = new Map<string, string>()
  let recent: readonly NewsItem[] = []
  return {
    recent: () => recent,
    clear: (): void => {
      told.clear()
      recent = []
    },
    fresh: (items: readonly NewsItem[]): readonly NewsItem[] => {
      const fresh = items.filter(({ id, version, state }) => told.get(id) !== `${version} ${state}`)
      for (const { id, version, state } of fresh) {
        told.delete(id)
        told.set(id, `${version} ${state}`)
      }
      for (const id of told.keys()) {
        if (told.size <= NEWS_REMEMBERED_MAX) break
        told.delete(id)
      }
      const latest = new Set(fresh.map(({ id }) => id))
      recent = [...recent.filter(({ id }) => !latest.has(id)), ...fresh].slice(-NEWS_RECENT_MAX)
      return fresh
    },
  }
}

/** Everybody whose documents somebody watches; null when one watches all. */
const watched = (pages: ReadonlySet<Page>): readonly string[] | null => {
  const ids = new Set<string>()
  for (const { senders } of pages) {
    if (senders === null) return null
    for (const { id } of senders) ids.add(id)
  }
  return [...ids]
}

/** Pages that see the same: news are sorted and encoded once for all of them. */
const bySight = (pages: ReadonlySet<Page>): readonly (readonly [Senders, readonly Page[]])[] => {
  const groups = new Map<string, [Senders, Page[]]>()
  for (const page of pages) {
    const key = JSON.stringify(
      page.senders?.map(({ id, kinds, zones }) => [id, kinds, zones]) ?? null,
    )
    const group = groups.get(key) ?? [page.senders, []]
    group[1].push(page)
    groups.set(key, group)
  }
  return [...groups.values()]
}

/** '' where there is nothing to tell; what is told of a document is what its list shows. */
const eventOf = (items: readonly NewsItem[], id?: number): string => {
  if (items.length === 0 && id === undefined) return ''
  const told = items.slice(-NEWS_TOLD_MAX).map(({ senderId: _, zone: __, ...item }) => item)
  const data = JSON.stringify({ items: told, more: items.length > told.length })
  return `${id === undefined ? '' : `id: ${id}\n`}event: news\ndata: ${data}\n\n`
}

/** What is new since the last event that the browser names; it comes back after the retry time. */
const once = async (
  read: DeskLiveDeps['read'],
  senders: Senders,
  lastEventId: string | undefined,
): Promise<string> => {
  const last = /^\d{1,15}$/.test(lastEventId ?? '') ? Number(lastEventId) : undefined
  const { upto, items } = await read(last, senders?.map(({ id }) => id) ?? null)
  const seen = items.filter((item) => sees(senders, item))
  return `retry: ${LIVE_RETRY_MS}\n\n${eventOf(seen, upto)}`
}

const answer = (body: ReadableStream<Uint8Array> | string): Response =>
  new Response(body, {
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      // Asks a proxy in front not to hold events back.
      'x-accel-buffering': 'no',
    },
  })

const attempt = (act: () => void): void => {
  try {
    act()
  } catch {
    // Nothing to do: see the caller.
  }
}

const encoder = new TextEncoder()
