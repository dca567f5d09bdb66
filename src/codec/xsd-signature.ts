/**
 * The schema of `ds:Signature` as far as customs messages use it: one enveloped signature with key
 * name and certificate. Written from the structure of W3C XML-Signature (2002); of KeyInfo only the
 * key name, X.509 data and foreign elements are here, because nothing else is ever sent.
 */
import type { XMLBuilder } from 'xmlbuilder2/lib/interfaces.js'
import { SIGNATURE_NAMESPACE } from './envelope.ts'
import { schemaRoot, textOf } from './xsd.ts'

interface Occurs {
  readonly min?: 0
  readonly many?: true
}

/** Complete text of `xmldsig.xsd`. */
export const signatureXsd = (): string => {
  const schema = schemaRoot(SIGNATURE_NAMESPACE).att('xmlns:ds', SIGNATURE_NAMESPACE)
  const signature = sequenceElement(schema, 'Signature')
  refer(signature.content, 'SignedInfo')
  refer(signature.content, 'SignatureValue')
  refer(signature.content, 'KeyInfo', { min: 0 })
  attribute(signature.type, 'Id', 'ID')
  signedInfo(schema)
  reference(schema)
  keyInfo(schema)
  return textOf(schema)
}

const signedInfo = (schema: XMLBuilder): void => {
  const { content } = sequenceElement(schema, 'SignedInfo')
  refer(content, 'CanonicalizationMethod')
  refer(content, 'SignatureMethod')
  refer(content, 'Reference', { many: true })
  for (const name of ['CanonicalizationMethod', 'SignatureMethod', 'DigestMethod'])
    attribute(mixedElement(schema, name), 'Algorithm', 'anyURI', true)
  simpleElement(schema, 'SignatureValue', 'base64Binary')
  simpleElement(schema, 'DigestValue', 'base64Binary')
}

const reference = (schema: XMLBuilder): void => {
  const { content, type } = sequenceElement(schema, 'Reference')
  refer(content, 'Transforms', { min: 0 })
  refer(content, 'DigestMethod')
  refer(content, 'DigestValue')
  attribute(type, 'Id', 'ID')
  attribute(type, 'URI', 'anyURI')
  attribute(type, 'Type', 'anyURI')
  refer(sequenceElement(schema, 'Transforms').content, 'Transform', { many: true })
  const transform = mixedElement(schema, 'Transform')
  const choice = transform.ele('xs:choice').att('minOccurs', '0').att('maxOccurs', 'unbounded')
  foreign(choice)
  simpleElement(choice, 'XPath', 'string')
  attribute(transform, 'Algorithm', 'anyURI', true)
}

const keyInfo = (schema: XMLBuilder): void => {
  const info = mixedElement(schema, 'KeyInfo').ele('xs:choice').att('maxOccurs', 'unbounded')
  refer(info, 'KeyName')
  refer(info, 'X509Data')
  foreign(info)
  simpleElement(schema, 'KeyName', 'string')
  const data = sequenceElement(schema, 'X509Data').content.att('maxOccurs', 'unbounded')
  const choice = data.ele('xs:choice')
  const issuer = sequenceElement(choice, 'X509IssuerSerial').content
  simpleElement(issuer, 'X509IssuerName', 'string')
  simpleElement(issuer, 'X509SerialNumber', 'integer')
  simpleElement(choice, 'X509SKI', 'base64Binary')
  simpleElement(choice, 'X509SubjectName', 'string')
  simpleElement(choice, 'X509Certificate', 'base64Binary')
  simpleElement(choice, 'X509CRL', 'base64Binary')
  foreign(choice)
}

const sequenceElement = (
  parent: XMLBuilder,
  name: string,
): { readonly type: XMLBuilder; readonly content: XMLBuilder } => {
  const type = parent.ele('xs:element').att('name', name).ele('xs:complexType')
  return { type, content: type.ele('xs:sequence') }
}

const mixedElement = (parent: XMLBuilder, name: string): XMLBuilder =>
  parent.ele('xs:element').att('name', name).ele('xs:complexType').att('mixed', 'true')

const simpleElement = (parent: XMLBuilder, name: string, type: string): void => {
  parent.ele('xs:element').att('name', name).att('type', `xs:${type}`)
}

const refer = (parent: XMLBuilder, name: string, { min, many }: Occurs = {}): void => {
  const element = parent.ele('xs:element').att('ref', `ds:${name}`)
  if (min !== undefined) element.att('minOccurs', String(min))
  if (many === true) element.att('maxOccurs', 'unbounded')
}

const foreign = (parent: XMLBuilder): void => {
  parent.ele('xs:any').att('namespace', '##other').att('processContents', 'lax')
}

const attribute = (type: XMLBuilder, name: string, kind: string, isRequired = false): void => {
  const made = type.ele('xs:attribute').att('name', name).att('type', `xs:${kind}`)
  if (isRequired) made.att('use', 'required')
}
