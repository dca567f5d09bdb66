/**
 * One connection to RabbitMQ, over the callback face of amqplib: its models come synchronously, so
 * that their `error` listeners are there before anything can happen (with the promises a cut in the
 * handshake finds nobody listening and ends the process). Every answer of the broker is awaited for
 * a bounded time. The library's own recovery is not used: it hides what became of a message that
 * was under way. Source: AMQP 0-9-1; extensions of RabbitMQ.
 */
import { Socket } from 'node:net'
import type { Channel, ConfirmChannel, Connection as Model } from 'amqplib/callback_api'
import {
  AMQP_ANSWER_MS_MAX,
  AMQP_CONNECT_MS_MAX,
  AMQP_HEARTBEAT_SECONDS,
  AMQP_LINGER_MS,
} from '../kernel/limits.ts'

export type { Channel, ConfirmChannel }

/** What failed, as a code that may be told. */
export class AmqpFailure extends Error {
  readonly reason: string
  constructor(reason: string) {
    super(reason)
    this.reason = reason
  }
}

export interface Connection {
  /** Resolves when it is gone, whoever ended it. */
  readonly ended: Promise<void>
  isOpen(): boolean
  /** The broker takes nothing at the moment: it is short of memory or disk. */
  isBlocked(): boolean
  /** Waits for one answer of the broker; without it in time the connection is given up. */
  ask<T>(call: (answered: Answered<T>) => void): Promise<T>
  channel(): Promise<Channel>
  confirmChannel(): Promise<ConfirmChannel>
  /** Says farewell, and resolves when the broker answered or did not in time. */
  close(): Promise<void>
  /** Cuts it without a word: the far side does not answer as it should. */
  drop(): void
}

export type Answered<T> = (error: Error | null, answer: T) => void

/** Rejects when there is none to be had. */
export const openConnection = async (url: string): Promise<Connection> => {
  const { connect } = await import('amqplib/callback_api')
  const settings = {
    timeout: AMQP_CONNECT_MS_MAX,
    noDelay: true,
    clientProperties: { connection_name: 'yuguan' },
  }
  return new Promise((resolve, reject) => {
    connect(withHeartbeat(url), settings, (error: unknown, model) => {
      if (error) reject(error)
      else resolve(connectionOf(model))
    })
  })
}

/** A URL that names its own heartbeat keeps it. */
const withHeartbeat = (text: string): string => {
  const url = new URL(text)
  if (!url.searchParams.has('heartbeat'))
    url.searchParams.set('heartbeat', String(AMQP_HEARTBEAT_SECONDS))
  return url.href
}

const connectionOf = (model: Model): Connection => {
  let [isOpen, isBlocked] = [true, false]
  const socket = socketOf(model)
  // What went wrong is told to everybody who waits; here it must only be heard.
  model.on('error', () => undefined)
  model.on('blocked', () => {
    isBlocked = true
  })
  model.on('unblocked', () => {
    isBlocked = false
  })
  const ended = new Promise<void>((resolve) => {
    model.on('close', () => {
      isOpen = false
      // A far side that vanished never answers the end of the stream.
      setTimeout(() => socket?.destroy(), AMQP_LINGER_MS).unref()
      resolve()
    })
  })
  const drop = (): void => {
    socket?.destroy(new AmqpFailure('GIVEN_UP'))
  }
  const ask = <T>(call: (answered: Answered<T>) => void): Promise<T> =>
    new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        reject(new AmqpFailure('ANSWER_TIMEOUT'))
        drop()
      }, AMQP_ANSWER_MS_MAX)
      const fail = (error: unknown): void => {
        clearTimeout(late)
        reject(error)
      }
      try {
        call((error, answer) => {
          if (error) return fail(error)
          clearTimeout(late)
          resolve(answer)
        })
      } catch (error) {
        // The library throws when the connection or channel was closed a moment ago.
        fail(error)
      }
    })
  return {
    ended,
    ask,
    drop,
    isOpen: () => isOpen,
    isBlocked: () => isBlocked,
    channel: () => ask((answered) => listening(model.createChannel(answered))),
    confirmChannel: () => ask((answered) => listening(model.createConfirmChannel(answered))),
    close: async () => {
      if (!isOpen) return
      await ask<void>((answered) => model.close((error) => answered(error, undefined))).catch(
        () => undefined,
      )
      socket?.destroy()
    },
  }
}

/** An error of a channel is told by its close and to whoever waits for an answer. */
const listening = (channel: Channel): void => {
  channel.on('error', () => undefined)
}

/** The library gives no way to let go of a socket whose far side is silent. */
const socketOf = ({ connection }: Model): Socket | undefined =>
  'stream' in connection && connection.stream instanceof Socket ? connection.stream : undefined

/**
 * Makes sure that a queue is there. One that exists is taken as it is, whatever its arguments: the
 * broker may be somebody else's, who declared it and lets nobody else declare any. Each question has
 * a channel of its own, because the broker answers "no" by closing it.
 */
export const ensureQueue = async (connection: Connection, queue: string): Promise<void> => {
  if (await isThere(connection, queue)) return
  const channel = await connection.channel()
  await connection.ask((answered) => channel.assertQueue(queue, { durable: true }, answered))
  closeChannel(channel)
}

const NOT_FOUND = 404

const isThere = async (connection: Connection, queue: string): Promise<boolean> => {
  const channel = await connection.channel()
  try {
    await connection.ask((answered) => channel.checkQueue(queue, answered))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === NOT_FOUND) return false
    throw error
  }
  closeChannel(channel)
  return true
}

/** Does nothing about one that is closed. */
export const closeChannel = (channel: Channel): void => {
  try {
    channel.close()
  } catch {
    // Its connection went away a moment ago, and the channel with it.
  }
}

/** What may be told of a failure: a code, never the address or what the broker repeats of it. */
export const reasonOf = (error: unknown): string => {
  if (error instanceof AmqpFailure) return error.reason
  if (!(error instanceof Error)) return 'failed'
  if ('code' in error && typeof error.code === 'string') return error.code
  if ('code' in error && typeof error.code === 'number') return `AMQP ${error.code}`
  if (/^channel/i.test(error.message)) return 'CHANNEL_CLOSED'
  if (/^socket closed/i.test(error.message)) return 'CONNECTION_CLOSED'
  // Of a refusal in the handshake only its text tells, as "403 (ACCESS-REFUSED)".
  return /\b\d{3} \([A-Z-]+\)|\bE[A-Z]{6,}\b/.exec(error.message)?.[0] ?? error.name
}
