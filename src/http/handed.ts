/**
 * What a JSON body or an NDJSON line hands in: `{kind, documents: […]}` or `{kind, document: {…}}`;
 * a body also several kinds, each document with its own: `{documents: [{kind, document}, …]}`. Only the
 * wrapping is looked at here; the documents themselves are the flow's to judge. A member nobody knows is
 * a fault, so that a slip of the pen is not silently passed over.
 */
import { findDeclaration } from '../catalogue/index.ts'
import type { Message } from '../catalogue/message.ts'
import type { Handed } from '../flow/types.ts'
import type { Fault } from '../kernel/fault.ts'
import { FAULTS_PER_DOCUMENT_MAX } from '../kernel/limits.ts'
import { isRecord } from './body.ts'
import { handedFaults } from './intake-faults.ts'

export type HandedRead =
  | {
      readonly kind: 'handed'
      readonly handed: readonly Handed[]
      /** Pointer of each document in the body. */
      readonly pointerOf: (index: number) => string
    }
  | { readonly kind: 'kind-unknown'; readonly faults: readonly Fault[] }
  | { readonly kind: 'wrong-shape'; readonly faults: readonly Fault[] }

/** `find` says which kinds may be handed in; a file may also hold what customs sends. */
export const readHanded = (
  value: unknown,
  find: (kind: string) => Message | undefined = findDeclaration,
): HandedRead => {
  if (!isRecord(value)) return wrongShape(handedFaults.notObject)
  const { kind, document, documents, ...unknown } = value
  if (Object.keys(unknown).length > 0) return wrongShape(handedFaults.memberUnknown)
  if (typeof kind !== 'string' || find(kind) === undefined) {
    return { kind: 'kind-unknown', faults: [handedFaults.kindUnknown] }
  }
  if (document !== undefined && documents === undefined) {
    return { kind: 'handed', handed: [{ kind, document }], pointerOf: () => '/document' }
  }
  if (document !== undefined || !Array.isArray(documents) || documents.length === 0) {
    return wrongShape(handedFaults.documentsMissing)
  }
  return {
    kind: 'handed',
    handed: documents.map((entry: unknown) => ({ kind, document: entry })),
    pointerOf: (index) => `/documents/${index}`,
  }
}

/** A whole body: documents of one kind, or of several. */
export const readBatch = (value: unknown): HandedRead => {
  const isMixed =
    isRecord(value) &&
    value.kind === undefined &&
    Array.isArray(value.documents) &&
    value.documents.some((each) => isRecord(each) && 'kind' in each)
  return isMixed ? readMixed(value) : readHanded(value)
}

const readMixed = ({ documents, ...unknown }: Readonly<Record<string, unknown>>): HandedRead => {
  if (Object.keys(unknown).length > 0) return wrongShape(handedFaults.memberUnknown)
  const handed: Handed[] = []
  const faults: Record<'kind-unknown' | 'wrong-shape', Fault[]> = {
    'kind-unknown': [],
    'wrong-shape': [],
  }
  for (const [index, value] of (Array.isArray(documents) ? documents : []).entries()) {
    const isNested = isRecord(value) && 'documents' in value
    const read = isNested ? wrongShape(handedFaults.oneEach) : readHanded(value)
    if (read.kind === 'handed') handed.push(...read.handed)
    else
      for (const fault of read.faults)
        faults[read.kind].push({ ...fault, pointer: `/documents/${index}${fault.pointer}` })
  }
  for (const kind of ['wrong-shape', 'kind-unknown'] as const)
    if (faults[kind].length > 0)
      return { kind, faults: faults[kind].slice(0, FAULTS_PER_DOCUMENT_MAX) }
  return { kind: 'handed', handed, pointerOf: (index) => `/documents/${index}/document` }
}

const wrongShape = (fault: Fault): HandedRead => ({ kind: 'wrong-shape', faults: [fault] })
