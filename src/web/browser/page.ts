/**
 * Keeps the first page fresh: listens to `/live`, writes new figures into their places, draws the
 * traces of the five steps and replaces the server's charts by drawn ones. Without it the page says
 * the same as of the time it was made. It writes text and attributes only, never HTML.
 */
import './page.css'
import type { MeterStep } from '../../flow/types.ts'
import { flowFigure, flowRate, STEPS } from '../flow-view.ts'
import { barWidth, type HomeView, type RowView, type TableView, viewHome } from '../home-view.ts'
import type { Flow } from '../live.ts'
import type { Snapshot } from '../snapshot.ts'
import { type Lang, say, texts } from '../texts.ts'

const lang: Lang = document.documentElement.lang === 'en' ? 'en' : 'zh'
/** A minute of the live view. */
const TRACE_SECONDS = 60

const start = (): void => {
  const rates = new Map<MeterStep, number[]>(STEPS.map((step) => [step, []]))
  const charts = loadCharts()
  // The server speaks only when something moved; the traces go on meanwhile.
  let latest: Flow | undefined
  setInterval(() => {
    if (latest !== undefined) drawTraces(rates, latest)
  }, 1000)

  const events = new EventSource('/live')
  events.addEventListener('open', () => tellLive('on'))
  events.addEventListener('error', () => tellLive('off'))
  events.addEventListener('flow', (event: MessageEvent<string>) => {
    // The server's own event; its form is that of the type.
    const flow = JSON.parse(event.data) as Flow
    latest = flow
    writeFlow(flow)
  })
  events.addEventListener('totals', (event: MessageEvent<string>) => {
    const snapshot = JSON.parse(event.data) as Snapshot
    writeView(viewHome(snapshot, lang))
    void charts.then((draw) => draw(snapshot, lang))
  })
  // Otherwise a page that is left keeps its stream until the server notices.
  addEventListener('pagehide', () => events.close())
}

const loadCharts = async () => {
  const { createCharts } = await import('./charts.ts')
  return createCharts()
}

const all = (selector: string, within: ParentNode = document): Element[] => [
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

start()
