/**
 * Keys that come from elsewhere: a certificate with its private key, as PEM (PKCS#8, also encrypted
 * with a passphrase, PKCS#1 and SEC1), as base64 DER, or as the bare scalar of an SM2 key. PEM and
 * DER go through node:crypto; where that does not know SM2, SM2 keys are taken as a bare scalar.
 */
import { createPrivateKey, type KeyObject } from 'node:crypto'
import { localSigner, readCertificate } from './keys.ts'
import { sm2Scalar } from './sm.ts'
import type { SigningKey } from './types.ts'

export interface KeyMaterial {
  /** PEM or base64 DER. */
  readonly certificate: string
  /** PEM, base64 DER (PKCS#8), or 64 hex digits for SM2. Secret. */
  readonly privateKey: string
  /** Of an encrypted PEM. Secret. */
  readonly passphrase?: string | undefined
}

/** Undefined when it cannot be read or opened, or certificate and key are no pair. */
export const importSigningKey = (material: KeyMaterial): SigningKey | undefined => {
  const certificate = withoutArmour(material.certificate)
  const read = readCertificate(certificate)
  if (read === undefined) return undefined
  try {
    const key: SigningKey = {
      algorithm: read.algorithm,
      keyName: read.serial,
      certificate,
      privateKey: privateKeyOf(material, read.algorithm === 'sm2-sm3'),
      notBefore: read.notBefore,
      notAfter: read.notAfter,
    }
    localSigner(key)
    return key
  } catch {
    // Whoever handed it in learns that the pair is not usable; why may tell of the secret.
    return undefined
  }
}

/** Base64 without the lines and white space of PEM. */
export const withoutArmour = (text: string): string =>
  text.replace(/-----[^-]+-----/g, '').replace(/\s+/g, '')

const privateKeyOf = (material: KeyMaterial, isSm2: boolean): string => {
  const packed = withoutArmour(material.privateKey)
  if (isSm2 && /^[0-9a-fA-F]{64}$/.test(packed)) return packed.toLowerCase()
  const der = keyObjectOf(material, packed).export({ format: 'der', type: 'pkcs8' })
  return isSm2 ? sm2Scalar(der) : der.toString('base64')
}

const keyObjectOf = ({ privateKey, passphrase }: KeyMaterial, packed: string): KeyObject =>
  privateKey.includes('-----BEGIN')
    ? createPrivateKey({ key: privateKey, format: 'pem', passphrase: passphrase ?? '' })
    : createPrivateKey({ key: Buffer.from(packed, 'base64'), format: 'der', type: 'pkcs8' })
