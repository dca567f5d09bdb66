/**
 * CSV as rows, as it comes. The delimiter is the comma, semicolon or tab that the first line has
 * most of. A row is a record, as the spreadsheet program counts them: a line break inside quotes
 * begins no new one, a blank line is one.
 */
import { Parser } from 'csv-parse'
import { LINE_BYTES_MAX, SHEET_CELL_LENGTH_MAX, SHEET_COLUMNS_MAX } from '../../kernel/limits.ts'
import { type TextTold, textOf } from './encoding.ts'
import { type FileWhat, Unreadable } from './faults.ts'
import type { Cell, Row } from './row.ts'

export interface CsvOptions extends Pick<TextTold, 'declared'> {
  /** Warnings with the row before which they arise. */
  readonly told: (what: FileWhat, row: number) => void
}

/** Batches of rows; throws Unreadable with the row at which the file cannot be read. */
export async function* rowsOfCsv(
  bytes: AsyncIterable<Uint8Array>,
  options: CsvOptions,
): AsyncGenerator<readonly Row[]> {
  let records = 0
  let rows: Row[] = []
  const take = (record: readonly string[]): null => {
    records += 1
    const cells = cellsOf(record, records)
    if (cells.length > 0) rows.push({ number: records, cells })
    return null
  }
  const batch = (): readonly Row[] => {
    const taken = rows
    rows = []
    return taken
  }
  let parser: CsvParser | undefined
  const told = (what: FileWhat): void => options.told(what, records + 1)
  try {
    for await (const text of textOf(bytes, { declared: options.declared, told })) {
      parser ??= createParser(delimiterOf(text), take)
      await parser.write(text)
      if (rows.length > 0) yield batch()
    }
    await parser?.end()
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    // Records before the fault are whole; the parser may still hold the last of them.
    await parser?.end().catch(() => undefined)
    if (rows.length > 0) yield batch()
    throw new Unreadable(error.what, error.row ?? records + 1)
  } finally {
    parser?.close()
  }
  if (rows.length > 0) yield batch()
}

interface CsvParser {
  write(text: string): Promise<void>
  end(): Promise<void>
  close(): void
}

const createParser = (delimiter: string, take: (record: readonly string[]) => null): CsvParser => {
  const parser = new Parser({
    delimiter,
    bom: true,
    relax_column_count: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    max_record_size: LINE_BYTES_MAX,
    // Records go past the stream: one that fails would throw away those that wait in it.
    on_record: take,
  })
  let failure: unknown
  parser.on('error', (error) => {
    failure = error
  })
  parser.resume()
  const settled = (act: (done: (error?: Error | null) => void) => void): Promise<void> =>
    new Promise((resolve, reject) => {
      act((error) => {
        const problem = error ?? failure
        if (problem === undefined || problem === null) resolve()
        else reject(asUnreadable(problem))
      })
    })
  return {
    write: (text) => settled((done) => parser.write(text, done)),
    end: () => settled((done) => parser.end(done)),
    close: () => parser.destroy(),
  }
}

const asUnreadable = (problem: unknown): unknown => {
  if (problem instanceof Unreadable) return problem
  const code = problem instanceof Error && 'code' in problem ? String(problem.code) : ''
  if (code === 'CSV_MAX_RECORD_SIZE') return new Unreadable('CELL_TOO_LONG')
  return /^(?:CSV_|INVALID_OPENING_QUOTE)/.test(code) ? new Unreadable('QUOTES') : problem
}

const DELIMITERS = [',', ';', '\t'] as const

/** Of the first line, quoted parts aside. */
const delimiterOf = (text: string): string => {
  const line = (/^[^\r\n]*/.exec(text)?.[0] ?? '').replace(/"[^"]*"/g, '')
  const count = (delimiter: string): number => line.split(delimiter).length
  return DELIMITERS.reduce((best, each) => (count(each) > count(best) ? each : best))
}

const cellsOf = (record: readonly string[], row: number): readonly Cell[] => {
  const cells: Cell[] = []
  for (const [column, given] of record.entries()) {
    if (given.length > SHEET_CELL_LENGTH_MAX) throw new Unreadable('CELL_TOO_LONG', row)
    const text = literalOf(given)
    if (text.trim() === '') continue
    if (column >= SHEET_COLUMNS_MAX) throw new Unreadable('TOO_MANY_COLUMNS', row)
    const kind = text.startsWith('=') ? 'no-value' : 'text'
    cells.push({ column, kind, text, look: 'plain', digits: 0 })
  }
  return cells
}

/** `="0012"` and `'0012` are how programs keep Excel from taking a code for a number. */
const literalOf = (given: string): string =>
  /^\s*="([^"]*)"\s*$/.exec(given)?.[1] ?? /^\s*'(\d{4,})\s*$/.exec(given)?.[1] ?? given
