/**
 * Settlement records coming in: judged record by record, good ones stored with the lists their lines
 * are for, bad ones told with all their faults. The same record again is the same answer again; a
 * change is the next version and takes the place of the one before; a withdrawal takes it out. What
 * is settled of a list never goes beyond it, whoever settles at the same moment.
 */
import { natures, settlement } from '../catalogue/settlement.ts'
import { chinaDay } from '../kernel/clock.ts'
import { add, writeDecimal } from '../kernel/decimal.ts'
import { type Fault, refuses } from '../kernel/fault.ts'
import { grouped } from '../kernel/grouped.ts'
import { laneOf } from '../kernel/lane.ts'
import { amountOf } from '../rules/settlement.ts'
import { findPrincipals } from '../store/access.ts'
import { findRuleValues } from '../store/rule-values.ts'
import {
  findLines,
  findReferring,
  insertVersions,
  lockById,
  lockByNumber,
  type NewVersion,
  putSettlements,
  replaceLines,
  type SettlementRow,
} from '../store/settlements.ts'
import { findBopCodes } from '../store/settlements-codes.ts'
import { findRates, lookAgain, writeStandings } from '../store/settlements-lists.ts'
import { inTransaction, Overtaken, type Trx } from '../store/transaction.ts'
import type { HandedRow } from './bonded-rows.ts'
import { type Books, listsHeld, openBooks, sumsOf } from './settlements-books.ts'
import {
  bopCodesOf,
  checkSettlement,
  type JudgedSettlement,
  monthsOf,
} from './settlements-check.ts'
import { settlementFault } from './settlements-faults.ts'
import { keyText, type Learning, learning, versionFault } from './settlements-known.ts'
import { restate } from './settlements-ledger.ts'
import { aimsOf, countedOf, type OpenRecord, type Parties, partiesOf } from './settlements-match.ts'
import { settleOne } from './settlements-settle.ts'
import { waitingFaults } from './settlements-waiting.ts'
import type { Caller, FlowDeps } from './types.ts'

export interface SettlementResult {
  readonly index: number
  readonly number?: string
  readonly id?: string
  readonly version?: number
  /** The very same version was taken before; nothing was stored again. */
  readonly duplicate?: true
  /** Sums of lines with and without a list, decimal text in the record's currency. */
  readonly matched?: string
  readonly open?: string
  /** Errors (then there is no id), or warnings. */
  readonly faults?: readonly Fault[]
}

export const takeSettlements = async (
  deps: FlowDeps,
  caller: Caller,
  handed: readonly HandedRow[],
): Promise<readonly SettlementResult[]> => {
  const now = deps.clock.now()
  const values = await findRuleValues(deps.db, chinaDay(now))
  const context = {
    principals: await findPrincipals(deps.db, caller.enterpriseId, chinaDay(now), now),
    bopCodes: await findBopCodes(deps.db, bopCodesOf(handed)),
    rmbTolerance: values('settlement-rmb-tolerance', settlement.code)?.value ?? '0',
    rateTolerance: values('settlement-rate-tolerance', settlement.code)?.value,
    rates: await findRates(deps.db, monthsOf(handed)),
    today: chinaDay(now).replaceAll('-', ''),
  }
  const results: SettlementResult[] = []
  const good: JudgedSettlement[] = []
  const seen = new Set<string>()
  for (const [index, row] of handed.entries()) {
    const checked = checkSettlement(row, index, context)
    if (checked.kind === 'wrong') {
      results[index] = { index, faults: checked.faults }
      continue
    }
    const key = keyText(checked.judged.principal.id, checked.judged.number)
    if (seen.has(key)) results[index] = { index, faults: [settlementFault('number-REPEATED')] }
    else good.push(checked.judged)
    seen.add(key)
  }
  if (good.length === 0) return results
  const stored = await inTransaction(deps.db, (trx) => store(deps, trx, caller, good))
  for (const result of stored) results[result.index] = result
  return results
}

const store = async (
  deps: FlowDeps,
  trx: Trx,
  caller: Caller,
  good: readonly JudgedSettlement[],
): Promise<readonly SettlementResult[]> => {
  const now = deps.clock.now()
  const known = await findKnown(trx, good)
  const results: SettlementResult[] = []
  const fresh: (JudgedSettlement & { readonly record: OpenRecord })[] = []
  for (const judged of good) {
    const held = known.held.get(keyText(judged.principal.id, judged.number))
    const said = versionFault(judged, held)
    if (said === 'same' && held !== undefined) {
      const { id, version, number } = held
      results.push({ index: judged.index, id, version, number, duplicate: true })
    } else if (said !== 'next' && said !== 'same')
      results.push({ index: judged.index, number: judged.number, faults: [said] })
    else fresh.push({ ...judged, record: recordOf(deps, judged, held) })
  }
  if (fresh.length === 0) return results
  const records = fresh.map(({ record }) => record)
  const others = listsHeld([...known.lines.values()].flat())
  const aims = await aimsOf(trx, records)
  const values = await findRuleValues(trx, chinaDay(now))
  const books = await openBooks(
    trx,
    [...others, ...[...aims.values()].flatMap(({ listIds }) => listIds)],
    values,
    deps.clock.now(),
  )
  const parties = await partiesOf(
    trx,
    records.map(({ row }) => row),
  )
  const taken: Taken[] = []
  for (const { record, ...judged } of fresh) {
    const targets = aims.get(record.row.id)?.targets ?? []
    const settled = settleOne(books, { record, targets, known, parties })
    if (refuses(settled.faults))
      results.push({ index: judged.index, number: judged.number, faults: settled.faults })
    else {
      taken.push({ ...judged, record: settled.record, also: settled.also })
      for (const { row, lines } of [settled.record, ...settled.also]) known.learn(row, lines)
    }
  }
  await write(deps, trx, { caller, books, parties, freed: others }, taken)
  const waiting = await waitingFaults(
    trx,
    taken.map(({ record }) => record),
    parties,
  )
  return [...results, ...taken.map((one) => resultOf(one, waiting.get(one.record.row.id) ?? []))]
}

interface Taken extends JudgedSettlement {
  readonly record: OpenRecord
  /** Refunds whose lines follow those of this record. */
  readonly also: readonly OpenRecord[]
}

const resultOf = (
  { index, number, record, warnings }: Taken,
  waiting: readonly Fault[],
): SettlementResult => {
  const faults = [...warnings, ...waiting]
  const sums = sumsOf(
    record.lines.map(({ amount, listId }) => ({ listId, amount: amountOf(amount) })),
  )
  return {
    ...{ index, number, id: record.row.id, version: record.row.version },
    ...{ matched: writeDecimal(sums.matched), open: writeDecimal(sums.open) },
    ...(faults.length === 0 ? {} : { faults }),
  }
}

/** Everything that is there of the same numbers, of what they refer to, and of refunds of them; locked. */
const findKnown = async (trx: Trx, good: readonly JudgedSettlement[]): Promise<Learning> => {
  const keys = good.flatMap(({ principal, number, reference }) =>
    [number, reference].flatMap((one) =>
      one === null ? [] : [{ lane: laneOf(one), number: one, institutionId: principal.id }],
    ),
  )
  const distinct = [
    ...new Map(keys.map((key) => [keyText(key.institutionId, key.number), key])).values(),
  ]
  const rows = await lockByNumber(trx, distinct.toSorted(byKey))
  const refunds = await lockRefunds(trx, rows)
  const lines = await findLines(trx, [
    ...new Map([...rows, ...refunds].map((row) => [row.id, row])).values(),
  ])
  return learning(
    rows,
    refunds,
    grouped(lines, ({ id }) => id),
  )
}

/** Of locked records, to which none comes meanwhile; one of them may have been withdrawn until it is locked. */
const lockRefunds = async (trx: Trx, of: readonly SettlementRow[]) => {
  const find = async () =>
    (await findReferring(trx, of)).filter(({ nature }) => nature === natures.refund)
  const found = await find()
  if (found.length === 0) return found
  await lockById(trx, found)
  return find()
}

const byKey = (
  a: { readonly lane: number; readonly number: string },
  b: { readonly lane: number; readonly number: string },
): number => a.lane - b.lane || (a.number < b.number ? -1 : 1)

/** As it will be stored, its lines not matched yet. */
const recordOf = (
  { ids }: FlowDeps,
  judged: JudgedSettlement,
  held: Pick<SettlementRow, 'id' | 'version'> | undefined,
): OpenRecord => {
  const lane = laneOf(judged.number)
  const id = held?.id ?? ids.next(lane)
  const { figures, valueDate } = judged
  const row: SettlementRow = {
    ...{ lane, id, number: judged.number, institutionId: judged.principal.id },
    ...{ version: (held?.version ?? 0) + 1, state: 'in-force', nature: judged.nature },
    ...{ reference: judged.reference, seller: judged.seller, direction: figures.direction },
    ...{ currency: figures.currency, month: valueDate.slice(0, 6), bopCode: figures.bopCode },
    valueDate: `${valueDate.slice(0, 4)}-${valueDate.slice(4, 6)}-${valueDate.slice(6)}`,
    gross: writeDecimal(figures.gross),
    costs: writeDecimal(add(...figures.costs)),
    net: writeDecimal(figures.net),
    rmb: writeDecimal(figures.rmb),
  }
  const lines = judged.lines.map((line, position) => ({
    ...{ lane, id, position, ...line, amount: writeDecimal(line.amount) },
    ...{ listId: null, reservedId: null, reason: null },
  }))
  return { row, lines }
}

interface Writing {
  readonly caller: Caller
  readonly books: Books
  readonly parties: Parties
  /** Lists that changed records settled before: what is free of them now others may wait for. */
  readonly freed: readonly string[]
}

const write = async (
  deps: FlowDeps,
  trx: Trx,
  { caller, books, parties, freed }: Writing,
  taken: readonly Taken[],
): Promise<void> => {
  if (taken.length === 0) return
  const now = deps.clock.now()
  const rows = taken.map(({ record }) => record.row)
  const written = await putSettlements(trx, rows, now)
  // Somebody stored the same number at the same moment: judge again beside what he stored.
  if (written.size < rows.length) throw new Overtaken()
  const versions = taken.map((one) => versionOf(one, caller))
  await insertVersions(trx, versions, now)
  const also = taken.flatMap((one) => one.also)
  const all = [...taken.map(({ record }) => record), ...also]
  await replaceLines(
    trx,
    all.map(({ row }) => row),
    all.flatMap(({ lines }) => lines),
    now,
  )
  await writeStandings(trx, books.standings(), now)
  await lookAgain(trx, freed, now)
  await restate(
    trx,
    all.map((record) => countedOf(record, books, parties)),
    now,
  )
}

const versionOf = (
  { record: { row }, text, contentHash, principal }: Taken,
  { enterpriseId }: Caller,
): NewVersion => ({
  ...{ lane: row.lane, id: row.id, version: row.version, record: text, contentHash, reason: null },
  verb: row.version === 1 ? 'given' : 'changed',
  ...{ submittedBy: enterpriseId, mandateId: principal.mandateId },
})
