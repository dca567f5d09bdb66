/** Error codes of CEB303: ranges only. Source: table of export error codes, 2018 edition. */
import { exportTable } from './table.ts'

export const exportOrderErrors = exportTable('CEB303', 301)
