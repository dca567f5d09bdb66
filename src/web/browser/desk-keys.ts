/** The keyboard of desks: `/` searches, `j` and `k` go through rows, Enter opens, `?` helps. */

const rows = (): HTMLTableRowElement[] => [
  ...document.querySelectorAll<HTMLTableRowElement>('[data-rows] tbody tr:not([data-spacer])'),
]

const linkOf = (row: Element): HTMLAnchorElement | null => row.querySelector('a.row-link')

/** The row of the focused link, so that keys and the tab key agree where the reader is. */
const currentIndex = (all: readonly HTMLTableRowElement[]): number =>
  all.findIndex((row) => row.hasAttribute('data-current'))

/** Where `j` and `k` begin: no row is current, or the one that was has been let go. */
const firstInView = (all: readonly HTMLTableRowElement[]): number =>
  Math.max(
    0,
    all.findIndex((row) => row.getBoundingClientRect().top >= 0),
  )

const step = (by: number): void => {
  const all = rows()
  const current = currentIndex(all)
  goTo(all, current < 0 ? firstInView(all) : current + by)
}

const goTo = (all: readonly HTMLTableRowElement[], index: number): void => {
  const row = all[Math.max(0, Math.min(all.length - 1, index))]
  if (row === undefined) return
  for (const other of all) other.removeAttribute('data-current')
  row.setAttribute('data-current', '')
  linkOf(row)?.focus({ preventScroll: true })
  row.scrollIntoView({ block: 'nearest' })
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName))

const helpDialog = (): HTMLDialogElement | null => document.querySelector('dialog#keys')

const showHelp = (): void => {
  const dialog = helpDialog()
  if (dialog !== null && !dialog.open) dialog.showModal()
}

/** Not every reader may search. */
const searchField = (): HTMLInputElement | null => document.querySelector('#search-q')

const keys: Readonly<Record<string, () => void>> = {
  '/': () => searchField()?.focus(),
  '?': showHelp,
  j: () => step(1),
  k: () => step(-1),
}

const onKey = (event: KeyboardEvent): void => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
  if (event.key === 'Escape') {
    for (const menu of document.querySelectorAll<HTMLDetailsElement>('details[data-menu][open]')) {
      menu.open = false
      menu.querySelector('summary')?.focus()
    }
    if (isTyping(event.target) && event.target instanceof HTMLElement) event.target.blur()
    return
  }
  if (isTyping(event.target) || helpDialog()?.open === true) return
  const all = rows()
  const current = all[currentIndex(all)]
  if (event.key === 'Enter' && current !== undefined && event.target === document.body) {
    linkOf(current)?.click()
    return
  }
  const act = keys[event.key]
  // What does nothing here stays the browser's own key.
  if (act === undefined || (event.key === '/' && searchField() === null)) return
  event.preventDefault()
  act()
}

export const listenToKeys = (): void => {
  document.addEventListener('keydown', onKey)
  document.addEventListener('focusin', (event) => {
    const row =
      event.target instanceof Element ? event.target.closest('[data-rows] tbody tr') : null
    if (row === null || row.hasAttribute('data-current')) return
    for (const other of rows()) other.removeAttribute('data-current')
    row.setAttribute('data-current', '')
  })
  for (const button of document.querySelectorAll<HTMLButtonElement>('[data-keys]')) {
    button.hidden = false
    button.addEventListener('click', showHelp)
  }
}
