/** How far the year is from its target by the policy's own scope: done, pace, forecast, outcome. */

import type { Child } from 'hono/jsx'
import { exactAmount, percent, ratio, shortAmount } from '../figures.ts'
import { barWidth } from '../home-view.ts'
import { sourceNames } from '../source-names.ts'
import { outcomeText, rangeText, shortText } from '../target-words.ts'
import { fill, type Lang, say } from '../texts.ts'
import type { Targets } from './answers.ts'
import { AsOf, Growth, Short } from './parts.tsx'
import { monthText, pageAddress } from './slices.ts'
import { committeeTexts as texts } from './texts.ts'

interface Props {
  readonly lang: Lang
  readonly targets: Targets
}

export const TargetCard = ({ lang, targets }: Props) => {
  const { year, target, done, progress, outcome, gaps, definition } = targets
  const { value, unit } = shortAmount(done.amount, lang)
  return (
    <section class="card progress-card" aria-labelledby="target-heading" data-scope="policy">
      <div class="section-head">
        <h1 id="target-heading">
          {target === null
            ? fill(say(texts.headingWithout, lang), { year: String(year) })
            : fill(say(texts.heading, lang), {
                ...{ year: String(year), amount: shortText(target.amount, lang) },
              })}
        </h1>
        <p class="as-of">
          <AsOf lang={lang} moment={targets} />
        </p>
      </div>
      <div class="hero">
        <p>
          <a
            class="figure"
            href={pageAddress('/committee/totals', { scope: 'policy', year: String(year) })}
          >
            {value}
          </a>{' '}
          <span class="unit">{unit}</span>
          <span class="exact">{exactAmount(done.amount)} CNY</span>
        </p>
        {target === null || progress === null ? (
          ''
        ) : (
          <p class="reached">
            <span class="figure">{percent(progress)}</span>
            <span class="unit">{say(texts.reached, lang)}</span>
          </p>
        )}
      </div>
      {target === null ? (
        <p class="note">{say(texts.noTarget, lang)}</p>
      ) : (
        <Bar lang={lang} targets={targets} />
      )}
      <Figures lang={lang} targets={targets} />
      <p class="outcome" data-outcome={outcome.kind}>
        <strong>{say(texts.outcome, lang)}</strong> {outcomeText(outcome, lang)}
      </p>
      <ForecastWords lang={lang} targets={targets} />
      <dl class="scope">
        <Note name={say(texts.definition, lang)}>{definition[lang]}</Note>
        <Note name={say(texts.sources, lang)}>{sourceNames(targets.sources, lang)}</Note>
        {target === null ? (
          ''
        ) : (
          <Note name={say(texts.targetFrom, lang)}>
            {target.source} · {say(texts.confidence, lang)} {target.confidence}
            {target.note === '' ? '' : ` · ${target.note}`}
          </Note>
        )}
      </dl>
      {gaps.length === 0 ? (
        ''
      ) : (
        <p class="note">
          <a href="#scopes-heading">
            {fill(say(texts.gapsCount, lang), { n: String(gaps.length) })}
          </a>
        </p>
      )}
    </section>
  )
}

const Note = ({ name, children }: { readonly name: string; readonly children?: Child }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
)

const Figures = ({ lang, targets }: Props) => {
  const { left, pace, days, forecast, noForecast, growth } = targets
  return (
    <dl class="facts">
      <Fact
        name={say(texts.left, lang)}
        aside={fill(say(texts.daysLeft, lang), { left: String(days.left) })}
      >
        <Short lang={lang} amount={left} />
      </Fact>
      <Fact name={say(texts.paceNeeded, lang)}>
        <Short lang={lang} amount={pace.needed} />
      </Fact>
      <Fact
        name={say(texts.paceRecent, lang)}
        aside={
          pace.recent === null
            ? say(texts.paceNone, lang)
            : fill(say(texts.paceMonths, lang), { months: spanText(pace.months) })
        }
      >
        <Short lang={lang} amount={pace.recent} />
      </Fact>
      <Fact
        name={say(texts.forecast, lang)}
        aside={forecast === null ? (noForecast?.[lang] ?? '') : rangeText(forecast, lang)}
      >
        {forecast === null ? (
          say(texts.forecastNone, lang)
        ) : (
          <Short lang={lang} amount={forecast.amount} />
        )}
      </Fact>
      <Fact
        name={say(texts.growth, lang)}
        aside={
          growth.months.length === 0
            ? ''
            : fill(say(texts.growthMonths, lang), { months: spanText(growth.months) })
        }
      >
        <Growth growth={growth.growth} />
      </Fact>
    </dl>
  )
}

/** `2026-08 – 2026-10`; one month alone. */
export const spanText = (months: readonly string[]): string => {
  const [first = '', last = first] = [months[0], months.at(-1)]
  return first === last ? monthText(first) : `${monthText(first)} – ${monthText(last)}`
}

const Fact = ({
  name,
  aside = '',
  children,
}: {
  readonly name: string
  readonly aside?: string
  readonly children?: Child
}) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
    {aside === '' ? '' : <dd class="aside">{aside}</dd>}
  </div>
)

const ForecastWords = ({ lang, targets }: Props) => {
  const { forecast, noForecast } = targets
  if (forecast === null) return noForecast === null ? null : <p class="note">{noForecast[lang]}</p>
  return (
    <p class="note">
      {fill(say(texts.forecastWords, lang), {
        how: forecast.text[lang],
        range: forecast.rangeText[lang],
      })}
    </p>
  )
}

/** Done on the ground of the target; the year's time as a line, the forecast's range as a band. */
const Bar = ({ lang, targets }: Props) => {
  const { target, done, days, forecast, progress } = targets
  if (target === null) return null
  const part = (amount: string): number => ratio(amount, target.amount)
  const range = forecast?.range ?? null
  const elapsed = days.gone / Math.max(1, days.all)
  const [low, high] = range === null ? [0, 0] : [part(range.low), part(range.high)]
  const label = fill(say(texts.bar, lang), {
    done: percent(progress ?? '0'),
    elapsed: `${Math.floor(elapsed * 100)} %`,
    range: forecast === null ? '–' : rangeText(forecast, lang),
  })
  return (
    <>
      <svg class="bar" role="img" aria-label={label}>
        <rect class="bar-ground" width="100%" height="100%" />
        {range === null ? (
          ''
        ) : (
          <rect
            class="bar-range"
            x={`${(low * 100).toFixed(3)}%`}
            width={`${Math.max(0.3, (high - low) * 100).toFixed(3)}%`}
            height="100%"
          />
        )}
        <rect class="bar-reached" width={barWidth(part(done.amount))} height="100%" />
        <rect class="bar-elapsed" x={barWidth(elapsed)} width="2" height="100%" />
      </svg>
      <ul class="bar-key" aria-hidden="true">
        <li data-key="done">{say(texts.barDone, lang)}</li>
        <li data-key="time">{say(texts.barTime, lang)}</li>
        {range === null ? '' : <li data-key="range">{say(texts.barRange, lang)}</li>}
      </ul>
    </>
  )
}
