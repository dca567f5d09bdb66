/**
 * Keeps one session with a broker for everybody who needs it: opened when it is first asked for,
 * and again after it ended. Four states: nothing, a session (being opened or open), a rest after a
 * failure or a cut, closed. During a rest nobody knocks, so a broker that is away is asked at a pace
 * that falls, however many wait for it.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { AMQP_REST_FIRST_MS } from '../kernel/limits.ts'
import { AmqpFailure, type Connection, openConnection, reasonOf } from './amqp-connection.ts'
import type { WireLog } from './types.ts'

export interface SessionOptions<T> {
  /** With user and password; secret. */
  readonly url: string
  readonly log: WireLog
  /** From 0 to 1, so that those who failed together do not return together. */
  readonly random: () => number
  /** Longest rest between two attempts, in milliseconds. */
  readonly restMaxMs: number
  /** What is set up on a new connection; when it rejects the connection is closed again. */
  readonly setUp: (connection: Connection) => Promise<T>
}

export interface Sessions<T> {
  /** The session there is or a new one; rejects at once during a rest. */
  now(): Promise<T>
  /** The same, however long it takes; rejects only when it is closed or `stopping`. */
  whenThere(stopping: AbortSignal): Promise<T>
  close(): Promise<void>
}

type State<T> =
  | { readonly kind: 'none' }
  | { readonly kind: 'session'; readonly session: Promise<Session<T>> }
  | { readonly kind: 'resting'; readonly problem: unknown; readonly over: Promise<unknown> }

interface Session<T> {
  readonly connection: Connection
  readonly value: T
}

export const createSessions = <T>(options: SessionOptions<T>): Sessions<T> => {
  const { log, random, restMaxMs } = options
  const closing = new AbortController()
  let state: State<T> = { kind: 'none' }
  let failures = 0

  const rest = (problem: unknown): void => {
    if (closing.signal.aborted) return
    const ms = restMs(failures, restMaxMs, random())
    log.warn('amqp.away', { reason: reasonOf(problem), failures, waitMs: ms })
    const over = sleep(ms, undefined, { signal: closing.signal }).catch(() => undefined)
    const resting: State<T> = { kind: 'resting', problem, over }
    state = resting
    over.then(() => {
      if (state === resting) state = { kind: 'none' }
    })
  }

  const open = async (): Promise<Session<T>> => {
    try {
      const session = await openSession(options)
      failures = 0
      session.connection.ended.then(() => rest(new AmqpFailure('CONNECTION_CLOSED')))
      return session
    } catch (problem) {
      failures += 1
      rest(problem)
      throw problem
    }
  }

  const now = async (): Promise<T> => {
    if (closing.signal.aborted) throw new AmqpFailure('CLOSED')
    if (state.kind === 'resting') throw state.problem
    if (state.kind === 'none') state = { kind: 'session', session: open() }
    return (await state.session).value
  }

  return {
    now,
    whenThere: async (stopping) => {
      for (;;) {
        if (state.kind === 'resting') await orStopped(state.over, stopping)
        if (stopping.aborted) throw new AmqpFailure('CLOSED')
        try {
          return await now()
        } catch (problem) {
          if (closing.signal.aborted) throw problem
        }
      }
    },
    close: async () => {
      closing.abort()
      if (state.kind !== 'session') return
      const session = await state.session.catch(() => undefined)
      await session?.connection.close()
    },
  }
}

const openSession = async <T>({ url, setUp }: SessionOptions<T>): Promise<Session<T>> => {
  const connection = await openConnection(url)
  try {
    return { connection, value: await setUp(connection) }
  } catch (problem) {
    await connection.close()
    throw problem
  }
}

/** Doubles with every failure, less up to a quarter. */
export const restMs = (failures: number, maxMs: number, spread: number): number =>
  Math.round(
    Math.min(maxMs, AMQP_REST_FIRST_MS * 2 ** Math.min(Math.max(0, failures - 1), 20)) *
      (1 - spread / 4),
  )

const orStopped = async (over: Promise<unknown>, stopping: AbortSignal): Promise<void> => {
  if (stopping.aborted) return
  const done = new AbortController()
  const stopped = new Promise((resolve) => {
    stopping.addEventListener('abort', resolve, { once: true, signal: done.signal })
  })
  await Promise.race([over, stopped])
  done.abort()
}
