/** Fields that causes name are fields of the kinds they name. */
import { expect, it } from 'vitest'
import { causeFields, LINE_NUMBER } from '../../src/catalogue/cause-fields.ts'
import { causes } from '../../src/catalogue/causes/index.ts'
import { getDeclaration } from '../../src/catalogue/index.ts'
import { shapeOf } from '../../src/codec/shape.ts'
import { troubles } from '../../src/sim/troubles.ts'

it('every field of a cause is there, and lines have the number they go together by', () => {
  for (const [cause, fields] of Object.entries(causeFields))
    for (const field of fields)
      for (const [kind, path] of Object.entries(field)) {
        const shape = shapeOf(getDeclaration(kind))
        const [group = '', name] = path.split('/')
        const of = name === undefined ? shape.head : shape.byName.get(group)
        expect(of?.byName.has(name ?? path), `${cause} ${kind} ${path}`).toBe(true)
        if (name !== undefined) expect(of?.byName.has(LINE_NUMBER), `${kind} ${group}`).toBe(true)
      }
})

it('every trouble of the simulator has a cause that is known', () => {
  for (const { cause } of troubles) expect(Object.keys(causes)).toContain(cause)
})
