/**
 * The journal of a customs office: every call that changes it, with the time it was made at. The
 * engine is decided by its settings and these calls, so playing them again to a fresh office gives
 * the same numbers, ids and answers. This file knows records and calls; where the bytes are kept, and
 * when they are safe, is the affair of whoever hands in the file.
 */
import { crc32 } from 'node:zlib'
import type { Clock } from '../kernel/clock.ts'
import { SIM_JOURNAL_RECORD_BYTES_MAX } from '../kernel/limits.ts'
import type { Customs, CustomsOptions } from './types.ts'

/** What records are written to. */
export interface JournalFile {
  /** Adds a record behind those before it. */
  append(record: Uint8Array): void
  /** Resolves when everything added so far is safe; rejects once anything could not be kept. */
  kept(): Promise<void>
}

/** A clock that stands still within a call, and in the past while calls are played again. */
export interface JournalClock extends Clock {
  stand(at: number): void
}

export const journalClock = (): JournalClock => {
  let at = 0
  return {
    now: () => new Date(at),
    stand: (next) => {
      at = Math.max(at, next)
    },
  }
}

/** What decides the answers beside the calls, as it stands in the head of a journal. */
export type JournalHead = Required<
  Pick<
    CustomsOptions,
    'seed' | 'pace' | 'verify' | 'addresses' | 'others' | 'taxBills' | 'remember'
  >
>

const FORMAT = 1
const [HEAD, RECEIVED, DUE, DELIVERED, FAILED] = [0, 1, 2, 3, 4]

export interface JournalRecord {
  readonly type: number
  /** Milliseconds. */
  readonly at: number
  readonly content: Uint8Array
}

/** Length and check sum of what follows: type, time, content. */
const FRAME_BYTES = 8
const FACTS_BYTES = 9

export const headRecord = (head: JournalHead, at: number): Uint8Array =>
  recordOf(HEAD, at, Buffer.from(JSON.stringify({ format: FORMAT, ...head })))

/** The settings a journal was begun with; undefined for what is no head of this format. */
export const readHead = ({ type, content }: JournalRecord): JournalHead | undefined => {
  if (type !== HEAD) return undefined
  const { format, ...head } = JSON.parse(Buffer.from(content).toString('utf8'))
  return format === FORMAT ? head : undefined
}

const recordOf = (type: number, at: number, content: Uint8Array): Uint8Array => {
  const record = Buffer.allocUnsafe(FRAME_BYTES + FACTS_BYTES + content.length)
  record.writeUInt32LE(FACTS_BYTES + content.length, 0)
  record.writeUInt8(type, FRAME_BYTES)
  record.writeDoubleLE(at, FRAME_BYTES + 1)
  record.set(content, FRAME_BYTES + FACTS_BYTES)
  record.writeUInt32LE(crc32(record.subarray(FRAME_BYTES)), 4)
  return record
}

export type RecordRead =
  | { readonly kind: 'record'; readonly record: JournalRecord; readonly length: number }
  /** More bytes are needed; at the end of a file, a record that was being written. */
  | { readonly kind: 'torn' }
  /** These bytes never were a record; `length` is what they claim to be. */
  | { readonly kind: 'damaged'; readonly length: number }

/** The record that begins these bytes. */
export const readRecord = (bytes: Buffer): RecordRead => {
  if (bytes.length < FRAME_BYTES) return { kind: 'torn' }
  const claimed = bytes.readUInt32LE(0)
  const length = FRAME_BYTES + claimed
  if (claimed < FACTS_BYTES || claimed > SIM_JOURNAL_RECORD_BYTES_MAX)
    return { kind: 'damaged', length }
  if (bytes.length < length) return { kind: 'torn' }
  const body = bytes.subarray(FRAME_BYTES, length)
  if (crc32(body) !== bytes.readUInt32LE(4)) return { kind: 'damaged', length }
  const record = { type: body.readUInt8(0), at: body.readDoubleLE(1) }
  return { kind: 'record', record: { ...record, content: body.subarray(FACTS_BYTES) }, length }
}

export interface JournaledCustoms extends Customs {
  /** Plays one call again; the head of the journal says nothing here. */
  replay(record: JournalRecord): void
  /** Ends the playing: what was being delivered when the last process ended is handed out again. */
  resume(): void
  kept(): Promise<void>
}

/** The office on `clock`, its calls written to `file` at the time that `source` tells. */
export const journaled = (
  customs: Customs,
  { clock, source, file }: { clock: JournalClock; source: Clock; file: JournalFile },
): JournaledCustoms => {
  /** Handed out and not settled. */
  const open = new Set<string>()
  const standNow = (): number => {
    clock.stand(source.now().getTime())
    return clock.now().getTime()
  }
  const handOut = (limit: number) => {
    const deliveries = customs.due(limit)
    for (const { copMsgId } of deliveries) open.add(copMsgId)
    return deliveries
  }
  const settle = (type: number, copMsgId: string): void => {
    open.delete(copMsgId)
    if (type === DELIVERED) customs.delivered(copMsgId)
    else customs.failed(copMsgId)
  }
  const noteSettled = (type: number, copMsgId: string): void => {
    file.append(recordOf(type, standNow(), Buffer.from(copMsgId)))
    settle(type, copMsgId)
  }
  return {
    receive: (envelope) => {
      const at = standNow()
      const received = customs.receive(envelope)
      // Whatever else it answers changed nothing.
      if (received.kind === 'taken') file.append(recordOf(RECEIVED, at, envelope))
      return received
    },
    due: (limit = DUE_LIMIT) => {
      const at = standNow()
      const next = customs.nextDueAt()
      if (next === undefined || next.getTime() > at) return []
      const content = Buffer.alloc(4)
      content.writeUInt32LE(limit)
      file.append(recordOf(DUE, at, content))
      return handOut(limit)
    },
    delivered: (copMsgId) => noteSettled(DELIVERED, copMsgId),
    failed: (copMsgId) => noteSettled(FAILED, copMsgId),
    nextDueAt: () => {
      standNow()
      return customs.nextDueAt()
    },
    books: customs.books,
    replay: ({ type, at, content }) => {
      clock.stand(at)
      const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength)
      if (type === RECEIVED) customs.receive(content)
      else if (type === DUE) handOut(bytes.readUInt32LE(0))
      else if (type === DELIVERED || type === FAILED) settle(type, bytes.toString('utf8'))
    },
    resume: () => {
      for (const copMsgId of open) noteSettled(FAILED, copMsgId)
    },
    kept: () => file.kept(),
  }
}

/** Messages one call of `due` hands out unless told otherwise, as in an office without a journal. */
const DUE_LIMIT = 64
