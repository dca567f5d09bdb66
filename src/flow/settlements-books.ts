/**
 * What lists have left to be settled, kept in memory while records of one transaction are matched:
 * opened over rows that are locked, changed record by record, written back at the end. A line is
 * matched whole or not at all, to a released list of its seller and direction.
 */
import {
  natures,
  type OpenReason,
  type SettlementDirection,
  settlement,
  tradeOf,
} from '../catalogue/settlement.ts'
import { add, type Decimal, subtract, writeDecimal, ZERO } from '../kernel/decimal.ts'
import { SETTLEMENTS_RATE_WAIT_MS } from '../kernel/settlement-limits.ts'
import {
  type Amount,
  amountOf,
  isBeyond,
  isOpen,
  type Standing,
  standingOf,
} from '../rules/settlement.ts'
import type { RuleValues } from '../store/rule-values.ts'
import {
  findRates,
  findTargets,
  type ListFacts,
  type ListStanding,
  type NamedLine,
  readListFacts,
  refreshLists,
} from '../store/settlements-lists.ts'
import type { Trx } from '../store/transaction.ts'
import { releasedStates } from './settlements-released.ts'

/** The line as it is matched. */
export interface MatchLine extends Omit<NamedLine, 'index'> {
  readonly amount: Decimal
  /** What it is matched to already; null: to nothing. */
  readonly listId: string | null
  /** What refunds in force give back of it: with the line, they take no more than the rest. */
  readonly refunded?: Decimal
}

export interface MatchRecord {
  readonly id: string
  readonly nature: string
  readonly direction: SettlementDirection
  readonly currency: string
  /** Every code the seller goes by. */
  readonly sellerCodes: readonly string[]
  readonly lines: readonly MatchLine[]
}

export interface Matched {
  readonly listId: string | null
  readonly reason: OpenReason | null
  /** Of what is over: what the list is worth, what is settled of it, what was wanted. */
  readonly values?: Readonly<Record<string, string>>
  /** Nothing of it was left at all. */
  readonly spent?: boolean
}

export interface Books {
  /** Matches the lines of a record, in place of what it settled before; refunds take `refundTo`. */
  match(record: MatchRecord, targets: readonly (readonly string[])[]): readonly Matched[]
  /** The same for a refund, whose lines follow those of its original. */
  follow(record: MatchRecord, refundTo: readonly (string | null)[]): readonly Matched[]
  /** Takes everything out that a record settles. */
  remove(recordId: string): void
  /** Lists of which more is settled than they are worth, and was not when the books were opened. */
  beyond(): readonly {
    readonly listId: string
    readonly values: Readonly<Record<string, string>>
  }[]
  /** Puts back what was remembered by `remember`. */
  restore(memory: Memory): void
  remember(): Memory
  /** What is left of every list that was opened. */
  standings(now: Date): readonly ListStanding[]
  facts(listId: string): ListFacts | undefined
}

type Settled = ReadonlyMap<string, readonly Amount[]>
/** By list: amounts by record. */
type Memory = ReadonlyMap<string, Settled>

/**
 * Targets of lines that name one by its number or order. What lines are matched to already is opened
 * as well, so that it can be taken out.
 */
export const targetsOf = async (
  trx: Trx,
  lines: readonly Omit<NamedLine, 'index'>[],
): Promise<readonly (readonly string[])[]> => {
  const found = await findTargets(
    trx,
    lines.map(({ orderNo, listNo, agentCode }, index) => ({ index, orderNo, listNo, agentCode })),
  )
  const targets: string[][] = lines.map(() => [])
  for (const { index, listId } of found) targets[index]?.push(listId)
  return targets
}

/** Locks the lists; `look` has those that are new looked at by the chore. */
export const openBooks = async (
  trx: Trx,
  listIds: readonly string[],
  values: RuleValues,
): Promise<Books> => {
  const ids = [...new Set(listIds)]
  await refreshLists(trx, ids, releasedStates, null)
  const facts = await readListFacts(trx, ids, natures.refund)
  const rates = await findRates(
    trx,
    facts.map(({ month }) => month),
  )
  const tolerance = values('settlement-cross-tolerance', settlement.code)?.value ?? '0'
  return booksOver(facts, rates, tolerance)
}

const booksOver = (
  facts: readonly ListFacts[],
  rates: ReadonlyMap<string, string>,
  tolerance: string,
): Books => {
  const lists = new Map(facts.map((list) => [list.id, list]))
  /** Lists that a line waits for because a rate is missing. */
  const awaited = new Set<string>()
  const worth = new Map(facts.map(({ id, parts }) => [id, amountsOf(parts)]))
  let settled: Map<string, Settled> = new Map(facts.map((list) => [list.id, settledIn(list)]))
  const opened = new Map(settled)
  const standing = (id: string, of: Settled | undefined): Standing | undefined =>
    standingOf(worth.get(id) ?? [], [...(of?.values() ?? [])].flat(), (currency) =>
      rates.get(`${lists.get(id)?.month} ${currency}`),
    )
  const put = (id: string, recordId: string, amount: Amount): void => {
    const of = new Map(settled.get(id) ?? [])
    of.set(recordId, [...(of.get(recordId) ?? []), amount])
    settled.set(id, of)
  }
  const remove = (recordId: string): void => {
    for (const [id, of] of settled) {
      if (!of.has(recordId)) continue
      const rest = new Map(of)
      rest.delete(recordId)
      settled.set(id, rest)
    }
  }
  const matchLine = (record: MatchRecord, line: MatchLine, ids: readonly string[]): Matched => {
    const [list, second] = ids.flatMap((id) => {
      const found = lists.get(id)
      return found !== undefined && suits(found, record) ? [found] : []
    })
    if (list === undefined) return { listId: null, reason: 'unknown' }
    if (second !== undefined) return { listId: null, reason: 'several' }
    const before = settled.get(list.id)
    const { currency } = record
    const amount = { currency, amount: line.amount }
    // What is matched stays so, also where a return has made the list worth less since.
    if (line.listId !== list.id) {
      const more = { currency, amount: subtract(line.amount, line.refunded ?? ZERO) }
      const after = new Map(before).set(record.id, [...(before?.get(record.id) ?? []), more])
      const then = standing(list.id, after)
      if (then === undefined) {
        awaited.add(list.id)
        return { listId: null, reason: 'rate' }
      }
      if (isBeyond(then, tolerance)) {
        const now = standing(list.id, before)
        return {
          ...{ listId: null, reason: 'over', values: overValues(then, now) },
          spent: now !== undefined && now.settled >= now.value,
        }
      }
    }
    put(list.id, record.id, amount)
    return { listId: list.id, reason: null }
  }
  return {
    match: (record, targets) => {
      remove(record.id)
      return record.lines.map((line, place) => matchLine(record, line, targets[place] ?? []))
    },
    follow: (record, refundTo) => {
      remove(record.id)
      return record.lines.map(({ amount }, place) => {
        const listId = refundTo[place] ?? null
        if (listId === null || !lists.has(listId)) return { listId: null, reason: 'original' }
        const { currency } = record
        put(listId, record.id, { currency, amount: subtract(ZERO, amount) })
        return { listId, reason: null }
      })
    },
    remove,
    beyond: () =>
      [...settled].flatMap(([listId, of]) => {
        const [now, before] = [standing(listId, of), standing(listId, opened.get(listId))]
        const isNews = now !== undefined && (before === undefined || now.settled > before.settled)
        return isNews && isBeyond(now, tolerance)
          ? [{ listId, values: overValues(now, before) }]
          : []
      }),
    remember: () => new Map(settled),
    restore: (memory) => {
      settled = new Map(memory)
    },
    standings: (now) =>
      facts.map((list) => {
        const row = told(list, standing(list.id, settled.get(list.id)), tolerance, now)
        return awaited.has(list.id) ? { ...row, lookAt: later(now) } : row
      }),
    facts: (listId) => lists.get(listId),
  }
}

/** A currency that an amendment or a return has taken out whole is none of the list's any more. */
const amountsOf = (parts: ListFacts['parts']): readonly Amount[] => {
  const all = parts.map(({ currency, amount }) => ({ currency, amount: amountOf(amount) }))
  const left = all.filter(({ amount }) => amount !== ZERO)
  return left.length === 0 ? all.slice(0, 1) : left
}

/** When a rate that is missing is looked for again. */
const later = (now: Date): Date => new Date(now.getTime() + SETTLEMENTS_RATE_WAIT_MS)

const settledIn = (list: ListFacts): Settled => {
  const of = new Map<string, readonly Amount[]>()
  for (const { settlementId, currency, amount } of list.settled)
    of.set(settlementId, [...(of.get(settlementId) ?? []), { currency, amount: amountOf(amount) }])
  return of
}

const suits = (list: ListFacts, { direction, sellerCodes }: MatchRecord): boolean =>
  list.released && list.direction === tradeOf(direction) && sellerCodes.includes(list.merchant)

const overValues = (then: Standing, now: Standing | undefined) => ({
  currency: then.currency,
  value: writeDecimal(then.value),
  ...(now === undefined || now.currency !== then.currency
    ? {}
    : { settled: writeDecimal(now.settled) }),
  wanted: writeDecimal(
    now === undefined || now.currency !== then.currency
      ? then.settled
      : subtract(then.settled, now.settled),
  ),
})

const told = (
  { id, released: isReleased, parts }: ListFacts,
  standing: Standing | undefined,
  tolerance: string,
  now: Date,
): ListStanding => {
  if (standing === undefined) {
    const own = new Set(amountsOf(parts).map(({ currency }) => currency))
    const currency = own.size === 1 ? [...own].join('') : ''
    return { id, currency, open: null, isOpen: isReleased, lookAt: later(now) }
  }
  return {
    ...{ id, currency: standing.currency, lookAt: null },
    open: writeDecimal(subtract(standing.value, standing.settled)),
    isOpen: isReleased && isOpen(standing, tolerance),
  }
}

/** Sum of the lines that are matched, and of the others. */
export const sumsOf = (
  lines: readonly { readonly amount: Decimal; readonly listId: string | null }[],
): { readonly matched: Decimal; readonly open: Decimal } => {
  const of = (matched: boolean): Decimal =>
    add(...lines.filter(({ listId }) => (listId !== null) === matched).map(({ amount }) => amount))
  return { matched: of(true), open: of(false) }
}
