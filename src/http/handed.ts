/**
 * What a JSON body or an NDJSON line hands in: `{kind, documents: […]}` or `{kind, document: {…}}`.
 * Only the wrapping is looked at here; the documents themselves are the flow's to judge. A member
 * nobody knows is a fault, so that a slip of the pen is not silently passed over.
 */
import { findDeclaration } from '../catalogue/index.ts'
import type { Message } from '../catalogue/message.ts'
import type { Handed } from '../flow/types.ts'
import type { Fault } from '../kernel/fault.ts'
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

const wrongShape = (fault: Fault): HandedRead => ({ kind: 'wrong-shape', faults: [fault] })
