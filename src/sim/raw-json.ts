/**
 * The members of a JSON object as the texts that stand for them, byte for byte: a signature over JSON
 * holds for its spelling, and reading and writing it again would change that.
 */

/** Raw texts by name, in their order; undefined for what is no JSON object. */
export const rawMembers = (text: string): ReadonlyMap<string, string> | undefined => {
  if (!isObject(text)) return undefined
  const members = new Map<string, string>()
  let at = afterBlanks(text, 0) + 1
  for (;;) {
    at = afterBlanks(text, at)
    if (text[at] === '}') return members
    if (text[at] === ',') {
      at += 1
      continue
    }
    const nameEnd = afterValue(text, at)
    const name: unknown = JSON.parse(text.slice(at, nameEnd))
    const start = afterBlanks(text, afterBlanks(text, nameEnd) + 1)
    const end = afterValue(text, start)
    members.set(String(name), text.slice(start, end))
    at = end
  }
}

/** After this the text is known to be JSON, so that the scan below meets nothing else. */
const isObject = (text: string): boolean => {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}

const afterBlanks = (text: string, at: number): number => {
  let place = at
  while (/[ \t\n\r]/.test(text[place] ?? '')) place += 1
  return place
}

/** The place behind the value that begins at `at`. */
const afterValue = (text: string, at: number): number => {
  let depth = 0
  let place = at
  for (;;) {
    const sign = text[place] ?? ''
    if (sign === '"') place = afterString(text, place)
    else if (sign === '{' || sign === '[') {
      depth += 1
      place += 1
    } else if ((sign === '}' || sign === ']') && depth > 0) {
      depth -= 1
      place += 1
    } else if (depth === 0) {
      // A number or a word; what ends it is not part of it.
      while (!/[,}\] \t\n\r]/.test(text[place] ?? ',')) place += 1
      return place
    } else place += 1
    if (depth === 0 && (sign === '"' || sign === '}' || sign === ']')) return place
  }
}

const afterString = (text: string, at: number): number => {
  let place = at + 1
  while (text[place] !== '"') place += text[place] === '\\' ? 2 : 1
  return place + 1
}
