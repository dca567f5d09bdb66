/**
 * Signers that are not in this process: a signing service, a device. What they hand back is checked
 * against the certificate before anybody uses it, so that one that is broken fails here and never
 * sends customs a message that would be refused as a whole.
 */
import { readCertificate } from './keys.ts'
import { rawSm2Signature } from './sm.ts'
import type { Signer } from './types.ts'
import { valueHolds } from './value.ts'

/** A signer that could not sign; `reason` is short, and free of addresses, secrets and contents. */
export class SignerFailure extends Error {
  readonly reason: string
  constructor(reason: string) {
    super(`the signer failed: ${reason}`)
    this.reason = reason
  }
}

/** `SIGNATURE_WRONG`: the value does not belong to the certificate and the bytes. */
export const SIGNATURE_WRONG = 'SIGNATURE_WRONG'

/**
 * The same signer, checked. SM2 values in DER, as many devices give them, become r‖s. Throws at once
 * when the certificate cannot be read; `sign` rejects with a {@link SignerFailure}.
 */
export const checkedSigner = (signer: Signer): Signer => {
  const key = readCertificate(signer.certificate)
  if (key === undefined || key.algorithm !== signer.algorithm)
    throw new SignerFailure('CERTIFICATE_WRONG')
  return {
    algorithm: signer.algorithm,
    keyName: signer.keyName,
    certificate: signer.certificate,
    sign: async (signedInfo) => {
      const given = await signer.sign(signedInfo)
      const value = key.algorithm === 'sm2-sm3' ? (rawSm2Signature(given) ?? given) : given
      if (!valueHolds(key, signedInfo, value)) throw new SignerFailure(SIGNATURE_WRONG)
      return value
    },
  }
}
