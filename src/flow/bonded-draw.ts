/**
 * What lists draw from bonded books that are kept here, on their way in: the items and quantities
 * their lines name, what is told of lines that name none, and of items of which not enough is free.
 * A book counts when the warehouse that the list names keeps it here; any other book is no concern of
 * ours, and lists that name one cost one look-up a batch.
 */
import {
  type AnyDocument,
  APP_TYPE,
  type Declaration,
  type Draws,
  type FieldRecord,
} from '../catalogue/message.ts'
import type { Severity } from '../catalogue/rules/rule.ts'
import { linesOf } from '../codec/document.ts'
import { add, type Decimal, writeDecimal, ZERO } from '../kernel/decimal.ts'
import { at, type Fault, refuses, type Text } from '../kernel/fault.ts'
import { quantityIn } from '../rules/bonded-draw.ts'
import {
  type FoundItem,
  findBooks,
  findItems,
  itemAccount,
  type KnownBook,
} from '../store/bonded-books.ts'
import type { DayRules } from '../store/day-rules.ts'
import type { Ask, Shortage } from '../store/holds.ts'
import { findSeverities, type Severities } from '../store/rule-switches.ts'
import type { Db } from '../store/tables.ts'
import { type Finding, faultOf } from './findings.ts'

/** What a list says of the book it draws on. */
export interface DrawClaim {
  readonly draws: Draws
  readonly emsNo: string
  /** Code of the warehouse. */
  readonly keeper: string
  readonly lines: readonly FieldRecord[]
}

/** Undefined for what draws on no book: other kinds, other modes of trade, deletions. */
export const drawOf = (
  entry: Declaration,
  document: AnyDocument,
  head: FieldRecord,
): DrawClaim | undefined => {
  const { draws } = entry
  if (draws === undefined || head.appType === APP_TYPE.delete) return undefined
  const emsNo = head[draws.book]
  if (emsNo === undefined || !draws.modes.includes(head[draws.mode] ?? '')) return undefined
  const lines = linesOf(entry, document, draws.lines.group)
  return { draws, emsNo, keeper: head[draws.keeper] ?? '', lines }
}

/** What one list asks of the stock. */
export interface Draw {
  readonly asks: readonly Ask[]
  /** Of lines of which nothing can be asked. */
  readonly faults: readonly Fault[]
  /** By account: the first line that draws on it, its field, and the unit it is given in. */
  readonly places: ReadonlyMap<string, DrawPlace>
  /** How severe it is when there is not enough. */
  readonly severity: Severity | undefined
}

export interface DrawPlace {
  readonly pointer: string
  readonly field: string
  readonly unit: string
}

/** A document with what it draws. */
export interface Drawing {
  readonly id: string
  readonly kind: string
  readonly draw: DrawClaim | undefined
}

export type DrawsFound = ReadonlyMap<string, Draw>

const NONE: DrawsFound = new Map()

/** By document, those that draw on a book kept here; `today` is a China day, yyyy-MM-dd. */
export const findDraws = async (
  db: Db,
  all: readonly Drawing[],
  { day, hasBooks }: Pick<DayRules, 'day' | 'hasBooks'>,
): Promise<DrawsFound> => {
  if (!hasBooks) return NONE
  const claims = all.flatMap(({ id, kind, draw }) =>
    draw === undefined ? [] : [{ id, kind, draw }],
  )
  const books = await findBooks(db, [...new Set(claims.map(({ draw }) => draw.emsNo))])
  if (books.length === 0) return NONE
  const drawing = claims.flatMap((claim) => {
    const book = books.find(
      ({ emsNo, codes }) => emsNo === claim.draw.emsNo && codes.includes(claim.draw.keeper),
    )
    return book === undefined ? [] : [{ ...claim, book }]
  })
  const wanted = new Map<string, KnownBook & { readonly itemRecordNo: string }>()
  for (const { draw, book } of drawing)
    for (const line of draw.lines) {
      const itemRecordNo = line[draw.draws.lines.item] ?? ''
      wanted.set(itemAccount(book, itemRecordNo), { ...book, itemRecordNo })
    }
  const items = new Map(
    (await findItems(db, [...wanted.values()])).map((item) => [item.accountId, item]),
  )
  const keepers = [...new Set(drawing.map(({ book }) => book.warehouseId))]
  const severities = await findSeverities(db, keepers, day)
  return new Map(
    drawing.map(({ id, kind, draw, book }) => [id, asked(kind, draw, book, items, severities)]),
  )
}

const asked = (
  kind: string,
  { draws, lines }: DrawClaim,
  book: KnownBook,
  items: ReadonlyMap<string, FoundItem>,
  severities: Severities,
): Draw => {
  const faults: Fault[] = []
  const amounts = new Map<string, Decimal>()
  const places = new Map<string, DrawPlace>()
  const { group, item: itemField, quantities } = draws.lines
  for (const [index, line] of lines.entries()) {
    const pointer = at(at('', group), index)
    const tell = (rule: 'BONDED_ITEM' | 'BONDED_UNIT', field: string, text: Text): void => {
      const severity = severities(rule, book.warehouseId)
      if (severity !== undefined)
        faults.push(ruleFault(kind, { rule, field, pointer: at(pointer, field), text }, severity))
    }
    const account = itemAccount(book, line[itemField] ?? '')
    const item = items.get(account)
    if (item === undefined) {
      tell('BONDED_ITEM', itemField, texts.unknown)
      continue
    }
    const drawn = quantityIn(draws, line, item.unit)
    if (drawn === undefined) {
      tell('BONDED_UNIT', quantities[0]?.unit ?? '', texts.otherUnit(item.unit))
      continue
    }
    const { amount, field } = drawn
    amounts.set(account, add(amounts.get(account) ?? ZERO, amount))
    if (!places.has(account))
      places.set(account, { pointer: at(pointer, field), field, unit: item.unit })
  }
  const severity = severities('BONDED_STOCK', book.warehouseId)
  const mayExceed = severity !== 'refuse'
  const asks = [...amounts].map(([accountId, amount]): Ask => {
    return { accountId, sort: 'stock', amount, limit: null, mayExceed }
  })
  return { asks, faults, places, severity }
}

/** What is told of items of which not enough is free. */
export const stockFaults = (
  kind: string,
  { places, severity }: Draw,
  shortages: readonly Shortage[],
): readonly Fault[] =>
  shortages.flatMap(({ accountId, asked: wanted, left }) => {
    const place = places.get(accountId)
    if (place === undefined || severity === undefined) return []
    const text = texts.short(writeDecimal(wanted), writeDecimal(left), place.unit)
    const { pointer, field } = place
    return [ruleFault(kind, { rule: 'BONDED_STOCK', field, pointer, text }, severity)]
  })

/** Whether lines of it refuse the list, whatever there is of the others. */
export const isRefused = (draw: Draw | undefined): boolean => refuses(draw?.faults ?? [])

const texts = {
  unknown: {
    zh: '账册中没有该备案料号（本系统账册口径）',
    en: 'The bonded book has no such item (as it is kept here)',
  },
  otherUnit: (unit: string): Text => ({
    zh: `该行没有账册计量单位 ${unit} 下的数量`,
    en: `The line gives no quantity in unit ${unit}, in which the bonded book counts`,
  }),
  short: (wanted: string, left: string, unit: string): Text => ({
    zh: `账册该料号可用 ${left}，本清单合计需 ${wanted}（计量单位 ${unit}；本系统账册口径，以海关底账为准）`,
    en: `The bonded book has ${left} of the item free, and the list takes ${wanted} in all (unit ${unit}; as it is kept here, customs' own book decides)`,
  }),
}

/** Nobody holds a list back for its stock later: what does not refuse is told. */
const ruleFault = (kind: string, finding: Finding, severity: Severity): Fault =>
  faultOf(kind, finding, severity === 'refuse' ? 'error' : 'warning')
