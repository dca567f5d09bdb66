/**
 * Hands messages to RabbitMQ so that none can get lost unnoticed: persistent, mandatory, on a
 * confirm channel. A message counts as sent only when the broker confirmed it and had a queue for
 * it; the broker confirms what it could not route as well, so the `return` before the confirm
 * decides. Whatever else happens (a cut, a closed channel, silence) leaves the message unsent, and
 * the same bytes come again.
 */
import { AMQP_CONFIRM_MS_MAX, AMQP_QUEUES_KNOWN_MAX, AMQP_REST_FIRST_MS } from '../kernel/limits.ts'
import {
  AmqpFailure,
  type ConfirmChannel,
  type Connection,
  ensureQueue,
  reasonOf,
} from './amqp-connection.ts'
import { createSessions, type SessionOptions } from './amqp-session.ts'
import type { SendOutcome } from './types.ts'

export interface AmqpPublisher {
  /** Never throws for a far-side failure. */
  send(queue: string, copMsgId: string, envelope: Uint8Array): Promise<SendOutcome>
  /** Whether the broker answers and the queue is there; a queue that is not is declared. */
  probe(queue: string): Promise<SendOutcome>
  close(): Promise<void>
}

export type PublisherOptions = Pick<SessionOptions<unknown>, 'url' | 'log' | 'random'> & {
  /** Longest wait for the confirm of one message, in milliseconds. */
  readonly confirmMs?: number
}

export const amqpPublisher = (options: PublisherOptions): AmqpPublisher => {
  const { url, log, random, confirmMs = AMQP_CONFIRM_MS_MAX } = options
  // Whoever sends has a back-off of his own; here it is enough that a batch does not knock twice.
  const sessions = createSessions({
    ...{ url, log, random, restMaxMs: AMQP_REST_FIRST_MS },
    setUp: (connection) => openLine(connection, confirmMs),
  })
  const attempt = async (run: (line: Line) => Promise<SendOutcome>): Promise<SendOutcome> => {
    try {
      return await run(await sessions.now())
    } catch (error) {
      return unavailable(reasonOf(error))
    }
  }
  return {
    send: (queue, copMsgId, envelope) => attempt((line) => line.publish(queue, copMsgId, envelope)),
    probe: (queue) => attempt((line) => line.probe(queue)),
    close: () => sessions.close(),
  }
}

/** One connection with its confirm channel. */
interface Line {
  publish(queue: string, copMsgId: string, envelope: Uint8Array): Promise<SendOutcome>
  probe(queue: string): Promise<SendOutcome>
}

/** A message that awaits its confirm. */
interface UnderWay {
  readonly copMsgId: string
  readonly queue: string
  isReturned: boolean
}

const openLine = async (connection: Connection, confirmMs: number): Promise<Line> => {
  const channel = await connection.confirmChannel()
  // As many as are sent at a time: a batch of dispatch, or the deliveries of a simulator.
  const underWay = new Set<UnderWay>()
  const queues = knownQueues(connection)
  channel.on('return', ({ fields, properties }) => {
    queues.forget(fields.routingKey)
    for (const message of underWay)
      if (message.copMsgId === properties.messageId && message.queue === fields.routingKey)
        message.isReturned = true
  })
  // A channel that the broker closed takes nothing any more; a fresh connection does.
  channel.on('close', () => connection.drop())
  return {
    publish: async (queue, copMsgId, envelope) => {
      if (connection.isBlocked()) return unavailable('BLOCKED')
      await queues.ensure(queue)
      const message: UnderWay = { copMsgId, queue, isReturned: false }
      underWay.add(message)
      try {
        await confirmed(connection, channel, message, envelope, confirmMs)
      } finally {
        underWay.delete(message)
      }
      if (!message.isReturned) return { kind: 'sent' }
      // The queue was deleted: it is there again before the message comes again.
      await queues.ensure(queue)
      return unavailable('NO_QUEUE')
    },
    probe: async (queue) => {
      if (connection.isBlocked()) return unavailable('BLOCKED')
      await ensureQueue(connection, queue)
      return { kind: 'sent' }
    },
  }
}

/** Resolves on the broker's confirm; rejects on anything else, at the latest after `confirmMs`. */
const confirmed = (
  connection: Connection,
  channel: ConfirmChannel,
  { copMsgId, queue }: UnderWay,
  envelope: Uint8Array,
  confirmMs: number,
): Promise<void> =>
  new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      reject(new AmqpFailure('CONFIRM_TIMEOUT'))
      // What else awaits a confirm on it would wait as long, each in turn.
      connection.drop()
    }, confirmMs)
    const settle = (error: unknown): void => {
      clearTimeout(late)
      if (error) reject(new AmqpFailure('UNCONFIRMED'))
      else resolve()
    }
    const properties = {
      ...{ persistent: true, mandatory: true, messageId: copMsgId },
      ...{ contentType: 'text/xml', contentEncoding: 'UTF-8' },
    }
    try {
      channel.publish('', queue, bufferOf(envelope), properties, settle)
    } catch (error) {
      settle(error)
      connection.drop()
    }
  })

/** Queues that were there when they were last looked for on this connection. */
const knownQueues = (connection: Connection) => {
  const known = new Map<string, Promise<void>>()
  return {
    ensure: (queue: string): Promise<void> => {
      const found = known.get(queue)
      if (found !== undefined) return found
      if (known.size >= AMQP_QUEUES_KNOWN_MAX) known.clear()
      const looked = ensureQueue(connection, queue)
      known.set(queue, looked)
      looked.catch(() => known.delete(queue))
      return looked
    },
    forget: (queue: string): void => {
      known.delete(queue)
    },
  }
}

const unavailable = (reason: string): SendOutcome => ({ kind: 'unavailable', reason })

/** The same bytes, not a copy. */
const bufferOf = (bytes: Uint8Array): Buffer =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
