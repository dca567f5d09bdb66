/**
 * What is entered into a bonded book by hand: goods that came in (入区), and adjustments with their
 * reason. All rows of an entry are booked together or none; its number makes the same entry again the
 * same answer. Stock never falls below zero by it. The log tells these and what documents changed.
 */
import { createHash } from 'node:crypto'
import { bondedLines, type EnteredKind, type MovementKind } from '../catalogue/bonded-book.ts'
import { type Decimal, readDecimal, writeDecimal, ZERO } from '../kernel/decimal.ts'
import { type Fault, refuses } from '../kernel/fault.ts'
import { PAGE_ROWS, PAGE_ROWS_MAX } from '../kernel/limits.ts'
import { type BookKey, type BookRow, findItems, itemAccount } from '../store/bonded-books.ts'
import {
  insertMovements,
  listMovements,
  type Movement,
  type NewMovement,
  takeNumber,
} from '../store/bonded-movements.ts'
import { changeStock } from '../store/hold-accounts.ts'
import { inTransaction, type Trx } from '../store/transaction.ts'
import { type BookFault, bookFault } from './bonded-faults.ts'
import { type HandedRow, judgeRows, type RowFault } from './bonded-rows.ts'
import type { Caller, FlowDeps } from './types.ts'

type Deps = Pick<FlowDeps, 'db' | 'clock'>

/** Who enters something. */
export interface Entering {
  readonly caller: Caller
  readonly userId: string | undefined
}

export interface WantedEntry {
  /** Of the paper behind it; once in a book. */
  readonly number: string
  readonly kind: EnteredKind
  readonly reason?: string | undefined
  readonly rows: readonly HandedRow[]
}

export type Entered =
  | { readonly kind: 'entered'; readonly movements: number; readonly duplicate: boolean }
  /** The number came before with something else. */
  | { readonly kind: 'number-used' }
  | {
      readonly kind: 'wrong'
      readonly faults: readonly RowFault[]
      /** Of the entry as a whole. */
      readonly ofAll: readonly Fault[]
    }

export const enterMovements = async (
  deps: Deps,
  book: BookRow,
  entering: Entering,
  { number, kind, reason, rows }: WantedEntry,
): Promise<Entered> => {
  const { records, faults } = judgeRows(bondedLines, rows)
  const ofAll = kind === 'adjustment' && reason === undefined ? [REASON_MISSING] : []
  const changes = records.map(({ itemRecordNo = '', qty = '', note }, index): Change => {
    return { index, itemRecordNo, by: readDecimal(qty) ?? ZERO, reason: note ?? reason }
  })
  const found = [...faults]
  for (const [index, { by }] of changes.entries()) {
    const isJudged = faults.some((one) => one.index === index && one.fault.severity === 'error')
    const what: BookFault | undefined =
      kind === 'entry'
        ? by > ZERO
          ? undefined
          : 'qty-NOT_POSITIVE'
        : by === ZERO
          ? 'qty-NOTHING'
          : undefined
    if (what !== undefined && !isJudged)
      found.push({ index, fault: bookFault(bondedLines.code, what) })
  }
  if (refuses([...ofAll, ...found.map(({ fault }) => fault)]))
    return { kind: 'wrong', faults: found, ofAll }
  const contentHash = hashOf([kind, reason ?? null, records])
  return inTransaction(deps.db, (trx) =>
    bookChanges(deps, trx, {
      book,
      entering,
      number,
      kind,
      contentHash,
      changes,
      code: bondedLines.code,
    }),
  ).catch(unbooked)
}

const REASON_MISSING = bookFault(bondedLines.code, 'reason-MISSING')

const hashOf = (content: unknown): Uint8Array =>
  createHash('sha256').update(JSON.stringify(content)).digest()

/** A change of one item. */
export interface Change {
  /** Of the row it comes from. */
  readonly index: number
  readonly itemRecordNo: string
  readonly by: Decimal
  readonly reason: string | undefined
}

export interface Booking {
  readonly book: BookKey
  readonly entering: Entering
  readonly number: string
  readonly kind: MovementKind
  readonly contentHash: Uint8Array
  readonly changes: readonly Change[]
  /** Of the table whose rows they are, for faults. */
  readonly code: string
  /** What they hold as of, where that is not now. */
  readonly asOf?: Date
}

/** Thrown inside the transaction, so that nothing of the entry is kept. */
class Unbooked extends Error {
  readonly faults: readonly RowFault[]
  constructor(faults: readonly RowFault[]) {
    super('the entry cannot be booked')
    this.faults = faults
  }
}

/** What an entry that could not be booked is answered. */
export const unbooked = (problem: unknown): Extract<Entered, { kind: 'wrong' }> => {
  if (!(problem instanceof Unbooked)) throw problem
  return { kind: 'wrong', faults: problem.faults, ofAll: [] }
}

/** Books the changes inside the caller's transaction; throws what `unbooked` turns into an answer. */
export const bookChanges = async (
  { clock }: Pick<Deps, 'clock'>,
  trx: Trx,
  { book, entering, number, kind, contentHash, changes, code, asOf }: Booking,
): Promise<Extract<Entered, { kind: 'entered' | 'number-used' }>> => {
  const now = clock.now()
  const taken = await takeNumber(trx, { ...book, number, kind, contentHash }, now)
  if (taken.kind === 'taken') {
    const isSame = Buffer.compare(taken.hash, contentHash) === 0
    return isSame
      ? { kind: 'entered', movements: changes.length, duplicate: true }
      : { kind: 'number-used' }
  }
  const items = [...new Set(changes.map(({ itemRecordNo }) => itemRecordNo))]
  const known = new Set(
    (
      await findItems(
        trx,
        items.map((itemRecordNo) => ({ ...book, itemRecordNo })),
      )
    ).map(({ itemRecordNo }) => itemRecordNo),
  )
  const unknown = changes.flatMap(({ index, itemRecordNo }): readonly RowFault[] =>
    known.has(itemRecordNo) ? [] : [{ index, fault: bookFault(code, 'itemRecordNo-UNKNOWN_ITEM') }],
  )
  if (unknown.length > 0) throw new Unbooked(unknown)
  const stocks = await changeStock(
    trx,
    changes.map(({ itemRecordNo, by }) => ({ accountId: itemAccount(book, itemRecordNo), by })),
  )
  const below = changes.flatMap(({ index, itemRecordNo, by }): readonly RowFault[] => {
    const account = stocks.get(itemAccount(book, itemRecordNo))
    const isBelow = account !== undefined && (account.stock ?? ZERO) < account.committed
    // Goods that are found again are booked even where the book is still below zero after it.
    return isBelow && by < ZERO ? [{ index, fault: bookFault(code, 'qty-BELOW_ZERO') }] : []
  })
  if (below.length > 0) throw new Unbooked(below)
  const actor = entering.caller.enterpriseId
  const movements = changes.map(({ itemRecordNo, by, reason = null }): NewMovement => {
    const what = { itemRecordNo, kind, stockChange: writeDecimal(by), reservedChange: '0' }
    const { lane, emsNo } = book
    const userId = entering.userId ?? null
    const who = { actor, userId, number, reason, ...(asOf === undefined ? {} : { asOf }) }
    return { lane, emsNo, ...what, ...who }
  })
  await insertMovements(trx, movements, now)
  return { kind: 'entered', movements: movements.length, duplicate: false }
}

export interface MovementView extends Omit<Movement, 'at' | 'asOf' | 'userId'> {
  readonly at: string
  /** What it holds as of: of a count its moment, else the same. */
  readonly asOf: string
  readonly userId: string | null
  readonly documentId: string | null
  readonly reason: string | null
}

export interface LogQuery {
  readonly item?: string | undefined
  readonly document?: string | undefined
  readonly kind?: MovementKind | undefined
  readonly cursor?: string | undefined
  readonly limit?: number | undefined
}

/** The log, newest first; `next` is the cursor of the following page, null after the last. */
export const listMovementViews = async (
  { db }: Pick<FlowDeps, 'db'>,
  book: BookKey,
  query: LogQuery,
): Promise<{ readonly movements: readonly MovementView[]; readonly next: string | null }> => {
  const limit = Math.min(query.limit ?? PAGE_ROWS, PAGE_ROWS_MAX)
  const rows = await listMovements(db, book, { ...query, after: query.cursor, limit: limit + 1 })
  const shown = rows.slice(0, limit)
  return {
    movements: shown.map(
      ({ at, asOf, userId = null, documentId = null, reason = null, ...row }) => ({
        ...{ ...row, userId, documentId, reason },
        ...{ at: at.toISOString(), asOf: asOf.toISOString() },
      }),
    ),
    next: rows.length > limit ? (shown.at(-1)?.id ?? null) : null,
  }
}
