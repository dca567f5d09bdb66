/** What is held already when records come in, and which version may follow it. */
import { natures } from '../catalogue/settlement.ts'
import type { Fault } from '../kernel/fault.ts'
import type { HeldSettlement, LineRow, SettlementRow } from '../store/settlements.ts'
import type { JudgedSettlement } from './settlements-check.ts'
import { settlementFault } from './settlements-faults.ts'

export interface Known {
  /** By `keyText`. */
  readonly held: ReadonlyMap<string, Held>
  /** By id of the record. */
  readonly lines: ReadonlyMap<string, readonly LineRow[]>
  /** In force, of the records that are held; by id. */
  readonly refunds: ReadonlyMap<string, Refund>
}

type Held = SettlementRow & Pick<Partial<HeldSettlement>, 'contentHash'>
export type Refund = SettlementRow & { readonly reference: string }

/** The same with what was just judged good, so that what follows in its request is judged beside it. */
export interface Learning extends Known {
  learn(row: SettlementRow, lines: readonly LineRow[]): void
}

export const learning = (
  rows: readonly Held[],
  refundRows: readonly Refund[],
  lineRows: ReadonlyMap<string, readonly LineRow[]>,
): Learning => {
  const held = new Map(rows.map((row) => [keyText(row.institutionId, row.number), row]))
  const refunds = new Map(refundRows.map((row) => [row.id, row]))
  const lines = new Map(lineRows)
  return {
    ...{ held, refunds, lines },
    learn: (row, own) => {
      held.set(keyText(row.institutionId, row.number), row)
      lines.set(row.id, own)
      if (row.nature === natures.refund && row.reference !== null)
        refunds.set(row.id, { ...row, reference: row.reference })
      else refunds.delete(row.id)
    },
  }
}

export const keyText = (institutionId: string, number: string): string =>
  JSON.stringify([institutionId, number])

/** `same`: it is held just so. `next`: it is the version that comes next. Else why it is refused. */
export const versionFault = (
  { version, contentHash }: Pick<JudgedSettlement, 'version' | 'contentHash'>,
  held: Held | undefined,
): 'same' | 'next' | Fault => {
  const current = held?.version ?? 0
  if (held !== undefined && version === current && held.contentHash)
    return Buffer.compare(held.contentHash, contentHash) === 0
      ? 'same'
      : settlementFault('number-USED', { version: String(current) })
  if (version === current + 1) return 'next'
  return settlementFault('version-WRONG', { version: String(current), given: String(version) })
}
