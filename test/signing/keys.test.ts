import { X509Certificate } from 'node:crypto'
import { AsnConvert } from '@peculiar/asn1-schema'
import { Certificate } from '@peculiar/asn1-x509'
import fc from 'fast-check'
import { sm2 as otherSm2 } from 'sm-crypto'
import { describe, expect, it } from 'vitest'
import { createSigningKey, localSigner, readCertificate } from '../../src/signing/keys.ts'
import { synthetic } from './messages.ts'

const request = {
  algorithm: 'sm2-sm3',
  subject: '合成测试企业',
  notBefore: new Date('2026-01-01T00:00:00Z'),
  notAfter: new Date('2036-01-01T00:00:00Z'),
  serial: '03000000000cde6f',
} as const

describe('a new signing key', () => {
  it.each(['sm2-sm3', 'rsa-sha1'] as const)(
    'carries a certificate that says it all: %s',
    (algorithm) => {
      const key = createSigningKey({ ...request, algorithm })
      const read = readCertificate(key.certificate)
      expect(read).toMatchObject({
        algorithm,
        subject: '合成测试企业',
        serial: '03000000000cde6f',
        notBefore: request.notBefore,
        notAfter: request.notAfter,
      })
      expect(key.keyName).toBe('03000000000cde6f')
    },
  )

  it('of RSA has a certificate that OpenSSL reads and whose own signature holds', () => {
    const key = synthetic('rsa-sha1')
    const certificate = new X509Certificate(Buffer.from(key.certificate, 'base64'))
    expect(certificate.subject).toBe('CN=合成测试企业')
    expect(certificate.serialNumber).toBe('01691F7F')
    expect(certificate.verify(certificate.publicKey)).toBe(true)
  })

  it('of SM2 has a certificate whose own signature another implementation takes', () => {
    const key = synthetic('sm2-sm3')
    const der = Buffer.from(key.certificate, 'base64')
    const certificate = AsnConvert.parse(der, Certificate)
    const body = [...new Uint8Array(AsnConvert.serialize(certificate.tbsCertificate))]
    const signature = Buffer.from(certificate.signatureValue).toString('hex')
    const publicKey = readCertificate(key.certificate)?.publicKey ?? ''
    const options = { hash: true, der: true }
    expect(otherSm2.doVerifySignature(body, signature, publicKey, options)).toBe(true)
  })

  it('reads back any serial number it takes, zero bytes in front aside', () => {
    const digits = fc
      .stringMatching(/^(?:[0-9a-f]{2}){1,19}$/)
      .filter((one) => /[1-9a-f]/.test(one))
    fc.assert(
      fc.property(digits, (serial) => {
        const key = createSigningKey({ ...request, serial })
        expect(key.keyName).toBe(serial)
        expect(readCertificate(key.certificate)?.serial).toBe(serial.replace(/^(?:00)+/, ''))
      }),
      { seed: 20260103, numRuns: 60 },
    )
  })

  it.each(['', '0', '00', 'abc', 'XY', 'AB', '1'.repeat(40)])('refuses the serial %j', (serial) => {
    expect(() => createSigningKey({ ...request, serial })).toThrow(/serial/)
  })
})

describe('a local signer', () => {
  it('refuses a private key that is not the one of the certificate', () => {
    for (const algorithm of ['sm2-sm3', 'rsa-sha1'] as const) {
      const { privateKey } = synthetic(algorithm)
      expect(() => localSigner({ ...synthetic(algorithm), privateKey })).toThrow(/belong/)
    }
  })

  it('refuses a certificate for another algorithm or none', () => {
    const { certificate } = synthetic('rsa-sha1')
    expect(() => localSigner({ ...synthetic('sm2-sm3'), certificate })).toThrow(/sm2-sm3/)
    expect(() => localSigner({ ...synthetic('sm2-sm3'), certificate: 'AAAA' })).toThrow(/sm2-sm3/)
  })
})

describe('reading a certificate', () => {
  it('is undefined for whatever is none, and never throws', () => {
    const der = Buffer.from(synthetic('sm2-sm3').certificate, 'base64')
    for (const text of ['', '!', 'AAAA', 'MAA=']) expect(readCertificate(text)).toBeUndefined()
    fc.assert(
      fc.property(fc.nat(der.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const bytes = Uint8Array.from(der)
        bytes[at] = (bytes[at] ?? 0) ^ change
        readCertificate(Buffer.from(bytes).toString('base64'))
      }),
      { seed: 20260104, numRuns: 2_000 },
    )
  })

  it('takes line breaks in the base64', () => {
    const { certificate } = synthetic('sm2-sm3')
    const broken = certificate.replace(/(.{64})/g, '$1\r\n')
    expect(readCertificate(broken)).toEqual(readCertificate(certificate))
  })
})
