/**
 * Lines of goods held against reference data: form of the tariff code, statutory units, the positive
 * list of retail import, bans of sale. Pure; what the tables say is handed in, and a table that is
 * not loaded for the day says nothing.
 */
import { type Decimal, readDecimal } from '../kernel/decimal.ts'

export interface GoodsLine {
  readonly hs: string
  readonly name: string
  /** Country code; undefined where the line is no retail import. */
  readonly origin: string | undefined
  /** The traded quantity with its unit, then the statutory ones; '' for what is not given. */
  readonly quantities: readonly { readonly amount: string; readonly unit: string }[]
}

export interface SaleBan {
  /** First digits of the tariff code, words of the name, country; '' is not asked for. */
  readonly hs: string
  readonly name: string
  readonly country: string
  readonly reason: string
  readonly source: string
}

export interface StatutoryUnits {
  readonly unit1: string
  /** '' where the code has no second unit. */
  readonly unit2: string
}

export interface GoodsFacts {
  /** First day of the edition in force; undefined when none is loaded. */
  readonly edition: string | undefined
  /** Of the 8-digit lines asked for, those the edition has. */
  readonly listed: ReadonlySet<string>
  readonly bans: readonly SaleBan[]
  /** By tariff code. */
  readonly units: ReadonlyMap<string, StatutoryUnits>
}

export type GoodsProblem =
  | { readonly kind: 'hs' }
  | { readonly kind: 'off-list'; readonly edition: string }
  | { readonly kind: 'banned'; readonly ban: SaleBan }
  /** `place` counts the quantities as the line has them. */
  | { readonly kind: 'unit'; readonly place: number; readonly wanted: string }
  | { readonly kind: 'unequal'; readonly place: number }

/** Digits of a line of the positive list. */
export const LIST_DIGITS = 8

export const judgeGoods = (line: GoodsLine, facts: GoodsFacts): readonly GoodsProblem[] => [
  ...(/^\d{10}$/.test(line.hs) ? [] : [{ kind: 'hs' } as const]),
  ...unequal(line.quantities),
  ...wrongUnits(line, facts.units),
  ...(line.origin === undefined ? [] : retailProblems(line, facts)),
]

const retailProblems = (line: GoodsLine, { edition, listed, bans }: GoodsFacts): GoodsProblem[] => {
  const found: GoodsProblem[] = []
  if (edition !== undefined && !listed.has(line.hs.slice(0, LIST_DIGITS)))
    found.push({ kind: 'off-list', edition })
  const ban = bans.find((each) => isBanned(line, each))
  if (ban !== undefined) found.push({ kind: 'banned', ban })
  return found
}

const isBanned = (line: GoodsLine, { hs, name, country }: SaleBan): boolean =>
  line.hs.startsWith(hs) &&
  (country === '' || country === line.origin) &&
  (name === '' || wordsOf(name).some((word) => plain(line.name).includes(word)))

const wordsOf = (names: string): readonly string[] =>
  names.split('|').flatMap((word) => (word.trim() === '' ? [] : [plain(word.trim())]))

/** Full-width and capital letters are written as it comes. */
const plain = (text: string): string => text.normalize('NFKC').toLowerCase()

/** A statutory quantity in the traded unit is the traded quantity. */
const unequal = ([traded, ...statutory]: GoodsLine['quantities']): GoodsProblem[] =>
  statutory.flatMap(({ amount, unit }, i) =>
    traded === undefined || unit === '' || unit !== traded.unit || same(amount, traded.amount)
      ? []
      : [{ kind: 'unequal', place: i + 1 } as const],
  )

/** What is no number is told elsewhere. */
const same = (a: string, b: string): boolean => {
  const [one, two]: readonly (Decimal | undefined)[] = [readDecimal(a), readDecimal(b)]
  return one === undefined || two === undefined || one === two
}

const wrongUnits = (
  { hs, quantities }: GoodsLine,
  units: GoodsFacts['units'],
): readonly GoodsProblem[] => {
  const known = units.get(hs)
  if (known === undefined) return []
  return [known.unit1, known.unit2].flatMap((wanted, i) => {
    const given = quantities[i + 1]?.unit ?? ''
    return given === wanted ? [] : [{ kind: 'unit', place: i + 1, wanted } as const]
  })
}
