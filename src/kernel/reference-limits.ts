/** Bounds of loadable reference tables, each with its reason. */

/** Rows of one file: the whole tariff has some 14,000 lines of 10 digits. */
export const REFERENCE_ROWS_MAX = 50_000
/** A file of so many rows, at 300 bytes each; it is read whole. */
export const REFERENCE_BYTES_MAX = 16 * 1024 * 1024
/** Characters of one text: remarks of the positive list have a few hundred. */
export const REFERENCE_TEXT_LENGTH_MAX = 1_000
/** Rows written by one statement. */
export const REFERENCE_CHUNK_ROWS = 5_000
/** Rows of one page of a reference table, unless fewer are asked for. */
export const REFERENCE_PAGE_ROWS_MAX = 1_000
/** How long it is believed whether anything about goods is loaded, in milliseconds. */
export const REFERENCE_KEPT_MS = 10_000
/** Bans of sale that an intake reads: each is held against every line. More say that a table is wrong. */
export const SALE_BANS_MAX = 2_000
