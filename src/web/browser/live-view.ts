/**
 * Keeps a page of public figures fresh: listens to `/live`, writes new figures into their places and
 * draws the traces of the five steps. It writes text and attributes only, never HTML.
 */
import type { MeterStep } from '../../flow/types.ts'
import { flowFigure, flowRate, STEPS } from '../flow-view.ts'
import { barWidth, type HomeView, type RowView, type TableView, viewHome } from '../home-view.ts'
import type { Flow } from '../live.ts'
import type { Snapshot } from '../snapshot.ts'
import { type Lang, say, texts } from '../texts.ts'
import { listenWhileShown } from './streams.ts'

export const lang: Lang = document.documentElement.lang === 'en' ? 'en' : 'zh'
/** After an answer that ends a stream for good, such as too many pages: a wall is left alone for weeks. */
const AGAIN_MS = 15_000
/** A minute of the live view. */
const TRACE_SECONDS = 60

/** `shown` hears of new figures too. */
export const keepFresh = (shown: (snapshot: Snapshot) => void): void => {
  const rates = new Map<MeterStep, number[]>(STEPS.map((step) => [step, []]))
  // The server speaks only when something moved; the traces go on meanwhile.
  let latest: Flow | undefined
  setInterval(() => {
    if (latest !== undefined) drawTraces(rates, latest)
  }, 1000)
  const heard: Heard = {
    flow: (flow) => {
      latest = flow
      writeFlow(flow)
    },
    totals: (snapshot) => {
      writeView(viewHome(snapshot, lang))
      shown(snapshot)
    },
  }
  listenWhileShown(() => listen(heard))
}

interface Heard {
  flow(flow: Flow): void
  totals(snapshot: Snapshot): void
}

/** Goes on until it is closed, whatever ends the streams in between. */
const listen = (heard: Heard): { close(): void } => {
  let close = (): void => undefined
  const open = (): void => {
    const events = openLive(heard)
    close = () => events.close()
    events.addEventListener('error', () => {
      tellLive('off')
      if (events.readyState !== EventSource.CLOSED) return
      const again = setTimeout(open, AGAIN_MS)
      close = () => clearTimeout(again)
    })
  }
  open()
  return { close: () => close() }
}

const openLive = (heard: Heard): EventSource => {
  const events = new EventSource('/live')
  events.addEventListener('open', () => tellLive('on'))
  // The server's own events; their form is that of the types.
  events.addEventListener('flow', (event: MessageEvent<string>) =>
    heard.flow(JSON.parse(event.data) as Flow),
  )
  events.addEventListener('totals', (event: MessageEvent<string>) =>
    heard.totals(JSON.parse(event.data) as Snapshot),
  )
  return events
}

export const all = (selector: string, within: ParentNode = document): Element[] => [
  ...within.querySelectorAll(selector),
]

const tellLive = (state: 'on' | 'off'): void => {
  for (const mark of all('[data-live]')) mark.setAttribute('data-live', state)
  const text = say(state === 'on' ? texts.liveOn : texts.liveOff, lang)
  for (const place of all('[data-live-text]')) place.textContent = text
}

const writeFlow = (flow: Flow): void => {
  for (const step of STEPS) {
    const { count, rate } = flow[step]
    for (const item of all(`[data-step="${step}"]`)) {
      for (const place of all('[data-count]', item)) place.textContent = flowFigure(count)
      for (const place of all('[data-rate]', item)) place.textContent = flowRate(rate)
      item.classList.toggle('moving', rate > 0)
    }
  }
}

const drawTraces = (rates: Map<MeterStep, number[]>, flow: Flow): void => {
  for (const [step, trace] of rates) {
    trace.push(flow[step].rate)
    if (trace.length > TRACE_SECONDS) trace.shift()
    const top = Math.max(...trace, 1)
    const points = trace
      .map(
        (rate, i) => `${TRACE_SECONDS - trace.length + i},${(15 - (rate / top) * 14).toFixed(1)}`,
      )
      .join(' ')
    for (const line of all(`[data-step="${step}"] [data-trace]`))
      line.setAttribute('points', points)
  }
}

const writeView = (view: HomeView): void => {
  for (const [name, text] of Object.entries(view.texts)) {
    for (const place of all(`[data-text="${name}"]`)) place.textContent = text
  }
  for (const bar of all('[data-bar]')) {
    bar.setAttribute('aria-label', view.texts.barLabel)
    for (const part of all('.bar-reached', bar)) part.setAttribute('width', barWidth(view.reached))
    for (const part of all('.bar-elapsed', bar)) part.setAttribute('x', barWidth(view.elapsed))
  }
  for (const [name, table] of Object.entries(view.tables)) {
    for (const place of all(`[data-table="${name}"]`)) writeTable(place, table)
  }
}

const writeTable = (place: Element, { rows, total }: TableView): void => {
  if (rows.length > 0) place.querySelector('tbody')?.replaceChildren(...rows.map(rowOf))
  place.querySelector('tfoot')?.replaceChildren(rowOf(total))
}

const rowOf = ({ label, count, amount, share }: RowView): HTMLTableRowElement => {
  const row = document.createElement('tr')
  const head = document.createElement('th')
  head.scope = 'row'
  head.textContent = label
  row.append(head)
  for (const text of [count, amount, share]) row.insertCell().textContent = text
  return row
}
