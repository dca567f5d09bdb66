/**
 * A code list is one of customs' parameter tables: what a code of a field means. Each stands in one
 * CSV file beside this one, with its source, its date and how sure it is; `npm run generate` makes
 * the module from it. A newer table replaces the file, nobody edits rows in code.
 *
 * The tables at hand are public copies and lack codes that customs has added since. Whether a list
 * is complete is therefore a fact of the list: a code outside a complete one is a fault, a code
 * outside any other is a warning, because refusing what customs knows would be worse.
 */
import type { Text } from '../../kernel/fault.ts'

export type CodeListId =
  | 'country'
  | 'currency'
  | 'customs'
  | 'gbDistrict'
  | 'hs'
  | 'port'
  | 'tradeMode'
  | 'transport'
  | 'unit'
  | 'wrapType'

export interface CodeRow {
  readonly code: string
  readonly zh: string
  readonly en?: string
  /** ISO letters of the same thing; what declarations outside CEB carry since 2018. */
  readonly letters?: readonly string[]
  /** Other names it goes by. */
  readonly aliases?: readonly string[]
  /** First and last day of use, yyyyMMdd in China time, where known. */
  readonly validFrom?: string
  readonly validTo?: string
  /** Codes that took its place. */
  readonly replacedBy?: readonly string[]
  /** Used in this direction alone. */
  readonly direction?: 'import' | 'export'
  /** Country a port lies in, a code of the list `country`. */
  readonly country?: string
  readonly note?: string
}

/** What a list's file says. */
export interface CodeListFacts extends Text {
  readonly id: CodeListId
  readonly sources: readonly string[]
  /** Month of the newest source, `yyyy-MM`. */
  readonly asOf: string
  readonly confidence: string
  /** Whether customs knows no other code. */
  readonly complete: boolean
  /** Why it is complete or not, and what that means for whoever misses a code. */
  readonly reason: Text
  readonly note?: string
  /** Rows as counted when the module was made. */
  readonly count: number
  /** In the order of codes. */
  readonly rows: readonly CodeRow[]
}

export interface CodeList extends CodeListFacts {
  readonly byCode: ReadonlyMap<string, CodeRow>
  /**
   * Codes that need no look at the calendar: their use has no known end and began before the list
   * was made, hence before any document that is handed in now.
   */
  readonly standing: ReadonlySet<string>
}

/** Checks a list when it is loaded, so that a torn file stops the program and no document later. */
export const codeList = (facts: CodeListFacts): CodeList => {
  const byCode = new Map(facts.rows.map((row) => [row.code, row]))
  const wrong = wrongIn(facts, byCode)
  if (wrong !== undefined) throw new Error(`code list ${facts.id}: ${wrong}`)
  const standing = new Set<string>()
  for (const { code, validFrom = '', validTo } of facts.rows)
    if (validTo === undefined && validFrom <= facts.asOf.replace('-', '')) standing.add(code)
  return { ...facts, byCode, standing }
}

const wrongIn = (
  { rows, count, asOf }: CodeListFacts,
  byCode: ReadonlyMap<string, CodeRow>,
): string | undefined => {
  if (!/^\d{4}-\d\d$/.test(asOf)) return `${asOf} is no month`
  if (rows.length !== count) return `${rows.length} rows, said to be ${count}`
  if (byCode.size !== count) return 'a code stands there twice'
  for (const { code, zh, validFrom = '', validTo = '99991231', replacedBy = [] } of rows) {
    if (!/^[0-9A-Z]+$/.test(code) || zh === '') return `${code}: no code, or no name`
    if (validFrom > validTo) return `${code}: ends before it begins`
    const lost = replacedBy.find((other) => !byCode.has(other))
    if (lost !== undefined) return `${code}: replaced by ${lost}, which is not there`
  }
  return undefined
}

/** The row of a code; with a day (yyyyMMdd) only if the code is in use on it, as far as known. */
export const codeOf = (list: CodeList, code: string, on?: string): CodeRow | undefined => {
  const row = list.byCode.get(code)
  if (row === undefined || on === undefined) return row
  const { validFrom = on, validTo = on } = row
  return validFrom <= on && on <= validTo ? row : undefined
}

/** The list without the codes of the other direction; the list itself where there are none. */
export const codesFor = (list: CodeList, direction: 'import' | 'export' | 'both'): CodeList => {
  if (direction === 'both') return list
  const rows = list.rows.filter((row) => (row.direction ?? direction) === direction)
  return rows.length === list.rows.length ? list : codeList({ ...list, rows, count: rows.length })
}
