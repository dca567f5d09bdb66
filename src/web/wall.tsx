/**
 * The wall: the figures of the first page for a screen that is read from afar, without scrolling, from
 * a telephone to 3840 px. It shows no more than the first page does, so anybody may open it; it tells
 * its moment, and says when it no longer hears of news.
 */
import { html } from 'hono/html'
import { flowFigure, flowRate, STEPS } from './flow-view.ts'
import { barWidth, type HomeView, type PlaceName, viewHome } from './home-view.ts'
import { Brand, LanguageSwitch, Layout } from './layout.tsx'
import type { Flow } from './live.ts'
import type { Snapshot } from './snapshot.ts'
import { type Lang, say, texts } from './texts.ts'
import { wallTexts } from './wall-texts.ts'
import {
  partText,
  topText,
  viewWall,
  WALL_MONTHS,
  WALL_ZONES,
  type WallBar,
  type WallView,
} from './wall-view.ts'

export interface WallProps {
  readonly lang: Lang
  readonly snapshot: Snapshot
  readonly flow: Flow | undefined
  readonly version: string
  /** Dark unless asked for: a wall is looked at all day. */
  readonly theme: 'light' | 'dark'
}

export const renderWall = ({ lang, snapshot, flow, version, theme }: WallProps) => {
  const home = viewHome(snapshot, lang)
  const wall = viewWall(snapshot, lang)
  return html`<!doctype html>${(
    <Layout
      lang={lang}
      path={`/wall?theme=${theme}`}
      version={version}
      title={say(wallTexts.title, lang)}
      assets="wall"
      theme={theme}
      masthead={<Head lang={lang} home={home} theme={theme} />}
    >
      <Hero lang={lang} home={home} hasTarget={snapshot.year.target !== null} />
      <Zones lang={lang} home={home} wall={wall} />
      <Months lang={lang} home={home} wall={wall} />
      {flow === undefined ? '' : <FlowStrip lang={lang} flow={flow} />}
    </Layout>
  )}`
}

interface Props {
  readonly lang: Lang
  readonly home: HomeView
}

const Place = ({
  home,
  name,
  kind,
}: {
  readonly home: HomeView
  readonly name: PlaceName
  readonly kind?: string
}) => (
  <span class={kind} data-text={name}>
    {home.texts[name]}
  </span>
)

const Head = ({ lang, home, theme }: Props & { readonly theme: string }) => (
  <header class="wall-head">
    <Brand lang={lang} />
    <p class="as-of">
      <span class="live-mark" data-live="static" />
      <span data-live-text role="status">
        {say(texts.liveStatic, lang)}
      </span>
      <Place home={home} name="asOf" />
    </p>
    <LanguageSwitch lang={lang} path={`/wall?theme=${theme}`} />
  </header>
)

const Hero = ({ lang, home, hasTarget }: Props & { readonly hasTarget: boolean }) => (
  <section class="wall-hero" aria-labelledby="wall-heading">
    <h1 id="wall-heading" data-text="heading">
      {home.texts.heading}
    </h1>
    <p class="wall-amount">
      <Place home={home} name="amount" kind="figure" />{' '}
      <Place home={home} name="amountUnit" kind="unit" />
    </p>
    <p class="wall-reached">
      {hasTarget ? <Place home={home} name="percent" kind="figure" /> : ''}{' '}
      <Place home={home} name="target" kind="unit" />
    </p>
    {hasTarget ? (
      <svg class="bar" role="img" aria-label={home.texts.barLabel} data-bar>
        <rect class="bar-ground" width="100%" height="100%" />
        <rect class="bar-reached" width={barWidth(home.reached)} height="100%" />
        <rect class="bar-elapsed" x={barWidth(home.elapsed)} width="3" height="100%" />
      </svg>
    ) : (
      ''
    )}
    <dl class="wall-facts">
      {(
        [
          [texts.remaining, 'remaining'],
          [texts.pace, 'pace'],
          [texts.forecast, 'forecast'],
          [texts.counted, 'counted'],
        ] as const
      ).map(([name, place]) => (
        <div>
          <dt>{say(name, lang)}</dt>
          <dd>
            <Place home={home} name={place} />
          </dd>
        </div>
      ))}
    </dl>
    <p class="wall-outcome">
      <b>
        <Place home={home} name="outcome" />
      </b>{' '}
      {say(texts.forecast, lang)} <Place home={home} name="forecastRange" />
    </p>
    <p class="wall-scope">
      {say(texts.scope, lang)} <Place home={home} name="scope" /> ·{' '}
      <Place home={home} name="elapsed" /> <Place home={home} name="forecastMethod" />{' '}
      <Place home={home} name="partsScope" />
    </p>
  </section>
)

/** As many places as may be needed; those without a bar are hidden. */
const placesOf = (bars: readonly WallBar[], count: number): readonly (WallBar | undefined)[] =>
  Array.from({ length: count }, (_, index) => bars[index])

const Zones = ({ lang, home, wall }: Props & { readonly wall: WallView }) => (
  <section class="wall-zones" aria-labelledby="wall-zones-heading">
    <h2 id="wall-zones-heading">
      {say(wallTexts.zones, lang)}{' '}
      <small>
        <Place home={home} name="zoneUnit" />
      </small>
    </h2>
    <ol data-bars="zones">
      {placesOf(wall.zones, WALL_ZONES).map((bar) => (
        <li hidden={bar === undefined}>
          <span data-bar-label>{bar?.label ?? ''}</span>
          <svg aria-hidden="true">
            <rect class="bar-ground" width="100%" height="100%" />
            <rect
              class="bar-reached"
              data-bar-part
              width={partText(bar?.part ?? 0)}
              height="100%"
            />
          </svg>
          <b data-bar-value>{bar?.value ?? ''}</b>
        </li>
      ))}
    </ol>
  </section>
)

const Months = ({ lang, home, wall }: Props & { readonly wall: WallView }) => (
  <section class="wall-months" aria-labelledby="wall-months-heading">
    <h2 id="wall-months-heading">
      {say(wallTexts.months, lang)}{' '}
      <small>
        <Place home={home} name="monthUnit" />
      </small>
    </h2>
    <ol data-bars="months">
      {placesOf(wall.months, WALL_MONTHS).map((bar) => (
        <li hidden={bar === undefined}>
          <b data-bar-value>{bar?.value ?? ''}</b>
          <svg aria-hidden="true">
            <rect
              class="bar-reached"
              data-bar-column
              y={topText(bar?.part ?? 0)}
              width="100%"
              height={partText(bar?.part ?? 0)}
            />
          </svg>
          <span data-bar-label>{bar?.label ?? ''}</span>
        </li>
      ))}
    </ol>
  </section>
)

const FlowStrip = ({ lang, flow }: { readonly lang: Lang; readonly flow: Flow }) => (
  <section class="wall-flow" aria-labelledby="wall-flow-heading">
    <h2 id="wall-flow-heading">
      {say(wallTexts.flow, lang)} <small>{say(texts.flowNote, lang)}</small>
    </h2>
    <ol>
      {STEPS.map((step) => (
        <li data-step={step}>
          <span>{say(texts[step], lang)}</span>
          <b data-count>{flowFigure(flow[step].count)}</b>
          <span class="step-rate">
            <b data-rate>{flowRate(flow[step].rate)}</b> {say(texts.perSecond, lang)}
          </span>
        </li>
      ))}
    </ol>
  </section>
)
