/**
 * The known name that a misspelt one was probably meant to be, for the cure of an unknown field:
 * the standard itself spells `acturalPaid`, so a name one or two letters off is the usual mistake.
 */

/** Longer names are not compared: no name of the standard is half as long. */
const NAME_LENGTH_MAX = 64

/** Nearest by edit distance without regard to case; undefined when none is near. */
export const nearestName = (name: string, known: readonly string[]): string | undefined => {
  if (name.length > NAME_LENGTH_MAX) return undefined
  const wanted = name.toLowerCase()
  let best: string | undefined
  let least = Math.max(2, Math.floor(wanted.length / 3)) + 1
  for (const candidate of known) {
    const distance = editDistance(wanted, candidate.toLowerCase())
    if (distance < least) {
      least = distance
      best = candidate
    }
  }
  return best
}

const editDistance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, swap))
    }
    row = next
  }
  return row[b.length] ?? 0
}
