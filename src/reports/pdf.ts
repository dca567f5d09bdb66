/**
 * The report on paper (PDF 1.3, A4), its text as text with the glyphs it uses. Bytes follow from the
 * report, the language, the fonts and the libraries alone: the day of making is the as-of moment.
 */
import type { ReportWriter } from './model.ts'
import { type Block, type Outline, outlineOf } from './outline.ts'
import { drawBars } from './pdf-bars.ts'
import { BLUE, INK, INNER, LEFT, LINE, Paper, type PdfFonts, QUIET, RED } from './pdf-sheet.ts'
import { drawTable } from './pdf-table.ts'

/** `fonts` are asked for with every report and not kept: they are seldom used and large. */
export const pdfWriter =
  (fonts: () => Promise<PdfFonts>): ReportWriter =>
  async (report, lang) => {
    const outline = outlineOf(report, lang)
    const paper = new Paper({
      fonts: await fonts(),
      title: `${outline.title} ${outline.subtitle}`,
      subject: outline.number,
      lang: lang === 'zh' ? 'zh-CN' : 'en',
      madeAt: new Date(report.figures.asOf),
    })
    drawCover(paper, outline)
    for (const { name, blocks } of outline.parts) {
      paper.doc.outline.addItem(name)
      for (const block of blocks) {
        draw(paper, block)
        // Others have their turn between two blocks: a report takes a second in all.
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
    return paper.end(
      [`${outline.title} · ${outline.subtitle}`, outline.number],
      outline.standing,
      outline.page,
    )
  }

const drawCover = (paper: Paper, { title, subtitle }: Outline): void => {
  paper.y += 4
  paper.write(title, LEFT, paper.y, INNER, {
    ...{ size: 22, weight: 'bold', color: BLUE, align: 'center' },
  })
  paper.y += paper.heightOf(title, INNER, { size: 22, weight: 'bold' }) + 4
  paper.write(subtitle, LEFT, paper.y, INNER, { size: 14, align: 'center' })
  paper.y += 28
}

const draw = (paper: Paper, block: Block): void => {
  switch (block.kind) {
    case 'heading':
      drawHeading(paper, block.text, block.whole === true ? WHOLE_PART : FIRST_LINES)
      break
    case 'text':
      drawText(paper, block.text, block.tone ?? 'plain')
      break
    case 'facts':
      drawFacts(paper, block.facts)
      break
    case 'progress':
      drawProgress(paper, block)
      break
    case 'table':
      drawTable(paper, block)
      break
    case 'bars':
      drawBars(paper, block)
      break
    case 'signatures':
      drawSignatures(paper, block.fields)
      break
    default:
      block satisfies never
  }
}

const HEADING = { size: 12.5, weight: 'bold', color: BLUE } as const

/** Heights that a heading takes along: its first lines, or method and signatures as a whole. */
const FIRST_LINES = 90
const WHOLE_PART = 330

const drawHeading = (paper: Paper, text: string, height: number): void => {
  paper.need(height)
  paper.y += 4
  paper.write(text, LEFT, paper.y, INNER, HEADING)
  paper.y += 19
  paper.rule(LEFT, paper.y, INNER, BLUE, 0.8)
  paper.y += 8
}

const TONES = {
  plain: { size: 9, color: INK, lineGap: 2.5 },
  quiet: { size: 9, color: QUIET, lineGap: 2.5 },
  warning: { size: 9, color: RED, lineGap: 2.5 },
  note: { size: 7.5, color: QUIET, lineGap: 1 },
} as const

const drawText = (paper: Paper, text: string, tone: keyof typeof TONES): void => {
  const style = TONES[tone]
  const height = paper.heightOf(text, INNER, style)
  paper.need(height)
  paper.write(text, LEFT, paper.y, INNER, style)
  paper.y += height + (tone === 'note' ? 1.5 : 5)
}

const drawFacts = (paper: Paper, facts: readonly (readonly [string, string])[]): void => {
  const style = { size: 8.5 }
  paper.rule(LEFT, paper.y, INNER, LINE)
  paper.y += 5
  for (const [name, value] of facts) {
    paper.write(name, LEFT, paper.y, 120, { ...style, color: QUIET })
    paper.write(value, LEFT + 124, paper.y, INNER - 124, style)
    paper.y += 14
  }
  paper.y += 1
  paper.rule(LEFT, paper.y, INNER, LINE)
  paper.y += 8
}

const drawProgress = (paper: Paper, block: Extract<Block, { readonly kind: 'progress' }>): void => {
  paper.need(40)
  const part = (ratio: string) => Math.min(1, Math.max(0, Number(ratio))) * INNER
  paper.fill(LEFT, paper.y, INNER, 9, '#e3e9f1')
  paper.fill(LEFT, paper.y, Math.max(part(block.reached), 0.75), 9, BLUE)
  const pace = LEFT + part(block.pace)
  paper.doc
    .moveTo(pace, paper.y - 3)
    .lineTo(pace, paper.y + 12)
    .lineWidth(1.2)
    .strokeColor(RED)
    .stroke()
  paper.write(block.text, LEFT, paper.y + 13, INNER, { size: 8, color: QUIET })
  paper.y += 36
}

const drawSignatures = (paper: Paper, fields: readonly string[]): void => {
  paper.need(70)
  paper.y += 26
  const width = INNER / fields.length
  fields.forEach((field, i) => {
    const x = LEFT + i * width
    const name = `${field}:`
    paper.write(name, x, paper.y, width, { size: 10 })
    const start = x + paper.widthOf(name, { size: 10 }) + 4
    paper.rule(start, paper.y + 14, x + width - 12 - start, INK, 0.6)
  })
  paper.y += 40
}
