/**
 * An example document of any entry, made from its catalogue literal alone: the same entry always
 * gives the same document, and the check finds nothing in it. A field takes the value that stands for
 * its name in `example-values.ts`, where that fits; any other gets the plainest value its entry
 * allows, so that a new entry has an example by being listed.
 *
 * Which conditional fields a document needs is asked of the check itself, so that the conditions are
 * told in one place only.
 */
import {
  EXAMPLE_DXP_ID,
  EXAMPLE_MOMENT,
  EXAMPLE_TEXT,
  type ExampleValues,
  exampleValues,
} from '../catalogue/example-values.ts'
import type { Field } from '../catalogue/field.ts'
import { notices, replies } from '../catalogue/index.ts'
import type { AnyDocument, Entry, FieldRecord, Message } from '../catalogue/message.ts'
import { resultCodes, resultText } from '../catalogue/result-codes.ts'
import { officialStatus } from '../catalogue/statuses.ts'
import { checkDocument } from './check.ts'
import { headOfDocument } from './document.ts'
import { leastOf, mostOf } from './rule.ts'
import { type FieldShape, type GroupShape, shapeOf } from './shape.ts'
import type { Trailer } from './types.ts'
import { writeMessage } from './write.ts'

/**
 * `minimal`: what must be there, of goods that cross the border directly. `full`: all that makes
 * sense together, of goods in a bonded zone; what is asked for in another case only is left out, and
 * so are numbers that customs gives: a new document has none.
 */
export type ExampleVariant = 'minimal' | 'full'

/** Key order is wire order. */
export const exampleOf = (entry: Entry, variant: ExampleVariant = 'full'): AnyDocument => {
  const { groups } = shapeOf(entry)
  const values = valuesOf(entry, variant)
  const given = givenNumbers(entry)
  const wanted = new Set<string>()
  for (const group of groups)
    for (const shape of group.fields)
      if (isWanted(group, shape, variant) && !(group.single && given.has(shape.name)))
        wanted.add(placeOf(group, shape.name))
  const rounds = groups.reduce((count, { fields }) => count + fields.length, 0)
  let document = documentOf(groups, wanted, values)
  for (let round = 0; round < rounds; round += 1) {
    const lacking = missingPlaces(entry, document).filter((place) => !wanted.has(place))
    if (lacking.length === 0) break
    for (const place of lacking) wanted.add(place)
    document = documentOf(groups, wanted, values)
  }
  return document
}

/** The example as a whole message: unsigned XML, indented for reading, with its declaration. */
export const exampleXml = (entry: Message, variant: ExampleVariant = 'full'): string => {
  const document = exampleOf(entry, variant)
  const { canonical } = writeMessage(entry, [document], {
    guid: guidOf(entry),
    ...(shapeOf(entry).hasTrailer ? { trailer: trailerOf(entry, document) } : {}),
  })
  return `<?xml version="1.0" encoding="UTF-8"?>\n${indented(canonical)}\n`
}

/**
 * A line for each element. The writer's own output needs no parser: between two tags there is either
 * a value or nothing.
 */
const indented = (canonical: string): string => {
  const lines: string[] = []
  let depth = 0
  for (const [piece] of canonical.matchAll(/<[^/<>][^<>]*>[^<]*<\/[^<>]+>|<[^<>]+>/g)) {
    const isEnd = piece.startsWith('</')
    if (isEnd) depth -= 1
    lines.push('  '.repeat(depth) + piece)
    if (!isEnd && !piece.includes('</')) depth += 1
  }
  return lines.join('\n')
}

/** `OrderHead/guid`; the fields of a flat node have no group. */
const placeOf = (group: GroupShape, name: string): string => `${group.name ?? ''}/${name}`

const isWanted = (group: GroupShape, { field }: FieldShape, variant: ExampleVariant): boolean => {
  if (field.textOnly === true) return false
  if (field.requiredWhen !== undefined || field.together !== undefined) return false
  if (variant === 'full') return true
  return group.min > 0 && (field.required || field.textRequires === true)
}

/** Fields of a declaration that customs fills in later; what it needs nevertheless, the check says. */
const givenNumbers = (entry: Entry): ReadonlySet<string> =>
  new Set([
    ...replies.filter(({ answers }) => answers === entry.code).flatMap(({ gives }) => gives ?? []),
    ...notices.filter(({ about }) => about.kind === entry.code).flatMap(({ gives }) => gives),
  ])

/** Places that the check misses something at. */
const missingPlaces = (entry: Entry, document: AnyDocument): readonly string[] =>
  checkDocument(entry, document)
    .faults.filter(({ code }) => /-(?:MISSING|REQUIRED_WHEN)$/.test(code))
    .map(({ pointer }) => {
      const path = pointer.split('/').slice(1)
      return path.length < 2 ? `/${path[0] ?? ''}` : `${path[0]}/${path.at(-1)}`
    })

const documentOf = (
  groups: readonly GroupShape[],
  wanted: ReadonlySet<string>,
  values: ValueOf,
): AnyDocument => {
  const document: Record<string, FieldRecord | readonly FieldRecord[]> = {}
  for (const group of groups) {
    const record = Object.fromEntries(
      group.fields
        .filter(({ name }) => wanted.has(placeOf(group, name)))
        .map((shape) => [shape.name, values(group, shape)]),
    )
    if (group.name === undefined) return record
    if (Object.keys(record).length > 0) document[group.name] = group.single ? record : [record]
  }
  return document
}

type ValueOf = (group: GroupShape, shape: FieldShape) => string

const valuesOf = (entry: Entry, variant: ExampleVariant): ValueOf => {
  const direction = entry.direction === 'export' ? 'export' : 'import'
  const known: ExampleValues = {
    ...exampleValues({ direction, bonded: variant === 'full' }),
    guid: guidOf(entry),
    ...statusValues(entry, variant),
  }
  return (group, { name, field }) => {
    const told = group.single ? undefined : known[`line.${name}`]
    const value = told ?? known[name]
    return value !== undefined && fits(field, value) ? value : plainValue(field)
  }
}

/** Where customs' answer stands: at the first step of its way, or at the last. */
const statusValues = (entry: Entry, variant: ExampleVariant): ExampleValues => {
  if (entry.sort === 'notice') {
    const [status] = Object.keys(entry.meanings)
    return status === undefined ? {} : { [entry.status.code]: status }
  }
  if (entry.sort !== 'reply') return {}
  const status = (variant === 'minimal' ? entry.way[0] : entry.way.at(-1)) ?? ''
  const result = Object.entries(resultCodes).find(([, code]) => code.status === status)
  return {
    [entry.status.code]: status,
    [entry.status.info]: result === undefined ? officialStatus(status).zh : resultText(result[0]),
  }
}

/** The number of the code at the end: every kind has a guid of its own. */
const guidOf = ({ code }: Pick<Entry, 'code'>): string =>
  `00000000-0000-4000-8000-${code.replaceAll(/\D/g, '').padStart(12, '0')}`

/** Whoever may hand it in stands in the document, with his name beside his code. */
const trailerOf = (entry: Message, document: AnyDocument): Trailer => {
  const head = headOfDocument(entry, document)
  const field = entry.sort === 'declaration' ? entry.owners[0]?.field : undefined
  return {
    transfer: {
      copCode: head[field ?? ''] ?? EXAMPLE_TEXT,
      copName: head[field?.replace(/Code$/, 'Name') ?? ''] ?? EXAMPLE_TEXT,
      dxpId: EXAMPLE_DXP_ID,
    },
  }
}

const fits = (field: Field, value: string): boolean => {
  if (field.fixed !== undefined) return value === field.fixed
  if (field.values !== undefined) return value in field.values
  if (field.moment !== undefined) return value.length === field.moment
  if (field.kind !== 'text') return true
  const most = mostOf(field) ?? Number.POSITIVE_INFINITY
  return value.length >= leastOf(field) && value.length <= most
}

const plainValue = (field: Field): string => {
  if (field.fixed !== undefined) return field.fixed
  const [value] = Object.keys(field.values ?? {})
  if (value !== undefined) return value
  if (field.moment !== undefined) return EXAMPLE_MOMENT.slice(0, field.moment)
  if (field.kind !== 'text') return String(Math.max(1, field.least ?? 1))
  if (field.length !== undefined) return '1'.padStart(field.length, '0')
  const length = Math.min(mostOf(field) ?? EXAMPLE_TEXT.length, EXAMPLE_TEXT.length)
  return EXAMPLE_TEXT.slice(0, length).padEnd(leastOf(field), '0')
}
