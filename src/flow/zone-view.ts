/**
 * What a zone is told by: each figure with its scope and the address of what it counts. Made of the
 * cells that the store gives, of one zone or of all of them together. Pure.
 */
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
  TaxCell,
  TradeCell,
  ZoneQueue,
} from '../store/zone-figures.ts'
import { activeLink, billsLink, countedLink, refusalsLink, stateLink } from './zone-links.ts'

/** What was read of a month, the month before and the same one a year earlier. */
export interface ZoneCells {
  /** yyyyMM */
  readonly month: string
  /** A month under way is compared with nothing. */
  readonly isRunning: boolean
  readonly trade: readonly TradeCell[]
  readonly taxes: readonly TaxCell[]
  readonly refused: readonly RefusedCount[]
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
  const [clearance, active] = [apart(cells.clearance), apart(cells.active)]
  const [returns, queue] = [apart(cells.returns), apart(cells.queue)]
  return (zone) => ({
    ...{ month: cells.month, isRunning: cells.isRunning, trade: trade(zone), taxes: taxes(zone) },
    ...{ refused: refused(zone), clearance: clearance(zone), active: active(zone) },
    ...{ returns: returns(zone), queue: queue(zone) },
  })
}

export type CountScope = TradeCell['scope']
type Place = Partial<Pick<TradeCell, 'zone' | 'mode' | 'direction'>>

export interface Compared {
  /** yyyyMM */
  readonly month: string
  /** What it is compared with. */
  readonly base: string
  /** A share, 6 places; null without a base, and while the month runs. */
  readonly growth: string | null
}

interface Sides {
  readonly lastMonth: Compared
  readonly lastYear: Compared
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
export const tradeFigure = (
  { month, isRunning, trade }: ZoneCells,
  scope: CountScope,
  place: Place,
): TradeFigure => {
  const own = trade.filter((cell) => cell.scope === scope)
  const cells = own.filter(within(month, place))
  const sum = total(cells)
  const earlier = (back: number) => {
    const before = monthAfter(month, -back)
    return { month: before, ...total(own.filter(within(before, place))) }
  }
  const [lastMonth, lastYear] = [earlier(1), earlier(12)]
  const side = (at: typeof lastMonth, what: 'count' | 'amount'): Compared => {
    const base = String(at[what])
    const growth = isRunning ? null : growthOf(String(sum[what]), base)
    return { month: at.month, base, growth }
  }
  const sides = (what: 'count' | 'amount'): Sides => ({
    ...{ lastMonth: side(lastMonth, what), lastYear: side(lastYear, what) },
  })
  return {
    ...{ scope, ...sum, missing: missingOf(cells) },
    compared: { count: sides('count'), amount: sides('amount') },
    links: { documents: countedLink({ scope, month, ...place }) },
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
  readonly bills: number
  /** CNY, decimal texts. */
  readonly duty: string
  readonly consumptionTax: string
  readonly vat: string
  readonly total: string
  readonly links: { readonly variances: string }
}

export const taxFigure = (
  { month, taxes }: ZoneCells,
  zone: string | undefined,
  mode?: string,
): TaxFigure => {
  const cells = taxes.filter(
    (cell) =>
      cell.month === month &&
      (zone === undefined || cell.zone === zone) &&
      (mode === undefined || cell.mode === mode),
  )
  const sum = (name: 'duty' | 'consumption' | 'vat') => addDecimals(cells.map((cell) => cell[name]))
  const [duty, consumptionTax, vat] = [sum('duty'), sum('consumption'), sum('vat')]
  return {
    ...{ scope: 'billed', bills: cells.reduce((all, { bills }) => all + bills, 0) },
    ...{ duty, consumptionTax, vat, total: addDecimals([duty, consumptionTax, vat]) },
    links: { variances: billsLink() },
  }
}

export interface ClearanceFigure extends Clearance {
  readonly scope: 'released'
  readonly links: { readonly documents: string }
}

export const clearanceFigure = (
  cells: ZoneCells,
  zone: string | undefined,
  { month = cells.month, mode }: { readonly month?: string; readonly mode?: string } = {},
): ClearanceFigure => ({
  ...{ scope: 'released' },
  ...clearanceOf(
    cells.clearance
      .filter(
        (cell) =>
          cell.month === month &&
          (zone === undefined || cell.zone === zone) &&
          (mode === undefined || cell.mode === mode),
      )
      .flatMap(({ steps }) => Object.entries(steps)),
  ),
  links: { documents: countedLink({ scope: 'released', month, zone, mode }) },
})

export interface RefusalFigure {
  readonly scope: 'refused'
  /** Replies of customs that refused a version of a list. */
  readonly refused: number
  /** Of all versions that customs decided on: refused / (refused + declared), 6 places; null of none. */
  readonly rate: string | null
  readonly links: { readonly rejections: string | null }
}

export const refusalFigure = (
  { month, refused, trade }: ZoneCells,
  zone: string | undefined,
): RefusalFigure => {
  const place = zone === undefined ? {} : { zone }
  const isOwn = (cell: RefusedCount) =>
    cell.month === month && (zone === undefined || cell.zone === zone)
  const count = refused.filter(isOwn).reduce((sum, each) => sum + each.count, 0)
  const declared = total(
    trade.filter(({ scope }) => scope === 'declared').filter(within(month, place)),
  ).count
  return {
    ...{ scope: 'refused', refused: count, rate: shareOf(count, count + declared) },
    links: { rejections: refusalsLink(month, zone) },
  }
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
  { month, active }: ZoneCells,
  roles: readonly CountedRole[],
  zone: string | undefined,
): readonly ActiveFigure[] =>
  roles.map((role) => ({
    ...{ role, name: roleNames[role], scope: 'released' },
    enterprises:
      active.find((each) => each.role === role && each.zone === (zone ?? null))?.enterprises ?? 0,
    links: { enterprises: activeLink(role, month, zone) },
  }))

export interface ReturnFigure {
  readonly scope: 'released'
  readonly lists: number
  readonly amount: string
  readonly missing: readonly MissingRate[]
  readonly links: { readonly documents: string }
}

export const returnFigure = (
  { month, returns }: ZoneCells,
  zone: string | undefined,
): ReturnFigure => {
  const cells = returns.filter((cell) => zone === undefined || cell.zone === zone)
  return {
    ...{ scope: 'released', lists: cells.reduce((sum, { lists }) => sum + lists, 0) },
    ...{ amount: addDecimals(cells.map(({ amount }) => amount)), missing: missingOf(cells) },
    links: { documents: countedLink({ scope: 'released', month, zone }) },
  }
}

/** States of lists that are on their way to customs, or held back before it. */
export const QUEUE_STATES = ['waiting', 'ready', 'sent', 'blocked'] as const

export type QueueFigure = Readonly<Record<(typeof QUEUE_STATES)[number], number>> & {
  readonly links: Readonly<Record<string, string | null>>
}

export const queueFigure = ({ queue }: ZoneCells, zone: string | undefined): QueueFigure => {
  const count = (state: string) =>
    queue
      .filter((each) => each.state === state && (zone === undefined || each.zone === zone))
      .reduce((sum, each) => sum + each.count, 0)
  const counts = {
    ...{ waiting: count('waiting'), ready: count('ready') },
    ...{ sent: count('sent'), blocked: count('blocked') },
  }
  return {
    ...counts,
    links: Object.fromEntries(QUEUE_STATES.map((state) => [state, stateLink(state, zone)])),
  }
}
