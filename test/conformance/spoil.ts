/**
 * Valid messages spoilt in one place each: a part dropped, repeated, moved, renamed or added, a
 * value emptied, too long or of another type, an attribute where none belongs. The tree stays at
 * hand, so that a test can ask what stood where.
 */
import type { Message } from '../../src/catalogue/message.ts'
import { generateDocument, pick, type Random } from '../support/documents.ts'
import {
  dummySignature,
  generateHead,
  type Node,
  node,
  textOfTree,
  treeOf,
} from '../support/messages.ts'

export interface Mutant {
  readonly xml: string
  readonly how: string
  readonly root: Node
  readonly signed: boolean
}

const XSI = 'http://www.w3.org/2001/XMLSchema-instance'

/** One mutant; with `signs` always signed, otherwise in four cases of five. */
export const spoilt = (entry: Message, random: Random): Mutant => {
  const shape = random() < 0.3 ? 'minimal' : 'random'
  const documents = [generateDocument(entry, random, { shape, lines: 3 })]
  const root = treeOf(entry, documents, generateHead(entry, random))
  const [how, spoil] = pick(random, spoilers)
  spoil(root, random)
  const signed = entry.sort === 'declaration' && random() < 0.8
  const xml = textOfTree(root, signed ? dummySignature : '')
  return { xml, how: `${how}, signed ${signed}`, root, signed }
}

/** Text at a JSON Pointer into the first document or the trailer, as it stands in the message. */
export const textAt = (root: Node, entry: Message, pointer: string): string | undefined => {
  const [document] = childrenOf(root).filter((child) => child.name === entry.node)
  const path = pointer.split('/').slice(1)
  let here: Node | undefined = path[0]?.startsWith('Base') === true ? root : document
  for (let i = 0; i < path.length && here !== undefined; i += 1) {
    const same: readonly Node[] = childrenOf(here).filter((child) => child.name === path[i])
    const place = Number(path[i + 1])
    const isPlace = Number.isInteger(place)
    here = same[isPlace ? place : 0]
    if (isPlace) i += 1
  }
  return typeof here?.content === 'string' ? here.content : undefined
}

/** Every text of the message. */
export const textsOf = (root: Node): readonly string[] =>
  leaves(root).map((leaf) => leaf.content as string)

const childrenOf = (parent: Node): readonly Node[] =>
  typeof parent.content === 'string' ? [] : parent.content

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

/** Lengths that some field of the standard has for a bound, and one more. */
const lengths = [
  1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 13, 14, 15, 17, 18, 19, 20, 21, 30, 31, 32, 33, 36, 37, 38, 50,
  51, 60, 61, 64, 65, 100, 101, 200, 201, 250, 251, 255, 256, 500, 501, 510, 511, 1000, 1001, 5001,
]

const numbers = [
  ...['1', '-1', '+1', '0', '-0', '+0', '00', '007', '1.5', '1.', '.5', '-.5', '1e5', ' 7 ', '7\t'],
  ...['1.123456', '1.12345', '1.10000', '1.100000', '0.000001', '000000000000000000000.5'],
  ...['12345678901234.12345', '123456789012345.12345', '1234567890123456789'],
  ...['12345678901234567890', '99999', '100000', '999999999', '1000000000', '0000000001'],
  ...[
    '2147483647',
    '2147483648',
    '-2147483648',
    '-2147483649',
    'NaN',
    'INF',
    '1,000',
    '0x10',
    '１',
  ],
]

const moments = ['20240229', '20230229', '20240618093015', '20240618240000', '20240618093015123']

type Spoil = (root: Node, random: Random) => void

const spoilers: readonly (readonly [string, Spoil])[] = [
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
  [
    'attribute of a schema',
    (root, random) => {
      root.attributes['xmlns:xsi'] = XSI
      childOf(root, random).child.attributes = { 'xsi:noNamespaceSchemaLocation': 'x' }
    },
  ],
  ['emptied', setLeaf(() => '')],
  ['blank', setLeaf((_, random) => pick(random, [' ', '\t', '   ', '\n ', '　']))],
  ['blank behind', setLeaf((old, random) => `${old}${pick(random, [' ', '\t', '\n'])}`)],
  ['blank before', setLeaf((old, random) => `${pick(random, [' ', '\t'])}${old}`)],
  ['blanks within', setLeaf((old) => [...old].join('  ').slice(0, 1200))],
  ['one longer', setLeaf((old) => `${old}x`)],
  ['one character shorter', setLeaf((old) => [...old].slice(1).join(''))],
  ['very long', setLeaf((old) => old + 'x'.repeat(1100))],
  ['some length', setLeaf((_, random) => '重'.repeat(pick(random, lengths)))],
  ['some digits', setLeaf((_, random) => '1'.repeat(pick(random, lengths)))],
  ['astral characters', setLeaf((old) => '😀'.repeat([...old].length))],
  ['a number', setLeaf((_, random) => pick(random, numbers))],
  ['a moment', setLeaf((_, random) => pick(random, moments))],
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
      const value = pick(random, [
        ...['', 'x', 'v1.0', 'x'.repeat(35), 'x'.repeat(36), 'x'.repeat(11)],
        ...['😀'.repeat(18), '😀'.repeat(36), '😀'.repeat(10)],
      ])
      root.attributes[name] = value
      if (random() < 0.3) delete root.attributes[name]
    },
  ],
]
