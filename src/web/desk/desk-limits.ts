/** Every bound of the desks, with its reason. */

/** A form typed by hand; the largest field is a certificate or a note. */
export const PAGE_FORM_BYTES_MAX = 128 * 1024
/** Pages a reader can go back to by the pager; beyond it he is led to the first. */
export const PAGER_TRAIL_MAX = 20
/** Documents that a search shows; whoever gets more has typed too little of a number. */
export const SEARCH_ROWS = 20
/** Letters of a number that is searched for, as the interface takes them. */
export const SEARCH_LENGTH_MAX = 60
