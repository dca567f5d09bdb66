/** Packing: caps, one kind and one sender a message, and the same messages whatever the order. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { getDeclaration } from '../../src/catalogue/index.ts'
import { pack } from '../../src/flow/pack.ts'
import { derivedId } from '../../src/kernel/ids.ts'

const documents = fc
  .array(
    fc.record({ kind: fc.constantFrom('CEB311', 'CEB621'), senderId: fc.constantFrom('a', 'b') }),
    { maxLength: 350 },
  )
  .map((list) => list.map((item, i) => ({ ...item, version: 1, id: derivedId('d', String(i)) })))

describe('packing', () => {
  it('keeps every document once, within the cap, unmixed, whatever the order of arrival', () => {
    fc.assert(
      fc.property(documents, fc.nat(), (list, turn) => {
        const packs = pack(getDeclaration, list)
        expect(packs.flatMap((item) => item.documents.map(({ id }) => id)).sort()).toEqual(
          list.map(({ id }) => id).sort(),
        )
        for (const item of packs) {
          expect(item.documents.length).toBeLessThanOrEqual(100)
          for (const document of item.documents) {
            expect(document.kind).toBe(item.kind)
            expect(document.senderId).toBe(item.senderId)
          }
        }
        const cut = list.length === 0 ? 0 : turn % list.length
        const turned = [...list.slice(cut), ...list.slice(0, cut)].reverse()
        const ids = (of: typeof packs) => of.map((item) => item.id).sort()
        expect(ids(pack(getDeclaration, turned))).toEqual(ids(packs))
      }),
      { numRuns: 60 },
    )
  })
})
