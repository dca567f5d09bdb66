/** Error codes of CEB603: ranges only. Source: table of export error codes, 2018 edition. */
import { exportTable } from './table.ts'

export const exportListErrors = exportTable('CEB603', 601)
