/**
 * An export as CSV for spreadsheet programs: UTF-8 with a byte order mark, and no cell that such a
 * program would take for a formula.
 */
import { EXPORT_PIECE_ROWS } from '../kernel/open-limits.ts'
import type { ExportRow } from './exports.ts'

const BOM = '\u{feff}'

type Cell = (row: ExportRow) => string

/** Columns in order. Amounts begin with a minus where a return is; they are numbers and stay so. */
const COLUMNS: Readonly<Record<string, Cell>> = {
  month: (row) => textCell(row.month),
  scope: (row) => textCell(row.scope),
  direction: (row) => textCell(row.direction),
  zone: (row) => textCell(row.zone),
  mode: (row) => textCell(row.mode),
  kind: (row) => textCell(row.kind),
  number: (row) => textCell(row.number),
  id: (row) => row.id,
  merchant: (row) => textCell(row.merchant),
  country: (row) => textCell(row.country),
  chapters: (row) => textCell(row.chapters),
  count: (row) => String(row.count),
  currency: (row) => textCell(row.currency),
  amount: (row) => row.amount,
  rate: (row) => row.rate ?? '',
  amount_cny: (row) => row.cny ?? '',
  counted_since: (row) => row.since.toISOString(),
}

/** Pieces of text, each of a bounded number of rows; the first has the mark and the head. */
export async function* csvOf(
  batches: AsyncIterable<readonly ExportRow[]>,
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  const cells = Object.values(COLUMNS)
  yield encoder.encode(`${BOM}${Object.keys(COLUMNS).join()}\r\n`)
  for await (const batch of batches)
    for (let from = 0; from < batch.length; from += EXPORT_PIECE_ROWS) {
      const lines = batch
        .slice(from, from + EXPORT_PIECE_ROWS)
        .map((row) => `${cells.map((cell) => cell(row)).join()}\r\n`)
      yield encoder.encode(lines.join(''))
    }
}

/**
 * A text as a cell. What a spreadsheet program would reckon with begins with an apostrophe, by the
 * advice of OWASP on CSV injection; numbers of documents are texts that their sender chose.
 */
export const textCell = (text: string): string => {
  const safe = /^[=+\-@\t\r\n＝＋－＠]/.test(text) ? `'${text}` : text
  return /[",;\t\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
