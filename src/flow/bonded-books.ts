/**
 * Bonded account books (账册): who keeps one, and what stands in it. A book belongs to a warehouse
 * enterprise of a zone; the warehouse and whoever holds its mandate keep it, the operator looks on,
 * and for anybody else it does not exist. Lists that draw on a book nobody keeps here are no concern
 * of ours.
 */
import { bondedBook } from '../catalogue/bonded-book.ts'
import { chinaDay } from '../kernel/clock.ts'
import type { Fault } from '../kernel/fault.ts'
import { laneOf } from '../kernel/lane.ts'
import { PAGE_ROWS, PAGE_ROWS_MAX } from '../kernel/limits.ts'
import { coversKind, findPrincipals, type Principal } from '../store/access.ts'
import {
  type BookItem,
  type BookRow,
  findBook,
  insertBook,
  isZone,
  type Keeper,
  listBooks,
  listItems,
} from '../store/bonded-books.ts'
import { bookFault } from './bonded-faults.ts'
import { visibleSenders } from './sight.ts'
import type { Caller, FlowDeps } from './types.ts'

type Deps = Pick<FlowDeps, 'db' | 'clock'>

export interface BookView {
  readonly emsNo: string
  readonly zone: string
  readonly warehouseId: string
  readonly registeredAt: string
}

export interface WantedBook {
  readonly emsNo: string
  readonly zone: string
  /** The caller when left out. */
  readonly warehouseId?: string | undefined
}

export type BookRegistered =
  | { readonly kind: 'registered'; readonly book: BookView }
  /** It was registered before, just so. */
  | { readonly kind: 'known'; readonly book: BookView }
  /** Somebody keeps a book of this number. */
  | { readonly kind: 'taken' }
  | { readonly kind: 'wrong'; readonly faults: readonly Fault[] }

export const registerBook = async (
  { db, clock }: Deps,
  caller: Caller,
  wanted: WantedBook,
): Promise<BookRegistered> => {
  const now = clock.now()
  const warehouseId = wanted.warehouseId ?? caller.enterpriseId
  const principals = await findPrincipals(db, caller.enterpriseId, chinaDay(now), now)
  const keepers = principals.filter(
    (principal) => principal.id === warehouseId && keeps(principal, wanted.zone),
  )
  const faults: Fault[] = []
  if (keepers.length === 0) faults.push(bookFault(bondedBook.code, 'warehouseId-NOT_YOURS'))
  else if (!keepers.some(({ roles }) => roles.includes(bondedBook.keeper)))
    faults.push(bookFault(bondedBook.code, 'warehouseId-ROLE_MISSING'))
  if (!(await isZone(db, wanted.zone))) faults.push(bookFault(bondedBook.code, 'zone-UNKNOWN'))
  if (faults.length > 0) return { kind: 'wrong', faults }
  const { emsNo, zone } = wanted
  const row = { lane: laneOf(emsNo), emsNo, zone, warehouseId, registeredAt: now }
  if (await insertBook(db, row, caller.enterpriseId))
    return { kind: 'registered', book: viewOf(row) }
  const held = await findBook(db, emsNo)
  return held !== undefined && held.warehouseId === warehouseId && held.zone === zone
    ? { kind: 'known', book: viewOf(held) }
    : { kind: 'taken' }
}

/** In whose name books may be kept: his own, or under a mandate for books of their zone. */
const keeps = (principal: Principal, zone: string): boolean =>
  coversKind(principal, bondedBook.code) &&
  (principal.zones === null || principal.zones.includes(zone))

const viewOf = ({ emsNo, zone, warehouseId, registeredAt }: BookRow): BookView => ({
  ...{ emsNo, zone, warehouseId, registeredAt: registeredAt.toISOString() },
})

/** The book, when the caller may see it; what he may see he may keep, but for the operator. */
export const visibleBook = async (
  deps: Deps,
  caller: Caller,
  emsNo: string,
): Promise<BookRow | undefined> => {
  const book = emsNo.includes('\0') ? undefined : await findBook(deps.db, emsNo)
  if (book === undefined) return undefined
  const senders = await visibleSenders(deps, caller)
  const { warehouseId, zone } = book
  const isKept = senders?.some((one) => one.id === warehouseId && keeps(one, zone)) ?? true
  return isKept ? book : undefined
}

/** Cursors of pages that go by the numbers of books and items, which may hold anything. */
const writeCursor = (number: string): string => Buffer.from(number).toString('base64url')

/** Undefined for what is no cursor of ours. */
export const readBookCursor = (cursor: string): string | undefined => {
  const number = Buffer.from(cursor, 'base64url').toString()
  return number !== '' && writeCursor(number) === cursor ? number : undefined
}

export interface BookPage {
  readonly cursor?: string | undefined
  readonly limit?: number | undefined
}

/** In the order of their numbers; `next` is the cursor of the following page, null after the last. */
export const listBookViews = async (
  deps: Deps,
  caller: Caller,
  page: BookPage & { readonly zone?: string | undefined },
): Promise<{ readonly books: readonly BookView[]; readonly next: string | null }> => {
  const senders = await visibleSenders(deps, caller)
  const keepers =
    senders
      ?.filter((sender) => coversKind(sender, bondedBook.code))
      .flatMap(({ id, zones }): readonly Keeper[] =>
        (zones ?? [null]).map((zone) => ({ id, zone })),
      ) ?? null
  const limit = Math.min(page.limit ?? PAGE_ROWS, PAGE_ROWS_MAX)
  const after = afterOf(page)
  const { zone } = page
  const rows = await listBooks(deps.db, { keepers, after, zone, limit: limit + 1 })
  const shown = rows.slice(0, limit)
  return {
    books: shown.map(viewOf),
    next: nextOf(rows.length > limit ? shown.at(-1)?.emsNo : undefined),
  }
}

const afterOf = ({ cursor }: BookPage): string | undefined =>
  cursor === undefined ? undefined : readBookCursor(cursor)

const nextOf = (last: string | undefined): string | null =>
  last === undefined ? null : writeCursor(last)

export interface BookWithItems extends BookView {
  readonly items: readonly BookItem[]
  readonly next: string | null
}

/** The book with its items in the order of their numbers; undefined when the caller may not see it. */
export const findBookView = async (
  deps: Deps,
  caller: Caller,
  emsNo: string,
  page: BookPage,
): Promise<BookWithItems | undefined> => {
  const book = await visibleBook(deps, caller, emsNo)
  if (book === undefined) return undefined
  const limit = Math.min(page.limit ?? PAGE_ROWS, PAGE_ROWS_MAX)
  const rows = await listItems(deps.db, book, { after: afterOf(page), limit: limit + 1 })
  const items = rows.slice(0, limit)
  const next = nextOf(rows.length > limit ? items.at(-1)?.itemRecordNo : undefined)
  return { ...viewOf(book), items, next }
}
