/** Bounds of what is compared and told of consignments, each with its reason. */

/**
 * Pairs of differing documents that one batch of an intake is told of: a batch holds 2,000 documents,
 * and each pair is opened. What goes beyond is seen at the match and in the preview.
 */
export const DIFFERING_PAIRS_MAX = 500

/** Warnings of one document about its companions: the rest says no more. */
export const COMPANION_WARNINGS_MAX = 20
