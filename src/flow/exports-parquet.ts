/**
 * An export as Apache Parquet: typed columns, amounts as exact decimals, moments in UTC, one row
 * group for each step that was read, so that nothing but one group and the table of contents is in
 * memory.
 */
import { ByteWriter, ParquetWriter, type SchemaElement } from 'hyparquet-writer'
import { unscaled } from '../kernel/places.ts'
import type { ExportRow } from './exports.ts'

interface Column {
  readonly element: Omit<SchemaElement, 'name'>
  readonly value: (row: ExportRow) => unknown
}

const text = (value: (row: ExportRow) => string): Column => ({
  element: { type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
  value,
})

/** Of 16 bytes, which hold 38 digits; the writer takes the integer of the last place. */
const decimal = (scale: number, value: (row: ExportRow) => string | null): Column => ({
  element: {
    ...{ type: 'FIXED_LEN_BYTE_ARRAY', type_length: 16, converted_type: 'DECIMAL' },
    ...{ scale, precision: 38, repetition_type: 'OPTIONAL' },
  },
  value: (row) => {
    const given = value(row)
    return given === null ? null : unscaled(given, scale)
  },
})

const COLUMNS: Readonly<Record<string, Column>> = {
  month: text((row) => row.month),
  scope: text((row) => row.scope),
  direction: text((row) => row.direction),
  zone: text((row) => row.zone),
  mode: text((row) => row.mode),
  kind: text((row) => row.kind),
  number: text((row) => row.number),
  id: text((row) => row.id),
  merchant: text((row) => row.merchant),
  country: text((row) => row.country),
  chapters: text((row) => row.chapters),
  count: {
    element: { type: 'INT32', repetition_type: 'REQUIRED' },
    value: (row) => row.count,
  },
  currency: text((row) => row.currency),
  amount: decimal(5, (row) => row.amount),
  rate: decimal(10, (row) => row.rate),
  amount_cny: decimal(15, (row) => row.cny),
  counted_since: {
    element: {
      ...{ type: 'INT64', converted_type: 'TIMESTAMP_MILLIS', repetition_type: 'REQUIRED' },
      logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
    },
    value: (row) => row.since,
  },
}

const SCHEMA: SchemaElement[] = [
  { name: 'root', num_children: Object.keys(COLUMNS).length },
  ...Object.entries(COLUMNS).map(([name, { element }]) => ({ name, ...element })),
]

/** Hands on what was written and forgets it; offsets go on counting. */
class PieceWriter extends ByteWriter {
  takePiece(): Uint8Array {
    const piece = this.getBytes().slice()
    this.index = 0
    return piece
  }
}

/** The bytes of the file, a piece for each row group. */
export async function* parquetOf(
  batches: AsyncIterable<readonly ExportRow[]>,
  createdBy: string,
): AsyncGenerator<Uint8Array> {
  const bytes = new PieceWriter()
  const file = new ParquetWriter({ writer: bytes, schema: SCHEMA, createdBy })
  for await (const batch of batches) {
    const columnData = Object.entries(COLUMNS).map(([name, { value }]) => ({
      ...{ name, data: batch.map(value), offsetIndex: false },
    }))
    await file.write({ columnData, rowGroupSize: batch.length })
    yield bytes.takePiece()
  }
  await file.finish()
  yield bytes.takePiece()
}
