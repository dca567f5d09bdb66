/**
 * What CSV and XLSX readers give alike: sheets of rows of cells, a batch of rows at a time, so that
 * a sheet of any length is never in memory as a whole. Blank cells and blank rows are left out.
 */

/** How a number is shown, where that says what it means. */
export type Look = 'plain' | 'date' | 'zeros'

export type CellKind =
  | 'text'
  | 'number'
  | 'boolean'
  | 'error'
  /** A formula whose result the file does not hold. */
  | 'no-value'
  /** Within a range merged across columns, beside its first column. */
  | 'covered'

export interface Cell {
  /** From 0. */
  readonly column: number
  readonly kind: CellKind
  /** As stored: a number in XML's own notation, `1E-2`. */
  readonly text: string
  readonly look: Look
  /** Digits that a number is shown with at least (`0000`); 0 otherwise. */
  readonly digits: number
}

export interface Row {
  /** From 1, as the spreadsheet program shows it. */
  readonly number: number
  /** By ascending column. */
  readonly cells: readonly Cell[]
}

export interface Tab {
  readonly name: string
  /** Whether cells say what they are; in CSV everything is text. */
  readonly typed: boolean
  /** Day 0 of its dates. */
  readonly epoch: 1900 | 1904
  /** Can be called again, for a second reading. Throws Unreadable where the file ends too soon. */
  rows(): AsyncIterable<readonly Row[]>
}

/** `A`, `Z`, `AA`: the name of a column counted from 0. */
export const columnName = (column: number): string => {
  let name = ''
  for (let rest = column + 1; rest > 0; rest = Math.floor((rest - 1) / 26))
    name = String.fromCharCode(65 + ((rest - 1) % 26)) + name
  return name
}

/** The column of a reference like `AB12`, from 0; -1 when it has none. */
export const columnOf = (reference: string): number => {
  let column = 0
  for (let i = 0; i < reference.length; i += 1) {
    const code = reference.charCodeAt(i)
    if (code < 65 || code > 90) break
    column = column * 26 + code - 64
  }
  return column - 1
}

/** The row of a reference like `AB12`; NaN when it has none. */
export const rowOf = (reference: string): number =>
  Number(/\d+$/.exec(reference)?.[0] ?? Number.NaN)
