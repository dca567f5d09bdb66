/**
 * What customs answers to an upload of original payment data: the code, what is to be done, and by
 * whom. Only 10000, 20000 and 20004 are known; no table of the others was ever published, so that
 * every other code ends the upload with customs' own words kept. Two meanings share 20000 and are
 * told apart by its text, as far as it was seen.
 */
import type { Text } from '../kernel/fault.ts'

export interface UploadAnswerEntry {
  /** How the state of an upload names it. */
  readonly name: string
  readonly code: string
  /** Where one code says several things: what its text holds. */
  readonly says?: RegExp
  readonly text: Text
  readonly cure: Text
}

/** Customs has taken the upload. It does not prove that the signature was right. */
export const UPLOADED = '10000'

/** Of our own answer to a call of customs: taken, or not for the reason told. */
export const OPEN_TAKEN = '10000'
export const OPEN_REFUSED = '20000'

const entries: readonly UploadAnswerEntry[] = [
  {
    name: 'SESSION-USED',
    code: '20000',
    says: /session\s*id.*(?:已|重复|使用|used|exist|duplicate)|(?:已|重复|used|exist|duplicate).*session\s*id/i,
    text: {
      zh: '海关称该 sessionID 已使用过',
      en: 'Customs says that this sessionID was used before',
    },
    cure: {
      zh: '若此前有一次上传没有收到答复,海关很可能已收到,无须再传;否则等海关以新的 sessionID 再次调取',
      en: 'If an earlier try got no answer, customs most probably has it; otherwise wait until customs asks again with a new sessionID',
    },
  },
  {
    name: 'CERTIFICATE-UNREGISTERED',
    code: '20004',
    text: {
      zh: '签名证书未在海关服务注册中登记',
      en: 'The signing certificate is not in the service registration',
    },
    cure: {
      zh: '请运营方在“互联网+海关—跨境电商进口统一版—服务注册管理”中登记该证书编号(certNo),然后重试',
      en: 'Register its number (certNo) in the service registration of 互联网+海关, then retry',
    },
  },
]

const refused = (code: string): UploadAnswerEntry => ({
  name: 'REFUSED',
  code,
  text: { zh: '海关未接受该上传', en: 'Customs did not take the upload' },
  cure: {
    zh: '按海关答复的说明更正;必要时等海关再次调取',
    en: 'Mend what the message of customs names; where needed wait until customs asks again',
  },
})

/** What an answer other than UPLOADED means. */
export const meaningOfAnswer = (code: string, message: string): UploadAnswerEntry =>
  entries.find((entry) => entry.code === code && entry.says?.test(message) !== false) ??
  refused(code)

/** The entry of a name that was stored. */
export const findUploadAnswer = (name: string): UploadAnswerEntry | undefined =>
  [...entries, refused('')].find((entry) => entry.name === name)
