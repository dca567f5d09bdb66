/**
 * The books of the office: every message by its CopMsgId with the hash of its business XML, and
 * counts of what was taken, refused, answered and released. Invariants of rehearsals are read off
 * them: a message that comes again with other bytes is a violation, whoever is to blame.
 */
import { createHash } from 'node:crypto'
import { YUAN } from '../catalogue/measures.ts'
import { officialStatus } from '../catalogue/statuses.ts'
import { add, type Decimal, subtract, writeDecimal, ZERO } from '../kernel/decimal.ts'
import type { Filed } from './filed.ts'
import type { OutgoingCounts } from './outgoing.ts'
import type { BookedDocument, BookedMessage, BooksSummary } from './types.ts'

export interface Ledger {
  /** Books a message; says whether it came before. */
  enter(copMsgId: string, data: Uint8Array): 'new' | 'repeated' | 'different'
  invalidSignature(): void
  refusedMessage(): void
  taken(kind: string, isFirst: boolean): void
  refused(kind: string): void
  /** A reply whose time has come. */
  replied(filed: Filed, status: string): void
  /** What goods of a list made up which went back, in its currency. */
  wentBack(currency: string, amount: Decimal): void
  /** A notice of that kind whose time has come. */
  told(kind: string): void
  summary(outgoing: OutgoingCounts): BooksSummary
  message(copMsgId: string): BookedMessage | undefined
  messages(): Iterable<BookedMessage>
}

interface Entry {
  /** The hash's bytes as characters 0–255: a quarter of what a Buffer costs. */
  readonly hash: string
  seen: number
  differentBytes: number
}

export const createLedger = (rememberMessages: number): Ledger => {
  const messages = new Map<string, Entry>()
  const oldestFirst = messages.keys()
  const counts = { received: 0, repeated: 0, differentBytes: 0, invalidSignatures: 0, refused: 0 }
  const documents: Record<string, { taken: number; versions: number; refused: number }> = {}
  const made: Record<string, number> = {}
  const notices: Record<string, number> = {}
  const released = { count: 0, amount: ZERO as Decimal, returned: ZERO as Decimal }
  const foreign: Record<string, { amount: Decimal; returned: Decimal }> = {}
  const foreignIn = (currency: string) => {
    foreign[currency] ??= { amount: ZERO, returned: ZERO }
    return foreign[currency]
  }

  const documentsOf = (kind: string) => {
    documents[kind] ??= { taken: 0, versions: 0, refused: 0 }
    return documents[kind]
  }

  return {
    enter: (copMsgId, data) => {
      const hash = createHash('sha256').update(data).digest().toString('latin1')
      const known = messages.get(copMsgId)
      if (known === undefined) {
        counts.received += 1
        messages.set(copMsgId, { hash, seen: 1, differentBytes: 0 })
        if (messages.size > rememberMessages) messages.delete(oldestFirst.next().value ?? '')
        return 'new'
      }
      known.seen += 1
      const same = known.hash === hash
      counts[same ? 'repeated' : 'differentBytes'] += 1
      if (!same) known.differentBytes += 1
      return same ? 'repeated' : 'different'
    },
    invalidSignature: () => {
      counts.invalidSignatures += 1
    },
    refusedMessage: () => {
      counts.refused += 1
    },
    taken: (kind, isFirst) => {
      const tally = documentsOf(kind)
      if (isFirst) tally.taken += 1
      tally.versions += 1
    },
    refused: (kind) => {
      documentsOf(kind).refused += 1
    },
    replied: (filed, status) => {
      made[status] = (made[status] ?? 0) + 1
      if (filed.counted || filed.entry.trade === undefined) return
      if (officialStatus(status).state !== 'released') return
      filed.counted = true
      released.count += 1
      released.amount = add(released.amount, filed.amount)
      if (filed.foreign === undefined) return
      const sums = foreignIn(filed.foreign.currency)
      sums.amount = add(sums.amount, filed.foreign.amount)
    },
    wentBack: (currency, amount) => {
      const sums = currency === YUAN ? released : foreignIn(currency)
      sums.amount = subtract(sums.amount, amount)
      sums.returned = add(sums.returned, amount)
    },
    told: (kind) => {
      notices[kind] = (notices[kind] ?? 0) + 1
    },
    summary: (outgoing) => ({
      messages: { ...counts },
      documents: structuredClone(documents),
      released: { count: released.count, amount: writeDecimal(released.amount) },
      returned: writeDecimal(released.returned),
      foreign: Object.fromEntries(
        Object.entries(foreign).map(([currency, { amount, returned }]) => [
          currency,
          { amount: writeDecimal(amount), returned: writeDecimal(returned) },
        ]),
      ),
      replies: { made: { ...made }, waiting: outgoing.waiting },
      notices: { ...notices },
      replyMessages: {
        made: outgoing.messagesMade,
        handedOut: outgoing.handedOut,
        delivered: outgoing.delivered,
        waiting: outgoing.messagesWaiting,
      },
    }),
    message: (copMsgId) => {
      const entry = messages.get(copMsgId)
      return entry === undefined ? undefined : booked(copMsgId, entry)
    },
    messages: function* () {
      for (const [copMsgId, entry] of messages) yield booked(copMsgId, entry)
    },
  }
}

/** A filed document as the books show it: no personal data. */
export const bookedDocument = (filed: Filed): BookedDocument => ({
  kind: filed.entry.code,
  key: filed.key,
  orderNo: filed.orderNo,
  guid: filed.guid,
  appTime: filed.appTime,
  versions: filed.versions,
  status: filed.status,
  made: filed.made,
  given: filed.given,
})

const booked = (copMsgId: string, entry: Entry): BookedMessage => ({
  copMsgId,
  sha256: Buffer.from(entry.hash, 'latin1').toString('hex'),
  seen: entry.seen,
  differentBytes: entry.differentBytes,
})
