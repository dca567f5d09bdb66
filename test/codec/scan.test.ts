/**
 * The two readers must be one: whatever the quick scan takes, the thorough reader reads alike. And
 * what either takes for XML must be XML in the eyes of libxml2.
 */
import { describe, expect, it } from 'vitest'
import { findMessage } from '../../src/catalogue/index.ts'
import { readMessage, readThoroughly } from '../../src/codec/read.ts'
import { scanMessage } from '../../src/codec/scan.ts'
import { decodeXml } from '../../src/codec/xml-text.ts'
import { seeded } from '../support/documents.ts'
import { malformation } from '../support/schemas.ts'
import { sound, spoilt } from '../support/xml-mutants.ts'

const encoder = new TextEncoder()
const SOUND = 400
const SPOILT = 2_500

const decoded = (text: string): string | undefined => {
  const result = decodeXml(encoder.encode(text))
  return result.kind === 'text' ? result.text : undefined
}

describe('scanMessage', () => {
  it('takes every regular message, whatever its prefix and layout, and reads it alike', () => {
    for (let seed = 0; seed < SOUND; seed += 1) {
      const text = decoded(sound(seeded(seed))) ?? ''
      const scanned = scanMessage(text, findMessage)
      expect({ seed, scanned }).toEqual({ seed, scanned: expect.anything() })
      expect({ kind: 'message', message: scanned }).toEqual(readThoroughly(text))
    }
  })

  it('reads a spoilt message as the other does, or leaves it to the other', () => {
    let scans = 0
    for (let seed = 0; seed < SPOILT; seed += 1) {
      const text = decoded(spoilt(seeded(seed)))
      const scanned = text === undefined ? undefined : scanMessage(text, findMessage)
      if (text === undefined || scanned === undefined) continue
      scans += 1
      expect({ seed, result: { kind: 'message', message: scanned } }).toEqual({
        seed,
        result: readThoroughly(text),
      })
    }
    expect(scans).toBeGreaterThan(SPOILT / 50)
  })
})

describe('readMessage', () => {
  it('takes for XML what libxml2 takes for XML, and nothing else', () => {
    const answers = new Set<string>()
    for (let seed = 0; seed < SPOILT; seed += 1) {
      const text = spoilt(seeded(SPOILT + seed))
      const bytes = encoder.encode(text)
      const result = readMessage(bytes)
      const answer = result.kind === 'message' ? 'message' : (result.faults[0]?.code ?? '')
      const isXml = malformation(bytes) === undefined
      answers.add(`${answer} ${isXml}`)
      // What is not XML is never a message; a DOCTYPE, an entity or the depth may be told first.
      if (!isXml) expect({ seed, answer }).not.toEqual({ seed, answer: 'message' })
      // Byte order marks within names are refused although XML allows them.
      else if (!text.includes('\ufeff'))
        expect({ seed, answer }).not.toEqual({ seed, answer: 'XML-MALFORMED' })
    }
    expect([...answers]).toEqual(
      expect.arrayContaining(['message true', 'XML-MALFORMED false', 'XML-NAMESPACE true']),
    )
  })
})
