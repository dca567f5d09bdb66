/** Error codes of CEB607: ranges only. Source: table of export error codes, 2018 edition. */
import { exportTable } from './table.ts'

export const masterNoteErrors = exportTable('CEB607', 901)
