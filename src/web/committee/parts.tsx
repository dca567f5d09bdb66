/** Parts that the pages of this desk share: amounts that open, growth, tables that add up. */
import type { Child } from 'hono/jsx'
import { codeText } from '../desk/code-names.ts'
import { chinaTime, exactAmount, growthPercent, shortAmount } from '../figures.ts'
import { fill, inBrackets, type Lang, say } from '../texts.ts'
import { monthText } from './slices.ts'
import { committeeTexts as texts } from './texts.ts'

/** `12.35 亿元`, exact to the fen in its title; a link where it opens. */
export const Short = ({
  lang,
  amount,
  href,
}: {
  readonly lang: Lang
  readonly amount: string | null | undefined
  readonly href?: string | undefined
}) => {
  if (amount === null || amount === undefined) return <span class="none">–</span>
  const { value, unit } = shortAmount(amount, lang)
  const figure = (
    <>
      {value} <small>{unit}</small>
    </>
  )
  const exact = `${exactAmount(amount)} CNY`
  return href === undefined ? (
    <span class="money" title={exact}>
      {figure}
    </span>
  ) : (
    <a class="money" title={exact} href={href}>
      {figure}
    </a>
  )
}

/** The moment of figures, and whether what is on its way may still be recorded before it. */
export const AsOf = ({
  lang,
  moment: { asOf, provisional },
}: {
  readonly lang: Lang
  readonly moment: { readonly asOf: string; readonly provisional: boolean }
}) => (
  <span>
    {fill(say(texts.asOf, lang), { time: chinaTime(asOf) })}
    {provisional ? inBrackets(say(texts.provisional, lang), lang) : ''}
  </span>
)

/** A figure beside what it was a month and a year earlier; `show` writes what it was. */
export const compareRows = (
  lang: Lang,
  name: string,
  { lastMonth, lastYear }: Sides,
  show: (base: string) => string,
): readonly (readonly [string, Child])[] =>
  (
    [
      [texts.onMonth, lastMonth],
      [texts.onYear, lastYear],
    ] as const
  ).map(([text, { month, base, growth }]) => [
    `${name} ${say(text, lang)}${inBrackets(`${monthText(month)} · ${base === null ? '–' : show(base)}`, lang)}`.trim(),
    <Growth growth={growth} />,
  ])

export interface Side {
  readonly month: string
  readonly base: string | null
  readonly growth: string | null
}

interface Sides {
  readonly lastMonth: Side
  readonly lastYear: Side
}

/** What opens its parts or documents; plain where there is nothing to open. */
export const Opens = ({
  href,
  label,
  children,
}: {
  readonly href: string | undefined
  /** Said to who listens, where the text alone does not say what opens. */
  readonly label?: string
  readonly children?: Child
}) =>
  href === undefined ? (
    <span>{children}</span>
  ) : (
    <a href={href} aria-label={label}>
      {children}
    </a>
  )

/** A growth with its sign and an arrow; `–` where there is nothing to compare with. */
export const Growth = ({ growth }: { readonly growth: string | null }) =>
  growth === null ? (
    <span class="none">–</span>
  ) : (
    <span class="growth" data-way={wayOf(growth)}>
      {growthPercent(growth)}
    </span>
  )

const wayOf = (growth: string): string =>
  /^-?0*(?:\.0*)?$/.test(growth) ? 'even' : growth.startsWith('-') ? 'down' : 'up'

/** A bar beside a share of 0 to 1, drawn by attributes: style attributes are forbidden. */
export const ShareBar = ({ part }: { readonly part: number }) => (
  <svg class="share-bar" aria-hidden="true">
    <rect class="bar-ground" width="100%" height="100%" />
    <rect class="bar-reached" width={`${(part * 100).toFixed(2)}%`} height="100%" />
  </svg>
)

/** Figures that belong together, under their name. */
export const Card = ({ name, children }: { readonly name: string; readonly children?: Child }) => (
  <section class="card zone-card" aria-label={name}>
    <h2>{name}</h2>
    {children}
  </section>
)

/** Pairs of name and figure in a card. */
export const Pairs = ({ pairs }: { readonly pairs: readonly (readonly [string, Child])[] }) => (
  <dl class="pairs">
    {pairs.map(([name, value]) => (
      <div>
        <dt>{name}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
)

export interface Gap {
  readonly currency: string
  readonly month?: string
  readonly count?: number
  readonly amount: string
}

/** What is in no amount, because customs' rate of its month is missing. */
export const Gaps = ({ lang, gaps }: { readonly lang: Lang; readonly gaps: readonly Gap[] }) =>
  gaps.length === 0 ? null : (
    <details class="gaps" open>
      <summary>{say(texts.gaps, lang)}</summary>
      <ul>
        {gaps.slice(0, GAPS_SHOWN).map(({ currency, month, count, amount }) => (
          <li>
            {month === undefined ? '' : `${month.slice(0, 4)}-${month.slice(4)} · `}
            {exactAmount(amount)}
            {inBrackets(codeText('currency', currency, lang), lang)}
            {count === undefined
              ? ''
              : ` · ${count} ${say(count === 1 ? texts.document : texts.documents, lang)}`}
          </li>
        ))}
        {gaps.length > GAPS_SHOWN ? <li>{say(texts.gapsMore, lang)}</li> : ''}
      </ul>
    </details>
  )

/** More than a page shows; the interface tells all of them. */
const GAPS_SHOWN = 12
