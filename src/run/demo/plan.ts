/**
 * Which consignments a demonstration makes: how many in each month of the year so far, in which
 * direction, zone and mode, and which of them bear a mark. Pure and the same for the same settings;
 * weights are made up and only keep the charts from being flat.
 */

import type { Zone } from '../../catalogue/zone.ts'
import { zones } from '../../catalogue/zones/index.ts'
import { readStamp, stamp17 } from '../../kernel/clock.ts'
import type { ConsignmentSettings } from '../../sim/consignments.ts'
import type { ExportSettings } from '../../sim/export-consignments.ts'
import { type Fate, fates, usualFate } from '../../sim/fates.ts'

interface Planned {
  readonly n: number
  readonly zone: Zone
  readonly fate: Fate
}

export type PlannedConsignment =
  | (Planned & { readonly direction: 'import' } & Pick<ConsignmentSettings, 'mode'>)
  | (Planned & { readonly direction: 'export' } & Pick<
        ExportSettings,
        'mode' | 'flag' | 'currency'
      > & {
        /** Which of the declarants; by their numbers alone all exports would be one's. */
        readonly declarant: number
      })

export interface Wave {
  /** When these are handed in; undefined for the last: now. */
  readonly at: Date | undefined
  readonly consignments: readonly PlannedConsignment[]
}

export interface Plan {
  readonly year: number
  /** Where the demonstration's clock starts. */
  readonly start: Date
  readonly waves: readonly Wave[]
  /** Each is sent by itself, because customs refuses its whole message. */
  readonly alone: readonly PlannedConsignment[]
}

/** A fifth at most bears a mark, and each mark comes three times at most. */
const MARKED_SHARE = 5
const SAME_MARK_MAX = 3
/** Fewer in a month are not worth one. */
const MONTH_CONSIGNMENTS_MIN = 30
/** The middle of a month, 10:00 in China: the last day for the summary of the month before. */
const DAY_AND_HOUR = '15100000'

export const planDemo = (count: number, now: Date): Plan => {
  const all = Array.from({ length: count }, (_, n) => consignmentOf(n, markOf(n, count)))
  const waves = wavesOf(
    all.filter(({ fate }) => !fate.refusesMessage),
    now,
  )
  return {
    year: Number(stamp17(now).slice(0, 4)),
    start: waves[0]?.at ?? now,
    waves,
    alone: all.filter(({ fate }) => fate.refusesMessage),
  }
}

const consignmentOf = (n: number, fate: Fate): PlannedConsignment => {
  const exports = Math.floor((n + 1) / EXPORT_EVERY)
  if ((n + 1) % EXPORT_EVERY === 0) return exportOf(n, exports - 1, fate)
  const place = n - exports
  const direct = place % DIRECT_EVERY === DIRECT_EVERY - 1
  const zone = direct
    ? pick(directZones, Math.floor(place / DIRECT_EVERY))
    : pick(weightedZones, place)
  return { direction: 'import', n, zone, mode: direct ? '9610' : '1210', fate }
}

const exportOf = (n: number, place: number, fate: Fate): PlannedConsignment => ({
  direction: 'export',
  ...{ n, fate, zone: pick(weightedZones, place) },
  mode: EXPORT_MODES[place % EXPORT_MODES.length] ?? '9610',
  flag: place % 3 === 0 ? 'A' : 'B',
  currency: place % 4 === 1 ? 'USD' : 'CNY',
  declarant: Math.floor(place / 2) % 2,
})

/** Every fourth goes out. */
const EXPORT_EVERY = 4
/** Retail above all; to enterprises and by way of a warehouse abroad less. */
const EXPORT_MODES = ['9610', '9710', '9610', '9810', '9610', '1210'] as const
/** Every sixth that comes in comes by direct purchase; the others from a bonded warehouse. */
const DIRECT_EVERY = 6

const ZONE_WEIGHTS: Readonly<Record<string, number>> = {
  'CQ-LLGY': 13,
  'CQ-XY': 11,
  'CQ-NPBLC': 6,
  'CQ-TLBLC': 5,
  'CQ-JJ': 4,
  'CQ-TLG': 3,
  'CQ-FL': 2,
  'CQ-WZ': 2,
  'CQ-YC': 1,
}

/** Each zone as often as it weighs; a zone without a weight comes once. */
const weightedZones: readonly Zone[] = zones.flatMap((zone) =>
  Array.from({ length: ZONE_WEIGHTS[zone.code] ?? 1 }, () => zone),
)

/**
 * Direct purchases have no warehouse to place them: only zones with a known customs office, by which the
 * demonstration's own rules place them.
 */
export const directZones: readonly Zone[] = zones.filter(
  (zone) =>
    zone.modes.some(({ mode }) => mode === '9610') &&
    zone.offices[0] !== undefined &&
    /^[AB]$/.test(zone.offices[0].confidence),
)

/** Neighbours fall into different zones: 29 has no divisor in common with the list's length. */
const pick = (from: readonly Zone[], n: number): Zone => {
  const zone = from[(n * 29) % from.length]
  if (zone === undefined) throw new Error('the catalogue has no zones')
  return zone
}

/** The marks, those that end otherwise than in a plain rejection first. */
const marks: readonly Fate[] = [...fates].sort(
  (a, b) => Number(isPlainRefusal(a)) - Number(isPlainRefusal(b)),
)

function isPlainRefusal({ mark }: Fate): boolean {
  return /^-[RN]\d+$/.test(mark)
}

/** Marked ones are spread evenly over all. */
const markOf = (n: number, count: number): Fate => {
  const marked = Math.min(Math.floor(count / MARKED_SHARE), marks.length * SAME_MARK_MAX)
  const before = Math.floor((n * marked) / count)
  const isMarked = Math.floor(((n + 1) * marked) / count) > before
  return (isMarked ? marks[before % marks.length] : undefined) ?? usualFate
}

/** Trade of a month against the others; the sales of June and November stand out. */
const MONTH_WEIGHTS = [7, 5, 7, 7, 8, 12, 7, 7, 8, 9, 15, 10]

const wavesOf = (consignments: readonly PlannedConsignment[], now: Date): readonly Wave[] => {
  const current = Number(stamp17(now).slice(4, 6))
  const most = Math.max(1, Math.floor(consignments.length / MONTH_CONSIGNMENTS_MIN))
  const months = MONTH_WEIGHTS.slice(0, current).slice(-most)
  const weight = months.reduce((sum, each) => sum + each, 0)
  let weightBefore = 0
  return months.map((each, i) => {
    const from = Math.floor((consignments.length * weightBefore) / weight)
    weightBefore += each
    const to = Math.floor((consignments.length * weightBefore) / weight)
    const month = current - months.length + 1 + i
    const at = month === current ? undefined : middleOf(now, month)
    return { at, consignments: consignments.slice(from, to) }
  })
}

const middleOf = (now: Date, month: number): Date | undefined =>
  readStamp(`${stamp17(now).slice(0, 4)}${String(month).padStart(2, '0')}${DAY_AND_HOUR}`)
