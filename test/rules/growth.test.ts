/** Growth on a comparable base: the same months on both sides, exact, and null where there is no base. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { comparableGrowth, growthOf } from '../../src/rules/growth.ts'

const year = (start: number, amounts: readonly string[]): [string, string][] =>
  amounts.map((amount, index) => [`${start}${String(index + 1).padStart(2, '0')}`, amount])

describe('growth', () => {
  it('is exact, and rounds once', () => {
    expect(growthOf('117.8', '100')).toBe('0.178000')
    expect(growthOf('2', '3')).toBe('-0.333333')
    expect(growthOf('99999999999999.99', '33333333333333.33')).toBe('2.000000')
    expect(growthOf('0', '7')).toBe('-1.000000')
    expect(growthOf('-3', '6')).toBe('-1.500000')
  })

  it('is null where there is nothing to grow from', () => {
    for (const base of [undefined, '0', '0.00', '-5']) expect(growthOf('10', base)).toBeNull()
  })

  it('compares only months that both sides have', () => {
    const amounts = new Map([...year(2025, ['10', '20', '30']), ...year(2026, ['11', '22', '33'])])
    amounts.delete('202502')
    const months = ['202603', '202601', '202602', '202604']
    expect(comparableGrowth(amounts, months, 12)).toEqual({
      ...{ months: ['202601', '202603'], amount: '44', base: '40', growth: '0.100000' },
    })
    expect(comparableGrowth(amounts, ['202601'], 1)).toEqual({
      ...{ months: [], amount: '0', base: '0', growth: null },
    })
    expect(comparableGrowth(amounts, ['202602'], 1)).toMatchObject({ growth: '1.000000' })
    expect(
      comparableGrowth(
        new Map([
          ['202601', '1.25'],
          ['202512', '5'],
        ]),
        ['202601'],
        1,
      ),
    ).toEqual({
      ...{ months: ['202601'], amount: '1.25', base: '5', growth: '-0.750000' },
    })
  })

  it('is the same whatever unit the amounts are in', () => {
    const fen = fc.integer({ min: 1, max: 2_000_000_000 })
    fc.assert(
      fc.property(fen, fen, (now, base) => {
        const inYuan = (value: number) =>
          `${Math.floor(value / 100)}.${String(value % 100).padStart(2, '0')}`
        expect(growthOf(inYuan(now), inYuan(base))).toBe(growthOf(String(now), String(base)))
      }),
    )
  })
})
