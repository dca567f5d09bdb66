/** Settlement records that a figure counts, one by one; for whoever may see records, not their figures alone. */
import type { z } from 'zod'
import { natures } from '../../catalogue/settlement.ts'
import type { settlementList } from '../../http/settlement-schemas.ts'
import { codeText } from '../desk/code-names.ts'
import { PageHead } from '../desk/parts.tsx'
import { type Ask, content, type Shown } from '../desk/room.ts'
import { type Column, DataTable, Pager } from '../desk/table.tsx'
import { exactAmount } from '../figures.ts'
import { type Lang, say } from '../texts.ts'
import { askedMoment, Moment } from './settlement-moment.tsx'
import { settlementTexts as texts } from './settlement-texts.ts'
import { pageAddress, RECORDS_PATH } from './slices.ts'

type Records = z.infer<typeof settlementList>
type Settled = Records['settlements'][number]

/** Parameters of the interface that its address may have. */
const NAMES = ['year', 'month', 'institution', 'direction', 'currency', 'counted'] as const

export const recordsPage = async ({ api, lang, query }: Ask): Promise<Shown> => {
  const asOf = askedMoment(query)
  const asked = Object.fromEntries(NAMES.map((name) => [name, query[name] || undefined]))
  const found = await api.get<Records>('/api/v1/settlements', {
    ...{ ...asked, asOf, cursor: query.cursor || undefined },
  })
  if (found.kind === 'problem') return found
  const { settlements, next } = found.value
  const title = say(texts.records, lang)
  return content(
    title,
    <>
      <PageHead title={title}>
        <a class="button" href={pageAddress('/committee/settlement', { year: asked.year, asOf })}>
          {say(texts.settlement, lang)}
        </a>
      </PageHead>
      <Moment lang={lang} told={found.value} path={RECORDS_PATH} query={asked} />
      <DataTable
        lang={lang}
        caption={title}
        rows={settlements}
        columns={columnsOf(lang)}
        empty={{ title: say(texts.noRecords, lang) }}
      />
      <Pager lang={lang} path={RECORDS_PATH} query={query} next={next} />
    </>,
  )
}

const columnsOf = (lang: Lang): readonly Column<Settled>[] => [
  { name: say(texts.record, lang), kind: 'code', cell: ({ number }) => number },
  { name: say(texts.valueDate, lang), cell: ({ valueDate }) => valueDate },
  { name: say(texts.direction, lang), cell: ({ directionName }) => directionName[lang] },
  { name: say(texts.nature, lang), cell: ({ nature }) => natureName(nature, lang) },
  { name: say(texts.institution, lang), kind: 'code', cell: ({ institution }) => institution },
  { name: say(texts.seller, lang), kind: 'code', cell: ({ seller }) => seller },
  {
    name: say(texts.currency, lang),
    cell: ({ currency }) => codeText('currency', currency, lang),
  },
  ...(['gross', 'net', 'rmb'] as const).map((name) => ({
    name: say(texts[name], lang),
    kind: 'number' as const,
    cell: (record: Settled) => exactAmount(record[name]),
  })),
]

const natureName = (nature: string, lang: Lang): string => {
  if (nature === natures.refund) return say(texts.refund, lang)
  return say(nature === natures.restored ? texts.restored : texts.actual, lang)
}
