/** Whatever the cells are: what is shown adds up, and nothing of it is of too few. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDecimals } from '../../src/kernel/places.ts'
import { type Cell, withoutSmall } from '../../src/rules/small-cells.ts'

const LEAST = 3
const MONTHS = ['202601', '202602', '202603']
const word = (...words: readonly string[]) => fc.constantFrom(...words)
const fact = fc.record({
  ...{ scope: word('declared', 'released'), month: word(...MONTHS) },
  ...{ direction: word('import', 'export'), zone: word('', 'a', 'b', 'c') },
  ...{ mode: word('1210', '9610'), merchant: word('1', '2', '3', '4', '5') },
  amount: fc.integer({ min: 1, max: 99_999 }).map((cents) => addDecimals([`${cents / 100}`])),
})
type Fact = typeof fact extends fc.Arbitrary<infer T> ? T : never

const placeOf = ({ scope, month, direction, zone, mode }: Omit<Fact, 'merchant' | 'amount'>) =>
  [scope, month, direction, zone, mode].join('/')

const cellsOf = (facts: readonly Fact[]): readonly Cell[] =>
  [...new Set(facts.map(placeOf))].flatMap((place) => {
    const own = facts.filter((each) => placeOf(each) === place)
    const [first] = own
    if (first === undefined) return []
    const { scope, month, direction, zone, mode } = first
    const merchants = new Set(own.map(({ merchant }) => merchant))
    return [
      {
        ...{ scope, month, direction, zone, mode, count: own.length, isIncomplete: false },
        ...{ amount: addDecimals(own.map(({ amount }) => amount)), cells: 1 },
        enterprises: new Map([['merchant', merchants.size < LEAST ? merchants : null]]),
      },
    ]
  })

describe('small cells', () => {
  it('are put together until none is of too few, and all still add up', () => {
    fc.assert(
      fc.property(fc.array(fact, { maxLength: 60 }), (facts) => {
        const { cells, withheld } = withoutSmall(
          cellsOf(facts),
          () => new Map([['merchant', LEAST]]),
        )
        for (const scope of ['declared', 'released']) {
          const given = facts.filter((each) => each.scope === scope)
          const shown = cells.filter((each) => each.scope === scope)
          const isFew = new Set(given.map(({ merchant }) => merchant)).size < LEAST
          expect(withheld.includes(scope)).toBe(isFew && given.length > 0)
          if (isFew) continue
          expect(addDecimals(shown.map(({ amount }) => amount))).toBe(
            addDecimals(given.map(({ amount }) => amount)),
          )
        }
        for (const cell of cells) {
          // Who stands behind it, told from the facts and not from the cells.
          const within = (name: 'month' | 'direction' | 'zone' | 'mode') => (each: Fact) =>
            cell[name] === 'other' || cell[name] === each[name]
          const behind = facts.filter(
            (each) =>
              each.scope === cell.scope &&
              (['month', 'direction', 'zone', 'mode'] as const).every((name) => within(name)(each)),
          )
          expect(new Set(behind.map(({ merchant }) => merchant)).size).toBeGreaterThanOrEqual(LEAST)
          expect(behind.length).toBeGreaterThanOrEqual(cell.count)
        }
      }),
      { seed: 20_261_101, numRuns: 300 },
    )
  })
})
