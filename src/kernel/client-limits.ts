/** Bounds of the overview of clients, each with its reason. */

/** Clients of one answer: a broker has some dozens; whoever has more names one. */
export const CLIENTS_MAX = 500
/** Pairs of sender and client that are looked at for it: some look-ups in an index each. */
export const CLIENT_PAIRS_MAX = 1_000
/** Documents of a sort that are counted for one client: past it, the number is no news. */
export const CLIENT_COUNT_MAX = 1_000
