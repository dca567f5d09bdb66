/**
 * One record against the books: its lines are matched, and whatever would settle a list, or refund a
 * line, beyond what is left of it is a fault with both values; then the books are as they were.
 */
import { natures } from '../catalogue/settlement.ts'
import { type Decimal, subtract, writeDecimal } from '../kernel/decimal.ts'
import type { Fault } from '../kernel/fault.ts'
import { amountOf } from '../rules/settlement.ts'
import type { LineRow } from '../store/settlements.ts'
import type { Books, Matched } from './settlements-books.ts'
import { lineKey } from './settlements-check.ts'
import { HEAD, linePointer, settlementFault } from './settlements-faults.ts'
import { type Known, keyText } from './settlements-known.ts'
import {
  matchRecordOf,
  type OpenRecord,
  originalsOf,
  type Parties,
  refundedIn,
  withMatches,
} from './settlements-match.ts'

export interface Settling {
  readonly record: OpenRecord
  readonly targets: readonly (readonly string[])[]
  readonly known: Known
  readonly parties: Parties
}

export interface Settled {
  readonly record: OpenRecord
  readonly faults: readonly Fault[]
  /** Refunds of the record as they follow its lines. */
  readonly also: readonly OpenRecord[]
}

export const settleOne = (books: Books, settling: Settling): Settled => {
  const memory = books.remember()
  const settled = byNature(books, settling)
  if (settled.faults.length > 0) books.restore(memory)
  return settled
}

const byNature = (books: Books, settling: Settling): Settled => {
  const { record } = settling
  switch (record.row.nature) {
    case natures.actual:
      return settleActual(books, settling)
    case natures.refund:
      return settleRefund(books, settling)
    default:
      books.remove(record.row.id)
      return {
        record,
        also: [],
        faults: [...referenceFaults(settling), ...refundedFaults(settling)],
      }
  }
}

const settleActual = (books: Books, settling: Settling): Settled => {
  const { record, targets, known, parties } = settling
  const refunded = refundedFaults(settling)
  if (refunded.length > 0) return { record, also: [], faults: refunded }
  const refunds = refundsOf(settling).map((row) => ({ row, lines: known.lines.get(row.id) ?? [] }))
  for (const { row } of refunds) books.remove(row.id)
  const given = books.match(matchRecordOf(keeping(settling), parties, refundedIn(refunds)), targets)
  const matched = withMatches(record, given)
  const also = refunds.map((open) => {
    const originals = originalsOf(open.lines, matched.lines)
    return withMatches(open, books.follow(matchRecordOf(open, parties), originals))
  })
  return { record: matched, also, faults: given.flatMap(overFault) }
}

/**
 * A changed record with the lists its lines were matched to or reserved of, where they ask for no more than before:
 * what was settled may be corrected, also where a return has made its list worth less since.
 */
const keeping = ({ record, known }: Settling): OpenRecord => {
  const before = new Map(
    (known.lines.get(record.row.id) ?? []).map((line) => [lineKey(line), line]),
  )
  const held = known.held.get(keyText(record.row.institutionId, record.row.number))
  if (held?.currency !== record.row.currency || held.nature !== natures.actual) return record
  const lines = record.lines.map((line) => {
    const was = before.get(lineKey(line))
    return was !== undefined && amountOf(line.amount) <= amountOf(was.amount)
      ? { ...line, listId: was.listId, reservedId: was.reservedId }
      : line
  })
  return { ...record, lines }
}

const overFault = ({ values, spent }: Matched, position: number): readonly Fault[] =>
  values === undefined
    ? []
    : [
        settlementFault(
          spent === true ? 'amount-SETTLED_BEFORE' : 'amount-OVER',
          values,
          linePointer(position, 'amount'),
        ),
      ]

const settleRefund = (books: Books, settling: Settling): Settled => {
  const { record, known, parties } = settling
  const faults = [...referenceFaults(settling), ...refundedFaults(settling)]
  const original = originalOf(settling)
  if (original === undefined || faults.length > 0) return { record, also: [], faults }
  const lines = known.lines.get(original.id) ?? []
  const over = refundFaults(settling, lines)
  if (over.length > 0) return { record, also: [], faults: over }
  const originals = originalsOf(record.lines, lines)
  const follows = books.follow(matchRecordOf(record, parties), originals)
  const beyond = books
    .beyond()
    .map(({ values }) => settlementFault('amount-OVER', values, `${HEAD}/gross`))
  return { record: withMatches(record, follows), also: [], faults: beyond }
}

const originalOf = ({ record: { row }, known }: Settling) =>
  known.held.get(keyText(row.institutionId, row.reference ?? ''))

const referenceFaults = (settling: Settling): readonly Fault[] => {
  const { row } = settling.record
  const original = originalOf(settling)
  if (
    original === undefined ||
    original.id === row.id ||
    original.state !== 'in-force' ||
    original.nature !== natures.actual
  )
    return [settlementFault('reference-UNKNOWN')]
  if (row.seller !== original.seller || row.currency !== original.currency)
    return [settlementFault('reference-DIFFERS')]
  return row.nature === natures.refund && row.direction !== original.direction
    ? [settlementFault('reference-DIFFERS')]
    : []
}

const refundsOf = ({ record: { row }, known }: Settling) =>
  [...known.refunds.values()].filter(
    ({ institutionId, reference }) =>
      institutionId === row.institutionId && reference === row.number,
  )

/** What refunds in force take of each line, but for the record itself. */
const refundedBy = (settling: Settling, number: string): ReadonlyMap<string, Decimal> => {
  const { record, known } = settling
  const others = [...known.refunds.values()].filter(
    ({ id, reference, institutionId }) =>
      reference === number && institutionId === record.row.institutionId && id !== record.row.id,
  )
  return refundedIn(others.map(({ id }) => ({ lines: known.lines.get(id) ?? [] })))
}

/** A record that has refunds stays what they refund, and no less. */
const refundedFaults = (settling: Settling): readonly Fault[] => {
  const { record, known } = settling
  const { row, lines } = record
  const refunds = refundsOf(settling)
  if (refunds.length === 0) return []
  const before = known.held.get(keyText(row.institutionId, row.number))
  const isSame =
    before !== undefined &&
    row.nature === natures.actual &&
    row.seller === before.seller &&
    row.direction === before.direction &&
    row.currency === before.currency
  const has = new Map(lines.map((line) => [lineKey(line), amountOf(line.amount)]))
  const taken = refundedBy(settling, row.number)
  const isCovered = [...taken].every(([key, amount]) => (has.get(key) ?? 0n) >= amount)
  return isSame && isCovered
    ? []
    : [settlementFault('number-REFUNDED', { refunds: String(refunds.length) })]
}

const refundFaults = (settling: Settling, original: readonly LineRow[]): readonly Fault[] => {
  const has = new Map(original.map((line) => [lineKey(line), amountOf(line.amount)]))
  const taken = refundedBy(settling, settling.record.row.reference ?? '')
  return settling.record.lines.flatMap((line, position) => {
    const key = lineKey(line)
    const whole = has.get(key)
    const pointer = linePointer(position, line.listNo === null ? 'orderNo' : 'listNo')
    if (whole === undefined)
      return [settlementFault('reference-NOT_IN_ORIGINAL', undefined, pointer)]
    const left = subtract(whole, taken.get(key) ?? amountOf('0'))
    const wanted = amountOf(line.amount)
    if (wanted <= left) return []
    const values = {
      settled: writeDecimal(whole),
      left: writeDecimal(left),
      wanted: writeDecimal(wanted),
    }
    return [settlementFault('amount-REFUND_OVER', values, linePointer(position, 'amount'))]
  })
}
