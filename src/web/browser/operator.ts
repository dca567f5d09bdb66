/** What script adds to the operator's desk: pages of work under way ask for themselves again; printing. */

/** Reloads while the page is looked at and nothing on it is being typed into or read by keys. */
const refresh = (): void => {
  const seconds = Number(document.querySelector('[data-refresh]')?.getAttribute('data-refresh'))
  if (!(seconds > 0)) return
  setTimeout(() => {
    if (document.visibilityState === 'visible' && document.querySelector('dialog[open]') === null)
      location.reload()
    else refresh()
  }, seconds * 1000)
}

export const watchOperator = (): void => {
  refresh()
  for (const button of document.querySelectorAll<HTMLButtonElement>('[data-print]')) {
    button.hidden = false
    button.addEventListener('click', () => print())
  }
}
