/** Bounds of drill-down, exports and open data, each with its reason. */

/** Documents read by one statement of an export: some 2 MB here, a tenth of a second there. */
export const EXPORT_STEP_DOCUMENTS = 2_000
/**
 * Documents of one export. A year of the national peak would not fit; a year of the city does many
 * times. More must be asked for by month or zone.
 */
export const EXPORT_DOCUMENTS_MAX = 20_000_000
/** Rows put into one piece of CSV text: a piece of some 200 KB is sent before the next is made. */
export const EXPORT_PIECE_ROWS = 1_000
/** Cells of one published year: scopes, months, zones, modes and directions. More say that data is wrong. */
export const OPEN_CELLS_MAX = 50_000
/** Enterprises that a rule may ask for behind a published figure; more would hide everything as well. */
export const OPEN_ENTERPRISES_MAX = 1_000_000
/** Open data is published once a day, with the figures of the day's first moment; in hours. */
export const OPEN_EDITION_HOURS = 24
/** How long a cache may keep an edition: one that turns out wrong is gone after an hour. */
export const OPEN_AGE_SECONDS_MAX = 3_600
/** Published days that are kept; the newest one of every year asked for is served. */
export const OPEN_KEPT_DAYS = 30
