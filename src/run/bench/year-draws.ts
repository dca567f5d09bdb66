/** What is drawn for lists of a made year, and what it is drawn from, each as often as its weight says. */
import { type RawBuilder, sql } from 'kysely'
import { findCodeList } from '../../catalogue/code-lists/index.ts'
import { zones } from '../../catalogue/zones/index.ts'

const MODULUS = 2_147_483_647
/** A whole number from 0 to below `below` that list `i` has for question `k`. */
export const drawn = (seed: number, k: number, below: number): RawBuilder<number> =>
  sql`((hashint8extended(i::bigint, ${sql.lit(seed * 100 + k)}::bigint) & ${sql.lit(MODULUS)}) % ${sql.lit(below)})::integer`

/** The same, where small ones are more frequent: the square of what is drawn. */
export const drawnLow = (seed: number, k: number, below: number): RawBuilder<number> =>
  sql`(power(${drawn(seed, k, 10_000)} / 10000.0::float8, 2) * ${sql.lit(below)})::integer % ${sql.lit(below)}`

export const oneOf = (texts: readonly string[], place: RawBuilder<number>): RawBuilder<string> =>
  sql`(${[...texts]}::text[])[${place} + 1]`

/** A name with a number of three digits. */
export const named = (prefix: string, place: RawBuilder<number>): RawBuilder<string> =>
  sql`${sql.lit(prefix)} || lpad((${place} + 1)::text, 3, '0')`

/** Each as often as its weight says. */
const weighted = (weights: Readonly<Record<string, number>>): readonly string[] =>
  Object.entries(weights).flatMap(([code, weight]) => Array<string>(weight).fill(code))

/** Of a hundred lists; what is left is in no zone, as undecided ones are. */
const ZONE_SHARES = [31, 24, 11, 9, 6, 6, 6, 3, 3]
export const ZONES: readonly string[] = zones.flatMap(({ code }, n) =>
  Array<string>(ZONE_SHARES[n] ?? 1).fill(code),
)
export const IMPORT_MODES = weighted({ '1210': 15, '9610': 4, '1239': 1 })
export const EXPORT_MODES = weighted({ '9610': 11, '1210': 4, '9710': 3, '9810': 2 })
export const IMPORT_CURRENCIES = weighted({ '142': 17, '502': 2, '116': 1 })
export const EXPORT_CURRENCIES = weighted({
  '502': 11,
  '142': 3,
  '300': 3,
  '303': 1,
  '110': 1,
  '116': 1,
})
const COUNTRY_COUNT = 60
export const COUNTRIES: readonly string[] = (findCodeList('country')?.rows ?? [])
  .filter(({ code }) => code !== '142')
  .slice(0, COUNTRY_COUNT)
  .map(({ code }) => code)
/** Two digits from 01 to 97; the tariff leaves 77 free. */
export const CHAPTERS: readonly string[] = Array.from({ length: 97 }, (_, n) =>
  String(n + 1).padStart(2, '0'),
).filter((chapter) => chapter !== '77')
