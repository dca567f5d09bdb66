/**
 * Response codes of the exchange platform (DxpRep): it speaks of the delivery of an envelope, not of
 * customs. Source: DXP text, 202205; 4000 to 9999 are left to the platforms, so nobody knows them.
 */
import type { Text } from '../kernel/fault.ts'
import type { CauseName } from './causes/index.ts'

export interface ExchangeCode extends Text {
  readonly cause: CauseName
}

const response = (cause: CauseName, zh: string, en: string): ExchangeCode => ({ cause, zh, en })

/**
 * What an answer means for the message it speaks of. A refusal of form, security or routing stays
 * one however often the same bytes are sent; trouble inside the platform passes. Nobody published
 * whether any other code, `0000` included, is a refusal or not: no code of success is known.
 */
export type ExchangeVerdict = 'refused' | 'trouble' | 'unknown'

/** By range: each has a code for its others, so one that is not listed still belongs to its range. */
export const exchangeVerdict = (code: string): ExchangeVerdict => {
  if (!/^\d{4}$/.test(code) || code === '0000' || code >= '4000') return 'unknown'
  return code >= '3000' ? 'trouble' : 'refused'
}

// biome-ignore format: a table is read by columns
/** By code, four digits. */
export const exchangeCodes: Readonly<Record<string, ExchangeCode>> = {
  '0001': response('exchange-form', '报文不完整或格式错误', 'The message is malformed'),
  '0002': response('exchange-form', '不符合报文结构', 'It fails the schema'),
  '0999': response('exchange-form', '其他格式错误', 'Another error of form'),
  '1001': response('exchange-security', '签名无效', 'The signature is invalid'),
  '1002': response('exchange-security', '签名已过期', 'The signature has expired'),
  '1003': response('exchange-security', '解密失败', 'Decryption failed'),
  '1004': response('exchange-security', '签名与数据不符', 'The signature does not fit the data'),
  '1999': response('exchange-security', '其他安全错误', 'Another error of security'),
  '2001': response('exchange-routing', '接收方不存在', 'The receiver does not exist'),
  '2002': response('exchange-routing', '实际接收方与报文所填不符', 'The actual receiver differs from the one named'),
  '2999': response('exchange-routing', '其他业务逻辑错误', 'Another error of business logic'),
  '3001': response('exchange-system', '数据库或中间件错误', 'Database or middleware error'),
  '3002': response('exchange-system', '远程连接失败', 'Remote connection failed'),
  '3003': response('exchange-system', '远程连接超时', 'Remote connection timed out'),
  '3999': response('exchange-system', '其他系统错误', 'Another error of the system'),
}
