/** The zones of a month: on a map, and ranked in a table beside last month and last year. */
import type { Child } from 'hono/jsx'
import { Field } from '../desk/fields.tsx'
import { type Column, DataTable, FilterForm } from '../desk/table.tsx'
import { exactAmount, percent, wholeCount } from '../figures.ts'
import { fill, type Lang, say } from '../texts.ts'
import type { ZoneRow, Zones } from './answers.ts'
import { Growth, Opens, type Side } from './parts.tsx'
import { monthText, pageAddress, pageOfLink } from './slices.ts'
import { committeeTexts as texts } from './texts.ts'
import { ZoneMap } from './zone-map.tsx'

interface Props {
  readonly lang: Lang
  readonly zones: Zones
}

export const ZoneSection = ({ lang, zones }: Props) => {
  const { month, state } = zones
  const note = fill(say(texts.zonesNote, lang), {
    month: monthText(month),
    state: say(state === 'running' ? texts.running : texts.ended, lang),
  })
  return (
    <section class="card titled" id="zones" aria-labelledby="zones-heading">
      <div class="section-head">
        <h2 id="zones-heading">{say(texts.zones, lang)}</h2>
        <p class="as-of">{note}</p>
      </div>
      <FilterForm lang={lang} path="/committee">
        <Field
          lang={lang}
          type="month"
          name="month"
          label={say(texts.monthChoose, lang)}
          value={monthText(month)}
        />
      </FilterForm>
      <div class="zones">
        <div>
          <ZoneMap
            lang={lang}
            zones={zones.zones.map(({ code, name, released, links }) => ({
              ...{ code, name: name[lang], amount: released.amount },
              href: pageOfLink(links.zone) ?? '/committee',
            }))}
          />
          <p class="note">{say(texts.mapNote, lang)}</p>
        </div>
        <DataTable
          lang={lang}
          caption={note}
          columns={columnsOf(lang)}
          rows={zones.zones}
          href={({ links }) => pageOfLink(links.zone)}
          narrow="cards"
        />
      </div>
      <City lang={lang} zones={zones} />
    </section>
  )
}

const columnsOf = (lang: Lang): readonly Column<ZoneRow>[] => {
  const column = (
    name: keyof typeof texts,
    cell: (row: ZoneRow) => Child,
    more: Partial<Column<ZoneRow>> = {},
  ): Column<ZoneRow> => ({ name: say(texts[name], lang), kind: 'number', cell, ...more })
  return [
    column('zone', ({ name }) => name[lang], { kind: 'text' }),
    column('rank', ({ rank }) => rank.value ?? '–', { wideOnly: true }),
    column('lists', ({ released }) => (
      <Opens href={pageOfLink(released.links.documents)}>{wholeCount(released.count)}</Opens>
    )),
    column('released', ({ released }) => (
      <Opens href={pageOfLink(released.links.documents)}>{exactAmount(released.amount)}</Opens>
    )),
    column('baseMonth', ({ released }) => <Beside side={released.compared.amount.lastMonth} />),
    column('baseYear', ({ released }) => <Beside side={released.compared.amount.lastYear} />, {
      wideOnly: true,
    }),
    column('clearance', ({ clearance }) => minutesText(clearance.medianMinutes, lang)),
    column('refusalRate', ({ refusals }) => rateText(refusals)),
  ]
}

/** What it was then, and how much more it is. */
const Beside = ({ side }: { readonly side: Side }) => (
  <span>
    {side.base === null ? '–' : exactAmount(side.base)} <Growth growth={side.growth} />
  </span>
)

const City = ({ lang, zones: { city, month } }: Props) => (
  <p class="city-total">
    <strong>{say(texts.city, lang)}</strong>{' '}
    <a href={pageAddress('/committee/totals', { scope: 'released', month, by: 'zone' })}>
      {exactAmount(city.released.amount)} CNY
    </a>{' '}
    · {wholeCount(city.released.count)} {say(texts.lists, lang)} · {say(texts.clearance, lang)}{' '}
    {minutesText(city.clearance.medianMinutes, lang)} · {say(texts.refusalRate, lang)}{' '}
    {rateText(city.refusals)}
  </p>
)

/** `–` where nothing was decided, and as of a moment. */
export const rateText = (refusals: ZoneRow['refusals']): string =>
  refusals === null || refusals.rate === null ? '–' : percent(refusals.rate)

/** Minutes in the unit that suits; they are known to about five per cent. */
export const minutesText = (minutes: number | null, lang: Lang): string => {
  if (minutes === null) return '–'
  const told = (text: keyof typeof texts, n: number): string =>
    fill(say(texts[text], lang), { n: n < 10 ? n.toFixed(1) : String(Math.round(n)) })
  if (minutes < 1) return say(texts.minuteLess, lang)
  if (minutes < HOUR * 2) return told('minutes', minutes)
  return minutes < DAY * 2 ? told('hours', minutes / HOUR) : told('days', minutes / DAY)
}

const HOUR = 60
const DAY = 1440
