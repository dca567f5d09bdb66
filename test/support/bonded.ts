/** A bonded book of a synthetic warehouse, lists that draw on it, and how it stands. */
import { findBookView, registerBook, visibleBook } from '../../src/flow/bonded-books.ts'
import { putBookItems } from '../../src/flow/bonded-items.ts'
import { enterMovements, listMovementViews } from '../../src/flow/bonded-movements.ts'
import type { FlowDeps } from '../../src/flow/types.ts'
import { add, readDecimal, writeDecimal, ZERO } from '../../src/kernel/decimal.ts'
import type { Consignment } from '../../src/sim/consignments.ts'

type Deps = Pick<FlowDeps, 'db' | 'clock'>
type List = Consignment['list']

const dec = (text: string) => readDecimal(text) ?? ZERO

/** Items of every such book and the unit it counts them in. */
export const UNIT = '035'

export const rowsOf = (records: readonly unknown[]) =>
  records.map((record) => ({ record, faults: [] }))

export interface TestBook {
  readonly emsNo: string
  /** Code of the warehouse, which is its id as well unless told. */
  readonly areaCode: string
  readonly warehouseId?: string
}

export const makeBook = async (
  deps: Deps,
  { emsNo, areaCode, warehouseId = areaCode }: TestBook,
  zone: string,
  stock: Readonly<Record<string, string>>,
  unitOf: (item: string) => string = () => UNIT,
): Promise<void> => {
  const caller = { enterpriseId: warehouseId }
  const made = await registerBook(deps, caller, { emsNo, zone })
  if (made.kind !== 'registered') throw new Error(JSON.stringify(made))
  const book = await visibleBook(deps, caller, emsNo)
  if (book === undefined) throw new Error('the book is not there')
  const items = Object.keys(stock).map((itemRecordNo) => {
    return { itemRecordNo, gname: '合成料件', unit: unitOf(itemRecordNo) }
  })
  const put = await putBookItems(deps, book, rowsOf(items))
  if (put.kind !== 'put') throw new Error(JSON.stringify(put))
  const lines = Object.entries(stock).flatMap(([itemRecordNo, qty]) =>
    qty === '0' ? [] : [{ itemRecordNo, qty }],
  )
  if (lines.length > 0) await enter(deps, { emsNo, areaCode: warehouseId }, 'entry', 'IN-1', lines)
}

export const enter = async (
  deps: Deps,
  { emsNo, areaCode }: TestBook,
  kind: 'entry' | 'adjustment',
  number: string,
  lines: readonly { readonly itemRecordNo: string; readonly qty: string }[],
) => {
  const caller = { enterpriseId: areaCode }
  const book = await visibleBook(deps, caller, emsNo)
  if (book === undefined) throw new Error('the book is not there')
  const entering = { caller, userId: undefined }
  const reason = '合成原因'
  return enterMovements(deps, book, entering, { number, kind, reason, rows: rowsOf(lines) })
}

export interface DrawnLine {
  readonly item: string
  readonly qty: string
  /** Of the traded quantity; the first legal one is in the unit of the book then. */
  readonly unit?: string
  readonly qty1?: string
}

/** The list drawing on the book; everything else stays, but that it costs next to nothing. */
export const drawing = (list: List, book: TestBook, lines: readonly DrawnLine[]): List => {
  const [first] = list.InventoryList
  if (first === undefined) throw new Error('a list without lines')
  const {
    trafNo: _,
    voyageNo: __,
    billNo: ___,
    ...head
  } = list.InventoryHead as Record<string, string>
  return {
    InventoryHead: {
      ...(head as List['InventoryHead']),
      ...{ tradeMode: '1210', emsNo: book.emsNo, areaCode: book.areaCode, areaName: '合成仓储' },
    },
    InventoryList: lines.map(({ item, qty, unit = UNIT, qty1 = qty }, index) => ({
      ...first,
      ...{ gnum: String(index + 1), itemRecordNo: item, qty, unit, qty1, unit1: UNIT },
      ...{ price: '1', totalPrice: '1' },
    })),
  }
}

/** `stock - reserved` of each item, by its number. */
export const standing = async (
  deps: Deps,
  { emsNo, areaCode }: TestBook,
): Promise<Readonly<Record<string, string>>> => {
  const view = await findBookView(deps, { enterpriseId: areaCode }, emsNo, {})
  return Object.fromEntries(
    (view?.items ?? []).map((item) => [item.itemRecordNo, `${item.stock} - ${item.reserved}`]),
  )
}

/** The same from the log alone. */
export const logged = async (
  deps: Deps,
  { emsNo, areaCode }: TestBook,
): Promise<Readonly<Record<string, string>>> => {
  const book = await visibleBook(deps, { enterpriseId: areaCode }, emsNo)
  if (book === undefined) throw new Error('the book is not there')
  const sums = new Map<
    string,
    { stock: ReturnType<typeof dec>; reserved: ReturnType<typeof dec> }
  >()
  let cursor: string | undefined
  do {
    const page = await listMovementViews(deps, book, { cursor, limit: 500 })
    for (const { itemRecordNo, stockChange, reservedChange } of page.movements) {
      const { stock, reserved } = sums.get(itemRecordNo) ?? { stock: ZERO, reserved: ZERO }
      sums.set(itemRecordNo, {
        stock: add(stock, dec(stockChange)),
        reserved: add(reserved, dec(reservedChange)),
      })
    }
    cursor = page.next ?? undefined
  } while (cursor !== undefined)
  return Object.fromEntries(
    [...sums].map(([item, sum]) => [
      item,
      `${writeDecimal(sum.stock)} - ${writeDecimal(sum.reserved)}`,
    ]),
  )
}
