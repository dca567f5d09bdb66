/** Every bound of the views of documents, with its reason. */

/** Rows of a page of documents: what a screen shows twice over. */
export const DOCUMENTS_PER_PAGE = 50
/** Lines of goods shown of a document; a list of the standard has at most 100. */
export const LINES_SHOWN_MAX = 100
/** Own documents of a consignment whose story is read: two calls each. */
export const CONSIGNMENT_DOCUMENTS_MAX = 8
/** Compared fields shown of a verdict: 99 lines with five fields each would make a page of 500 rows. */
export const COMPARISONS_SHOWN_MAX = 120
/** Steps of a story shown; more are in the stories of the single documents. */
export const STEPS_SHOWN_MAX = 120
/** Bytes of a message that a page shows; longer ones are downloaded. */
export const MESSAGE_SHOWN_BYTES_MAX = 4 * 1024 * 1024
/** Lines of a message shown; one document of 99 lines has about 2,800. */
export const MESSAGE_LINES_SHOWN_MAX = 1_500
/** Lines a form has room for; longer documents come as a sheet or through the interface. */
export const FORM_LINES_MAX = 30
/** Codes offered while one types; of longer lists the check names the nearest. */
export const SUGGESTED_CODES_MAX = 400
/** Pages of mandates looked through for kinds that may be handed in; an agent of more has them all. */
export const MANDATE_PAGES_MAX = 10
/** Faulty documents of a sheet that are corrected on a page; more are corrected in the sheet. */
export const CORRECTED_DOCUMENTS_MAX = 20
/** Sheets up to this are read a second time for the values of faulty cells; their bytes are held. */
export const CORRECTED_SHEET_BYTES_MAX = 4 * 1024 * 1024
/** What of the faulty documents goes along, sealed, in the form that corrects them. */
export const CORRECTED_SEALED_MAX = 72 * 1024
/** Faulty cells listed in a table. */
export const SHEET_FAULTS_SHOWN = 100
