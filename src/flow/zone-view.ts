/**
 * What a zone is told by: each figure with its scope and the address of what it counts. Made of the
 * cells that the store gives, of one zone or of all of them together. Pure.
 */
import type { CountedSet } from '../catalogue/counted-sets.ts'
import type { CountedRole } from '../catalogue/message.ts'
import { roleNames } from '../catalogue/roles.ts'
import type { Text } from '../kernel/fault.ts'
import { fraction, writeFixed } from '../kernel/fraction.ts'
import { grouped } from '../kernel/grouped.ts'
import { monthAfter } from '../kernel/months.ts'
import { addDecimals } from '../kernel/places.ts'
import { type Clearance, clearanceOf } from '../rules/clearance.ts'
import { growthOf } from '../rules/growth.ts'
import type {
  ActiveEnterprises,
  ClearanceCell,
  MissingRate,
  RefusedCount,
  ReturnCell,
  SummedCells,
  TaxCell,
  TradeCell,
  ZoneQueue,
} from '../store/zone-figures.ts'
import type { KnownThen } from '../store/zones-as-of.ts'
import { activeLink, billedLink, countedLink } from './zone-links.ts'

/** What was read of a month, the month before and the same one a year earlier. */
export interface ZoneCells {
  /** yyyyMM */
  readonly month: string
  /** A month under way is compared with nothing. */
  readonly isRunning: boolean
  /** As known at this moment; now when undefined, and only then is the queue told. */
  readonly asOf: Date | undefined
  /**
   * What stands for `taxes` and `refused` as of a moment, of which less is kept; null where even that was
   * not kept yet, and of now.
   */
  readonly knownThen: readonly KnownThen[] | null
  readonly trade: readonly TradeCell[]
  readonly taxes: readonly TaxCell[]
  readonly refused: readonly RefusedCount[]
  readonly refusedInAll: SummedCells['refusedInAll']
  readonly clearance: readonly ClearanceCell[]
  readonly active: readonly ActiveEnterprises[]
  readonly returns: readonly ReturnCell[]
  readonly queue: readonly ZoneQueue[]
}

/**
 * The cells of each zone apart, so that a zone's figures do not look through those of all others. What is
 * told of all zones together is in none of them.
 */
export const cellsByZone = (cells: ZoneCells): ((zone: string) => ZoneCells) => {
  const apart = <T extends { readonly zone: string | null }>(all: readonly T[]) => {
    const groups = grouped(all, ({ zone }) => zone)
    return (zone: string): readonly T[] => groups.get(zone) ?? []
  }
  const [trade, taxes, refused] = [apart(cells.trade), apart(cells.taxes), apart(cells.refused)]
  const refusedInAll = apart(cells.refusedInAll)
  const [clearance, active] = [apart(cells.clearance), apart(cells.active)]
  const [returns, queue] = [apart(cells.returns), apart(cells.queue)]
  const knownThen = cells.knownThen && apart(cells.knownThen)
  return (zone) => ({
    ...{ month: cells.month, isRunning: cells.isRunning, asOf: cells.asOf },
    ...{ trade: trade(zone), taxes: taxes(zone) },
    ...{
      refused: refused(zone),
      refusedInAll: refusedInAll(zone),
      clearance: clearance(zone),
      active: active(zone),
    },
    ...{ returns: returns(zone), queue: queue(zone), knownThen: knownThen?.(zone) ?? null },
  })
}

export type CountScope = TradeCell['scope']
type Place = Partial<Pick<TradeCell, 'zone' | 'mode' | 'direction'>>

export interface Compared {
  /** yyyyMM */
  readonly month: string
  /** What it is compared with; null where nothing is known of it. */
  readonly base: string | null
  /** A share, 6 places; null without a base, and while the month runs. */
  readonly growth: string | null
}

interface Sides {
  readonly lastMonth: Compared
  readonly lastYear: Compared
}

/** What a figure of the month is compared with; `of` gives it for a month. */
const compared = (
  { month, isRunning }: Pick<ZoneCells, 'month' | 'isRunning'>,
  of: (month: string) => string | null,
): Sides => {
  const own = of(month)
  const side = (back: number): Compared => {
    const before = monthAfter(month, -back)
    const base = of(before)
    const isKnown = !isRunning && own !== null && base !== null
    return { month: before, base, growth: isKnown ? growthOf(own, base) : null }
  }
  return { lastMonth: side(1), lastYear: side(12) }
}

export interface TradeFigure {
  readonly scope: CountScope
  readonly count: number
  /** CNY, decimal text. */
  readonly amount: string
  /** Amounts without a rate: they are in no figure. */
  readonly missing: readonly MissingRate[]
  readonly compared: { readonly count: Sides; readonly amount: Sides }
  readonly links: { readonly documents: string }
}

const within =
  (month: string, place: Place) =>
  (cell: TradeCell): boolean =>
    cell.month === month &&
    (Object.keys(place) as (keyof Place)[]).every((name) => cell[name] === place[name])

const total = (cells: readonly TradeCell[]) => ({
  count: cells.reduce((sum, { count }) => sum + count, 0),
  amount: addDecimals(cells.map(({ amount }) => amount)),
})

/** The figure of a month in a place, beside the same of a month and of a year earlier. */
export const tradeFigure = (cells: ZoneCells, scope: CountScope, place: Place): TradeFigure => {
  const { month, asOf } = cells
  const own = cells.trade.filter((cell) => cell.scope === scope)
  const inMonth = (of: string) => own.filter(within(of, place))
  return {
    ...{ scope, ...total(inMonth(month)), missing: missingOf(inMonth(month)) },
    compared: {
      count: compared(cells, (of) => String(total(inMonth(of)).count)),
      amount: compared(cells, (of) => total(inMonth(of)).amount),
    },
    links: { documents: countedLink({ scope, month, ...place, asOf }) },
  }
}

const missingOf = (
  cells: readonly { readonly missing: readonly MissingRate[] | null }[],
): readonly MissingRate[] => {
  const byCurrency = new Map<string, string>()
  for (const { currency, amount } of cells.flatMap(({ missing }) => missing ?? []))
    byCurrency.set(currency, addDecimals([byCurrency.get(currency) ?? '0', amount]))
  return [...byCurrency].map(([currency, amount]) => ({ currency, amount }))
}

export interface TaxFigure {
  readonly scope: 'billed'
  /** Null as of a moment, and so is what the total consists of. */
  readonly bills: number | null
  /** CNY, decimal texts. */
  readonly duty: string | null
  readonly consumptionTax: string | null
  readonly vat: string | null
  readonly total: string
  readonly compared: { readonly total: Sides }
  /** Null as of a moment: lists are found by the bills that stand now. */
  readonly links: { readonly lists: string | null }
}

/** As of a moment the total of all modes alone, and null where that was not kept. */
export const taxFigure = (
  cells: ZoneCells,
  zone: string | undefined,
  mode?: string,
): TaxFigure | null => {
  const { month } = cells
  if (cells.asOf !== undefined) return mode === undefined ? taxFigureThen(cells, zone) : null
  const own = cells.taxes.filter(
    (cell) =>
      (zone === undefined || cell.zone === zone) && (mode === undefined || cell.mode === mode),
  )
  const sums = (of: string) => {
    const inMonth = own.filter((cell) => cell.month === of)
    const sum = (name: 'duty' | 'consumption' | 'vat') =>
      addDecimals(inMonth.map((cell) => cell[name]))
    const [duty, consumptionTax, vat] = [sum('duty'), sum('consumption'), sum('vat')]
    const bills = inMonth.reduce((all, cell) => all + cell.bills, 0)
    return { bills, duty, consumptionTax, vat, total: addDecimals([duty, consumptionTax, vat]) }
  }
  return {
    ...{ scope: 'billed', ...sums(month) },
    compared: { total: compared(cells, (of) => sums(of).total) },
    links: { lists: billedLink(month, zone, mode) },
  }
}

const taxFigureThen = (cells: ZoneCells, zone: string | undefined): TaxFigure | null => {
  const { knownThen, month } = cells
  if (knownThen === null) return null
  const total = (of: string) =>
    addDecimals(
      knownThen
        .filter((cell) => cell.month === of && (zone === undefined || cell.zone === zone))
        .map(({ taxes }) => taxes),
    )
  return {
    ...{ scope: 'billed', bills: null, duty: null, consumptionTax: null, vat: null },
    ...{ total: total(month), compared: { total: compared(cells, total) }, links: { lists: null } },
  }
}

export interface ClearanceFigure extends Clearance {
  readonly scope: 'released'
  readonly links: { readonly measured: string; readonly unmeasured: string }
}

export const clearanceFigure = (
  { month, asOf, clearance }: ZoneCells,
  zone: string | undefined,
  mode?: string,
): ClearanceFigure => {
  const link = (only: CountedSet) =>
    countedLink({ scope: 'released', month, zone, mode, only, asOf })
  return {
    ...{ scope: 'released', ...clearanceIn(clearance, month, zone, mode) },
    links: { measured: link('measured'), unmeasured: link('unmeasured') },
  }
}

const clearanceIn = (
  cells: readonly ClearanceCell[],
  month: string,
  zone: string | undefined,
  mode?: string,
): Clearance =>
  clearanceOf(
    cells
      .filter(
        (cell) =>
          cell.month === month &&
          (zone === undefined || cell.zone === zone) &&
          (mode === undefined || cell.mode === mode),
      )
      .flatMap(({ steps }) => Object.entries(steps)),
  )

/** The same beside earlier months, which are kept for all modes together. */
export const comparedClearance = (cells: ZoneCells, zone: string | undefined) => {
  const sides = (name: 'medianMinutes' | 'p95Minutes') =>
    compared(cells, (month) => {
      const minutes = clearanceIn(cells.clearance, month, zone)[name]
      return minutes === null ? null : String(minutes)
    })
  return {
    ...clearanceFigure(cells, zone),
    compared: { medianMinutes: sides('medianMinutes'), p95Minutes: sides('p95Minutes') },
  }
}

export interface RefusalFigure {
  readonly scope: 'refused'
  /** Replies of customs that refused a version of a list. */
  readonly refused: number
  /** Of all versions that customs decided on: refused / (refused + declared), 6 places; null of none. */
  readonly rate: string | null
  readonly compared: { readonly rate: Sides }
}

/** Null as of a moment from which it was not kept when refusals were learnt. */
export const refusalFigure = (cells: ZoneCells, zone: string | undefined): RefusalFigure | null => {
  if (cells.asOf !== undefined && cells.knownThen === null) return null
  const rateOf = (month: string) => {
    const { refused, decided } = decisions(cells, zone, month)
    return shareOf(refused, decided)
  }
  return {
    ...{ scope: 'refused', refused: decisions(cells, zone).refused, rate: rateOf(cells.month) },
    compared: { rate: compared(cells, rateOf) },
  }
}

/** What customs refused in a month, and all that it decided on. */
export const decisions = (
  cells: ZoneCells,
  zone: string | undefined,
  month: string = cells.month,
): { readonly refused: number; readonly decided: number } => {
  const refused = cells.refusedInAll
    .filter((cell) => cell.month === month && (zone === undefined || cell.zone === zone))
    .reduce((sum, { count }) => sum + count, 0)
  const isOwn = within(month, zone === undefined ? {} : { zone })
  const declared = total(
    cells.trade.filter((cell) => cell.scope === 'declared' && isOwn(cell)),
  ).count
  return { refused, decided: refused + declared }
}

/** Places of a share. */
const PLACES = 6

export const shareOf = (part: number, whole: number): string | null =>
  whole <= 0 ? null : writeFixed(fraction(BigInt(part), BigInt(whole)), PLACES)

export interface ActiveFigure {
  readonly role: CountedRole
  readonly name: Text
  readonly scope: 'released'
  readonly enterprises: number
  readonly links: { readonly enterprises: string }
}

export const activeFigures = (
  { month, active, asOf }: ZoneCells,
  roles: readonly CountedRole[],
  zone: string | undefined,
): readonly ActiveFigure[] =>
  roles.map((role) => ({
    ...{ role, name: roleNames[role], scope: 'released' },
    enterprises: activeIn(active, month, role, zone),
    links: { enterprises: activeLink(role, month, zone, asOf) },
  }))

const activeIn = (
  active: readonly ActiveEnterprises[],
  month: string,
  role: CountedRole,
  zone: string | undefined,
): number =>
  active.find((each) => each.month === month && each.role === role && each.zone === (zone ?? null))
    ?.enterprises ?? 0

/** The same beside earlier months, of which they must have been read. */
export const comparedActive = (
  cells: ZoneCells,
  roles: readonly CountedRole[],
  zone: string | undefined,
) =>
  activeFigures(cells, roles, zone).map((figure) => ({
    ...figure,
    compared: {
      enterprises: compared(cells, (month) =>
        String(activeIn(cells.active, month, figure.role, zone)),
      ),
    },
  }))

export interface ReturnFigure {
  readonly scope: 'released'
  readonly lists: number
  readonly amount: string
  readonly missing: readonly MissingRate[]
  readonly compared: { readonly lists: Sides; readonly amount: Sides }
  readonly links: { readonly documents: string }
}

export const returnFigure = (cells: ZoneCells, zone: string | undefined): ReturnFigure => {
  const { month, asOf } = cells
  const inMonth = (of: string) =>
    cells.returns.filter((cell) => cell.month === of && (zone === undefined || cell.zone === zone))
  const lists = (of: string) => inMonth(of).reduce((sum, cell) => sum + cell.lists, 0)
  const amount = (of: string) => addDecimals(inMonth(of).map((cell) => cell.amount))
  return {
    ...{ scope: 'released', lists: lists(month), amount: amount(month) },
    missing: missingOf(inMonth(month)),
    compared: {
      lists: compared(cells, (of) => String(lists(of))),
      amount: compared(cells, amount),
    },
    links: { documents: countedLink({ scope: 'released', month, zone, only: 'returned', asOf }) },
  }
}

/** States of lists that are on their way to customs, or held back before it. */
export const QUEUE_STATES = ['waiting', 'ready', 'sent', 'blocked'] as const

export type QueueFigure = Readonly<Record<(typeof QUEUE_STATES)[number], number>>

/** Null as of a moment: it is of now. */
export const queueFigure = (
  { queue, asOf }: ZoneCells,
  zone: string | undefined,
): QueueFigure | null => {
  if (asOf !== undefined) return null
  const count = (state: string) =>
    queue
      .filter((each) => each.state === state && (zone === undefined || each.zone === zone))
      .reduce((sum, each) => sum + each.count, 0)
  return {
    ...{ waiting: count('waiting'), ready: count('ready') },
    ...{ sent: count('sent'), blocked: count('blocked') },
  }
}
