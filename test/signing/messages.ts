/**
 * Small written messages and keys to sign them with, and a composer of signatures that shares
 * nothing with the code under test: sm-crypto for SM2 and SM3, libxml2 for canonical XML. All
 * identities are synthetic.
 */
import { createHash } from 'node:crypto'
import { XmlDocument } from 'libxml2-wasm'
import { sm2 as otherSm2, sm3 as otherSm3 } from 'sm-crypto'
import { createSigningKey } from '../../src/signing/keys.ts'
import type { Unsigned } from '../../src/signing/sign.ts'
import type { SigningAlgorithm, SigningKey } from '../../src/signing/types.ts'

export const CEB = 'http://www.chinaport.gov.cn/ceb'
const XSI = 'http://www.w3.org/2001/XMLSchema-instance'

export const synthetic = (algorithm: SigningAlgorithm): SigningKey =>
  createSigningKey({
    algorithm,
    subject: '合成测试企业',
    notBefore: new Date('2026-01-01T00:00:00Z'),
    notAfter: new Date('2036-01-01T00:00:00Z'),
    serial: algorithm === 'sm2-sm3' ? '03000000000cde6f' : '01691f7f',
  })

const START = `<ceb:CEB311Message xmlns:ceb="${CEB}" xmlns:xsi="${XSI}" guid="0" version="1.0">`
const END = '</ceb:CEB311Message>'

/** A message with the given text in place of its one document, as the codec would write it. */
export const written = (content: string): Unsigned => ({
  canonical: `${START}${content}${END}`,
  signatureAt: START.length + content.length,
  namespaces: { xsi: XSI, ceb: CEB },
})

export const ORDER =
  '<ceb:Order><ceb:OrderHead><ceb:guid>A</ceb:guid><ceb:note></ceb:note>' +
  '<ceb:goodsInfo>合成商品 &lt;1&gt; &amp; 赠品，二件</ceb:goodsInfo></ceb:OrderHead></ceb:Order>'

export const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString()

/** Inclusive C14N 1.0 by libxml2. */
export const libxmlCanonical = (xml: string): string => {
  const document = XmlDocument.fromString(xml)
  try {
    return document.canonicalizeToString()
  } finally {
    document.dispose()
  }
}

const DS = 'http://www.w3.org/2000/09/xmldsig#'

export interface HandMade {
  /** The document with `{signature}` where the signature belongs. */
  readonly template: string
  readonly key: SigningKey
  readonly signatureMethod: string
  readonly digestMethod: string
  readonly digest: 'sha1' | 'sm3'
  /** Put between the elements of SignedInfo before signing and after it. */
  readonly blank?: string
  readonly keyName?: string
  readonly reference?: string
  readonly transforms?: string
}

/** A document with an SM2 signature made by the other implementations. */
export const handMade = (made: HandMade): string => {
  const blank = made.blank ?? ''
  const digested = libxmlCanonical(made.template.replace('{signature}', ''))
  const digest =
    made.digest === 'sha1'
      ? createHash('sha1').update(digested).digest('base64')
      : Buffer.from(otherSm3([...Buffer.from(digested)]), 'hex').toString('base64')
  const transforms =
    made.transforms ?? `<ds:Transform Algorithm="${DS}enveloped-signature"></ds:Transform>`
  const signedInfo = [
    '<ds:SignedInfo>',
    '<ds:CanonicalizationMethod Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"></ds:CanonicalizationMethod>',
    `<ds:SignatureMethod Algorithm="${made.signatureMethod}"></ds:SignatureMethod>`,
    `<ds:Reference URI="${made.reference ?? ''}">`,
    `<ds:Transforms>${transforms}</ds:Transforms>`,
    `<ds:DigestMethod Algorithm="${made.digestMethod}"></ds:DigestMethod>`,
    `<ds:DigestValue>${digest}</ds:DigestValue>`,
    '</ds:Reference>',
    '</ds:SignedInfo>',
  ].join(blank)
  const shell = (value: string) =>
    `<ds:Signature xmlns:ds="${DS}">${signedInfo}<ds:SignatureValue>${value}</ds:SignatureValue>` +
    `<ds:KeyInfo><ds:KeyName>${made.keyName ?? made.key.keyName}</ds:KeyName><ds:X509Data>` +
    `<ds:X509Certificate>${made.key.certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>` +
    '</ds:Signature>'
  const toSign = canonicalSignedInfo(made.template.replace('{signature}', shell('')))
  const hex = otherSm2.doSignature([...Buffer.from(toSign)], made.key.privateKey, { hash: true })
  return made.template.replace('{signature}', shell(Buffer.from(hex, 'hex').toString('base64')))
}

/** SignedInfo of a document as libxml2 makes it canonical, in the scope where it stands. */
export const canonicalSignedInfo = (xml: string): string => {
  const document = XmlDocument.fromString(xml)
  try {
    const signedInfo = document.get('//ds:SignedInfo', { ds: DS })
    if (signedInfo === null) throw new Error('there is no SignedInfo')
    return signedInfo.canonicalizeToString()
  } finally {
    document.dispose()
  }
}
