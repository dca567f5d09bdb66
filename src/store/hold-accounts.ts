/**
 * Accounts of what documents hold (`holds.ts`): what each is of, how it stands, and the stock of those
 * that are bounded by a quantity of their own.
 */
import { sql } from 'kysely'
import { type Decimal, readDecimal, writeDecimal } from '../kernel/decimal.ts'
import { derivedId, laneOfId } from '../kernel/ids.ts'
import { rowsOf } from './rows.ts'
import type { Db } from './tables.ts'
import type { Trx } from './transaction.ts'

/** What an account is of; `quota` is bounded by a rule's figure, `stock` by its own quantity. */
export type HoldSort = 'quota' | 'stock'

export const STOCK: HoldSort = 'stock'

/** The same words name the same account for ever. */
export const holdAccountId = (sort: HoldSort, ...key: readonly string[]): string =>
  derivedId(`hold/${sort}`, ...key)

/** Text of a numeric column. */
export const decimal = (text: string): Decimal => {
  const value = readDecimal(text)
  if (value === undefined) throw new Error('not a decimal of the database')
  return value
}

export interface HoldStanding {
  readonly id: string
  readonly stock: Decimal | null
  readonly reserved: Decimal
  readonly committed: Decimal
}

/** How accounts stand; one that nothing was ever asked of is not among them. */
export const findHoldAccounts = async (
  db: Db,
  ids: readonly string[],
): Promise<ReadonlyMap<string, HoldStanding>> => {
  const rows = ids.map((id) => ({ lane: laneOfId(id), id }))
  if (rows.length === 0) return new Map()
  const found = await sql<{
    id: string
    stock: string | null
    reserved: string
    committed: string
  }>`
    select a.id, a.stock, a.reserved, a.committed
    from ${rowsOf('r', { lane: 'smallint', id: 'uuid' }, rows)}
    join hold_account a on a.lane = r.lane and a.id = r.id`.execute(db)
  return new Map(found.rows.map((row) => [row.id, standingOf(row)]))
}

const standingOf = (row: {
  readonly id: string
  readonly stock: string | null
  readonly reserved: string
  readonly committed: string
}): HoldStanding => ({
  id: row.id,
  stock: row.stock === null ? null : decimal(row.stock),
  reserved: decimal(row.reserved),
  committed: decimal(row.committed),
})

/**
 * Adds to the stock of accounts, or takes from it; gives how they stand then. Whether less than what
 * is held may be left is the caller's to judge, who breaks off where it may not.
 */
export const changeStock = async (
  trx: Trx,
  changes: readonly { readonly accountId: string; readonly by: Decimal }[],
): Promise<ReadonlyMap<string, HoldStanding>> => {
  if (changes.length === 0) return new Map()
  const columns = { lane: 'smallint', id: 'uuid', by: 'numeric' }
  const rows = changes.map(({ accountId, by }) => {
    return { lane: laneOfId(accountId), id: accountId, by: writeDecimal(by) }
  })
  const found = await sql<Parameters<typeof standingOf>[0]>`
    insert into hold_account as a (lane, id, sort, stock)
    select r.lane, r.id, ${STOCK}, sum(r.by) from ${rowsOf('r', columns, rows)}
    group by r.lane, r.id order by r.lane, r.id
    on conflict (lane, id) do update set stock = coalesce(a.stock, 0) + excluded.stock
    returning a.id, a.stock, a.reserved, a.committed`.execute(trx)
  return new Map(found.rows.map((row) => [row.id, standingOf(row)]))
}
