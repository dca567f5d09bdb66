/** Limits of putting the sums of the ledger together. */

/** How often: a quiet minute leaves a few hundred rows, which readers add up meanwhile. */
export const LEDGER_FOLD_MS = 60_000
/** Rows taken in one statement, half a second of work; ten times that where a machine is busy. */
export const LEDGER_FOLD_ROWS = 20_000
/** Statements of one turn; what is left waits for the next. */
export const LEDGER_FOLD_ROUNDS_MAX = 250
/** Months whose figures are made anew in one turn, a statement each; five years of rates at once. */
export const LEDGER_REMADE_MONTHS_MAX = 60
