/**
 * The schema of one message as XSD text, self-contained but for the signature's own schema beside
 * it. It states what the official schema states, no more: `values`, moments and what only the text
 * requires are the check's business, so that a sender may validate against either and get the same
 * answer. Source of the facts: the catalogue.
 */
import { create } from 'xmlbuilder2'
import type { XMLBuilder } from 'xmlbuilder2/lib/interfaces.js'
import type { Field } from '../catalogue/field.ts'
import type { Message } from '../catalogue/message.ts'
import {
  CEB_NAMESPACE,
  EXTENSION_ZH,
  extendFields,
  MESSAGE_GUID_LENGTH,
  MESSAGE_VERSION_LENGTH_MAX,
  SIGNATURE_NAMESPACE,
} from './envelope.ts'
import { leastOf } from './rule.ts'
import { type FieldShape, type GroupShape, groupShape, type Shape, shapeOf } from './shape.ts'
import { trailerShapesOf } from './trailer.ts'

export const SCHEMA_NAMESPACE = 'http://www.w3.org/2001/XMLSchema'
/** The signature's schema stands in the same folder. */
export const SIGNATURE_SCHEMA_FILE = 'xmldsig.xsd'

/** Complete text of the message's schema, with declaration and indentation. */
export const xsdOf = (entry: Message): string => {
  const shape = shapeOf(entry)
  const schema = schemaRoot(CEB_NAMESPACE).att('xmlns:ceb', CEB_NAMESPACE)
  if (shape.hasTrailer) schema.att('xmlns:ds', SIGNATURE_NAMESPACE)
  document(schema, `${entry.code} ${entry.zh}`, entry.en)
  if (shape.hasTrailer)
    schema
      .ele('xs:import')
      .att('namespace', SIGNATURE_NAMESPACE)
      .att('schemaLocation', SIGNATURE_SCHEMA_FILE)
  const type = complexType(schema.ele('xs:element').att('name', shape.root))
  const sequence = type.ele('xs:sequence')
  nodeElement(sequence, shape)
  if (shape.hasTrailer) trailerElements(sequence, entry)
  attribute(type, 'guid', { length: MESSAGE_GUID_LENGTH })
  attribute(type, 'version', { minLength: 1, maxLength: MESSAGE_VERSION_LENGTH_MAX })
  return textOf(schema)
}

/** An empty schema element for a target namespace. */
export const schemaRoot = (namespace: string): XMLBuilder =>
  create({ version: '1.0', encoding: 'UTF-8' })
    .ele('xs:schema')
    .att('xmlns:xs', SCHEMA_NAMESPACE)
    .att('targetNamespace', namespace)
    .att('elementFormDefault', 'qualified')

export const textOf = (schema: XMLBuilder): string => `${schema.end({ prettyPrint: true })}\n`

const complexType = (element: XMLBuilder): XMLBuilder => element.ele('xs:complexType')

const document = (parent: XMLBuilder, zh: string, en?: string): void => {
  const annotation = parent.ele('xs:annotation')
  annotation.ele('xs:documentation').att('xml:lang', 'zh').txt(zh)
  if (en !== undefined) annotation.ele('xs:documentation').att('xml:lang', 'en').txt(en)
}

const occurs = (element: XMLBuilder, min: number, max: number): XMLBuilder => {
  if (min !== 1) element.att('minOccurs', String(min))
  if (max !== 1) element.att('maxOccurs', Number.isFinite(max) ? String(max) : 'unbounded')
  return element
}

const nodeElement = (sequence: XMLBuilder, shape: Shape): void => {
  const { entry } = shape
  const node = occurs(sequence.ele('xs:element').att('name', entry.node), 1, entry.nodeMax)
  if (shape.flat) {
    fieldElements(node, shape.head)
    return
  }
  const groups = complexType(node).ele('xs:sequence')
  for (const group of shape.groups) groupElement(groups, group)
}

const groupElement = (sequence: XMLBuilder, group: GroupShape): void => {
  const element = sequence.ele('xs:element').att('name', group.name ?? '')
  occurs(element, group.min, group.max)
  document(element, group.zh)
  fieldElements(element, group)
}

const fieldElements = (element: XMLBuilder, group: GroupShape): XMLBuilder => {
  const sequence = complexType(element).ele('xs:sequence')
  for (const field of group.fields) if (field.field.textOnly !== true) fieldElement(sequence, field)
  return sequence
}

const fieldElement = (sequence: XMLBuilder, { name, field }: FieldShape): void => {
  const element = sequence.ele('xs:element').att('name', name)
  if (!field.required) element.att('minOccurs', '0')
  if (field.schemaDefault !== undefined) element.att('default', field.schemaDefault)
  if (field.fixed !== undefined) element.att('fixed', field.fixed)
  const facets = facetsOf(field)
  if (Object.keys(facets).length === 0) element.att('type', `xs:${baseOf(field)}`)
  document(element, field.zh, field.note)
  if (Object.keys(facets).length > 0) restriction(element, baseOf(field), facets)
}

type Facets = Readonly<Record<string, number | string>>

const baseOf = (field: Field): string => (field.kind === 'text' ? 'string' : field.kind)

const facetsOf = (field: Field): Facets => {
  if (field.kind !== 'text')
    return {
      ...(field.digits === undefined ? {} : { totalDigits: field.digits }),
      ...(field.fraction === undefined ? {} : { fractionDigits: field.fraction }),
    }
  const blanks = field.collapse === true ? { whiteSpace: 'collapse' } : {}
  if (field.length !== undefined) return { length: field.length, ...blanks }
  const min = leastOf(field)
  return {
    ...blanks,
    ...(min === 0 ? {} : { minLength: min }),
    ...(field.max === undefined ? {} : { maxLength: field.max }),
  }
}

const restriction = (parent: XMLBuilder, base: string, facets: Facets): void => {
  const restricted = parent.ele('xs:simpleType').ele('xs:restriction').att('base', `xs:${base}`)
  for (const [facet, value] of Object.entries(facets))
    restricted.ele(`xs:${facet}`).att('value', String(value))
}

const attribute = (type: XMLBuilder, name: string, facets: Facets): void => {
  const made = type.ele('xs:attribute').att('name', name).att('use', 'required')
  restriction(made, 'string', facets)
}

/** BaseTransfer, BaseSubscribe, then extension and signature in the order of the direction. */
const trailerElements = (sequence: XMLBuilder, entry: Message): void => {
  for (const group of trailerShapesOf(entry).values()) groupElement(sequence, group)
  const signature = (): void => {
    const needed = entry.sort === 'declaration' && entry.signature === 'required'
    occurs(sequence.ele('xs:element').att('ref', 'ds:Signature'), needed ? 1 : 0, 1)
  }
  if (entry.direction === 'export') signature()
  extendElement(sequence)
  if (entry.direction !== 'export') signature()
}

const extendElement = (sequence: XMLBuilder): void => {
  const shape = groupShape('ExtendMessage', {
    min: 0,
    max: 1,
    zh: EXTENSION_ZH,
    fields: extendFields,
  })
  const element = sequence.ele('xs:element').att('name', 'ExtendMessage').att('minOccurs', '0')
  document(element, shape.zh)
  const message = fieldElements(element, shape).ele('xs:element').att('name', 'Message')
  document(message, '自定义报文实体')
  complexType(message)
    .ele('xs:sequence')
    .ele('xs:any')
    .att('namespace', '##any')
    .att('processContents', 'skip')
    .att('minOccurs', '0')
}
