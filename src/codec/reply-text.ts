/**
 * Result texts of customs (`returnInfo`): `[Code:1320;Desc:…]`, several in a row, other text before,
 * between and after them. Read leniently, because people write them: brackets and colons of either
 * width, a description left out or not closed. Total, linear in the text, bounded by named limits;
 * what is no item stays in `rest`, so nothing is lost. Source: 202205 replies as seen in practice.
 */
import { errorTexts } from '../catalogue/error-codes.ts'
import { knownPhrase } from '../catalogue/reply-phrases.ts'
import { resultCodes, resultText } from '../catalogue/result-codes.ts'
import { statuses } from '../catalogue/statuses.ts'
import { REPLY_TEXT_ITEMS_MAX, REPLY_TEXT_LENGTH_MAX } from '../kernel/limits.ts'

export interface ReplyItem {
  /** 1 to 8 digits; practice shows up to 6. */
  readonly code: string
  /** '' when none was written. */
  readonly description: string
}

export interface ReplyText {
  /** In the order written; a code may come twice. */
  readonly items: readonly ReplyItem[]
  /** Whatever stands beside the items, its pieces joined by a blank. */
  readonly rest: string
}

/** An item up to its description. A longer number is none: it may be anybody's. */
const ITEM = /[[【]\s*code\s*[:：]\s*(\d{1,8})(?!\d)\s*(?:[;；,，]\s*desc\s*[:：]\s*|(?=[\]】]))/giu

export const readReplyText = (text: string): ReplyText => usualTexts.get(text) ?? readAny(text)

const readAny = (text: string): ReplyText => {
  const read = text.slice(0, REPLY_TEXT_LENGTH_MAX)
  if (!/code/iu.test(read)) return { items: [], rest: joined([read]) }
  const heads: RegExpExecArray[] = []
  for (const head of read.matchAll(ITEM)) {
    if (heads.length === REPLY_TEXT_ITEMS_MAX) break
    heads.push(head)
  }
  const items: ReplyItem[] = []
  const rest = [read.slice(0, heads[0]?.index ?? read.length)]
  for (const [i, head] of heads.entries()) {
    const start = head.index + head[0].length
    const segment = read.slice(start, heads[i + 1]?.index ?? read.length)
    const end = closeOf(segment)
    items.push({ code: head[1] ?? '', description: segment.slice(0, end).trim() })
    rest.push(segment.slice(end + 1))
  }
  return { items, rest: joined(rest) }
}

/**
 * Where the item ends: brackets inside a description come in pairs. With pairs that do not fit, the
 * last closing one is believed; without any the item goes as far as the text.
 */
const closeOf = (segment: string): number => {
  let depth = 1
  let last = -1
  for (let at = 0; at < segment.length; at += 1) {
    const sign = segment[at]
    if (sign === '[' || sign === '【') depth += 1
    if (sign !== ']' && sign !== '】') continue
    depth -= 1
    last = at
    if (depth === 0) return at
  }
  return last === -1 ? segment.length : last
}

const SEPARATOR = /[\s,，;；、。]/u

/** Without separators at either end. A loop: a pattern would take quadratic time on a run of them. */
const trimSeparators = (piece: string): string => {
  let start = 0
  let end = piece.length
  while (start < end && SEPARATOR.test(piece.charAt(start))) start += 1
  while (end > start && SEPARATOR.test(piece.charAt(end - 1))) end -= 1
  return piece.slice(start, end)
}

const joined = (pieces: readonly string[]): string =>
  pieces
    .map(trimSeparators)
    .filter((piece) => piece !== '')
    .join(' ')

/**
 * Whether a text holds nothing but what the catalogue says itself and fixed phrases around the
 * document's own numbers. Any other text may quote a name or an address, and is kept sealed.
 */
export const isKnownText = (text: string, read: ReplyText = readReplyText(text)): boolean => {
  if (usualTexts.has(text)) return true
  if (text.length > REPLY_TEXT_LENGTH_MAX) return false
  return (
    read.items.every(
      ({ code, description }) => description === '' || resultCodes[code]?.zh === description,
    ) && knownPhrase(read.rest)
  )
}

/** Most texts are one of these, letter by letter: they are read once and for all. */
const usualTexts: ReadonlyMap<string, ReplyText> = new Map(
  [
    '',
    ...Object.values(statuses).map(({ zh }) => zh),
    ...errorTexts,
    ...Object.keys(resultCodes).map((code) => resultText(code)),
  ].map((text) => [text, readAny(text)]),
)
