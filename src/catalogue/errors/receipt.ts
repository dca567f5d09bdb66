/** Error codes of CEB403: ranges only. Source: table of export error codes, 2018 edition. */
import { exportTable } from './table.ts'

export const receiptErrors = exportTable('CEB403', 401)
