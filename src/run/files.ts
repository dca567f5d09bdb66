/**
 * Files handed to the commands: XML messages, or JSON as the interface takes it
 * (`{"kind": …, "documents": […]}`), read into documents with the faults their reading found. What
 * `parse` wrote also has the message's guid and trailer beside the documents.
 */
import { readFile } from 'node:fs/promises'
import { findMessage } from '../catalogue/index.ts'
import type { FieldRecord, Message } from '../catalogue/message.ts'
import { trailerFaults } from '../codec/frame.ts'
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
      /** BaseTransfer and BaseSubscribe, where the file has them. */
      readonly transfer: FieldRecord | undefined
      readonly subscribers: readonly FieldRecord[]
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
  const { entry, documents, faults, guid, transfer, subscribers } = read.message
  return { kind: 'documents', entry, documents, faults, guid, transfer, subscribers }
}

const readJsonFile = (bytes: Uint8Array): FileRead => {
  const text = decodeUtf8(bytes)
  if (text === undefined) return { kind: 'unreadable', faults: [handedFaults.lineNotUtf8] }
  const parsed = parseJson(text)
  if (parsed.kind === 'not-json') return { kind: 'unreadable', faults: [handedFaults.lineNotJson] }
  const { value } = parsed
  const {
    guid,
    BaseTransfer: transfer,
    BaseSubscribe: subscribers = [],
    ...batch
  } = isRecord(value) ? value : {}
  const read = readHanded(isRecord(value) ? batch : value, findMessage)
  if (read.kind !== 'handed') return { kind: 'unreadable', faults: read.faults }
  const entry = findMessage(read.handed[0]?.kind ?? '')
  if (entry === undefined) return { kind: 'unreadable', faults: [handedFaults.kindUnknown] }
  if (!(transfer === undefined || isTexts(transfer)) || !isList(subscribers))
    return { kind: 'unreadable', faults: [handedFaults.memberUnknown] }
  return {
    kind: 'documents',
    entry,
    documents: read.handed.map(({ document }) => ({ document, faults: [] })),
    faults: trailerFaults(entry, transfer, subscribers),
    guid: typeof guid === 'string' ? guid : undefined,
    transfer,
    subscribers,
  }
}

const isTexts = (value: unknown): value is FieldRecord =>
  isRecord(value) && Object.values(value).every((inner) => typeof inner === 'string')

const isList = (value: unknown): value is readonly FieldRecord[] =>
  Array.isArray(value) && value.every(isTexts)
