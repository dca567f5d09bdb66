/** The lists that a figure of taxes counts, page by page, with the same figure above. */
import { codeText } from '../desk/code-names.ts'
import { PageHead } from '../desk/parts.tsx'
import { type Ask, content, type Shown } from '../desk/room.ts'
import { type Column, DataTable, Pager } from '../desk/table.tsx'
import { exactAmount, wholeCount } from '../figures.ts'
import { type Lang, say } from '../texts.ts'
import type { Billed } from './answers.ts'
import { apiAddress, monthText, pageAddress, pageOfLink, sliceOf } from './slices.ts'
import { totalsTexts } from './totals-texts.ts'
import { zoneTexts as texts } from './zone-texts.ts'

const PATH = '/committee/totals/billed'

export const billedPage = async ({ api, lang, query }: Ask): Promise<Shown> => {
  const { month, zone, mode } = sliceOf(query)
  const found = await api.get<Billed>(
    apiAddress('/api/v1/totals/billed', { month, zone, mode, cursor: query.cursor || undefined }),
  )
  if (found.kind === 'problem') return found
  const { total, bills, rows, next } = found.value
  const title = say(texts.billedHeading, lang)
  return content(
    title,
    <>
      <PageHead title={title} note={say(texts.taxes, lang)}>
        {zone === undefined ? (
          ''
        ) : (
          <a
            class="button"
            href={pageOfLink(`/api/v1/zones/${zone === '' ? 'undecided' : zone}?month=${month}`)}
          >
            {say(texts.backToZone, lang)}
          </a>
        )}
      </PageHead>
      <p class="city-total">
        <strong>{monthText(found.value.month)}</strong> {exactAmount(total)} CNY ·{' '}
        {wholeCount(bills)} {say(texts.bills, lang)}
      </p>
      <DataTable
        lang={lang}
        caption={title}
        columns={columnsOf(lang)}
        rows={rows}
        href={({ links }) => pageOfLink(links.self)}
        empty={{ title: say(texts.noBills, lang) }}
      />
      <Pager lang={lang} path={PATH} query={stringsOf(query)} next={next} />
    </>,
  )
}

const stringsOf = (query: Readonly<Record<string, string>>) =>
  Object.fromEntries(new URL(pageAddress(PATH, query), 'http://page.invalid').searchParams)

type Row = Billed['rows'][number]

const columnsOf = (lang: Lang): readonly Column<Row>[] => {
  const amount = (text: keyof typeof texts, of: 'duty' | 'consumptionTax' | 'vat' | 'total') => ({
    name: say(texts[text], lang),
    kind: 'number' as const,
    cell: (row: Row) => exactAmount(row[of]),
  })
  return [
    { name: say(totalsTexts.number, lang), kind: 'code', cell: ({ number }) => number },
    { name: say(totalsTexts.kind, lang), cell: ({ name, kind }) => name?.[lang] ?? kind },
    {
      name: say(totalsTexts.zone, lang),
      cell: ({ zone }) => (zone === '' ? say(totalsTexts.undecided, lang) : zone),
    },
    { name: say(totalsTexts.mode, lang), cell: ({ mode }) => codeText('tradeMode', mode, lang) },
    { name: say(texts.bills, lang), kind: 'number', cell: ({ bills }) => wholeCount(bills) },
    amount('duty', 'duty'),
    amount('consumptionTax', 'consumptionTax'),
    amount('vat', 'vat'),
    amount('taxTotal', 'total'),
  ]
}
