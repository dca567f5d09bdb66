/**
 * Merged ranges. The format tells them after the rows, so they are looked for beforehand. A cell
 * merged down its column holds for every row it covers, as everybody sees it; one merged across
 * columns leaves open which of them it is meant for, and is a fault of the columns it covers.
 */
import { SHEET_MERGES_MAX } from '../../kernel/limits.ts'
import { Unreadable } from './faults.ts'
import { type Cell, columnOf, rowOf } from './row.ts'

/** Rows from 1, columns from 0, both ends inside. */
export interface Range {
  readonly top: number
  readonly bottom: number
  readonly left: number
  readonly right: number
}

const NAME = 'mergeCell '
/** A mergeCell element is far shorter; an unfinished tag is kept up to so much. */
const TAG_LENGTH_MAX = 256

/**
 * Runs through a whole sheet, by rows from the top. Throws Unreadable for a broken part. The name
 * is looked for in the bytes: a `<` in a text is escaped, and parsing would take ten times as long.
 */
export const findMerges = async (bytes: AsyncIterable<Uint8Array>): Promise<readonly Range[]> => {
  const found: Range[] = []
  const take = (tag: string): void => {
    const range = tag.includes(NAME) ? readRange(tag) : undefined
    if (range !== undefined) found.push(range)
    if (found.length > SHEET_MERGES_MAX) throw new Unreadable('TOO_MANY_MERGES')
  }
  /** A tag whose end has not come yet. */
  let open = ''
  for await (const piece of bytes) {
    const view = Buffer.from(piece.buffer, piece.byteOffset, piece.length)
    let from = 0
    if (open !== '') {
      const end = view.indexOf('>')
      from = end === -1 ? view.length : end
      open += view.toString('latin1', 0, Math.min(from, TAG_LENGTH_MAX))
      if (end !== -1) take(open)
    }
    for (let at = view.indexOf(NAME, from); at !== -1; at = view.indexOf(NAME, from)) {
      const end = view.indexOf('>', at)
      if (end === -1) break
      take(view.toString('latin1', at, end))
      from = end
    }
    const last = view.lastIndexOf('<')
    if (last > view.lastIndexOf('>')) open = view.toString('latin1', last)
    else if (from < view.length) open = ''
    // Only an element that is none of ours is so long.
    if (open.length > TAG_LENGTH_MAX) open = ''
  }
  return found.sort((a, b) => a.top - b.top)
}

const readRange = (element: string): Range | undefined => {
  const [, from = '', to = ''] = /ref=["']([A-Z]+\d+):([A-Z]+\d+)["']/.exec(element) ?? []
  const range = { top: rowOf(from), bottom: rowOf(to), left: columnOf(from), right: columnOf(to) }
  return range.left >= 0 && range.bottom >= range.top ? range : undefined
}

export interface Filler {
  /** The cells of a row with what merged ranges put into it. Rows must come from the top. */
  fill(row: number, cells: Cell[]): Cell[]
}

export const createFiller = (merges: readonly Range[]): Filler => {
  let next = 0
  let open: { readonly range: Range; readonly anchor: Cell | undefined }[] = []
  return {
    fill: (row, cells) => {
      if (next >= merges.length && open.length === 0) return cells
      open = open.filter(({ range }) => range.bottom >= row)
      for (; next < merges.length && (merges[next]?.top ?? 0) <= row; next += 1) {
        const range = merges[next]
        if (range === undefined || range.bottom < row) continue
        // Of a range whose first row has no cells, nothing is to be spread.
        const anchor =
          range.top === row ? cells.find((cell) => cell.column === range.left) : undefined
        open.push({ range, anchor })
      }
      const added = open.flatMap(({ range, anchor }) => covers(row, range, anchor, cells))
      return added.length === 0 ? cells : [...cells, ...added].sort((a, b) => a.column - b.column)
    },
  }
}

/** What one range puts into one row. */
const covers = (
  row: number,
  range: Range,
  anchor: Cell | undefined,
  cells: readonly Cell[],
): readonly Cell[] => {
  if (anchor === undefined) return []
  const added: Cell[] = []
  if (row > range.top && !cells.some((cell) => cell.column === range.left)) added.push(anchor)
  for (let column = range.left + 1; column <= range.right; column += 1)
    if (!cells.some((cell) => cell.column === column))
      added.push({ ...anchor, column, kind: 'covered', text: '' })
  return added
}
