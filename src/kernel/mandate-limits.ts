/** Bounds of mandates, each with its reason. */

/** Days before its last at which a mandate is marked in listings: a month to renew it, a week, the eve. */
export const MANDATE_WARNING_DAYS = [30, 7, 1] as const
/** Days before its last from which every document handed in under it carries a warning. */
export const MANDATE_NOTICE_DAYS = 7
/** Longest look ahead for mandates that lapse: a year; whoever wants more lists all of them. */
export const MANDATE_LAPSING_DAYS_MAX = 366
/** Kinds, and zones, that one mandate names: more than there are of either. */
export const MANDATE_KINDS_MAX = 100
/**
 * Mandates not in force that a refusal is explained by, the latest: an agent of many years has some
 * hundreds, and only the last one of each principal tells anything.
 */
export const MANDATES_EXPLAINED_MAX = 1000
