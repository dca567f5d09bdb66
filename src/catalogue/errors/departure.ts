/** Error codes of CEB509: ranges only. Source: table of export error codes, 2018 edition. */
import { exportTable } from './table.ts'

export const departureErrors = exportTable('CEB509', 505)
