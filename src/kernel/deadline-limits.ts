/** Bounds of the list of deadlines, each with its reason. */

/** Days ahead, unless more or fewer are asked for, and at most: a summary falls due within 46. */
export const DEADLINE_DAYS = 7
export const DEADLINE_DAYS_MAX = 60
/** Days for which what was missed is still shown: a month, then it is history. */
export const DEADLINE_OVERDUE_DAYS = 30
/** Months before this one that are looked through for lists nobody summarised. */
export const DEADLINE_MONTHS_BACK = 3
/** Lists of one sort that one answer reads, as many of each sender; beyond it `more` is told. */
export const DEADLINE_LISTS_MAX = 5_000
/** Returns that one answer reads; beyond it `more` is told. */
export const DEADLINE_RETURNS_MAX = 1_000
/** Documents that one deadline names; `count` tells how many there are. */
export const DEADLINE_DOCUMENTS_SHOWN = 20
