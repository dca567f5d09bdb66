/**
 * The totals, split and narrowed down by what stands in the address. Every row leads to its parts, and
 * every figure to the documents that it counts, at the same moment.
 */

import { OTHERS } from '../../store/totals-asked.ts'
import { ProblemNotice } from '../desk/notices.tsx'
import { Tabs } from '../desk/parts.tsx'
import { type Ask, content, type Shown } from '../desk/room.ts'
import { exactAmount, ratio, share, wholeCount } from '../figures.ts'
import { sourceNames } from '../source-names.ts'
import { scopeNames } from '../target-words.ts'
import { fill, type Lang, say } from '../texts.ts'
import type { TotalsTold } from './answers.ts'
import { AsOf, Gaps, Opens, ShareBar } from './parts.tsx'
import { Chips, SliceFilter } from './slice-filter.tsx'
import { apiAddress, monthText, pageAddress, pageOfLink, type Slice, sliceOf } from './slices.ts'
import { committeeTexts } from './texts.ts'
import { byNames, totalsTexts as texts } from './totals-texts.ts'

export const TOTALS_PATH = '/committee/totals'

/** Rows laid out at once; 500 of them take a tenth of a second, in which nothing is painted. */
const ROWS_AT_ONCE = 100

/** How a figure is usually taken apart: the next of these that is not chosen yet. */
const WAYS = ['zone', 'mode', 'month', 'direction', 'country', 'chapter', 'enterprise'] as const

export const totalsPage = async ({ api, lang, query }: Ask): Promise<Shown> => {
  const { only: _, ...slice } = sliceOf(query)
  const by = query.by !== undefined && query.by in byNames ? query.by : 'zone'
  const found = await api.get<TotalsTold>(apiAddress('/api/v1/totals', { ...slice, by }))
  const around = (
    <SliceFilter
      lang={lang}
      path={TOTALS_PATH}
      slice={slice}
      keep={{ by }}
      isByRole={by === 'enterprise'}
    />
  )
  const title = say(texts.totals, lang)
  if (found.kind === 'problem')
    return found.status === 400
      ? content(
          title,
          <>
            <ProblemNotice lang={lang} problem={found.problem} page />
            {around}
          </>,
          400,
        )
      : found
  const totals = found.value
  return content(
    title,
    <>
      <Head lang={lang} totals={totals} slice={slice} />
      <Tabs
        label={say(texts.by, lang)}
        tabs={Object.entries(byNames).map(([name, text]) => ({
          ...{ href: pageAddress(TOTALS_PATH, { ...slice, by: name }), name: text[lang] },
          current: name === by,
        }))}
      />
      {around}
      <Chips lang={lang} path={TOTALS_PATH} slice={slice} keep={{ by }} />
      <Rows lang={lang} totals={totals} slice={slice} by={by} />
    </>,
  )
}

interface Props {
  readonly lang: Lang
  readonly totals: TotalsTold
  readonly slice: Slice
}

const Head = ({ lang, totals, slice }: Props) => {
  const { scope, total, asOf, year, definition, sources, gaps } = totals
  const when = slice.month === undefined ? String(year) : monthText(slice.month)
  const documents = pageOfLink(totals.links.documents)
  const file = (format: string) =>
    pageAddress(`/committee/totals/export/${format}`, {
      ...slice,
      scope,
      ...(slice.month === undefined ? { year: String(year) } : {}),
    })
  return (
    <section class="card totals-head" aria-labelledby="totals-heading">
      <div class="section-head">
        <h1 id="totals-heading">
          {fill(say(texts.heading, lang), { scope: scopeNames[scope]?.[lang] ?? scope, when })}
        </h1>
        <p class="as-of">
          <AsOf lang={lang} moment={totals} />
          <span>
            {slice.asOf === undefined ? (
              <a href={pageAddress(TOTALS_PATH, { ...slice, asOf, by: totals.by })}>
                {say(texts.pin, lang)}
              </a>
            ) : (
              say(texts.pinned, lang)
            )}
          </span>
        </p>
      </div>
      <div class="hero">
        <p>
          <a class="figure" href={documents}>
            {exactAmount(total.amount)}
          </a>{' '}
          <span class="unit">CNY</span>
          <span class="exact">
            {wholeCount(total.count)} {say(committeeTexts.documents, lang)}
          </span>
        </p>
        <p class="acts page-acts">
          <a class="button" href={documents}>
            {say(texts.openDocuments, lang)}
          </a>
          <a class="button" href={file('csv')} download>
            {say(texts.csv, lang)}
          </a>
          <a class="button" href={file('parquet')} download>
            {say(texts.parquet, lang)}
          </a>
        </p>
      </div>
      <p class="note">
        {definition[lang]} · {say(committeeTexts.sources, lang)} {sourceNames(sources, lang)}
      </p>
      <Gaps lang={lang} gaps={gaps} />
    </section>
  )
}

const Rows = ({ lang, totals, slice, by }: Props & { readonly by: string }) => {
  const rows = inOrder(totals.rows, by)
  const more = rows.slice(ROWS_AT_ONCE)
  const table = { lang, totals, slice, by }
  return (
    <>
      <Table {...table} rows={rows.slice(0, ROWS_AT_ONCE)} isFirst />
      {more.length === 0 ? null : (
        <details class="more-rows">
          <summary>{fill(say(texts.moreRows, lang), { count: String(more.length) })}</summary>
          <Table {...table} rows={more} />
        </details>
      )}
    </>
  )
}

interface TableProps extends Props {
  readonly by: string
  readonly rows: TotalsTold['rows']
  /** The total stands below the first rows. */
  readonly isFirst?: boolean
}

const Table = ({ lang, totals, slice, by, rows, isFirst = false }: TableProps) => {
  const { total } = totals
  const next = nextWay(by, slice)
  const name = byNames[by]?.[lang] ?? by
  return (
    <div class="table-scroll" data-narrow="cards">
      <table class="data" data-rows>
        <caption>
          {next === undefined
            ? name
            : `${name} · ${fill(say(texts.deeper, lang), { by: byNames[next]?.[lang] ?? next })}`}
        </caption>
        <thead>
          <tr>
            <th scope="col">{name}</th>
            <th scope="col" data-kind="number">
              {say(texts.count, lang)}
            </th>
            <th scope="col" data-kind="number">
              {say(texts.amount, lang)}
            </th>
            <th scope="col">{say(texts.share, lang)}</th>
          </tr>
        </thead>
        <tbody>
          {rows.length === 0 ? (
            <tr>
              <td colspan={4}>
                {say(texts.none, lang)} · {say(texts.noneNote, lang)}
              </td>
            </tr>
          ) : (
            rows.map((row) => (
              <TotalsRow lang={lang} totals={totals} slice={slice} by={by} next={next} row={row} />
            ))
          )}
        </tbody>
        {isFirst ? (
          <tfoot>
            <tr>
              <th scope="row">{say(texts.total, lang)}</th>
              <td data-kind="number" data-label={say(texts.count, lang)}>
                {wholeCount(total.count)}
              </td>
              <td data-kind="number" data-label={say(texts.amount, lang)}>
                {exactAmount(total.amount)}
              </td>
              <td data-label={say(texts.share, lang)}>{share(total.amount, total.amount)}</td>
            </tr>
          </tfoot>
        ) : null}
      </table>
    </div>
  )
}

interface RowProps extends Props {
  readonly by: string
  readonly next: string | undefined
  readonly row: TotalsTold['rows'][number]
}

const TotalsRow = ({ lang, totals: { total }, slice, by, next, row }: RowProps) => {
  const documents = pageOfLink(row.links.documents)
  const label = by === 'month' ? monthText(row.key) : row.label[lang]
  const parts = documents === undefined ? undefined : partsOf(row.key, by, next, slice)
  return (
    <tr>
      <th scope="row">
        {parts === undefined ? (
          label
        ) : (
          <a class="row-link" href={parts}>
            {label}
          </a>
        )}
      </th>
      <td data-kind="number" data-label={say(texts.count, lang)}>
        {wholeCount(row.count)}
      </td>
      <td data-kind="number" data-label={say(texts.amount, lang)}>
        <Opens href={documents}>{exactAmount(row.amount)}</Opens>
      </td>
      <td data-label={say(texts.share, lang)}>
        <span>
          <ShareBar part={ratio(row.amount, total.amount)} /> {share(row.amount, total.amount)}
        </span>
      </td>
    </tr>
  )
}

/** Months as they follow, all others by amount; what names none and what is beyond the greatest at the end. */
const inOrder = (rows: TotalsTold['rows'], by: string): TotalsTold['rows'] => {
  const isRest = (key: string): number => (key === '' || key === OTHERS ? 1 : 0)
  return by === 'month'
    ? rows
    : [...rows].sort((a, b) => isRest(a.key) - isRest(b.key) || Number(b.amount) - Number(a.amount))
}

const nextWay = (by: string, slice: Slice): string | undefined =>
  WAYS.find((way) => way !== by && slice[way] === undefined)

/** The page of a row's own parts. */
const partsOf = (key: string, by: string, next: string | undefined, slice: Slice): string => {
  return pageAddress(TOTALS_PATH, { ...slice, [by]: key, by: next ?? 'month' })
}
