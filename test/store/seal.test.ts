/** Sealing: what comes back, what a changed key or a changed byte does, and stable look-ups. */
import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SEALED_PLAIN_BYTES_MAX } from '../../src/kernel/limits.ts'
import { readKeyring } from '../../src/store/keyring.ts'
import { createSealer } from '../../src/store/seal.ts'

const key = () => randomBytes(32).toString('base64')
const OLD = key()
const NEW = key()
const bytes = (text: string) => new TextEncoder().encode(text)
const text = (sealed: Uint8Array) => new TextDecoder().decode(sealed)

describe('a sealer', () => {
  const sealer = createSealer(readKeyring(OLD))

  it('gives back exactly what was sealed, short or deflated', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5000 }), fc.string(), (plain, context) => {
        const opened = sealer.open(sealer.seal(plain, context), context)
        expect(Buffer.compare(opened, plain)).toBe(0)
      }),
      { seed: 7, numRuns: 200 },
    )
  })

  it('shrinks long repetitive text and never lengthens random bytes by more than 33', () => {
    const xml = bytes('<ceb:OrderList><ceb:gnum>1</ceb:gnum></ceb:OrderList>'.repeat(200))
    expect(sealer.seal(xml, 'a').length).toBeLessThan(xml.length / 10)
    expect(text(sealer.open(sealer.seal(xml, 'a'), 'a'))).toBe(text(xml))
    const random = randomBytes(4096)
    expect(sealer.seal(random, 'a').length).toBe(4096 + 33)
  })

  it('never gives the same bytes twice for the same plaintext', () => {
    const once = sealer.seal(bytes('x'), 'a')
    expect(Buffer.compare(once, sealer.seal(bytes('x'), 'a'))).not.toBe(0)
  })

  it('opens nothing with one changed bit, wherever it is', () => {
    const sealed = sealer.seal(bytes('synthetic person'), 'row 1')
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const changed = Uint8Array.from(sealed)
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(() => sealer.open(changed, 'row 1'), `bit ${bit}`).toThrow()
    }
  })

  it('opens nothing in another context or cut short', () => {
    const sealed = sealer.seal(bytes('synthetic person'), 'row 1')
    expect(() => sealer.open(sealed, 'row 2')).toThrow()
    for (let length = 0; length < sealed.length; length += 1) {
      expect(() => sealer.open(sealed.subarray(0, length), 'row 1')).toThrow()
    }
  })

  it('opens bytes that lie inside a larger buffer, as a driver hands them out', () => {
    const sealed = sealer.seal(bytes('inside'), 'a')
    const larger = Buffer.concat([randomBytes(7), sealed, randomBytes(9)])
    expect(text(sealer.open(larger.subarray(7, 7 + sealed.length), 'a'))).toBe('inside')
  })

  it('refuses to seal what it could not open again', () => {
    expect(() => sealer.seal(new Uint8Array(SEALED_PLAIN_BYTES_MAX + 1), 'a')).toThrow()
  })
})

describe('rotation of keys', () => {
  const before = createSealer(readKeyring(OLD))
  const after = createSealer(readKeyring(`${NEW}, ${OLD}`))

  it('opens under both keys and seals under the newest', () => {
    expect(text(after.open(before.seal(bytes('old'), 'a'), 'a'))).toBe('old')
    const sealed = after.seal(bytes('new'), 'a')
    expect(text(createSealer(readKeyring(NEW)).open(sealed, 'a'))).toBe('new')
    expect(() => before.open(sealed, 'a')).toThrow(/DATA_KEY/)
  })

  it('keeps look-ups stable while the oldest key stays', () => {
    const id = 'synthetic 500000199001010000'
    expect(after.lookup(id)).toEqual(before.lookup(id))
    expect(createSealer(readKeyring(NEW)).lookup(id)).not.toEqual(before.lookup(id))
    expect(after.lookup(id)).not.toEqual(after.lookup(`${id}1`))
  })
})

describe('readKeyring', () => {
  it('names the position of a wrong key and never shows it', () => {
    const short = randomBytes(31).toString('base64')
    for (const wrong of [short, 'not base64 at all', `${OLD}!`, '']) {
      let told = ''
      try {
        readKeyring(`${NEW},${wrong}`)
      } catch (error) {
        told = String(error)
      }
      expect(told).toContain('2')
      if (wrong !== '') expect(told).not.toContain(wrong)
    }
  })

  it('refuses the same key twice and takes base64url', () => {
    expect(() => readKeyring(`${OLD},${OLD}`)).toThrow(/twice/)
    const url = Buffer.from(NEW, 'base64').toString('base64url')
    expect(readKeyring(url).active.id).toBe(readKeyring(NEW).active.id)
  })
})
