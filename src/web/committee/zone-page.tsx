/** One zone of a month: trade, taxes, clearance, refusals, returns, enterprises, stock, and its queue now. */

import { codeText } from '../desk/code-names.ts'
import { Field } from '../desk/fields.tsx'
import { Empty, Facts, PageHead } from '../desk/parts.tsx'
import { type Ask, content, type Shown } from '../desk/room.ts'
import { DataTable, FilterForm } from '../desk/table.tsx'
import { exactAmount, percent, ratio, wholeCount } from '../figures.ts'
import { fill, type Lang, say } from '../texts.ts'
import type { ZoneView } from './answers.ts'
import { AsOf, Card, compareRows, Gaps, Opens, Pairs, ShareBar, Short } from './parts.tsx'
import { monthText, pageAddress, pageOfLink } from './slices.ts'
import { committeeTexts } from './texts.ts'
import { directionNames, totalsTexts } from './totals-texts.ts'
import { minutesText } from './zone-section.tsx'
import { StockCard, UndecidedCard, Unopened } from './zone-stock.tsx'
import { zoneTexts as texts } from './zone-texts.ts'

interface Props {
  readonly lang: Lang
  readonly zone: ZoneView
}

export const zonePage = async ({ api, lang, param, query }: Ask): Promise<Shown> => {
  const code = param('code')
  const found = await api.get<ZoneView>(`/api/v1/zones/${encodeURIComponent(code)}`, {
    ...{ month: query.month, asOf: query.asOf },
  })
  if (found.kind === 'problem') return found
  const zone = found.value
  const name = zone.name[lang]
  const state = say(zone.state === 'running' ? committeeTexts.running : committeeTexts.ended, lang)
  return content(
    name,
    <>
      <PageHead title={name} note={`${monthText(zone.month)} · ${state}`}>
        <a
          class="button"
          href={pageAddress('/committee/totals', {
            zone: zone.code,
            month: zone.month,
            by: 'mode',
          })}
        >
          {say(committeeTexts.openTotals, lang)}
        </a>
        <a class="button" href={`/committee?month=${zone.month}#zones`}>
          {say(texts.back, lang)}
        </a>
      </PageHead>
      <FilterForm lang={lang} path={`/committee/zones/${encodeURIComponent(code)}`}>
        <Field
          lang={lang}
          type="month"
          name="month"
          label={say(texts.month, lang)}
          value={monthText(zone.month)}
        />
      </FilterForm>
      <p class="as-of">
        <AsOf lang={lang} moment={zone} />{' '}
        {zone.provisional ? (
          <a
            href={pageAddress(`/committee/zones/${encodeURIComponent(code)}`, {
              ...{ month: zone.month, asOf: zone.asOf },
            })}
          >
            {say(totalsTexts.pin, lang)}
          </a>
        ) : (
          say(totalsTexts.pinned, lang)
        )}
      </p>
      {zone.untold === null ? '' : <p class="note">{zone.untold[lang]}</p>}
      <ZoneFacts lang={lang} zone={zone} />
      <div class="zone-cards">
        <TradeCard lang={lang} name={say(texts.released, lang)} figure={zone.released} />
        <TradeCard lang={lang} name={say(texts.declared, lang)} figure={zone.declared} />
        <ReturnsCard lang={lang} zone={zone} />
        <TaxCard lang={lang} zone={zone} />
        <ClearanceCard lang={lang} zone={zone} />
        <QueueCard lang={lang} zone={zone} />
        <EnterprisesCard lang={lang} zone={zone} />
        <StockCard lang={lang} zone={zone} />
      </div>
      <UndecidedCard lang={lang} zone={zone} />
      <RefusalsTable lang={lang} zone={zone} />
      <SplitsTable lang={lang} zone={zone} />
    </>,
  )
}

const ZoneFacts = ({ lang, zone: { facts, rank } }: Props) => {
  if (facts === null) return null
  const of = (value: number | null): string => (value === null ? '–' : String(value))
  return (
    <section class="card">
      <Facts
        facts={[
          { name: say(texts.type, lang), value: facts.type[lang] },
          { name: say(texts.district, lang), value: facts.district },
          { name: say(texts.approved, lang), value: facts.approved ?? '–' },
          { name: say(texts.rankValue, lang), value: of(rank.value) },
          { name: say(texts.rankClearance, lang), value: of(rank.clearance) },
          { name: say(texts.rules, lang), value: String(facts.rules) },
          { name: say(committeeTexts.confidence, lang), value: facts.confidence },
        ]}
      />
    </section>
  )
}

const listsText = (count: number, lang: Lang): string =>
  fill(say(texts.lists, lang), { n: wholeCount(count) })

const TradeCard = ({
  lang,
  name,
  figure,
}: {
  readonly lang: Lang
  readonly name: string
  readonly figure: ZoneView['released']
}) => {
  const { count, amount } = figure.compared
  return (
    <Card name={name}>
      <p class="scope-amount">
        <Short lang={lang} amount={figure.amount} href={pageOfLink(figure.links.documents)} />
      </p>
      <p class="exact">
        {exactAmount(figure.amount)} CNY · {listsText(figure.count, lang)}
      </p>
      <Pairs
        pairs={[
          ...compareRows(lang, say(committeeTexts.amountShort, lang), amount, exactAmount),
          ...compareRows(lang, say(committeeTexts.lists, lang), count, countText),
        ]}
      />
      <Gaps lang={lang} gaps={figure.missing} />
    </Card>
  )
}

const ReturnsCard = ({ lang, zone: { returns } }: Props) => (
  <Card name={say(texts.returns, lang)}>
    <p class="scope-amount">
      <Short lang={lang} amount={returns.amount} href={pageOfLink(returns.links.documents)} />
    </p>
    <p class="exact">
      {exactAmount(returns.amount)} CNY · {listsText(returns.lists, lang)}
    </p>
    <Gaps lang={lang} gaps={returns.missing} />
  </Card>
)

const TaxCard = ({ lang, zone: { taxes } }: Props) => {
  if (taxes === null) return null
  const { bills, links } = taxes
  const lists = links.lists === null ? undefined : pageOfLink(links.lists)
  // As of a moment the total alone is known.
  const part = (name: 'duty' | 'consumptionTax' | 'vat') => {
    const sum = taxes[name]
    return sum === null ? [] : [[say(texts[name], lang), exactAmount(sum)] as const]
  }
  return (
    <Card name={say(texts.taxes, lang)}>
      <Pairs
        pairs={[
          ...part('duty'),
          ...part('consumptionTax'),
          ...part('vat'),
          [
            say(texts.taxTotal, lang),
            <Opens href={lists}>
              <strong>{exactAmount(taxes.total)}</strong>
            </Opens>,
          ],
          ...(bills === null
            ? []
            : [[say(texts.bills, lang), <Opens href={lists}>{wholeCount(bills)}</Opens>] as const]),
          ...compareRows(lang, say(texts.taxTotal, lang), taxes.compared.total, exactAmount),
        ]}
      />
    </Card>
  )
}

const ClearanceCard = ({ lang, zone: { clearance, clearanceError } }: Props) => {
  const { medianMinutes, p95Minutes, links } = clearance
  const minutes = (base: string): string => minutesText(Number(base), lang)
  return (
    <Card name={say(texts.clearance, lang)}>
      <Pairs
        pairs={[
          [say(texts.median, lang), <strong>{minutesText(medianMinutes, lang)}</strong>],
          ...compareRows(lang, say(texts.median, lang), clearance.compared.medianMinutes, minutes),
          [say(texts.p95, lang), <strong>{minutesText(p95Minutes, lang)}</strong>],
          ...compareRows(lang, say(texts.p95, lang), clearance.compared.p95Minutes, minutes),
          [
            say(texts.measured, lang),
            <Opens href={pageOfLink(links.measured)}>{wholeCount(clearance.lists)}</Opens>,
          ],
          [
            say(texts.unmeasured, lang),
            <Opens href={pageOfLink(links.unmeasured)}>{wholeCount(clearance.unmeasured)}</Opens>,
          ],
        ]}
      />
      <p class="note">
        {fill(say(texts.clearanceNote, lang), { error: percent(String(clearanceError)) })}
      </p>
    </Card>
  )
}

const QueueCard = ({ lang, zone }: Props) => {
  const { queue, queueMore } = zone
  return queue === null ? null : (
    <Card name={say(texts.queue, lang)}>
      <Pairs
        pairs={(['waiting', 'ready', 'sent', 'blocked'] as const).map((state) => [
          say(texts[state], lang),
          wholeCount(queue[state]),
        ])}
      />
      {queueMore ? <p class="note">{say(texts.queueMore, lang)}</p> : ''}
      <Unopened lang={lang} zone={zone} figure="queue" />
    </Card>
  )
}

const EnterprisesCard = ({ lang, zone: { enterprises } }: Props) => (
  <Card name={say(texts.enterprises, lang)}>
    <Pairs
      pairs={enterprises.flatMap(({ name, enterprises: count, compared, links }) => [
        [
          name[lang],
          <Opens href={pageOfLink(links.enterprises)} label={`${name[lang]} ${count}`}>
            {wholeCount(count)}
          </Opens>,
        ],
        ...compareRows(lang, '', compared.enterprises, countText),
      ])}
    />
  </Card>
)

const RefusalsTable = ({ lang, zone }: Props) => {
  const { refusals } = zone
  if (refusals === null) return null
  const { refused, rate, causes, others, compared } = refusals
  return (
    <section class="card titled" aria-labelledby="refusals-heading">
      <div class="section-head">
        <h2 id="refusals-heading">{say(texts.refusals, lang)}</h2>
        <p class="as-of">
          <span>
            {say(texts.refused, lang)} {wholeCount(refused)}
          </span>
          <span>
            {say(texts.rate, lang)} {rate === null ? '–' : percent(rate)}
          </span>
        </p>
      </div>
      <Pairs
        pairs={compareRows(lang, say(texts.rate, lang), compared.rate, (base) => percent(base))}
      />
      <Unopened lang={lang} zone={zone} figure="refusals" />
      {causes === null ? (
        ''
      ) : causes.length === 0 ? (
        <Empty title={say(texts.noRefusals, lang)} />
      ) : (
        <DataTable
          lang={lang}
          caption={say(texts.refusals, lang)}
          rows={causes}
          columns={[
            { name: say(texts.cause, lang), cell: ({ cause }) => cause[lang] },
            {
              name: say(texts.count, lang),
              kind: 'number',
              cell: ({ count }) => wholeCount(count),
            },
            {
              name: say(texts.share, lang),
              cell: ({ count, share }) => (
                <span>
                  <ShareBar part={ratio(String(count), String(refused))} />{' '}
                  {share === null ? '–' : percent(share)}
                </span>
              ),
            },
            {
              name: say(texts.rate, lang),
              kind: 'number',
              cell: ({ rate: own }) => (own === null ? '–' : percent(own)),
            },
          ]}
        />
      )}
      {others === null || others.causes === 0 ? (
        ''
      ) : (
        <p class="note">
          {fill(say(texts.others, lang), { n: String(others.causes) })}：{wholeCount(others.count)}
        </p>
      )}
    </section>
  )
}

const countText = (base: string): string => wholeCount(Number(base))

const SplitsTable = ({ lang, zone: { byDirection, byMode } }: Props) => {
  const rows = [
    ...byDirection.map(({ direction, ...figures }) => ({
      ...{ name: directionNames[direction]?.[lang] ?? direction, median: null, ...figures },
    })),
    ...byMode.map(({ mode, clearance, ...figures }) => ({
      ...{ name: codeText('tradeMode', mode, lang), median: clearance.medianMinutes, ...figures },
    })),
  ]
  type Row = (typeof rows)[number]
  const trade = (name: 'declared' | 'released', of: 'count' | 'amount') => ({
    name: `${say(texts[name], lang)}${of === 'count' ? ` · ${say(texts.count, lang)}` : ' CNY'}`,
    kind: 'number' as const,
    cell: (row: Row) => (
      <Opens href={pageOfLink(row[name].links.documents)}>
        {of === 'count' ? wholeCount(row[name].count) : exactAmount(row[name].amount)}
      </Opens>
    ),
  })
  return (
    <DataTable
      lang={lang}
      caption={say(texts.splits, lang)}
      rows={rows}
      columns={[
        { name: say(texts.part, lang), cell: ({ name }) => name },
        trade('declared', 'count'),
        trade('declared', 'amount'),
        trade('released', 'count'),
        trade('released', 'amount'),
        {
          name: say(texts.median, lang),
          kind: 'number',
          cell: ({ median }) => minutesText(median, lang),
        },
      ]}
    />
  )
}
