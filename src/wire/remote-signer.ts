/**
 * A signing service over HTTP, in the shape of a 签名验签服务器: `POST /sign` with the key's name, the
 * algorithm and the SignedInfo in base64 answers with the signature in base64; `GET /keys/{name}`
 * tells the certificate. Every failure is a `SignerFailure` whose reason names neither address nor
 * token. A redirect is a wrong address and not followed, because the token would travel with it.
 */
import { CERTIFICATE_BYTES_MAX } from '../kernel/limits.ts'
import { SignerFailure } from '../signing/called-out.ts'
import type { Signer } from '../signing/types.ts'
import { failureName } from './http-transport.ts'
import { shortText } from './short-answer.ts'

export interface SigningService {
  /** Address that `/sign` and `/keys` are appended to. */
  readonly url: string
  /** What the service knows the key by. */
  readonly label: string
  /** Sent as bearer token; secret. */
  readonly token: string
  /** From the first byte sent to the last byte of the answer, in milliseconds. */
  readonly timeoutMs: number
  readonly fetch?: typeof fetch
}

/** Signs by asking the service; what comes back is not checked here. */
export const remoteSigner = (
  service: SigningService,
  key: Pick<Signer, 'algorithm' | 'keyName' | 'certificate'>,
): Signer => ({
  algorithm: key.algorithm,
  keyName: key.keyName,
  certificate: key.certificate,
  sign: async (signedInfo) => {
    const data = Buffer.from(signedInfo).toString('base64')
    const { label: keyName } = service
    const body = JSON.stringify({ keyName, algorithm: key.algorithm, data })
    const answer = await ask(service, 'sign', { method: 'POST', body })
    const { signature } = answer
    if (typeof signature !== 'string') throw new SignerFailure('ANSWER_WRONG')
    return Buffer.from(signature, 'base64')
  },
})

/** The certificate of the key as the service tells it: base64 DER or PEM. */
export const fetchCertificate = async (service: SigningService): Promise<string> => {
  const { certificate } = await ask(service, `keys/${encodeURIComponent(service.label)}`, {})
  if (typeof certificate !== 'string' || certificate.length > CERTIFICATE_BYTES_MAX)
    throw new SignerFailure('ANSWER_WRONG')
  return certificate
}

const ask = async (
  { url, token, timeoutMs, fetch: given }: SigningService,
  path: string,
  init: RequestInit,
): Promise<Readonly<Record<string, unknown>>> => {
  // Called as a bare function: Workers refuse a fetch that is a method of something else.
  const request = given ?? ((address: string, options: RequestInit) => fetch(address, options))
  try {
    const answer = await request(`${url.replace(/\/+$/, '')}/${path}`, {
      ...init,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    })
    const text = await shortText(answer)
    if (text === undefined) throw new SignerFailure('ANSWER_TOO_LONG')
    if (!answer.ok) throw new SignerFailure(`HTTP ${answer.status}`)
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch (problem) {
    if (problem instanceof SignerFailure) throw problem
    throw new SignerFailure(problem instanceof SyntaxError ? 'ANSWER_WRONG' : failureName(problem))
  }
}
