/** The four scopes of one moment side by side, each with its meaning, its sources and its gaps. */

import { exactAmount, percent, wholeCount } from '../figures.ts'
import { sourceNames } from '../source-names.ts'
import { scopeNames } from '../target-words.ts'
import { type Lang, say } from '../texts.ts'
import type { Targets } from './answers.ts'
import { AsOf, Gaps, Growth, Pairs, Short } from './parts.tsx'
import { monthText, pageAddress } from './slices.ts'
import { committeeTexts as texts } from './texts.ts'

export const ScopeCards = ({
  lang,
  scopes,
}: {
  readonly lang: Lang
  readonly scopes: readonly Targets[]
}) => (
  <section aria-labelledby="scopes-heading">
    <div class="section-head">
      <h2 id="scopes-heading">{say(texts.scopes, lang)}</h2>
      <p class="as-of">{say(texts.scopesNote, lang)}</p>
    </div>
    <div class="scope-cards">
      {scopes.map((targets) => (
        <ScopeCard lang={lang} targets={targets} />
      ))}
    </div>
  </section>
)

const ScopeCard = ({ lang, targets }: { readonly lang: Lang; readonly targets: Targets }) => {
  const { scope, year, done, progress, forecast, growth, gaps } = targets
  const name = say(scopeNames[scope] ?? texts.definition, lang)
  const href = pageAddress('/committee/totals', { scope, year: String(year) })
  return (
    <article class="card scope-card" data-scope={scope}>
      <h3>{name}</h3>
      <p class="scope-amount">
        <Short lang={lang} amount={done.amount} href={href} />
      </p>
      <p class="exact">{exactAmount(done.amount)} CNY</p>
      <Pairs
        pairs={[
          [
            say(texts.counts, lang),
            <a href={pageAddress('/committee/totals/documents', { scope, year: String(year) })}>
              {wholeCount(done.count)}
            </a>,
          ],
          [say(texts.ofTarget, lang), progress === null ? '–' : percent(progress)],
          [
            say(texts.forecast, lang),
            forecast === null ? '–' : <Short lang={lang} amount={forecast.amount} />,
          ],
          [say(texts.growth, lang), <Growth growth={growth.growth} />],
          [say(texts.from, lang), done.from === null ? '–' : monthText(done.from)],
        ]}
      />
      <p class="definition">{targets.definition[lang]}</p>
      <p class="note">
        <AsOf lang={lang} moment={targets} /> · {say(texts.sources, lang)}{' '}
        {sourceNames(targets.sources, lang)}
      </p>
      {gaps.length === 0 ? (
        <p class="note">{say(texts.gapsNone, lang)}</p>
      ) : (
        <Gaps lang={lang} gaps={gaps} />
      )}
    </article>
  )
}
