/**
 * A bound in time for what talks to the far side or to a disk: whoever waits is let go when it is
 * over, whatever the other does. What was waited for may still come to an end by itself; it hears by
 * the signal that nobody listens any more.
 */

/** Gives what `work` gives, or `undefined` once so many milliseconds are over. */
export const within = <T>(
  ms: number,
  work: (given: AbortSignal) => Promise<T>,
): Promise<T | undefined> =>
  new Promise((resolve, reject) => {
    const givenUp = new AbortController()
    const late = setTimeout(() => {
      givenUp.abort()
      resolve(undefined)
    }, ms)
    work(givenUp.signal)
      .then(resolve, reject)
      .finally(() => clearTimeout(late))
  })
