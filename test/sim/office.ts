/**
 * A simulated customs office under test: signed messages in, reply documents out, through its
 * public face and nothing else, with a clock that only the test moves.
 */
import { getDeclaration } from '../../src/catalogue/index.ts'
import type { AnyDocument, FieldRecord } from '../../src/catalogue/message.ts'
import { officialStatus } from '../../src/catalogue/statuses.ts'
import { zones } from '../../src/catalogue/zones/index.ts'
import { checkDocument } from '../../src/codec/check.ts'
import { headOfDocument, linesOf } from '../../src/codec/document.ts'
import { readMessage } from '../../src/codec/read.ts'
import { writeMessage } from '../../src/codec/write.ts'
import { localDateTime } from '../../src/kernel/clock.ts'
import { seededIds } from '../../src/kernel/ids.ts'
import { createSigningKey, localSigner } from '../../src/signing/keys.ts'
import { signMessage } from '../../src/signing/sign.ts'
import {
  type Consignment,
  makeConsignment,
  syntheticEnterprises,
} from '../../src/sim/consignments.ts'
import { createCustoms } from '../../src/sim/customs.ts'
import { lineGroup } from '../../src/sim/sayings.ts'
import { ADDRESSES, type CustomsOptions, type Delivery, paces } from '../../src/sim/types.ts'
import { readEnvelope, wrapEnvelope } from '../../src/wire/envelope.ts'

const START = new Date('2025-06-18T02:00:00.000Z')
export const SENDER = 'DXPENT9900000001'

export const enterprises = syntheticEnterprises(zones)

export const movingClock = (from = START) => {
  let now = from.getTime()
  return {
    now: () => new Date(now),
    advance: (ms: number) => {
      now += ms
    },
    set: (at: Date) => {
      now = Math.max(now, at.getTime())
    },
  }
}

export const consignment = (n: number, fate = '', seed = 1): Consignment => {
  const zone = zones[n % zones.length]
  if (zone === undefined) throw new Error('no zone')
  return makeConsignment({ n, seed, zone, mode: '1210', enterprises, fate, at: START })
}

const key = createSigningKey({
  algorithm: 'sm2-sm3',
  subject: '合成测试企业',
  notBefore: new Date('2025-01-01T00:00:00Z'),
  notAfter: new Date('2035-01-01T00:00:00Z'),
  serial: '00000000000000a1',
})
export const signer = localSigner(key)

/** Business XML of documents of one kind, signed unless said otherwise. */
export const businessXml = async (
  kind: string,
  documents: readonly AnyDocument[],
  guid: string,
  isSigned = true,
): Promise<Uint8Array> => {
  const transfer = { copCode: '500196S001', copName: '合成测试企业', dxpId: SENDER }
  const written = writeMessage(getDeclaration(kind), documents, { guid, trailer: { transfer } })
  return isSigned ? signMessage(written, signer) : Buffer.from(written.canonical)
}

/** In an envelope to the system of its direction. */
export const inEnvelopeTo = (kind: string, copMsgId: string, data: Uint8Array): Uint8Array => {
  const { direction } = getDeclaration(kind)
  const to = ADDRESSES[direction === 'export' ? 'export' : 'import']
  return inEnvelope(copMsgId, `${kind}Message`, data, to)
}

export const inEnvelope = (
  copMsgId: string,
  messageType: string,
  data: Uint8Array,
  receiver = ADDRESSES.import,
): Uint8Array =>
  wrapEnvelope({
    copMsgId,
    senderId: SENDER,
    receiverIds: [receiver],
    createdAt: localDateTime(START),
    messageType,
    data,
  })

/** One single reply as it arrived. */
export interface Arrived {
  readonly kind: string
  readonly fields: FieldRecord
  /** Of a notice with lines, its lines. */
  readonly lines: readonly FieldRecord[]
  readonly message: Delivery
  readonly senderId: string
  readonly xml: Uint8Array
}

export const testOffice = (options: Partial<CustomsOptions> = {}) => {
  const clock = movingClock()
  const ids = seededIds('test')
  const customs = createCustoms({ clock, seed: 'office', pace: paces.demo, ...options })

  const send = async (kind: string, documents: readonly AnyDocument[]): Promise<string> => {
    const guid = ids.next().toUpperCase()
    const data = await businessXml(kind, documents, guid, options.verify !== 'none')
    const received = customs.receive(inEnvelopeTo(kind, guid, data))
    if (received.kind !== 'taken') throw new Error(`not taken: ${received.kind}`)
    return guid
  }

  /** Runs the clock until nothing is under way; replies in order of arrival. */
  const settle = (): Arrived[] => {
    const arrived: Arrived[] = []
    for (let next = customs.nextDueAt(); next !== undefined; next = customs.nextDueAt()) {
      clock.set(next)
      for (const message of customs.due()) {
        arrived.push(...read(message))
        customs.delivered(message.copMsgId)
      }
    }
    return arrived
  }

  return {
    ...{ clock, customs, send, settle },
    /** All four documents, each in a message of its own. */
    sendConsignment: async (made: Consignment): Promise<void> => {
      await send('CEB311', [made.order])
      await send('CEB411', [made.payment])
      await send('CEB511', [made.waybill])
      await send('CEB621', [made.list])
    },
  }
}

/** Single replies of a reply message; throws unless every one of them passes our catalogue. */
export const read = (message: Delivery): Arrived[] => {
  const opened = readEnvelope(message.envelope)
  if (opened.kind !== 'message') throw new Error('reply envelope cannot be read')
  const { data, messageType, senderId } = opened.envelope
  const content = readMessage(data)
  const facts = { message, senderId, xml: data }
  if (content.kind === 'unreadable')
    return [{ kind: 'unreadable', fields: {}, lines: [], ...facts }]
  const { entry, documents, faults } = content.message
  const found = [...faults]
  const replies = documents.map((each) => {
    const checked = checkDocument(entry, each.document)
    found.push(...each.faults, ...checked.faults)
    return checked.document
  })
  if (found.length > 0) throw new Error(`${messageType}: ${found.map((each) => each.code).join()}`)
  const group = entry.sort === 'notice' ? lineGroup(entry) : undefined
  return replies.map((document) => ({
    ...{ kind: entry.code, fields: headOfDocument(entry, document), ...facts },
    lines: group === undefined ? [] : linesOf(entry, document, group),
  }))
}

/** Official statuses of one kind, in order of arrival. */
export const statuses = (arrived: readonly Arrived[], kind: string): (string | undefined)[] =>
  arrived.filter((each) => each.kind === kind).map((each) => each.fields.returnStatus)

/** The reply that decides: the latest by official time, by rank at the same time. */
export const last = (arrived: readonly Arrived[], kind: string): FieldRecord | undefined =>
  arrived
    .filter((each) => each.kind === kind)
    .map((each) => each.fields)
    .reduce<FieldRecord | undefined>(
      (held, next) => (outranks(next, held) ? next : held),
      undefined,
    )

const outranks = (next: FieldRecord, held: FieldRecord | undefined): boolean => {
  if (held === undefined) return true
  const [a, b] = [next.returnTime ?? '', held.returnTime ?? '']
  const rank = (fields: FieldRecord) => officialStatus(fields.returnStatus ?? '').rank
  return a === b ? rank(next) > rank(held) : a > b
}
