/**
 * Pages that say more of a document than its state. When there is news of it, the same page is
 * fetched, once for a burst of news and only while somebody looks, and its regions take the place of
 * those shown: the server alone says how they look. What the reader has opened, marked or stands on
 * stays. A region holds no form; one that does is left alone.
 */
import { copyButtons } from './desk-forms.ts'
import { fetchPage } from './fetch-page.ts'

/** News come in bursts: what comes within this is fetched together. */
const FETCH_AFTER_MS = 400
/** After an answer that was no page twice as long as before, from this on. */
const BACK_OFF_MS = 5_000
/** So many failures in a row (a bit over five minutes), and the next news is waited for. */
const FAILURES_MAX = 6

/** Has the page fetched soon; undefined where it has no regions. */
export const regionRefresher = (): (() => void) | undefined => {
  if (document.querySelector('[data-live-region]') === null) return undefined
  let isWanted = false
  let isBusy = false
  let failures = 0
  /** Fetched, with the regions that could not be shown yet. */
  let fetched: Document | undefined
  const show = (): void => {
    if (fetched !== undefined && showRegions(fetched)) fetched = undefined
  }
  const fetchNow = async (): Promise<void> => {
    isWanted = false
    const page = await fetchPage(location.href)
    isBusy = false
    failures = page === undefined ? failures + 1 : 0
    if (page !== undefined) {
      copyButtons(page)
      fetched = page
      show()
    } else if (failures < FAILURES_MAX) isWanted = true
    else failures = 0
    if (isWanted) plan()
  }
  const plan = (): void => {
    isWanted = true
    if (isBusy || document.hidden) return
    isBusy = true
    const waitMs = failures === 0 ? FETCH_AFTER_MS : BACK_OFF_MS * 2 ** (failures - 1)
    setTimeout(() => void fetchNow(), waitMs)
  }
  document.addEventListener('visibilitychange', () => {
    if (isWanted) plan()
  })
  // The focus is nowhere while it moves.
  for (const leaving of ['focusout', 'selectionchange'])
    document.addEventListener(leaving, () => setTimeout(show))
  return plan
}

const regionsOf = (page: Document): HTMLElement[] => [
  ...page.querySelectorAll<HTMLElement>('[data-live-region]'),
]

const regionLike = (page: Document, { dataset }: HTMLElement): HTMLElement | undefined =>
  regionsOf(page).find((each) => each.dataset.liveRegion === dataset.liveRegion)

/** Takes the regions out of the page they came in; false where some had to be left in it. */
const showRegions = (page: Document): boolean => {
  const [first] = regionsOf(document).filter((each) => each.getBoundingClientRect().bottom > 0)
  const top = first?.getBoundingClientRect().top ?? 0
  let isWhole = true
  for (const shown of regionsOf(document)) {
    const fresh = regionLike(page, shown)
    if (fresh === undefined || shown.querySelector('form') !== null) continue
    if (isHeld(shown, fresh)) isWhole = false
    else replace(shown, fresh)
  }
  const still = first === undefined ? undefined : regionLike(document, first)
  if (still !== undefined) scrollBy(0, still.getBoundingClientRect().top - top)
  return isWhole
}

/** What the reader may stand on or have opened, and what it is called in the page that comes. */
const CONTROLS = 'a, button, summary'
const nameOf = (control: Element | null): string | null | undefined =>
  control?.getAttribute('href') ?? control?.getAttribute('data-copy') ?? control?.textContent

const twinOf = (control: Element, fresh: Element): HTMLElement | undefined =>
  [...fresh.querySelectorAll<HTMLElement>(CONTROLS)].find(
    (each) => nameOf(each) === nameOf(control),
  )

/** The reader marks text in it, or stands on what will be gone. */
const isHeld = (shown: Element, fresh: Element): boolean => {
  const marked = getSelection()
  if (marked?.isCollapsed === false && marked.containsNode(shown, true)) return true
  const { activeElement } = document
  return (
    activeElement !== null &&
    shown.contains(activeElement) &&
    twinOf(activeElement, fresh) === undefined
  )
}

const replace = (shown: Element, fresh: Element): void => {
  for (const summary of shown.querySelectorAll('details[open] > summary'))
    twinOf(summary, fresh)?.parentElement?.setAttribute('open', '')
  if (shown.isEqualNode(fresh)) {
    fresh.remove()
    return
  }
  const { activeElement } = document
  const twin =
    activeElement !== null && shown.contains(activeElement)
      ? twinOf(activeElement, fresh)
      : undefined
  shown.replaceWith(fresh)
  twin?.focus({ preventScroll: true })
}
