/** The documents that a figure counts, page by page, with the same figure above; and all of them as a file. */

import { codeText } from '../desk/code-names.ts'
import { PageHead, StateBadge, stateName } from '../desk/parts.tsx'
import { type Ask, content, type Shown } from '../desk/room.ts'
import { type Column, DataTable, Pager } from '../desk/table.tsx'
import { exactAmount, wholeCount } from '../figures.ts'
import { scopeNames } from '../target-words.ts'
import { type Lang, say } from '../texts.ts'
import type { Counted } from './answers.ts'
import { AsOf, Gaps } from './parts.tsx'
import { Chips } from './slice-filter.tsx'
import { apiAddress, monthText, pageAddress, pageOfLink, sliceOf } from './slices.ts'
import { committeeTexts } from './texts.ts'
import { TOTALS_PATH } from './totals-page.tsx'
import { directionNames, totalsTexts as texts } from './totals-texts.ts'

const DOCUMENTS_PATH = '/committee/totals/documents'

export const documentsPage = async ({ api, lang, query }: Ask): Promise<Shown> => {
  const slice = sliceOf(query)
  const { cursor } = query
  const found = await api.get<Counted>(
    apiAddress('/api/v1/totals/documents', { ...slice, cursor: cursor || undefined }),
  )
  if (found.kind === 'problem') return found
  const { scope, asOf, provisional, total, gaps, rows, next } = found.value
  return content(
    say(texts.documentsHeading, lang),
    <>
      <PageHead title={say(texts.documentsHeading, lang)} note={say(texts.documentsNote, lang)}>
        <a class="button" href={pageAddress(TOTALS_PATH, slice)}>
          {say(texts.back, lang)}
        </a>
        <a class="button" href={pageAddress('/committee/totals/export/csv', slice)} download>
          {say(texts.csv, lang)}
        </a>
        <a class="button" href={pageAddress('/committee/totals/export/parquet', slice)} download>
          {say(texts.parquet, lang)}
        </a>
      </PageHead>
      <p class="city-total">
        <strong>{scopeNames[scope]?.[lang] ?? scope}</strong> {exactAmount(total.amount)} CNY ·{' '}
        {wholeCount(total.count)} {say(committeeTexts.documents, lang)} ·{' '}
        <AsOf lang={lang} moment={{ asOf, provisional }} />
      </p>
      <Chips lang={lang} path={DOCUMENTS_PATH} slice={slice} keep={{}} />
      <Gaps lang={lang} gaps={gaps} />
      <DataTable
        lang={lang}
        caption={say(texts.documentsHeading, lang)}
        columns={columnsOf(lang)}
        rows={rows}
        href={({ links }) => pageOfLink(links.self)}
        empty={{ title: say(texts.none, lang), note: say(texts.noneNote, lang) }}
      />
      <Pager lang={lang} path={DOCUMENTS_PATH} query={query} next={next} />
    </>,
  )
}

type Row = Counted['rows'][number]

const columnsOf = (lang: Lang): readonly Column<Row>[] => [
  { name: say(texts.number, lang), kind: 'code', cell: ({ number, id }) => number ?? id },
  {
    name: say(texts.kind, lang),
    cell: ({ name }) => name?.[lang] ?? say(texts.settlement, lang),
  },
  { name: say(texts.partOf, lang), cell: ({ scope }) => scopeNames[scope]?.[lang] ?? scope },
  { name: say(texts.month, lang), cell: ({ month }) => monthText(month) },
  {
    name: say(texts.zone, lang),
    cell: ({ zone }) => (zone === '' ? say(texts.undecided, lang) : zone),
  },
  {
    name: say(texts.mode, lang),
    cell: ({ mode, direction }) => `${mode} ${directionNames[direction]?.[lang] ?? direction}`,
  },
  { name: say(texts.merchant, lang), kind: 'code', cell: ({ merchant }) => merchant ?? '–' },
  {
    name: say(texts.country, lang),
    cell: ({ country }) => (country === null ? '–' : codeText('country', country, lang)),
    wideOnly: true,
  },
  {
    name: say(texts.original, lang),
    kind: 'number',
    wideOnly: true,
    cell: ({ amounts }) =>
      amounts
        .map(
          ({ amount, currency }) =>
            `${exactAmount(amount)} ${codeText('currency', currency, lang)}`,
        )
        .join('；'),
  },
  {
    name: say(texts.amount, lang),
    kind: 'number',
    cell: ({ amount }) => (amount === null ? say(texts.noRate, lang) : exactAmount(amount)),
  },
  {
    name: say(texts.state, lang),
    cell: ({ state, group }) =>
      state === null ? (
        '–'
      ) : isGroup(group) ? (
        <StateBadge lang={lang} group={group} state={state} />
      ) : (
        stateName(state, lang)
      ),
  },
]

const GROUPS = ['action-needed', 'under-way', 'done', 'refused'] as const
const isGroup = (group: string | null): group is (typeof GROUPS)[number] =>
  GROUPS.some((known) => known === group)

/** CSV or Parquet, streamed through; refusals of the interface become pages. */
export const exportPage = async ({ api, param, query, notFound }: Ask): Promise<Shown> => {
  const format = param('format')
  if (format !== 'csv' && format !== 'parquet') return notFound()
  return api.file(apiAddress(`/api/v1/totals/export.${format}`, sliceOf(query)))
}
