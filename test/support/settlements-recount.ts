/**
 * What settlements should come to, counted again from what was handed in and what customs told: a
 * second hand, which shares no statement and no reckoning with the gateway. Amounts are whole numbers
 * of 1/100000 unless they are called cents.
 */
import type { FlowDeps } from '../../src/flow/types.ts'
import { findEvents } from '../../src/store/listing.ts'
import {
  figuresOf,
  type Recorded,
  type RecordLine,
  type Slot,
  type World,
} from './settlements-world.ts'
import { countingVersion, recount } from './totals-recount.ts'

const CENT = 1_000n

export interface ListNow {
  readonly slot: Slot
  readonly id: string
  readonly released: boolean
  /** Customs has it and did not refuse it. */
  readonly declared: boolean
  /** yyyyMM of release, else of declaration. */
  readonly month: string
  /** Value after returns, by currency; as declared until it is released. */
  readonly value: ReadonlyMap<string, bigint>
  readonly zone: string
  readonly mode: string
}

/** Every list that was handed in, as it stands by its events. */
export const listsNow = async ({ gateway, slots, returns }: World): Promise<readonly ListNow[]> => {
  const found: ListNow[] = []
  for (const slot of slots) {
    const { held } = slot
    if (held === undefined) continue
    const sums = await recount(gateway.deps, { lists: [held], returns, settled: [] })
    const isCounted = ([, { count }]: readonly [string, { readonly count: number }]): boolean =>
      count === 1
    const declared = [...(sums.get('declared') ?? [])]
    const released = [...(sums.get('released') ?? [])]
    const isReleased = released.some(isCounted)
    const counts = isReleased ? released : declared
    const value = new Map<string, bigint>()
    for (const [key, { amount }] of counts) {
      const currency = key.slice(7)
      value.set(currency, (value.get(currency) ?? 0n) + amount)
    }
    const counted = counts.find(isCounted)
    const { version } = countingVersion(await findEvents(gateway.deps.db, held.id))
    found.push({
      ...{ slot, id: held.id, released: isReleased, declared: declared.some(isCounted), value },
      month: counted?.[0].slice(0, 6) ?? '',
      ...(await placeOf(gateway.deps, held.id, Math.max(1, version))),
    })
  }
  return found
}

/** Where the version was placed when it was handed in. */
const placeOf = async ({ db }: FlowDeps, id: string, version: number) => {
  const { zone, trade_mode } = await db
    .selectFrom('document')
    .select(['zone', 'trade_mode'])
    .where('id', '=', id)
    .where('version', '=', version)
    .executeTakeFirstOrThrow()
  return { zone: zone ?? '', mode: trade_mode ?? '' }
}

/** A line as the gateway shows it. */
export interface Matched {
  readonly listId: string | null
  readonly reservedId: string | null
  readonly reason: string | null
}
/** By id of the record. */
export type Matches = ReadonlyMap<string, readonly Matched[]>

const inForce = ({ records }: World): readonly Recorded[] =>
  [...records.values()].filter(({ state }) => state === 'in-force')

const isInward = ({ direction }: Pick<Recorded, 'direction'>): boolean =>
  direction === '1' || direction === '3'
export const sideOf = (record: Pick<Recorded, 'direction'>): 'import' | 'export' =>
  isInward(record) ? 'export' : 'import'

const signOf = ({ nature }: Recorded): bigint => (nature === '3' ? -1n : 1n)

// ---- which list a line is for --------------------------------------------------------------------

interface Paid {
  readonly currency: string
  readonly amount: bigint
}

const isSame = (a: RecordLine, b: RecordLine): boolean =>
  a.by === b.by && (a.by === 'order' ? a.slot.orderNo === b.slot.orderNo : a.slot.n === b.slot.n)

const names = (line: RecordLine, { slot }: ListNow): boolean =>
  line.by === 'order' ? line.slot.orderNo === slot.orderNo : line.slot.n === slot.n

/** What lines settle of a list, or reserve of it ahead of its release; refunds are negative. */
export const paidOf = (world: World, matches: Matches, listId: string): readonly Paid[] =>
  inForce(world).flatMap((record) =>
    record.lines.flatMap(({ cents }, place) =>
      takenOf(matches.get(record.id)?.[place]) === listId
        ? [{ currency: record.currency, amount: signOf(record) * cents * CENT }]
        : [],
    ),
  )

const takenOf = (line: Matched | undefined): string | null =>
  line?.listId ?? line?.reservedId ?? null

export interface Sides {
  readonly currency: string
  readonly value: bigint
  readonly paid: bigint
  readonly converted: boolean
}

/** Both sides in the list's currency where there is but one, else in CNY; undefined without a rate. */
export const sidesOf = (
  { rates }: Pick<World, 'rates'>,
  list: Pick<ListNow, 'value' | 'month'>,
  paid: readonly Paid[],
): Sides | undefined => {
  const whole = [...list.value].filter(([, amount]) => amount !== 0n)
  const own = (whole.length === 0 ? [...list.value].slice(0, 1) : whole).map(
    ([currency, amount]) => ({ currency, amount }),
  )
  const currencies = new Set([...own, ...paid].map(({ currency }) => currency))
  const sum = (of: readonly Paid[]): bigint => of.reduce((all, { amount }) => all + amount, 0n)
  const [only = '142'] = currencies
  if (currencies.size < 2)
    return { currency: only, value: sum(own), paid: sum(paid), converted: false }
  const rate = rates.get(`${list.month} 502`)
  if (rate === undefined) return undefined
  // Half up, on ten thousandths of a unit.
  const yuan = (of: readonly Paid[]): bigint => {
    const scaled = of.reduce(
      (all, { currency, amount }) => all + amount * (currency === '142' ? 10_000n : rate),
      0n,
    )
    return floored(2n * scaled + 10_000n, 20_000n)
  }
  return { currency: '142', value: yuan(own), paid: yuan(paid), converted: true }
}

const floored = (a: bigint, b: bigint): bigint => a / b - (a % b !== 0n && a < 0n ? 1n : 0n)

/** A twentieth more where rates had to be used. */
export const isTooMuch = ({ value, paid, converted }: Sides): boolean =>
  converted ? 20n * paid > 21n * value : paid > value

const isOpen = ({ value, paid, converted }: Sides): boolean =>
  converted && paid > 0n ? 20n * (value - paid) > value : value > paid

/** Lines that are matched to what they should not be, or open for a reason that does not hold. */
export const wrongLines = (
  world: World,
  lists: readonly ListNow[],
  matches: Matches,
): readonly string[] => [
  ...inForce(world).flatMap((record) =>
    record.lines.flatMap((line, place) => {
      const found = matches.get(record.id)?.[place]
      const wanted = wantedOf(world, lists, matches, record, line, found)
      return found !== undefined && wanted === wordsOf(found)
        ? []
        : [`${record.number}/${place}: ${JSON.stringify(found)}, wanted ${wanted}`]
    }),
  ),
  // Of what is not released nobody reserves more than it is worth, whoever was first.
  ...lists.flatMap((list) => {
    const sides = sidesOf(world, list, paidOf(world, matches, list.id))
    const isWrong = !list.released && sides !== undefined && sides.paid > 0n && isTooMuch(sides)
    return isWrong ? [`${list.id}: reserved ${sides.paid} of ${sides.value}`] : []
  }),
]

const wordsOf = ({ listId, reservedId, reason }: Matched): string =>
  [listId ?? '', reservedId ?? '', reason ?? ''].join('/')
const openFor = (reason: string): string => `//${reason}`
const takes = ({ id, released }: ListNow): string => (released ? `${id}//` : `/${id}/unreleased`)

/** The list, what is reserved of, and the reason, that would be right. */
const wantedOf = (
  world: World,
  lists: readonly ListNow[],
  matches: Matches,
  record: Recorded,
  line: RecordLine,
  found: Matched | undefined,
): string => {
  if (record.nature === '2') return openFor('')
  if (record.nature === '3') {
    const original = world.records.get(record.of ?? '')
    const at = original?.lines.findIndex((one) => isSame(one, line)) ?? -1
    const of = matches.get(original?.id ?? '')?.[at]
    if (of !== undefined && takenOf(of) !== null) return wordsOf(of)
    return openFor(of?.reason === 'over' ? 'over' : 'original')
  }
  const suiting = suitingOf(lists, record, line)
  const released = suiting.filter((list) => list.released)
  // Earlier records win: neither what is matched nor what is reserved is lost to another list.
  const held = suiting.find(({ id }) => found !== undefined && id === takenOf(found))
  const [list, second] = held !== undefined ? [held] : released.length > 0 ? released : suiting
  if (list === undefined) return openFor('unknown')
  if (second !== undefined) return openFor('several')
  if (takenOf(found) === list.id) return takes(list)
  const paid = paidOf(world, matches, list.id)
  const more = line.cents * CENT - refundedOf(world, record, line)
  const then = sidesOf(world, list, [...paid, { currency: record.currency, amount: more }])
  if (then === undefined) return openFor('rate')
  return isTooMuch(then) ? openFor('over') : takes(list)
}

/** Lists of the seller and direction that customs has. */
export const suitingOf = (
  lists: readonly ListNow[],
  record: Pick<Recorded, 'seller' | 'direction'>,
  line: RecordLine,
): readonly ListNow[] =>
  lists.filter(
    (list) =>
      names(line, list) &&
      (list.released || list.declared) &&
      list.slot.seller === record.seller &&
      list.slot.direction === sideOf(record),
  )

/** What refunds in force take off a line. */
const refundedOf = (world: World, record: Recorded, line: RecordLine): bigint =>
  inForce(world)
    .filter(({ nature, of }) => nature === '3' && of === record.number)
    .flatMap(({ lines }) => lines.filter((one) => isSame(one, line)))
    .reduce((sum, { cents }) => sum + cents * CENT, 0n)

// ---- what it comes to ----------------------------------------------------------------------------

export interface Sum {
  readonly count: number
  readonly amount: bigint
}

/**
 * CNY by `month side zone mode`: each record to the fen, in proportion to its lines. What lines that
 * are over come to together, in whole fen, counts nowhere.
 */
export const settledNow = (
  world: World,
  lists: readonly ListNow[],
  matches: Matches,
): ReadonlyMap<string, Sum> => {
  const sums = new Map<string, Sum>()
  for (const record of inForce(world)) {
    if (record.nature === '2') continue
    const weights = new Map<string, bigint>()
    record.lines.forEach(({ cents }, place) => {
      if (isOver(matches, record, place)) return
      const listId = matches.get(record.id)?.[place]?.listId
      const list = lists.find(({ id }) => id === listId)
      const key = JSON.stringify([list?.zone ?? '', list?.mode ?? ''])
      weights.set(key, (weights.get(key) ?? 0n) + cents)
    })
    const { gross, rmb } = figuresOf(record)
    // Places before no place; the last one takes what rounding leaves.
    const places = [...weights].sort(([a], [b]) => (a < b ? 1 : -1))
    let left = rmb - overOf(matches, record).rmb
    places.forEach(([key, weight], i) => {
      const part = i === places.length - 1 ? left : (rmb * weight) / gross
      left -= part
      const [zone, mode] = JSON.parse(key) as [string, string]
      const name = [record.month, sideOf(record), zone, mode].join(' ')
      const { count, amount } = sums.get(name) ?? { count: 0, amount: 0n }
      const counts = i === 0 && record.nature === '1' ? 1 : 0
      sums.set(name, { count: count + counts, amount: amount + signOf(record) * part * CENT })
    })
  }
  return sums
}

const isOver = (matches: Matches, { id }: Recorded, place: number): boolean =>
  matches.get(id)?.[place]?.reason === 'over'

/** Cents of the lines that are over, and the fen that do not count for them. */
const overOf = (matches: Matches, record: Recorded): { cents: bigint; rmb: bigint } => {
  const { gross, rmb } = figuresOf(record)
  const over = record.lines.filter((_, place) => isOver(matches, record, place))
  const cents = over.reduce((sum, line) => sum + line.cents, 0n)
  return { cents, rmb: (rmb * cents) / gross }
}

/** Amounts by `month direction currency`, as the totals of settlements have them. */
export const tiedNow = (world: World, matches: Matches) => {
  type Names = 'gross' | 'costs' | 'net' | 'rmb' | 'matched' | 'over' | 'counted'
  const rows = new Map<string, Record<Names, bigint>>()
  for (const record of inForce(world)) {
    if (record.nature === '2') continue
    const { gross, net, rmb } = figuresOf(record)
    const matched = record.lines.reduce(
      (sum, { cents }, i) => sum + (matches.get(record.id)?.[i]?.listId == null ? 0n : cents),
      0n,
    )
    const name = `${record.month} ${record.direction} ${record.currency}`
    const held = rows.get(name) ?? {
      ...{ gross: 0n, costs: 0n, net: 0n, rmb: 0n, matched: 0n, over: 0n, counted: 0n },
    }
    const over = overOf(matches, record)
    const more = { gross, costs: record.costs, net, rmb, matched }
    const whole = { ...more, over: over.cents, counted: rmb - over.rmb }
    for (const what of Object.keys(held) as (keyof typeof held)[])
      held[what] += signOf(record) * whole[what] * CENT
    rows.set(name, held)
  }
  return rows
}

export interface OpenSum extends Sum {
  readonly withoutRate: number
}

/** Lists that have something left, by currency. */
export const openListsNow = (
  world: World,
  lists: readonly ListNow[],
  matches: Matches,
): ReadonlyMap<string, OpenSum> => {
  const sums = new Map<string, OpenSum>()
  for (const list of lists.filter(({ released }) => released)) {
    const sides = sidesOf(world, list, paidOf(world, matches, list.id))
    if (sides !== undefined && !isOpen(sides)) continue
    const own = [...list.value].filter(([, amount]) => amount !== 0n)
    const currency = sides?.currency ?? (own.length === 1 ? (own[0]?.[0] ?? '') : '')
    const { count, amount, withoutRate } = sums.get(currency) ?? {
      ...{ count: 0, amount: 0n, withoutRate: 0 },
    }
    const rest = sides === undefined ? 0n : sides.value - sides.paid
    const gap = sides === undefined ? 1 : 0
    sums.set(currency, {
      ...{ count: count + 1, amount: amount + rest, withoutRate: withoutRate + gap },
    })
  }
  return sums
}

/** Lines that have no list, by currency. */
export const openLinesNow = (world: World, matches: Matches): ReadonlyMap<string, OpenSum> => {
  const sums = new Map<string, OpenSum>()
  for (const record of inForce(world))
    record.lines.forEach(({ cents }, place) => {
      const reason = matches.get(record.id)?.[place]?.reason ?? null
      if (reason === null) return
      const held = sums.get(record.currency) ?? { count: 0, amount: 0n, withoutRate: 0 }
      sums.set(record.currency, {
        count: held.count + 1,
        amount: held.amount + signOf(record) * cents * CENT,
        withoutRate: held.withoutRate + (reason === 'rate' ? 1 : 0),
      })
    })
  return sums
}
