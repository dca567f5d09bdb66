/** Open items of settlement one by one, the oldest first: released lists, or lines that no list was found for. */
import type { z } from 'zod'
import type { openItemsAnswer } from '../../http/settlement-schemas.ts'
import { codeText } from '../desk/code-names.ts'
import { PageHead } from '../desk/parts.tsx'
import { type Ask, content, type Shown } from '../desk/room.ts'
import { type Column, DataTable, Pager } from '../desk/table.tsx'
import { exactAmount } from '../figures.ts'
import { type Lang, say } from '../texts.ts'
import { askedMoment, Moment } from './settlement-moment.tsx'
import { settlementTexts as texts } from './settlement-texts.ts'
import { pageAddress } from './slices.ts'
import { directionNames, totalsTexts } from './totals-texts.ts'

type Open = z.infer<typeof openItemsAnswer>
type List = NonNullable<Open['openLists']>[number]
type Line = NonNullable<Open['openLines']>[number]

export const OPEN_ITEMS_PATH = '/committee/settlement/open'

export const openItemsPage = async ({ api, lang, query }: Ask): Promise<Shown> => {
  const of = query.of === 'lines' ? 'lines' : 'lists'
  const { cursor } = query
  const asOf = askedMoment(query)
  const found = await api.get<Open>('/api/v1/settlements/open', {
    ...{ of, cursor: cursor || undefined, asOf },
  })
  if (found.kind === 'problem') return found
  const { openLists, openLines, next, untold } = found.value
  const title = say(of === 'lists' ? texts.openLists : texts.openLines, lang)
  const shared = {
    lang,
    caption: title,
    empty: { title: say(openLists === null ? texts.notTold : texts.noneOpen, lang) },
  }
  return content(
    title,
    <>
      <PageHead title={title}>
        <a class="button" href={pageAddress('/committee/settlement', { asOf })}>
          {say(texts.settlement, lang)}
        </a>
      </PageHead>
      <Moment lang={lang} told={found.value} path={OPEN_ITEMS_PATH} query={{ of, asOf }} />
      {untold === null ? '' : <p class="note">{untold[lang]}</p>}
      {of === 'lists' ? (
        <DataTable
          {...shared}
          rows={openLists ?? []}
          columns={listColumns(lang)}
          href={({ id }) => `/committee/totals/documents/${encodeURIComponent(id)}`}
        />
      ) : (
        <DataTable {...shared} rows={openLines ?? []} columns={lineColumns(lang)} />
      )}
      <Pager lang={lang} path={OPEN_ITEMS_PATH} query={query} next={next} />
    </>,
  )
}

const listColumns = (lang: Lang): readonly Column<List>[] => [
  { name: say(texts.releasedOn, lang), cell: ({ releasedOn }) => releasedOn },
  { name: say(texts.seller, lang), kind: 'code', cell: ({ merchant }) => merchant },
  {
    name: say(texts.trade, lang),
    cell: ({ direction }) => directionNames[direction]?.[lang] ?? direction,
  },
  {
    name: say(texts.zone, lang),
    cell: ({ zone }) => (zone === '' ? say(totalsTexts.undecided, lang) : zone),
  },
  {
    name: say(texts.currency, lang),
    cell: ({ currency }) => codeText('currency', currency, lang),
  },
  {
    name: say(texts.amount, lang),
    kind: 'number',
    cell: ({ open }) => (open === null ? '–' : exactAmount(open)),
  },
]

const lineColumns = (lang: Lang): readonly Column<Line>[] => [
  { name: say(texts.record, lang), kind: 'code', cell: ({ number }) => number },
  { name: say(texts.valueDate, lang), cell: ({ valueDate }) => valueDate },
  {
    name: say(texts.named, lang),
    kind: 'code',
    cell: ({ listNo, orderNo }) => listNo ?? orderNo ?? '–',
  },
  { name: say(texts.why, lang), cell: ({ why }) => why[lang] },
  {
    name: say(texts.currency, lang),
    cell: ({ currency }) => codeText('currency', currency, lang),
  },
  { name: say(texts.amount, lang), kind: 'number', cell: ({ amount }) => exactAmount(amount) },
]
