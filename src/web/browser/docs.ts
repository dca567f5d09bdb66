/**
 * What the documentation pages can do beyond being read: copy an example, and find a field or message
 * by name as one types. Without it the examples can be selected and the table of fields searched by
 * the browser. It writes text and attributes only, never HTML.
 */
import './docs.css'
import type { searchIndex } from '../docs/field-index.ts'

type Index = ReturnType<typeof searchIndex>

/** More would not be read. */
const RESULTS_MAX = 12

const start = (): void => {
  for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-copy]'))
    prepareCopy(button)
  const box = document.querySelector<HTMLElement>('[data-search]')
  if (box !== null) prepareSearch(box)
}

const prepareCopy = (button: HTMLButtonElement): void => {
  const text = button.parentElement?.querySelector('pre')?.textContent ?? ''
  const label = button.textContent
  button.hidden = false
  button.addEventListener('click', async () => {
    // Pages without https have no clipboard: then the text is selected for the reader's own keys.
    if (navigator.clipboard === undefined) selectText(button)
    else {
      await navigator.clipboard.writeText(text)
      button.textContent = button.dataset.copied ?? label
      setTimeout(() => {
        button.textContent = label
      }, COPIED_MS)
    }
  })
}

const COPIED_MS = 1_500

const selectText = (button: HTMLButtonElement): void => {
  const pre = button.parentElement?.querySelector('pre')
  if (pre) getSelection()?.selectAllChildren(pre)
}

const prepareSearch = (box: HTMLElement): void => {
  const input = box.querySelector<HTMLInputElement>('[data-search-box]')
  const results = box.querySelector<HTMLElement>('[data-search-results]')
  const { search, none = '', more = '' } = box.dataset
  if (input === null || results === null || search === undefined) return
  box.hidden = false
  let index: Promise<Index> | undefined
  const look = async (): Promise<void> => {
    index ??= fetchIndex(search)
    const wanted = plain(input.value)
    const found = wanted === '' ? [] : find(await index, wanted)
    // The reader may have typed on meanwhile.
    if (plain(input.value) !== wanted) return
    const shown = found.slice(0, RESULTS_MAX).map(itemOf)
    if (found.length > RESULTS_MAX) shown.push(itemOf({ title: more, links: [] }))
    if (wanted !== '' && found.length === 0) shown.push(itemOf({ title: none, links: [] }))
    results.replaceChildren(...shown)
  }
  input.addEventListener('input', () => void look())
  box.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') results.replaceChildren()
    const [first] = results.querySelectorAll('a')
    if (event.key === 'Enter' && event.target === input) first?.click()
  })
  document.addEventListener('click', (event) => {
    if (event.target instanceof Node && !box.contains(event.target)) results.replaceChildren()
  })
}

/** The server's own answer; its form is that of the type. */
const fetchIndex = async (address: string): Promise<Index> =>
  (await (await fetch(address)).json()) as Index

const plain = (text: string): string => text.normalize('NFKC').trim().toLowerCase()

interface Found {
  readonly title: string
  readonly more?: string
  readonly links: readonly { readonly text: string; readonly href: string }[]
}

/** Names that begin with it stand before those that only hold it. */
const find = ({ fields, kinds }: Index, wanted: string): readonly Found[] => {
  const matching = <T>(items: readonly T[], namesOf: (item: T) => readonly string[]): T[] => {
    const starts: T[] = []
    const holds: T[] = []
    for (const item of items) {
      const names = namesOf(item).map(plain)
      if (names.some((name) => name.startsWith(wanted))) starts.push(item)
      else if (names.some((name) => name.includes(wanted))) holds.push(item)
    }
    return [...starts, ...holds]
  }
  return [
    ...matching(kinds, ({ code, zh, en }) => [code, code.slice(3), zh, en]).map(
      ({ code, zh, en }) => ({
        title: '',
        more: document.documentElement.lang === 'en' ? en : zh,
        links: [{ text: code, href: `/docs/messages/${code}` }],
      }),
    ),
    ...matching(fields, ({ name, zh }) => [name, ...zh]).map(({ name, zh, at }) => ({
      title: name,
      more: zh.join('；'),
      links: at.map((place) => ({
        text: place.slice(0, place.indexOf('#')),
        href: `/docs/messages/${place}`,
      })),
    })),
  ]
}

const itemOf = ({ title, more, links }: Found): HTMLLIElement => {
  const item = document.createElement('li')
  if (title !== '') {
    const name = document.createElement(more === undefined ? 'span' : 'code')
    name.textContent = title
    item.append(name)
  }
  const places = document.createElement('p')
  places.className = 'places'
  for (const { text, href } of links) {
    const link = document.createElement('a')
    link.className = 'kind'
    link.href = href
    link.textContent = text
    places.append(link)
  }
  if (title === '') item.append(...places.children)
  if (more !== undefined) {
    const words = document.createElement('span')
    words.textContent = more
    item.append(' ', words)
  }
  if (title !== '' && links.length > 0) item.append(places)
  return item
}

start()
