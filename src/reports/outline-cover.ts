/** The first page: what the report is, the four scopes side by side, and the distance to the target. */
import { inPercent, inProgress, wanOf } from './amounts.ts'
import type { Compared, Measure, Report, ReportFigures, ReportLang } from './model.ts'
import type { Block, Column, Row } from './outline.ts'
import { say, type Words, words } from './words.ts'

export const coverBlocks = (report: Report, lang: ReportLang): readonly Block[] => {
  const told = words(lang)
  const { figures } = report
  return [
    { kind: 'facts', facts: factsOf(report, told) },
    ...(figures.isOver
      ? []
      : [{ kind: 'text' as const, text: told.notOver, tone: 'warning' as const }]),
    { kind: 'heading', text: told.parts.overview },
    {
      kind: 'table',
      ...{ title: told.sideBySide, unit: told.yuan, empty: told.noRows },
      columns: measureColumns(told),
      rows: figures.measures.flatMap((measure) => measureRows(measure, told)),
    },
    ...definitionLines(figures, lang).map((text) => ({
      ...{ kind: 'text' as const, tone: 'note' as const, text },
    })),
    ...targetBlocks(figures, told),
    {
      kind: 'bars',
      ...{ title: told.trend, unit: told.wan, shape: 'upright' },
      labels: figures.months.map(({ month }) => told.shortMonth(month)),
      series: (['released', 'policy'] as const).map((scope) => ({
        name: told.scopes[scope],
        values: figures.months.map(({ amounts }) => wanOf(amounts[scope].amount)),
      })),
    },
  ]
}

/** Each scope in words, then what the figures are made of, said once for those of the same. */
const definitionLines = ({ measures }: ReportFigures, lang: ReportLang): readonly string[] => {
  const told = words(lang)
  const definitions = measures.map(({ scope, definition }) => {
    const text = say(definition, lang)
    const name = told.scopes[scope]
    return text.startsWith(name) ? text : `${name}${told.colon}${text}`
  })
  const bySources = new Map<string, string[]>()
  // What the policy adds up is made from the same as its parts.
  for (const { scope, sources } of measures.filter((each) => each.scope !== 'policy')) {
    const key = sources.join(told.comma)
    bySources.set(key, [...(bySources.get(key) ?? []), told.scopes[scope]])
  }
  const lines = [...bySources].map(([sources, names]) => `${names.join(told.comma)}: ${sources}`)
  return [...definitions, `${told.sources}${told.colon}${lines.join(told.semicolon)}`]
}

const factsOf = (
  { publication, figures, sha256 }: Report,
  told: Words,
): readonly (readonly [string, string])[] => [
  [
    told.facts.number,
    publication === null
      ? told.draft
      : `${publication.number} · ${told.edition(publication.edition)} · ${told.status[publication.status]}`,
  ],
  ...(publication === null
    ? []
    : [[told.facts.published, `${told.moment(publication.publishedAt)}${told.china}`] as const]),
  [told.facts.asOf, `${told.moment(figures.asOf)}${told.china}`],
  [told.facts.issuer, told.issuer],
  [told.facts.fingerprint, sha256],
]

const measureColumns = (told: Words): readonly Column[] => [
  { title: told.scope, kind: 'text', width: 2.3 },
  { title: '', kind: 'text', width: 1.6 },
  { title: told.count, kind: 'count', width: 1.6 },
  { title: told.amount, kind: 'yuan', width: 3 },
  { title: told.onMonth, kind: 'growth', width: 1.4 },
  { title: told.onYear, kind: 'growth', width: 1.4 },
]

const measureRows = ({ scope, month, yearToDate }: Measure, told: Words): readonly Row[] => {
  const cells = (name: string, span: string, of: Compared | null) => [
    ...[name, span, of === null ? null : String(of.count), of?.amount ?? null],
    ...[of?.previousGrowth ?? null, of?.lastYearGrowth ?? null],
  ]
  return [
    { cells: cells(told.scopes[scope], told.month, month), weight: 'group' },
    { cells: cells('', told.toDate, yearToDate) },
  ]
}

const targetBlocks = ({ target, month }: ReportFigures, told: Words): readonly Block[] => {
  if (target === null)
    return [{ kind: 'text', text: told.noTarget(Number(month.slice(0, 4))), tone: 'quiet' }]
  const progress = target.progress ?? '0'
  return [
    { kind: 'text', text: told.targetText(target) },
    {
      kind: 'progress',
      ...{ reached: progress, pace: target.evenPace },
      text: told.progressText(inProgress(progress), inPercent(target.evenPace)),
    },
  ]
}
