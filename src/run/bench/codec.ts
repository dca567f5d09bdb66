/**
 * How fast the codec is, one core: composing, checking, reading replies. Composing is measured
 * beside xmlbuilder2 and fast-xml-parser's builder in the same run and over the same documents, and
 * only counts when all three give the same bytes. Documents are parsed from JSON first, as intake
 * and database hand them over. Each is measured for every kind of the standard as well, and the
 * slowest is named.
 */

import type { AnyDocument, Message } from '../../catalogue/message.ts'
import { importList } from '../../catalogue/messages/import-list.ts'
import { checkDocument } from '../../codec/check.ts'
import { readMessage } from '../../codec/read.ts'
import type { MessageHead } from '../../codec/types.ts'
import { writeMessage } from '../../codec/write.ts'
import { composeWithFastXmlParser, composeWithXmlbuilder2, prefixed } from './oracles.ts'
import { declarationSamples, kindSamples, replySample, type Sample } from './samples.ts'

/** The kind that takes longest, with two lines where it has lists; of replies, what customs sends. */
interface SlowestKind {
  readonly slowestKind: string
  readonly slowestDocumentsPerSecond: number
}

export interface ComposeFigures extends SlowestKind {
  readonly name: 'compose'
  readonly documentsPerSecond: number
  /** The same, with the message's UTF-8 bytes made as signing needs them. */
  readonly documentsPerSecondAsBytes: number
  readonly xmlbuilder2PerSecond: number
  readonly fastXmlParserPerSecond: number
  readonly ratioToXmlbuilder2: number
  readonly ratioToFastXmlParser: number
  readonly sameBytes: boolean
  readonly bytesPerDocument: number
}

export interface CheckFigures extends SlowestKind {
  readonly name: 'check'
  readonly documentsPerSecond: number
  /** A document with ten faults, all of them told. */
  readonly faultyDocumentsPerSecond: number
}

export interface ReplyFigures extends SlowestKind {
  readonly name: 'reply'
  readonly documentsPerSecond: number
  readonly megabytesPerSecond: number
  /** Lists read as the simulated customs office reads them. */
  readonly listsPerSecond: number
}

/** How long each takes, in milliseconds. */
export interface BenchTimes {
  readonly main?: number | undefined
  /** For one kind; there are 42. */
  readonly kind?: number | undefined
}

const DOCUMENTS = 100
const ROUNDS = 4
const MAIN_MS = 3_000
const KIND_MS = 400

const head: MessageHead = {
  guid: '00000000-0000-4000-8000-000000000001',
  trailer: {
    transfer: {
      copCode: '5000000006',
      copName: '合成报关（重庆）有限公司',
      dxpId: 'DXPENT0000000001',
    },
  },
}

const headOf = ({ sort }: Message): MessageHead =>
  sort === 'declaration' ? head : { guid: head.guid }

const asHandedOver = ({ entry, documents }: Sample): Sample => {
  const parsed: readonly AnyDocument[] = JSON.parse(JSON.stringify(documents))
  return { entry, documents: parsed }
}

/**
 * Documents per second of processor time, best of the rounds; `work` returns how many it did.
 * Processor time of the whole process, collector threads included, is what "per core" means, and a
 * neighbour on the machine does not change it much.
 */
const rate = (milliseconds: number, work: () => number): number => {
  work()
  let best = 0
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = performance.now()
    const used = process.cpuUsage()
    let done = 0
    while (performance.now() - start < milliseconds / ROUNDS) done += work()
    const { user, system } = process.cpuUsage(used)
    best = Math.max(best, (done * 1_000_000) / (user + system))
  }
  return Math.round(best)
}

/** Orders, payments, waybills and lists written as canonical XML, 100 to a message. */
export const benchCompose = (times: BenchTimes = {}): ComposeFigures => {
  const milliseconds = times.main ?? MAIN_MS
  const samples = declarationSamples(DOCUMENTS).map(asHandedOver)
  const count = samples.length * DOCUMENTS
  const every = (write: (sample: Sample) => unknown) => (): number => {
    for (const sample of samples) write(sample)
    return count
  }
  const ours = ({ entry, documents }: Sample): string =>
    writeMessage(entry, documents, head).canonical
  const theirs = ({ entry, documents }: Sample): string =>
    composeWithXmlbuilder2(entry, documents, head)
  const named = new Map(samples.map((sample) => [sample, sample.documents.map(prefixed)]))
  const others = (sample: Sample): string =>
    composeWithFastXmlParser(sample.entry, named.get(sample) ?? [], head)
  const documentsPerSecond = rate(milliseconds / 3, every(ours))
  const xmlbuilder2PerSecond = rate(milliseconds / 3, every(theirs))
  const fastXmlParserPerSecond = rate(milliseconds / 3, every(others))
  const encoder = new TextEncoder()
  const bytes = samples.reduce((sum, sample) => sum + encoder.encode(ours(sample)).length, 0)
  return {
    name: 'compose',
    documentsPerSecond,
    documentsPerSecondAsBytes: rate(
      milliseconds / 3,
      every((sample) => encoder.encode(ours(sample))),
    ),
    xmlbuilder2PerSecond,
    fastXmlParserPerSecond,
    ratioToXmlbuilder2: ratio(documentsPerSecond, xmlbuilder2PerSecond),
    ratioToFastXmlParser: ratio(documentsPerSecond, fastXmlParserPerSecond),
    sameBytes: samples.every(
      (sample) => ours(sample) === theirs(sample) && ours(sample) === others(sample),
    ),
    bytesPerDocument: Math.round(bytes / count),
    ...slowestOf(times, (sample) => () => {
      for (const documents of messagesOf(sample))
        writeMessage(sample.entry, documents, headOf(sample.entry))
      return sample.documents.length
    }),
  }
}

/** The work of one kind is measured after that of another, on documents handed over afresh. */
const slowestOf = (
  times: BenchTimes,
  work: (sample: Sample) => () => number,
  concerns: (entry: Message) => boolean = () => true,
): SlowestKind => {
  const samples = kindSamples(DOCUMENTS).filter(({ entry }) => concerns(entry))
  const rates = samples.map((sample) => ({
    kind: sample.entry.code,
    perSecond: rate(times.kind ?? KIND_MS, work(asHandedOver(sample))),
  }))
  const slowest = rates.reduce((one, other) => (other.perSecond < one.perSecond ? other : one))
  return { slowestKind: slowest.kind, slowestDocumentsPerSecond: slowest.perSecond }
}

/** A kind's documents in messages as full as they may be. */
const messagesOf = ({ entry, documents }: Sample): readonly (readonly AnyDocument[])[] => {
  const size = Math.min(entry.nodeMax, documents.length)
  return Array.from({ length: Math.ceil(documents.length / size) }, (_, i) =>
    documents.slice(i * size, (i + 1) * size),
  )
}

const ratio = (ours: number, theirs: number): number => Math.round((ours * 10) / theirs) / 10

/** Valid documents of the four kinds checked, and the same with faults in them. */
export const benchCheck = (times: BenchTimes = {}): CheckFigures => {
  const milliseconds = times.main ?? MAIN_MS
  const samples = declarationSamples(DOCUMENTS).map(asHandedOver)
  const faulty = samples.map(({ entry, documents }) => ({
    entry,
    documents: documents.map((document) => spoilt(entry, document)),
  }))
  const check = (all: readonly Sample[], expected: boolean) => (): number => {
    for (const { entry, documents } of all)
      for (const document of documents)
        if ((checkDocument(entry, document).faults.length === 0) !== expected)
          throw new Error(`${entry.code}: a sample is not what it should be`)
    return all.length * DOCUMENTS
  }
  return {
    name: 'check',
    documentsPerSecond: rate(milliseconds * 0.7, check(samples, true)),
    faultyDocumentsPerSecond: rate(milliseconds * 0.3, check(faulty, false)),
    ...slowestOf(times, (sample) => check([sample], true)),
  }
}

const FAULTS = 10

const spoilt = (entry: Message, document: AnyDocument): AnyDocument => {
  const [name] = Object.keys(document)
  const record = name === undefined ? undefined : document[name]
  if (name === undefined || typeof record !== 'object')
    throw new Error(`${entry.code}: a sample has no head`)
  const fields = Object.entries(record).map(([field, value], i) =>
    i < FAULTS ? [field, `${value}\u0001`] : [field, value],
  )
  return { ...document, [name]: Object.fromEntries(fields) }
}

/** Reply messages of 100 replies each read and checked; lists as the other direction reads them. */
export const benchReply = (times: BenchTimes = {}): ReplyFigures => {
  const milliseconds = times.main ?? MAIN_MS
  const sample = replySample(DOCUMENTS)
  const replies = bytesOf(sample, headOf(sample.entry))
  const lists = declarationSamples(DOCUMENTS).find(({ entry }) => entry.code === LISTS)
  if (lists === undefined) throw new Error('no lists among the samples')
  const listBytes = bytesOf(lists, head)
  const read = (bytes: Uint8Array) => (): number => {
    const result = readMessage(bytes)
    if (result.kind !== 'message' || result.message.faults.length > 0)
      throw new Error('a sample message cannot be read')
    const { entry, documents } = result.message
    for (const { document } of documents)
      if (checkDocument(entry, document).faults.length > 0)
        throw new Error(`${entry.code}: a sample is not valid`)
    return documents.length
  }
  const readAll = ({ entry, documents }: Sample) => {
    const all = messagesOf({ entry, documents }).map((some) =>
      read(bytesOf({ entry, documents: some }, headOf(entry))),
    )
    return (): number => all.reduce((done, one) => done + one(), 0)
  }
  const documentsPerSecond = rate(milliseconds * 0.7, read(replies))
  return {
    name: 'reply',
    documentsPerSecond,
    megabytesPerSecond: Math.round((documentsPerSecond * replies.length) / DOCUMENTS / 1e6),
    listsPerSecond: rate(milliseconds * 0.3, read(listBytes)),
    ...slowestOf(times, readAll, ({ sort }) => sort !== 'declaration'),
  }
}

/** The declaration with the most fields, which is the slowest to read. */
const LISTS = importList.code

const bytesOf = ({ entry, documents }: Sample, of: MessageHead): Uint8Array =>
  new TextEncoder().encode(
    `<?xml version="1.0" encoding="UTF-8"?>${writeMessage(entry, documents, of).canonical}`,
  )
