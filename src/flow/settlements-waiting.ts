/**
 * Money that waits for an order or a list twice. As long as customs has no such list nobody knows what
 * it is worth, and instalments are no fault: it is told, and judged when the list comes.
 */
import { natures, settlementDirections } from '../catalogue/settlement.ts'
import type { Fault } from '../kernel/fault.ts'
import { grouped } from '../kernel/grouped.ts'
import { findWaiting } from '../store/settlements-waiting.ts'
import type { Trx } from '../store/transaction.ts'
import { linePointer, settlementFault } from './settlements-faults.ts'
import { type OpenRecord, type Parties, sellerCodesOf } from './settlements-match.ts'

/** Warnings by id of the record, as all of them are stored. */
export const waitingFaults = async (
  trx: Trx,
  records: readonly OpenRecord[],
  parties: Parties,
): Promise<ReadonlyMap<string, readonly Fault[]>> => {
  const lines = records
    .filter(({ row }) => row.nature === natures.actual)
    .flatMap(({ row, lines: own }) => {
      const { inward } = settlementDirections[row.direction]
      const sellers = sellerCodesOf(row, parties).join(' ')
      return own.map(({ position, orderNo, listNo, agentCode }) => ({
        ...{ id: row.id, position, orderNo, listNo, agentCode, inward, sellers },
      }))
    })
  const found = await findWaiting(trx, lines)
  const faults = found.map(({ id, position, listNo, orderNo, ...values }) => {
    const number = listNo ?? orderNo ?? ''
    const pointer = linePointer(position, listNo === null ? 'orderNo' : 'listNo')
    return { id, fault: settlementFault('amount-WAITING_BEFORE', { number, ...values }, pointer) }
  })
  const byId = grouped(faults, ({ id }) => id)
  return new Map([...byId].map(([id, own]) => [id, own.map(({ fault }) => fault)]))
}
