/** The policy's scoreboard, and the enterprises behind each of its indicators. */
import type { z } from 'zod'
import type { indicatorAnswer, scoreboardAnswer } from '../../http/target-schemas.ts'
import { Field } from '../desk/fields.tsx'
import { Facts, PageHead } from '../desk/parts.tsx'
import { type Ask, content, type Shown } from '../desk/room.ts'
import { DataTable, FilterForm, Pager } from '../desk/table.tsx'
import { wholeCount } from '../figures.ts'
import { fill, type Lang, say } from '../texts.ts'
import { scoreboardTexts as texts } from './scoreboard-texts.ts'

type Scoreboard = z.infer<typeof scoreboardAnswer>
type Indicator = Scoreboard['indicators'][number]
type Opened = z.infer<typeof indicatorAnswer>

const PATH = '/committee/scoreboard'

export const scoreboardPage = async ({ api, lang, query }: Ask): Promise<Shown> => {
  const found = await api.get<Scoreboard>('/api/v1/scoreboard', { on: query.on })
  if (found.kind === 'problem') return found
  const { on, definition, indicators } = found.value
  const title = say(texts.scoreboard, lang)
  return content(
    title,
    <>
      <PageHead title={title} note={definition[lang]} />
      <OnDay lang={lang} path={PATH} on={on} />
      <div class="zone-cards">
        {indicators.map((indicator) => (
          <IndicatorCard lang={lang} indicator={indicator} on={on} />
        ))}
      </div>
    </>,
  )
}

const OnDay = ({
  lang,
  path,
  on,
}: {
  readonly lang: Lang
  readonly path: string
  readonly on: string
}) => (
  <FilterForm lang={lang} path={path}>
    <Field lang={lang} type="date" name="on" label={say(texts.on, lang)} value={on} />
  </FilterForm>
)

const IndicatorCard = ({
  lang,
  indicator,
  on,
}: {
  readonly lang: Lang
  readonly indicator: Indicator
  readonly on: string
}) => (
  <section class="card zone-card" data-indicator={indicator.indicator}>
    <h2>{indicator.name[lang]}</h2>
    <p class="scope-amount">
      <a href={`${PATH}/${encodeURIComponent(indicator.indicator)}?on=${on}`}>
        {wholeCount(indicator.count)}
      </a>{' '}
      <small>{aimText(indicator, lang)}</small>
    </p>
    <p class="standing" data-standing={indicator.standing}>
      {standingText(indicator, lang)}
    </p>
    <p class="note">
      {indicator.source} · {say(texts.confidence, lang)} {indicator.confidence}
      {indicator.due === null ? '' : ` · ${say(texts.due, lang)} ${indicator.due}`}
      {indicator.note === '' ? '' : ` · ${indicator.note}`}
    </p>
  </section>
)

const aimText = ({ aim: { lowest, highest } }: Indicator, lang: Lang): string => {
  if (lowest === null && highest === null) return say(texts.noAim, lang)
  const range =
    lowest === null ? `≤ ${highest}` : highest === null ? `≥ ${lowest}` : `${lowest}–${highest}`
  return fill(say(texts.aim, lang), { range })
}

const standingText = ({ standing, missing }: Indicator, lang: Lang): string => {
  const told = say(standings[standing], lang)
  return missing === null || missing === 0
    ? told
    : `${told} · ${fill(say(texts.missing, lang), { n: String(missing) })}`
}

const standings = {
  below: texts.below,
  within: texts.within,
  above: texts.above,
  'no-figure': texts.noFigure,
} as const

export const indicatorPage = async ({ api, lang, query, param }: Ask): Promise<Shown> => {
  const indicator = param('indicator')
  const path = `${PATH}/${encodeURIComponent(indicator)}`
  const { on, cursor } = query
  const found = await api.get<Opened>(`/api/v1/scoreboard/${encodeURIComponent(indicator)}`, {
    ...{ on, cursor },
  })
  if (found.kind === 'problem') return found
  const opened = found.value
  const title = opened.name[lang]
  return content(
    title,
    <>
      <PageHead title={title}>
        <a class="button" href={`${PATH}?on=${opened.on}`}>
          {say(texts.back, lang)}
        </a>
      </PageHead>
      <section class="card">
        <Facts
          facts={[
            { name: say(texts.count, lang), value: wholeCount(opened.count) },
            { name: say(texts.aimed, lang), value: aimText(opened, lang) },
            { name: say(texts.stands, lang), value: standingText(opened, lang) },
            { name: say(texts.on, lang), value: opened.on },
            { name: say(texts.source, lang), value: `${opened.source} · ${opened.confidence}` },
          ]}
        />
      </section>
      <OnDay lang={lang} path={path} on={opened.on} />
      <DataTable
        lang={lang}
        caption={say(texts.enterprises, lang)}
        rows={opened.enterprises}
        columns={[
          { name: say(texts.enterprise, lang), cell: ({ name }) => name },
          {
            name: say(texts.code, lang),
            kind: 'code',
            cell: ({ customsCode, creditCode }) => customsCode ?? creditCode ?? '–',
          },
          { name: say(texts.subject, lang), cell: ({ subject }) => subject || '–' },
          {
            name: say(texts.since, lang),
            cell: ({ validFrom, validTo }) =>
              validTo === null ? validFrom : `${validFrom} – ${validTo}`,
          },
          {
            name: say(texts.source, lang),
            cell: ({ source, confidence }) => `${source} · ${confidence}`,
          },
          { name: say(texts.note, lang), cell: ({ note }) => note || '–', wideOnly: true },
        ]}
        empty={{ title: say(texts.none, lang), note: say(texts.noneNote, lang) }}
      />
      <Pager lang={lang} path={path} query={query} next={opened.next} />
    </>,
  )
}
