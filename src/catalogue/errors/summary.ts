/** Error codes of CEB701: ranges only. Source: table of export error codes, 2018 edition. */
import { exportTable } from './table.ts'

export const summaryErrors = exportTable('CEB701', 701)
