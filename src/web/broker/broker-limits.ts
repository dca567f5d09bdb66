/** Every bound of the broker's desk, with its reason. */

/** Clients of a page of the board, those with most to do first: laying out three hundred takes 0.1 s. */
export const BOARD_CLIENTS = 50
/** Days ahead on the board: a month's summaries fall due within the first half of the next. */
export const BOARD_DAYS = 15
/** Deadlines shown on the board; all of them stand on their own pages. */
export const BOARD_DEADLINES = 12
/** Days ahead for returns: the window of applying is 30 days long, that of coming back 45. */
export const RETURN_DAYS = 45
/** Rows of a table of returns on one page, those that fall due soonest first. */
export const RETURN_ROWS = 50
/** Rows of a page of documents: what a screen shows twice over; the script fetches on. */
export const ROWS_PER_PAGE = 50
/** Causes of which one refused document is read, with both values or its text: a screen or two. */
export const SAMPLED_CAUSES = 12
/**
 * Refused documents, the newest, that are looked at for which corrections can work: a page of the
 * interface at its longest. Companions that none of so many shows, others will hardly show.
 */
export const COMPARED_DOCUMENTS = 200
/** Documents of a preview, and of a correction, shown on one page. */
export const CORRECTED_PER_PAGE = 50
/** Documents named of those that a correction leaves for one reason. */
export const LEFT_SHOWN = 10
/** Corrections of so many documents are waited for; larger ones go on by themselves. */
export const CORRECTION_WAITED_MAX = 100
/** A page that shows a correction under way asks again after so many seconds. */
export const CORRECTION_LOOK_SECONDS = 3
/** Months of which summaries are shown: this one and those the interface reminds of. */
export const SUMMARY_MONTHS = 4
