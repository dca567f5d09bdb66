/**
 * The first page: how far the year's trade is from the target and by which definition, the flow of
 * documents through this process, and the volumes by zone and month, each chart with its table.
 * Everything is there without script; `browser/page.ts` only keeps it fresh.
 */

import { raw } from 'hono/html'
import type { Child } from 'hono/jsx'
import type { MeterStep } from '../flow/types.ts'
import type { Text } from '../kernel/fault.ts'
import { flowFigure, flowRate, STEPS } from './flow-view.ts'
import { barWidth, type HomeView, type PlaceName, scopeText, type TableName } from './home-view.ts'
import type { Flow } from './live.ts'
import type { Picture, Pictures } from './pictures.ts'
import type { Snapshot } from './snapshot.ts'
import { sourceNames } from './source-names.ts'
import { fill, type Lang, say, texts } from './texts.ts'

export interface HomeProps {
  readonly lang: Lang
  readonly snapshot: Snapshot
  readonly view: HomeView
  readonly pictures: Pictures
  /** Undefined where there is no second-by-second count. */
  readonly flow: Flow | undefined
}

export const Home = ({ lang, snapshot, view, pictures, flow }: HomeProps) => {
  const { year, scope } = snapshot.zone
  const caption = (text: Text) =>
    fill(say(text, lang), { year: String(year), scope: scopeText(scope, lang) })
  return (
    <>
      <Progress lang={lang} snapshot={snapshot} view={view} />
      <FlowStrip lang={lang} flow={flow} />
      <p class="gap-note" data-text="partsScope">
        {view.texts.partsScope}
      </p>
      <div class="volumes">
        <section class="card" aria-labelledby="zone-heading">
          <div class="section-head">
            <h2 id="zone-heading">{say(texts.zoneHeading, lang)}</h2>
            <p class="as-of">
              <Place view={view} name="zoneUnit" />
            </p>
          </div>
          <Chart name="zone" picture={pictures.zone} />
          <Table
            name="zone"
            caption={caption(texts.zoneCaption)}
            first={texts.zone}
            {...{ lang, view }}
          />
        </section>
        <section class="card" aria-labelledby="month-heading">
          <div class="section-head">
            <h2 id="month-heading">{say(texts.monthHeading, lang)}</h2>
            <p class="as-of">
              <Place view={view} name="monthUnit" />
            </p>
          </div>
          <Chart name="month" picture={pictures.month} />
          <Table
            name="month"
            caption={caption(texts.monthCaption)}
            first={texts.month}
            {...{ lang, view }}
          />
        </section>
      </div>
    </>
  )
}

interface SectionProps {
  readonly lang: Lang
  readonly view: HomeView
}

const Progress = ({ lang, snapshot, view }: SectionProps & { readonly snapshot: Snapshot }) => {
  const { target } = snapshot.year
  return (
    <section class="card progress" aria-labelledby="progress-heading">
      <div class="section-head">
        <h1 id="progress-heading" data-text="heading">
          {view.texts.heading}
        </h1>
        <p class="as-of">
          <span class="live-mark" data-live="static" />
          <span data-live-text>{say(texts.liveStatic, lang)}</span>
          <Place view={view} name="asOf" />
        </p>
      </div>
      <div class="hero">
        <p>
          <Place view={view} name="amount" kind="figure" />{' '}
          <Place view={view} name="amountUnit" kind="unit" />
          <Place view={view} name="amountExact" kind="exact" />
        </p>
        <p class="reached">
          {target === null ? '' : <Place view={view} name="percent" kind="figure" />}
          <Place view={view} name="target" kind="unit" />
        </p>
      </div>
      {target === null ? '' : <Bar view={view} />}
      <dl class="facts">
        <Fact label={texts.remaining} {...{ lang, view }} names={['remaining']} />
        <Fact label={texts.pace} {...{ lang, view }} names={['pace', 'elapsed']} />
        <Fact
          label={texts.forecast}
          {...{ lang, view }}
          names={['forecast', 'forecastRange', 'forecastMethod']}
        />
        <Fact label={texts.outcome} {...{ lang, view }} names={['outcome']} />
        <Fact label={texts.counted} {...{ lang, view }} names={['counted']} />
        <Fact label={texts.modeHeading} {...{ lang, view }} names={['modes']} />
      </dl>
      <p class="gap-note" data-text="gaps">
        {view.texts.gaps}
      </p>
      <Scope lang={lang} snapshot={snapshot} />
    </section>
  )
}

/** A text that changes with the figures. */
const Place = ({
  view,
  name,
  kind,
}: {
  readonly view: HomeView
  readonly name: PlaceName
  readonly kind?: string
}) => (
  <span class={kind} data-text={name}>
    {view.texts[name]}
  </span>
)

/** Widths are attributes of the drawing, because style attributes are forbidden. */
const Bar = ({ view }: { readonly view: HomeView }) => (
  <svg class="bar" role="img" aria-label={view.texts.barLabel} data-bar>
    <rect class="bar-ground" width="100%" height="100%" />
    <rect class="bar-reached" width={barWidth(view.reached)} height="100%" />
    <rect class="bar-elapsed" x={barWidth(view.elapsed)} width="2" height="100%" />
  </svg>
)

interface FactProps extends SectionProps {
  readonly label: Text
  readonly names: readonly PlaceName[]
}

const Fact = ({ label, names, lang, view }: FactProps) => (
  <div>
    <dt>{say(label, lang)}</dt>
    {names.map((name, i) => (
      <dd class={i > 0 ? 'aside' : undefined}>
        <Place view={view} name={name} />
      </dd>
    ))}
  </div>
)

const Scope = ({ lang, snapshot }: { readonly lang: Lang; readonly snapshot: Snapshot }) => {
  const { definition, target, sources } = snapshot.year
  return (
    <dl class="scope">
      <Note label={texts.scope} lang={lang}>
        <strong>{scopeText(snapshot.year.scope, lang)}</strong> {say(definition, lang)}
      </Note>
      <Note label={texts.sources} lang={lang}>
        {sourceNames(sources, lang)}
      </Note>
      {target === null ? (
        ''
      ) : (
        <Note label={texts.targetSource} lang={lang}>
          {target.source}
        </Note>
      )}
    </dl>
  )
}

const Note = ({
  label,
  lang,
  children,
}: {
  readonly label: Text
  readonly lang: Lang
  readonly children?: Child
}) => (
  <div>
    <dt>{say(label, lang)}</dt>
    <dd>{children}</dd>
  </div>
)

const UNIT: Readonly<Record<MeterStep, Text>> = {
  taken: texts.takenUnit,
  composed: texts.composedUnit,
  sent: texts.sentUnit,
  replied: texts.repliedUnit,
  released: texts.releasedUnit,
}

const FlowStrip = ({ lang, flow }: { readonly lang: Lang; readonly flow: Flow | undefined }) => (
  <section class="card flow" aria-labelledby="flow-heading">
    <div class="section-head">
      <h2 id="flow-heading">{say(texts.flowHeading, lang)}</h2>
      <p class="as-of">{say(flow === undefined ? texts.flowNone : texts.flowNote, lang)}</p>
    </div>
    {flow === undefined ? (
      ''
    ) : (
      <ol class="steps">
        {STEPS.map((step) => (
          <li data-step={step}>
            <span class="step-name">{say(texts[step], lang)}</span>
            <span class="step-count">
              <b data-count>{flowFigure(flow[step].count)}</b>{' '}
              <small>{say(UNIT[step], lang)}</small>
            </span>
            <span class="step-rate">
              <b data-rate>{flowRate(flow[step].rate)}</b>{' '}
              <small>{say(texts.perSecond, lang)}</small>
            </span>
            <svg class="trace" viewBox="0 0 60 16" preserveAspectRatio="none" aria-hidden="true">
              <polyline data-trace points="" />
            </svg>
          </li>
        ))}
      </ol>
    )}
  </section>
)

/** The picture for wide and for narrow screens; the style sheet shows one of them. */
const Chart = ({
  name,
  picture,
}: {
  readonly name: 'zone' | 'month'
  readonly picture: Picture
}) => (
  <div class="chart" data-chart={name}>
    <div class="chart-wide">{raw(picture.wide)}</div>
    <div class="chart-narrow">{raw(picture.narrow)}</div>
  </div>
)

interface TableProps extends SectionProps {
  readonly name: TableName
  readonly caption: string
  readonly first: Text
}

const Table = ({ name, caption, first, lang, view }: TableProps) => {
  const { rows, total } = view.tables[name]
  return (
    <table data-table={name}>
      <caption>{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{say(first, lang)}</th>
          <th scope="col">{say(texts.count, lang)}</th>
          <th scope="col">{say(texts.amount, lang)}</th>
          <th scope="col">{say(texts.share, lang)}</th>
        </tr>
      </thead>
      <tbody>
        {rows.length === 0 ? (
          <tr>
            <td colspan={4}>{say(texts.nothingYet, lang)}</td>
          </tr>
        ) : (
          rows.map((row) => (
            <tr>
              <th scope="row">{row.label}</th>
              <td>{row.count}</td>
              <td>{row.amount}</td>
              <td>{row.share}</td>
            </tr>
          ))
        )}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">{total.label}</th>
          <td>{total.count}</td>
          <td>{total.amount}</td>
          <td>{total.share}</td>
        </tr>
      </tfoot>
    </table>
  )
}
