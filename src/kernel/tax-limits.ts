/** Bounds of import taxes, each with its reason. */

/** Items of one estimate: a list has no more lines. */
export const ESTIMATE_ITEMS_MAX = 99
