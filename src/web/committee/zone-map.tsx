/**
 * The zones as a schematic: each stands in a row and a column of its own, in the order of latitude and
 * longitude, so that directions hold and no two labels meet however close zones lie to each other.
 */
import { zones as seeded } from '../../catalogue/zones/index.ts'
import { shortZone } from '../charts.ts'
import { ratio, shortAmount } from '../figures.ts'
import { type Lang, say } from '../texts.ts'
import { committeeTexts as texts } from './texts.ts'

export interface MapZone {
  readonly code: string
  readonly name: string
  readonly amount: string
  readonly href: string
}

interface Placed extends MapZone {
  readonly column: number
  readonly row: number
}

interface Frame {
  readonly width: number
  readonly rowHeight: number
  /** Kept free at either side, for the greatest circle. */
  readonly side: number
  readonly radius: number
}

const WIDE: Frame = { width: 560, rowHeight: 50, side: 34, radius: 22 }
const NARROW: Frame = { width: 340, rowHeight: 44, side: 26, radius: 18 }
/** Of a zone with hardly any trade. */
const RADIUS_MIN = 3.5

/** Two drawings, of which the style sheet shows the one that fits. */
export const ZoneMap = ({
  lang,
  zones,
}: {
  readonly lang: Lang
  readonly zones: readonly MapZone[]
}) => {
  const placed = placeZones(zones)
  return (
    <nav class="zone-map" aria-label={say(texts.map, lang)}>
      <div class="chart-wide">
        <Drawing lang={lang} placed={placed} frame={WIDE} />
      </div>
      <div class="chart-narrow">
        <Drawing lang={lang} placed={placed} frame={NARROW} />
      </div>
    </nav>
  )
}

const COORDINATES = new Map(seeded.map(({ code, lat, lon }) => [code, { lat, lon }]))

/** A zone that no coordinates are known of is not on the map; the table has it. */
export const placeZones = (zones: readonly MapZone[]): readonly Placed[] => {
  const known = zones.flatMap((zone) => {
    const at = COORDINATES.get(zone.code)
    return at === undefined ? [] : [{ ...zone, ...at }]
  })
  const byLon = ranks(known, ({ lon }) => lon)
  const byLat = ranks(known, ({ lat }) => -lat)
  return known
    .map(({ lat: _, lon: __, ...zone }) => ({
      ...zone,
      column: byLon.get(zone.code) ?? 0,
      row: byLat.get(zone.code) ?? 0,
    }))
    .sort((a, b) => a.row - b.row)
}

const ranks = <Z extends { readonly code: string }>(
  zones: readonly Z[],
  by: (zone: Z) => number,
): ReadonlyMap<string, number> =>
  new Map(
    [...zones]
      .sort((a, b) => by(a) - by(b) || (a.code < b.code ? -1 : 1))
      .map(({ code }, rank) => [code, rank]),
  )

const Drawing = ({
  lang,
  placed,
  frame,
}: {
  readonly lang: Lang
  readonly placed: readonly Placed[]
  readonly frame: Frame
}) => {
  const height = placed.length * frame.rowHeight + 8
  const greatest = placed.reduce((most, { amount }) => greater(most, amount), '0')
  const step = (frame.width - 2 * frame.side) / Math.max(1, placed.length - 1)
  return (
    <svg viewBox={`0 0 ${frame.width} ${height}`} font-size="14">
      <title>{say(texts.map, lang)}</title>
      <g class="map-north">
        <path d="M14 30v-20m-5 7l5 -8l5 8" />
        <text x="14" y="46" text-anchor="middle">
          {say(texts.north, lang)}
        </text>
      </g>
      {placed.map((zone) => {
        const x = frame.side + zone.column * step
        const y = zone.row * frame.rowHeight + frame.rowHeight / 2 + 4
        const area = ratio(zone.amount, greatest)
        const r = Math.max(RADIUS_MIN, Math.sqrt(area) * frame.radius)
        const isRight = x < frame.width / 2
        return <Spot lang={lang} zone={zone} at={{ x, y, r, isRight }} />
      })}
    </svg>
  )
}

const greater = (a: string, b: string): string => (Number(b) > Number(a) ? b : a)

const Spot = ({
  lang,
  zone,
  at: { x, y, r, isRight },
}: {
  readonly lang: Lang
  readonly zone: Placed
  readonly at: {
    readonly x: number
    readonly y: number
    readonly r: number
    readonly isRight: boolean
  }
}) => {
  const { value, unit } = shortAmount(zone.amount, lang)
  const textX = (isRight ? x + r + 7 : x - r - 7).toFixed(1)
  const anchor = isRight ? 'start' : 'end'
  return (
    <a class="map-zone" href={zone.href}>
      <circle cx={x.toFixed(1)} cy={y.toFixed(1)} r={r.toFixed(1)} />
      <text class="map-name" x={textX} y={(y - 2).toFixed(1)} text-anchor={anchor}>
        {shortZone(zone.name, lang)}
      </text>
      <text class="map-value" x={textX} y={(y + 14).toFixed(1)} text-anchor={anchor}>
        {value} {unit}
      </text>
    </a>
  )
}
