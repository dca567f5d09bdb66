/**
 * What can be said of a code that its list does not have, or has no longer, and which codes were
 * probably meant. Asked only when the quick look-up missed.
 */
import { type CodeList, codeOf, nearestCodes } from '../catalogue/code-lists/index.ts'
import type { Text } from '../kernel/fault.ts'
import { CODE_NAME_LENGTH_MAX, CODE_SEARCHES_PER_DOCUMENT_MAX } from '../kernel/limits.ts'
import { isMoment } from './moment.ts'
import { codesText } from './texts.ts'

/** Near codes already looked for in one document, by list and value: lines repeat their mistakes. */
export type NearCodes = Map<string, Text | undefined>

/**
 * The fault of a code in the right form. `codes` need no second look; any other may be in use only
 * on some days, which the time of submission decides. Without one nothing is known against it.
 */
export const codeFault = (
  codes: ReadonlySet<string> | undefined,
  list: CodeList,
  value: string,
  appTime: unknown,
): 'NOT_LISTED' | 'NOT_IN_FORCE' | undefined => {
  if (codes?.has(value) === true) return undefined
  if (codeOf(list, value) === undefined) return 'NOT_LISTED'
  const day = typeof appTime === 'string' ? appTime.trim().slice(0, 8) : ''
  return isMoment(day, 8) && codeOf(list, value, day) === undefined ? 'NOT_IN_FORCE' : undefined
}

/** The end of a cure; undefined when nothing is near, or the document has had its searches. */
export const nearCodes = (near: NearCodes, list: CodeList, value: string): Text | undefined => {
  if (value.length > CODE_NAME_LENGTH_MAX) return undefined
  const key = `${list.id} ${value}`
  if (near.has(key) || near.size >= CODE_SEARCHES_PER_DOCUMENT_MAX) return near.get(key)
  const rows = nearestCodes(list, value).filter(({ code }) => code !== value)
  const text = rows.length === 0 ? undefined : codesText(rows)
  near.set(key, text)
  return text
}
