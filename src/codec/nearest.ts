/**
 * The known name that a misspelt one was probably meant to be, for the cure of an unknown field:
 * the standard itself spells `acturalPaid`, so a name one or two letters off is the usual mistake.
 */

/** More letters off are no slip of the hand. */
const DISTANCE_MAX = 3

/**
 * Nearest by edit distance without regard to case; undefined when none is near. Somebody may hand
 * in unknown names by the hundred thousand, so that a comparison ends as soon as it is hopeless.
 */
export const nearestName = (name: string, known: readonly string[]): string | undefined => {
  const wanted = name.toLowerCase()
  let best: string | undefined
  let least = Math.min(DISTANCE_MAX, Math.max(2, Math.floor(wanted.length / 3))) + 1
  for (const candidate of known) {
    if (Math.abs(candidate.length - wanted.length) >= least) continue
    const distance = editDistance(wanted, candidate.toLowerCase(), least)
    if (distance < least) {
      least = distance
      best = candidate
    }
  }
  return best
}

/** Exact below `limit`; what is not below it may come out as any number that is not either. */
const editDistance = (a: string, b: string, limit: number): number => {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i]
    let smallest = i
    for (let j = 1; j <= b.length; j += 1) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const cost = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, swap)
      next.push(cost)
      smallest = Math.min(smallest, cost)
    }
    if (smallest >= limit) return limit
    row = next
  }
  return row[b.length] ?? 0
}
