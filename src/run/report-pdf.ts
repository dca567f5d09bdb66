/**
 * Reports on paper, on Node: the font lies in a package beside the program and is read for each
 * report, with the libraries loaded when the first one is asked for.
 */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { ReportWriter } from '../reports/model.ts'
import type { PdfFonts } from '../reports/pdf-sheet.ts'

/** Noto Sans for Simplified Chinese, under the SIL Open Font License 1.1. */
const FONTS = '@embedpdf/fonts-sc'

export const reportPdf: ReportWriter = async (report, lang) => {
  const { pdfWriter } = await import('../reports/pdf.ts')
  return pdfWriter(readFonts)(report, lang)
}

const readFonts = async (): Promise<PdfFonts> => {
  const folder = join(dirname(createRequire(import.meta.url).resolve(FONTS)), '../fonts')
  const [regular, bold] = await Promise.all(
    ['Regular', 'Bold'].map((weight) => readFile(join(folder, `NotoSansHans-${weight}.otf`))),
  )
  if (regular === undefined || bold === undefined) throw new Error('the font is not there')
  return { regular, bold }
}
