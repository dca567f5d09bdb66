/**
 * Our check and our published schema must give the same answer, but for what the check asks on
 * purpose beyond the schema; such places are listed, so that no other difference slips in.
 */
import { describe, expect, it } from 'vitest'
import { messages } from '../../src/catalogue/index.ts'
import type { AnyDocument, Message } from '../../src/catalogue/message.ts'
import { order } from '../../src/catalogue/messages/order.ts'
import { checkDocument } from '../../src/codec/check.ts'
import { strictnessOf } from '../../src/codec/differences.ts'
import { perEntry, shapeOf } from '../../src/codec/shape.ts'
import { xsdOf } from '../../src/codec/xsd.ts'
import { signatureXsd } from '../../src/codec/xsd-signature.ts'
import { type Fault, refuses } from '../../src/kernel/fault.ts'
import { generateDocument, pick, type Random, seeded } from '../support/documents.ts'
import { dummySignature, generateHead, textOfTree, treeOf } from '../support/messages.ts'
import { type Referee, refereeOf } from '../support/schemas.ts'

const entries: readonly Message[] = messages
const each = entries.map((entry) => [entry.code, entry] as const)
const MUTANTS = 300

const referee = perEntry(
  (entry: Message): Referee =>
    refereeOf({ 'main.xsd': xsdOf(entry), 'xmldsig.xsd': signatureXsd() }, 'main.xsd'),
)

/** Every element as it stands in the document, empty ones too, unlike our writer. */
const verbatim = (entry: Message, document: AnyDocument): string =>
  textOfTree(
    treeOf(entry, [document], generateHead(entry, seeded(1))),
    entry.sort === 'declaration' ? dummySignature : '',
  )

const accepts = (entry: Message, document: AnyDocument): boolean =>
  referee(entry).refusal(verbatim(entry, document)) === undefined

/** Whether the check refuses on purpose what the schema takes, by the list of such places. */
const purposeOf =
  (entry: Message, document: AnyDocument) =>
  (fault: Fault): boolean => {
    if (!refuses([fault])) return true
    const path = fault.pointer.split('/').slice(1)
    const value = path.reduce<unknown>((inner, token) => Object(inner)[token], document)
    return strictnessOf(entry, fault, typeof value === 'string' ? value : undefined) !== undefined
  }

describe('xsdOf', () => {
  it.each(each)('%s: whatever the check takes, the schema takes', (_, entry) => {
    const random = seeded(41)
    let taken = 0
    for (let i = 0; i < MUTANTS; i += 1) {
      const { faults, document } = checkDocument(entry, mutant(entry, random))
      if (refuses(faults)) continue
      taken += 1
      // What customs sends is read more widely than it is written.
      if (!accepts(entry, document)) expect(readWider(entry, document)).toBe(true)
    }
    expect(taken).toBeGreaterThan(MUTANTS / 20)
  })

  it.each(each)(
    '%s: whatever the check refuses, the schema refuses, save on purpose',
    (_, entry) => {
      const random = seeded(42)
      let refused = 0
      for (let i = 0; i < MUTANTS; i += 1) {
        const document = mutant(entry, random)
        const { faults } = checkDocument(entry, document)
        if (faults.every(purposeOf(entry, document))) continue
        refused += 1
        const codes = faults.map((fault) => fault.code)
        expect({ codes, accepted: accepts(entry, document) }).toEqual({ codes, accepted: false })
      }
      expect(refused).toBeGreaterThan(MUTANTS / 20)
    },
  )

  it('leaves to the check what the official schema leaves open, case by case', () => {
    const valid = generateDocument(order, seeded(43), { shape: 'minimal', lines: 1 })
    const lone = (name: string, value: string) => ({
      ...valid,
      OrderHead: { ...Object(valid.OrderHead), [name]: value },
    })
    const cases = [
      ['NOT_ALLOWED', lone('appType', '9')],
      ['NOT_A_TIME', lone('appTime', '20230229000000')],
      ['EMPTY', lone('buyerName', ' ')],
      ['NOT_DECIMAL', lone('freight', '+.5')],
      ['TOO_MANY_DIGITS', lone('freight', '1.500000')],
    ] as const
    for (const [word, document] of cases) {
      expect(checkDocument(order, document).faults.map((fault) => fault.code)).toEqual([
        expect.stringMatching(new RegExp(`-${word}$`)),
      ])
      expect(accepts(order, document)).toBe(true)
    }
  })
})

/** With the longer of two published lengths, and with fields that only the text has. */
const readWider = (entry: Message, document: AnyDocument): boolean => {
  const { name: group, fields } = shapeOf(entry).head
  const head: Readonly<Record<string, unknown>> = Object(
    group === undefined ? document : document[group],
  )
  return (
    entry.sort !== 'declaration' &&
    fields.some(
      ({ name, field }) =>
        (field.textOnly === true && name in head) ||
        (field.readMax !== undefined &&
          [...String(head[name])].length !== (field.length ?? field.max)),
    )
  )
}

const values = (old: string, random: Random): string => {
  const length = [...old].length
  return pick(random, [
    '',
    ' ',
    'x',
    '0',
    '-1',
    '+1',
    '1.5',
    '1.',
    '.5',
    '1e5',
    '9'.repeat(10),
    '9'.repeat(20),
    '1.123456',
    '2147483648',
    `${old}x`,
    old.slice(1),
    'x'.repeat(1001),
    'x'.repeat(length),
    '重'.repeat(length + 1),
    '😀'.repeat(length),
    '1'.repeat(length),
    'x'.repeat(pick(random, [2, 3, 4, 6, 8, 14, 17, 18, 19, 30, 36, 60, 100, 200, 250, 510, 1000])),
  ])
}

/** A valid document with one or two fields changed, dropped or added. */
const mutant = (entry: Message, random: Random): AnyDocument => {
  const document = JSON.parse(
    JSON.stringify(generateDocument(entry, random, { lines: 2 })),
  ) as Record<string, Record<string, string> | Record<string, string>[]>
  const shape = shapeOf(entry)
  const changes = 1 + Math.floor(random() * 2)
  for (let i = 0; i < changes; i += 1) {
    const group = pick(
      random,
      shape.groups.filter(({ name }) => name === undefined || name in document),
    )
    const value = group.name === undefined ? document : document[group.name]
    const record = (Array.isArray(value) ? pick(random, value) : value) as Record<string, string>
    const { name } = pick(random, group.fields)
    if (random() < 0.15) delete record[name]
    else record[name] = values(record[name] ?? 'x', random)
  }
  return inWireOrder(entry, document)
}

/** An added field must not stand last: the test is about values, not about order. */
const inWireOrder = (
  entry: Message,
  document: Record<string, Record<string, string> | Record<string, string>[]>,
): AnyDocument => {
  const shape = shapeOf(entry)
  const order = (record: Record<string, string>, names: readonly string[]) =>
    Object.fromEntries(
      names.flatMap((name) => (name in record ? [[name, record[name] ?? '']] : [])),
    )
  const names = (group: (typeof shape.groups)[number]) => group.fields.map((field) => field.name)
  if (shape.flat) return order(document as unknown as Record<string, string>, names(shape.head))
  return Object.fromEntries(
    shape.groups.flatMap((group) => {
      const value = document[group.name ?? '']
      if (value === undefined) return []
      const ordered = Array.isArray(value)
        ? value.map((record) => order(record, names(group)))
        : order(value, names(group))
      return [[group.name ?? '', ordered]]
    }),
  )
}
