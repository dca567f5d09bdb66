/**
 * Plans and writes replies. A document's steps become single replies with an official time each,
 * later for every step, and travel in the manner of its fate; the outgoing tray packs what falls
 * due together. Replies repeat the key of the document and never its guid (202205 replies).
 */
import { findMessage, headOf } from '../catalogue/index.ts'
import type { Declaration, FieldRecord, FormatReply, Reply } from '../catalogue/message.ts'
import { type Clock, stamp17 } from '../kernel/clock.ts'
import type { Ledger } from './books.ts'
import type { Manner, Step } from './fates.ts'
import type { Numbers } from './numbers.ts'
import { createOutgoing, type Outgoing } from './outgoing.ts'
import type { Filed } from './registry.ts'
import { formatReplyMessage, garbageMessage, type ReplyHead, replyMessage } from './reply-xml.ts'
import { usualInfo } from './texts.ts'
import type { Pace } from './types.ts'

export interface AnswersDeps {
  readonly clock: Clock
  readonly pace: Pace
  readonly address: string
  readonly numbers: Numbers
  readonly ledger: Ledger
}

/** A single reply, its content fixed when it was planned. */
export interface PlannedReply {
  readonly filed: Filed
  readonly status: string
  readonly info: string
  /** Official time in milliseconds, and as the reply says it. */
  readonly at: number
  readonly time: string
  readonly given: Readonly<Record<string, string>>
}

export interface Following {
  readonly appType: string
  readonly manner: Manner
  /** Appended to the text of the first reply. */
  readonly hint?: string
  /** Not before this moment, in milliseconds. */
  readonly from?: number
}

export interface Answers {
  readonly outgoing: Outgoing<PlannedReply>
  /** Plans the replies of these steps, one after the other from now on. */
  follow(filed: Filed, steps: readonly Step[], how: Following): void
  /** Plans the refusal of a whole message; `document` lacks guid and time. */
  refuseMessage(entry: FormatReply, document: FieldRecord, receiverId: string): void
}

/** From this status on a list has its number. */
const STORED = '120'
/** Moments whose text is kept; a message has a handful. */
const STAMPS_KEPT = 64

export const createAnswers = (deps: AnswersDeps): Answers => {
  const { clock, pace, numbers } = deps
  const head = (receiverId: string): ReplyHead => ({
    guid: numbers.guid(),
    senderId: deps.address,
    receiverId,
    at: clock.now(),
  })

  // Documents of one message are answered at the same moments.
  const stamps = new Map<number, string>()
  const stampOf = (at: number): string => {
    const known = stamps.get(at)
    if (known !== undefined) return known
    if (stamps.size >= STAMPS_KEPT) stamps.clear()
    const stamp = stamp17(new Date(at))
    stamps.set(at, stamp)
    return stamp
  }

  const outgoing = createOutgoing<PlannedReply>((replies) => {
    const [first] = replies
    if (first === undefined) throw new Error('a reply message needs a reply')
    const entry = replyTo(first.filed.entry)
    for (const reply of replies) book(reply, deps.ledger)
    const documents = replies.map((reply) => write(entry, reply, numbers.guid()))
    return replyMessage(entry, documents, head(first.filed.receiverId))
  })

  const give = (filed: Filed, step: Step, at: Date): void => {
    const { gives = [] } = replyTo(filed.entry)
    if (gives.includes('preNo') && filed.given.preNo === undefined)
      filed.given = { ...filed.given, preNo: numbers.preNo(at) }
    if (gives.includes('invtNo') && step.status === STORED && filed.given.invtNo === undefined)
      filed.given = { ...filed.given, invtNo: numbers.invtNo(filed.entry, filed.echo, at) }
  }

  /** The reply of one step and when it is due. */
  const planStep = (filed: Filed, step: Step, how: Following, hint: string) => {
    const due = filed.busyUntil + pace[step.pause]
    const at = step.sameMoment ? filed.repliedAt : Math.max(due, filed.repliedAt + 1)
    filed.busyUntil = due
    filed.repliedAt = at
    give(filed, step, new Date(at))
    const info = (step.info ?? usualInfo(filed, how.appType, step.status)) + hint
    const time = stampOf(at)
    const reply: PlannedReply = { filed, status: step.status, info, at, time, given: filed.given }
    return { due, reply }
  }

  return {
    outgoing,
    follow: (filed, steps, how) => {
      filed.busyUntil = Math.max(clock.now().getTime(), filed.busyUntil, how.from ?? 0)
      const planned = steps.map((step, i) =>
        planStep(filed, step, how, i === 0 ? (how.hint ?? '') : ''),
      )
      const replies = planned.map(({ reply }) => reply)
      if (how.manner === 'backwards') replies.reverse()
      const [first] = planned
      if (how.manner === 'after-garbage' && first !== undefined)
        outgoing.plan(first.due, {
          kind: 'message',
          make: () => garbageMessage(head(filed.receiverId)),
        })
      for (const [i, { due }] of planned.entries()) {
        const reply = replies[i]
        if (reply !== undefined) send(outgoing, reply, how.manner, due, pace.late)
      }
    },
    refuseMessage: (entry, document, receiverId) => {
      const at = clock.now()
      const time = { [entry.status.time]: stamp17(at) }
      outgoing.plan(at.getTime() + pace.received, {
        kind: 'message',
        make: () =>
          formatReplyMessage(
            entry,
            inOrder(entry, document, time, numbers.guid()),
            head(receiverId),
          ),
      })
    },
  }
}

const send = (
  outgoing: Outgoing<PlannedReply>,
  reply: PlannedReply,
  manner: Manner,
  due: number,
  late: number,
): void => {
  const { filed, status } = reply
  const shared = `${filed.entry.reply} ${filed.receiverId} ${status}`
  if (manner === 'plain') {
    outgoing.plan(due, { kind: 'reply', group: shared, copies: 1, reply })
    return
  }
  // Whoever behaves oddly travels alone, so that nothing evens it out.
  const group = `${shared} ${filed.key.join(' ')}`
  const copies = manner === 'twice' ? 2 : 1
  const at = manner === 'late' ? due + late : due
  for (let i = 0; i < copies; i += 1) outgoing.plan(at, { kind: 'reply', group, copies, reply })
}

const replyTo = (entry: Declaration): Reply => {
  const reply = findMessage(entry.reply)
  if (reply?.sort !== 'reply') throw new Error(`${entry.code} has no reply`)
  return reply
}

const book = (reply: PlannedReply, ledger: Ledger): void => {
  const { filed, status, at } = reply
  if (at > filed.statusAt) {
    filed.status = status
    filed.statusAt = at
  }
  ledger.replied(filed, status)
}

const write = (entry: Reply, reply: PlannedReply, guid: string): FieldRecord => {
  const { code, time, info } = entry.status
  const record: Record<string, string> = { guid }
  const { echo } = reply.filed
  for (const name in echo) record[name] = echo[name] ?? ''
  for (const name in reply.given) record[name] = reply.given[name] ?? ''
  record[code] = reply.status
  record[time] = reply.time
  record[info] = reply.info
  return record
}

/** The document's fields in wire order. */
const inOrder = (
  entry: FormatReply,
  document: FieldRecord,
  time: FieldRecord,
  guid: string,
): FieldRecord => {
  const all: FieldRecord = { ...document, ...time, guid }
  const record: Record<string, string> = {}
  for (const name of Object.keys(headOf(entry).fields)) {
    const value = all[name]
    if (value !== undefined) record[name] = value
  }
  return record
}
