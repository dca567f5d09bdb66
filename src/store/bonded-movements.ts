/**
 * The log of bonded books, append-only. A change by hand and a change by a document are written in the
 * transaction that makes them; the sum of the log of an item is its stock and what is reserved of it.
 */
import { sql } from 'kysely'
import type { MovementKind } from '../catalogue/bonded-book.ts'
import { laneOfId } from '../kernel/ids.ts'
import type { BookKey } from './bonded-books.ts'
import type { HoldMove, SettledMove } from './holds.ts'
import { rowsOf } from './rows.ts'
import type { Db } from './tables.ts'
import type { Trx } from './transaction.ts'

export interface Posting extends BookKey {
  readonly number: string
  readonly kind: MovementKind
  readonly contentHash: Uint8Array
}

/**
 * Takes the number for what is about to be entered. `taken` gives the hash of what bears it already;
 * whoever enters the same number at the same moment waits here.
 */
export const takeNumber = async (
  trx: Trx,
  { lane, emsNo, number, kind, contentHash }: Posting,
  now: Date,
): Promise<{ readonly kind: 'new' } | { readonly kind: 'taken'; readonly hash: Uint8Array }> => {
  const made = await sql`
    insert into bonded_posting (lane, ems_no, number, kind, content_hash, posted_at)
    values (${lane}, ${emsNo}, ${number}, ${kind}, ${contentHash}, ${now})
    on conflict do nothing`.execute(trx)
  if (made.numAffectedRows === 1n) return { kind: 'new' }
  const found = await sql<{ hash: Uint8Array }>`
    select content_hash as hash from bonded_posting
    where lane = ${lane} and ems_no = ${emsNo} and number = ${number}`.execute(trx)
  return { kind: 'taken', hash: found.rows[0]?.hash ?? new Uint8Array(0) }
}

/** One change of one item. Quantities are decimal texts in the unit of the book. */
export interface NewMovement extends BookKey {
  readonly itemRecordNo: string
  readonly kind: MovementKind
  readonly stockChange: string
  readonly reservedChange: string
  readonly actor: string
  readonly userId?: string | null
  /** What somebody entered it under; of a document its own number. */
  readonly number: string
  readonly documentId?: string | null
  readonly reason?: string | null
  /** What it holds as of; the moment it is written when left out. */
  readonly asOf?: Date
}

const MOVEMENT = {
  ...{ lane: 'smallint', emsNo: 'text', itemRecordNo: 'text', kind: 'text' },
  ...{ stockChange: 'numeric', reservedChange: 'numeric', actor: 'text', userId: 'text' },
  ...{ number: 'text', documentId: 'uuid', reason: 'text', asOf: 'timestamptz' },
}

export const insertMovements = async (
  trx: Trx,
  movements: readonly NewMovement[],
  now: Date,
): Promise<void> => {
  if (movements.length === 0) return
  await sql`
    insert into bonded_movement (lane, ems_no, item_record_no, kind, stock_change,
      reserved_change, at, as_of, actor, user_id, number, document_id, reason)
    select r.lane, r."emsNo", r."itemRecordNo", r.kind, r."stockChange",
      r."reservedChange", ${now}, coalesce(r."asOf", ${now}), r.actor, r."userId", r.number, r."documentId", r.reason
    from ${rowsOf('r', MOVEMENT, movements)}`.execute(trx)
}

/** What documents reserved on their way in, or gave back by a newer version. */
export interface ReservedMove extends HoldMove {
  readonly actor: string
  /** In which the document gave the quantity; null where it gave none. */
  readonly unit: string | null
}

/** Logs it; false where an item changed its unit meanwhile, and all of it must be done again. */
export const logReserved = async (
  trx: Trx,
  moves: readonly ReservedMove[],
  now: Date,
): Promise<boolean> => (await logMoves(trx, moves, now)) === moves.length

/** Logs what customs' word about documents changed. */
export const logSettled = async (
  trx: Trx,
  moves: readonly SettledMove[],
  now: Date,
): Promise<void> => {
  await logMoves(
    trx,
    moves.map((move) => ({ ...move, actor: 'customs', unit: null })),
    now,
  )
}

/** Gives how many were written. Only moves of documents that are stored are. */
const logMoves = async (
  trx: Trx,
  moves: readonly (ReservedMove & { readonly isDone?: boolean })[],
  now: Date,
): Promise<number> => {
  if (moves.length === 0) return 0
  const columns = {
    ...{ lane: 'smallint', accountId: 'uuid', documentLane: 'smallint', documentId: 'uuid' },
    ...{ kind: 'text', reserved: 'numeric', committed: 'numeric', actor: 'text', unit: 'text' },
  }
  const rows = moves.map((move) => ({
    ...{ ...move, kind: kindOf(move), lane: laneOfId(move.accountId) },
    documentLane: laneOfId(move.documentId),
  }))
  const logged = await sql`
    insert into bonded_movement (lane, ems_no, item_record_no, kind, stock_change, reserved_change,
      at, as_of, actor, number, document_id)
    select i.lane, i.ems_no, i.item_record_no, r.kind, -r.committed, r.reserved, ${now}, ${now},
      r.actor, s.number, s.id
    from ${rowsOf('r', columns, rows)}
    join bonded_item i on i.lane = r.lane and i.account_id = r."accountId"
      and (r.unit is null or i.unit = r.unit)
    join document_state s on s.lane = r."documentLane" and s.id = r."documentId"`.execute(trx)
  return Number(logged.numAffectedRows ?? 0n)
}

/** Changes are decimal texts: a minus is a sign, and zero has none. */
const kindOf = ({
  reserved,
  committed,
  isDone = false,
}: Pick<SettledMove, 'reserved' | 'committed'> & { readonly isDone?: boolean }): MovementKind => {
  if (committed === '0') return reserved.startsWith('-') ? 'give-back' : 'reserve'
  if (!committed.startsWith('-')) return 'deduct'
  return isDone ? 'return' : 'restore'
}

export interface Movement extends Omit<NewMovement, 'lane' | 'emsNo' | 'asOf'> {
  /** Its place in the log of all books. */
  readonly id: string
  readonly at: Date
  readonly asOf: Date
}

export interface MovementFilter {
  readonly item?: string | undefined
  readonly document?: string | undefined
  readonly kind?: MovementKind | undefined
  /** Id of the last one of the page before. */
  readonly after: string | undefined
  readonly limit: number
}

/** Newest first. */
export const listMovements = async (
  db: Db,
  { lane, emsNo }: BookKey,
  { item, document, kind, after, limit }: MovementFilter,
): Promise<readonly Movement[]> => {
  const of = [
    sql`m.lane = ${lane} and m.ems_no = ${emsNo}`,
    ...(item === undefined ? [] : [sql`m.item_record_no = ${item}`]),
    ...(document === undefined ? [] : [sql`m.document_id = ${document}::uuid`]),
    ...(kind === undefined ? [] : [sql`m.kind = ${kind}`]),
    ...(after === undefined ? [] : [sql`m.seq < ${after}::bigint`]),
  ]
  const found = await sql<Movement>`
    select m.seq::text as id, m.item_record_no as "itemRecordNo", m.kind,
      trim_scale(m.stock_change)::text as "stockChange",
      trim_scale(m.reserved_change)::text as "reservedChange", m.at, m.as_of as "asOf", m.actor,
      m.user_id as "userId", m.number, m.document_id as "documentId", m.reason
    from bonded_movement m where ${sql.join(of, sql` and `)}
    order by m.seq desc limit ${limit}`.execute(db)
  return found.rows
}

/**
 * What changed of the stock of these items after a moment, as decimal text; and, whenever it holds as
 * of, what was entered under this number.
 */
export const changedAfter = async (
  trx: Trx,
  { lane, emsNo }: BookKey,
  items: readonly string[],
  moment: Date,
  number: string,
): Promise<ReadonlyMap<string, string>> => {
  const found = await sql<{ item: string; change: string }>`
    select m.item_record_no as item, trim_scale(sum(m.stock_change))::text as change
    from bonded_movement m
    where m.lane = ${lane} and m.ems_no = ${emsNo} and m.item_record_no = any(${items}::text[])
      and (m.as_of > ${moment} or (m.as_of = ${moment} and m.number = ${number}))
    group by m.item_record_no`.execute(trx)
  return new Map(found.rows.map(({ item, change }) => [item, change]))
}
