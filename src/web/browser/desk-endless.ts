/**
 * Lists that go on: when the end of a list comes near, the page that its pager leads to is fetched and
 * its rows are put after it. Rows far from where the reader is are let go, and fetched again when he
 * comes back, so that a hundred thousand rows are no heavier than a few hundred. Without script, and
 * where fetching fails, the pager is there.
 */

/** Pages whose rows stand in the document. */
const PAGES_KEPT = 12
/** How far below the window the next page is fetched, in heights of a window. */
const AHEAD = '150%'

interface ListPage {
  readonly url: string
  readonly body: HTMLTableSectionElement
  isHeld: boolean
}

interface Endless {
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
  if (nextLink(pager) === null) return
  const list: Endless = {
    ...{ table, pager, isBusy: false },
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
}

const fetchRows = async (url: string): Promise<Document | undefined> => {
  try {
    const answer = await fetch(url, { headers: { accept: 'text/html' } })
    if (!answer.ok || answer.redirected) return undefined
    return new DOMParser().parseFromString(await answer.text(), 'text/html')
  } catch {
    return undefined
  }
}

const rowsIn = (page: Document): HTMLTableRowElement[] => [
  ...page.querySelectorAll<HTMLTableRowElement>('[data-endless] table[data-rows] > tbody > tr'),
]

/** The page after the last, and the link to the one after that. */
const append = async (list: Endless, near: IntersectionObserver): Promise<void> => {
  const link = nextLink(list.pager)
  if (list.isBusy || link === null) return
  list.isBusy = true
  const fetched = await fetchRows(link.href)
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
  const fetched = await fetchRows(page.url)
  if (fetched === undefined) {
    page.isHeld = false
    return
  }
  page.body.replaceChildren(...rowsIn(fetched).map((row) => document.adoptNode(row)))
  letGo(list)
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
    .filter(({ body }) => !body.contains(document.activeElement))
    .sort((a, b) => distance(b) - distance(a))
  for (const page of far.slice(0, held.length - PAGES_KEPT)) {
    const spacer = document.createElement('tr')
    spacer.dataset.spacer = ''
    const cell = spacer.insertCell()
    cell.colSpan = table.tHead?.rows[0]?.cells.length ?? 1
    cell.style.height = `${page.body.getBoundingClientRect().height}px`
    page.body.replaceChildren(spacer)
    page.isHeld = false
  }
}
