/**
 * The facts of our schemas are those of the official ones, element by element: names, order, how
 * often, types, lengths, digits, blanks, defaults and fixed values.
 */
import { XMLParser } from 'fast-xml-parser'
import { describe, expect, it } from 'vitest'
import { messages, rootOf } from '../../src/catalogue/index.ts'
import type { Message } from '../../src/catalogue/message.ts'
import { xsdOf } from '../../src/codec/xsd.ts'
import { isThere, officialSchema, type Side, sideOf } from './official.ts'

const entries: readonly Message[] = messages

interface Node {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly Node[]
}

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseAttributeValue: false,
  removeNSPrefix: true,
})

const nodes = (raw: unknown): readonly Node[] =>
  (raw as readonly Record<string, unknown>[]).flatMap((one) => {
    const name = Object.keys(one).find((key) => key !== ':@' && key !== '#text')
    if (name === undefined || name === 'annotation' || name.startsWith('?')) return []
    const attributes = (one[':@'] ?? {}) as Record<string, string>
    return [{ name, attributes, children: nodes(one[name]) }]
  })

const schemaOf = (text: string): Node => {
  const found = nodes(parser.parse(text)).find(({ name }) => name === 'schema')
  if (found === undefined) throw new Error('no schema')
  return found
}

const child = (parent: Node | undefined, name: string): Node | undefined =>
  parent?.children.find((one) => one.name === name)

const named = (schema: Node, kind: string, name: string): Node => {
  const local = name.replace(/^.*:/, '')
  const found = schema.children.find((one) => one.name === kind && one.attributes.name === local)
  if (found === undefined) throw new Error(`no ${kind} ${name}`)
  return found
}

/** One line for each element and attribute below a root, in wire order. */
const factsOf = (schema: Node, root: string): readonly string[] => {
  const lines: string[] = []
  const element = (given: Node, path: string): void => {
    const { ref, minOccurs = '1', maxOccurs = '1' } = given.attributes
    const place = `${path}/${ref ?? given.attributes.name} ${minOccurs}..${maxOccurs}`
    if (ref?.startsWith('ds:') === true) lines.push(place)
    else
      content(ref === undefined ? given : named(schema, 'element', ref), place.replace('ceb:', ''))
  }
  const content = (given: Node, place: string): void => {
    const { type, default: preset, fixed, nillable } = given.attributes
    const made = type?.startsWith('ceb:') === true ? named(schema, 'complexType', type) : undefined
    const complex = made ?? child(given, 'complexType')
    const extra = JSON.stringify({ preset, fixed, nillable })
    if (complex === undefined) lines.push(`${place} ${simple(given)} ${extra}`)
    else {
      lines.push(`${place} {${complex.attributes.mixed ?? ''}}`)
      for (const one of complex.children) {
        if (one.name === 'attribute')
          lines.push(`${place}/@${one.attributes.name} ${one.attributes.use} ${simple(one)}`)
        else for (const inner of one.children) part(inner, place)
      }
    }
  }
  const part = (inner: Node, place: string): void => {
    if (inner.name === 'element') element(inner, place.replace(/ [^/]*/g, ''))
    else lines.push(`${place} ${inner.name} ${JSON.stringify(inner.attributes)}`)
  }
  element(named(schema, 'element', root), '')
  return lines
}

/** Type and facets; a least length of 0 says nothing. */
const simple = (given: Node): string => {
  const restriction = child(child(given, 'simpleType'), 'restriction')
  const facets = (restriction?.children ?? [])
    .map(({ name, attributes }) => `${name}=${attributes.value}`)
    .filter((facet) => facet !== 'minLength=0')
    .sort()
  return `${restriction?.attributes.base ?? given.attributes.type} ${facets.join(' ')}`
}

describe.skipIf(!isThere)('the official schemas', () => {
  const schemas = new Map<Side, Node>()
  const official = (side: Side): Node => {
    const known = schemas.get(side) ?? schemaOf(officialSchema(side))
    schemas.set(side, known)
    return known
  }

  it.each(entries.map((entry) => [entry.code, entry] as const))(
    '%s: state what ours states',
    (_, entry) => {
      const theirs = factsOf(official(sideOf(entry)), rootOf(entry))
      expect(theirs.length).toBeGreaterThan(5)
      expect(factsOf(schemaOf(xsdOf(entry)), rootOf(entry))).toEqual(theirs)
    },
  )
})
