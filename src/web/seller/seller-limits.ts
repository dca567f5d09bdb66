/** Every bound of the seller's desk, with its reason. */

/** Documents that wait for the reader, on his first page: what fits beside the rest. */
export const URGENT_SHOWN = 8
/** Counts of the first page stop here; more is told as `100+`. */
export const COUNTED_MAX = 100
/** Deadlines on the first page; the nearest. */
export const DEADLINES_SHOWN = 6
/** Faulty documents of a sheet that are corrected on a page; more are corrected in the sheet. */
export const CORRECTED_DOCUMENTS_MAX = 20
/** Sheets up to this are read a second time for the values of faulty cells; their bytes are held. */
export const CORRECTED_SHEET_BYTES_MAX = 4 * 1024 * 1024
/** What of the faulty documents goes along, sealed, in the form that corrects them. */
export const CORRECTED_SEALED_MAX = 72 * 1024
/** Faulty cells listed in a table. */
export const SHEET_FAULTS_SHOWN = 100
