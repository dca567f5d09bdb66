/** Bounds of stage clocks and deadlines, each with its reason. */

/** How often the chore looks for open documents: what is stuck is listed so much later at most. */
export const CLOCKS_LOOK_MS = 60_000
/**
 * Ages at which each document is looked at once, in seconds: a clean one is through in a minute, so
 * at ten minutes few are open; a day and ten days find those that were opened again since.
 */
export const CLOCKS_AGES_SECONDS = [600, 86_400, 864_000] as const
/**
 * Births that one step looks at, at first: at 1,400 lists a second some 1.7 million narrow rows. It
 * grows up to a day where few came in, and shrinks where many did, so that a step has some 10,000.
 */
export const CLOCKS_STEP_MS = 300_000
export const CLOCKS_STEP_MS_MAX = 86_400_000
export const CLOCKS_STEP_ROWS = 10_000
/** Before the first look: what was handed in earlier and is still open is not found. */
export const CLOCKS_FIRST_DAYS = 10
/** Steps of one look at one age, so that it ends; ten days without a document are fifteen. */
export const CLOCKS_STEPS_MAX = 200
/** Rows that a look at one age reads before it leaves the rest for the next. */
export const CLOCKS_ROWS_MAX = 500_000
/** How often what is usual is reckoned anew. */
export const PACE_REFRESH_MS = 600_000
/** Documents of one kind and zone that join the sample in one step, and that it holds in all. */
export const SAMPLE_STEP_MAX = 100
export const SAMPLE_MAX = 1_000
/** Of fewer stages nothing is called usual: the 95th percentile of less is its greatest value. */
export const PACE_STAGES_MIN = 20
/** The sample forgets what is older: zones and customs' habits change. */
export const SAMPLE_DAYS = 30
