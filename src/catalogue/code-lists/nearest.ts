/**
 * The codes that somebody probably meant who wrote something a list does not have: a slip of one
 * character, lost zeros, ISO letters, or the name instead of the code (`035` for 35, 千克 or kg).
 *
 * A sender may get a hundred thousand codes wrong at once, so that nothing here walks the list:
 * a misspelt code is found by looking up each of its neighbours, a name by look-up or by one search
 * through all names as a single text.
 */
import { CODE_NAME_LENGTH_MAX, CODES_SUGGESTED_MAX } from '../../kernel/limits.ts'
import type { CodeList, CodeRow } from './list.ts'

/** At most CODES_SUGGESTED_MAX rows, the likeliest first; none for what resembles nothing. */
export const nearestCodes = (list: CodeList, value: string): readonly CodeRow[] => {
  if (value.length > CODE_NAME_LENGTH_MAX) return []
  const wanted = plain(value)
  if (wanted === '') return []
  const search = searchOf(list)
  const { successors, names } = search
  const found = new Set<CodeRow>(successors.get(wanted))
  if (found.size === 0) add(found, names.get(wanted))
  if (found.size === 0) add(found, repaired(list, wanted))
  if (found.size === 0) for (const part of partsOf(wanted)) add(found, names.get(part))
  if (found.size === 0) add(found, neighbours(list, search.alphabet, wanted))
  if (found.size === 0) add(found, holding(search, list, wanted))
  return [...found].slice(0, CODES_SUGGESTED_MAX)
}

const add = (found: Set<CodeRow>, rows: Iterable<CodeRow> = []): void => {
  for (const row of rows) found.add(row)
}

/** Full width, case and stray blanks make no difference. */
const plain = (value: string): string =>
  value.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase()

interface Search {
  /** Rows that took the place of a code. */
  readonly successors: ReadonlyMap<string, readonly CodeRow[]>
  /** Rows by code, name, letters and alias. */
  readonly names: ReadonlyMap<string, readonly CodeRow[]>
  /** All names, each after a line break, and where the names of each row start. */
  readonly text: string
  readonly starts: readonly number[]
  /** Characters that occur in codes. */
  readonly alphabet: readonly string[]
}

/** Memory of a pure function; made when a list is first missed, which for most is never. */
const searches = new WeakMap<CodeList, Search>()

const searchOf = (list: CodeList): Search => {
  const known = searches.get(list)
  if (known !== undefined) return known
  const names = new Map<string, CodeRow[]>()
  const starts: number[] = []
  let text = ''
  for (const row of list.rows) {
    starts.push(text.length)
    for (const name of namesOf(row)) {
      text += `\n${name}`
      const rows = names.get(name)
      if (rows === undefined) names.set(name, [row])
      else if (!rows.includes(row)) rows.push(row)
    }
  }
  const successors = list.rows.flatMap(({ code, replacedBy }) =>
    replacedBy === undefined ? [] : [[code, rowsOf(list, replacedBy)] as const],
  )
  const alphabet = [...new Set(list.rows.flatMap(({ code }) => [...code]))]
  const search = { successors: new Map(successors), names, text, starts, alphabet }
  searches.set(list, search)
  return search
}

const namesOf = ({ code, zh, en, letters = [], aliases = [] }: CodeRow): readonly string[] =>
  [code, zh, ...(en === undefined ? [] : [en]), ...letters, ...aliases].map(plain)

const rowsOf = (list: CodeList, codes: Iterable<string>): readonly CodeRow[] =>
  [...codes].flatMap((code) => list.byCode.get(code) ?? [])

/** The code with its leading zeros back, or without some too many: spreadsheets eat them. */
const repaired = (list: CodeList, wanted: string): readonly CodeRow[] => {
  if (!/^\d+$/.test(wanted)) return []
  const digits = wanted.replace(/^0+(?=.)/, '')
  const codes: string[] = []
  for (let length = digits.length; length <= CODE_LENGTH_MAX; length += 1)
    codes.push(digits.padStart(length, '0'))
  return rowsOf(list, codes)
}

/** No list at hand has longer codes. */
const CODE_LENGTH_MAX = 10
/** `035 千克`, `USD-美元`, `美国（USA）`: more pieces are a sentence. */
const PARTS_MAX = 4

const partsOf = (wanted: string): readonly string[] => {
  const parts = wanted.split(/[^\p{L}\p{N}]+/u).filter((part) => part !== '')
  return parts.length > PARTS_MAX ? [] : parts
}

/**
 * Codes one slip away, in this order: two characters swapped, one wrong, one too many or lacking.
 * Two slips in a code of three or four digits would leave nothing but chance.
 */
const neighbours = (
  list: CodeList,
  alphabet: readonly string[],
  wanted: string,
): readonly CodeRow[] => {
  const code = wanted.toUpperCase()
  if (code.length > CODE_LENGTH_MAX || !/^[0-9A-Z]+$/.test(code)) return []
  const near = new Set<string>()
  for (let i = 0; i + 1 < code.length; i += 1)
    near.add(code.slice(0, i) + code.charAt(i + 1) + code.charAt(i) + code.slice(i + 2))
  const swapped = rowsOf(list, near)
  const wrong = rowsOf(
    list,
    eachPlace(code, (i) => alphabet.map((c) => code.slice(0, i) + c + code.slice(i + 1))),
  )
  const other = rowsOf(list, [
    ...eachPlace(code, (i) => [code.slice(0, i) + code.slice(i + 1)]),
    ...eachPlace(`${code} `, (i) => alphabet.map((c) => code.slice(0, i) + c + code.slice(i))),
  ])
  return [...swapped, ...nearestFirst(wrong, code), ...other]
}

const eachPlace = (code: string, make: (place: number) => readonly string[]): readonly string[] =>
  Array.from(code, (_, place) => make(place)).flat()

/** Neighbours in the table come before those far off, for tables are ordered by meaning. */
const nearestFirst = (rows: readonly CodeRow[], code: string): readonly CodeRow[] => {
  const away = (row: CodeRow): number =>
    Math.abs(Number.parseInt(row.code, 36) - Number.parseInt(code, 36))
  return [...rows].sort((a, b) => away(a) - away(b))
}

/** Rows that have a name with the text in it; those first whose name begins with it. */
const holding = ({ text, starts }: Search, list: CodeList, wanted: string): readonly CodeRow[] => {
  // A single letter or digits alone occur by chance; a single character of Chinese says something.
  if (/^(?:[\x20-\x7f]|\d+)$/.test(wanted)) return []
  const found = new Set<CodeRow>()
  for (const needle of [`\n${wanted}`, wanted]) {
    let from = text.indexOf(needle)
    // Each step goes on behind the row it found, so that it ends after as many rows as are told.
    while (from >= 0 && found.size < CODES_SUGGESTED_MAX) {
      const place = rowAt(starts, from)
      add(found, list.rows.slice(place, place + 1))
      from = text.indexOf(needle, starts[place + 1] ?? text.length)
    }
  }
  return [...found]
}

/** The last row that starts at or before the place in the text. */
const rowAt = (starts: readonly number[], place: number): number => {
  let [low, high] = [0, starts.length - 1]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((starts[middle] ?? 0) <= place) low = middle
    else high = middle - 1
  }
  return low
}
