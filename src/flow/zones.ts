/**
 * Zones side by side, and one of them: what was declared and released there in a month, what taxes
 * were billed, who was active, how long customs took, what it refused and why, what came back, what is
 * on its way, and how all of that compares. Figures of a month come out of sums, so that they cost the
 * same however much is stored. Who may see more than figures sees the stock of the books as well.
 */

import { CLEARANCE_ERROR } from '../catalogue/clearance.ts'
import { codeOf, findCodeList } from '../catalogue/code-lists/index.ts'
import { type Undecided, undecidedReasons } from '../catalogue/counted-sets.ts'
import type { CountedRole } from '../catalogue/message.ts'
import { chinaDay, stamp17 } from '../kernel/clock.ts'
import { CLOCKS_AGES_SECONDS } from '../kernel/clock-limits.ts'
import type { Text } from '../kernel/fault.ts'
import { compare, readAmount } from '../kernel/fraction.ts'
import { grouped } from '../kernel/grouped.ts'
import { monthAfter } from '../kernel/months.ts'
import { ZONE_CAUSES_MAX } from '../kernel/zone-limits.ts'
import { findMeasures } from '../store/measures.ts'
import { namedAsOf } from '../store/names.ts'
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
  type MomentAsked,
  type RefusedCount,
  type StockCell,
  type SummedCells,
  type UndecidedCount,
  type ZoneFacts,
  type ZoneSource,
} from '../store/zone-figures.ts'
import { findKnownThen } from '../store/zones-as-of.ts'
import { countedKinds } from './kinds.ts'
import { loadMeanings, type Meanings } from './meanings.ts'
import { leading } from './reply-words.ts'
import { momentOf, sealUpTo } from './totals.ts'
import type { FlowDeps } from './types.ts'
import { booksLink, countedLink, rulesLink, zoneLink, zonesLink } from './zone-links.ts'
import {
  activeFigures,
  type ClearanceFigure,
  cellsByZone,
  clearanceFigure,
  comparedActive,
  comparedClearance,
  decisions,
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

export interface ZonesQuery {
  /** yyyyMM, this one unless told. */
  readonly month?: string | undefined
  /** As known at this moment, not later than now; as known now when left out. */
  readonly asOf?: Date | undefined
}

/** The ranking: every zone with its figures of a month. */
export const zonesView = async (deps: Deps, query: ZonesQuery) => {
  const asked = await askedOf(deps, query)
  const { cells, more, undecided, ...read } = await readCells(
    deps,
    { ...asked, activeMonths: [asked.month] },
    undefined,
  )
  const cellsOf = cellsByZone(cells)
  const figures = [...read.zones.map(({ code }) => code), ''].map((code) => {
    const own = cellsOf(code)
    return { code, own, ...figuresOf(own, code) }
  })
  const places = placesAmong(figures.filter(({ code }) => code !== ''))
  const rows = figures.map(({ own, ...figure }) => ({
    ...{ ...figure, ...nameOf(read.zones, figure.code) },
    ...{ refusals: refusalFigure(own, figure.code), rank: places.get(figure.code) ?? UNRANKED },
    links: { zone: zoneLink(figure.code, cells.month, cells.asOf) },
  }))
  return {
    ...headOf(cells, read, more),
    zones: rows.sort((a, b) => (a.rank.value ?? LAST) - (b.rank.value ?? LAST)),
    city: { ...figuresOf(cells, undefined), refusals: refusalFigure(cells, undefined) },
    undecided: undecidedOf(undecided, cells),
  }
}

/** One zone, '' for undecided lists; undefined where there is none of this code. */
export const zoneView = async (
  deps: Deps,
  zone: string,
  query: ZonesQuery,
  sight: { readonly books: boolean },
) => {
  const asked = await askedOf(deps, query)
  const [{ cells, more, undecided, ...read }, { ranked, byMode, learned, stock }] =
    await Promise.all([
      readCells(deps, { ...asked, activeMonths: asked.months }, zone),
      readMore(deps, asked, zone),
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
    clearance: comparedClearance(cells, zone),
    enterprises: comparedActive(cells, ROLES, zone),
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
      clearance: clearanceFigure({ ...cells, clearance: byMode }, zone, mode),
      taxes: taxFigure(cells, zone, mode),
    })),
    refusals: withCauses(learned, cells, zone),
    stock: stock && stockOf(stock, zone, sight.books),
    undecided: zone === '' ? undecidedOf(undecided, cells) : null,
    links: { zones: zonesLink(cells.month, cells.asOf), rules: rulesLink() },
  }
}

interface Read {
  readonly zones: readonly ZoneFacts[]
  readonly definitions: readonly (Text & { readonly scope: string; readonly source: string })[]
  readonly at: Date
  /** Why figures are null. */
  readonly untold: Text | null
}

interface Asked {
  /** yyyyMM */
  readonly month: string
  /** With what it is compared with. */
  readonly months: readonly string[]
  readonly at: Date
  /** Where it was named, sealed. */
  readonly moment: MomentAsked | undefined
  /** Found out while other things are read. */
  readonly source: Promise<ZoneSource>
}

const askedOf = async (deps: Deps, { month: wanted, asOf }: ZonesQuery): Promise<Asked> => {
  const now = deps.clock.now()
  const at = asOf ?? now
  if (asOf !== undefined) await sealUpTo(deps, asOf)
  const month = wanted ?? stamp17(at).slice(0, 6)
  const months = [month, monthAfter(month, -1), monthAfter(month, -12)]
  const moment = asOf && { asOf, now }
  return { month, months, at, moment, source: sourceOf(deps.db, moment, months) }
}

const sourceOf = async (
  db: Db,
  moment: MomentAsked | undefined,
  months: readonly string[],
): Promise<ZoneSource> => moment ?? findSource(db, months)

/** From what is kept, as nearly always, without waiting to hear that it may be read. */
const readFrom = async <T>(
  { source, moment }: Pick<Asked, 'source' | 'moment'>,
  read: (source: ZoneSource) => Promise<T>,
): Promise<T> => {
  if (moment !== undefined) return read(moment)
  const [found, kept] = await Promise.all([source, read('kept')])
  return found === 'kept' ? kept : read(found)
}

const readCells = async (
  { db }: Deps,
  asked: Asked & { readonly activeMonths: readonly string[] },
  zone: string | undefined,
): Promise<
  Read & Pick<SummedCells, 'undecided'> & { readonly cells: ZoneCells; readonly more: boolean }
> => {
  const { month, months, at, moment, activeMonths } = asked
  const ledgerOnly = moment !== undefined
  const [{ undecided, ...told }, zones, measures, active, queues, learnt] = await Promise.all([
    readFrom(asked, (from) => findSummedCells(db, from, { months, zone, ledgerOnly })),
    zonesOf(db, at, moment),
    findMeasures(db, at),
    readFrom(asked, (from) => findActive(db, from, activeMonths, ROLES, zone)),
    moment === undefined ? readQueues(db, zone) : { rows: [], more: false },
    moment && findKnownThen(db, { months, zone, asOf: moment.asOf }),
  ])
  const refusedThen = learnt?.known?.map(({ refusals, ...place }) => ({
    ...place,
    count: refusals,
  }))
  return {
    cells: {
      ...{ ...told, month, isRunning: month >= stamp17(at).slice(0, 6), asOf: moment?.asOf },
      refusedInAll: refusedThen ?? told.refusedInAll,
      ...{ active, queue: queues.rows, knownThen: learnt?.known ?? null },
    },
    ...{ more: queues.more, undecided, zones, at },
    untold: learnt === undefined ? null : learnt.known ? PARTS_UNTOLD : untoldBefore(learnt.since),
    definitions: measures.filter(({ scope }) => scope === 'declared' || scope === 'released'),
  }
}

/** Under the names of the moment that is asked for, which is sealed. */
const zonesOf = async (
  db: Db,
  at: Date,
  moment: MomentAsked | undefined,
): Promise<readonly ZoneFacts[]> => namedAsOf(db, await findZones(db, chinaDay(at)), moment?.asOf)

/** The chore looks at documents from their first age on: what is younger it has not seen. */
const readQueues = async (db: Db, zone: string | undefined) => {
  const looked = Number((await findLookTime(db)) ?? 0)
  const since = new Date(Math.max(0, looked - CLOCKS_AGES_SECONDS[0] * 1000))
  return findZoneQueues(db, { kinds: KINDS, states: QUEUE_STATES, since }, zone)
}

const headOf = (
  { month, isRunning, asOf }: ZoneCells,
  { definitions, at, untold }: Read,
  more: boolean,
) => ({
  month,
  state: isRunning ? ('running' as const) : ('ended' as const),
  ...momentOf(asOf, at),
  definitions: [
    ...definitions.map(({ scope, zh, en, source }) => ({ scope, zh, en, source })),
    ...OWN_DEFINITIONS,
  ],
  clearanceError: CLEARANCE_ERROR,
  /** More is on its way than was counted. */
  queueMore: more,
  unopened: UNOPENED,
  /** Of figures that are null. */
  untold,
})

const HERE = 'docs/zones.md'

/** Figures of sets that no address names, and why. */
const UNOPENED: readonly (Text & { readonly figure: string })[] = [
  {
    figure: 'refusals',
    zh: '退单按回执计数，改正后仍计入；现仍处退单状态的单证见各企业工作台，两者不是同一集合，故不列清单',
    en: 'Refusals count replies, for good; the documents that still stand refused, which the enterprises have at their desks, are another set, so that none is opened',
  },
  {
    figure: 'queue',
    zh: '在途是此刻的份数，随时变化，尚未计入任何口径，故不列清单',
    en: 'What is under way changes by the second and counts in no scope yet, so that it is not opened',
  },
  {
    figure: 'stock',
    zh: '账册属区内企业，只对其本身和运营方打开',
    en: 'Books belong to their warehouses and open to these and the operator alone',
  },
]

/** As of a moment: what is kept of taxes and refusals says no more. */
const PARTS_UNTOLD: Text = {
  zh: '以过去时刻询问时，税款只有合计，关税、消费税、增值税、监管方式和税单份数没有留存何时得知；退单的原因同样没有留存；在途和库存只有现在的数',
  en: 'As of a moment, taxes are told in all: it is not kept when duty, consumption tax and VAT apart, trade modes and the number of bills were learnt, nor causes of refusals; the queue and stock are told as of now alone',
}

/** The same from which even that was not kept. */
const untoldBefore = (since: Date): Text => ({
  zh: `税款和退单自 ${chinaDay(since)} 起才留存何时得知，所问时刻早于此，故不给出；在途和库存只有现在的数`,
  en: `When taxes and refusals were learnt is kept since ${chinaDay(since)}, after the moment that is asked for, so that they are not told; the queue and stock are told as of now alone`,
})

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
const readMore = async ({ db }: Deps, asked: Asked, zone: string) => {
  const { month, moment } = asked
  const [{ trade, clearance }, byMode, learned, held] = await Promise.all([
    readFrom(asked, (from) => findSummedCells(db, from, { months: [month], ledgerOnly: true })),
    findClearanceByMode(db, moment, month, zone),
    loadMeanings(db),
    moment === undefined ? findStock(db, zone) : null,
  ])
  /** What zones are ranked by. */
  return { ranked: { trade, clearance }, byMode, learned, stock: held }
}

const withCauses = (learned: Meanings, cells: ZoneCells, zone: string) => {
  const figure = refusalFigure(cells, zone)
  if (figure === null) return null
  if (cells.asOf !== undefined) return { ...figure, causes: null, others: null }
  const own = cells.refused.filter((each) => each.zone === zone)
  const { decided } = decisions(cells, zone)
  const all = own.reduce((sum, { count }) => sum + count, 0)
  const byCause = grouped(own, (said: RefusedCount) => leading(learned, said).advice.cause.name)
  const causes = [...byCause.values()].flatMap((said) => {
    const [first] = said
    if (first === undefined) return []
    const count = said.reduce((sum, each) => sum + each.count, 0)
    return [
      {
        ...leading(learned, first).advice,
        ...{ count, share: shareOf(count, all), rate: shareOf(count, decided) },
      },
    ]
  })
  causes.sort((a, b) => b.count - a.count || (a.cause.name < b.cause.name ? -1 : 1))
  const others = causes.slice(ZONE_CAUSES_MAX)
  return {
    ...figure,
    causes: causes.slice(0, ZONE_CAUSES_MAX),
    others: { causes: others.length, count: others.reduce((sum, { count }) => sum + count, 0) },
  }
}

const stockOf = (cells: readonly StockCell[], zone: string, opensBooks: boolean) => {
  const list = findCodeList('unit')
  return {
    /** No book tells a price or a value, and none is guessed. */
    value: null,
    missing: {
      zh: '无单价：账册只记数量，无法给出库存货值；按计量单位列出数量',
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
    links: { books: opensBooks ? booksLink(zone) : null },
  }
}

const isReason = (because: string): because is Undecided => because in undecidedReasons

const undecidedOf = (found: readonly UndecidedCount[], { month, asOf }: ZoneCells) => {
  const counts = (['declared', 'released'] as const).map((scope) => ({
    scope,
    reasons: found
      .filter((each) => each.scope === scope)
      .flatMap(({ because, count }) =>
        isReason(because)
          ? {
              ...{ because, name: undecidedReasons[because], count },
              links: { documents: countedLink({ scope, month, zone: '', only: because, asOf }) },
            }
          : [],
      ),
    links: { documents: countedLink({ scope, month, zone: '', asOf }) },
  }))
  return { counts, links: { rules: rulesLink() } }
}
