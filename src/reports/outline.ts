/**
 * The report as blocks in reading order: headings, sentences, tables, bars, a place to sign. Writers
 * of every form draw the same blocks, so that none of them says what another does not.
 */
import type { Report, ReportLang } from './model.ts'
import { changeBlocks } from './outline-changes.ts'
import { coverBlocks } from './outline-cover.ts'
import { splitBlocks } from './outline-splits.ts'
import { words } from './words.ts'

/**
 * How a column is written: `yuan` and `money` (another currency) to the second place, `wan` in ten
 * thousands, shares and growth of decimal fractions; `figure` is written out already.
 */
export type ColumnKind = 'text' | 'figure' | 'count' | 'yuan' | 'wan' | 'money' | 'share' | 'growth'

export interface Column {
  readonly title: string
  readonly kind: ColumnKind
  /** Part of the width, against the other columns. */
  readonly width: number
}

export interface Row {
  /** Texts, or decimal texts by the kind of their column; null is not known. */
  readonly cells: readonly (string | null)[]
  readonly weight?: 'total' | 'group'
}

export interface TableBlock {
  readonly kind: 'table'
  readonly title: string
  /** What all amounts are given in. */
  readonly unit: string
  readonly columns: readonly Column[]
  readonly rows: readonly Row[]
  /** Said instead of rows where there are none. */
  readonly empty: string
  /** Rows that are printed on paper; a sheet holds all of them. */
  readonly printedMax?: number
}

export interface BarsBlock {
  readonly kind: 'bars'
  readonly title: string
  readonly unit: string
  readonly shape: 'upright' | 'lying'
  readonly series: readonly {
    readonly name: string
    /** Decimal texts in the unit, one for each label. */
    readonly values: readonly string[]
  }[]
  readonly labels: readonly string[]
}

export type Block =
  /** What it heads stands on the same page, all of it where it is `whole`. */
  | { readonly kind: 'heading'; readonly text: string; readonly whole?: boolean }
  | {
      readonly kind: 'text'
      readonly text: string
      readonly tone?: 'plain' | 'quiet' | 'warning' | 'note'
    }
  | { readonly kind: 'facts'; readonly facts: readonly (readonly [name: string, value: string])[] }
  | {
      readonly kind: 'progress'
      readonly reached: string
      readonly pace: string
      readonly text: string
    }
  | { readonly kind: 'signatures'; readonly fields: readonly string[] }
  | TableBlock
  | BarsBlock

/** A part of the report; each is a sheet of the workbook. */
export interface Part {
  readonly name: string
  readonly blocks: readonly Block[]
}

export interface Outline {
  readonly title: string
  readonly subtitle: string
  /** Number and edition, on every page. */
  readonly number: string
  /** As-of moment and fingerprint, on every page. */
  readonly standing: string
  readonly page: (page: number, pages: number) => string
  readonly parts: readonly Part[]
}

export const outlineOf = (report: Report, lang: ReportLang): Outline => {
  const told = words(lang)
  return {
    title: told.title,
    subtitle: told.monthName(report.figures.month),
    number: told.number(report),
    standing: told.standing(report),
    page: told.page,
    parts: [
      { name: told.parts.overview, blocks: coverBlocks(report, lang) },
      ...splitBlocks(report.figures, lang),
      ...changeBlocks(report, lang),
      { name: told.parts.method, blocks: methodBlocks(report, lang) },
    ],
  }
}

const methodBlocks = ({ publication }: Report, lang: ReportLang): readonly Block[] => {
  const told = words(lang)
  const signed = (publication?.signOffs ?? []).map(({ role, by, at }) => ({
    cells: [role, by, told.moment(at)],
  }))
  return [
    { kind: 'heading', text: told.parts.method, whole: true },
    ...told.method.map((text, i) => ({ kind: 'text' as const, text: `${i + 1}. ${text}` })),
    ...(signed.length === 0
      ? []
      : [
          {
            kind: 'table' as const,
            ...{ title: told.signedOff, unit: '', rows: signed, empty: '' },
            columns: [
              { title: told.role, kind: 'text' as const, width: 3 },
              { title: told.account, kind: 'text' as const, width: 3 },
              { title: told.moment_, kind: 'text' as const, width: 3 },
            ],
          },
        ]),
    { kind: 'signatures', fields: told.signatures },
  ]
}
