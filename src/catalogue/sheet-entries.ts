/** Whatever a sheet may be filled in for: declarations, and tables that never travel to customs. */
import { bondedTables } from './bonded-book.ts'
import { findDeclaration } from './index.ts'
import type { SheetEntry } from './message.ts'
import { settlement } from './settlement.ts'

export const findSheetEntry = (code: string): SheetEntry | undefined =>
  findDeclaration(code) ?? tables.find((table) => table.code === code)

const tables = [...bondedTables, settlement]
