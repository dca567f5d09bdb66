/**
 * Negative status codes of replies: processing errors of the e-port, by the kind of document they
 * answer, because the numbers of import and export overlap. The tables are in `errors/`.
 */
import type { Text } from '../kernel/fault.ts'
import type { CauseName } from './causes/index.ts'
import { everyKind } from './errors/every-kind.ts'
import { errorTables } from './errors/index.ts'
import type { ErrorRange, ErrorRow, ErrorSort, ErrorTable, Situation } from './errors/table.ts'

export type { ErrorSort, Situation } from './errors/table.ts'

export interface ErrorCode extends Text {
  readonly sort: ErrorSort
  readonly cause: CauseName
}

/** The meaning of a code for a kind; undefined when nobody published one. */
export const errorCode = (kind: string, code: string): ErrorCode | undefined => {
  const own = byKind.get(kind)
  return (
    own?.codes.get(code) ??
    inRange(own?.ranges, code) ??
    forAll.codes.get(code) ??
    inRange(forAll.ranges, code)
  )
}

/** The code that tells a situation for a kind; undefined where none fits. */
export const situationCode = (kind: string, situation: Situation): string | undefined =>
  byKind.get(kind)?.situations?.[situation]

interface Indexed {
  readonly codes: ReadonlyMap<string, ErrorCode>
  readonly ranges: readonly ErrorRange[] | undefined
  readonly situations: ErrorTable['situations']
}

const errorOf = ([, sort, zh, en, cause = sort]: ErrorRow): ErrorCode => ({ sort, zh, en, cause })

const indexed = (table: Omit<ErrorTable, 'kind'>): Indexed => ({
  codes: new Map([...table.codes, ...(table.seen ?? [])].map((row) => [row[0], errorOf(row)])),
  ranges: table.ranges,
  situations: table.situations,
})

const inRange = (
  ranges: readonly ErrorRange[] | undefined,
  code: string,
): ErrorCode | undefined => {
  if (ranges === undefined || !/^-[1-9]\d{0,8}$/.test(code)) return undefined
  const value = Number(code)
  const found = ranges.find(({ first, last }) => value <= first && value >= last)
  if (found === undefined) return undefined
  const { sort, zh, en, cause = sort } = found
  return { sort, zh, en, cause }
}

const byKind: ReadonlyMap<string, Indexed> = new Map(
  errorTables.map((table) => [table.kind, indexed(table)]),
)

const forAll = indexed(everyKind)

/** Every text of the tables, in customs' language. */
export const errorTexts: readonly string[] = [everyKind, ...errorTables].flatMap((table) =>
  [...table.codes, ...(table.seen ?? [])].map(([, , zh]) => zh),
)
