/**
 * The desk's first page: how far the year is from its target, the four scopes side by side, the
 * months, and the zones on a map and in a table. All calls of the page run together.
 */
import { raw } from 'hono/html'
import { monthRows } from '../charts.ts'
import { together } from '../desk/api.ts'
import { type Ask, content, type Shown } from '../desk/room.ts'
import { chartUnit, exactAmount, ratio, share, wholeCount } from '../figures.ts'
import type { Picture } from '../pictures.ts'
import { scopeNames } from '../target-words.ts'
import { fill, type Lang, say } from '../texts.ts'
import type { Targets, TotalsTold, Zones } from './answers.ts'
import { monthPicture } from './month-picture.ts'
import { ShareBar } from './parts.tsx'
import { ScopeCards } from './scope-cards.tsx'
import { monthText, pageAddress } from './slices.ts'
import { TargetCard } from './target-card.tsx'
import { committeeTexts as texts } from './texts.ts'
import { ZoneSection } from './zone-section.tsx'

export const overviewPage = async ({ api, lang, query }: Ask): Promise<Shown> => {
  const targets = (scope: string) => api.get<Targets>('/api/v1/targets', { scope })
  const found = await together(
    targets('policy'),
    targets('released'),
    targets('declared'),
    targets('settled'),
    api.get<TotalsTold>('/api/v1/totals', { by: 'month', scope: 'policy' }),
    api.get<Zones>('/api/v1/zones', { month: query.month }),
  )
  if (found.kind === 'problem') return found
  const [policy, released, declared, settled, months, zones] = found.values
  const picture = await monthPicture(months, lang)
  return content(
    say(texts.overview, lang),
    <>
      <TargetCard lang={lang} targets={policy} />
      <ScopeCards lang={lang} scopes={[policy, released, declared, settled]} />
      <Months lang={lang} totals={months} picture={picture} />
      <ZoneSection lang={lang} zones={zones} />
    </>,
  )
}

const Months = ({
  lang,
  totals,
  picture,
}: {
  readonly lang: Lang
  readonly totals: TotalsTold
  readonly picture: Picture
}) => {
  const rows = monthRows(totals)
  const { unit } = chartUnit(
    rows.map(({ amount }) => amount),
    lang,
  )
  const scope = say(scopeNames[totals.scope] ?? texts.definition, lang)
  return (
    <section class="card" aria-labelledby="months-heading">
      <div class="section-head">
        <h2 id="months-heading">{say(texts.months, lang)}</h2>
        <p class="as-of">{fill(say(texts.monthsNote, lang), { scope, unit })}</p>
      </div>
      <div class="months">
        <div class="chart">
          <div class="chart-wide">{raw(picture.wide)}</div>
          <div class="chart-narrow">{raw(picture.narrow)}</div>
        </div>
        <table class="data" data-rows>
          <caption class="visually-hidden">{say(texts.months, lang)}</caption>
          <thead>
            <tr>
              <th scope="col">{say(texts.month, lang)}</th>
              <th scope="col" data-kind="number">
                {say(texts.counts, lang)}
              </th>
              <th scope="col" data-kind="number">
                {say(texts.amount, lang)}
              </th>
              <th scope="col" data-wide>
                {say(texts.share, lang)}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ key, count, amount }) => (
              <tr>
                <th scope="row">
                  <a
                    class="row-link"
                    href={pageAddress('/committee/totals', {
                      ...{ scope: totals.scope, month: key, by: 'zone' },
                    })}
                  >
                    {monthText(key)}
                  </a>
                </th>
                <td data-kind="number">{count === 0 ? '–' : wholeCount(count)}</td>
                <td data-kind="number">{count === 0 ? '–' : exactAmount(amount)}</td>
                <td data-wide>
                  <ShareBar part={ratio(amount, totals.total.amount)} />{' '}
                  {share(amount, totals.total.amount)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
