/**
 * The outgoing tray: single replies wait for their moment, are packed with others of their group
 * into messages of up to a hundred, and are handed out until somebody says that they arrived.
 * Delivery is at least once and always of the same bytes. Only a bounded number of messages is
 * packed at a time; what waits behind them waits as facts, not as XML.
 */
import {
  DOCUMENTS_PER_MESSAGE_MAX,
  SIM_BACKOFF_FIRST_MS,
  SIM_BACKOFF_MAX_MS,
  SIM_LEASE_MS,
  SIM_MESSAGES_PACKED_MAX,
} from '../kernel/limits.ts'
import { createAgenda } from './agenda.ts'
import type { Delivery } from './types.ts'

/** What is planned: a reply that may travel with others, or a message made for itself. */
export type Planned<T> =
  | {
      readonly kind: 'reply'
      /** Replies of one group may share a message: same kind, same receiver, same step. */
      readonly group: string
      /** How often the message is sent; the group is then its alone. */
      readonly copies: number
      readonly reply: T
    }
  | { readonly kind: 'message'; readonly make: () => Delivery }

export interface Outgoing<T> {
  plan(at: number, planned: Planned<T>): void
  due(now: number, limit: number): readonly Delivery[]
  delivered(copMsgId: string, now: number): void
  failed(copMsgId: string, now: number): void
  next(now: number): number | undefined
  counts(): OutgoingCounts
}

export interface OutgoingCounts {
  /** Single replies planned or ready, not packed yet. */
  readonly waiting: number
  readonly messagesMade: number
  readonly messagesWaiting: number
  readonly handedOut: number
  readonly delivered: number
}

interface Tray {
  readonly delivery: Delivery
  /** Deliveries still wanted. */
  copies: number
  attempts: number
  /** When it may be handed out (again). */
  readyAt: number
}

interface Group<T> {
  readonly copies: number
  readonly replies: T[]
}

/** `pack` makes the message of replies whose time has come; what `isOver` by then is left out. */
export const createOutgoing = <T>(
  pack: (replies: readonly T[], now: number) => Delivery,
  isOver: (reply: T) => boolean,
): Outgoing<T> => {
  const agenda = createAgenda<Planned<T>>()
  const groups = new Map<string, Group<T>>()
  const trays = new Map<string, Tray>()
  const tally = { ready: 0, made: 0, handedOut: 0, delivered: 0 }

  const put = (delivery: Delivery, copies: number, now: number): Tray => {
    const tray = { delivery, copies, attempts: 0, readyAt: now }
    tally.made += 1
    trays.set(delivery.copMsgId, tray)
    return tray
  }

  const gather = (now: number): void => {
    for (const planned of agenda.take(now)) {
      if (planned.kind === 'message') {
        put(planned.make(), 1, now)
        continue
      }
      if (isOver(planned.reply)) continue
      tally.ready += 1
      const group = groups.get(planned.group)
      if (group === undefined)
        groups.set(planned.group, { copies: planned.copies, replies: [planned.reply] })
      else group.replies.push(planned.reply)
    }
  }

  /** One message; what is left of its group goes to the end, so that every group gets its turn. */
  const packNext = (now: number): Tray | undefined => {
    const [first] = groups
    if (first === undefined || trays.size >= SIM_MESSAGES_PACKED_MAX) return undefined
    const [name, group] = first
    groups.delete(name)
    const replies = group.replies.splice(0, DOCUMENTS_PER_MESSAGE_MAX)
    if (group.replies.length > 0) groups.set(name, group)
    tally.ready -= replies.length
    return put(pack(replies, now), group.copies, now)
  }

  const handOut = (tray: Tray, now: number): Delivery => {
    tally.handedOut += 1
    tray.attempts += 1
    tray.readyAt = now + SIM_LEASE_MS
    return tray.delivery
  }

  return {
    plan: (at, planned) => agenda.add(at, planned),
    due: (now, limit) => {
      gather(now)
      const out: Delivery[] = []
      for (const tray of trays.values())
        if (out.length < limit && tray.readyAt <= now) out.push(handOut(tray, now))
      while (out.length < limit) {
        const tray = packNext(now)
        if (tray === undefined) break
        out.push(handOut(tray, now))
      }
      return out
    },
    delivered: (copMsgId, now) => {
      const tray = trays.get(copMsgId)
      if (tray === undefined) return
      tally.delivered += 1
      tray.copies -= 1
      tray.readyAt = now
      if (tray.copies <= 0) trays.delete(copMsgId)
    },
    failed: (copMsgId, now) => {
      const tray = trays.get(copMsgId)
      if (tray !== undefined) tray.readyAt = now + backOff(tray.attempts)
    },
    next: (now) => {
      if (groups.size > 0 && trays.size < SIM_MESSAGES_PACKED_MAX) return now
      const moments = [...trays.values()].map((tray) => tray.readyAt)
      const planned = agenda.next()
      if (planned !== undefined) moments.push(planned)
      return moments.length === 0 ? undefined : Math.min(...moments)
    },
    counts: () => ({
      waiting: agenda.size() + tally.ready,
      messagesMade: tally.made,
      messagesWaiting: trays.size,
      handedOut: tally.handedOut,
      delivered: tally.delivered,
    }),
  }
}

const backOff = (attempts: number): number =>
  Math.min(SIM_BACKOFF_FIRST_MS * 2 ** Math.min(attempts - 1, 20), SIM_BACKOFF_MAX_MS)
