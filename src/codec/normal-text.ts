/**
 * The normal form of what customs writes freely: two texts that differ in nothing but numbers of
 * documents, amounts, guids and quoted values have the same, so that thousands fold into one. Linear
 * in the text; nothing here knows what a text means.
 */
import { NORMAL_TEXT_LENGTH_MAX } from '../kernel/rejection-limits.ts'
import type { ReplyText } from './reply-text.ts'

/** '' when there is no text but codes. */
export const normalText = ({ items, rest }: ReplyText): string =>
  [...items.map(({ description }) => description), rest]
    .filter((piece) => piece !== '')
    .map(normal)
    .join('; ')
    .slice(0, NORMAL_TEXT_LENGTH_MAX)

const NUMBER = '{n}'
const VALUE = '{…}'

/** In this order: what stands in brackets or quotes is a value, whatever it looks like. */
const steps: readonly (readonly [RegExp, string])[] = [
  [/\[[^[\]]*\]|【[^【】]*】|「[^「」]*」|“[^“”]*”|"[^"]*"|'[^']*'/gu, VALUE],
  // A name behind its label.
  [/(姓名|订购人|支付人|收货人|收件人)\s*[::]\s*[\p{Script=Han}·]{2,20}/gu, `$1:${VALUE}`],
  // Any run of letters and digits that has a digit: numbers of documents, amounts, guids, dates.
  [/[A-Za-z_-]*\d[\dA-Za-z_./:-]*/gu, NUMBER],
  [/\{n\}(?:[\s,,、;;/|-]*\{n\})+/gu, NUMBER],
  [/\s+/gu, ' '],
]

const normal = (text: string): string =>
  steps.reduce((all, [pattern, put]) => all.replace(pattern, put), text.normalize('NFKC')).trim()
