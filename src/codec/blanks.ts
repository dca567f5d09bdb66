/**
 * The four blanks of XML. Real messages have tabs and spaces behind numbers; they are taken off on
 * the way in, by reader and check alike, so that a key compares equal however it was handed in.
 */
export const isBlankCode = (code: number): boolean =>
  code === 32 || code === 10 || code === 9 || code === 13

/** Without blanks at either end. A loop: a pattern would take quadratic time on a run of blanks. */
export const trimBlanks = (text: string): string => {
  let start = 0
  let end = text.length
  while (start < end && isBlankCode(text.charCodeAt(start))) start += 1
  while (end > start && isBlankCode(text.charCodeAt(end - 1))) end -= 1
  return end - start === text.length ? text : text.slice(start, end)
}

/** Runs of blanks as one space each, none at the ends: `xs:whiteSpace` of the value `collapse`. */
export const collapseBlanks = (text: string): string => trimBlanks(text).replace(/[ \t\n\r]+/g, ' ')

/** First place from `at` on that holds no blank. */
export const skipBlanks = (text: string, at: number): number => {
  let place = at
  while (place < text.length && isBlankCode(text.charCodeAt(place))) place += 1
  return place
}
