/** What names a person, so that two values can be told apart and nobody is named by either. */

/** The first character, and of longer ones the last two: `张*`, `5***12`. */
export const masked = (value: string): string => {
  const [first = ''] = value
  return value.length < LONG ? `${first}*` : `${first}***${value.slice(-2)}`
}

/** Shorter ones would be told by their ends. */
const LONG = 8
