/**
 * Signs a written message: XML-DSig, enveloped, one reference, by the 202205 text. What comes in is
 * canonical already, so nothing is parsed: the digest is taken over the text as it is, and the
 * signature is put in without any white space around or inside it, so that taking it out restores
 * exactly the digested bytes.
 */
import { C14N, DSIG, ENVELOPED, FAMILIES } from './algorithms.ts'
import { digestOf } from './digest.ts'
import type { Signer } from './types.ts'

/** A message as the codec writes it. */
export interface Unsigned {
  /** Canonical XML of the root element (inclusive C14N 1.0 without comments), no declaration. */
  readonly canonical: string
  /** Index in `canonical` (UTF-16 units) where the signature belongs. */
  readonly signatureAt: number
  /** Namespaces in scope there, prefix (the empty string for the default one) to URI. */
  readonly namespaces: Readonly<Record<string, string>>
}

/** Stands in front of every message; not part of what is digested. */
export const XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'

/**
 * The complete business XML in UTF-8. Rejects only when the signer does; the same message and
 * signature value always give the same bytes.
 */
export const signMessage = async (written: Unsigned, signer: Signer): Promise<Uint8Array> => {
  const before = Buffer.from(written.canonical.slice(0, written.signatureAt))
  const after = Buffer.from(written.canonical.slice(written.signatureAt))
  const names = FAMILIES[signer.algorithm]
  const digest = base64(digestOf(names.digest, before, after))
  const content = signedInfoContent(names.signatureMethod, names.digestMethod, digest)
  const start = canonicalStart({ ...written.namespaces, ds: DSIG })
  const value = await signer.sign(Buffer.from(`${start}${content}</ds:SignedInfo>`))
  const signature =
    `<ds:Signature xmlns:ds="${DSIG}"><ds:SignedInfo>${content}</ds:SignedInfo>` +
    `<ds:SignatureValue>${base64(value)}</ds:SignatureValue>` +
    `<ds:KeyInfo><ds:KeyName>${signer.keyName}</ds:KeyName><ds:X509Data>` +
    `<ds:X509Certificate>${signer.certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>` +
    '</ds:Signature>'
  return Buffer.concat([Buffer.from(XML_DECLARATION), before, Buffer.from(signature), after])
}

/** What the signature is made over: SignedInfo as C14N writes it, all namespaces in scope named. */
const canonicalStart = (namespaces: Readonly<Record<string, string>>): string => {
  const declarations = Object.entries(namespaces)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([prefix, uri]) => ` xmlns${prefix === '' ? '' : `:${prefix}`}="${escapeAttribute(uri)}"`)
  return `<ds:SignedInfo${declarations.join('')}>`
}

const signedInfoContent = (signatureMethod: string, digestMethod: string, digest: string) =>
  `<ds:CanonicalizationMethod Algorithm="${C14N}"></ds:CanonicalizationMethod>` +
  `<ds:SignatureMethod Algorithm="${signatureMethod}"></ds:SignatureMethod>` +
  '<ds:Reference URI=""><ds:Transforms>' +
  `<ds:Transform Algorithm="${ENVELOPED}"></ds:Transform></ds:Transforms>` +
  `<ds:DigestMethod Algorithm="${digestMethod}"></ds:DigestMethod>` +
  `<ds:DigestValue>${digest}</ds:DigestValue></ds:Reference>`

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

/** C14N 1.0 §2.3, attribute nodes; a namespace name holds no tabs or line ends. */
const escapeAttribute = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
