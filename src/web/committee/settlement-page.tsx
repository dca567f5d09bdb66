/** Settled totals by direction and currency, what is open by age, and sellers near the line of registration. */
import type { z } from 'zod'
import type {
  openItemsAnswer,
  registrationAnswer,
  settlementTotalsAnswer,
} from '../../http/settlement-schemas.ts'
import { addDecimals } from '../../kernel/places.ts'
import { together } from '../desk/api.ts'
import { codeText } from '../desk/code-names.ts'
import { Field } from '../desk/fields.tsx'
import { PageHead } from '../desk/parts.tsx'
import { type Ask, content, type Shown } from '../desk/room.ts'
import { DataTable, FilterForm } from '../desk/table.tsx'
import { chinaTime, exactAmount, wholeCount } from '../figures.ts'
import { fill, type Lang, listed, say } from '../texts.ts'
import { OPEN_ITEMS_PATH } from './open-items-page.tsx'
import { askedMoment, Moment } from './settlement-moment.tsx'
import { settlementTexts as texts } from './settlement-texts.ts'
import { localOf } from './slice-filter.tsx'
import { pageAddress, RECORDS_PATH } from './slices.ts'
import { committeeTexts } from './texts.ts'
import { totalsTexts } from './totals-texts.ts'

type Totals = z.infer<typeof settlementTotalsAnswer>
type Open = z.infer<typeof openItemsAnswer>
type Line = z.infer<typeof registrationAnswer>

export const settlementPage = async ({ api, lang, query }: Ask): Promise<Shown> => {
  const { year } = query
  const asOf = askedMoment(query)
  const found = await together(
    api.get<Totals>('/api/v1/settlements/totals', { year, asOf }),
    api.get<Open>('/api/v1/settlements/open', { limit: 1, asOf }),
    api.get<Line>('/api/v1/settlements/registration-line', { year, asOf }),
  )
  if (found.kind === 'problem') return found
  const [totals, open, line] = found.values
  const title = say(texts.settlement, lang)
  const shownYear = totals.from.slice(0, 4)
  return content(
    title,
    <>
      <PageHead title={`${title} · ${shownYear}`} note={say(texts.note, lang)}>
        <a
          class="button"
          href={pageAddress('/committee/totals', {
            ...{ scope: 'settled', year: shownYear, by: 'month', asOf },
          })}
        >
          {say(committeeTexts.openTotals, lang)}
        </a>
      </PageHead>
      <FilterForm lang={lang} path="/committee/settlement">
        <Field
          lang={lang}
          name="year"
          label={say(texts.year, lang)}
          value={shownYear}
          inputmode="numeric"
          maxlength={4}
        />
        <Field
          lang={lang}
          type="datetime-local"
          name="asOf"
          label={say(totalsTexts.asOf, lang)}
          value={localOf(asOf)}
          hint={say(totalsTexts.asOfHint, lang)}
        />
      </FilterForm>
      <Moment
        lang={lang}
        told={totals}
        path="/committee/settlement"
        query={{ year: shownYear, asOf }}
      />
      {[totals.untold, open.untold, line.untold].map((untold) =>
        untold === null ? '' : <p class="note">{untold[lang]}</p>,
      )}
      <TotalsTable lang={lang} totals={totals} asOf={asOf} />
      <TiesTable lang={lang} totals={totals} />
      <h2>{say(texts.open, lang)}</h2>
      <div class="pair-cards">
        <AgeTable lang={lang} of="lists" groups={open.lists} asOf={asOf} />
        <AgeTable lang={lang} of="lines" groups={open.lines} asOf={asOf} />
      </div>
      <LineTable lang={lang} line={line} />
    </>,
  )
}

const AMOUNTS = [
  ...(['gross', 'costs', 'net', 'matched', 'unmatched', 'over', 'rmb', 'counted'] as const),
]

interface Sum extends Readonly<Record<(typeof AMOUNTS)[number], string | null>> {
  readonly direction: string
  readonly directionName: Totals['rows'][number]['directionName']
  readonly currency: string
  readonly count: number
  readonly refunds: number
  /** Whoever looks may see the records themselves. */
  readonly opens: boolean
}

/** Months and institutions together; amounts of one currency add up exactly. */
export const sumsOf = (rows: Totals['rows']): readonly Sum[] => {
  const byKey = new Map<string, Totals['rows'][number][]>()
  for (const row of rows) {
    const key = `${row.direction} ${row.currency}`
    byKey.set(key, [...(byKey.get(key) ?? []), row])
  }
  return [...byKey.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, all]) => {
      const [first] = all
      if (first === undefined) return []
      // As of a moment from which it was not kept it is null in every row.
      const amount = (name: (typeof AMOUNTS)[number]): string | null =>
        first[name] === null ? null : addDecimals(all.map((row) => row[name] ?? '0'))
      return [
        {
          ...{ direction: first.direction, directionName: first.directionName },
          opens: first.links.records !== null,
          currency: first.currency,
          count: all.reduce((sum, { count }) => sum + count, 0),
          refunds: all.reduce((sum, { refunds }) => sum + refunds, 0),
          ...{ gross: amount('gross'), costs: amount('costs'), net: amount('net') },
          ...{ matched: amount('matched'), unmatched: amount('unmatched'), over: amount('over') },
          ...{ rmb: amount('rmb'), counted: amount('counted') },
        },
      ]
    })
}

interface TotalsProps {
  readonly lang: Lang
  readonly totals: Totals
  readonly asOf: string | undefined
}

const TotalsTable = ({ lang, totals, asOf }: TotalsProps) => (
  <section>
    <DataTable
      lang={lang}
      caption={say(texts.totals, lang)}
      rows={sumsOf(totals.rows)}
      href={({ direction, currency, opens }) =>
        opens
          ? pageAddress(RECORDS_PATH, {
              ...{ year: totals.from.slice(0, 4), direction, currency, counted: 'true', asOf },
            })
          : undefined
      }
      columns={[
        { name: say(texts.direction, lang), cell: ({ directionName }) => directionName[lang] },
        {
          name: say(texts.currency, lang),
          kind: 'code',
          cell: ({ currency }) => codeText('currency', currency, lang),
        },
        { name: say(texts.count, lang), kind: 'number', cell: ({ count }) => wholeCount(count) },
        {
          name: say(texts.refunds, lang),
          kind: 'number',
          cell: ({ refunds }) => wholeCount(refunds),
        },
        ...AMOUNTS.map((name) => ({
          name: say(texts[name], lang),
          kind: 'number' as const,
          cell: (row: Sum) => exactOrNone(row[name]),
        })),
      ]}
      empty={{ title: say(texts.none, lang), note: say(texts.noneNote, lang) }}
    />
    {totals.truncated ? <p class="note">{say(texts.truncated, lang)}</p> : ''}
  </section>
)

const exactOrNone = (amount: string | null): string => (amount === null ? '–' : exactAmount(amount))

type Leg = Totals['legs'][number]

const TiesTable = ({ lang, totals }: { readonly lang: Lang; readonly totals: Totals }) => {
  const off = totals.legs.filter(({ difference }) => difference !== '0').length
  return (
    <section class="card titled" aria-labelledby="ties-heading">
      <div class="section-head">
        <h2 id="ties-heading">{say(texts.tiesHead, lang)}</h2>
        <p class="as-of">
          {totals.ties === false
            ? fill(say(texts.tiesNot, lang), { count: wholeCount(off) })
            : say(totals.ties === null ? texts.tiesUnknown : texts.ties, lang)}{' '}
          {totals.tiesAt === null
            ? ''
            : fill(say(texts.tiesAt, lang), { at: chinaTime(totals.tiesAt) })}{' '}
          {totals.pending === 0 || totals.pending === null
            ? ''
            : fill(say(texts.pending, lang), { count: wholeCount(totals.pending) })}
        </p>
      </div>
      <DataTable
        lang={lang}
        caption={say(texts.tiesHead, lang)}
        rows={totals.legs}
        columns={[
          { name: say(texts.leg, lang), cell: ({ name }) => name[lang] },
          { name: say(texts.trade, lang), cell: ({ trade }) => say(texts[trade], lang) },
          {
            name: say(texts.currency, lang),
            cell: ({ currency }) => codeText('currency', currency, lang),
          },
          ...(['left', 'right', 'difference'] as const).map((name) => ({
            name: say(texts[name], lang),
            kind: 'number' as const,
            cell: (leg: Leg) => exactAmount(leg[name]),
          })),
          {
            name: say(texts.verdict, lang),
            cell: ({ difference }) => (
              <span class="standing" data-standing={difference === '0' ? 'within' : 'below'}>
                {say(difference === '0' ? texts.same : texts.differs, lang)}
              </span>
            ),
          },
        ]}
        empty={{ title: say(texts.none, lang) }}
      />
    </section>
  )
}

const AgeTable = ({
  lang,
  of,
  groups,
  asOf,
}: {
  readonly lang: Lang
  readonly of: 'lists' | 'lines'
  readonly groups: Open['lists']
  readonly asOf: string | undefined
}) => {
  const caption = say(of === 'lists' ? texts.openLists : texts.openLines, lang)
  return (
    <section class="card titled" aria-label={caption}>
      <h3>{caption}</h3>
      <DataTable
        lang={lang}
        caption={caption}
        rows={groups ?? []}
        columns={[
          {
            name: say(texts.age, lang),
            cell: ({ fromDays, toDays }) =>
              toDays === null
                ? fill(say(texts.ageOver, lang), { from: String(fromDays) })
                : fill(say(texts.ageRange, lang), { from: String(fromDays), to: String(toDays) }),
          },
          {
            name: say(texts.currency, lang),
            cell: ({ currency }) => codeText('currency', currency, lang),
          },
          { name: say(texts.items, lang), kind: 'number', cell: ({ count }) => wholeCount(count) },
          {
            name: say(texts.amount, lang),
            kind: 'number',
            cell: ({ amount }) => exactAmount(amount),
          },
          {
            name: say(texts.withoutRate, lang),
            kind: 'number',
            cell: ({ withoutRate }) => wholeCount(withoutRate),
          },
        ]}
        empty={{ title: say(groups === null ? texts.notTold : texts.noneOpen, lang) }}
      />
      {groups === null || groups.length === 0 ? (
        ''
      ) : (
        <p>
          <a
            href={pageAddress(OPEN_ITEMS_PATH, { of, asOf })}
            aria-label={`${caption}: ${say(texts.openOneByOne, lang)}`}
          >
            {say(texts.openOneByOne, lang)}
          </a>
        </p>
      )}
    </section>
  )
}

const LineTable = ({ lang, line }: { readonly lang: Lang; readonly line: Line }) => (
  <section class="card titled" aria-labelledby="line-heading">
    <div class="section-head">
      <h2 id="line-heading">{say(texts.line, lang)}</h2>
      <p class="as-of">
        {fill(say(texts.lineNote, lang), {
          line: line.line === null ? '–' : exactAmount(line.line.value),
          near: line.near === null ? '–' : exactAmount(line.near.value),
          basis: say(line.basis === 'net' ? texts.basisNet : texts.basisGross, lang),
        })}
      </p>
    </div>
    <DataTable
      lang={lang}
      caption={say(texts.line, lang)}
      rows={line.sellers}
      columns={[
        { name: say(texts.seller, lang), cell: ({ name, seller }) => name ?? seller },
        { name: say(texts.code, lang), kind: 'code', cell: ({ seller }) => seller },
        {
          name: say(texts.received, lang),
          kind: 'number',
          cell: ({ received }) => exactAmount(received),
        },
        { name: say(texts.paid, lang), kind: 'number', cell: ({ paid }) => exactAmount(paid) },
        {
          name: say(texts.verdict, lang),
          cell: ({ verdict }) => (
            <span class="standing" data-standing={verdict === 'near' ? 'within' : 'below'}>
              {say(texts[verdict], lang)}
            </span>
          ),
        },
        {
          name: say(texts.gaps, lang),
          cell: ({ gaps }) => listed(gaps, lang) || '–',
          wideOnly: true,
        },
      ]}
      empty={{ title: say(texts.noneLine, lang) }}
    />
    {line.truncated ? <p class="note">{say(texts.truncated, lang)}</p> : ''}
  </section>
)
