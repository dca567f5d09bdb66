/**
 * Signing behind one interface, so that a key in a file, a remote signing service and a device are
 * the same to the flow. Algorithms and bytes: 202205 text, XML-DSig part.
 */
export type SigningAlgorithm = 'sm2-sm3' | 'rsa-sha1'

export interface Signer {
  readonly algorithm: SigningAlgorithm
  /** Certificate serial number as lower-case hex, leading zeros kept: `ds:KeyName`. */
  readonly keyName: string
  /** Base64 DER: `ds:X509Certificate`. */
  readonly certificate: string
  /**
   * Signs the bytes of the canonical SignedInfo. SM2: SM3 with Z value of the user id
   * 1234567812345678, 64 bytes r‖s. RSA: PKCS#1 v1.5 over SHA-1.
   */
  sign(signedInfo: Uint8Array): Promise<Uint8Array>
}

/** A private key with its certificate as stored; `privateKey` is secret. */
export interface SigningKey {
  readonly algorithm: SigningAlgorithm
  readonly keyName: string
  readonly certificate: string
  /** SM2: 32 bytes as hex. RSA: PKCS#8 DER as base64. */
  readonly privateKey: string
  readonly notBefore: Date
  readonly notAfter: Date
}

export type Verdict =
  | {
      readonly kind: 'valid'
      /** False when it only holds after white space inside the signature is ignored. */
      readonly strict: boolean
      readonly algorithm: SigningAlgorithm | 'sm2-sm3-sha1'
      readonly keyName: string
      readonly certificate: string
      /** Common name of the certificate's subject. */
      readonly subject: string
    }
  | { readonly kind: 'unsigned' }
  | { readonly kind: 'invalid'; readonly reason: string }
