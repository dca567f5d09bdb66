import fc from 'fast-check'
import { sm2 as otherSm2, sm3 as otherSm3 } from 'sm-crypto'
import { describe, expect, it } from 'vitest'
import {
  derSignature,
  nativeSm2,
  portableSm2,
  sm2KeyPair,
  sm2PublicKey,
  sm3,
} from '../../src/signing/sm.ts'

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const message = fc.uint8Array({ maxLength: 3_000 })

describe('SM3', () => {
  it('gives the digests of the examples in GM/T 0004', () => {
    expect(hex(sm3(Buffer.from('abc')))).toBe(
      '66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0',
    )
    expect(hex(sm3(Buffer.from('abcd'.repeat(16))))).toBe(
      'debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732',
    )
  })

  it('digests parts as if they were joined, like another implementation', () => {
    fc.assert(
      fc.property(message, message, (a, b) => {
        expect(hex(sm3(a, b))).toBe(otherSm3([...a, ...b]))
      }),
      { seed: 20260101, numRuns: 50 },
    )
  })
})

describe.each([
  ['OpenSSL of this runtime', nativeSm2],
  ['the portable library', portableSm2],
])('SM2 by %s', (_, sm2) => {
  const keys = sm2KeyPair()

  it('makes signatures that every other implementation takes', () => {
    const sign = sm2.signer(keys)
    fc.assert(
      fc.property(message, (bytes) => {
        const signature = sign(bytes)
        expect(signature.length).toBe(64)
        expect(nativeSm2.verify(keys.publicKey, bytes, signature)).toBe(true)
        expect(portableSm2.verify(keys.publicKey, bytes, signature)).toBe(true)
        const byOther = otherSm2.doVerifySignature([...bytes], hex(signature), keys.publicKey, {
          hash: true,
        })
        expect(byOther).toBe(true)
      }),
      { seed: 20260102, numRuns: 25 },
    )
  })

  it('refuses another message, another key, and every changed byte of a signature', () => {
    const bytes = Buffer.from('one message')
    const signature = sm2.signer(keys)(bytes)
    expect(sm2.verify(keys.publicKey, Buffer.from('another'), signature)).toBe(false)
    expect(sm2.verify(sm2KeyPair().publicKey, bytes, signature)).toBe(false)
    for (let i = 0; i < signature.length; i += 1) {
      const changed = Uint8Array.from(signature)
      changed[i] = (changed[i] ?? 0) ^ 1
      expect(sm2.verify(keys.publicKey, bytes, changed)).toBe(false)
    }
  })

  it('refuses degenerate signatures and keys without throwing', () => {
    const bytes = Buffer.from('m')
    const good = sm2.signer(keys)(bytes)
    const order = 'fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123'
    const signatures = [
      new Uint8Array(0),
      new Uint8Array(64),
      new Uint8Array(64).fill(0xff),
      good.subarray(0, 63),
      Buffer.concat([good, Buffer.of(0)]),
      Buffer.from(order + order, 'hex'),
      Buffer.concat([new Uint8Array(32), good.subarray(32)]),
      Buffer.concat([good.subarray(0, 32), new Uint8Array(32)]),
    ]
    for (const signature of signatures)
      expect(sm2.verify(keys.publicKey, bytes, signature)).toBe(false)
    for (const key of ['', '04', `04${'0'.repeat(128)}`, `04${'f'.repeat(128)}`, 'zz'.repeat(65)])
      expect(sm2.verify(key, bytes, good)).toBe(false)
  })
})

describe('SM2 keys and encodings', () => {
  it('derives the public key from the private one', () => {
    const keys = sm2KeyPair()
    expect(sm2PublicKey(keys.privateKey)).toBe(keys.publicKey)
    expect(keys.publicKey).toMatch(/^04[0-9a-f]{128}$/)
    expect(keys.privateKey).toMatch(/^[0-9a-f]{64}$/)
  })

  it('keeps numbers with zero bytes in front through DER and back', () => {
    const keys = sm2KeyPair()
    const sign = nativeSm2.signer(keys)
    // OpenSSL gives and takes DER; of 600 signatures about five hold a number of 31 bytes.
    for (let i = 0; i < 600; i += 1) {
      const bytes = Buffer.from(`message ${i}`)
      expect(nativeSm2.verify(keys.publicKey, bytes, sign(bytes))).toBe(true)
    }
  })

  it('encodes zero bytes in front as DER wants them', () => {
    const raw = new Uint8Array(64)
    raw[31] = 0x80
    raw[63] = 0x01
    expect(hex(derSignature(raw))).toBe('300702020080020101')
  })
})
