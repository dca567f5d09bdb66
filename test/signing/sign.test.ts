import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { localSigner } from '../../src/signing/keys.ts'
import { signMessage, type Unsigned, XML_DECLARATION } from '../../src/signing/sign.ts'
import type { Signer } from '../../src/signing/types.ts'
import {
  CEB,
  canonicalSignedInfo,
  libxmlCanonical,
  ORDER,
  synthetic,
  textOf,
  written,
} from './messages.ts'

const SIGNATURE = /<ds:Signature .*<\/ds:Signature>/s

/** Keeps what it was given to sign. */
const recording = (algorithm: Signer['algorithm']) => {
  const seen: string[] = []
  const signer: Signer = {
    algorithm,
    keyName: '00000001',
    certificate: 'AAAA',
    sign: async (signedInfo) => {
      seen.push(textOf(signedInfo))
      return Uint8Array.of(1, 2, 3)
    },
  }
  return { seen, signer }
}

describe('a signed message', () => {
  it('is the written one again when the signature is taken out', async () => {
    const message = written(ORDER)
    const signed = textOf(await signMessage(message, localSigner(synthetic('sm2-sm3'))))
    expect(signed.replace(SIGNATURE, '')).toBe(XML_DECLARATION + message.canonical)
    expect(signed.indexOf('<ds:Signature ')).toBe(XML_DECLARATION.length + message.signatureAt)
  })

  it('is canonical itself and holds no white space in the signature', async () => {
    const signed = textOf(await signMessage(written(ORDER), localSigner(synthetic('sm2-sm3'))))
    expect(libxmlCanonical(signed)).toBe(signed.slice(XML_DECLARATION.length))
    expect(SIGNATURE.exec(signed)?.[0]).not.toMatch(/>\s|\s</)
  })

  it.each([
    ['sm2-sm3', 'http://www.chinaport.gov.cn/2022/04/xmldsig#sm2-sm3', '#sm3'],
    ['rsa-sha1', 'http://www.w3.org/2000/09/xmldsig#rsa-sha1', '#sha1'],
  ] as const)('names the methods of its family: %s', async (algorithm, method, digest) => {
    const { seen, signer } = recording(algorithm)
    await signMessage(written(ORDER), signer)
    expect(seen[0]).toContain(`<ds:SignatureMethod Algorithm="${method}">`)
    expect(seen[0]).toContain(`<ds:DigestMethod Algorithm="${method.replace(/#.*/, digest)}">`)
  })

  it('signs SignedInfo exactly as libxml2 makes it canonical in its place', async () => {
    const namespaces = { z: 'urn:z', '': 'urn:d', ceb: CEB, A: 'urn:a' }
    const start = `<ceb:R xmlns="urn:d" xmlns:A="urn:a" xmlns:ceb="${CEB}" xmlns:z="urn:z">`
    const one: Unsigned = { canonical: `${start}</ceb:R>`, signatureAt: start.length, namespaces }
    for (const message of [one, written(ORDER)]) {
      const { seen, signer } = recording('rsa-sha1')
      const signed = textOf(await signMessage(message, signer))
      expect(seen).toEqual([canonicalSignedInfo(signed)])
    }
  })

  it('carries the digest of the written text in UTF-8', async () => {
    const { seen, signer } = recording('rsa-sha1')
    const message = written(ORDER)
    await signMessage(message, signer)
    const digest = createHash('sha1').update(message.canonical).digest('base64')
    expect(seen[0]).toContain(`<ds:DigestValue>${digest}</ds:DigestValue>`)
  })

  it('has the same bytes for the same message and signature value', async () => {
    const first = await signMessage(written(ORDER), recording('sm2-sm3').signer)
    const second = await signMessage(written(ORDER), recording('sm2-sm3').signer)
    expect(Buffer.from(first).equals(second)).toBe(true)
  })
})
