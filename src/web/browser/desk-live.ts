/**
 * News of the documents on a page: listens only where a row can be told of, marks it in place and
 * says so politely; regions that say more of it are fetched again. Rooms that show more can listen to
 * `yuguan-news` on the document.
 */
import { stateGroups, states } from '../../catalogue/statuses.ts'
import type { NewsItem } from '../../flow/news.ts'
import { deskTexts, groupMarks } from '../desk/texts.ts'
import { fill, type Lang } from '../texts.ts'
import { tell } from './desk-forms.ts'
import { regionRefresher } from './desk-regions.ts'
import { listenWhileShown } from './streams.ts'

/** What the server tells of a document. */
export type ToldNews = Omit<NewsItem, 'senderId' | 'zone'>

/** Announced at once; more of them are one sentence's worth of noise. */
const TOLD_AT_ONCE = 3

const lang = (): Lang => (document.documentElement.lang === 'en' ? 'en' : 'zh')

export const listenToNews = (): void => {
  const source = document.querySelector<HTMLElement>('[data-news]')?.dataset.news
  const watched = document.querySelector('[data-live-id], [data-live-order]')
  if (source === undefined || watched === null) return
  const refresh = regionRefresher()
  listenWhileShown(() => openNews(source, refresh))
}

const openNews = (source: string, refresh: (() => void) | undefined): EventSource => {
  const events = new EventSource(source)
  events.addEventListener('news', (event: MessageEvent<string>) => {
    // The server's own event; its form is that of the type.
    const { items } = JSON.parse(event.data) as { readonly items: readonly ToldNews[] }
    const moved = items.filter((item) => mark(item) || joins(item))
    if (moved.length > 0) {
      tell(moved.slice(-TOLD_AT_ONCE).map(sentence).join(' '))
      refresh?.()
    }
    document.dispatchEvent(new CustomEvent('yuguan-news', { detail: items }))
  })
  return events
}

const sentence = ({ number, state }: ToldNews): string =>
  fill(deskTexts.moved[lang()], { number, state: states[state][lang()] })

const rowsOf = ({ id }: ToldNews): readonly HTMLElement[] => [
  ...document.querySelectorAll<HTMLElement>(`[data-live-id="${CSS.escape(id)}"]`),
]

/** Whether it belongs to the consignment shown and does not stand there yet. */
const joins = (item: ToldNews): boolean =>
  item.orderNo !== null &&
  rowsOf(item).length === 0 &&
  document.querySelector(`[data-live-order="${CSS.escape(item.orderNo)}"]`) !== null

/** Writes the new state into every row of the document; false where nothing differs. */
const mark = (item: ToldNews): boolean => {
  let moved = false
  for (const row of rowsOf(item)) {
    const { liveVersion } = row.dataset
    if (liveVersion !== undefined && liveVersion !== String(item.version)) {
      row.dataset.liveVersion = String(item.version)
      moved = true
    }
    const badge = row.matches('.state') ? row : row.querySelector('.state')
    if (badge === null || badge.getAttribute('data-state') === item.state) continue
    badge.setAttribute('data-state', item.state)
    badge.setAttribute('data-group', item.group)
    badge.setAttribute('title', stateGroups[item.group][lang()])
    const [sign, text] = badge.children
    if (sign !== undefined) sign.textContent = groupMarks[item.group]
    if (text !== undefined) text.textContent = states[item.state][lang()]
    row.setAttribute('data-moved', '')
    moved = true
  }
  return moved
}
