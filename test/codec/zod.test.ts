/** The OpenAPI description of a document says what the check says, as far as it can say it. */
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { messages } from '../../src/catalogue/index.ts'
import type { Message } from '../../src/catalogue/message.ts'
import { shapeOf } from '../../src/codec/shape.ts'
import { zodOf } from '../../src/codec/zod.ts'
import { generateDocument, seeded } from '../support/documents.ts'

const entries: readonly Message[] = messages

describe('zodOf', () => {
  it.each(entries.map((entry) => [entry.code, entry] as const))(
    '%s: takes valid documents, refuses unknown and missing fields',
    (_, entry) => {
      const schema = zodOf(entry)
      for (let seed = 0; seed < 20; seed += 1) {
        const document = generateDocument(entry, seeded(seed), { shape: 'minimal' })
        expect(schema.safeParse(document).error).toBeUndefined()
        expect(schema.safeParse({ ...document, other: 'x' }).success).toBe(false)
      }
      expect(schema.safeParse({}).success).toBe(false)
    },
  )

  it.each(entries.map((entry) => [entry.code, entry] as const))(
    '%s: describes every field with its Chinese name and an example',
    (_, entry) => {
      const text = JSON.stringify(z.toJSONSchema(zodOf(entry)))
      for (const group of shapeOf(entry).groups)
        for (const { name, field } of group.fields) {
          expect(text).toContain(`"${name}":{`)
          expect(text).toContain(field.zh)
        }
      expect(text).toContain('"example":')
    },
  )
})
