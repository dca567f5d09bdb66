/** Error codes of CEB605: ranges only. Source: table of export error codes, 2018 edition. */
import { exportTable } from './table.ts'

export const exportCancellationErrors = exportTable('CEB605', 605)
