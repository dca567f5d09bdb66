/**
 * The OpenAPI document: every reference leads somewhere, every kind that may be handed in has its
 * schema and examples that the gateway would take, every answer of customs an example that it reads.
 */
import { describe, expect, it } from 'vitest'
import { declarations, getDeclaration, messages } from '../../src/catalogue/index.ts'
import { checkDocument } from '../../src/codec/check.ts'
import { readMessage } from '../../src/codec/read.ts'
import { routes } from '../../src/http/app.ts'
import { readBatch, readHanded } from '../../src/http/handed.ts'
import { openApiBytes } from '../../src/http/openapi.ts'
import { problems } from '../../src/http/problems.ts'
import { intakeAnswer, problem } from '../../src/http/schemas.ts'

interface Reference {
  readonly $ref: string
}
interface Content {
  readonly schema: Reference & { readonly type?: string; readonly anyOf?: readonly Reference[] }
  readonly examples?: Readonly<Record<string, Reference>>
}
interface Operation {
  readonly requestBody?: { readonly content: Readonly<Record<string, Content>> }
  readonly responses: Readonly<
    Record<string, Reference & { readonly content?: Readonly<Record<string, Content>> }>
  >
}
interface Schema {
  readonly oneOf?: readonly Reference[]
  readonly discriminator?: { readonly propertyName: string; readonly mapping: object }
  readonly properties: Readonly<Record<string, unknown>>
}

const bytes = openApiBytes(routes, 'test', undefined)
const document = JSON.parse(new TextDecoder().decode(bytes)) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>
    readonly examples: Readonly<Record<string, { readonly value: unknown }>>
    readonly responses: Readonly<
      Record<string, { readonly content: Readonly<Record<string, Content>> }>
    >
  }
}
const operation = (path: string): Operation => {
  const found = document.paths[path]?.post
  if (found === undefined) throw new Error(`no POST ${path}`)
  return found
}
const bodyOf = (path: string, mediaType: string): Content => {
  const found = operation(path).requestBody?.content[mediaType]
  if (found === undefined) throw new Error(`${path} takes no ${mediaType}`)
  return found
}
const exampleAt = ({ $ref }: Reference): unknown =>
  document.components.examples[$ref.slice($ref.lastIndexOf('/') + 1)]?.value

describe('the OpenAPI document', () => {
  it('has no reference that leads nowhere, and no component that nothing names', () => {
    const text = JSON.stringify(document)
    const named = new Set(
      [...text.matchAll(/"#\/components\/(\w+)\/([^"]+)"/g)].map(
        ([, sort, name]) => `${sort}/${name}`,
      ),
    )
    const there = Object.entries(document.components).flatMap(([sort, components]) =>
      Object.keys(components).map((name) => `${sort}/${name}`),
    )
    expect([...named].filter((name) => !there.includes(name))).toEqual([])
    const idle = there.filter((name) => !named.has(name) && !name.startsWith('securitySchemes/'))
    expect(idle).toEqual([])
  })

  it('stays below 640 KB', () => {
    expect(bytes.length).toBeLessThan(640 * 1024)
  })

  it('tells the kinds of a batch apart by their code', () => {
    const { schema } = bodyOf('/api/v1/documents', 'application/json')
    expect(schema.anyOf?.map(({ $ref }) => $ref)).toEqual([
      '#/components/schemas/Batch',
      '#/components/schemas/MixedBatch',
    ])
    const { oneOf, discriminator } = document.components.schemas.Batch ?? {}
    expect(oneOf).toHaveLength(declarations.length)
    expect(discriminator?.propertyName).toBe('kind')
    expect(Object.keys(discriminator?.mapping ?? {})).toEqual(declarations.map(({ code }) => code))
    for (const { code, body } of declarations) {
      const groups = 'groups' in body ? body.groups : body.fields
      expect(Object.keys(document.components.schemas[code]?.properties ?? {})).toEqual(
        Object.keys(groups),
      )
    }
  })

  it.each(declarations.map((entry) => [entry.code, entry] as const))(
    '%s has a body as JSON and as XML without fault',
    (code, entry) => {
      const json = bodyOf('/api/v1/documents', 'application/json').examples?.[code]
      const handed = readHanded(json && exampleAt(json))
      if (handed.kind !== 'handed') throw new Error(JSON.stringify(handed.faults))
      for (const { kind, document: given } of handed.handed) {
        expect(kind).toBe(code)
        expect(checkDocument(entry, given).faults).toEqual([])
      }
      const xml = bodyOf('/api/v1/messages', 'application/xml').examples?.[`${code}.xml`]
      const read = readMessage(Buffer.from(String(xml && exampleAt(xml))))
      if (read.kind === 'unreadable') throw new Error(JSON.stringify(read.faults))
      expect(read.message.entry).toBe(entry)
      expect(read.message.documents).toHaveLength(1)
    },
  )

  it('has the documents of a consignment in one body, without fault', () => {
    const { examples = {} } = bodyOf('/api/v1/documents', 'application/json')
    const example = examples['a-consignment']
    const handed = readBatch(example && exampleAt(example))
    if (handed.kind !== 'handed') throw new Error(JSON.stringify(handed.faults))
    const kinds = handed.handed.map(({ kind }) => kind)
    expect(kinds).toEqual(['CEB311', 'CEB411', 'CEB511', 'CEB621'])
    for (const { kind, document: given } of handed.handed)
      expect(checkDocument(getDeclaration(kind), given).faults).toEqual([])
  })

  it('has an example of everything that customs sends', () => {
    const { examples = {} } = bodyOf('/api/v1/customs/replies', 'application/xml')
    const sent = messages.filter(({ sort }) => sort !== 'declaration')
    expect(Object.keys(examples).sort()).toEqual(sent.map(({ code }) => `${code}.xml`).sort())
    for (const example of Object.values(examples)) {
      const read = readMessage(Buffer.from(String(exampleAt(example))))
      expect(read.kind === 'message' && read.message.faults).toEqual([])
    }
  })

  it('streams a document a line', () => {
    const { examples = {} } = bodyOf('/api/v1/documents', 'application/x-ndjson')
    const lines = Object.values(examples).flatMap((example) =>
      String(exampleAt(example)).trimEnd().split('\n'),
    )
    expect(lines.length).toBeGreaterThan(1)
    for (const line of lines) expect(readHanded(JSON.parse(line)).kind).toBe('handed')
  })

  it('shows answers in their shape: taken, partly taken, and refused with the faults told', () => {
    const { responses } = operation('/api/v1/documents')
    for (const status of ['200', '207']) {
      const shown = Object.values(responses[status]?.content?.['application/json']?.examples ?? {})
      expect(shown.length).toBeGreaterThan(0)
      for (const example of shown) intakeAnswer.parse(exampleAt(example))
    }
    const refusals = Object.values(document.components.responses)
    const told = new Set<string>()
    for (const { content } of refusals)
      for (const [code, example] of Object.entries(
        content['application/problem+json']?.examples ?? {},
      )) {
        const shown = problem.parse(exampleAt(example))
        expect(shown.code).toBe(code)
        told.add(code)
      }
    expect(told.size).toBeGreaterThan(Object.keys(problems).length / 2)
    const refused = problem.parse(document.components.examples['DOCUMENTS-REFUSED']?.value)
    expect(refused.faults.map(({ code }) => code)).toEqual([
      expect.stringMatching(/^CEB\d{3}-\w+-MISSING$/),
    ])
  })
})
