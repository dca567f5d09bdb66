/** The parts that split the month: zones by modes, directions, rankings, settlement, gaps. */
import { wanOf } from './amounts.ts'
import type {
  Figure,
  Keyed,
  Matrix,
  Ranking,
  ReportFigures,
  ReportLang,
  ZoneIndicators,
} from './model.ts'
import type { Block, Column, Part, TableBlock } from './outline.ts'
import { say, type Words, words } from './words.ts'

export const splitBlocks = (figures: ReportFigures, lang: ReportLang): readonly Part[] => {
  const told = words(lang)
  const part = (name: string, blocks: readonly Block[]): Part => ({
    name,
    blocks: [{ kind: 'heading', text: name }, ...blocks],
  })
  const ranked = (ranking: Ranking | null, title: string, name: string) =>
    rankingTable(ranking, title, name, lang)
  return [
    part(told.parts.zones, matrixBlocks(figures.matrix, lang)),
    part(told.parts.directions, [directionsTable(figures, lang)]),
    part(told.parts.places, [
      ranked(figures.countries, told.countries, told.country),
      ranked(figures.chapters, told.chapters, told.chapter),
    ]),
    part(told.parts.enterprises, [ranked(figures.enterprises, told.enterprises, told.enterprise)]),
    part(told.parts.settlement, [
      ranked(figures.institutions, told.institutions, told.institution),
      ...currencyBlocks(figures, lang),
    ]),
    part(told.parts.indicators, indicatorBlocks(figures, lang)),
    part(told.parts.gaps, gapBlocks(figures, told)),
  ]
}

/** A key nobody gave a name; '' is one that was not stated. */
const nameOf = ({ key, label }: Keyed, lang: ReportLang): string => {
  const name = say(label, lang)
  return name === '' ? key || words(lang).unknown : name
}

/** Beside the name, where the code says something more. */
const coded = (entry: Keyed, lang: ReportLang): string => {
  const name = nameOf(entry, lang)
  return entry.key === '' || name.startsWith(entry.key) ? name : `${entry.key} ${name}`
}

const matrixBlocks = (matrix: Matrix | null, lang: ReportLang): readonly Block[] => {
  const told = words(lang)
  if (matrix === null) return [{ kind: 'text', text: told.noSource, tone: 'quiet' }]
  const table = (
    title: string,
    unit: string,
    kind: 'wan' | 'count',
    read: (figure: Figure) => string,
  ): TableBlock => ({
    kind: 'table',
    ...{ title, unit, empty: told.noRows },
    columns: [
      { title: told.zone, kind: 'text', width: 3.4 },
      ...matrix.modes.map(
        (mode): Column => ({
          title: mode.key === '*' ? nameOf(mode, lang) : mode.key || told.unknown,
          ...{ kind, width: 1.5 },
        }),
      ),
      { title: told.total, kind, width: 1.7 },
    ],
    rows: [
      ...matrix.rows.map((row) => ({
        cells: [nameOf(row, lang), ...[...row.cells, row.total].map(read)],
      })),
      ...(matrix.rows.length === 0
        ? []
        : [
            {
              cells: [told.total, ...[...matrix.total.cells, matrix.total.total].map(read)],
              weight: 'total' as const,
            },
          ]),
    ],
  })
  return [
    table(told.matrix, told.wan, 'wan', ({ amount }) => amount),
    table(told.matrixCount, '', 'count', ({ count }) => String(count)),
    ...(matrix.rows.length === 0
      ? []
      : [
          {
            kind: 'bars' as const,
            ...{ title: told.byZone, unit: told.wan, shape: 'lying' as const },
            labels: matrix.rows.map((row) => nameOf(row, lang)),
            series: [
              {
                name: told.scopes[matrix.scope],
                values: matrix.rows.map(({ total }) => wanOf(total.amount)),
              },
            ],
          },
        ]),
  ]
}

const directionsTable = (figures: ReportFigures, lang: ReportLang): TableBlock => {
  const told = words(lang)
  return {
    kind: 'table',
    ...{ title: told.directions, unit: told.yuan, empty: told.noRows },
    columns: [
      { title: told.scope, kind: 'text', width: 2 },
      { title: told.direction, kind: 'text', width: 2 },
      { title: told.count, kind: 'count', width: 2 },
      { title: told.amount, kind: 'yuan', width: 3 },
      { title: told.share, kind: 'share', width: 1.5 },
    ],
    rows: figures.directions.map((row) => ({
      cells: [
        ...[told.scopes[row.scope], nameOf(row, lang)],
        ...[String(row.month.count), row.month.amount, row.share],
      ],
    })),
  }
}

const rankingTable = (
  ranking: Ranking | null,
  title: string,
  name: string,
  lang: ReportLang,
): Block => {
  const told = words(lang)
  if (ranking === null)
    return { kind: 'text', text: `${title}${told.colon}${told.noSource}`, tone: 'quiet' }
  const { rows, others, total } = ranking
  return {
    kind: 'table',
    ...{ title, unit: told.yuan, empty: told.noRows },
    columns: [
      { title: told.rank, kind: 'count', width: 0.7 },
      { title: name, kind: 'text', width: 4.4 },
      { title: told.count, kind: 'count', width: 1.4 },
      { title: told.amount, kind: 'yuan', width: 2.6 },
      { title: told.share, kind: 'share', width: 1.1 },
      { title: told.previousMonth, kind: 'yuan', width: 2.6 },
      { title: told.onMonth, kind: 'growth', width: 1.3 },
    ],
    rows: [
      ...rows.map((row, i) => ({
        cells: [
          ...[
            row.key === '' ? '' : String(i + 1),
            name === told.chapter ? nameOf(row, lang) : coded(row, lang),
          ],
          ...[String(row.count), row.amount],
          ...[row.share, row.previous, row.growth],
        ],
      })),
      ...(others === null
        ? []
        : [
            {
              cells: [
                ...['', told.others(others.keys), String(others.count), others.amount],
                ...[others.share, null, null],
              ],
            },
          ]),
      ...(rows.length === 0
        ? []
        : [
            {
              cells: ['', told.total, String(total.count), total.amount, null, null, null],
              weight: 'total' as const,
            },
          ]),
    ],
  }
}

const currencyBlocks = ({ currencies }: ReportFigures, lang: ReportLang): readonly Block[] => {
  const told = words(lang)
  if (currencies === null) return [{ kind: 'text', text: told.noCurrencies, tone: 'quiet' }]
  return [
    {
      kind: 'table',
      ...{ title: told.currencies, unit: '', empty: told.noRows },
      columns: [
        { title: told.currency, kind: 'text', width: 1.7 },
        { title: told.business, kind: 'text', width: 1.7 },
        { title: told.count, kind: 'count', width: 0.9 },
        { title: told.gross, kind: 'money', width: 2.4 },
        { title: told.costs, kind: 'money', width: 2.4 },
        { title: told.net, kind: 'money', width: 2.4 },
        { title: told.inYuan, kind: 'yuan', width: 2.4 },
      ],
      rows: currencies.map((row) => ({
        cells: [
          ...[coded({ key: row.currency, label: row.label }, lang), say(row.directionName, lang)],
          ...[String(row.count), row.gross, row.costs, row.net, row.amount],
        ],
      })),
    },
    { kind: 'text', text: told.currenciesText, tone: 'quiet' },
  ]
}

const indicatorBlocks = ({ zones }: ReportFigures, lang: ReportLang): readonly Block[] => {
  const told = words(lang)
  if (zones === null) return [{ kind: 'text', text: told.noIndicators, tone: 'quiet' }]
  const count = (value: number | null) => (value === null ? null : String(value))
  const all: readonly (Column & { readonly read: (zone: ZoneIndicators) => string | null })[] = [
    { title: told.zone, kind: 'text', width: 3.4, read: (zone) => nameOf(zone, lang) },
    { title: told.count, kind: 'count', width: 1.2, read: ({ lists }) => String(lists) },
    { title: told.amount, kind: 'yuan', width: 2.4, read: ({ amount }) => amount },
    { title: told.tax, kind: 'yuan', width: 1.9, read: ({ tax }) => tax },
    { title: told.active, kind: 'count', width: 1.3, read: (zone) => count(zone.enterprises) },
    { title: told.median, kind: 'money', width: 1.6, read: ({ medianMinutes }) => medianMinutes },
    { title: told.p95, kind: 'money', width: 1.6, read: ({ p95Minutes }) => p95Minutes },
    { title: told.refused, kind: 'share', width: 1.2, read: ({ refusedShare }) => refusedShare },
    { title: told.returns, kind: 'count', width: 1.1, read: ({ returns }) => count(returns) },
  ]
  // What was not kept yet at that moment has no column, and is named below.
  const isTold = ({ title }: Column) =>
    (title !== told.tax && title !== told.refused) || zones.every(({ tax }) => tax !== null)
  const columns = all.filter(isTold)
  const untold = all.filter((column) => !isTold(column)).map(({ title }) => title)
  return [
    {
      kind: 'table',
      ...{ title: told.indicators, unit: told.yuan, empty: told.noRows },
      columns: columns.map(({ read: _, ...column }) => column),
      rows: zones.map((zone) => ({ cells: columns.map(({ read }) => read(zone)) })),
    },
    { kind: 'text', text: told.indicatorsText, tone: 'quiet' },
    ...(untold.length === 0
      ? []
      : [{ kind: 'text' as const, text: told.untold(untold), tone: 'quiet' as const }]),
  ]
}

const gapBlocks = ({ gaps, moreGaps }: ReportFigures, told: Words): readonly Block[] => {
  if (gaps.length === 0) return [{ kind: 'text', text: told.noGaps }]
  return [
    { kind: 'text', text: told.gapsText, tone: 'warning' },
    {
      kind: 'table',
      ...{ title: told.gaps, unit: '', empty: '' },
      columns: [
        { title: told.scope, kind: 'text', width: 2 },
        { title: told.currency, kind: 'text', width: 1.5 },
        { title: told.rateMonth, kind: 'text', width: 2 },
        { title: told.count, kind: 'count', width: 1.5 },
        { title: told.original, kind: 'money', width: 3 },
      ],
      rows: gaps.map(({ scope, currency, month, count, amount }) => ({
        cells: [told.scopes[scope], currency, month, String(count), amount],
      })),
    },
    ...(moreGaps ? [{ kind: 'text' as const, text: told.moreGaps }] : []),
  ]
}
