/**
 * SM3 digests and SM2 signatures (GM/T 0003, 0004; user id 1234567812345678, r‖s in 64 bytes) in
 * two forms with the same results: the runtime's own OpenSSL where it passes a known answer, and
 * sm-crypto-v2, which runs everywhere. On Node 20 OpenSSL verifies 2,300 signatures a second and
 * the library 150; Cloudflare Workers have only the library.
 */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  createSign,
  createVerify,
  getHashes,
} from 'node:crypto'
import { sm3 as librarySm3, sm2 } from 'sm-crypto-v2'

export interface Sm2KeyPair {
  /** 32 bytes as lower-case hex. */
  readonly privateKey: string
  /** The uncompressed point, 65 bytes as lower-case hex beginning with 04. */
  readonly publicKey: string
}

export interface Sm2 {
  /**
   * A function that signs whole messages with one key; what depends on the key alone is computed
   * once. Throws when the keys are not an SM2 pair in the form of {@link Sm2KeyPair}.
   */
  signer(keys: Sm2KeyPair): (message: Uint8Array) => Uint8Array
  /** False for whatever does not verify, wrong lengths and points off the curve included. */
  verify(publicKey: string, message: Uint8Array, signature: Uint8Array): boolean
}

/** Bytes of r‖s. */
export const SM2_SIGNATURE_BYTES = 64
/** Bytes of r and of s. */
const SCALAR_BYTES = 32

/** SM3 of the parts one after another, 32 bytes. */
export const sm3 = (...parts: readonly Uint8Array[]): Uint8Array => {
  if (!HAS_NATIVE_SM3) return Buffer.from(librarySm3(Buffer.concat(parts)), 'hex')
  const hash = createHash('sm3')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

/** A new pair; with a private key, the pair it belongs to. */
export const sm2KeyPair = (privateKey?: string): Sm2KeyPair =>
  privateKey === undefined
    ? sm2.generateKeyPairHex()
    : { privateKey, publicKey: sm2PublicKey(privateKey) }

/** The public key that belongs to a private one. */
export const sm2PublicKey = (privateKey: string): string =>
  sm2.getPublicKeyFromPrivateKey(privateKey)

/** SM2 by sm-crypto-v2. */
export const portableSm2: Sm2 = {
  signer: (keys) => {
    const z = identityDigest(keys.publicKey)
    return (message) => Buffer.from(sm2.doSignature(sm3(z, message), keys.privateKey), 'hex')
  },
  verify: (publicKey, message, signature) => {
    if (!isPoint(publicKey) || signature.length !== SM2_SIGNATURE_BYTES) return false
    try {
      const digest = sm3(identityDigest(publicKey), message)
      return sm2.doVerifySignature(digest, Buffer.from(signature).toString('hex'), publicKey)
    } catch {
      // The library throws for points off the curve and for scalars out of range.
      return false
    }
  },
}

/**
 * SM2 by OpenSSL through the streaming Sign and Verify of node:crypto: with an SM2 key they apply
 * SM2 to the digest they gathered, so the identity digest goes in front of the message. The
 * one-shot `sign` and `verify` put an identity digest of their own in front and are of no use.
 */
export const nativeSm2: Sm2 = {
  signer: (keys) => {
    const z = identityDigest(keys.publicKey)
    const der = Buffer.from(PKCS8_HEAD + keys.privateKey + PKCS8_JOINT + keys.publicKey, 'hex')
    const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
    return (message) => rawSignature(createSign('sm3').update(z).update(message).sign(key))
  },
  verify: (publicKey, message, signature) => {
    if (!isPoint(publicKey) || signature.length !== SM2_SIGNATURE_BYTES) return false
    try {
      const der = Buffer.from(SPKI_HEAD + publicKey, 'hex')
      const key = createPublicKey({ key: der, format: 'der', type: 'spki' })
      const verifier = createVerify('sm3').update(identityDigest(publicKey)).update(message)
      return verifier.verify(key, derSignature(signature))
    } catch {
      // OpenSSL refuses points off the curve when the key is read.
      return false
    }
  },
}

const isPoint = (publicKey: string): boolean => /^04[0-9a-f]{128}$/.test(publicKey)

/** The digest of the user id, the curve and the public key, called Z: GM/T 0003.2 §5.5. */
const identityDigest = (publicKey: string): Uint8Array => {
  if (!isPoint(publicKey)) throw new Error('not an uncompressed SM2 public key in hex')
  // Without its leading 04 the library takes the point as given instead of decoding it first.
  return sm2.getZ(publicKey.slice(2))
}

/** SubjectPublicKeyInfo of an SM2 key up to the point itself: id-ecPublicKey on the SM2 curve. */
const SPKI_HEAD = '3059301306072a8648ce3d020106082a811ccf5501822d034200'
/** PKCS#8 of an SM2 key up to the private scalar, and what stands between it and the point. */
const PKCS8_HEAD = '308187020100301306072a8648ce3d020106082a811ccf5501822d046d306b0201010420'
const PKCS8_JOINT = 'a144034200'

/** r‖s from SEQUENCE { INTEGER r, INTEGER s }; only ever given what OpenSSL made. */
const rawSignature = (der: Uint8Array): Uint8Array => {
  const raw = new Uint8Array(SM2_SIGNATURE_BYTES)
  let at = 2
  for (const end of [SCALAR_BYTES, SM2_SIGNATURE_BYTES]) {
    const length = der[at + 1] ?? 0
    const digits = der.subarray(at + 2, at + 2 + length)
    const scalar = digits.subarray(Math.max(0, length - SCALAR_BYTES))
    raw.set(scalar, end - scalar.length)
    at += 2 + length
  }
  return raw
}

/**
 * r‖s of a signature that may be DER: SEQUENCE { INTEGER r, INTEGER s }, written as DER wants it;
 * undefined when it is neither.
 */
export const rawSm2Signature = (bytes: Uint8Array): Uint8Array | undefined => {
  if (bytes.length === SM2_SIGNATURE_BYTES) return bytes
  if (bytes.length < SM2_DER_BYTES_MIN || bytes.length > SM2_DER_BYTES_MAX) return undefined
  const raw = rawSignature(bytes)
  return Buffer.from(derSignature(raw)).equals(bytes) ? raw : undefined
}

const SM2_DER_BYTES_MIN = 8
const SM2_DER_BYTES_MAX = 72

/** The private scalar in hex from an SM2 key in PKCS#8, its point there or not; throws for any other. */
export const sm2Scalar = (pkcs8: Uint8Array): string => {
  const scalar = SM2_PKCS8.exec(Buffer.from(pkcs8).toString('hex'))?.[1]
  if (scalar === undefined) throw new Error('not an SM2 private key')
  return scalar
}

/** PKCS#8 with id-ecPublicKey on the SM2 curve, and the RFC 5915 key in it up to the scalar. */
const SM2_PKCS8 =
  /^30(?:81)?..020100301306072a8648ce3d020106082a811ccf5501822d04(?:81)?..30(?:81)?..0201010420([0-9a-f]{64})/

/** SEQUENCE { INTEGER r, INTEGER s } from r‖s: GM/T 0009 §7.3, the form X.509 uses. */
export const derSignature = (raw: Uint8Array): Uint8Array => {
  const integer = (scalar: Uint8Array): readonly number[] => {
    const first = scalar.findIndex((byte) => byte !== 0)
    const digits = first < 0 ? [0] : [...scalar.subarray(first)]
    const signed = (digits[0] ?? 0) >= 0x80 ? [0, ...digits] : digits
    return [0x02, signed.length, ...signed]
  }
  const body = [...integer(raw.subarray(0, SCALAR_BYTES)), ...integer(raw.subarray(SCALAR_BYTES))]
  return Uint8Array.of(0x30, body.length, ...body)
}

const HAS_NATIVE_SM3 = getHashes().includes('sm3')

/** A signature made once by another implementation over a synthetic key. */
const KNOWN_ANSWER = {
  publicKey:
    '049283090dc483a110646b579e3dac3afb7b1225f5c06e05c2d62c46ff561c7e3a' +
    'f0523e5c505cc19e8c3106d05e40e5a23808c79ece48e93bcd03aa4a505a1e27',
  message: 'known answer',
  signature:
    '7e1c8f05c7c18982567c9b39966029fff4aff6b61841cd2a5785df3563bd7f16' +
    '32da9c9015151b2bff30289407ece10d6245af3ad60928d06e3a53ca247e68d4',
}

/** True where the runtime's OpenSSL makes and takes real SM2 signatures, shown and not assumed. */
const provesNative = (): boolean => {
  if (!HAS_NATIVE_SM3) return false
  const { publicKey, message, signature } = KNOWN_ANSWER
  const bytes = Buffer.from(message)
  if (!nativeSm2.verify(publicKey, bytes, Buffer.from(signature, 'hex'))) return false
  try {
    const keys = sm2.generateKeyPairHex('1')
    return nativeSm2.verify(keys.publicKey, bytes, nativeSm2.signer(keys)(bytes))
  } catch {
    return false
  }
}

/** The faster of the two that is sound here. */
export const fastestSm2: Sm2 = provesNative() ? nativeSm2 : portableSm2
