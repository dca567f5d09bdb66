/**
 * What the catalogue says of any code of a reply: official status, result code of customs, response
 * of the exchange platform. Every code gets an answer; one that nobody published says that it is
 * unknown, and is counted by whoever meets it.
 */
import type { Text } from '../kernel/fault.ts'
import type { CauseName } from './causes/index.ts'
import { errorCode } from './error-codes.ts'
import { exchangeCodes } from './exchange-codes.ts'
import { findDeclaration } from './index.ts'
import { resultCodes } from './result-codes.ts'
import { officialStatus, statuses } from './statuses.ts'

export interface Meaning extends Text {
  readonly code: string
  /** False when nobody published it. */
  readonly known: boolean
  readonly cause: CauseName
}

/** `kind` is that of the document answered: negative codes mean something else for each. */
export const statusMeaning = (kind: string, code: string): Meaning => {
  const error = code.startsWith('-') ? errorCode(kind, code) : undefined
  const official = officialStatus(code)
  const { zh, en, cause } = error ?? official
  const ends = findDeclaration(kind)?.done.includes(official.state) === true
  const known = error !== undefined || Object.hasOwn(statuses, code)
  return { code, known, zh, en, cause: ends ? 'finished' : cause }
}

export const resultMeaning = (code: string): Meaning => meaning(code, resultCodes, UNKNOWN_RESULT)

export const exchangeMeaning = (code: string): Meaning =>
  meaning(code, exchangeCodes, UNKNOWN_EXCHANGE)

type Told = Text & { readonly cause: CauseName }

const UNKNOWN_RESULT: Told = {
  cause: 'unknown-result',
  zh: '未知结果代码',
  en: 'Unknown result code',
}
const UNKNOWN_EXCHANGE: Told = {
  cause: 'exchange-unknown',
  zh: '未知应答代码',
  en: 'Unknown response code',
}

const meaning = (code: string, table: Readonly<Record<string, Told>>, unknown: Told): Meaning => {
  const found = Object.hasOwn(table, code) ? table[code] : undefined
  const { zh, en, cause } = found ?? unknown
  return { code, known: found !== undefined, zh, en, cause }
}
