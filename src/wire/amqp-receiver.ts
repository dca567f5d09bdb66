/**
 * Brings what arrives in RabbitMQ queues, one per DXP account. A message is acknowledged only after
 * it was taken for good; one that could not be taken goes back to its queue after a pause. Each
 * queue has a loop of its own: make sure of the queue, consume until that ends (a cut, a closed
 * channel, the queue deleted under the consumer), rest, begin again. So nothing that a broker does
 * needs a restart of the gateway.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import {
  AMQP_REST_MAX_MS,
  AMQP_RETAKE_FIRST_MS,
  AMQP_RETAKE_MAX_MS,
  AMQP_UNACKED_MAX,
  AMQP_UNACKED_PER_QUEUE_MAX,
  REPLY_BYTES_MAX,
} from '../kernel/limits.ts'
import { AMQP_TURN_MS } from '../kernel/link-limits.ts'
import {
  AmqpFailure,
  type Channel,
  type Connection,
  closeChannel,
  ensureQueue,
  reasonOf,
} from './amqp-connection.ts'
import { createSessions, restMs, type SessionOptions } from './amqp-session.ts'
import type { Receiver, Take, WireLog } from './types.ts'

export type ReceiverOptions = Pick<SessionOptions<unknown>, 'url' | 'log' | 'random'> & {
  /** What stands before the account in the name of its queue. */
  readonly prefix: string
  /** Messages of all queues that are handed over and not acknowledged yet. */
  readonly unackedMax?: number
}

export const amqpReceiver = (options: ReceiverOptions): Receiver => {
  const { log, random, prefix, unackedMax = AMQP_UNACKED_MAX } = options
  const places = createPlaces(unackedMax)
  const sessions = createSessions({
    ...options,
    restMaxMs: AMQP_REST_MAX_MS,
    setUp: async (connection) => connection,
  })
  const listening = new Map<string, Listening>()
  let current: Take = () => Promise.reject(new Error('nobody listens'))

  const listenTo = (queue: string): Listening => {
    const stopping = new AbortController()
    const { signal } = stopping
    const consume = async (): Promise<void> => {
      const connection = await sessions.whenThere(signal)
      const prefetch = shareOf(listening.size, unackedMax)
      const leave = await places.enter(prefetch, signal)
      // Where there are more queues than places they take turns.
      const turn = new AbortController()
      const stop = (): void => turn.abort()
      signal.addEventListener('abort', stop, { once: true })
      const watch = setInterval(() => {
        if (places.isAwaited()) stop()
      }, AMQP_TURN_MS)
      try {
        await consumeFrom({
          ...{ connection, queue, prefetch, log, signal: turn.signal },
          take: (bytes) => current(bytes),
        })
      } finally {
        clearInterval(watch)
        signal.removeEventListener('abort', stop)
        leave()
      }
    }
    const run = async (): Promise<void> => {
      let failures = 0
      while (!signal.aborted) {
        try {
          await consume()
          failures = 0
        } catch (problem) {
          if (signal.aborted) return
          failures += 1
          log.warn('amqp.not-heard', { queue, failures, reason: reasonOf(problem) })
        }
        const ms = restMs(failures, AMQP_REST_MAX_MS, random())
        await sleep(ms, undefined, { signal }).catch(() => undefined)
      }
    }
    const running = run()
    return {
      stop: () => {
        stopping.abort()
        return running
      },
    }
  }

  return {
    listen: async (accounts, take) => {
      current = take
      const wanted = new Set(accounts)
      for (const [account, { stop }] of listening) {
        if (wanted.has(account)) continue
        listening.delete(account)
        await stop()
      }
      for (const account of wanted)
        if (!listening.has(account)) listening.set(account, listenTo(`${prefix}${account}`))
    },
    close: async () => {
      await Promise.all([...listening.values()].map(({ stop }) => stop()))
      listening.clear()
      await sessions.close()
    },
  }
}

interface Listening {
  /** Resolves when what is under way is settled. */
  stop(): Promise<void>
}

/** Messages of one queue handed over at a time, so that many accounts do not fill the memory. */
const shareOf = (queues: number, all: number): number =>
  Math.max(1, Math.min(AMQP_UNACKED_PER_QUEUE_MAX, all, Math.floor(all / queues)))

/** So many messages may be handed over in all; queues wait for theirs in the order in which they came. */
const createPlaces = (most: number) => {
  const waiting: { readonly count: number; readonly enter: () => void }[] = []
  let free = most
  const letIn = (): void => {
    for (let next = waiting[0]; next !== undefined && next.count <= free; next = waiting[0]) {
      free -= next.count
      waiting.shift()
      next.enter()
    }
  }
  return {
    isAwaited: (): boolean => waiting.length > 0,
    /** Gives what gives the places back. Rejects when it is stopped before its turn came. */
    enter: (count: number, signal: AbortSignal): Promise<() => void> =>
      new Promise((resolve, reject) => {
        const leave = (): void => {
          free += count
          letIn()
        }
        const entry = {
          count,
          enter: (): void => {
            signal.removeEventListener('abort', giveUp)
            resolve(leave)
          },
        }
        const giveUp = (): void => {
          waiting.splice(waiting.indexOf(entry), 1)
          reject(new AmqpFailure('CLOSED'))
          letIn()
        }
        if (signal.aborted) return reject(new AmqpFailure('CLOSED'))
        signal.addEventListener('abort', giveUp, { once: true })
        waiting.push(entry)
        letIn()
      }),
  }
}

interface Consuming {
  readonly connection: Connection
  readonly queue: string
  readonly prefetch: number
  readonly take: Take
  readonly log: WireLog
  /** Ends it in order: no more messages, those under way are settled. */
  readonly signal: AbortSignal
}

/** Resolves when it ended and all that it was handed is settled. */
const consumeFrom = async (consuming: Consuming): Promise<void> => {
  const { connection, queue, prefetch, log, signal } = consuming
  await ensureQueue(connection, queue)
  const channel = await connection.channel()
  const over = new AbortController()
  const ended = new Promise<void>((resolve) => {
    over.signal.addEventListener('abort', () => resolve(), { once: true })
  })
  const stop = (): void => over.abort()
  channel.on('close', stop)
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted || !connection.isOpen()) stop()
  const settled = createSettling(consuming, channel, over.signal)
  try {
    await connection.ask((answered) => channel.prefetch(prefetch, false, answered))
    const { consumerTag } = await connection.ask<{ consumerTag: string }>((answered) =>
      channel.consume(
        queue,
        (message) => {
          if (message !== null) return settled.add(message)
          // The broker ended the consumer: its queue was deleted, or moved to another node.
          log.warn('amqp.queue-gone', { queue })
          stop()
        },
        {},
        answered,
      ),
    )
    await ended
    if (signal.aborted && connection.isOpen())
      await connection.ask((answered) => channel.cancel(consumerTag, answered))
  } finally {
    stop()
    signal.removeEventListener('abort', stop)
    await settled.all()
    closeChannel(channel)
  }
}

interface Message {
  readonly content: Buffer
  readonly fields: { readonly deliveryTag: number }
  readonly properties: { readonly messageId?: unknown }
}

/** Settles what is handed over, each message on its own; at most the prefetch at a time. */
const createSettling = (
  { queue, prefetch, take, log }: Consuming,
  channel: Channel,
  over: AbortSignal,
) => {
  const underWay = new Set<Promise<void>>()
  let failures = 0

  const settle = async (message: Parameters<Channel['ack']>[0] & Message): Promise<void> => {
    const { content, properties } = message
    if (content.length > REPLY_BYTES_MAX) {
      // Nobody can ever store it, so it must not come again and again. The log names it, and the
      // broker gives it to the queue's dead-letter exchange where its owner has set one up.
      const facts = { queue, messageId: String(properties.messageId), bytes: content.length }
      log.error('amqp.too-long', facts)
      return tell(() => channel.nack(message, false, false))
    }
    try {
      await take(content)
      failures = 0
      tell(() => channel.ack(message))
    } catch (problem) {
      // The whole prefetch fails together where the database is away: that is one failure. The pause
      // grows, because some kinds of queue give a message up after so many returns.
      const doublings = Math.min(20, Math.floor(failures / prefetch))
      failures += 1
      const waitMs = Math.min(AMQP_RETAKE_MAX_MS, AMQP_RETAKE_FIRST_MS * 2 ** doublings)
      log.warn('amqp.not-taken', { queue, waitMs, reason: reasonOf(problem) })
      await sleep(waitMs, undefined, { signal: over }).catch(() => undefined)
      tell(() => channel.nack(message, false, true))
    }
  }

  return {
    add: (message: Parameters<Channel['ack']>[0] & Message): void => {
      const settling = settle(message).finally(() => underWay.delete(settling))
      underWay.add(settling)
    },
    all: async (): Promise<void> => {
      await Promise.all(underWay)
    },
  }
}

/** To a channel that is gone nothing can be told: then the broker gives the message again. */
const tell = (say: () => void): void => {
  try {
    say()
  } catch {
    // Closed by the broker or by a cut; the loop begins again.
  }
}
