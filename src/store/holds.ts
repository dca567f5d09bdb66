/**
 * Holds: what documents take of something bounded, such as a buyer's year or the stock of an item.
 * A document reserves when it is stored, in the same transaction; what it holds from then on follows
 * from its current version and state, never from the order of news (`settleHolds`), so evidence told
 * twice, late or out of order changes nothing more. Accounts are the sums of their holds; a recount
 * gives the same. Rows are written in one order everywhere: the document's state, its holds, then
 * accounts by lane and id, so that two batches wait for each other and never in a ring.
 */
import { sql } from 'kysely'
import { add, type Decimal, subtract, writeDecimal, ZERO } from '../kernel/decimal.ts'
import { grouped } from '../kernel/grouped.ts'
import { decimal, findHoldAccounts, type HoldSort, STOCK } from './hold-accounts.ts'
import { DOCUMENT, type HoldRow, place, placeNew, type Standing } from './hold-rows.ts'
import { rowsOf } from './rows.ts'
import type { Db } from './tables.ts'
import type { Trx } from './transaction.ts'

/** What a document asks of one account; at most one for each account. */
export interface Ask {
  readonly accountId: string
  readonly sort: HoldSort
  /** Zero or more. */
  readonly amount: Decimal
  /** What all documents together may hold; null: the account's stock, and without one nothing bounds it. */
  readonly limit: Decimal | null
  /** This one is held even where it does not fit, and told all the same. */
  readonly mayExceed?: boolean
}

/** All that one document asks for, in its current version. */
export interface Reservation {
  readonly lane: number
  readonly documentId: string
  /** Whether it may hold something from an earlier version, which this takes the place of. */
  readonly isNewer: boolean
  readonly asks: readonly Ask[]
  /** Held even where it does not fit, and told all the same. */
  readonly mayExceed: boolean
}

/** An account that a document does not fit into. */
export interface Shortage {
  readonly documentId: string
  readonly accountId: string
  readonly sort: HoldSort
  readonly asked: Decimal
  /** Beside all others, before this document; zero where others hold more than all. */
  readonly left: Decimal
  readonly limit: Decimal
  /** The document holds nothing for it. */
  readonly isRefused: boolean
}

/** How a hold of a stock changed: by how much, decimal texts. */
export interface HoldMove {
  readonly documentId: string
  readonly accountId: string
  readonly reserved: string
  readonly committed: string
}

export interface Reserved {
  readonly shortages: readonly Shortage[]
  /** Of stocks; those of documents that are not stored after all must be forgotten. */
  readonly moves: readonly HoldMove[]
}

/**
 * Reserves for documents about to be stored, in their order: whoever comes first is served first, and
 * each gets all it asks for or nothing. Those that do not fit are told; they keep what their earlier
 * version held. Newer versions must be locked by then (`lockVersions`). One statement where all fit.
 */
export const reserve = async (
  trx: Trx,
  reservations: readonly Reservation[],
): Promise<Reserved> => {
  if (reservations.length === 0) return { shortages: [], moves: [] }
  const before = await findHolds(
    trx,
    reservations.filter(({ isNewer }) => isNewer),
  )
  const held = new Map(before.map((row) => [holdKey(row), row]))
  const wanted = reservations.flatMap((reservation) => reservation.asks.map(rowOf(reservation)))
  const kept = new Set(before.length === 0 ? [] : wanted.map(holdKey))
  const vanished = before.filter((row) => !kept.has(holdKey(row)))
  const isNew = reservations.every(({ isNewer }) => !isNewer)
  const accounts = await (isNew
    ? placeNew(trx, wanted)
    : place(trx, [...wanted, ...vanished.map(emptied)]))
  const allFit = reservations.every(({ asks }) => asks.every((ask) => isWithin(ask, accounts)))
  if (allFit && isNew)
    return {
      shortages: [],
      moves: wanted.flatMap((row) => (row.sort === STOCK ? moveOf(row) : [])),
    }
  const shortages = allFit
    ? []
    : shortagesOf(reservations, beforeOf(reservations, accounts, held), held)
  const refused = new Set(
    shortages.flatMap(({ documentId, isRefused }) => (isRefused ? [documentId] : [])),
  )
  const back = [...wanted.filter((row) => !held.has(holdKey(row))).map(emptied), ...before]
  await place(
    trx,
    back.filter(({ documentId }) => refused.has(documentId)),
  )
  const moved = [...wanted, ...vanished.map(emptied)].filter(
    ({ sort, documentId }) => sort === STOCK && !refused.has(documentId),
  )
  return { shortages, moves: moved.flatMap((row) => moveOf(row, held.get(holdKey(row)))) }
}

const moveOf = (to: HoldRow, from?: HoldRow): readonly HoldMove[] => {
  const by = (name: 'reserved' | 'committed'): Decimal =>
    subtract(decimal(to[name]), decimal(from?.[name] ?? '0'))
  const [reserved, committed] = [by('reserved'), by('committed')]
  if (reserved === ZERO && committed === ZERO) return []
  const { documentId, accountId } = to
  const changes = { reserved: writeDecimal(reserved), committed: writeDecimal(committed) }
  return [{ documentId, accountId, ...changes }]
}

const holdKey = ({ documentId, accountId }: Pick<HoldRow, 'documentId' | 'accountId'>): string =>
  `${documentId} ${accountId}`

const rowOf =
  ({ lane, documentId }: Reservation) =>
  ({ accountId, sort, amount }: Ask): HoldRow => ({
    ...{ lane, documentId, accountId, sort },
    ...{ asked: writeDecimal(amount), reserved: writeDecimal(amount) },
    ...{ restored: '0', committed: '0', leaves: false },
  })

const emptied = (row: HoldRow): HoldRow => ({ ...row, asked: null, reserved: '0', committed: '0' })

/** Takes away all that these documents hold: they were not stored after all. */
export const dropHolds = async (
  trx: Trx,
  documents: readonly { readonly lane: number; readonly documentId: string }[],
): Promise<void> => {
  await place(trx, (await findHolds(trx, documents)).map(emptied))
}

/**
 * For versions that ask customs to delete a document: it goes on holding what it holds, of one sort or
 * of all, until it is known to be gone.
 */
export const leaveHolds = async (
  trx: Trx,
  documents: readonly { readonly lane: number; readonly documentId: string }[],
  sort: HoldSort | null = null,
): Promise<void> => {
  if (documents.length === 0) return
  await sql`
    update hold h set leaves = true, asked = h.reserved + h.committed, restored = 0
    from ${rowsOf('r', DOCUMENT, documents)}
    where h.lane = r.lane and h.document_id = r."documentId"
      and (${sort}::text is null or h.sort = ${sort})`.execute(trx)
}

const findHolds = async (
  db: Db,
  documents: readonly { readonly lane: number; readonly documentId: string }[],
): Promise<readonly HoldRow[]> => {
  if (documents.length === 0) return []
  const found = await sql<HoldRow>`
    select h.lane, h.document_id as "documentId", h.account_id as "accountId", h.sort, h.asked,
      h.restored, h.reserved, h.committed, h.leaves
    from ${rowsOf('r', DOCUMENT, documents)}
    join hold h on h.lane = r.lane and h.document_id = r."documentId"`.execute(db)
  return found.rows
}

/** What an account holds before a batch is served, and its own stock. */
interface Before {
  readonly used: Decimal
  readonly stock: Decimal | null
}

/** Whether an account has room for all that was just added: then nobody needs to be served by turns. */
const isWithin = ({ accountId, limit }: Ask, accounts: ReadonlyMap<string, Standing>): boolean => {
  const account = accounts.get(accountId)
  if (account === undefined) return true
  const bound = limit ?? (account.stock === null ? null : decimal(account.stock))
  return bound === null || decimal(account.used) <= bound
}

/** The accounts as they were before all of these reservations were added. */
const beforeOf = (
  reservations: readonly Reservation[],
  accounts: ReadonlyMap<string, Standing>,
  held: ReadonlyMap<string, HoldRow>,
): ReadonlyMap<string, Before> => {
  const risen = new Map<string, Decimal>()
  for (const row of held.values())
    risen.set(row.accountId, subtract(risen.get(row.accountId) ?? ZERO, holdOf(row)))
  for (const { asks } of reservations)
    for (const { accountId, amount } of asks)
      risen.set(accountId, add(risen.get(accountId) ?? ZERO, amount))
  return new Map(
    [...accounts.values()].map(({ id, used, stock }) => [
      id,
      {
        used: subtract(decimal(used), risen.get(id) ?? ZERO),
        stock: stock === null ? null : decimal(stock),
      },
    ]),
  )
}

const ownOf = (
  held: ReadonlyMap<string, HoldRow>,
  documentId: string,
  accountId: string,
): Decimal => {
  const row = held.get(holdKey({ documentId, accountId }))
  return row === undefined ? ZERO : holdOf(row)
}

const holdOf = ({ reserved, committed }: HoldRow): Decimal =>
  add(decimal(reserved), decimal(committed))

/**
 * Who does not fit, served one after the other. What an earlier version holds is free for whoever
 * comes after a newer one that fits, and for nobody when that is refused.
 */
const shortagesOf = (
  reservations: readonly Reservation[],
  before: ReadonlyMap<string, Before>,
  held: ReadonlyMap<string, HoldRow>,
): readonly Shortage[] => {
  const used = new Map([...before].map(([id, account]) => [id, account.used]))
  const earlier = grouped(held.values(), ({ documentId }) => documentId)
  const shortages: Shortage[] = []
  for (const { documentId, asks, mayExceed } of reservations) {
    const missing = asks.flatMap((ask): readonly Shortage[] => {
      const { accountId, sort, amount, limit } = ask
      const bound = limit ?? before.get(accountId)?.stock ?? null
      const own = ownOf(held, documentId, accountId)
      const taken = subtract(used.get(accountId) ?? ZERO, own)
      // Asking for less than before always fits: what others hold meanwhile is not its doing.
      if (bound === null || amount <= own || add(taken, amount) <= bound) return []
      const left = taken > bound ? ZERO : subtract(bound, taken)
      const isRefused = !mayExceed && ask.mayExceed !== true
      return [{ documentId, accountId, sort, asked: amount, left, limit: bound, isRefused }]
    })
    shortages.push(...missing)
    if (missing.some(({ isRefused }) => isRefused)) continue
    for (const row of earlier.get(documentId) ?? [])
      used.set(row.accountId, subtract(used.get(row.accountId) ?? ZERO, holdOf(row)))
    for (const { accountId, amount } of asks)
      used.set(accountId, add(used.get(accountId) ?? ZERO, amount))
  }
  return shortages
}

/** What `reserve` would tell now; nothing is reserved, and the next moment it may be otherwise. */
export const wouldBeShort = async (
  db: Db,
  reservations: readonly Reservation[],
): Promise<readonly Shortage[]> => {
  const rows = await findHolds(
    db,
    reservations.filter(({ isNewer }) => isNewer),
  )
  const held = new Map(rows.map((row) => [holdKey(row), row]))
  const ids = new Set(reservations.flatMap(({ asks }) => asks.map(({ accountId }) => accountId)))
  const accounts = await findHoldAccounts(db, [...ids])
  const before = new Map(
    [...accounts.values()].map(({ id, stock, reserved, committed }) => [
      id,
      { used: add(reserved, committed), stock },
    ]),
  )
  return shortagesOf(reservations, before, held)
}

/** What the catalogue says of a kind whose documents hold something. */
export interface HoldFacts {
  readonly kind: string
  /** States in which what it holds is used up. */
  readonly done: readonly string[]
  /** States in which it holds nothing. */
  readonly refused: readonly string[]
  /** States by which customs has taken a deletion: then it holds nothing either. */
  readonly deleted: readonly string[]
  /** Kind of document that asks to take some of it back, and the name of the number it names it by. */
  readonly returned?: { readonly kind: string; readonly by: string } | undefined
}

/** How news moved a hold of a stock. */
export interface SettledMove extends HoldMove {
  /** What the document holds is used up now, but for what was given back. */
  readonly isDone: boolean
}

export interface Settled {
  /** Ids of documents that are done and that a return names. */
  readonly returned: readonly string[]
  readonly moves: readonly SettledMove[]
}

interface Touched {
  readonly lane: number
  readonly id: string
  readonly kind: string
}

/** Holds as they should be, by the state of their document; `h` the hold, `s` the state. */
const wantedOf = ({ done, refused, deleted }: HoldFacts) => {
  const isDone = sql`s.state = any(${done}::text[])`
  return {
    reserved: sql`case when ${isDone} or s.state = any(${refused}::text[])
      or (h.leaves and s.state = any(${deleted}::text[])) then 0 else h.asked end`,
    committed: sql`case when ${isDone} then h.asked - h.restored else 0 end`,
  }
}

/**
 * Brings holds and accounts in line with documents whose state was just settled; their rows are
 * locked. Tells those that are done and that a return names: what that gives back is the caller's to say
 * (`restoreHolds`). One statement for each kind that holds anything.
 */
export const settleHolds = async (
  trx: Trx,
  kinds: readonly HoldFacts[],
  touched: readonly Touched[],
): Promise<Settled> => {
  const returned = new Set<string>()
  const moves: SettledMove[] = []
  for (const facts of kinds) {
    const rows = touched.filter(({ kind }) => kind === facts.kind)
    if (rows.length === 0) continue
    const wanted = wantedOf(facts)
    const isReturned =
      facts.returned === undefined
        ? sql`false`
        : sql`s.state = any(${facts.done}::text[]) and exists (
            select from customs_number c
            join act_target t on t.lane = c.lane and t.number = c.number
              and t.kind = ${facts.returned.kind}
            where c.document_id = s.id and c.name = ${facts.returned.by}
          )`
    const found = await sql<SettledMove & { isReturned: boolean; isMoved: boolean }>`
      with seen as materialized (
        select h.lane, h.document_id, h.account_id, h.sort, h.reserved as was_reserved,
          h.committed as was_committed, ${wanted.reserved} as reserved,
          ${wanted.committed} as committed, ${isReturned} as is_returned,
          s.state = any(${facts.done}::text[]) as is_done
        from ${rowsOf('t', { lane: 'smallint', id: 'uuid' }, rows)}
        join document_state s on s.lane = t.lane and s.id = t.id
        join hold h on h.lane = s.lane and h.document_id = s.id
      ),
      changed as (
        select * from seen where reserved <> was_reserved or committed <> was_committed
      ),
      kept as (
        update hold h set reserved = c.reserved, committed = c.committed from changed c
        where h.lane = c.lane and h.document_id = c.document_id and h.account_id = c.account_id
      ),
      moved as (
        insert into hold_account as a (lane, id, sort, reserved, committed)
        select get_byte(uuid_send(c.account_id), 8) & 63, c.account_id, c.sort,
          sum(c.reserved - c.was_reserved), sum(c.committed - c.was_committed)
        from changed c group by c.account_id, c.sort order by 1, 2
        on conflict (lane, id) do update set reserved = a.reserved + excluded.reserved,
          committed = a.committed + excluded.committed
      )
      select * from (
        select document_id as "documentId", account_id as "accountId",
          trim_scale(reserved - was_reserved)::text as reserved,
          trim_scale(committed - was_committed)::text as committed,
          is_done as "isDone", is_returned as "isReturned",
          sort = ${STOCK} and (reserved <> was_reserved or committed <> was_committed) as "isMoved"
        from seen
      ) s where "isReturned" or "isMoved"`.execute(trx)
    for (const { isReturned: isNamed, isMoved, ...move } of found.rows) {
      if (isNamed) returned.add(move.documentId)
      if (isMoved) moves.push(move)
    }
  }
  return { returned: [...returned], moves }
}

/** How much of what a document held was given back, all in all; told again it changes nothing. */
export interface Restored {
  readonly lane: number
  readonly documentId: string
  readonly accountId: string
  readonly amount: Decimal
}

/** Notes what was given back; `settleHolds` then brings the accounts in line. */
export const restoreHolds = async (trx: Trx, rows: readonly Restored[]): Promise<void> => {
  if (rows.length === 0) return
  const columns = { ...DOCUMENT, accountId: 'uuid', amount: 'numeric' }
  const given = rows.map((row) => ({ ...row, amount: writeDecimal(row.amount) }))
  await sql`
    update hold h set restored = least(r.amount, h.asked)
    from ${rowsOf('r', columns, given)}
    where h.lane = r.lane and h.document_id = r."documentId" and h.account_id = r."accountId"
  `.execute(trx)
}

/**
 * Computes all holds of these kinds anew from the states of their documents, and all accounts from
 * their holds; gives how many accounts were wrong. Writers wait meanwhile: an operator's command.
 */
export const recountHolds = async (trx: Trx, kinds: readonly HoldFacts[]): Promise<number> => {
  await sql`lock table hold, hold_account in exclusive mode`.execute(trx)
  for (const facts of kinds) {
    const wanted = wantedOf(facts)
    await sql`
      update hold h set reserved = ${wanted.reserved}, committed = ${wanted.committed}
      from document_state s
      where s.lane = h.lane and s.id = h.document_id and s.kind = ${facts.kind}
        and (h.reserved <> ${wanted.reserved} or h.committed <> ${wanted.committed})`.execute(trx)
  }
  const found = await sql`
    update hold_account a set reserved = n.reserved, committed = n.committed
    from (
      select a.lane, a.id, coalesce(sum(h.reserved), 0) as reserved,
        coalesce(sum(h.committed), 0) as committed
      from hold_account a left join hold h on h.account_id = a.id group by a.lane, a.id
    ) n
    where a.lane = n.lane and a.id = n.id
      and (a.reserved <> n.reserved or a.committed <> n.committed)`.execute(trx)
  return Number(found.numAffectedRows ?? 0n)
}
