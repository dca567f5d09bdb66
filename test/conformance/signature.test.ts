/** Our schema of the signature against the official one of the W3C. */
import { describe, expect, it } from 'vitest'
import { order } from '../../src/catalogue/messages/order.ts'
import { generateDocument, seeded } from '../support/documents.ts'
import { dummySignature, generateHead, signedMessage } from '../support/messages.ts'
import { ours } from './mutants.ts'
import { isThere, officialReferee } from './official.ts'

const SEED = 202208

describe.skipIf(!isThere)('the official schema of signatures', () => {
  it('judges spoilt signatures as ours does', () => {
    const official = officialReferee('import')
    const random = seeded(SEED)
    const own = ours(order)
    const xml = signedMessage(order, [generateDocument(order, random)], generateHead(order, random))
    const pieces = dummySignature.match(/<[^>]+>|[^<]+/g) ?? []
    let refused = 0
    for (let i = 0; i < pieces.length; i += 1) {
      for (const spoilt of spoiltPieces(pieces, i)) {
        const spoiltXml = xml.replace(dummySignature, spoilt)
        const theirs = official.refusal(spoiltXml) === undefined
        expect({ spoilt, accepted: own.refusal(spoiltXml) === undefined }).toEqual({
          spoilt,
          accepted: theirs,
        })
        if (!theirs) refused += 1
      }
    }
    expect(refused).toBeGreaterThan(10)
  })
})

/** The signature with one piece dropped, doubled, renamed, or its attribute taken away. */
const spoiltPieces = (pieces: readonly string[], i: number): readonly string[] => {
  const changed = (piece: string): string =>
    pieces.map((old, k) => (k === i ? piece : old)).join('')
  const piece = pieces[i] ?? ''
  if (!piece.startsWith('<')) return [changed(''), changed('=!'), changed(`${piece} `)]
  const name = /^<(ds:\w+)/.exec(piece)?.[1]
  if (name === undefined) return []
  const close = pieces.findIndex((other, k) => k > i && other === `</${name}>`)
  const inner = pieces.slice(i, close + 1).join('')
  const all = pieces.join('')
  return [
    all.replace(inner, ''),
    all.replace(inner, inner + inner),
    all.replaceAll(name, 'ds:Other'),
    changed(piece.replace(/ (?:Algorithm|URI)="[^"]*"/, '')),
    changed(piece.replace('>', ' Id="x">')),
    all.replace(inner, `${inner}<x:any xmlns:x="urn:x"/>`),
  ]
}
