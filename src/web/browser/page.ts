/**
 * Keeps the first page fresh, and replaces the server's charts by drawn ones. Without it the page says
 * the same as of the time it was made.
 */
import './page.css'
import { keepFresh, lang } from './live-view.ts'

/** What the server drew is seen first: reading the library would hold it up. */
const painted = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))

const loadCharts = async () => {
  await painted()
  const { createCharts } = await import('./charts.ts')
  return createCharts()
}

const charts = loadCharts()
keepFresh((snapshot) => void charts.then((draw) => draw(snapshot, lang)))
