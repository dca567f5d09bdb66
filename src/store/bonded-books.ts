/**
 * Bonded books and their items. What there is of an item, and what documents hold of it, stands in the
 * account of the item (`holds.ts`), whose id carries the lane of the book.
 */
import { sql } from 'kysely'
import { ZERO } from '../kernel/decimal.ts'
import { idInLane, laneOfId } from '../kernel/ids.ts'
import { laneOf } from '../kernel/lane.ts'
import { changeStock, holdAccountId } from './hold-accounts.ts'
import { rowsOf } from './rows.ts'
import type { Db } from './tables.ts'
import type { Trx } from './transaction.ts'

export interface BookRow {
  readonly lane: number
  readonly emsNo: string
  readonly zone: string
  readonly warehouseId: string
  readonly registeredAt: Date
}

/** Its place in the log and among the accounts. */
export type BookKey = Pick<BookRow, 'lane' | 'emsNo'>

export const isZone = async (db: Db, code: string): Promise<boolean> =>
  (await db.selectFrom('zone').select('code').where('code', '=', code).executeTakeFirst()) !==
  undefined

/** False when somebody keeps a book of this number. */
export const insertBook = async (
  db: Db,
  { lane, emsNo, zone, warehouseId, registeredAt }: BookRow,
  registeredBy: string,
): Promise<boolean> => {
  const made = await sql`
    insert into bonded_book (lane, ems_no, zone, warehouse_id, registered_by, registered_at)
    values (${lane}, ${emsNo}, ${zone}, ${warehouseId}, ${registeredBy}, ${registeredAt})
    on conflict do nothing`.execute(db)
  return made.numAffectedRows === 1n
}

const BOOK = sql`b.lane, b.ems_no as "emsNo", b.zone, b.warehouse_id as "warehouseId",
  b.registered_at as "registeredAt"`

export const findBook = async (db: Db, emsNo: string): Promise<BookRow | undefined> =>
  (
    await sql<BookRow>`
      select ${BOOK} from bonded_book b where b.lane = ${laneOf(emsNo)} and b.ems_no = ${emsNo}
    `.execute(db)
  ).rows[0]

/** A warehouse and a zone of its books; null is all of them. */
export interface Keeper {
  readonly id: string
  readonly zone: string | null
}

/** In the order of their numbers; `keepers` null is all. */
export const listBooks = async (
  db: Db,
  {
    keepers,
    after,
    zone,
    limit,
  }: {
    readonly keepers: readonly Keeper[] | null
    readonly after: string | undefined
    readonly zone: string | undefined
    readonly limit: number
  },
): Promise<readonly BookRow[]> =>
  (
    await sql<BookRow>`
      select ${BOOK} from bonded_book b
      where (${keepers === null} or exists (
          select from ${rowsOf('k', { id: 'text', zone: 'text' }, keepers ?? [])}
          where k.id = b.warehouse_id and (k.zone is null or k.zone = b.zone)
        ))
        and (${zone ?? null}::text is null or b.zone = ${zone ?? null})
        and (${after ?? null}::text is null or b.ems_no collate "C" > ${after ?? null})
      order by b.ems_no collate "C" limit ${limit}`.execute(db)
  ).rows

/** Of the books that lists name: those kept here by the warehouse that the list names, and its codes. */
export interface KnownBook extends BookKey {
  readonly warehouseId: string
  readonly codes: readonly string[]
}

/** One plain look-up where none of them is kept here, as for nearly all batches. */
export const findBooks = async (
  db: Db,
  numbers: readonly string[],
): Promise<readonly KnownBook[]> => {
  if (numbers.length === 0) return []
  const lanes = [...new Set(numbers.map(laneOf))]
  const found = await sql<Omit<KnownBook, 'codes'>>`
    select b.lane, b.ems_no as "emsNo", b.warehouse_id as "warehouseId" from bonded_book b
    where b.lane = any(${lanes}::smallint[]) and b.ems_no = any(${numbers}::text[])`.execute(db)
  if (found.rows.length === 0) return []
  const keepers = [...new Set(found.rows.map(({ warehouseId }) => warehouseId))]
  const { rows } = await sql<{ id: string; codes: string[] }>`
    select e.id, array_remove(array[e.customs_code, e.credit_code], null) as codes
    from enterprise e where e.id = any(${keepers}::text[])`.execute(db)
  const codes = new Map(rows.map((row) => [row.id, row.codes]))
  return found.rows.map((book) => ({ ...book, codes: codes.get(book.warehouseId) ?? [] }))
}

/** What an item is, without its quantities. */
export interface ItemRow {
  readonly itemRecordNo: string
  readonly gname: string
  readonly unit: string
  readonly gcode: string | null
}

export interface BookItem extends ItemRow {
  /** Decimal texts in the unit of the book: what is there, what documents under way hold, the rest. */
  readonly stock: string
  readonly reserved: string
  readonly free: string
}

/** The account of an item. */
export const itemAccount = ({ lane, emsNo }: BookKey, itemRecordNo: string): string =>
  idInLane(holdAccountId('stock', emsNo, itemRecordNo), lane)

/**
 * Registers items or changes what is said of them. Gives the numbers of those whose unit would change
 * although they have moved: of them nothing was changed. Whoever moves an item holds its account till
 * the end of his transaction, so accounts come first.
 */
export const putItems = async (
  trx: Trx,
  book: BookKey,
  items: readonly ItemRow[],
): Promise<ReadonlySet<string>> => {
  const columns = {
    ...{ itemRecordNo: 'text', accountId: 'uuid', gname: 'text', unit: 'text', gcode: 'text' },
  }
  const rows = items.map((item) => ({ ...item, accountId: itemAccount(book, item.itemRecordNo) }))
  await changeStock(
    trx,
    rows.map(({ accountId }) => ({ accountId, by: ZERO })),
  )
  const put = await sql<{ itemRecordNo: string }>`
    insert into bonded_item as i
      (lane, ems_no, item_record_no, account_id, gname, unit, gcode)
    select ${book.lane}, ${book.emsNo}, r."itemRecordNo", r."accountId", r.gname, r.unit, r.gcode
    from ${rowsOf('r', columns, rows)} order by r."itemRecordNo" collate "C"
    on conflict (lane, ems_no, item_record_no) do update set gname = excluded.gname,
      unit = excluded.unit, gcode = excluded.gcode
    where i.unit = excluded.unit or not exists (
      select from bonded_movement m where m.lane = i.lane and m.ems_no = i.ems_no
        and m.item_record_no = i.item_record_no
    )
    returning i.item_record_no as "itemRecordNo"`.execute(trx)
  const done = new Set(put.rows.map(({ itemRecordNo }) => itemRecordNo))
  return new Set(items.flatMap(({ itemRecordNo }) => (done.has(itemRecordNo) ? [] : itemRecordNo)))
}

/** An account without a row has nothing. Goods that left are what documents used up. */
const ITEM = sql`i.item_record_no as "itemRecordNo", i.gname, i.unit, i.gcode,
  trim_scale(coalesce(a.stock, 0) - coalesce(a.committed, 0))::text as stock,
  trim_scale(coalesce(a.reserved, 0))::text as reserved,
  trim_scale(coalesce(a.stock, 0) - coalesce(a.committed, 0) - coalesce(a.reserved, 0))::text as free`

export const listItems = async (
  db: Db,
  { lane, emsNo }: BookKey,
  { after, limit }: { readonly after: string | undefined; readonly limit: number },
): Promise<readonly BookItem[]> =>
  (
    await sql<BookItem>`
      select ${ITEM} from bonded_item i
      left join hold_account a on a.lane = i.lane and a.id = i.account_id
      where i.lane = ${lane} and i.ems_no = ${emsNo}
        and (${after ?? null}::text is null or i.item_record_no > ${after ?? null})
      order by i.item_record_no limit ${limit}`.execute(db)
  ).rows

export interface FoundItem extends BookItem, BookKey {
  readonly accountId: string
}

/** These items, as far as the books have them. */
export const findItems = async (
  db: Db,
  wanted: readonly (BookKey & { readonly itemRecordNo: string })[],
): Promise<readonly FoundItem[]> => {
  if (wanted.length === 0) return []
  const columns = { lane: 'smallint', emsNo: 'text', itemRecordNo: 'text' }
  const found = await sql<FoundItem>`
    select i.lane, i.ems_no as "emsNo", i.account_id as "accountId", ${ITEM}
    from ${rowsOf('r', columns, wanted)}
    join bonded_item i on i.lane = r.lane and i.ems_no = r."emsNo"
      and i.item_record_no = r."itemRecordNo"
    left join hold_account a on a.lane = i.lane and a.id = i.account_id`.execute(db)
  return found.rows
}

/** What accounts are of, as far as they are of items. */
export const findAccountItems = async (
  db: Db,
  accounts: readonly string[],
): Promise<ReadonlyMap<string, { readonly itemRecordNo: string; readonly unit: string }>> => {
  const rows = [...new Set(accounts)].map((id) => ({ lane: laneOfId(id), id }))
  if (rows.length === 0) return new Map()
  const found = await sql<{ id: string; itemRecordNo: string; unit: string }>`
    select i.account_id as id, i.item_record_no as "itemRecordNo", i.unit
    from ${rowsOf('r', { lane: 'smallint', id: 'uuid' }, rows)}
    join bonded_item i on i.lane = r.lane and i.account_id = r.id`.execute(db)
  return new Map(found.rows.map(({ id, ...item }) => [id, item]))
}

/** Keeps the stock of these items as it is until the transaction ends. */
export const lockStock = async (
  trx: Trx,
  { lane, emsNo }: BookKey,
  items: readonly string[],
): Promise<void> => {
  await sql`
    select from bonded_item i join hold_account a on a.lane = i.lane and a.id = i.account_id
    where i.lane = ${lane} and i.ems_no = ${emsNo} and i.item_record_no = any(${items}::text[])
    order by a.lane, a.id for update of a`.execute(trx)
}

/** Items that have stock or that something holds, beside those named; with how many there are. */
export const findOthersInStock = async (
  db: Db,
  { lane, emsNo }: BookKey,
  named: readonly string[],
  limit: number,
): Promise<readonly BookItem[]> =>
  (
    await sql<BookItem>`
      select ${ITEM} from bonded_item i
      join hold_account a on a.lane = i.lane and a.id = i.account_id
      where i.lane = ${lane} and i.ems_no = ${emsNo} and coalesce(a.stock, 0) <> a.committed
        and i.item_record_no <> all(${named}::text[])
      order by i.item_record_no limit ${limit}`.execute(db)
  ).rows
