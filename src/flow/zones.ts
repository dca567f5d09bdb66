/**
 * Zones side by side, and one of them: what was declared and released there in a month, what taxes
 * were billed, who was active, how long customs took, what it refused and why, what came back, what is
 * on its way, and how all of that compares. Figures of a month come out of sums, so that they cost the
 * same however much is stored. Who may see more than figures sees the stock of the books as well.
 */

import { CLEARANCE_ERROR } from '../catalogue/clearance.ts'
import { codeOf, findCodeList } from '../catalogue/code-lists/index.ts'
import type { CountedRole } from '../catalogue/message.ts'
import { chinaDay, stamp17 } from '../kernel/clock.ts'
import { CLOCKS_AGES_SECONDS } from '../kernel/clock-limits.ts'
import type { Text } from '../kernel/fault.ts'
import { compare, readAmount } from '../kernel/fraction.ts'
import { grouped } from '../kernel/grouped.ts'
import { monthAfter } from '../kernel/months.ts'
import { ZONE_CAUSES_MAX } from '../kernel/zone-limits.ts'
import { findMeasures } from '../store/measures.ts'
import { findLookTime } from '../store/stage-clocks.ts'
import type { Db } from '../store/tables.ts'
import {
  findActive,
  findClearanceByMode,
  findSource,
  findStock,
  findSummedCells,
  findZoneQueues,
  findZones,
  type RefusedCount,
  type StockCell,
  type SummedCells,
  type UndecidedCount,
  type ZoneFacts,
  type ZoneSource,
} from '../store/zone-figures.ts'
import { countedKinds } from './kinds.ts'
import { loadMeanings, type Meanings } from './meanings.ts'
import { leading } from './reply-words.ts'
import type { FlowDeps } from './types.ts'
import { booksLink, countedLink, refusalsLink, rulesLink, zoneLink } from './zone-links.ts'
import {
  activeFigures,
  type ClearanceFigure,
  cellsByZone,
  clearanceFigure,
  QUEUE_STATES,
  queueFigure,
  refusalFigure,
  returnFigure,
  shareOf,
  type TradeFigure,
  taxFigure,
  tradeFigure,
  type ZoneCells,
} from './zone-view.ts'

type Deps = Pick<FlowDeps, 'db' | 'clock'>

const ROLES: readonly CountedRole[] = [
  ...(['merchant', 'platform', 'declarant', 'warehouse', 'carrier'] as const),
]

const KINDS = countedKinds.map(({ kind }) => kind)

/** The ranking: every zone with its figures of a month, yyyyMM, this one unless told. */
export const zonesView = async (deps: Deps, month: string | undefined) => {
  const asked = askedOf(deps, month)
  const { cells, more, undecided, ...read } = await readCells(deps, asked, undefined)
  const cellsOf = cellsByZone(cells)
  const figures = [...read.zones.map(({ code }) => code), ''].map((code) => {
    const own = cellsOf(code)
    return { code, own, ...figuresOf(own, code) }
  })
  const places = placesAmong(figures.filter(({ code }) => code !== ''))
  const rows = figures.map(({ own, ...figure }) => ({
    ...{ ...figure, ...nameOf(read.zones, figure.code) },
    ...{ refusals: refusalFigure(own, figure.code), rank: places.get(figure.code) ?? UNRANKED },
    links: { zone: zoneLink(figure.code, cells.month) },
  }))
  return {
    ...headOf(cells, read, more),
    zones: rows.sort((a, b) => (a.rank.value ?? LAST) - (b.rank.value ?? LAST)),
    city: { ...figuresOf(cells, undefined), refusals: refusalFigure(cells, undefined) },
    undecided: undecidedOf(undecided, cells.month),
  }
}

/** One zone, '' for undecided lists; undefined where there is none of this code. */
export const zoneView = async (
  deps: Deps,
  zone: string,
  month: string | undefined,
  sight: { readonly stock: boolean },
) => {
  const asked = askedOf(deps, month)
  const [{ cells, more, undecided, ...read }, { ranked, byMode, learned, stock }] =
    await Promise.all([
      readCells(deps, asked, zone),
      readMore(deps, asked, { zone, stock: sight.stock }),
    ])
  const facts = read.zones.find(({ code }) => code === zone)
  if (facts === undefined && zone !== '') return undefined
  const cellsOf = cellsByZone({ ...cells, ...ranked })
  const places = placesAmong(
    read.zones.map(({ code }) => {
      const own = cellsOf(code)
      const released = tradeFigure(own, 'released', { zone: code })
      return { code, released, clearance: clearanceFigure(own, code) }
    }),
  )
  const modes = [...new Set(cells.trade.map(({ mode }) => mode))].sort()
  return {
    ...headOf(cells, read, more),
    ...{ code: zone, ...nameOf(read.zones, zone), ...figuresOf(cells, zone) },
    rank: places.get(zone) ?? UNRANKED,
    byDirection: (['import', 'export'] as const).map((direction) => ({
      direction,
      declared: tradeFigure(cells, 'declared', { zone, direction }),
      released: tradeFigure(cells, 'released', { zone, direction }),
    })),
    byMode: modes.map((mode) => ({
      mode,
      declared: tradeFigure(cells, 'declared', { zone, mode }),
      released: tradeFigure(cells, 'released', { zone, mode }),
      clearance: clearanceFigure({ ...cells, clearance: byMode }, zone, { mode }),
      taxes: taxFigure(cells, zone, mode),
    })),
    refusals: {
      ...refusalFigure(cells, zone),
      ...causesOf(learned, cells, zone),
    },
    stock: stock && stockOf(stock, zone),
    undecided: zone === '' ? undecidedOf(undecided, cells.month) : null,
    links: { zones: `/api/v1/zones?month=${cells.month}`, rules: rulesLink() },
  }
}

interface Read {
  readonly zones: readonly ZoneFacts[]
  readonly definitions: readonly (Text & { readonly scope: string; readonly source: string })[]
  readonly asOf: Date
}

interface Asked {
  /** yyyyMM */
  readonly month: string
  /** With what it is compared with. */
  readonly months: readonly string[]
  readonly asOf: Date
  /** Found out while other things are read. */
  readonly source: Promise<ZoneSource>
}

const askedOf = ({ db, clock }: Deps, wanted: string | undefined): Asked => {
  const asOf = clock.now()
  const month = wanted ?? stamp17(asOf).slice(0, 6)
  const months = [month, monthAfter(month, -1), monthAfter(month, -12)]
  return { month, months, asOf, source: findSource(db, months) }
}

/** From what is kept, as nearly always, without waiting to hear that it may be read. */
const readFrom = async <T>(
  source: Promise<ZoneSource>,
  read: (source: ZoneSource) => Promise<T>,
): Promise<T> => {
  const [found, kept] = await Promise.all([source, read('kept')])
  return found === 'kept' ? kept : read(found)
}

const readCells = async (
  { db }: Deps,
  { month, months, asOf, source }: Asked,
  zone: string | undefined,
): Promise<
  Read & Pick<SummedCells, 'undecided'> & { readonly cells: ZoneCells; readonly more: boolean }
> => {
  const asked = { months, zone }
  const day = chinaDay(asOf)
  const [{ undecided, ...told }, zones, measures, active, queues] = await Promise.all([
    readFrom(source, (from) => findSummedCells(db, from, asked)),
    findZones(db, day),
    findMeasures(db, asOf),
    readFrom(source, (from) => findActive(db, from, month, ROLES, zone)),
    readQueues(db, zone),
  ])
  return {
    cells: {
      ...{ ...told, month, isRunning: month >= stamp17(asOf).slice(0, 6) },
      ...{ active, queue: queues.rows },
    },
    ...{ more: queues.more, undecided, zones, asOf },
    definitions: measures.filter(({ scope }) => scope === 'declared' || scope === 'released'),
  }
}

/** The chore looks at documents from their first age on: what is younger it has not seen. */
const readQueues = async (db: Db, zone: string | undefined) => {
  const looked = Number((await findLookTime(db)) ?? 0)
  const since = new Date(Math.max(0, looked - CLOCKS_AGES_SECONDS[0] * 1000))
  return findZoneQueues(db, { kinds: KINDS, states: QUEUE_STATES, since }, zone)
}

const headOf = ({ month, isRunning }: ZoneCells, { definitions, asOf }: Read, more: boolean) => ({
  month,
  state: isRunning ? ('running' as const) : ('ended' as const),
  asOf: asOf.toISOString(),
  definitions: [
    ...definitions.map(({ scope, zh, en, source }) => ({ scope, zh, en, source })),
    ...OWN_DEFINITIONS,
  ],
  clearanceError: CLEARANCE_ERROR,
  /** More is on its way than was counted. */
  queueMore: more,
})

const HERE = 'docs/zones.md'

/** What the scopes mean that are none of the totals. */
const OWN_DEFINITIONS: readonly (Text & { readonly scope: string; readonly source: string })[] = [
  {
    scope: 'billed',
    zh: '税单口径：未作废的电子税单所列应征税款，计入税单的北京时间月份，按清单现版本归入监管区域',
    en: 'Billed: taxes due of tax bills that are not void, in the China-time month of the bill, in the zone of the list as it is now',
    source: HERE,
  },
  {
    scope: 'refused',
    zh: '退单口径：海关或电子口岸退回清单某一版本的回执，每份计一次，计入回执的北京时间月份，改正后不冲减；退单率为退单数除以退单数与已申报数之和',
    en: 'Refused: replies that refused a version of a list, each once, in the China-time month of the reply, for good; the rate is refused by refused and declared together',
    source: HERE,
  },
]

const figuresOf = (cells: ZoneCells, zone: string | undefined) => {
  const place = zone === undefined ? {} : { zone }
  return {
    declared: tradeFigure(cells, 'declared', place),
    released: tradeFigure(cells, 'released', place),
    taxes: taxFigure(cells, zone),
    enterprises: activeFigures(cells, ROLES, zone),
    clearance: clearanceFigure(cells, zone),
    clearanceLastMonth: clearanceFigure(cells, zone, { month: monthAfter(cells.month, -1) }),
    clearanceLastYear: clearanceFigure(cells, zone, { month: monthAfter(cells.month, -12) }),
    returns: returnFigure(cells, zone),
    queue: queueFigure(cells, zone),
  }
}

const TYPES: Readonly<Record<string, Text>> = {
  CBZ: { zh: '综合保税区', en: 'comprehensive bonded zone' },
  'BLC-B': { zh: '保税物流中心(B型)', en: 'bonded logistics centre (type B)' },
}

const UNDECIDED: Text = { zh: '未归属', en: 'Undecided' }

const nameOf = (zones: readonly ZoneFacts[], zone: string) => {
  const facts = zones.find(({ code }) => code === zone)
  if (facts === undefined) return { name: UNDECIDED, facts: null }
  const { zh, en, type, approved, district, confidence, sources, rules } = facts
  return {
    name: { zh, en },
    facts: {
      type: { code: type, ...(TYPES[type] ?? { zh: type, en: type }) },
      ...{ approved, district, confidence, sources, rules },
    },
  }
}

interface Rank {
  /** By released value, the greatest first. */
  readonly value: number | null
  /** By the median of clearance times, the shortest first; null where none is known. */
  readonly clearance: number | null
}

const UNRANKED: Rank = { value: null, clearance: null }
const LAST = Number.POSITIVE_INFINITY

/** Place of each zone among all, the same for equal ones; undecided lists have none. */
const placesAmong = (
  zones: readonly {
    readonly code: string
    readonly released: Pick<TradeFigure, 'amount'>
    readonly clearance: Pick<ClearanceFigure, 'medianMinutes'>
  }[],
): ReadonlyMap<string, Rank> => {
  const rows = zones.map(({ code, released, clearance }) => ({
    ...{ code, value: readAmount(released.amount), minutes: clearance.medianMinutes },
  }))
  return new Map(
    rows.map(({ code, value, minutes }) => [
      code,
      {
        value: 1 + rows.filter((other) => compare(other.value, value) > 0).length,
        clearance:
          minutes === null
            ? null
            : 1 + rows.filter((other) => other.minutes !== null && other.minutes < minutes).length,
      },
    ]),
  )
}

/** What one zone is told by beside its cells, read at once. */
const readMore = async (
  { db }: Deps,
  { month, source }: Asked,
  { zone, stock }: { readonly zone: string; readonly stock: boolean },
) => {
  const [{ trade, clearance }, byMode, learned, held] = await Promise.all([
    readFrom(source, (from) => findSummedCells(db, from, { months: [month], ledgerOnly: true })),
    findClearanceByMode(db, month, zone),
    loadMeanings(db),
    stock ? findStock(db, zone) : null,
  ])
  /** What zones are ranked by. */
  return { ranked: { trade, clearance }, byMode, learned, stock: held }
}

const causesOf = (learned: Meanings, { month, refused }: ZoneCells, zone: string) => {
  const own = refused.filter((each) => each.month === month && each.zone === zone)
  const all = own.reduce((sum, { count }) => sum + count, 0)
  const byCause = grouped(own, (said: RefusedCount) => leading(learned, said).advice.cause.name)
  const causes = [...byCause].flatMap(([name, said]) => {
    const [first] = said
    if (first === undefined) return []
    const count = said.reduce((sum, each) => sum + each.count, 0)
    return [
      {
        ...leading(learned, first).advice,
        ...{ count, share: shareOf(count, all) },
        links: { rejections: refusalsLink(month, zone, name) },
      },
    ]
  })
  causes.sort((a, b) => b.count - a.count || (a.cause.name < b.cause.name ? -1 : 1))
  const others = causes.slice(ZONE_CAUSES_MAX)
  return {
    causes: causes.slice(0, ZONE_CAUSES_MAX),
    others: { causes: others.length, count: others.reduce((sum, { count }) => sum + count, 0) },
  }
}

const stockOf = (cells: readonly StockCell[], zone: string) => {
  const list = findCodeList('unit')
  return {
    /** No book tells a price or a value, and none is guessed. */
    value: null,
    missing: {
      zh: '账册未登记单价，无法给出库存货值；按计量单位列出数量',
      en: 'Books hold no prices, so there is no value; quantities are told by unit',
    },
    units: cells.map(({ unit, items, stock, reserved }) => {
      const named = list && codeOf(list, unit)
      return {
        unit,
        name: { zh: named?.zh ?? unit, en: named?.en ?? unit },
        items,
        stock,
        reserved,
      }
    }),
    links: { books: booksLink(zone) },
  }
}

const REASONS: Readonly<Record<string, Text>> = {
  'no-rule': { zh: '没有规则', en: 'No rule places them' },
  'several-rules': { zh: '多条规则指向不同区域', en: 'Rules place them in several zones' },
}

const undecidedOf = (found: readonly UndecidedCount[], month: string) => {
  const counts = (['declared', 'released'] as const).map((scope) => ({
    scope,
    reasons: found
      .filter((each) => each.scope === scope)
      .map(({ because, count }) => ({
        ...{ because, name: REASONS[because] ?? { zh: because, en: because }, count },
      })),
    links: { documents: countedLink({ scope, month, zone: '' }) },
  }))
  return { counts, links: { rules: rulesLink() } }
}
