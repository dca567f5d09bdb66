/** Bounds of monthly reports, each with its reason. */

/** Rows of a ranking (countries, chapters, enterprises, institutions); the rest is one row. */
export const REPORT_RANKS_MAX = 20
/** Trade modes with a column of their own: more do not fit on a page and become one column. */
export const REPORT_MODES_MAX = 6
/** Zones with a row of their own; the city has eleven. */
export const REPORT_ZONES_MAX = 40
/** Missing rates that are listed; whoever has more has loaded none. */
export const REPORT_GAPS_MAX = 100
/** Changed lines that are printed; all of them stand in the workbook and in the JSON. */
export const REPORT_CHANGES_PRINTED_MAX = 200
/** Figures of one report as JSON text: lines above are a few thousand, some 300 bytes each. */
export const REPORT_FIGURES_LENGTH_MAX = 2_000_000
/** Editions of one month: a month that was restated weekly for a year has 52. */
export const REPORT_EDITIONS_MAX = 99
/** Sign-offs of one edition. */
export const REPORT_SIGN_OFFS_MAX = 20
/** Characters of the role that signs off. */
export const REPORT_ROLE_LENGTH_MAX = 60
/** Reports of one page of the list. */
export const REPORT_PAGE_ROWS_MAX = 200
