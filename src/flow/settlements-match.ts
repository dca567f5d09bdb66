/**
 * Matching records to lists inside a transaction: the records are locked, their lists are opened
 * (`settlements-books.ts`), and what follows is written: lines, what is left of the lists, the ledger.
 * Handing in, withdrawing and the chore all end here, so that they cannot come to different figures.
 */
import { natures } from '../catalogue/settlement.ts'
import { chinaDay } from '../kernel/clock.ts'
import { add, type Decimal, ZERO } from '../kernel/decimal.ts'
import { grouped } from '../kernel/grouped.ts'
import { amountOf } from '../rules/settlement.ts'
import { findRuleValues } from '../store/rule-values.ts'
import {
  findLines,
  findReferring,
  type LineMatch,
  type LineRow,
  lockById,
  rematchLines,
  type SettlementId,
  type SettlementRow,
} from '../store/settlements.ts'
import { writeStandings } from '../store/settlements-lists.ts'
import { findParties, type Party } from '../store/settlements-parties.ts'
import type { Trx } from '../store/transaction.ts'
import {
  type Books,
  listsHeld,
  type MatchLine,
  type MatchRecord,
  openBooks,
  targetsOf,
} from './settlements-books.ts'
import { lineKey } from './settlements-check.ts'
import { type CountedSettlement, restate } from './settlements-ledger.ts'
import type { FlowDeps } from './types.ts'

export type MatchDeps = Pick<FlowDeps, 'db' | 'clock'>

/** A record with its lines, as it is matched. */
export interface OpenRecord {
  readonly row: SettlementRow
  readonly lines: readonly (LineRow & Pick<MatchLine, 'preferredId'>)[]
}

/** Who the records name, by id and by every code. */
export type Parties = ReadonlyMap<string, Party>

export const partiesOf = async (
  trx: Trx,
  rows: readonly Pick<SettlementRow, 'institutionId' | 'seller'>[],
): Promise<Parties> => {
  const found = await findParties(
    trx,
    [...new Set(rows.map(({ institutionId }) => institutionId))],
    [...new Set(rows.map(({ seller }) => seller))],
  )
  return new Map(
    found.flatMap((party) =>
      [party.id, party.customsCode, party.creditCode].flatMap((code) =>
        code === null ? [] : [[code, party] as const],
      ),
    ),
  )
}

/** Customs code where there is one: totals know everybody by it. */
export const codeOf = (parties: Parties, code: string): string => {
  const party = parties.get(code)
  return party?.customsCode ?? party?.creditCode ?? code
}

/** Every code the seller goes by. */
export const sellerCodesOf = (
  { seller }: Pick<SettlementRow, 'seller'>,
  parties: Parties,
): readonly string[] => {
  const party = parties.get(seller)
  return [seller, party?.customsCode, party?.creditCode].flatMap((code) => code ?? [])
}

/** `refunded`: what refunds in force take of each line, by its key. */
export const matchRecordOf = (
  { row, lines }: OpenRecord,
  parties: Parties,
  refunded: ReadonlyMap<string, Decimal> = new Map(),
): MatchRecord => {
  return {
    ...{ id: row.id, nature: row.nature, direction: row.direction, currency: row.currency },
    sellerCodes: sellerCodesOf(row, parties),
    lines: lines.map((line) => ({
      ...line,
      ...{ amount: amountOf(line.amount), refunded: refunded.get(lineKey(line)) ?? ZERO },
    })),
  }
}

/** What lines of refunds come to, by the key of the line they refund. */
export const refundedIn = (
  refunds: readonly { readonly lines: readonly LineRow[] }[],
): ReadonlyMap<string, Decimal> => {
  const sums = new Map<string, Decimal>()
  for (const line of refunds.flatMap(({ lines }) => lines)) {
    const key = lineKey(line)
    sums.set(key, add(sums.get(key) ?? ZERO, amountOf(line.amount)))
  }
  return sums
}

/** Lists that the lines name or are matched to. */
export interface Aims {
  readonly targets: readonly (readonly string[])[]
  readonly listIds: readonly string[]
}

/** By record; `targets` are by line. */
export const aimsOf = async (
  trx: Trx,
  records: readonly OpenRecord[],
): Promise<ReadonlyMap<string, Aims>> => {
  const lines = records.flatMap((record) => record.lines)
  const all = await targetsOf(trx, lines)
  let start = 0
  return new Map(
    records.map(({ row, lines: own }) => {
      const targets = all.slice(start, start + own.length)
      start += own.length
      const listIds = [...new Set([...targets.flat(), ...listsHeld(own)])]
      return [row.id, { targets, listIds }]
    }),
  )
}

/** What a refund's lines follow: the lines of its original that have the same numbers. */
export const originalsOf = (
  refund: readonly LineRow[],
  original: readonly LineRow[],
): readonly LineMatch[] => {
  const byKey = new Map(original.map((line) => [lineKey(line), line]))
  return refund.map((line) => {
    const { listId = null, reservedId = null, reason = null } = byKey.get(lineKey(line)) ?? {}
    return { listId, reservedId, reason }
  })
}

/**
 * Matches records anew, each in the order of its id, with the refunds of them; restored ones have
 * nothing to match. `listIds` are looked at, whether a record names them or not: what records reserve
 * of them is judged anew, the earlier record first. They wait for no other look when it is the `last`
 * page of their records. Records are locked here first, lists after them.
 */
export const rematch = async (
  deps: MatchDeps,
  trx: Trx,
  ids: readonly SettlementId[],
  listIds: readonly string[],
  last: boolean,
): Promise<void> => {
  const now = deps.clock.now()
  const looked = new Set(listIds)
  const records = await openRecords(trx, ids)
  const originals = records.filter(({ row }) => row.nature === natures.actual)
  const aims = await aimsOf(trx, originals)
  const books = await openBooks(
    trx,
    [
      ...listIds,
      ...[...aims.values()].flatMap((aim) => aim.listIds),
      ...records.flatMap(({ lines }) => listsHeld(lines)),
    ],
    await findRuleValues(trx, chinaDay(now)),
    now,
  )
  const parties = await partiesOf(
    trx,
    records.map(({ row }) => row),
  )
  for (const { row } of records) books.reopen(row.id, looked)
  const reopened = records.map((record) => withoutReserved(record, looked))
  // Once more: what a later record no longer settles, an earlier one may have waited for.
  const first = rematchIn(books, reopened, aims, parties)
  const matched = rematchIn(books, first, aims, parties)
  const changed = matched.flatMap(({ lines }, i) =>
    lines.filter((line, place) => differs(line, records[i]?.lines[place])),
  )
  await rematchLines(trx, changed, now)
  await writeStandings(trx, books.standings(), now, last ? listIds : [])
  await restate(
    trx,
    matched.map((record) => countedOf(record, books, parties)),
    now,
  )
}

/** What is reserved of these lists is judged again, of the same list first. */
const withoutReserved = ({ row, lines }: OpenRecord, of: ReadonlySet<string>): OpenRecord => ({
  row,
  lines: lines.map((line) =>
    line.reservedId !== null && of.has(line.reservedId)
      ? { ...line, reservedId: null, preferredId: line.reservedId }
      : line,
  ),
})

const rematchIn = (
  books: Books,
  records: readonly OpenRecord[],
  aims: ReadonlyMap<string, Aims>,
  parties: Parties,
): readonly OpenRecord[] => {
  const done = new Map<string, OpenRecord>()
  const refunds = grouped(
    records.filter(({ row }) => row.nature === natures.refund),
    ({ row: { institutionId, reference } }) => numberOf({ institutionId, number: reference ?? '' }),
  )
  for (const record of records) {
    if (record.row.nature !== natures.actual) continue
    const own = refunds.get(numberOf(record.row)) ?? []
    // A record and its refunds go in together: what comes next finds what they leave.
    for (const refund of own) books.remove(refund.row.id)
    const given = books.match(
      matchRecordOf(record, parties, refundedIn(own)),
      aims.get(record.row.id)?.targets ?? [],
    )
    const matched = withMatches(record, given)
    done.set(record.row.id, matched)
    for (const refund of own) {
      const originals = originalsOf(refund.lines, matched.lines)
      const follows = books.follow(matchRecordOf(refund, parties), originals)
      done.set(refund.row.id, withMatches(refund, follows))
    }
  }
  // What is restored, and refunds whose original is not looked at, stay as they are.
  return records.map((record) => done.get(record.row.id) ?? record)
}

const numberOf = ({
  institutionId,
  number,
}: Pick<SettlementRow, 'institutionId' | 'number'>): string =>
  JSON.stringify([institutionId, number])

export const withMatches = (
  { row, lines }: OpenRecord,
  given: readonly LineMatch[],
): OpenRecord => ({
  row,
  lines: lines.map((line, place) => {
    const { listId = null, reservedId = null, reason = null } = given[place] ?? {}
    return { ...line, listId, reservedId, reason }
  }),
})

const differs = (line: LineRow, before: LineRow | undefined): boolean =>
  line.listId !== before?.listId ||
  line.reservedId !== before.reservedId ||
  line.reason !== before.reason

/** The records in force and all refunds of them, locked, with their lines; in the order of ids. */
const openRecords = async (
  trx: Trx,
  ids: readonly SettlementId[],
): Promise<readonly OpenRecord[]> => {
  const known = await lockById(trx, ids)
  const referring = await findReferring(
    trx,
    known.map(({ institutionId, number }) => ({ institutionId, number })),
  )
  const missing = referring.filter(({ id }) => known.every((row) => row.id !== id))
  const refunds = missing.length === 0 ? [] : await lockById(trx, missing)
  const rows = [...known, ...refunds].filter(({ state }) => state === 'in-force')
  const lines = grouped(await findLines(trx, rows), ({ id }) => id)
  return rows
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map((row) => ({ row, lines: lines.get(row.id) ?? [] }))
}

export const countedOf = (
  { row, lines }: OpenRecord,
  books: Pick<Books, 'facts'>,
  parties: Parties,
): CountedSettlement => ({
  ...{ lane: row.lane, id: row.id, nature: row.nature, direction: row.direction },
  ...{ month: row.month, inForce: row.state === 'in-force', rmb: amountOf(row.rmb) },
  institution: codeOf(parties, row.institutionId),
  merchant: codeOf(parties, row.seller),
  lines: lines.map(({ amount, listId, reason }) => {
    const list = listId === null ? undefined : books.facts(listId)
    const place = { zone: list?.zone ?? '', tradeMode: list?.tradeMode ?? '' }
    return { amount: amountOf(amount), ...place, isOver: reason === 'over' }
  }),
})
