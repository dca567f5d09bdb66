/** Error codes of CEB505: ranges only. Source: table of export error codes, 2018 edition. */
import { exportTable } from './table.ts'

export const exportWaybillErrors = exportTable('CEB505', 501)
