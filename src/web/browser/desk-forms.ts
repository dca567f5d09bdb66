/** Small comforts of forms: a choice that sends itself, copying, rows that open where they are clicked. */

const submitOnChange = (): void => {
  for (const select of document.querySelectorAll<HTMLSelectElement>('[data-submit-on-change]'))
    select.addEventListener('change', () => select.form?.requestSubmit())
}

export const copyButtons = (within: ParentNode): void => {
  for (const button of within.querySelectorAll<HTMLButtonElement>('[data-copy]')) {
    button.hidden = false
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(button.dataset.copy ?? '')
      tell(button.dataset.copied ?? '')
      button.textContent = button.dataset.copied ?? ''
    })
  }
}

/** A click anywhere in a row opens it, unless text is being marked or another control is meant. */
const openRows = (): void => {
  document.addEventListener('click', (event) => {
    if (!(event.target instanceof Element) || event.defaultPrevented) return
    if (event.target.closest('a, button, input, label, select, summary') !== null) return
    if (getSelection()?.isCollapsed === false) return
    const row = event.target.closest('[data-rows] tbody tr')
    row?.querySelector<HTMLAnchorElement>('a.row-link')?.click()
  })
}

/** Says it politely to who listens instead of looking. */
export const tell = (text: string): void => {
  const place = document.querySelector('[data-told]')
  if (place !== null) place.textContent = text
}

export const enhanceForms = (): void => {
  submitOnChange()
  copyButtons(document)
  openRows()
}
