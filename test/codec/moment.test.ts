/** The quick moment arithmetic must never differ from the kernel's reading of a stamp. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isMoment } from '../../src/codec/moment.ts'
import { readStamp } from '../../src/kernel/clock.ts'

const lengths = [8, 14, 17] as const

describe('isMoment', () => {
  it('agrees with readStamp on any digits', () => {
    const part = (max: number, width: number) =>
      fc.integer({ min: 0, max }).map((n) => String(n).padStart(width, '0'))
    const stamp = fc
      .tuple(
        part(3100, 4),
        part(13, 2),
        part(32, 2),
        part(25, 2),
        part(61, 2),
        part(61, 2),
        part(999, 3),
      )
      .map((parts) => parts.join(''))
    fc.assert(
      fc.property(stamp, fc.constantFrom(...lengths), (digits, length) => {
        const text = digits.slice(0, length)
        expect(isMoment(text, length)).toBe(readStamp(text) !== undefined)
      }),
      { seed: 29, numRuns: 20_000 },
    )
  })

  it('knows 29 February of a leap year from that of a common one', () => {
    expect(isMoment('20240229', 8)).toBe(true)
    expect(isMoment('20230229', 8)).toBe(false)
    expect(isMoment('19000229', 8)).toBe(false)
    expect(isMoment('20000229', 8)).toBe(true)
  })

  it('refuses anything that is not digits of the right number', () => {
    for (const text of ['', '2024022', '202402299', '2024-2-9', '２０２４０２２９', '20240230'])
      expect(isMoment(text, 8)).toBe(false)
    expect(isMoment('20240229240000', 14)).toBe(false)
  })
})
