import { describe, expect, it } from 'vitest'
import {
  creditCodeCheckDigit,
  isCreditCode,
  isResidentId,
  organisationCodeCheckDigit,
  residentIdCheckDigit,
} from '../../src/kernel/check-digits.ts'

describe('resident identity numbers', () => {
  it.each(['11010519491231002X', '500108199001010012', '11010519491231002x'])('takes %s', (id) => {
    expect(isResidentId(id)).toBe(true)
  })

  it('refuses every single changed digit', () => {
    const id = '500108199001010012'
    for (let place = 0; place < id.length; place += 1)
      for (const digit of '0123456789')
        if (digit !== id[place])
          expect(isResidentId(id.slice(0, place) + digit + id.slice(place + 1))).toBe(false)
  })

  it('refuses a day that does not exist although the check digit is right', () => {
    const first17 = '50010819900230001'
    expect(isResidentId(first17 + residentIdCheckDigit(first17))).toBe(false)
  })

  it.each(['', '50010819900101001', '5001081990010100122', '５00108199001010012'])(
    'refuses the form of "%s"',
    (text) => {
      expect(isResidentId(text)).toBe(false)
    },
  )
})

describe('unified social credit codes', () => {
  it.each(['91500106MA6000016W', '91500106MA5TAB12XL'])('takes %s', (code) => {
    expect(isCreditCode(code)).toBe(true)
    expect(organisationCodeCheckDigit(code.slice(8, 16))).toBe(code.charAt(16))
  })

  it('refuses every single changed character', () => {
    const code = '91500106MA6000016W'
    for (let place = 0; place < code.length; place += 1)
      for (const character of '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ')
        if (character !== code[place])
          expect(isCreditCode(code.slice(0, place) + character + code.slice(place + 1))).toBe(false)
  })

  it('gives 0 where the weighted sum is divisible by 31', () => {
    // Seventeen zeros weigh nothing at all.
    expect(creditCodeCheckDigit('0'.repeat(17))).toBe('0')
  })

  it('has no check digit for letters the alphabet leaves out', () => {
    for (const letter of 'IOSVZ')
      expect(creditCodeCheckDigit(`9150010${letter}MA600001`)).toBeUndefined()
  })
})
