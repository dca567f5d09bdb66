/**
 * The table of one kind's error codes: what its tables say, as data. A negative code has a meaning
 * only together with the kind it answers, because the numbers of import and export overlap.
 */
import type { Text } from '../../kernel/fault.ts'
import type { CauseName } from '../causes/index.ts'

/**
 * What kind of trouble it is, and so who acts: the data (correct and send again), the own state
 * (already there, already done), a key nobody knows, a limit of the message, a person's decision,
 * the account or certificate, the signature, or the far system (later, unchanged).
 */
export type ErrorSort =
  | 'data'
  | 'state'
  | 'lookup'
  | 'limit'
  | 'business'
  | 'auth'
  | 'signature'
  | 'system'

/**
 * Situations in which a sender can bring himself, answered by another code for every kind. The last
 * two are those of a document that names a list, or a line of it, which nobody knows.
 */
export type Situation =
  | 'duplicate'
  | 'stale'
  | 'no-original'
  | 'already-declared'
  | 'bad-signature'
  | 'target-unknown'
  | 'line-unknown'

/** Without a cause of its own it has that of its sort. */
export type ErrorRow = readonly [
  code: string,
  sort: ErrorSort,
  zh: string,
  en: string,
  cause?: CauseName,
]

/** Codes of which only the range is published. Bounds are inclusive, `first` the nearer to zero. */
export interface ErrorRange extends Text {
  readonly first: number
  readonly last: number
  readonly sort: ErrorSort
  readonly cause?: CauseName
}

export interface ErrorTable {
  /** Code of the declaration answered, or of the reply that refuses a whole message. */
  readonly kind: string
  readonly codes: readonly ErrorRow[]
  /** Codes that occur in practice and in no table. */
  readonly seen?: readonly ErrorRow[]
  readonly ranges?: readonly ErrorRange[]
  /** The code that answers a situation; where none is published, the nearest that is. */
  readonly situations?: Readonly<Partial<Record<Situation, string>>>
}

/**
 * The table of an export kind: four ranges of a thousand, whose numbers begin with `head`,
 * `head + 1` … (signature, format, business, processing), and no single codes. Source: table of
 * export error codes, 2018 edition; the 202205 edition prints none.
 */
export const exportTable = (kind: string, head: number): ErrorTable => {
  const codeOf = (step: number): string => String(-((head + step) * 1000 + 1))
  return {
    kind,
    codes: [],
    ranges: STEPS.map(([sort, zh, en], step) => ({
      first: -((head + step) * 1000 + 1),
      last: -(head + step + 1) * 1000,
      ...{ sort, zh, en },
    })),
    situations: {
      duplicate: codeOf(2),
      stale: codeOf(2),
      'no-original': codeOf(2),
      'already-declared': codeOf(2),
      'bad-signature': codeOf(0),
    },
  }
}

const STEPS: readonly (readonly [ErrorSort, string, string])[] = [
  ['signature', '签名校验失败', 'Signature check failed'],
  ['data', '格式校验失败', 'Format check failed'],
  ['business', '业务校验失败', 'Business check failed'],
  ['system', '业务处理失败', 'Processing failed'],
]
