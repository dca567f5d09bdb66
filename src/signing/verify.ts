/**
 * Verifies the signature of a message, by the 202205 text and XML-DSig with inclusive C14N 1.0: one
 * signature, a child of the root, over the whole message. It says whether the message is as the
 * holder of the key in the certificate signed it; whether that certificate is the one expected is
 * for the caller to compare. Bytes as our own writer makes them are digested as they lie; others
 * are read and brought into canonical form first.
 */
import { C14N, DSIG, ENVELOPED, FAMILIES, type SignatureFamily } from './algorithms.ts'
import { canonicalDocument, canonicalElement } from './canonical.ts'
import { scanCanonical } from './canonical-scan.ts'
import { digestOf } from './digest.ts'
import { type CertificateRead, readCertificate } from './keys.ts'
import type { Verdict } from './types.ts'
import { valueHolds } from './value.ts'
import type { XmlBroken, XmlDocument, XmlElement, XmlNode } from './xml.ts'
import { elementsOf, isBlank, readXml, readXmlBytes, textOf } from './xml.ts'

export interface VerifyOptions {
  /**
   * Also takes messages that were indented after signing, as published production messages are:
   * white space between the elements of SignedInfo and the text right after the signature are left
   * out of account. The verdict then says `strict: false`.
   */
  readonly lenient?: boolean
}

/** Never throws; whatever cannot be read is `invalid` with a reason in English. */
export const verifyMessage = (bytes: Uint8Array, options: VerifyOptions = {}): Verdict => {
  const found = findInCanonical(bytes) ?? findInDocument(readXmlBytes(bytes))
  if ('kind' in found) return found
  const parts = readSignature(found.signature)
  if (typeof parts === 'string') return invalid(parts)
  let isWhole = digestMatches(parts, found.digested)
  let isSigned = valueMatches(parts, canonicalElement(parts.signedInfo))
  const strict = isWhole && isSigned
  if (!strict && options.lenient === true) {
    isWhole ||= digestMatches(parts, indented(bytes))
    isSigned ||= valueMatches(parts, canonicalElement(parts.signedInfo, isBlankText))
  }
  if (!isWhole) return invalid('the digest is not that of the message: it was changed')
  if (!isSigned) return invalid('the signature value does not belong to SignedInfo and the key')
  const { family, keyName, certificate, key } = parts
  return { kind: 'valid', strict, algorithm: family, keyName, certificate, subject: key.subject }
}

interface Found {
  readonly signature: XmlElement
  /** Canonical bytes of the document without the signature, in parts. */
  readonly digested: readonly Uint8Array[]
}

/** What a signature says, its form checked and its values still to be. */
interface SignatureParts {
  readonly signedInfo: XmlElement
  readonly family: SignatureFamily
  readonly digest: Uint8Array
  readonly value: Uint8Array
  readonly keyName: string
  /** Base64 without white space. */
  readonly certificate: string
  readonly key: CertificateRead
}

const invalid = (reason: string): Verdict => ({ kind: 'invalid', reason })

const findInCanonical = (bytes: Uint8Array): Found | undefined => {
  const scan = scanCanonical(bytes)
  if (scan === undefined) return undefined
  const cut = readXml(scan.signature, scan.scope)
  if (cut.kind === 'broken') return undefined
  // A signature that holds another one is judged, and refused, on the whole document.
  if (signaturesIn(cut.root).length !== 1) return undefined
  return { signature: cut.root, digested: [scan.before, scan.after] }
}

const findInDocument = (document: XmlDocument | XmlBroken): Found | Verdict => {
  if (document.kind === 'broken') return invalid(`not readable as XML: ${document.why}`)
  const [signature, ...others] = signaturesIn(document.root)
  if (signature === undefined) return { kind: 'unsigned' }
  if (others.length > 0) return invalid('more than one signature')
  if (signature.parent !== document.root) return invalid('the signature is no child of the root')
  return { signature, digested: [canonicalWithout(document, (node) => node === signature)] }
}

/** The digest input when the signature and a blank text right behind it are left out. */
const indented = (bytes: Uint8Array): readonly Uint8Array[] => {
  const document = readXmlBytes(bytes)
  if (document.kind === 'broken') return []
  const children = document.root.children
  const at = children.findIndex((node) => node.kind === 'element' && isSignature(node))
  const next = children[at + 1]
  const blank = next !== undefined && isBlankText(next) ? next : undefined
  const signature = children[at]
  return [canonicalWithout(document, (node) => node === signature || node === blank)]
}

const canonicalWithout = (document: XmlDocument, leftOut: (node: XmlNode) => boolean): Uint8Array =>
  Buffer.from(canonicalDocument(document, leftOut))

const isSignature = (element: XmlElement): boolean =>
  element.local === 'Signature' && element.namespace === DSIG

const signaturesIn = (element: XmlElement): readonly XmlElement[] => [
  ...(isSignature(element) ? [element] : []),
  ...elementsOf(element).flatMap(signaturesIn),
]

const isBlankText = (node: XmlNode): boolean => node.kind === 'text' && isBlank(node.text)

/** The parts of a signature of exactly the standard's form, or the reason why it is not. */
const readSignature = (signature: XmlElement): SignatureParts | string => {
  const [signedInfo, valueElement, keyInfo] =
    childrenNamed(signature, ['SignedInfo', 'SignatureValue', 'KeyInfo']) ?? []
  if (signedInfo === undefined || valueElement === undefined || keyInfo === undefined)
    return 'the signature is not SignedInfo, SignatureValue, KeyInfo'
  const signed = readSignedInfo(signedInfo)
  if (typeof signed === 'string') return signed
  const value = readBase64(textOf(valueElement))
  if (value === undefined) return 'SignatureValue is not base64'
  const [nameElement, data] = childrenNamed(keyInfo, ['KeyName', 'X509Data']) ?? []
  const [holder] = (data && childrenNamed(data, ['X509Certificate'])) ?? []
  if (nameElement === undefined || holder === undefined)
    return 'KeyInfo is not KeyName and one X509Certificate'
  const certificate = textOf(holder).replace(/\s+/g, '')
  const key = readBase64(certificate) && readCertificate(certificate)
  if (key === undefined) return 'the certificate cannot be read or is neither SM2 nor RSA'
  if ((signed.family === 'rsa-sha1') !== (key.algorithm === 'rsa-sha1'))
    return 'the certificate is not for the signature algorithm'
  const keyName = textOf(nameElement).trim()
  if (withoutZeros(keyName) !== withoutZeros(key.serial))
    return 'KeyName is not the serial number of the certificate'
  return { ...signed, signedInfo, value, keyName, certificate, key }
}

const readSignedInfo = (
  signedInfo: XmlElement,
): Pick<SignatureParts, 'family' | 'digest'> | string => {
  const names = ['CanonicalizationMethod', 'SignatureMethod', 'Reference']
  const [canonicalization, method, reference] = childrenNamed(signedInfo, names) ?? []
  const [transforms, digestMethod, digestValue] =
    (reference && childrenNamed(reference, ['Transforms', 'DigestMethod', 'DigestValue'])) ?? []
  const [transform] = (transforms && childrenNamed(transforms, ['Transform'])) ?? []
  if (reference === undefined || digestValue === undefined || transform === undefined)
    return 'SignedInfo does not have the form of the standard'
  if (algorithmOf(canonicalization) !== C14N) return 'unknown canonicalization method'
  if (onlyAttribute(reference, 'URI') !== '') return 'the reference is not to the whole message'
  if (algorithmOf(transform) !== ENVELOPED) return 'the transform is not enveloped-signature'
  const family = familyOf(algorithmOf(method), algorithmOf(digestMethod))
  if (family === undefined) return 'unknown or mixed signature and digest methods'
  const digest = readBase64(textOf(digestValue))
  return digest === undefined ? 'DigestValue is not base64' : { family, digest }
}

/** The child elements when they are exactly these of XML-DSig, in this order, and no text else. */
const childrenNamed = (
  element: XmlElement,
  names: readonly string[],
): readonly XmlElement[] | undefined => {
  const elements = elementsOf(element)
  const fits =
    elements.length === names.length &&
    elements.every((child, index) => child.namespace === DSIG && child.local === names[index]) &&
    element.children.every((node) => node.kind === 'element' || isBlankText(node))
  return fits ? elements : undefined
}

const onlyAttribute = (element: XmlElement, local: string): string | undefined => {
  const [attribute, ...others] = element.attributes
  return others.length === 0 && attribute?.name === local ? attribute.value : undefined
}

/** Undefined also when the method has parameters: the standard gives none. */
const algorithmOf = (element: XmlElement | undefined): string | undefined =>
  element !== undefined && childrenNamed(element, []) !== undefined
    ? onlyAttribute(element, 'Algorithm')
    : undefined

const familyOf = (
  signatureMethod: string | undefined,
  digestMethod: string | undefined,
): SignatureFamily | undefined => {
  const families: readonly SignatureFamily[] = ['sm2-sm3', 'rsa-sha1', 'sm2-sm3-sha1']
  return families.find(
    (family) =>
      FAMILIES[family].signatureMethod === signatureMethod &&
      FAMILIES[family].digestMethod === digestMethod,
  )
}

/** Undefined unless the text is what encoding the bytes gives, white space aside. */
const readBase64 = (text: string): Uint8Array | undefined => {
  const packed = text.replace(/\s+/g, '')
  const bytes = Buffer.from(packed, 'base64')
  return packed !== '' && bytes.toString('base64') === packed ? bytes : undefined
}

const withoutZeros = (serial: string): string => serial.toLowerCase().replace(/^0+/, '')

const digestMatches = (parts: SignatureParts, digested: readonly Uint8Array[]): boolean =>
  Buffer.from(digestOf(FAMILIES[parts.family].digest, ...digested)).equals(parts.digest)

const valueMatches = ({ key, value }: SignatureParts, signedInfo: string): boolean =>
  valueHolds(key, Buffer.from(signedInfo), value)
