/** Rows handed in for a bonded book: each is judged by its table, and all faults are told by row. */
import type { FieldRecord, Table } from '../catalogue/message.ts'
import { checkDocument } from '../codec/check.ts'
import type { Fault } from '../kernel/fault.ts'

export interface HandedRow {
  readonly record: unknown
  /** What its reading already found. */
  readonly faults: readonly Fault[]
}

export interface RowFault {
  readonly index: number
  /** Its pointer leads into the row. */
  readonly fault: Fault
}

export interface JudgedRows {
  /** By place; meaningful only where the row has no fault. */
  readonly records: readonly FieldRecord[]
  readonly faults: readonly RowFault[]
}

export const judgeRows = (table: Table, rows: readonly HandedRow[]): JudgedRows => {
  const faults: RowFault[] = []
  const records = rows.map(({ record, faults: found }, index) => {
    const checked = checkDocument(table, record)
    for (const fault of [...found, ...checked.faults]) faults.push({ index, fault })
    // A table has fields and no groups: what passed the check is one record.
    return checked.document as FieldRecord
  })
  return { records, faults }
}
