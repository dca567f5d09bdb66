/**
 * Whether a signature value is one over these bytes by the key of a certificate: SM2 with SM3 and the
 * standard user id (GM/T 0003), or RSA PKCS#1 v1.5 over SHA-1. Used on messages that come in and on
 * what a signer hands back.
 */
import { createPublicKey, verify } from 'node:crypto'
import type { CertificateRead } from './keys.ts'
import { fastestSm2 } from './sm.ts'

/** False for whatever does not verify; never throws. */
export const valueHolds = (
  { algorithm, publicKey }: Pick<CertificateRead, 'algorithm' | 'publicKey'>,
  message: Uint8Array,
  value: Uint8Array,
): boolean => {
  if (algorithm === 'sm2-sm3') return fastestSm2.verify(publicKey, message, value)
  try {
    const der = Buffer.from(publicKey, 'base64')
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' })
    return verify('sha1', message, key, value)
  } catch {
    // A certificate may hold numbers that are no RSA key.
    return false
  }
}
