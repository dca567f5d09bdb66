/**
 * Examples for the OpenAPI document: a body for every kind, and what the interface answers. Nothing is
 * written by hand: documents come from the catalogue, faults from the check, problems from their
 * table. Made only when the document is.
 */
import {
  consignmentOf,
  declarations,
  formatReplies,
  listOf,
  notices,
  replies,
} from '../catalogue/index.ts'
import type { Declaration, Message } from '../catalogue/message.ts'
import { checkDocument } from '../codec/check.ts'
import { exampleOf, exampleXml } from '../codec/example.ts'
import { type ProblemCode, problemBody, problems } from './problems.ts'
import type { RawBody } from './route.ts'

export interface Example {
  readonly summary: string
  readonly value: unknown
}

/** By the name they have under `components/examples`. */
export type Examples = Readonly<Record<string, Example>>

const REQUEST_ID = '00000000-0000-7000-8000-000000000001'
const DOCUMENT_ID = '00000000-0000-7000-8000-000000000002'

const titleOf = ({ code, zh, en }: Message): string => `${code} ${zh} / ${en}`

/** Bodies of a media type, one for every kind that the route takes. */
export const bodyExamples = (holds: RawBody['holds'], mediaType: string): Examples => {
  const entries: readonly Message[] =
    holds === 'replies' ? [...replies, ...notices, ...formatReplies] : declarations
  if (mediaType === 'application/json')
    return { ...examplesOf(entries, '', jsonBody), 'a-consignment': wholeConsignment() }
  if (mediaType === 'application/x-ndjson') return { 'a-stream': stream() }
  if (mediaType === 'application/xml')
    return examplesOf(entries, '.xml', (entry) => exampleXml(entry, variantOf(entry)))
  return {}
}

/** What must be there is the best to start from; of an answer, the last step tells most. */
const variantOf = (entry: Message) => (entry.sort === 'declaration' ? 'minimal' : 'full')

const examplesOf = (
  entries: readonly Message[],
  suffix: string,
  bodyOf: (entry: Message) => unknown,
): Examples =>
  Object.fromEntries(
    entries.map((entry) => [
      `${entry.code}${suffix}`,
      { summary: titleOf(entry), value: bodyOf(entry) },
    ]),
  )

const jsonBody = (entry: Message) => ({
  kind: entry.code,
  documents: [exampleOf(entry, variantOf(entry))],
})

/** For `?together=true`. */
const wholeConsignment = (): Example => ({
  summary: '一票四单 / the documents of a consignment',
  value: {
    documents: consignmentOf(listOf('import')).map((entry) => ({
      kind: entry.code,
      document: exampleOf(entry, 'minimal'),
    })),
  },
})

/** The shortest two kinds: a line each. */
const stream = (): Example => {
  const lines = declarations
    .map((entry) => JSON.stringify({ kind: entry.code, document: exampleOf(entry, 'minimal') }))
    .toSorted((one, other) => one.length - other.length)
    .slice(0, 2)
  return { summary: '每行一份单证 / a document on each line', value: `${lines.join('\n')}\n` }
}

/** A document as somebody forgot a field of it, and what the check says. */
const refused = (entry: Declaration, index: number) => {
  const example = exampleOf(entry, 'minimal')
  const [group, record] = Object.entries(example)[0] ?? []
  const [lacking] = entry.key
  const spoilt =
    group === undefined || typeof record !== 'object'
      ? {}
      : {
          ...example,
          [group]: Object.fromEntries(Object.entries(record).filter(([name]) => name !== lacking)),
        }
  return { index, kind: entry.code, faults: checkDocument(entry, spoilt).faults }
}

const taken = (entry: Declaration, index: number) => ({
  ...{ index, kind: entry.code, id: DOCUMENT_ID, version: 1, state: 'ready' },
})

/** A kind with a head, for the examples of answers. */
const sample = (): Declaration => {
  const found = declarations.find((entry) => 'groups' in entry.body && entry.direction === 'import')
  if (found === undefined) throw new Error('the catalogue has no import document')
  return found
}

/** Answers to what was handed in, by status. */
export const intakeExamples = (): Readonly<Record<number, Examples>> => {
  const entry = sample()
  return {
    200: {
      'all-taken': {
        summary: '全部接收 / all were taken',
        value: { taken: 1, refused: 0, results: [taken(entry, 0)] },
      },
    },
    207: {
      'some-taken': {
        summary: '部分接收 / some were taken',
        value: { taken: 1, refused: 1, results: [taken(entry, 0), refused(entry, 1)] },
      },
    },
  }
}

/** The problem as it comes; where documents are refused, with what the check says of one. */
export const problemExample = (code: ProblemCode): Example => {
  const { zh, en } = problems[code].title
  const more = code === 'DOCUMENTS-REFUSED' ? refusal() : {}
  return { summary: `${zh} / ${en}`, value: problemBody(code, REQUEST_ID, more) }
}

const refusal = () => {
  const result = refused(sample(), 0)
  const faults = result.faults.map((fault) => ({
    ...fault,
    pointer: `/documents/0${fault.pointer}`,
  }))
  return { faults, members: { taken: 0, refused: 1, results: [result] } }
}
