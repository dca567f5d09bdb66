/**
 * What lists have left to be settled, kept in memory while records of one transaction are matched:
 * opened over rows that are locked, changed record by record, written back at the end. A line is
 * matched whole or not at all, to a released list of its seller and direction; of one that is
 * declared and not released it reserves its amount, so that nobody else settles it meanwhile.
 */
import {
  natures,
  type OpenReason,
  type SettlementDirection,
  settlement,
  tradeOf,
} from '../catalogue/settlement.ts'
import { add, type Decimal, subtract, writeDecimal, ZERO } from '../kernel/decimal.ts'
import {
  type Amount,
  amountOf,
  isBeyond,
  isOpen,
  type Standing,
  standingOf,
} from '../rules/settlement.ts'
import type { RuleValues } from '../store/rule-values.ts'
import type { LineMatch } from '../store/settlements.ts'
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
import { type Accounts, openAccounts, type Takings } from './settlements-takings.ts'

/** The line as it is matched. */
export interface MatchLine
  extends Omit<NamedLine, 'index'>,
    Pick<LineMatch, 'listId' | 'reservedId'> {
  /** Reserved of before it is judged again: meant by it still, whatever lists its order has by now. */
  readonly preferredId?: string | null
  readonly amount: Decimal
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

export interface Matched extends LineMatch {
  /** Of what is over: what the list is worth, what is settled of it, what was wanted. */
  readonly values?: Readonly<Record<string, string>>
  /** Nothing of it was left at all. */
  readonly spent?: boolean
}

export interface Books extends Pick<Accounts, 'remember' | 'restore'> {
  /** Matches the lines of a record, in place of what it settled before; `targets` are by line. */
  match(record: MatchRecord, targets: readonly (readonly string[])[]): readonly Matched[]
  /** The same for a refund, whose lines follow those of its original: `originals` are by line. */
  follow(record: MatchRecord, originals: readonly LineMatch[]): readonly LineMatch[]
  /** Takes everything out that a record settles or reserves. */
  remove(recordId: string): void
  /** Takes out what a record takes of these lists ahead of release: it is to be judged again. */
  reopen(recordId: string, listIds: ReadonlySet<string>): void
  /** Lists of which more is settled than they are worth, and was not when the books were opened. */
  beyond(): readonly {
    readonly listId: string
    readonly values: Readonly<Record<string, string>>
  }[]
  /** What is left of every list that was opened. */
  standings(): readonly ListStanding[]
  facts(listId: string): ListFacts | undefined
}

/** Lists that lines are matched to or reserve of. */
export const listsHeld = (
  lines: readonly Pick<LineMatch, 'listId' | 'reservedId'>[],
): readonly string[] => lines.flatMap(({ listId, reservedId }) => listId ?? reservedId ?? [])

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

/** Locks the lists. */
export const openBooks = async (
  trx: Trx,
  listIds: readonly string[],
  values: RuleValues,
  now: Date,
): Promise<Books> => {
  const ids = [...new Set(listIds)]
  await refreshLists(trx, ids, releasedStates, { now, look: false })
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
  const worth = new Map(facts.map(({ id, parts }) => [id, amountsOf(parts)]))
  const accounts = openAccounts(facts)
  /** Lists for which a rate was used, or missed. */
  const byRate = new Set<string>()
  const standing = (id: string, of: Takings | undefined): Standing | undefined => {
    const found = standingOf(worth.get(id) ?? [], [...(of?.values() ?? [])].flat(), (currency) =>
      rates.get(`${lists.get(id)?.month} ${currency}`),
    )
    if (found?.converted !== false) byRate.add(id)
    return found
  }
  const matchLine = lineMatcher(lists, accounts, standing, tolerance)
  return {
    ...{ remember: accounts.remember, restore: accounts.restore },
    match: (record, targets) => {
      accounts.drop(record.id)
      return record.lines.map((line, place) => matchLine(record, line, targets[place] ?? []))
    },
    follow: (record, originals) => {
      accounts.drop(record.id)
      return record.lines.map(({ amount }, place) => {
        const original = originals[place] ?? NO_LIST
        const [listId] = listsHeld([original])
        if (listId === undefined || !lists.has(listId))
          return { ...NO_LIST, reason: original.reason === 'over' ? 'over' : 'original' }
        const reserved = original.listId === null
        const { currency } = record
        accounts.put(listId, record.id, { currency, amount: subtract(ZERO, amount), reserved })
        return original
      })
    },
    remove: (recordId) => accounts.drop(recordId),
    reopen: (recordId, listIds) =>
      accounts.drop(
        recordId,
        (listId, { reserved }) =>
          listIds.has(listId) && (reserved || lists.get(listId)?.released !== true),
      ),
    beyond: () =>
      accounts.listIds().flatMap((listId) => {
        const now = standing(listId, accounts.of(listId))
        const before = standing(listId, accounts.before(listId))
        const isNews = now !== undefined && (before === undefined || now.settled > before.settled)
        return isNews && isBeyond(now, tolerance)
          ? [{ listId, values: overValues(now, before) }]
          : []
      }),
    standings: () =>
      facts.map((list) => {
        const row = told(list, standing(list.id, accounts.of(list.id)), tolerance)
        return { ...row, byRate: byRate.has(list.id) }
      }),
    facts: (listId) => lists.get(listId),
  }
}

/** Matches a line to the list it was for before, where that still takes it, else to the one it names. */
const lineMatcher = (
  lists: ReadonlyMap<string, ListFacts>,
  accounts: Accounts,
  standing: (listId: string, of: Takings | undefined) => Standing | undefined,
  tolerance: string,
) => {
  const judge = (record: MatchRecord, line: MatchLine, list: ListFacts): Matched => {
    const { currency } = record
    if (!isHeld(line, list)) {
      const before = accounts.of(list.id)
      const more = { currency, amount: subtract(line.amount, line.refunded ?? ZERO) }
      const own = before?.get(record.id) ?? []
      const after = new Map(before).set(record.id, [...own, { ...more, reserved: false }])
      const then = standing(list.id, after)
      if (then === undefined) return { ...NO_LIST, reason: 'rate' }
      if (isBeyond(then, tolerance)) return overAt(then, standing(list.id, before))
    }
    const given = matchTo(list)
    accounts.put(list.id, record.id, {
      ...{ currency, amount: line.amount, reserved: given.reservedId !== null },
    })
    return given
  }
  return (record: MatchRecord, line: MatchLine, ids: readonly string[]): Matched => {
    const own = suiting(
      record,
      ids.flatMap((id) => lists.get(id) ?? []),
    )
    const kept = own.find(({ id }) => id === (line.listId ?? line.reservedId ?? line.preferredId))
    const given = kept === undefined ? undefined : judge(record, line, kept)
    if (given !== undefined && listsHeld([given]).length > 0) return given
    const { list, reason } = listFor(own)
    if (list === undefined) return { ...NO_LIST, reason }
    return given !== undefined && list === kept ? given : judge(record, line, list)
  }
}

const NO_LIST: LineMatch = { listId: null, reservedId: null, reason: null }

/** A list that is released is matched; of one that is not, the amount is reserved. */
const matchTo = ({ id, released }: ListFacts): LineMatch =>
  released
    ? { listId: id, reservedId: null, reason: null }
    : { listId: null, reservedId: id, reason: 'unreleased' }

/**
 * What is matched stays so, also where a return has made the list worth less since, and so does what is
 * reserved. One that is released, or by an amendment no longer, is judged once more.
 */
const isHeld = (
  { listId, reservedId }: Pick<LineMatch, 'listId' | 'reservedId'>,
  { id, released }: ListFacts,
): boolean => (released ? listId : reservedId) === id

/** Lists of the seller and direction that customs has and did not refuse. */
const suiting = (
  { direction, sellerCodes }: MatchRecord,
  named: readonly ListFacts[],
): readonly ListFacts[] =>
  named.filter(
    (list) =>
      list.direction === tradeOf(direction) &&
      sellerCodes.includes(list.merchant) &&
      (list.released || list.declared),
  )

/**
 * The one list that is meant where the line is for none yet: a released one goes before those that are
 * declared. One that is matched or reserved of already stays, also where another list of its order came.
 */
const listFor = (
  own: readonly ListFacts[],
): { readonly list?: ListFacts; readonly reason: OpenReason | null } => {
  const released = own.filter((list) => list.released)
  const [list, second] = released.length > 0 ? released : own
  if (list === undefined) return { reason: 'unknown' }
  return second === undefined ? { list, reason: null } : { reason: 'several' }
}

const overAt = (then: Standing, now: Standing | undefined): Matched => ({
  ...{ ...NO_LIST, reason: 'over', values: overValues(then, now) },
  spent: now !== undefined && now.settled >= now.value,
})

/** A currency that an amendment or a return has taken out whole is none of the list's any more. */
const amountsOf = (parts: ListFacts['parts']): readonly Amount[] => {
  const all = parts.map(({ currency, amount }) => ({ currency, amount: amountOf(amount) }))
  const left = all.filter(({ amount }) => amount !== ZERO)
  return left.length === 0 ? all.slice(0, 1) : left
}

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
): Omit<ListStanding, 'byRate'> => {
  if (standing === undefined) {
    const own = new Set(amountsOf(parts).map(({ currency }) => currency))
    const currency = own.size === 1 ? [...own].join('') : ''
    return { id, currency, open: null, isOpen: isReleased }
  }
  return {
    ...{ id, currency: standing.currency },
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
