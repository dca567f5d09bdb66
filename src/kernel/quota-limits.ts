/** Bounds of what is told and recounted of quotas. */

/** Documents shown behind one buyer's year: far more than a person's lists; the sums cover all. */
export const QUOTA_DOCUMENTS_MAX = 200
/** Longest personal number looked up, as the field of the standard has it. */
export const PERSON_NUMBER_LENGTH_MAX = 60
/** Lists read at a time when holds are computed anew: a few megabytes of them. */
export const RECOUNT_PAGE = 500
