/**
 * Every figure opens: the documents and settlements that a figure of the totals counts, page by page,
 * with the figure they add up to. Whoever may see all totals sees all of them, without anything
 * personal; an enterprise sees its own and what these come to.
 */
import { findDeclaration } from '../catalogue/index.ts'
import type { State } from '../catalogue/message.ts'
import { groupOf, type StateGroup, states } from '../catalogue/statuses.ts'
import { stamp17 } from '../kernel/clock.ts'
import type { Text } from '../kernel/fault.ts'
import { addDecimals } from '../kernel/places.ts'
import { apportioned } from '../rules/yuan.ts'
import { type LedgerDim, type LedgerScope, sealLedger } from '../store/ledger.ts'
import {
  type CountedAmount,
  type CountedMonth,
  type CountedRow,
  findCounted,
  findCountedMonths,
  isNewest,
  type Sight,
  type Slice,
  type SliceSum,
  sumCounted,
  sumOnly,
} from '../store/ledger-documents.ts'
import { findMeasures } from '../store/measures.ts'
import { inTransaction } from '../store/transaction.ts'
import { visibleSenders } from './sight.ts'
import { momentOf, totals } from './totals.ts'
import { documentLink, documentsLink, type SliceQuery, type TotalsScope } from './totals-links.ts'
import type { Caller, FlowDeps, Moment } from './types.ts'

/** Who asks: an enterprise for its own, the operator, or somebody for whom figures open and nothing else. */
export type TotalsReader = Caller | 'all'

export interface CountedView {
  readonly id: string
  readonly type: 'document' | 'settlement'
  readonly kind: string | null
  readonly name: Text | null
  readonly number: string | null
  readonly scope: LedgerScope
  /** yyyyMM */
  readonly month: string
  readonly direction: string
  readonly zone: string
  readonly mode: string
  readonly merchant: string | null
  readonly country: string | null
  /** 1 as a rule; 0 where only a return lies in the month. */
  readonly count: number
  readonly amounts: readonly CountedAmount[]
  /** CNY, exact; null where a rate is missing. */
  readonly amount: string | null
  readonly countedSince: string
  /** Where the document stands now; null for a settlement. */
  readonly state: State | null
  readonly group: StateGroup | null
  readonly links: Readonly<Record<string, string>>
}

/** Amounts without a rate: what is missing is told, never guessed. */
export interface Gap {
  readonly currency: string
  readonly month: string
  readonly count: number
  readonly amount: string
}

export interface CountedAnswer extends Moment {
  readonly scope: string
  /** `own`: only what the caller may see is listed and added up. */
  readonly sees: 'all' | 'own'
  readonly total: { readonly count: number; readonly amount: string }
  readonly gaps: readonly Gap[]
  readonly rows: readonly CountedView[]
  readonly next: string | null
  readonly links: Readonly<Record<string, string>>
}

export interface CountedCursor extends CountedMonth {
  readonly id: string
}

/** `202610.released.<id>`; undefined for what is none. */
export const readCountedCursor = (text: string): CountedCursor | undefined => {
  const match = /^(\d{6})\.(declared|released|settled)\.([0-9a-f-]{36})$/.exec(text)
  const scope = ledgerScopes.find((each) => each === match?.[2])
  return match === null || scope === undefined
    ? undefined
    : { month: match[1] ?? '', scope, id: match[3] ?? '' }
}

const ledgerScopes: readonly LedgerScope[] = ['declared', 'released', 'settled']

/** The slice that a question means, sealed where it names a moment: its figure changes no more. */
export const openSlice = async (
  deps: Pick<FlowDeps, 'db' | 'clock'>,
  query: SliceQuery,
): Promise<Slice> => {
  const now = deps.clock.now()
  const asOf = query.asOf === undefined || query.asOf > now ? now : query.asOf
  if (query.asOf !== undefined) await inTransaction(deps.db, (trx) => sealLedger(trx, asOf))
  const year = String(query.year ?? stamp17(now).slice(0, 4))
  const { zone, mode, direction, chapter, only, month } = query
  const dims: Partial<Record<LedgerDim, string>> = {
    ...(query.enterprise === undefined ? {} : { [query.role ?? 'merchant']: query.enterprise }),
    ...(query.country === undefined ? {} : { country: query.country }),
    ...(query.institution === undefined ? {} : { institution: query.institution }),
  }
  return {
    scopes: await scopesOf(deps, query.scope, asOf),
    ...{ from: month ?? `${year}01`, to: month ?? `${year}12` },
    ...{ zone, mode, direction, dims, chapter, only, asOf },
  }
}

/** A measure is made of what its definition of the day says; the others are their own. */
const scopesOf = async (
  { db }: Pick<FlowDeps, 'db'>,
  scope: TotalsScope,
  asOf: Date,
): Promise<readonly LedgerScope[]> => {
  const own = ledgerScopes.find((each) => each === scope)
  if (own !== undefined) return [own]
  const measures = await findMeasures(db, asOf)
  return measures.find((measure) => measure.scope === scope)?.parts ?? []
}

/** What of it somebody sees; null for all. */
export const sightOf = async (
  deps: Pick<FlowDeps, 'db' | 'clock'>,
  reader: TotalsReader,
): Promise<Sight> => {
  if (reader === 'all') return null
  const senders = await visibleSenders(deps, reader)
  if (senders === null) return null
  const own = senders.filter(({ mandateId }) => mandateId === null)
  return { senders, codes: own.flatMap(({ codes }) => codes) }
}

export const countedDocuments = async (
  deps: Pick<FlowDeps, 'db' | 'clock'>,
  reader: TotalsReader,
  query: SliceQuery,
  page: { readonly cursor?: string | undefined; readonly limit: number },
): Promise<CountedAnswer> => {
  const slice = await openSlice(deps, query)
  const sight = await sightOf(deps, reader)
  const months = await findCountedMonths(deps.db, slice)
  const cursor = page.cursor === undefined ? undefined : readCountedCursor(page.cursor)
  const { rows, next } = await fill(deps, { slice, sight, months }, cursor, page.limit)
  const asked = { ...query, asOf: slice.asOf }
  return {
    scope: query.scope,
    ...momentOf(query.asOf, slice.asOf),
    sees: sight === null ? 'all' : 'own',
    ...((await keptFigure(deps, query, { slice, sight })) ??
      (await figureOf(deps, { slice, sight, months }))),
    rows: rows.map((row) => viewOf(row, reader)),
    next,
    links: {
      ...(next === null ? {} : { next: documentsLink(asked, { cursor: next, limit: page.limit }) }),
      csv: documentsLink(asked, {}, 'export.csv'),
      parquet: documentsLink(asked, {}, 'export.parquet'),
    },
  }
}

interface Opened {
  readonly slice: Slice
  readonly sight: Sight
  readonly months: readonly CountedMonth[]
}

/** One statement a month at most, until the page is full; it may come short of it. */
const fill = async (
  { db }: Pick<FlowDeps, 'db'>,
  { slice, sight, months }: Opened,
  cursor: CountedCursor | undefined,
  limit: number,
): Promise<{ readonly rows: readonly CountedRow[]; readonly next: string | null }> => {
  const rows: CountedRow[] = []
  let last: CountedCursor | undefined
  for (const of of months.filter((each) => !isBefore(each, cursor))) {
    const room = limit - new Set(rows.map(({ id }) => id)).size
    // Another month begins: the cursor of the last row leads to it.
    if (room === 0) return { rows, next: last === undefined ? null : cursorText(last) }
    const after = cursor !== undefined && isSame(of, cursor) ? cursor.id : null
    const found = await findCounted(db, slice, sight, { ...of, after, limit: room })
    rows.push(...found.rows)
    if (found.next !== null) return { rows, next: cursorText({ ...of, id: found.next }) }
    const end = found.rows.at(-1)
    if (end !== undefined) last = { ...of, id: end.id }
  }
  return { rows, next: null }
}

const cursorText = ({ month, scope, id }: CountedCursor): string => `${month}.${scope}.${id}`

const placeOf = ({ month, scope }: CountedMonth): string => `${month}.${scope}`
const isSame = (a: CountedMonth, b: CountedMonth): boolean => placeOf(a) === placeOf(b)
const isBefore = (a: CountedMonth, b: CountedMonth | undefined): boolean =>
  b !== undefined && placeOf(a) < placeOf(b)

/**
 * Whoever sees all of a figure is told it from the totals, whatever is stored: as of the moment that he
 * named, or as it is now, as long as nothing was recorded since.
 */
const keptFigure = async (
  deps: Pick<FlowDeps, 'db' | 'clock'>,
  { only, year, month, ...query }: SliceQuery,
  { slice, sight }: Pick<Opened, 'slice' | 'sight'>,
): Promise<Pick<CountedAnswer, 'total' | 'gaps'> | undefined> => {
  if (sight !== null) return undefined
  if (query.asOf === undefined && !(await isNewest(deps.db, slice.asOf))) return undefined
  if (only !== undefined) {
    const sums = query.asOf === undefined ? await sumOnly(deps.db, slice) : undefined
    return sums && figureOfSums(sums)
  }
  const { total, gaps } = await totals(deps, {
    ...{ ...query, by: 'direction', month },
    asOf: query.asOf && slice.asOf,
    year: month === undefined ? year : Number(month.slice(0, 4)),
  })
  return { total, gaps }
}

/** Adds up the entries themselves. */
const figureOf = async (
  { db }: Pick<FlowDeps, 'db'>,
  { slice, sight, months }: Opened,
): Promise<Pick<CountedAnswer, 'total' | 'gaps'>> => {
  const sums: SliceSum[] = []
  for (const of of months) sums.push(...(await sumCounted(db, slice, sight, of)))
  return figureOfSums(sums)
}

const figureOfSums = (sums: readonly SliceSum[]): Pick<CountedAnswer, 'total' | 'gaps'> => ({
  total: {
    count: sums.reduce((count, sum) => count + sum.count, 0),
    // Rounded as the totals round it: to the wire's five places, once.
    amount: apportioned(sums.flatMap(({ cny }) => cny ?? [])).total,
  },
  gaps: sums.flatMap(({ cny, ...gap }) => (cny === null ? [gap] : [])),
})

/** Null as soon as one of the amounts has no rate. */
export const cnyOf = ({ amounts }: Pick<CountedRow, 'amounts'>): string | null =>
  amounts.some(({ cny }) => cny === null)
    ? null
    : addDecimals(amounts.flatMap(({ cny }) => cny ?? []))

const viewOf = (row: CountedRow, reader: TotalsReader): CountedView => {
  const entry = row.kind === null ? undefined : findDeclaration(row.kind)
  const state = row.state === null ? null : (row.state as State)
  return {
    id: row.id,
    type: row.kind === null ? 'settlement' : 'document',
    kind: row.kind,
    name: entry === undefined ? null : { zh: entry.zh, en: entry.en },
    number: row.number,
    ...{ scope: row.scope, month: row.month, direction: row.direction },
    ...{ zone: row.zone, mode: row.mode },
    merchant: row.dims.merchant ?? null,
    country: row.dims.country ?? null,
    ...{ count: row.count, amounts: row.amounts, amount: cnyOf(row) },
    countedSince: row.since.toISOString(),
    state,
    group:
      state === null ? null : entry === undefined ? states[state].group : groupOf(entry, state),
    links: linksOf(row, reader),
  }
}

/** Whoever opens figures alone opens a document masked; its story and bytes are of whose it is. */
const linksOf = ({ id, kind }: CountedRow, reader: TotalsReader): CountedView['links'] => {
  if (kind === null) return { self: `/api/v1/settlements/${id}` }
  const whole = `/api/v1/documents/${id}`
  return {
    self: documentLink(id),
    ...(reader === 'all'
      ? {}
      : { document: whole, timeline: `${whole}/timeline`, message: `${whole}/message.xml` }),
  }
}
