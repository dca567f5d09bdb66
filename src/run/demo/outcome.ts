/**
 * What became of the consignments, read back through the interface, and whether that is what their
 * marks announce: every list in its state, and the totals grown by exactly the released lists.
 */
import type { State } from '../../catalogue/message.ts'
import { importList } from '../../catalogue/messages/import-list.ts'
import { type StateGroup, states } from '../../catalogue/statuses.ts'
import type { Totals, TotalsBy } from '../../flow/types.ts'
import {
  add,
  type Decimal,
  readDecimal,
  subtract,
  writeDecimal,
  ZERO,
} from '../../kernel/decimal.ts'
import { endOf } from '../../sim/fates.ts'
import type { BooksSummary } from '../../sim/types.ts'
import type { DemoEnterprises } from './enterprises.ts'
import type { HandedIn } from './hand-in.ts'

export interface ListOutcome extends HandedIn {
  /** Undefined when the gateway does not know the list. */
  readonly state: State | undefined
  readonly group: StateGroup | undefined
}

export interface Outcome {
  readonly lists: readonly ListOutcome[]
  readonly released: number
  readonly rejected: number
  readonly waiting: number
  /** What the totals grew by. */
  readonly grown: { readonly count: number; readonly amount: string }
  /** Empty when everything is as it should be; each in words. */
  readonly problems: readonly string[]
}

export interface Interface {
  readonly url: string
  readonly enterprises: DemoEnterprises
}

/** A list is counted from its first release on, whatever follows. */
const isReleased = (state: State | undefined): boolean => state === 'released' || state === 'closed'

export const readOutcome = async (
  face: Interface,
  handed: readonly HandedIn[],
  before: Totals,
  books: BooksSummary,
): Promise<Outcome> => {
  const found = await readStates(face)
  const lists = handed.map((each) => ({ ...each, ...(found.get(each.listNumber) ?? NOT_FOUND) }))
  const releasedLists = lists.filter(({ state }) => isReleased(state))
  const after = await readTotals(face.url, 'zone', before.year)
  const grown = {
    count: after.total.count - before.total.count,
    amount: subtract(decimal(after.total.amount), decimal(before.total.amount)),
  }
  const expected = add(ZERO, ...releasedLists.map(({ amount }) => amount))
  const rejected = lists.filter(({ group }) => group === 'refused').length
  return {
    lists,
    released: releasedLists.length,
    rejected,
    waiting: lists.length - releasedLists.length - rejected,
    grown: { count: grown.count, amount: writeDecimal(grown.amount) },
    problems: [
      ...lists.filter(({ state, fate }) => state !== endOf(fate, importList)).map(wrongEnd),
      ...sumProblem('released lists', grown, { count: releasedLists.length, amount: expected }),
      ...sumProblem('books of customs', grown, {
        count: books.released.count,
        amount: decimal(books.released.amount),
      }),
    ],
  }
}

export const readTotals = async (url: string, by: TotalsBy, year?: number): Promise<Totals> => {
  const query = `by=${by}${year === undefined ? '' : `&year=${year}`}`
  const response = await fetch(`${url}/api/v1/totals?${query}`)
  if (!response.ok) throw new Error(`totals: HTTP ${response.status}`)
  // Our own interface; its shape is that of the type.
  return (await response.json()) as Totals
}

const NOT_FOUND = { state: undefined, group: undefined }
const PAGE_ROWS = 200

type Found = ReadonlyMap<string, { readonly state: State; readonly group: StateGroup }>

/** Every list the declarants see, by its number. */
const readStates = async ({ url, enterprises }: Interface): Promise<Found> => {
  const found = new Map<string, { readonly state: State; readonly group: StateGroup }>()
  for (const { customsCode } of enterprises.cast.declarants) {
    const headers = { authorization: `Bearer ${enterprises.keys.get(customsCode) ?? ''}` }
    let cursor = ''
    do {
      const path = `/api/v1/documents?kind=CEB621&limit=${PAGE_ROWS}${cursor}`
      const response = await fetch(url + path, { headers })
      if (!response.ok) throw new Error(`documents: HTTP ${response.status}`)
      // As above.
      const page = (await response.json()) as DocumentPage
      for (const { number, state, group } of page.documents) found.set(number, { state, group })
      cursor = page.next === null ? '' : `&cursor=${page.next}`
    } while (cursor !== '')
  }
  return found
}

interface DocumentPage {
  readonly documents: readonly {
    readonly number: string
    readonly state: State
    readonly group: StateGroup
  }[]
  readonly next: string | null
}

const wrongEnd = ({ orderNo, state, fate }: ListOutcome): string =>
  `${orderNo}: ${stateName(state)} ≠ ${stateName(endOf(fate, importList))}`

export const stateName = (state: State | undefined): string =>
  state === undefined ? '未找到 / not found' : `${states[state].zh} ${state}`

interface Sum {
  readonly count: number
  readonly amount: Decimal
}

const sumProblem = (what: string, totals: Sum, other: Sum): readonly string[] =>
  totals.count === other.count && totals.amount === other.amount
    ? []
    : [
        `totals grew by ${totals.count} / ${writeDecimal(totals.amount)}, ` +
          `${what}: ${other.count} / ${writeDecimal(other.amount)}`,
      ]

const decimal = (text: string): Decimal => readDecimal(text) ?? ZERO
