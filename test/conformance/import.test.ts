/**
 * Against the official schemas and samples of 202205: what we read, write and publish as schemas
 * must be what the standard says.
 */
import { afterAll, describe, expect, it } from 'vitest'
import { messages } from '../../src/catalogue/index.ts'
import type { Message } from '../../src/catalogue/message.ts'
import { checkDocument } from '../../src/codec/check.ts'
import { readMessage } from '../../src/codec/read.ts'
import { perEntry } from '../../src/codec/shape.ts'
import { xsdOf } from '../../src/codec/xsd.ts'
import { signatureXsd } from '../../src/codec/xsd-signature.ts'
import { generateDocument, pick, type Random, seeded } from '../support/documents.ts'
import {
  dummySignature,
  generateHead,
  type Node,
  node,
  signedMessage,
  textOfTree,
  treeOf,
} from '../support/messages.ts'
import { type Referee, refereeOf } from '../support/schemas.ts'
import { isThere, officialReferee, officialSample } from './official.ts'

const SEED = 202205
const DOCUMENTS_PER_KIND = 1_000
const MUTANTS_PER_KIND = 600

const entries: readonly Message[] = messages
let checked = 0

const ours = perEntry(
  (entry: Message): Referee =>
    refereeOf({ 'main.xsd': xsdOf(entry), 'xmldsig.xsd': signatureXsd() }, 'main.xsd'),
)

describe.skipIf(!isThere)('official 202205 schemas and samples', () => {
  const official = isThere ? officialReferee('import') : undefined
  const refusal = (xml: string): string | undefined => official?.refusal(xml)

  afterAll(() =>
    console.log(`conformance: ${checked} messages checked against the official schema`),
  )

  it.each(entries.map((entry) => [entry.code, entry] as const))(
    '%s: its official sample is read, passes the check, and is written again validly',
    (code, entry) => {
      const sample = officialSample(code)
      if (sample === undefined) {
        console.log(`conformance: no official sample of ${code} is at hand`)
        return
      }
      const result = readMessage(sample)
      if (result.kind !== 'message') throw new Error(JSON.stringify(result.faults))
      expect(result.message.faults).toEqual([])
      const documents = result.message.documents.map((read) => {
        const judged = checkDocument(entry, read.document)
        expect([...read.faults, ...judged.faults]).toEqual([])
        return judged.document
      })
      expect(documents.length).toBeGreaterThan(0)
      const written = signedMessage(entry, documents, generateHead(entry, seeded(SEED)))
      expect(refusal(written)).toBeUndefined()
      expect(ours(entry).refusal(written)).toBeUndefined()
      checked += 1
    },
  )

  it.each(entries.map((entry) => [entry.code, entry] as const))(
    `%s: ${DOCUMENTS_PER_KIND} generated documents are written as the official schema wants them`,
    (_, entry) => {
      const random = seeded(SEED)
      for (let i = 0; i < DOCUMENTS_PER_KIND; i += 1) {
        const shape = i === 0 ? 'minimal' : i === 1 ? 'maximal' : 'random'
        const documents = [generateDocument(entry, random, { shape, lines: i < 3 ? 99 : 4 })]
        expect(checkDocument(entry, documents[0]).faults).toEqual([])
        const xml = signedMessage(entry, documents, generateHead(entry, random))
        expect(refusal(xml)).toBeUndefined()
        checked += 1
      }
    },
  )

  it.each(entries.map((entry) => [entry.code, entry] as const))(
    `%s: our schema and the official one judge ${MUTANTS_PER_KIND} spoilt messages alike`,
    (_, entry) => {
      const random = seeded(SEED + 1)
      const own = ours(entry)
      let refused = 0
      for (let i = 0; i < MUTANTS_PER_KIND; i += 1) {
        const { xml, how } = mutant(entry, random)
        const theirs = refusal(xml)
        const refusedByUs = own.refusal(xml) !== undefined
        // How and xml only tell what happened when the two differ.
        expect({ how, xml, refused: refusedByUs }).toEqual({
          how,
          xml,
          refused: theirs !== undefined,
        })
        if (theirs !== undefined) refused += 1
        checked += 1
      }
      // A test of refusals that refuses nothing would prove nothing.
      expect(refused).toBeGreaterThan(MUTANTS_PER_KIND / 4)
      expect(refused).toBeLessThan(MUTANTS_PER_KIND)
    },
  )

  it.each(entries.map((entry) => [entry.code, entry] as const))(
    '%s: both schemas hold to the same number of documents and lines',
    (_, entry) => {
      const random = seeded(SEED + 2)
      const own = ours(entry)
      const head = generateHead(entry, random)
      const one = generateDocument(entry, random, { shape: 'minimal' })
      for (const count of [0, 1, entry.nodeMax, entry.nodeMax + 1]) {
        if (!Number.isFinite(count)) continue
        const xml = signedMessage(entry, Array(count).fill(one), head)
        expect(refusal(xml) === undefined).toBe(count >= 1 && count <= entry.nodeMax)
        expect(own.refusal(xml) === undefined).toBe(refusal(xml) === undefined)
      }
      for (const [name, value] of Object.entries(one)) {
        if (!Array.isArray(value)) continue
        for (const count of [0, 1, 98, 99, 100]) {
          const document = { ...one, [name]: Array(count).fill(value[0]) }
          const xml = signedMessage(entry, [document], head)
          expect(own.refusal(xml) === undefined).toBe(refusal(xml) === undefined)
        }
      }
    },
  )

  it('our signature schema and the official one judge spoilt signatures alike', () => {
    const entry = messages[0]
    const random = seeded(SEED + 3)
    const own = ours(entry)
    const xml = signedMessage(entry, [generateDocument(entry, random)], generateHead(entry, random))
    const pieces = dummySignature.match(/<[^>]+>|[^<]+/g) ?? []
    let refused = 0
    for (let i = 0; i < pieces.length; i += 1) {
      for (const spoilt of spoiltPieces(pieces, i)) {
        const spoiltXml = xml.replace(dummySignature, spoilt)
        const theirs = refusal(spoiltXml) === undefined
        expect({ spoilt, accepted: own.refusal(spoiltXml) === undefined }).toEqual({
          spoilt,
          accepted: theirs,
        })
        if (!theirs) refused += 1
        checked += 1
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

interface Mutant {
  readonly xml: string
  readonly how: string
}

const mutant = (entry: Message, random: Random): Mutant => {
  const documents = [generateDocument(entry, random, { lines: 3 })]
  const root = treeOf(entry, documents, generateHead(entry, random))
  const [how, spoil] = pick(random, spoilers)
  spoil(root, random)
  const signs = entry.sort === 'declaration' && random() < 0.8
  return { xml: textOfTree(root, signs ? dummySignature : ''), how: `${how}, signed ${signs}` }
}

const parents = (root: Node): Node[] =>
  typeof root.content === 'string' ? [] : [root, ...root.content.flatMap(parents)]

const leaves = (root: Node): Node[] =>
  typeof root.content === 'string' ? [root] : root.content.flatMap(leaves)

const childOf = (root: Node, random: Random): { siblings: Node[]; at: number; child: Node } => {
  const parent = pick(random, parents(root))
  const siblings = parent.content as Node[]
  const child = pick(random, siblings)
  return { siblings, at: siblings.indexOf(child), child }
}

const setLeaf =
  (value: (old: string, random: Random) => string) =>
  (root: Node, random: Random): void => {
    const leaf = pick(random, leaves(root))
    leaf.content = value(leaf.content as string, random)
  }

const spoilers: readonly (readonly [string, (root: Node, random: Random) => void])[] = [
  ['left alone', () => {}],
  [
    'dropped',
    (root, random) => {
      const { siblings, at } = childOf(root, random)
      siblings.splice(at, 1)
    },
  ],
  [
    'repeated',
    (root, random) => {
      const { siblings, at, child } = childOf(root, random)
      siblings.splice(at, 0, structuredClone(child))
    },
  ],
  [
    'moved',
    (root, random) => {
      const { siblings, at, child } = childOf(root, random)
      siblings.splice(at, 1)
      siblings.splice(Math.floor(random() * (siblings.length + 1)), 0, child)
    },
  ],
  [
    'renamed',
    (root, random) => {
      childOf(root, random).child.name += 'X'
    },
  ],
  [
    'added',
    (root, random) => {
      const { siblings, at } = childOf(root, random)
      siblings.splice(at, 0, node('added', 'x'))
    },
  ],
  [
    'attribute added',
    (root, random) => {
      childOf(root, random).child.attributes = { extra: 'x' }
    },
  ],
  ['emptied', setLeaf(() => '')],
  ['blank', setLeaf(() => ' ')],
  ['one longer', setLeaf((old) => `${old}x`)],
  ['one character shorter', setLeaf((old) => [...old].slice(1).join(''))],
  ['very long', setLeaf((old) => old + 'x'.repeat(1100))],
  [
    'some length',
    setLeaf((_, random) =>
      '重'.repeat(
        pick(
          random,
          [
            1, 2, 3, 4, 6, 8, 9, 10, 11, 14, 17, 18, 19, 20, 21, 30, 31, 36, 37, 38, 50, 51, 60, 61,
            100, 101, 200, 201, 250, 251, 255, 256, 510, 511, 1000, 1001,
          ],
        ),
      ),
    ),
  ],
  ['astral characters', setLeaf((old) => '😀'.repeat([...old].length))],
  [
    'a number',
    setLeaf((_, random) =>
      pick(random, [
        '1',
        '-1',
        '+1',
        '0',
        '00',
        '1.5',
        '1.',
        '.5',
        '1e5',
        ' 7 ',
        '1.123456',
        '1.12345',
        '12345678901234.12345',
        '123456789012345.12345',
        '1234567890123456789',
        '12345678901234567890',
        '2147483647',
        '2147483648',
        '-2147483648',
        '999999999',
        '1000000000',
        'NaN',
        '1,000',
        '0x10',
        '１',
      ]),
    ),
  ],
  [
    'nested',
    (root, random) => {
      const leaf = pick(random, leaves(root))
      leaf.content = [node('inner', 'x')]
    },
  ],
  [
    'root attribute',
    (root, random) => {
      const name = pick(random, ['guid', 'version', 'extra'])
      const value = pick(random, ['', 'x', 'v1.0', 'x'.repeat(35), 'x'.repeat(36), 'x'.repeat(11)])
      root.attributes[name] = value
      if (random() < 0.3) delete root.attributes[name]
    },
  ],
]
