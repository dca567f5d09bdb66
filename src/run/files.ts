/**
 * Files handed to the commands: XML messages, or JSON as the interface takes it
 * (`{"kind": …, "documents": […]}`), read into documents with the faults their reading found.
 */
import { readFile } from 'node:fs/promises'
import { findMessage } from '../catalogue/index.ts'
import type { Message } from '../catalogue/message.ts'
import { readMessage } from '../codec/read.ts'
import { decodeUtf8, isRecord, parseJson } from '../http/body.ts'
import { readHanded } from '../http/handed.ts'
import { handedFaults } from '../http/intake-faults.ts'
import type { Fault } from '../kernel/fault.ts'

export type FileRead =
  | {
      readonly kind: 'documents'
      readonly entry: Message
      readonly documents: readonly {
        readonly document: unknown
        readonly faults: readonly Fault[]
      }[]
      /** Of the message as a whole. */
      readonly faults: readonly Fault[]
      readonly guid: string | undefined
    }
  | { readonly kind: 'unreadable'; readonly faults: readonly Fault[] }

/** Throws when the file itself cannot be read. */
export const readDocuments = async (path: string): Promise<FileRead> => {
  const bytes = await readFile(path)
  return looksLikeJson(bytes) ? readJsonFile(bytes) : readXmlFile(bytes)
}

const looksLikeJson = (bytes: Uint8Array): boolean =>
  /^\uFEFF?\s*[{[]/.test(new TextDecoder().decode(bytes.subarray(0, 64)))

const readXmlFile = (bytes: Uint8Array): FileRead => {
  const read = readMessage(bytes)
  if (read.kind === 'unreadable') return read
  const { entry, documents, faults, guid } = read.message
  return { kind: 'documents', entry, documents, faults, guid }
}

const readJsonFile = (bytes: Uint8Array): FileRead => {
  const text = decodeUtf8(bytes)
  if (text === undefined) return { kind: 'unreadable', faults: [handedFaults.lineNotUtf8] }
  const parsed = parseJson(text)
  if (parsed.kind === 'not-json') return { kind: 'unreadable', faults: [handedFaults.lineNotJson] }
  const { value } = parsed
  // What `parse` wrote has a guid beside the batch.
  const { guid, ...batch } = isRecord(value) ? value : {}
  const read = readHanded(isRecord(value) ? batch : value)
  if (read.kind !== 'handed') return { kind: 'unreadable', faults: read.faults }
  const entry = findMessage(read.handed[0]?.kind ?? '')
  if (entry === undefined) return { kind: 'unreadable', faults: [handedFaults.kindUnknown] }
  return {
    kind: 'documents',
    entry,
    documents: read.handed.map(({ document }) => ({ document, faults: [] })),
    faults: [],
    guid: typeof guid === 'string' ? guid : undefined,
  }
}
