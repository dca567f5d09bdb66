/** What holds of import taxes whatever the goods: shares, order of lines, growth, and both regimes. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Rounding, roundings } from '../../src/catalogue/tax-rates.ts'
import {
  compare,
  type Fraction,
  fraction,
  minus,
  plus,
  readFraction,
  writeFixed,
} from '../../src/kernel/fraction.ts'
import { dutiableValues, type LineToTax, type Rates, sumOf, taxesOf } from '../../src/rules/tax.ts'

const fen = (count: number): Fraction => fraction(BigInt(count), 100n)
const share = fraction(7n, 10n)
const prices = fc.array(fc.integer({ min: 0, max: 500_000 }), { minLength: 1, maxLength: 99 })
const costs = fc.integer({ min: 0, max: 100_000 })
const rates: fc.Arbitrary<Rates> = fc
  .record({ duty: fc.nat(65), vat: fc.nat(17), cons: fc.nat(56), specific: fc.nat(10_000) })
  .map(({ duty, vat, cons, specific }) => ({
    duty: fraction(BigInt(duty), 100n),
    vat: fraction(BigInt(vat), 100n),
    adValorem: fraction(BigInt(cons), 100n),
    specific: fraction(BigInt(specific), 1_000n),
  }))
const lines: fc.Arbitrary<readonly LineToTax[]> = fc.array(
  fc.record({ dutiableValue: fc.integer({ min: 0, max: 500_000 }).map(fen), rates }),
  { minLength: 1, maxLength: 10 },
)
const rounding = fc.constantFrom<Rounding>(...roundings)
const total = (of: readonly LineToTax[], how: Rounding, regime: 'within-limits' | 'full') =>
  sumOf(taxesOf(of, regime, share, how).total)

describe('dutiable values', () => {
  it('sum up to the goods with all of their costs, and none is below its price', () => {
    fc.assert(
      fc.property(prices, costs, (goods, extra) => {
        const values = dutiableValues(goods.map(fen), fen(extra))
        expect(compare(plus(...values), plus(...goods.map(fen), fen(extra)))).toBe(0)
        for (const [i, value] of values.entries())
          expect(compare(value, fen(goods[i] ?? 0))).toBeGreaterThanOrEqual(0)
      }),
    )
  })

  it('of lines that are not the last are the same in any order', () => {
    fc.assert(
      fc.property(prices, costs, fc.nat(), (goods, extra, seed) => {
        const turn = seed % goods.length
        const turned = [...goods.slice(turn), ...goods.slice(0, turn)]
        const before = dutiableValues(goods.map(fen), fen(extra))
        const after = dutiableValues(turned.map(fen), fen(extra))
        const lastNow = (turn - 1 + goods.length) % goods.length
        for (const [i, value] of before.entries()) {
          if (i === goods.length - 1 || i === lastNow) continue
          const same = after[(i - turn + goods.length) % goods.length]
          expect(same && compare(same, value)).toBe(0)
        }
      }),
    )
  })
})

describe('taxes', () => {
  it('within the limits are never more than in full', () => {
    fc.assert(
      fc.property(lines, rounding, (goods, how) => {
        const within = total(goods, how, 'within-limits')
        expect(compare(within, total(goods, how, 'full'))).toBeLessThanOrEqual(0)
      }),
    )
  })

  it('never fall when goods become dearer', () => {
    fc.assert(
      fc.property(lines, rounding, fc.nat(100_000), (goods, how, more) => {
        const dearer = goods.map((line) => ({
          ...line,
          dutiableValue: plus(line.dutiableValue, fen(more)),
        }))
        for (const regime of ['within-limits', 'full'] as const)
          expect(
            compare(total(goods, how, regime), total(dearer, how, regime)),
          ).toBeLessThanOrEqual(0)
      }),
    )
  })

  it('are the same in any order of the lines', () => {
    fc.assert(
      fc.property(lines, rounding, (goods, how) => {
        const turned = [...goods].reverse()
        const [one, other] = [
          total(goods, how, 'within-limits'),
          total(turned, how, 'within-limits'),
        ]
        expect(compare(one, other)).toBe(0)
      }),
    )
  })

  it('rounded by line and by list differ by half a fen a line and tax at most', () => {
    fc.assert(
      fc.property(lines, (goods) => {
        const gap = minus(total(goods, 'line', 'full'), total(goods, 'list', 'full'))
        const most = fraction(BigInt(3 * (goods.length + 1)), 200n)
        expect(compare(gap, most)).toBeLessThanOrEqual(0)
        expect(compare(minus(fraction(0n, 1n), gap), most)).toBeLessThanOrEqual(0)
      }),
    )
  })

  it('agree with the combined rate (c + v) ÷ (1 − c) × 70 % to a fen', () => {
    const cases = fc.record({ value: fc.nat(500_000), c: fc.nat(56), v: fc.nat(17) })
    fc.assert(
      fc.property(cases, ({ value, c, v }) => {
        const line = {
          dutiableValue: fen(value),
          rates: {
            duty: undefined,
            vat: fraction(BigInt(v), 100n),
            adValorem: fraction(BigInt(c), 100n),
            specific: fraction(0n, 1n),
          },
        }
        const combined = fraction(BigInt(value) * BigInt(c + v) * 7n, BigInt(100 - c) * 1_000n)
        const gap = minus(total([line], 'line', 'within-limits'), combined)
        expect(compare(gap, fen(1))).toBeLessThanOrEqual(0)
        expect(compare(gap, fen(-1))).toBeGreaterThanOrEqual(0)
      }),
    )
  })
})

describe('a fraction', () => {
  it.each([
    ['0.005', '0.01'],
    ['0.0049999', '0.00'],
    ['36.036', '36.04'],
    ['12', '12.00'],
    ['99999999999999.995', '100000000000000.00'],
  ])('%s is written to the fen as %s', (text, expected) => {
    const value = readFraction(text)
    expect(value && writeFixed(value, 2)).toBe(expected)
  })

  it('below zero is rounded away from zero at the half', () => {
    expect(writeFixed(fraction(-1n, 200n), 2)).toBe('-0.01')
    expect(writeFixed(fraction(-1n, 1000n), 2)).toBe('0.00')
  })

  it.each(['', '-1', '+1', '1e3', '.5', '5.', '1,000', ' 1'])('does not read %j', (text) => {
    expect(readFraction(text)).toBeUndefined()
  })
})
