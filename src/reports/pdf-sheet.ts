/**
 * Paper: pages of A4 with a running head and foot, a place where the next thing is drawn, and text in
 * the two weights of the font. All measures are points.
 */
import PDFDocument from 'pdfkit'

/** Bytes of an OpenType font in both weights; the file carries the glyphs that it uses. */
export interface PdfFonts {
  readonly regular: Uint8Array
  readonly bold: Uint8Array
}

export type Weight = keyof PdfFonts

export const INK = '#1b1f24'
export const QUIET = '#5f6b7a'
export const LINE = '#c9d1db'
export const SHADE = '#eef2f7'
export const BLUE = '#1f4e79'
export const PALE_BLUE = '#9fb8d3'
export const RED = '#9c2b2b'

const WIDTH = 595.28
const HEIGHT = 841.89
export const LEFT = 48
const RIGHT = 48
const TOP = 62
const BOTTOM = 58
/** Width that is drawn in. */
export const INNER = WIDTH - LEFT - RIGHT

export interface TextStyle {
  readonly size: number
  readonly weight?: Weight
  readonly color?: string
  readonly align?: 'left' | 'right' | 'center'
  readonly lineGap?: number
}

export interface PaperOptions {
  readonly fonts: PdfFonts
  readonly title: string
  readonly subject: string
  readonly lang: string
  /** Told as the day of making: the machine's own would make every file another one. */
  readonly madeAt: Date
}

export class Paper {
  readonly doc: PDFKit.PDFDocument
  /** Where the next thing begins, from the top. */
  y = TOP
  readonly #parts: Uint8Array[] = []
  readonly #ended: Promise<void>

  constructor({ fonts, title, subject, lang, madeAt }: PaperOptions) {
    this.doc = new PDFDocument({
      ...{ size: 'A4', margin: 0, bufferPages: true, lang, displayTitle: true },
      info: {
        ...{ Title: title, Subject: subject, Creator: 'Yuguan', Producer: 'Yuguan' },
        ...{ CreationDate: madeAt, ModDate: madeAt },
      },
    })
    this.doc.registerFont('regular', Buffer.from(fonts.regular))
    this.doc.registerFont('bold', Buffer.from(fonts.bold))
    this.doc.on('data', (part: Uint8Array) => this.#parts.push(part))
    this.#ended = new Promise((resolve, reject) => {
      this.doc.on('end', () => resolve())
      this.doc.on('error', reject)
    })
  }

  get bottom(): number {
    return HEIGHT - BOTTOM
  }

  newPage(): void {
    this.doc.addPage()
    this.y = TOP
  }

  /** Goes to a new page where less than so much is left. */
  need(height: number): void {
    if (this.y + height > this.bottom) this.newPage()
  }

  use({ size, weight = 'regular', color = INK }: TextStyle): void {
    this.doc.font(weight).fontSize(size).fillColor(color)
  }

  widthOf(text: string, style: TextStyle): number {
    this.use(style)
    return this.doc.widthOfString(text)
  }

  heightOf(text: string, width: number, style: TextStyle): number {
    this.use(style)
    const { lineGap = 0 } = style
    // Most texts are short: their lines need not be looked for.
    if (this.doc.widthOfString(text) <= width) return this.doc.currentLineHeight(true) + lineGap
    return this.doc.heightOfString(text, { width, lineGap })
  }

  /** Text within a box, its lines broken where they are too long. */
  write(text: string, x: number, y: number, width: number, style: TextStyle): void {
    this.use(style)
    const { align = 'left', lineGap = 0 } = style
    this.doc.text(text, x, y, { width, align, lineGap, height: HEIGHT })
  }

  rule(x: number, y: number, width: number, color: string, thickness = 0.5): void {
    this.doc
      .moveTo(x, y)
      .lineTo(x + width, y)
      .lineWidth(thickness)
      .strokeColor(color)
      .stroke()
  }

  fill(x: number, y: number, width: number, height: number, color: string): void {
    this.doc.rect(x, y, width, height).fillColor(color).fill()
  }

  /** Heads and feet of all pages, then the bytes. */
  async end(
    head: readonly [left: string, right: string],
    foot: string,
    page: (page: number, pages: number) => string,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const { count } = this.doc.bufferedPageRange()
    const style: TextStyle = { size: 7.5, color: QUIET }
    const footY = HEIGHT - BOTTOM + 20
    for (let index = 0; index < count; index += 1) {
      this.doc.switchToPage(index)
      this.write(head[0], LEFT, 34, INNER / 2, style)
      this.write(head[1], LEFT + INNER / 2, 34, INNER / 2, { ...style, align: 'right' })
      this.rule(LEFT, 48, INNER, LINE)
      this.rule(LEFT, footY - 6, INNER, LINE)
      this.write(foot, LEFT, footY, INNER * 0.75, style)
      this.write(page(index + 1, count), LEFT + INNER * 0.7, footY, INNER * 0.3, {
        ...{ ...style, align: 'right' },
      })
    }
    this.doc.end()
    await this.#ended
    return new Uint8Array(Buffer.concat(this.#parts))
  }
}
