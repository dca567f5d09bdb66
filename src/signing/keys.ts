/**
 * Keys and certificates. Makes a key with its self-signed X.509 certificate, turns a stored key
 * into a signer, and reads the certificate a signature carries. Certificates are read and written
 * as ASN.1 and not by node's X509Certificate, which neither knows SM2 nor exists on Workers. SM2
 * in certificates: GM/T 0015; whether a certificate is trusted is for the caller to say.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import { AsnConvert, AsnObjectIdentifierConverter, OctetString } from '@peculiar/asn1-schema'
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  Certificate,
  Extension,
  Extensions,
  id_ce_keyUsage,
  KeyUsage,
  KeyUsageFlags,
  Name,
  RelativeDistinguishedName,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
} from '@peculiar/asn1-x509'
import { derSignature, fastestSm2, sm2KeyPair, sm2PublicKey } from './sm.ts'
import type { Signer, SigningAlgorithm, SigningKey } from './types.ts'

export interface SigningKeyRequest {
  readonly algorithm: SigningAlgorithm
  /** Common name of the subject. */
  readonly subject: string
  /** Whole seconds; X.509 keeps no more. */
  readonly notBefore: Date
  readonly notAfter: Date
  /**
   * Lower-case hex of 1 to 19 whole bytes, as on the card: 16 digits for SM2, 8 for RSA. It is the
   * key's name; the certificate itself cannot hold zero bytes in front.
   */
  readonly serial: string
  /** SM2 only: the scalar to make the key of, as hex; a new one without it. Secret. */
  readonly privateKey?: string
}

export interface CertificateRead {
  /** Lower-case hex of the bytes in the certificate. */
  readonly serial: string
  /** Common name, or the empty string. */
  readonly subject: string
  /** Of whoever issued it: common name, or the empty string. */
  readonly issuer: string
  readonly algorithm: SigningAlgorithm
  /** SM2: the uncompressed point, 65 bytes as hex. RSA: SubjectPublicKeyInfo DER as base64. */
  readonly publicKey: string
  readonly notBefore: Date
  readonly notAfter: Date
}

/**
 * A new key with a certificate signed by itself, for rehearsal and for places that register keys
 * by hand. Throws for a serial number that is none.
 */
export const createSigningKey = (request: SigningKeyRequest): SigningKey => {
  const made = request.algorithm === 'sm2-sm3' ? newSm2Key(request.privateKey) : newRsaKey()
  const tbs = certificateBody(request, made)
  const signature = made.signDer(new Uint8Array(AsnConvert.serialize(tbs)))
  const certificate = new Certificate({
    tbsCertificate: tbs,
    signatureAlgorithm: made.signatureAlgorithm,
    signatureValue: bufferOf(signature),
  })
  return {
    algorithm: request.algorithm,
    keyName: request.serial,
    certificate: Buffer.from(AsnConvert.serialize(certificate)).toString('base64'),
    privateKey: made.privateKey,
    notBefore: request.notBefore,
    notAfter: request.notAfter,
  }
}

/**
 * Signs with a key held in memory. Throws when the private key does not belong to the certificate:
 * every message signed with it would be refused.
 */
export const localSigner = (key: SigningKey): Signer => {
  const certificate = readCertificate(key.certificate)
  if (certificate === undefined || certificate.algorithm !== key.algorithm)
    throw new Error(`the certificate of key ${key.keyName} is not one for ${key.algorithm}`)
  const make = key.algorithm === 'sm2-sm3' ? sm2Sign : rsaSign
  const signBytes = make(key.privateKey, certificate.publicKey)
  return {
    algorithm: key.algorithm,
    keyName: key.keyName,
    certificate: key.certificate,
    sign: async (signedInfo) => signBytes(signedInfo),
  }
}

/**
 * Reads an X.509 certificate from base64 DER, white space ignored; undefined when it is not one or
 * its key is neither SM2 nor RSA. Checks no signature and no date.
 */
export const readCertificate = (base64: string): CertificateRead | undefined => {
  try {
    const der = Buffer.from(base64.replace(/\s+/g, ''), 'base64')
    const { tbsCertificate: tbs } = AsnConvert.parse(der, Certificate)
    const key = publicKeyOf(tbs.subjectPublicKeyInfo)
    if (key === undefined) return undefined
    return {
      ...key,
      serial: serialText(tbs.serialNumber),
      subject: commonName(tbs.subject),
      issuer: commonName(tbs.issuer),
      notBefore: tbs.validity.notBefore.getTime(),
      notAfter: tbs.validity.notAfter.getTime(),
    }
  } catch {
    return undefined
  }
}

const ID_EC_PUBLIC_KEY = '1.2.840.10045.2.1'
const ID_SM2 = '1.2.156.10197.1.301'
const ID_SM2_WITH_SM3 = '1.2.156.10197.1.501'
const ID_RSA = '1.2.840.113549.1.1.1'
const ID_SHA256_WITH_RSA = '1.2.840.113549.1.1.11'
const ID_COMMON_NAME = '2.5.4.3'
const RSA_BITS = 2048

interface NewKey {
  readonly privateKey: string
  readonly publicKeyInfo: SubjectPublicKeyInfo
  readonly signatureAlgorithm: AlgorithmIdentifier
  /** A certificate's own signature, as it stands in the BIT STRING. */
  readonly signDer: (body: Uint8Array) => Uint8Array
}

const newSm2Key = (privateKey?: string): NewKey => {
  const keys = sm2KeyPair(privateKey)
  const signBytes = fastestSm2.signer(keys)
  return {
    privateKey: keys.privateKey,
    publicKeyInfo: new SubjectPublicKeyInfo({
      algorithm: new AlgorithmIdentifier({
        algorithm: ID_EC_PUBLIC_KEY,
        parameters: objectIdentifier(ID_SM2),
      }),
      subjectPublicKey: bufferOf(Buffer.from(keys.publicKey, 'hex')),
    }),
    signatureAlgorithm: new AlgorithmIdentifier({ algorithm: ID_SM2_WITH_SM3 }),
    signDer: (body) => derSignature(signBytes(body)),
  }
}

const newRsaKey = (): NewKey => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: RSA_BITS })
  const info = publicKey.export({ format: 'der', type: 'spki' })
  return {
    privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
    publicKeyInfo: AsnConvert.parse(info, SubjectPublicKeyInfo),
    signatureAlgorithm: new AlgorithmIdentifier({
      algorithm: ID_SHA256_WITH_RSA,
      parameters: null,
    }),
    signDer: (body) => sign('sha256', body, privateKey),
  }
}

const certificateBody = (request: SigningKeyRequest, key: NewKey): TBSCertificate => {
  const name = new Name([
    new RelativeDistinguishedName([
      new AttributeTypeAndValue({
        type: ID_COMMON_NAME,
        value: new AttributeValue({ utf8String: request.subject }),
      }),
    ]),
  ])
  const usage = new KeyUsage(KeyUsageFlags.digitalSignature | KeyUsageFlags.nonRepudiation)
  return new TBSCertificate({
    version: Version.v3,
    serialNumber: serialBytes(request.serial),
    signature: key.signatureAlgorithm,
    issuer: name,
    subject: name,
    validity: new Validity({ notBefore: request.notBefore, notAfter: request.notAfter }),
    subjectPublicKeyInfo: key.publicKeyInfo,
    extensions: new Extensions([
      new Extension({
        extnID: id_ce_keyUsage,
        critical: true,
        extnValue: new OctetString(AsnConvert.serialize(usage)),
      }),
    ]),
  })
}

const publicKeyOf = (
  info: SubjectPublicKeyInfo,
): Pick<CertificateRead, 'algorithm' | 'publicKey'> | undefined => {
  const { algorithm, parameters } = info.algorithm
  if (algorithm === ID_RSA) {
    const publicKey = Buffer.from(AsnConvert.serialize(info)).toString('base64')
    return { algorithm: 'rsa-sha1', publicKey }
  }
  const curve = parameters instanceof ArrayBuffer ? Buffer.from(parameters) : undefined
  const isSm2 =
    algorithm === ID_SM2 ||
    (algorithm === ID_EC_PUBLIC_KEY &&
      curve?.equals(Buffer.from(objectIdentifier(ID_SM2))) === true)
  if (!isSm2) return undefined
  return { algorithm: 'sm2-sm3', publicKey: Buffer.from(info.subjectPublicKey).toString('hex') }
}

const sm2Sign = (privateKey: string, publicKey: string) => {
  if (sm2PublicKey(privateKey) !== publicKey) throw new Error(FOREIGN_KEY)
  return fastestSm2.signer({ privateKey, publicKey })
}

const rsaSign = (privateKey: string, publicKey: string) => {
  const der = Buffer.from(privateKey, 'base64')
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  const info = createPublicKey(key).export({ format: 'der', type: 'spki' })
  if (info.toString('base64') !== publicKey) throw new Error(FOREIGN_KEY)
  return (message: Uint8Array): Uint8Array => sign('sha1', message, key)
}

const FOREIGN_KEY = 'the private key does not belong to the certificate'

/** DER of an INTEGER: no needless zero byte, and one where the top bit would make it negative. */
const serialBytes = (serial: string): ArrayBuffer => {
  if (!/^(?:[0-9a-f]{2}){1,19}$/.test(serial) || /^0+$/.test(serial))
    throw new Error('a serial number is 1 to 19 whole bytes of lower-case hex and not zero')
  const digits = serial.replace(/^(?:00)+/, '')
  return bufferOf(Buffer.from(digits >= '8' ? `00${digits}` : digits, 'hex'))
}

/** The content bytes without the zero byte that DER puts before a set top bit. */
const serialText = (content: ArrayBuffer): string => {
  const bytes = Buffer.from(content)
  const hasSignByte = bytes.length > 1 && bytes[0] === 0
  return bytes.subarray(hasSignByte ? 1 : 0).toString('hex')
}

const objectIdentifier = (id: string): ArrayBuffer => AsnObjectIdentifierConverter.toASN(id).toBER()

const commonName = (name: Name): string => {
  for (const part of name)
    for (const attribute of part)
      if (attribute.type === ID_COMMON_NAME) return attribute.value.toString()
  return ''
}

/** A copy with a buffer of its own: Buffers are often windows on a shared one. */
const bufferOf = (bytes: Uint8Array): ArrayBuffer => {
  const copy = new ArrayBuffer(bytes.length)
  new Uint8Array(copy).set(bytes)
  return copy
}
