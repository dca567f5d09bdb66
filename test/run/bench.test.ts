/** The codec's benches run over every kind and name the slowest; how fast that is, is not asked here. */
import { describe, expect, it } from 'vitest'
import { findMessage, messages } from '../../src/catalogue/index.ts'
import { checkDocument } from '../../src/codec/check.ts'
import { keyOf } from '../../src/codec/document.ts'
import { benchCheck, benchCompose, benchReply } from '../../src/run/bench/codec.ts'
import { kindSamples } from '../../src/run/bench/samples.ts'

/** As short as can be. */
const times = { main: 1, kind: 1 }

describe('samples of every kind', () => {
  it('are documents without a fault, of different numbers', () => {
    const samples = kindSamples(20)
    expect(samples.map(({ entry }) => entry.code)).toEqual(messages.map(({ code }) => code))
    for (const { entry, documents } of samples) {
      for (const document of documents) expect(checkDocument(entry, document).faults).toEqual([])
      const keys = new Set(documents.map((document) => keyOf(entry, document).join()))
      expect([entry.code, keys.size]).toEqual([entry.code, documents.length])
    }
  })
})

describe('the benches of the codec', () => {
  it.each([benchCompose, benchCheck, benchReply])('$name names the slowest kind', (bench) => {
    const figures = bench(times)
    expect(findMessage(figures.slowestKind)).toBeDefined()
    expect(figures.slowestDocumentsPerSecond).toBeGreaterThan(0)
    expect(figures.documentsPerSecond).toBeGreaterThan(0)
    if (figures.name === 'compose') expect(figures.sameBytes).toBe(true)
    if (figures.name === 'reply')
      expect(findMessage(figures.slowestKind)?.sort).not.toBe('declaration')
  })
})
