/** Numbers of persons and enterprises: what is told of good ones and of each kind of bad one. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  creditCodeCheckDigit,
  organisationCodeCheckDigit,
  residentIdCheckDigit,
} from '../../src/kernel/check-digits.ts'
import { enterpriseCodeProblem, residentIdProblem } from '../../src/rules/identity.ts'

const TODAY = '20261015'

const withBirth = (birth: string): string => {
  const first17 = `500108${birth}001`
  return first17 + residentIdCheckDigit(first17)
}

describe('a resident id', () => {
  it.each([
    ['11010519491231002X', undefined],
    ['500108199001010012', undefined],
    ['11010519491231002x', 'SMALL_X'],
    [withBirth('20000229'), undefined],
    [withBirth('20261015'), undefined],
    [withBirth('20261016'), 'BIRTH'],
    [withBirth('19900230'), 'BIRTH'],
    [withBirth('18991231'), 'BIRTH'],
    [withBirth('19010101'), undefined],
    ['500108199001010013', 'CHECK_DIGIT'],
    ['50010819900101001', 'FORM'],
    ['5001081990010100122', 'FORM'],
    ['000108199001010012', 'FORM'],
    ['５00108199001010012', 'FORM'],
    ['500108199001010012 ', 'FORM'],
    ['E12345678', 'FORM'],
  ])('%s: %s', (id, problem) => {
    expect(residentIdProblem(id, TODAY)).toBe(problem)
  })

  it('is found wrong with any one character changed, or two neighbours exchanged', () => {
    const day = fc.date({
      min: new Date('1950-01-01'),
      max: new Date('2020-12-31'),
      noInvalidDate: true,
    })
    const place = fc.integer({ min: 0, max: 17 })
    fc.assert(
      fc.property(
        ...[fc.integer({ min: 100_000, max: 999_999 }), day, fc.integer({ min: 0, max: 999 })],
        ...[place, fc.constantFrom(...'0123456789X')],
        (division, born, serial, changed, character) => {
          const birth = born.toISOString().slice(0, 10).replaceAll('-', '')
          const first17 = `${division}${birth}${String(serial).padStart(3, '0')}`
          const id = first17 + residentIdCheckDigit(first17)
          expect(residentIdProblem(id, TODAY)).toBeUndefined()
          const [at, next] = [id.charAt(changed), id.charAt(changed + 1)]
          if (character !== at) {
            const wrong = id.slice(0, changed) + character + id.slice(changed + 1)
            expect(residentIdProblem(wrong, TODAY)).toBeDefined()
          }
          if (changed < 16 && at !== next) {
            const wrong = id.slice(0, changed) + next + at + id.slice(changed + 2)
            expect(residentIdProblem(wrong, TODAY)).toBeDefined()
          }
        },
      ),
    )
  })
})

const creditCode = (first17: string): string => first17 + (creditCodeCheckDigit(first17) ?? '')

describe('a code of an enterprise', () => {
  it.each([
    ['91500106MA6000016W', undefined],
    ['91500106MA5TAB12XL', undefined],
    ['91500106MA6000016X', 'CREDIT_CHECK_DIGIT'],
    ['91500106MA600001IW', 'CREDIT_FORM'],
    ['9150010XMA6000016W', 'CREDIT_FORM'],
    ['91500106ma6000016w', 'CREDIT_FORM'],
    [creditCode('91500106MA6000017'), 'ORGANISATION_CHECK_DIGIT'],
    ['50052602G5', undefined],
    ['5012260547', undefined],
    ['50016W0001', 'FIRM_KIND'],
    ['5001W60001', undefined],
    ['5001860001', 'AREA_KIND'],
    ['5001900001', 'FIRM_KIND'],
    ['500A960001', 'CUSTOMS_FORM'],
    ['50019600a1', 'CUSTOMS_FORM'],
    ['501226054', 'LENGTH'],
    ['91500106MA6000016', 'LENGTH'],
  ])('%s: %s', (code, problem) => {
    expect(enterpriseCodeProblem(code)).toBe(problem)
  })

  it('of 18 characters is found wrong with any one character changed', () => {
    const alphabet = fc.constantFrom(...'0123456789ABCDEFGHJKLMNPQRTUWXY')
    const organisation = fc.array(alphabet, { minLength: 8, maxLength: 8 })
    fc.assert(
      fc.property(
        ...[fc.integer({ min: 100_000, max: 999_999 }), organisation],
        ...[fc.integer({ min: 0, max: 17 }), alphabet],
        (division, characters, changed, character) => {
          const inner = characters.join('')
          const check = organisationCodeCheckDigit(inner) ?? ''
          const code = creditCode(`91${division}${inner}${check}`)
          expect(enterpriseCodeProblem(code)).toBeUndefined()
          fc.pre(code.charAt(changed) !== character)
          const wrong = code.slice(0, changed) + character + code.slice(changed + 1)
          expect(enterpriseCodeProblem(wrong)).toBeDefined()
        },
      ),
    )
  })
})
