/** Tables on paper: columns by their parts of the width, heads again on every page, totals in bold. */
import { cellText } from './cells.ts'
import type { Row, TableBlock } from './outline.ts'
import {
  BLUE,
  INK,
  INNER,
  LEFT,
  LINE,
  type Paper,
  QUIET,
  SHADE,
  type TextStyle,
} from './pdf-sheet.ts'

const PAD = 4
const ROW_PAD = 3.2
const CELL: TextStyle = { size: 8 }
const HEAD: TextStyle = { size: 8, weight: 'bold', color: '#ffffff' }

export const drawTable = (paper: Paper, table: TableBlock): void => {
  const rows = table.rows.slice(0, table.printedMax ?? table.rows.length)
  const head = layOut(
    paper,
    table,
    table.columns.map(({ title }) => title),
    HEAD,
  )
  const first = rows[0]
  const firstHeight = first === undefined ? 20 : laidOut(paper, table, first).height
  paper.need(18 + head.height + firstHeight)
  drawTitle(paper, table)
  if (first === undefined) {
    paper.write(table.empty, LEFT, paper.y, INNER, { size: 8.5, color: QUIET })
    paper.y += 22
    return
  }
  drawHead(paper, head)
  rows.forEach((row, index) => {
    const line = laidOut(paper, table, row)
    if (paper.y + line.height + afterwards(rows, index) * line.height > paper.bottom) {
      paper.rule(LEFT, paper.y, INNER, LINE)
      paper.newPage()
      drawHead(paper, head)
    }
    if (row.weight === 'total') paper.fill(LEFT, paper.y, INNER, line.height, SHADE)
    else if (index % 2 === 1 && !table.rows.some(({ weight }) => weight === 'group'))
      paper.fill(LEFT, paper.y, INNER, line.height, '#f8fafc')
    if (index > 0 && row.weight !== undefined) paper.rule(LEFT, paper.y, INNER, LINE)
    drawLine(paper, line)
  })
  paper.rule(LEFT, paper.y, INNER, BLUE, 0.8)
  paper.y += 16
}

/** A total never stands alone on a page: the row before it takes it along. */
const afterwards = (rows: readonly Row[], index: number): number =>
  index === rows.length - 2 && rows.at(-1)?.weight === 'total' ? 1 : 0

const drawTitle = (paper: Paper, { title, unit }: TableBlock): void => {
  paper.write(title, LEFT, paper.y, INNER * 0.7, { size: 9.5, weight: 'bold', color: INK })
  paper.write(unit, LEFT + INNER * 0.6, paper.y + 2, INNER * 0.4, {
    ...{ size: 7.5, color: QUIET, align: 'right' },
  })
  paper.y += 17
}

interface Cell {
  readonly text: string
  readonly x: number
  readonly width: number
  readonly style: TextStyle
}

interface Line {
  readonly cells: readonly Cell[]
  readonly height: number
}

const laidOut = (paper: Paper, table: TableBlock, row: Row): Line =>
  layOut(
    paper,
    table,
    table.columns.map(({ kind }, i) => cellText(kind, row.cells[i] ?? null)),
    { ...CELL, weight: row.weight === 'total' ? 'bold' : 'regular' },
  )

const layOut = (
  paper: Paper,
  { columns }: TableBlock,
  texts: readonly string[],
  style: TextStyle,
): Line => {
  const parts = columns.reduce((sum, { width }) => sum + width, 0)
  let x = LEFT
  let height = 0
  const cells = columns.map(({ kind, width: part }, i): Cell => {
    const width = (INNER * part) / parts
    const text = texts[i] ?? ''
    const inner = width - 2 * PAD
    const cell: Cell = {
      ...{ text, x: x + PAD, width: inner },
      style:
        kind === 'text'
          ? { ...style, align: 'left' }
          : { ...style, align: 'right', size: sizeFor(paper, text, inner, style) },
    }
    height = Math.max(height, paper.heightOf(text, cell.width, cell.style))
    x += width
    return cell
  })
  return { cells, height: height + 2 * ROW_PAD }
}

/** A figure is never broken: one that is too long for its column is written smaller. */
const sizeFor = (paper: Paper, text: string, width: number, style: TextStyle): number => {
  const own = paper.widthOf(text, style)
  return own <= width ? style.size : (style.size * width * 0.99) / own
}

const drawHead = (paper: Paper, head: Line): void => {
  paper.fill(LEFT, paper.y, INNER, head.height, BLUE)
  drawLine(paper, head)
}

const drawLine = (paper: Paper, { cells, height }: Line): void => {
  for (const { text, x, width, style } of cells)
    if (text !== '') paper.write(text, x, paper.y + ROW_PAD, width, style)
  paper.y += height
}
