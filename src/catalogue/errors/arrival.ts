/** Error codes of CEB507: ranges only. Source: table of export error codes, 2018 edition. */
import { exportTable } from './table.ts'

export const arrivalErrors = exportTable('CEB507', 801)
