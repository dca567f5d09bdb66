/**
 * What became of the documents, read back through the interface, and whether that is what their
 * marks announce: every list in its state, everything done with lists done, customs' notices told,
 * and the totals grown by exactly the released lists that count.
 */
import { notices } from '../../catalogue/index.ts'
import { YUAN } from '../../catalogue/measures.ts'
import type { Declaration, State } from '../../catalogue/message.ts'
import { type StateGroup, states } from '../../catalogue/statuses.ts'
import { linesOf } from '../../codec/document.ts'
import type { TargetsView } from '../../flow/targets.ts'
import type { DocumentView, Totals, TotalsBy } from '../../flow/types.ts'
import {
  add,
  type Decimal,
  proportion,
  readDecimal,
  subtract,
  writeDecimal,
  ZERO,
} from '../../kernel/decimal.ts'
import type { BooksSummary } from '../../sim/types.ts'
import type { DemoEnterprises } from './enterprises.ts'
import type { HandedIn } from './hand-in.ts'

export interface Ended extends HandedIn {
  /** Undefined when the gateway does not know the document. */
  readonly state: State | undefined
  readonly group: StateGroup | undefined
}

export interface Outcome {
  /** Lists of both directions. */
  readonly lists: readonly Ended[]
  /** Documents about lists. */
  readonly acts: readonly Ended[]
  /** All that was handed in. */
  readonly documents: number
  readonly released: number
  readonly rejected: number
  readonly waiting: number
  /** Notices that customs gave, by kind. */
  readonly notices: Readonly<Record<string, number>>
  /** What the totals grew by. */
  readonly grown: { readonly count: number; readonly amount: string }
  /** Empty when everything is as it should be; each in words. */
  readonly problems: readonly string[]
}

export interface Interface {
  readonly url: string
  readonly enterprises: DemoEnterprises
}

/** A list is counted from its first release on; what goes back of it is taken off. */
const isReleased = ({ state }: Ended): boolean => state === 'released' || state === 'closed'

/** What the outcome is held against. */
export interface Against {
  /** Totals before anything was handed in. */
  readonly before: Totals
  /** What the office has in its books. */
  readonly books: BooksSummary
  /** CNY for one unit, by currency. */
  readonly rates: ReadonlyMap<string, string>
}

export const readOutcome = async (
  face: Interface,
  handed: readonly HandedIn[],
  { before, books, rates }: Against,
): Promise<Outcome> => {
  const ended = await readEnds(
    face,
    handed.filter(({ entry, expected }) => expected !== undefined || entry.acts !== undefined),
  )
  const lists = ended.filter(({ entry }) => entry.acts === undefined)
  const acts = ended.filter(({ entry }) => entry.acts !== undefined)
  const counted = lists.filter((list) => list.entry.trade !== undefined && isReleased(list))
  const after = await readTotals(face.url, 'zone', before.year)
  const grown = {
    count: after.total.count - before.total.count,
    amount: subtract(decimal(after.total.amount), decimal(before.total.amount)),
  }
  const foreign = Object.entries(books.foreign)
  const released = lists.filter(isReleased).length
  const rejected = lists.filter(({ group }) => group === 'refused').length
  return {
    ...{ lists, acts, documents: handed.length, released, rejected },
    waiting: lists.length - released - rejected,
    notices: books.notices,
    grown: { count: grown.count, amount: writeDecimal(grown.amount) },
    problems: [
      ...lists.filter(({ state, expected }) => state !== expected).map(wrongEnd),
      ...acts.filter(({ group }) => group !== 'done').map(wrongEnd),
      ...(await untold(face, [...lists.filter(isReleased), ...acts])),
      ...sumProblem('released lists', grown, {
        count: counted.length,
        amount: inYuan(rates, [
          ...counted.flatMap(amountsOf),
          { currency: YUAN, amount: taken(books.returned) },
          ...foreign.map(([currency, { returned }]) => ({ currency, amount: taken(returned) })),
        ]),
      }),
      ...sumProblem('books of customs', grown, {
        count: books.released.count,
        amount: inYuan(rates, [
          { currency: YUAN, amount: decimal(books.released.amount) },
          ...foreign.map(([currency, { amount }]) => ({ currency, amount: decimal(amount) })),
        ]),
      }),
    ],
  }
}

export const readTotals = (url: string, by: TotalsBy, year?: number): Promise<Totals> =>
  read<Totals>(`${url}/api/v1/totals?by=${by}${year === undefined ? '' : `&year=${year}`}`)

/** How far the year is from its target, in the scope of the target. */
export const readTargets = (url: string, year: number): Promise<TargetsView> =>
  read<TargetsView>(`${url}/api/v1/targets?year=${year}`)

export const readDocument = (
  { url, enterprises }: Interface,
  { id, owner }: HandedIn,
): Promise<DocumentView> =>
  read<DocumentView>(`${url}/api/v1/documents/${id}`, enterprises.keys.get(owner))

/** Our own interface; its shape is that of the type. */
const read = async <T>(url: string, key?: string): Promise<T> => {
  const headers = key === undefined ? {} : { authorization: `Bearer ${key}` }
  const response = await fetch(url, { headers })
  if (!response.ok) throw new Error(`${new URL(url).pathname}: HTTP ${response.status}`)
  return (await response.json()) as T
}

const PAGE_ROWS = 200

const readEnds = async (
  { url, enterprises }: Interface,
  handed: readonly HandedIn[],
): Promise<readonly Ended[]> => {
  const found = new Map<string, Found>()
  for (const place of new Set(handed.map(({ owner, entry }) => `${owner} ${entry.code}`))) {
    const [owner = '', kind] = place.split(' ')
    let cursor = ''
    do {
      const path = `/api/v1/documents?kind=${kind}&limit=${PAGE_ROWS}${cursor}`
      const page = await read<DocumentPage>(url + path, enterprises.keys.get(owner))
      for (const document of page.documents) found.set(document.id, document)
      cursor = page.next === null ? '' : `&cursor=${page.next}`
    } while (cursor !== '')
  }
  return handed.map((each) => {
    const { state, group } = found.get(each.id) ?? {}
    return { ...each, state, group }
  })
}

interface Found {
  readonly id: string
  readonly state: State
  readonly group: StateGroup
}

interface DocumentPage {
  readonly documents: readonly Found[]
  readonly next: string | null
}

/** Of each kind so many are looked at one by one. */
const LOOKED_AT_MAX = 20

/** Documents that lack a number which customs' notices gave them. */
const untold = async (face: Interface, ended: readonly Ended[]): Promise<readonly string[]> => {
  const problems: string[] = []
  for (const kind of new Set(notices.map(({ about }) => about.kind))) {
    const names = notices.filter(({ about }) => about.kind === kind).flatMap(({ gives }) => gives)
    const some = ended.filter(({ entry }) => entry.code === kind).slice(0, LOOKED_AT_MAX)
    for (const each of some) {
      const { customsNumbers } = await readDocument(face, each)
      const missing = names.filter((name) => customsNumbers[name] === undefined)
      // A bill that became void was never consolidated.
      if (missing.length > 0 && each.fate?.bill !== 'voided')
        problems.push(`${each.number}: ${missing.join(', ')} ?`)
    }
  }
  return problems
}

interface Amount {
  readonly currency: string
  readonly amount: Decimal
}

/** What its lines count. */
const amountsOf = ({ entry, document }: HandedIn): readonly Amount[] => {
  const { trade } = entry
  if (trade === undefined) return []
  return linesOf(entry, document, trade.lines.group).map((line) => ({
    currency: line[trade.lines.currency] ?? YUAN,
    amount: decimal(line[trade.lines.amount] ?? ''),
  }))
}

/** Undefined where it cannot be told exactly: a currency without a rate, or with several in the year. */
const inYuan = (
  rates: ReadonlyMap<string, string>,
  amounts: readonly Amount[],
): Decimal | undefined => {
  const converted = amounts.map(({ currency, amount }) => {
    if (currency === YUAN) return amount
    const rate = rates.get(currency)
    return rate === undefined ? undefined : proportion(amount, decimal(rate), ONE)
  })
  return converted.some((each) => each === undefined)
    ? undefined
    : add(ZERO, ...converted.flatMap((each) => each ?? []))
}

const ONE = readDecimal('1') ?? ZERO

const wrongEnd = ({ entry, number, state, expected }: Ended): string =>
  `${nameOf(entry)} ${number}: ${stateName(state)} ≠ ${expected === undefined ? 'done' : stateName(expected)}`

/** What a kind is called in tables: its Chinese name without what all names have. */
export const nameOf = ({ zh }: Pick<Declaration, 'zh'>): string => zh.replace('数据报文', '')

export const stateName = (state: State | undefined): string =>
  state === undefined ? '未找到 / not found' : `${states[state].zh} ${state}`

interface Sum {
  readonly count: number
  readonly amount: Decimal
}

/** Counts alone are held against each other where an amount is not known. */
const sumProblem = (
  what: string,
  totals: Sum,
  {
    count,
    amount = totals.amount,
  }: { readonly count: number; readonly amount: Decimal | undefined },
): readonly string[] =>
  totals.count === count && totals.amount === amount
    ? []
    : [
        `totals grew by ${totals.count} / ${writeDecimal(totals.amount)}, ` +
          `${what}: ${count} / ${writeDecimal(amount)}`,
      ]

/** Off a sum. */
const taken = (text: string): Decimal => subtract(ZERO, decimal(text))

const decimal = (text: string): Decimal => readDecimal(text) ?? ZERO
