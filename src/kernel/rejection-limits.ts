/** Bounds of folding and correcting rejections, each with its reason. */

/** Characters of the normal form of a text: what tells causes apart stands in front. */
export const NORMAL_TEXT_LENGTH_MAX = 300
/** Groups of one fold that are told one by one; the smaller ones are summed up. */
export const FOLD_GROUPS_MAX = 200
/** Documents shown with each group. */
export const FOLD_SAMPLES = 3
/** Codes told one by one of one group. */
export const FOLD_CODES_MAX = 20
/** Places of a document that are told with both values; a list may differ from its order in all. */
export const COMPARED_FIELDS_MAX = 20
/**
 * Documents of one correction, companions included: a preview tells each of them, and one request
 * applies it well within the time that callers wait. Whoever selects more repeats the request.
 */
export const CORRECTION_DOCUMENTS_MAX = 5_000
/** Documents corrected in one transaction. */
export const CORRECTION_BATCH_DOCUMENTS = 500
/** Ids named one by one in a selection: as many as fit into the body; more are selected by filter. */
export const CORRECTION_IDS_MAX = 1_000
/** Pairs of an old and a new value in one correction, for the same reason. */
export const CORRECTION_PAIRS_MAX = 400
/** How long a preview may be applied, in hours. */
export const CORRECTION_PREVIEW_HOURS = 24
/** Rejections of earlier releases that are read again in one go. */
export const REJECTIONS_READ_AGAIN_MAX = 500
/** Rounds of that in one go; the rest follows the next time. */
export const REJECTIONS_READ_ROUNDS_MAX = 20
/** Versions of one document that are listed, the newest. */
export const VERSIONS_SHOWN_MAX = 500
/** Places in which two versions differ that are told. */
export const DIFFERENCES_SHOWN_MAX = 5_000
/** Corrections of one enterprise that are listed, the latest: who makes more looks for a document. */
export const CORRECTIONS_SHOWN = 20
