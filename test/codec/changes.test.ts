/** Differences of two documents and changes of one are inverse; masks show too little to go by. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { declarations } from '../../src/catalogue/index.ts'
import {
  changeDocument,
  documentDifferences,
  documentPlaces,
  isPersonal,
  maskedValue,
} from '../../src/codec/changes.ts'
import { generateDocument, seeded } from '../support/documents.ts'

describe('differences of a document of any kind', () => {
  it('put into the older one give the newer one, as far as both have the places', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...declarations),
        fc.nat(),
        fc.array(fc.tuple(fc.nat(), fc.string({ maxLength: 12 })), { maxLength: 8 }),
        (entry, seed, edits) => {
          const before = generateDocument(entry, seeded(seed), { shape: 'maximal' })
          const places = [...documentPlaces(before).keys()]
          const changes = edits.map(([at, after]) => ({
            pointer: places[at % places.length] ?? '',
            after,
          }))
          const after = changeDocument(before, changes)
          const found = documentDifferences(before, after)
          expect(changeDocument(before, found)).toEqual(after)
          expect(documentDifferences(after, changeDocument(before, found))).toEqual([])
          const changed = new Map(changes.map(({ pointer, after: value }) => [pointer, value]))
          const expected = [...changed].filter(
            ([pointer, value]) => documentPlaces(before).get(pointer) !== value,
          )
          expect(new Map(found.map((each) => [each.pointer, each.after]))).toEqual(
            new Map(expected),
          )
        },
      ),
    )
  })

  it('taken back give the older one again, places that went away included', () => {
    const [entry] = declarations
    if (entry === undefined) throw new Error('no declarations')
    const before = generateDocument(entry, seeded(1), { shape: 'maximal' })
    const pointer = [...documentPlaces(before).keys()].at(-1) ?? ''
    const after = changeDocument(before, [{ pointer, after: null }])
    const [found] = documentDifferences(before, after)
    expect(found).toMatchObject({ pointer, after: null })
    expect(documentDifferences(after, before)).toEqual([
      { pointer, before: null, after: found?.before ?? '' },
    ])
  })
})

describe('a masked value', () => {
  it('keeps at least half of it back, and never tells how long it is', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 2, unit: 'grapheme' }), (value) => {
        const signs = [...value].length
        const shown = [...maskedValue(value)].length - 3
        expect(shown).toBeLessThanOrEqual(Math.max(1, signs / 2))
        expect(shown).toBeLessThanOrEqual(8)
      }),
    )
  })

  it('is that of every field the catalogue calls personal', () => {
    for (const entry of declarations) {
      const document = generateDocument(entry, seeded(2), { shape: 'maximal' })
      const shape = JSON.stringify(entry.body)
      const found = [...documentPlaces(document).keys()].some((at) => isPersonal(entry, at))
      expect(found, entry.code).toBe(shape.includes('"sensitive":true'))
    }
  })
})
