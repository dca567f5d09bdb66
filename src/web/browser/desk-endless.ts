/**
 * Lists that go on: when the end of a list comes near, the page that its pager leads to is fetched and
 * its rows are put after it. Rows far from where the reader is are let go, and fetched again when he
 * comes back, so that a hundred thousand rows are no heavier than a few hundred. Without script, and
 * where fetching fails, the pager is there.
 */
import { fetchPage } from './fetch-page.ts'

/**
 * Pages whose rows stand in the document. The first is always among them: it alone begins at no
 * cursor, and read again it would hold what came since in the place of rows that no page has then.
 */
const PAGES_KEPT = 12
/** How far below the window the next page is fetched, in heights of a window. */
const AHEAD = '150%'

interface ListPage {
  readonly url: string
  readonly body: HTMLTableSectionElement
  isHeld: boolean
}

interface Endless {
  readonly place: HTMLElement
  readonly table: HTMLTableElement
  readonly pager: HTMLElement
  readonly pages: ListPage[]
  isBusy: boolean
}

export const goOnEndlessly = (): void => {
  for (const place of document.querySelectorAll<HTMLElement>('[data-endless]')) begin(place)
}

const nextLink = (pager: ParentNode): HTMLAnchorElement | null =>
  pager.querySelector<HTMLAnchorElement>('a[rel=next]')

const begin = (place: HTMLElement): void => {
  const table = place.querySelector<HTMLTableElement>('table[data-rows]')
  const pager = [...place.querySelectorAll<HTMLElement>('nav.pager')].at(-1)
  const body = table?.tBodies[0]
  if (table === null || pager === undefined || body === undefined) return
  backToPlace(table)
  if (nextLink(pager) === null) return
  const list: Endless = {
    ...{ place, table, pager, isBusy: false },
    pages: [{ url: location.href, body, isHeld: true }],
  }
  const near = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (!isIntersecting) continue
        if (target === pager) void append(list, near)
        else void fillAgain(list, target)
      }
    },
    { rootMargin: `${AHEAD} 0px` },
  )
  near.observe(pager)
  near.observe(body)
  table.addEventListener('click', (event) => keepPlace(list, event))
  linksAbove(place, pager)
}

/**
 * Whoever opened a row and goes back comes to the page that holds it, and to the row: an address
 * without a cursor would lead him to the beginning of the list.
 */
const keepPlace = ({ pages }: Endless, event: MouseEvent): void => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
  const row = event.target instanceof Element ? event.target.closest('a')?.closest('tr') : undefined
  const page = pages.find(({ body }) => row !== null && row !== undefined && body.contains(row))
  if (page === undefined) return
  const opened = row?.dataset.liveId ?? ''
  history.replaceState({ opened }, '', page.url)
  // The height that the browser would go back to is that of a list which has gone on.
  history.scrollRestoration = 'manual'
}

const backToPlace = (table: HTMLTableElement): void => {
  const state: unknown = history.state
  if (typeof state !== 'object' || state === null || !('opened' in state)) return
  const row = table.querySelector(`tr[data-live-id="${CSS.escape(String(state.opened))}"]`)
  if (row === null) return
  row.querySelector<HTMLElement>('a.row-link')?.focus({ preventScroll: true })
  row.scrollIntoView({ block: 'center' })
}

/** The end of the list, where the pager stands, is far for whoever wants to go before its beginning. */
const linksAbove = (place: HTMLElement, pager: HTMLElement): void => {
  const links = [...pager.querySelectorAll('a:not([rel=next])')]
  if (links.length === 0) return
  const above = document.createElement('div')
  above.className = 'pager'
  above.append(...links.map((link) => link.cloneNode(true)))
  place.prepend(above)
}

const rowsIn = (page: Document): HTMLTableRowElement[] => [
  ...page.querySelectorAll<HTMLTableRowElement>('[data-endless] table[data-rows] > tbody > tr'),
]

/** The page after the last, and the link to the one after that. */
const append = async (list: Endless, near: IntersectionObserver): Promise<void> => {
  const link = nextLink(list.pager)
  if (list.isBusy || link === null) return
  list.isBusy = true
  const fetched = await fetchPage(link.href)
  list.isBusy = false
  if (fetched === undefined) return near.unobserve(list.pager)
  const body = document.createElement('tbody')
  body.append(...rowsIn(fetched).map((row) => document.adoptNode(row)))
  list.table.append(body)
  list.pages.push({ url: link.href, body, isHeld: true })
  near.observe(body)
  const pagers = fetched.querySelectorAll('[data-endless] nav.pager')
  const next = [...pagers].at(-1)?.querySelector<HTMLAnchorElement>('a[rel=next]')
  if (next === null || next === undefined) link.remove()
  else link.setAttribute('href', next.getAttribute('href') ?? '')
  letGo(list)
  // Whoever is still near the end is told of it once more.
  near.unobserve(list.pager)
  if (nextLink(list.pager) !== null) near.observe(list.pager)
}

const fillAgain = async (list: Endless, target: Element): Promise<void> => {
  const page = list.pages.find(({ body }) => body === target)
  if (page === undefined || page.isHeld) return
  page.isHeld = true
  const fetched = await fetchPage(page.url)
  if (fetched === undefined) {
    page.isHeld = false
    tellMissing(list, page)
    return
  }
  page.body.replaceChildren(...rowsIn(fetched).map((row) => document.adoptNode(row)))
  // It may have been let go while its rows were on their way.
  page.isHeld = true
  letGo(list)
}

/** Where rows stood that did not come again: a word, and a way to them that needs no script. */
const tellMissing = ({ place }: Endless, { url, body }: ListPage): void => {
  const [spacer] = body.rows
  const cell = spacer?.cells[0]
  if (spacer === undefined || cell === undefined || cell.childElementCount > 0) return
  const link = document.createElement('a')
  link.href = url
  link.textContent = place.dataset.missing ?? url
  cell.append(link)
  spacer.ariaHidden = null
}

/** Far pages give their rows away and keep their height, so that nothing moves below the reader. */
const letGo = ({ pages, table }: Endless): void => {
  const held = pages.filter(({ isHeld }) => isHeld)
  if (held.length <= PAGES_KEPT) return
  const middle = innerHeight / 2
  const distance = ({ body }: ListPage): number => {
    const { top, bottom } = body.getBoundingClientRect()
    return top > middle ? top - middle : Math.max(0, middle - bottom)
  }
  const far = held
    .filter((page) => page !== pages[0] && !page.body.contains(document.activeElement))
    .sort((a, b) => distance(b) - distance(a))
  for (const page of far.slice(0, held.length - PAGES_KEPT)) {
    const spacer = document.createElement('tr')
    spacer.dataset.spacer = ''
    spacer.ariaHidden = 'true'
    const cell = spacer.insertCell()
    cell.colSpan = table.tHead?.rows[0]?.cells.length ?? 1
    cell.style.height = `${page.body.getBoundingClientRect().height}px`
    page.body.replaceChildren(spacer)
    page.isHeld = false
  }
}
