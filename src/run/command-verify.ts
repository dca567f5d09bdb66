/**
 * `yuguan verify FILE…`: whether a signed message holds, and by whose key. Takes business XML as it is
 * or inside a DxpMsg or DxpMsgSv, from files or from standard input (`-`). A message that was indented
 * after signing holds leniently, as customs takes it; `--strict` refuses that. The certificate's dates
 * are told and not judged, because a message holds for the moment it was made. Exit code 0 only when
 * every message holds.
 */
import { readFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { systemClock } from '../kernel/clock.ts'
import type { Text } from '../kernel/fault.ts'
import type { SignatureFamily } from '../signing/algorithms.ts'
import { readCertificate } from '../signing/keys.ts'
import { verifyMessage } from '../signing/verify.ts'
import { readEnvelope } from '../wire/envelope.ts'
import type { Environment } from './config.ts'
import { UsageError } from './usage.ts'

type Finding = 'strict' | 'lenient' | 'invalid' | 'unsigned' | 'unreadable'

export interface VerifyResult {
  readonly file: string
  readonly verdict: Finding
  readonly holds: boolean
  /** Why it does not, in English. */
  readonly reason?: string
  readonly envelope: boolean
  readonly algorithm?: SignatureFamily
  readonly keyName?: string
  readonly subject?: string
  readonly issuer?: string
  readonly notBefore?: string
  readonly notAfter?: string
  /** At the moment asked for. */
  readonly inForce?: boolean
}

const options = {
  json: { type: 'boolean' },
  strict: { type: 'boolean' },
  at: { type: 'string' },
} as const

export const verify = async (args: readonly string[], _env: Environment): Promise<number> => {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
  if (positionals.length === 0) throw new UsageError('没有指定文件 / no file is named')
  if (positionals.filter((file) => file === '-').length > 1)
    throw new UsageError('标准输入只能读一次 / standard input is read once')
  const at = values.at === undefined ? systemClock.now() : new Date(values.at)
  if (Number.isNaN(at.getTime()))
    throw new UsageError('--at 须是日期时间 / must be a moment, such as 2026-10-15T10:00:00+08:00')
  const results: VerifyResult[] = []
  for (const file of positionals) {
    const bytes = await readBytes(file)
    results.push(
      bytes === undefined
        ? { file, verdict: 'unreadable', holds: false, reason: 'cannot be read', envelope: false }
        : judge(file, bytes, values.strict === true, at),
    )
  }
  if (values.json === true) console.log(JSON.stringify(results, null, 2))
  else for (const result of results) console.log(tell(result, at, results.length > 1))
  return results.every(({ holds }) => holds) ? 0 : 1
}

const readBytes = async (file: string): Promise<Uint8Array | undefined> => {
  try {
    return file === '-' ? await buffer(process.stdin) : await readFile(file)
  } catch {
    return undefined
  }
}

const judge = (file: string, given: Uint8Array, strictly: boolean, at: Date): VerifyResult => {
  const opened = unwrap(given)
  if (typeof opened === 'string')
    return { file, verdict: 'unreadable', holds: false, reason: opened, envelope: true }
  const { bytes, envelope } = opened
  const verdict = verifyMessage(bytes, { lenient: true })
  if (verdict.kind === 'unsigned') return { file, verdict: 'unsigned', holds: false, envelope }
  if (verdict.kind === 'invalid') {
    const finding = verdict.reason.startsWith(NO_XML) ? 'unreadable' : 'invalid'
    return { file, verdict: finding, holds: false, reason: verdict.reason, envelope }
  }
  const { strict, algorithm, keyName, subject, certificate } = verdict
  const read = readCertificate(certificate)
  return {
    ...{ file, verdict: strict ? 'strict' : 'lenient', holds: strict || !strictly, envelope },
    ...(strict || !strictly ? {} : { reason: 'holds leniently only: indented after signing' }),
    ...{ algorithm, keyName, subject },
    ...(read === undefined
      ? {}
      : {
          issuer: read.issuer,
          notBefore: read.notBefore.toISOString(),
          notAfter: read.notAfter.toISOString(),
          inForce: read.notBefore <= at && read.notAfter > at,
        }),
  }
}

/** How a reason begins when the bytes are no XML at all. */
const NO_XML = 'not readable as XML'

/** The business XML, taken out of an envelope when there is one; or why it cannot be. */
const unwrap = (
  given: Uint8Array,
): { readonly bytes: Uint8Array; readonly envelope: boolean } | string => {
  const read = readEnvelope(given)
  if (read.kind === 'message') return { bytes: read.envelope.data, envelope: true }
  if (read.kind === 'exchange-reply') return 'a DxpRep of the exchange platform, no message'
  const codes = read.faults.map(({ code }) => code)
  const isNoEnvelope = codes.every((code) => NO_ENVELOPE.some((end) => code.endsWith(end)))
  return isNoEnvelope ? { bytes: given, envelope: false } : `a broken envelope: ${codes.join(', ')}`
}

/** What the envelope's reader says of bytes that are none: another root, or no XML. */
const NO_ENVELOPE = ['UNKNOWN_ROOT', 'MALFORMED', 'DOCTYPE', 'ENCODING', 'TOO_LARGE']

const FINDINGS: Readonly<Record<Finding, Text>> = {
  strict: { zh: '有效', en: 'valid, strictly' },
  lenient: {
    zh: '有效(宽松:签名后加了空白)',
    en: 'valid, leniently: indented after signing',
  },
  invalid: { zh: '无效', en: 'invalid' },
  unsigned: { zh: '未签名', en: 'unsigned' },
  unreadable: { zh: '无法读取', en: 'unreadable' },
}

const FAMILY_NAMES: Readonly<Record<SignatureFamily, Text>> = {
  'sm2-sm3': { zh: 'SM2-SM3', en: 'SM2 with SM3' },
  'rsa-sha1': { zh: 'RSA-SHA1', en: 'RSA with SHA-1' },
  'sm2-sm3-sha1': { zh: 'SM2 签名、SHA-1 摘要(混用)', en: 'SM2 over a SHA-1 digest (mixed)' },
}

const tell = (result: VerifyResult, at: Date, isOneLine: boolean): string => {
  const { file, verdict, holds, reason, algorithm } = result
  const { zh, en } = FINDINGS[verdict]
  const mark = holds ? '✓' : '✗'
  const head = `${mark} ${file}: ${zh} / ${en}${reason === undefined ? '' : ` (${reason})`}`
  if (algorithm === undefined) return head
  const family = FAMILY_NAMES[algorithm]
  const state =
    result.inForce === true ? ['有效期内', 'in force'] : ['不在有效期内', 'not in force']
  if (isOneLine) return `${head}  ${algorithm}  ${result.keyName}  ${result.subject}  ${state[1]}`
  return [
    head,
    `  算法 / algorithm: ${family.zh} / ${family.en}`,
    `  密钥 / key: ${result.keyName}`,
    `  主体 / subject: ${result.subject}`,
    `  颁发者 / issuer: ${result.issuer}`,
    `  有效期 / in force: ${result.notBefore} – ${result.notAfter}`,
    `  ${at.toISOString()}: ${state[0]} / ${state[1]}`,
  ].join('\n')
}
