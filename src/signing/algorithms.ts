/**
 * The names an XML signature uses for its algorithms: the 202205 text for SM2 and SM3, XML-DSig
 * for the rest, and the mixture that SM2 cards have put into production messages. Signing writes
 * the first two families; verifying also reads the third.
 */
import type { SigningAlgorithm } from './types.ts'

/** The three families; `sm2-sm3-sha1` signs with SM2 over a SHA-1 digest of the document. */
export type SignatureFamily = SigningAlgorithm | 'sm2-sm3-sha1'

export interface FamilyNames {
  readonly signatureMethod: string
  readonly digestMethod: string
  readonly digest: 'sm3' | 'sha1'
}

export const DSIG = 'http://www.w3.org/2000/09/xmldsig#'
export const C14N = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315'
export const ENVELOPED = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature'

export const FAMILIES = {
  'sm2-sm3': {
    signatureMethod: 'http://www.chinaport.gov.cn/2022/04/xmldsig#sm2-sm3',
    digestMethod: 'http://www.chinaport.gov.cn/2022/04/xmldsig#sm3',
    digest: 'sm3',
  },
  'rsa-sha1': {
    signatureMethod: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1',
    digestMethod: 'http://www.w3.org/2000/09/xmldsig#sha1',
    digest: 'sha1',
  },
  'sm2-sm3-sha1': {
    signatureMethod: 'http://www.w3.org/2000/09/xmldsig#sm2-sm3',
    digestMethod: 'http://www.w3.org/2000/09/xmldsig#sha1',
    digest: 'sha1',
  },
} as const satisfies Record<SignatureFamily, FamilyNames>
