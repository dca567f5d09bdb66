/** Lists placed anew as a table of a terminal: from where, to where, by which kind of rule, how many. */
import { undecidedReasons } from '../catalogue/counted-sets.ts'
import type { Place, PlacedRow } from '../flow/totals-place.ts'

/** No line where nothing moves. */
export const placedTable = (rows: readonly PlacedRow[]): readonly string[] => {
  if (rows.length === 0) return []
  const cells = [
    ['从 / from', '到 / to', '依据 / by', '清单 / lists'],
    ...rows.map(({ from, to, by, lists }) => {
      return [placeText(from), placeText(to), by === null ? '-' : kinds[by], String(lists)]
    }),
  ]
  const widths = [0, 1, 2, 3].map((column) =>
    Math.max(...cells.map((row) => widthOf(row[column] ?? ''))),
  )
  return cells.map((row) =>
    row
      .map((text, column) => text + ' '.repeat((widths[column] ?? 0) - widthOf(text)))
      .join('  ')
      .trimEnd(),
  )
}

const kinds: Readonly<Record<NonNullable<PlacedRow['by']>, string>> = {
  warehouse: '区内企业 / warehouse',
  site: '监管场所 / site',
  office: '关区 / office',
}

const placeText = ({ zone, because }: Place): string => {
  if (zone !== '') return zone
  if (because === null) return '未归属 / undecided'
  const { zh, en } = undecidedReasons[because]
  return `未归属（${zh}） / undecided (${en})`
}

/** Columns of a terminal: Chinese characters and their punctuation take two. */
const widthOf = (text: string): number =>
  [...text].reduce((sum, one) => sum + (one >= '\u2e80' ? 2 : 1), 0)
