/**
 * Numbers that name persons and enterprises, judged by themselves: what is wrong with one, if
 * anything. Pure. GB 11643-1999 for resident ids, GB 32100-2015 for credit codes with the GB 11714
 * organisation code inside, and the build of customs registration codes.
 */
import { areaKinds, firmKinds } from '../catalogue/enterprise-codes.ts'
import {
  creditCodeCheckDigit,
  hasCreditCodeForm,
  hasCustomsCodeForm,
  hasResidentIdForm,
  organisationCodeCheckDigit,
  residentIdCheckDigit,
} from '../kernel/check-digits.ts'
import { readStamp } from '../kernel/clock.ts'

export type ResidentIdProblem =
  | 'FORM'
  /** The day of birth does not exist, is still to come, or is too long ago. */
  | 'BIRTH'
  | 'CHECK_DIGIT'
  /** Right but for a small x at its end. */
  | 'SMALL_X'

/** Nobody on record reached 123; the card's own years begin where `readStamp` begins, 1900. */
const AGE_YEARS_MAX = 125

/** `today` is a China day, `yyyyMMdd`. Nothing is known here of which divisions exist. */
export const residentIdProblem = (text: string, today: string): ResidentIdProblem | undefined => {
  if (!hasResidentIdForm(text)) return 'FORM'
  const birth = text.slice(6, 14)
  const age = Number(today.slice(0, 4)) - Number(birth.slice(0, 4))
  if (readStamp(birth) === undefined || birth > today || age > AGE_YEARS_MAX) return 'BIRTH'
  const check = residentIdCheckDigit(text)
  if (text.charAt(17).toUpperCase() !== check) return 'CHECK_DIGIT'
  return text.endsWith('x') ? 'SMALL_X' : undefined
}

export type EnterpriseCodeProblem =
  /** Neither 10 nor 18 characters. */
  | 'LENGTH'
  | 'CREDIT_FORM'
  | 'CREDIT_CHECK_DIGIT'
  | 'ORGANISATION_CHECK_DIGIT'
  | 'CUSTOMS_FORM'
  | 'AREA_KIND'
  | 'FIRM_KIND'

export const enterpriseCodeProblem = (code: string): EnterpriseCodeProblem | undefined => {
  if (code.length === 18) return creditCodeProblem(code)
  return code.length === 10 ? customsCodeProblem(code) : 'LENGTH'
}

const creditCodeProblem = (code: string): EnterpriseCodeProblem | undefined => {
  if (!hasCreditCodeForm(code)) return 'CREDIT_FORM'
  if (creditCodeCheckDigit(code) !== code.charAt(17)) return 'CREDIT_CHECK_DIGIT'
  return organisationCodeCheckDigit(code.slice(8, 16)) === code.charAt(16)
    ? undefined
    : 'ORGANISATION_CHECK_DIGIT'
}

const customsCodeProblem = (code: string): EnterpriseCodeProblem | undefined => {
  if (!hasCustomsCodeForm(code)) return 'CUSTOMS_FORM'
  if (!Object.hasOwn(areaKinds, code.charAt(4))) return 'AREA_KIND'
  return Object.hasOwn(firmKinds, code.charAt(5)) ? undefined : 'FIRM_KIND'
}
