/** Whatever a sheet may be filled in for: declarations, and tables that never travel to customs. */
import { bondedTables } from './bonded-book.ts'
import { findDeclaration } from './index.ts'
import type { SheetEntry } from './message.ts'

export const findSheetEntry = (code: string): SheetEntry | undefined =>
  findDeclaration(code) ?? bondedTables.find((table) => table.code === code)
