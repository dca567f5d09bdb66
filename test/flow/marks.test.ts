/**
 * Marks against the comparison itself: whatever is drawn, documents have the same marks where nothing
 * differs, and other ones where something does.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { getDeclaration } from '../../src/catalogue/index.ts'
import { matchFields, matchLines } from '../../src/catalogue/match-fields.ts'
import type { AnyDocument, FieldRecord } from '../../src/catalogue/message.ts'
import { ruleCodes } from '../../src/catalogue/rules/index.ts'
import { comparedOf } from '../../src/flow/compared.ts'
import { marksOf, placesOf } from '../../src/flow/marks.ts'
import { compareConsignment } from '../../src/rules/consignment.ts'
import { readKeyring } from '../../src/store/keyring.ts'
import { createSealer } from '../../src/store/seal.ts'
import { consignment } from '../sim/office.ts'

const sealer = createSealer(readKeyring(Buffer.alloc(32, 7).toString('base64')))

const differByMarks = (documents: readonly (readonly [string, AnyDocument])[]): boolean => {
  const marks = documents.map(([kind, document]) =>
    marksOf(getDeclaration(kind), document, sealer).slice(1, -1).split(','),
  )
  return placesOf(new Set(ruleCodes)).some((place) => {
    const said = marks.map((each) => each[place - 1]).filter((mark) => mark !== 'NULL')
    return new Set(said).size > 1
  })
}

const differByRules = (documents: readonly (readonly [string, AnyDocument])[]): boolean =>
  compareConsignment(
    new Map(documents.map(([kind, each]) => [kind, comparedOf(getDeclaration(kind), each)])),
  ).some(({ verdict, places }) => verdict === 'differs' && Object.keys(places).length > 1)

/** A value that is the same, written otherwise, another, or none. */
const changes = fc.constantFrom('same', 'zeros', 'other', 'none')
type Change = 'same' | 'zeros' | 'other' | 'none'

const changed = (record: FieldRecord, field: string, change: Change): FieldRecord => {
  const { [field]: value, ...rest } = record
  if (value === undefined || change === 'same') return record
  if (change === 'none') return rest
  const isNumber = /^\d+(\.\d+)?$/.test(value) && !/^0\d|^1\d{10}|^\d{17}/.test(value)
  if (change === 'zeros')
    return isNumber ? { ...rest, [field]: `${value}${value.includes('.') ? '' : '.'}00` } : record
  return { ...rest, [field]: isNumber ? `${Number(value) + 1}` : `${value}·` }
}

describe('marks', () => {
  const parts = (n: number) => {
    const { order, payment, waybill, list } = consignment(n)
    const all: Record<string, AnyDocument> = {
      ...{ CEB311: order, CEB411: payment, CEB511: waybill, CEB621: list },
    }
    return all
  }
  const heads = matchFields
    .flatMap(({ sides, as }) => sides.map(([kind, field]) => ({ kind, field, as })))
    .filter(({ kind }) => kind in parts(1))
  const lines = matchLines.flatMap(({ sides, fields }) =>
    sides.flatMap(([kind, group], side) =>
      fields.map(({ names, as }) => ({ kind, group, field: names[side] ?? '', as })),
    ),
  )

  it('differ exactly where the documents do', () => {
    const spots = fc.oneof(
      fc.constantFrom(...heads.map((spot) => ({ ...spot, group: undefined }))),
      fc.constantFrom(...lines.filter(({ kind }) => kind in parts(1))),
    )
    fc.assert(
      fc.property(fc.nat(50), fc.array(fc.tuple(spots, changes), { maxLength: 3 }), (n, all) => {
        const documents = parts(n + 1)
        for (const [{ kind, group, field, as }, change] of all) {
          const document = documents[kind] ?? {}
          // Only numbers may be written otherwise and stay the same.
          const wanted = change === 'zeros' && as === 'text' ? 'same' : change
          // A required field is never left out of a document that was taken.
          const fit = wanted === 'none' && isRequired(kind, group, field) ? 'same' : wanted
          const name = group ?? Object.keys(document)[0] ?? ''
          const found = document[name]
          documents[kind] = {
            ...document,
            [name]: Array.isArray(found)
              ? found.map((line, i) => (i === 0 ? changed(line, field, fit) : line))
              : changed(found as FieldRecord, field, fit),
          }
        }
        const listed = Object.entries(documents)
        expect(differByMarks(listed)).toBe(differByRules(listed))
      }),
      { numRuns: 300 },
    )
  })

  it('do not depend on the order in which lines stand', () => {
    const n = [...Array(20).keys()].find((each) => consignment(each).list.InventoryList.length > 1)
    const { CEB621: list = {}, CEB311: order = {} } = parts(n ?? 0)
    const turned = { ...list, InventoryList: [...(list.InventoryList as FieldRecord[])].reverse() }
    expect((turned.InventoryList as FieldRecord[]).length).toBeGreaterThan(1)
    expect(
      differByMarks([
        ['CEB311', order],
        ['CEB621', turned],
      ]),
    ).toBe(false)
  })

  it('of other keys are others', () => {
    const { CEB411: payment = {} } = parts(1)
    const other = createSealer(readKeyring(Buffer.alloc(32, 8).toString('base64')))
    const entry = getDeclaration('CEB411')
    expect(marksOf(entry, payment, other)).not.toBe(marksOf(entry, payment, sealer))
  })
})

const isRequired = (kind: string, group: string | undefined, field: string): boolean => {
  const { body } = getDeclaration(kind)
  if ('fields' in body) return body.fields[field]?.required === true
  const found = group === undefined ? Object.values(body.groups)[0] : body.groups[group]
  return found?.fields[field]?.required === true
}
