/** Keeps the wall fresh: the figures of the first page, and the bars of zones and months. */
import './wall.css'
import type { Snapshot } from '../snapshot.ts'
import { partText, topText, viewWall, type WallBar } from '../wall-view.ts'
import { all, keepFresh, lang } from './live-view.ts'

const write = (snapshot: Snapshot): void => {
  const { zones, months } = viewWall(snapshot, lang)
  writeBars('zones', zones)
  writeBars('months', months)
}

const writeBars = (name: string, bars: readonly WallBar[]): void => {
  for (const [index, place] of all(`[data-bars="${name}"] > li`).entries()) {
    const bar = bars[index]
    place.toggleAttribute('hidden', bar === undefined)
    if (bar === undefined) continue
    for (const label of all('[data-bar-label]', place)) label.textContent = bar.label
    for (const value of all('[data-bar-value]', place)) value.textContent = bar.value
    for (const part of all('[data-bar-part]', place)) part.setAttribute('width', partText(bar.part))
    for (const column of all('[data-bar-column]', place)) {
      column.setAttribute('y', topText(bar.part))
      column.setAttribute('height', partText(bar.part))
    }
  }
}

keepFresh(write)
