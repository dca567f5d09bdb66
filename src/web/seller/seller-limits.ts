/** Every bound of the seller's desk, with its reason. */

/** Documents that wait for the reader, on his first page: what fits beside the rest. */
export const URGENT_SHOWN = 8
/** Counts of the first page stop here; more is told as `100+`. */
export const COUNTED_MAX = 100
/** Deadlines on the first page; the nearest. */
export const DEADLINES_SHOWN = 6
/** Counts up to this are read a second time for the form that books them; their bytes are held. */
export const COUNT_READ_BYTES_MAX = 1024 * 1024
/** Rows of a count that go along, sealed, in that form: a form takes 128 KB. */
export const COUNT_SEALED_MAX = 72 * 1024
