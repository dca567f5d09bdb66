/**
 * Physical counts of a bonded book (盘点). A count is looked at first: what was found beside what the
 * book said at the moment of the count, and a token of just that. Booking it takes the same rows, the
 * same moment and the token; where the answer would be another by now, nothing is booked. Goods that
 * left or came after the moment are no difference, so a warehouse need not stand still for it.
 */
import { createHash } from 'node:crypto'
import { bondedCount } from '../catalogue/bonded-book.ts'
import type { FieldRecord } from '../catalogue/message.ts'
import { UNCOUNTED_TOLD_MAX } from '../kernel/bonded-limits.ts'
import { type Decimal, readDecimal, subtract, writeDecimal, ZERO } from '../kernel/decimal.ts'
import { type Fault, refuses } from '../kernel/fault.ts'
import { type CountLine, compareCount } from '../rules/bonded-count.ts'
import {
  type BookItem,
  type BookRow,
  findItems,
  findOthersInStock,
  lockStock,
} from '../store/bonded-books.ts'
import { changedAfter } from '../store/bonded-movements.ts'
import { inTransaction, type Trx } from '../store/transaction.ts'
import { bookFault } from './bonded-faults.ts'
import { bookChanges, type Change, type Entering, unbooked } from './bonded-movements.ts'
import { type HandedRow, judgeRows, type RowFault } from './bonded-rows.ts'
import type { FlowDeps } from './types.ts'

type Deps = Pick<FlowDeps, 'db' | 'clock'>

export interface WantedCount {
  readonly rows: readonly HandedRow[]
  /** The moment of the count; now when left out. */
  readonly at?: Date | undefined
  /** Of the report that was looked at, to book its differences. */
  readonly apply?: { readonly token: string } | undefined
}

/** One item of the count. Quantities are decimal texts in the unit of the book. */
export interface CountedItem {
  readonly itemRecordNo: string
  readonly gname: string
  readonly unit: string
  readonly counted: string
  /** What the book said at the moment of the count. */
  readonly booked: string
  readonly difference: string
  /** Held by documents under way, now. */
  readonly reserved: string
}

export interface CountReport {
  readonly emsNo: string
  /** Moment of the count. */
  readonly at: string
  readonly token: string
  /** Whether the differences are booked. */
  readonly applied: boolean
  /** Items counted. */
  readonly counted: number
  /** Items that differ. */
  readonly differences: readonly CountedItem[]
  /** Items with stock that nobody counted, the first of them; nothing is booked for them. */
  readonly uncounted: readonly Pick<BookItem, 'itemRecordNo' | 'gname' | 'unit' | 'stock'>[]
}

export type CountTaken =
  | { readonly kind: 'report'; readonly report: CountReport }
  /** The book or the rows are no longer those that were looked at; the report as it is now. */
  | { readonly kind: 'changed'; readonly report: CountReport }
  | {
      readonly kind: 'wrong'
      readonly faults: readonly RowFault[]
      readonly ofAll: readonly Fault[]
    }

export const takeCount = async (
  deps: Deps,
  book: BookRow,
  entering: Entering,
  wanted: WantedCount,
): Promise<CountTaken> => {
  const { records, faults } = judgeRows(bondedCount, wanted.rows)
  const now = deps.clock.now()
  const at = wanted.at ?? now
  const ofAll = at > now ? [bookFault(bondedCount.code, 'at-IN_FUTURE')] : []
  if (wanted.apply !== undefined && (wanted.at === undefined || wanted.apply.token === ''))
    ofAll.push(TOKEN_MISSING)
  const rows = records.map(({ itemRecordNo = '', qty = '', unit }) => {
    return { itemRecordNo, quantity: readDecimal(qty) ?? ZERO, unit }
  })
  const numbers = [...new Set(rows.map(({ itemRecordNo }) => itemRecordNo))]
  return inTransaction(deps.db, async (trx): Promise<CountTaken> => {
    // Two counts of the same items are booked one after the other.
    if (wanted.apply !== undefined) await lockStock(trx, book, numbers)
    const items = new Map(
      (
        await findItems(
          trx,
          numbers.map((itemRecordNo) => ({ ...book, itemRecordNo })),
        )
      ).map((item) => [item.itemRecordNo, item]),
    )
    const found = [...faults, ...againstBook(rows, items, faults)]
    if (refuses([...ofAll, ...found.map(({ fault }) => fault)]))
      return { kind: 'wrong', faults: found, ofAll }
    const number = `${COUNT_NUMBER}${wanted.apply?.token ?? ''}`
    const booked = await bookedAt(trx, book, items, { at, number })
    const lines = compareCount(rows, booked)
    const token = tokenOf(book, at, lines)
    const report = async (applied: boolean): Promise<CountReport> => {
      const others = await findOthersInStock(trx, book, numbers, UNCOUNTED_TOLD_MAX)
      return {
        ...{ emsNo: book.emsNo, at: at.toISOString(), token, applied, counted: lines.length },
        differences: lines.flatMap((line) => told(line, items)),
        uncounted: others.map(({ itemRecordNo, gname, unit, stock }) => {
          return { itemRecordNo, gname, unit, stock }
        }),
      }
    }
    if (wanted.apply === undefined) return { kind: 'report', report: await report(false) }
    if (wanted.apply.token !== token) return { kind: 'changed', report: await report(false) }
    const changes = changesOf(records, lines)
    await bookChanges(deps, trx, {
      ...{ book, entering, number, changes, asOf: at, kind: 'count', code: bondedCount.code },
      contentHash: createHash('sha256').update(token).digest(),
    })
    return { kind: 'report', report: await report(true) }
  }).catch(unbooked)
}

const TOKEN_MISSING = bookFault(bondedCount.code, 'token-MISSING')

/** What only the book can tell of the rows; a row that is wrong anyway is not looked at. */
const againstBook = (
  rows: readonly {
    readonly itemRecordNo: string
    readonly quantity: Decimal
    readonly unit: string | undefined
  }[],
  items: ReadonlyMap<string, BookItem>,
  known: readonly RowFault[],
): readonly RowFault[] => {
  const wrong = new Set(
    known.flatMap(({ index, fault }) => (fault.severity === 'error' ? [index] : [])),
  )
  return rows.flatMap(({ itemRecordNo, quantity, unit }, index): readonly RowFault[] => {
    if (wrong.has(index)) return []
    const item = items.get(itemRecordNo)
    const { code } = bondedCount
    return [
      ...(item === undefined ? [bookFault(code, 'itemRecordNo-UNKNOWN_ITEM')] : []),
      ...(quantity < ZERO ? [bookFault(code, 'qty-NEGATIVE')] : []),
      ...(unit !== undefined && item !== undefined && unit !== item.unit
        ? [bookFault(code, 'unit-DIFFERS')]
        : []),
    ].map((fault) => ({ index, fault }))
  })
}

/**
 * Stock at a moment: what it is now without what changed since, and without what this very count
 * changed, where it was booked before.
 */
const bookedAt = async (
  trx: Trx,
  book: BookRow,
  items: ReadonlyMap<string, BookItem>,
  { at, number }: { readonly at: Date; readonly number: string },
): Promise<ReadonlyMap<string, Decimal>> => {
  const since = await changedAfter(trx, book, [...items.keys()], at, number)
  return new Map(
    [...items].map(([number, { stock }]) => [
      number,
      subtract(read(stock), read(since.get(number) ?? '0')),
    ]),
  )
}

const read = (text: string): Decimal => {
  const value = readDecimal(text)
  if (value === undefined) throw new Error('not a decimal of the database')
  return value
}

/** Of all that was looked at: another book, moment, count or stock is another token. */
const tokenOf = ({ emsNo }: BookRow, at: Date, lines: readonly CountLine[]): string =>
  createHash('sha256')
    .update(
      JSON.stringify([
        emsNo,
        at.toISOString(),
        lines.map((line) => [line.itemRecordNo, String(line.counted), String(line.booked)]),
      ]),
    )
    .digest('base64url')

const told = (
  { itemRecordNo, counted, booked, difference }: CountLine,
  items: ReadonlyMap<string, BookItem>,
): readonly CountedItem[] => {
  const item = items.get(itemRecordNo)
  if (item === undefined || difference === ZERO) return []
  const { gname, unit, reserved } = item
  return [
    {
      ...{ itemRecordNo, gname, unit, counted: writeDecimal(counted) },
      ...{ booked: writeDecimal(booked), difference: writeDecimal(difference), reserved },
    },
  ]
}

/** The differences, each at the first row of its item; notes of several rows are told together. */
const changesOf = (records: readonly FieldRecord[], lines: readonly CountLine[]): Change[] => {
  const own = new Map<string, { readonly index: number; readonly notes: string[] }>()
  for (const [index, { itemRecordNo = '', note }] of records.entries()) {
    const row = own.get(itemRecordNo) ?? { index, notes: [] }
    if (note !== undefined) row.notes.push(note)
    own.set(itemRecordNo, row)
  }
  return lines.flatMap(({ itemRecordNo, difference: by }): readonly Change[] => {
    const { index = 0, notes = [] } = own.get(itemRecordNo) ?? {}
    const reason = notes.length > 0 ? notes.join('；') : undefined
    return by === ZERO ? [] : [{ index, itemRecordNo, by, reason }]
  })
}

/** A blank keeps such numbers apart from those that users can choose. */
const COUNT_NUMBER = '盘点 '
