/** What cures forbid to change stays, and only what they call right as it is goes again unchanged. */
import { describe, expect, it } from 'vitest'
import { goesUnchanged, keptFields, keptFieldsOf } from '../../src/catalogue/cause-changes.ts'
import { causeFields } from '../../src/catalogue/cause-fields.ts'
import { causes } from '../../src/catalogue/causes/index.ts'
import { getDeclaration } from '../../src/catalogue/index.ts'
import { shapeOf } from '../../src/codec/shape.ts'

describe('fields that stay', () => {
  it('are head fields of the kinds they are named for', () => {
    for (const [cause, kinds] of Object.entries(keptFields))
      for (const [kind, names] of Object.entries(kinds))
        for (const name of names)
          expect(
            shapeOf(getDeclaration(kind)).head.byName.has(name),
            `${cause} ${kind} ${name}`,
          ).toBe(true)
  })

  it('are those of every cause whose cure forbids another identity, and of no other', () => {
    const forbidding = Object.entries(causes).flatMap(([name, { cure }]) =>
      cure.zh.includes('不要换他人身份') ? [name] : [],
    )
    expect(Object.keys(keptFields).toSorted()).toEqual(forbidding.toSorted())
  })

  it('are all fields that such a cause is about', () => {
    for (const cause of ['yearly-limit', 'quota-exceeded'] as const)
      for (const field of causeFields[cause] ?? [])
        for (const [kind, name] of Object.entries(field))
          expect(keptFieldsOf(cause, kind)).toContain(name)
    expect(keptFieldsOf('buyer-differs-on-list', 'CEB621')).toEqual([])
    expect(keptFieldsOf(undefined, 'CEB621')).toEqual([])
    expect(keptFieldsOf('toString', 'CEB621')).toEqual([])
  })
})

describe('what goes again unchanged', () => {
  it('is about no field, and leaves nothing to be read', () => {
    for (const [name, { asksToRead }] of Object.entries(causes))
      if (goesUnchanged(name)) {
        expect(Object.keys(causeFields), name).not.toContain(name)
        expect(asksToRead, name).toBeUndefined()
      }
  })

  it('holds for every cure that says so', () => {
    for (const [name, { cure }] of Object.entries(causes))
      if (/内容不变|原样重发/.test(cure.zh)) expect(goesUnchanged(name), name).toBe(true)
    expect(goesUnchanged('data')).toBe(false)
    expect(goesUnchanged(undefined)).toBe(false)
  })
})
