/** Bounds of rehearsals, each with its reason. */

/** Lists a second at the top of the curve, once: ×142 is the national peak of 618 in 2024 (85,000 a minute). */
export const REHEARSAL_PEAK = 10
/** A little above that peak; more says nothing about a machine that cannot reach it. */
export const REHEARSAL_TIMES_MAX = 150
/** Shorter ones only measure the start. */
export const REHEARSAL_SECONDS_MIN = 10
export const REHEARSAL_SECONDS_MAX = 900
/** What the simulated office keeps in mind, and some GB of disk for a while. */
export const REHEARSAL_LISTS_MAX = 200_000
/** After the curve has ended, what is still under way has so long to be released. */
export const REHEARSAL_DRAIN_SECONDS = 300
/** Starting and ending of all its processes. */
export const REHEARSAL_AROUND_SECONDS = 180
/** A process that is late may end its own processes for so long before it is ended at once, which leaves them. */
export const REHEARSAL_GRACE_SECONDS = 30
/** Letters of its last words on the error stream that are kept. */
export const REHEARSAL_WORDS_MAX = 300
/** A rehearsal that has not been heard of for so long was broken off: its process is gone. */
export const REHEARSAL_SILENT_SECONDS = 60
/** How often its progress is written down. */
export const REHEARSAL_BEAT_MS = 1_000
/** Lists whose way is looked at step by step. */
export const REHEARSAL_SAMPLE = 200
/** Requests under way at a time. */
export const REHEARSAL_REQUESTS = 4
/** Documents of one request. */
export const REHEARSAL_BATCH = 200
/** A line of progress or report from the process of a rehearsal. */
export const REHEARSAL_LINE_MAX = 1024 * 1024
