/** Figures for people: exact, never overstated, in both languages. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  chartUnit,
  chinaTime,
  elapsedOfYear,
  evenPace,
  exactAmount,
  percent,
  ratio,
  share,
  shortAmount,
  wholeCount,
} from '../../src/web/figures.ts'

/** Non-negative amounts with up to five decimals, as the totals give them. */
const amounts = fc
  .tuple(fc.bigInt(0n, 10n ** 15n), fc.integer({ min: 0, max: 99_999 }))
  .map(([whole, part]) => {
    const digits = String(part).padStart(5, '0').replace(/0+$/, '')
    return `${whole}${digits === '' ? '' : `.${digits}`}`
  })

describe('amounts', () => {
  it('are shown to the fen with the digits they have', () => {
    expect(exactAmount('0')).toBe('0.00')
    expect(exactAmount('1234567.8')).toBe('1,234,567.80')
    expect(exactAmount('0.005')).toBe('0.01')
    expect(exactAmount('999.99499')).toBe('999.99')
    expect(exactAmount('123456789012345.67')).toBe('123,456,789,012,345.67')
  })

  it('lose less than a fen, whatever their size', () => {
    fc.assert(
      fc.property(amounts, (amount) => {
        const shown = exactAmount(amount).replaceAll(',', '')
        const [whole = '', part = ''] = amount.split('.')
        const exact = BigInt(whole + part.padEnd(5, '0'))
        const back = BigInt(`${shown.replace('.', '')}000`)
        expect(back - exact).toBeGreaterThan(-501n)
        expect(back - exact).toBeLessThan(501n)
      }),
      { seed: 20261122 },
    )
  })

  it('take the unit that leaves a digit before the point', () => {
    expect(shortAmount('50000000000', 'zh')).toEqual({ value: '500', unit: '亿元' })
    expect(shortAmount('50000000000', 'en')).toEqual({ value: '50', unit: 'bn CNY' })
    expect(shortAmount('1602250000.51', 'zh')).toEqual({ value: '16.02', unit: '亿元' })
    expect(shortAmount('123456', 'zh')).toEqual({ value: '12.35', unit: '万元' })
    expect(shortAmount('9999.5', 'zh')).toEqual({ value: '9,999.50', unit: '元' })
    expect(shortAmount('0', 'en')).toEqual({ value: '0', unit: 'CNY' })
  })

  it('are drawn in the unit of the greatest', () => {
    const unit = chartUnit(['20000', '150000000'], 'zh')
    expect(unit.unit).toBe('亿元')
    expect(unit.draw('150000000')).toBe(1.5)
  })
})

describe('progress', () => {
  it('shows two digits that count, however far the target is', () => {
    expect(percent('0')).toBe('0\u00a0%')
    expect(percent('0.00000312')).toBe('0.00031\u00a0%')
    expect(percent('0.03204500')).toBe('3.20\u00a0%')
    expect(percent('0.99999999')).toBe('99.99\u00a0%')
    expect(percent('1.25000000')).toBe('125.00\u00a0%')
  })

  it('is never overstated', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 299_999_999 }), (scaled) => {
        const digits = String(scaled).padStart(9, '0')
        const fraction = `${digits.slice(0, -8)}.${digits.slice(-8)}`
        const shown = Number(percent(fraction).replace('\u00a0%', ''))
        expect(shown).toBeLessThanOrEqual(Number(fraction) * 100 + 1e-9)
      }),
      { seed: 20261122 },
    )
  })

  it('fills the bar between nothing and all of it', () => {
    expect(ratio('0', '50000000000')).toBe(0)
    expect(ratio('25000000000', '50000000000')).toBe(0.5)
    expect(ratio('60000000000', '50000000000')).toBe(1)
    expect(ratio('1', '0')).toBe(0)
  })

  it('tells what an even pace would have reached', () => {
    expect(evenPace('500', 0.5)).toBe('250.00')
  })
})

describe('shares, counts and times', () => {
  it('divides nothing by nothing without a number', () => {
    expect(share('0', '0')).toBe('–')
  })

  it('groups thousands', () => {
    expect(wholeCount(1_234_567)).toBe('1,234,567')
    expect(share('820050000.5', '1602250000.51')).toBe('51.2\u00a0%')
  })

  it('tells moments in China time and the part of the year that is over', () => {
    expect(chinaTime('2025-12-31T16:00:00.000Z')).toBe('2026-01-01 00:00:00')
    expect(elapsedOfYear(2026, '2025-12-31T16:00:00.000Z')).toBe(0)
    expect(elapsedOfYear(2026, '2026-12-31T16:00:00.000Z')).toBe(1)
    expect(elapsedOfYear(2027, '2026-12-31T15:00:00.000Z')).toBe(0)
  })
})
