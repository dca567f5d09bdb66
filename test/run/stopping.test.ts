/**
 * Whatever was opened is closed again: after a start that failed in the middle, at a stop in which
 * something of it fails, and with a chore that is still at work.
 */
import { rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createClosing, startChore } from '../../src/run/closing.ts'
import { silentLog } from '../../src/run/log.ts'
import { PortTaken, type RunningGateway, startGateway } from '../../src/run/node.ts'
import type { Link } from '../../src/wire/types.ts'
import { testConfig } from '../http/app.ts'
import { embeddedFolder } from '../support/database.ts'
import { buildEmbeddedWorker } from '../support/embedded-worker.ts'

let dataDir: string
beforeAll(async () => {
  dataDir = await embeddedFolder()
})
afterAll(() => rm(dataDir, { recursive: true }))

const linkOf = (close: () => Promise<void>): Link => ({
  code: 'simulator',
  transport: { name: 'test', send: async () => ({ kind: 'sent' }), close },
})

const start = async (port: number, close: () => Promise<void>): Promise<RunningGateway> =>
  startGateway({
    config: testConfig({ DATA_DIR: dataDir, PORT: String(port) }),
    ...{ log: silentLog, links: [linkOf(close)], workerUrl: await buildEmbeddedWorker() },
  })

/** The folder is one process's: a database that was left open keeps the next from starting. */
const startsAgain = async (): Promise<void> => {
  const again = await start(0, async () => undefined)
  await again.stop()
}

describe('the gateway', () => {
  it('closes its links and its database when it cannot start', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    const address = other.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    let closed = 0
    const close = async (): Promise<void> => {
      closed += 1
    }
    await expect(start(port, close)).rejects.toThrow(PortTaken)
    expect(closed).toBe(1)
    await new Promise((resolve) => other.close(resolve))
    await startsAgain()
  })

  it('stops and closes its database though a link cannot be closed', async () => {
    const running = await start(0, () => Promise.reject(new Error('cut')))
    await running.stop()
    await startsAgain()
  })
})

describe('closing', () => {
  it('goes on past a step that hangs, and says which', async () => {
    const told: unknown[] = []
    const log = { ...silentLog, warn: (event: string, facts: unknown) => told.push([event, facts]) }
    const closing = createClosing(log)
    const closed: string[] = []
    closing.add('first', async () => closed.push('first'))
    closing.add('hung', () => new Promise(() => undefined), 10)
    closing.add('last', async () => closed.push('last'))
    await closing.close()
    expect(closed).toEqual(['last', 'first'])
    expect(told).toEqual([['closing-late', { step: 'hung', waitedMs: 10 }]])
  })
})

describe('a chore', () => {
  it('is done now and then, never twice at a time, and is waited for at the end', async () => {
    vi.useFakeTimers()
    try {
      const ends: (() => void)[] = []
      const end = startChore(silentLog, {
        ...{ name: 'test', intervalMs: 1_000 },
        run: () => new Promise<void>((resolve) => ends.push(resolve)),
      })
      await vi.advanceTimersByTimeAsync(3_500)
      expect(ends).toHaveLength(1)
      ends[0]?.()
      await vi.advanceTimersByTimeAsync(1_000)
      expect(ends).toHaveLength(2)
      let isEnded = false
      const ended = end().then(() => {
        isEnded = true
      })
      await vi.advanceTimersByTimeAsync(5_000)
      expect([isEnded, ends.length]).toEqual([false, 2])
      ends[1]?.()
      await ended
    } finally {
      vi.useRealTimers()
    }
  })

  it('that fails is told and done again', async () => {
    vi.useFakeTimers()
    try {
      const told: string[] = []
      const log = { ...silentLog, warn: (event: string) => told.push(event) }
      const run = () => {
        throw new Error('away')
      }
      const end = startChore(log, { name: 'test', intervalMs: 1_000, run })
      await vi.advanceTimersByTimeAsync(2_000)
      await end()
      expect(told).toEqual(['chore-failed', 'chore-failed'])
    } finally {
      vi.useRealTimers()
    }
  })
})
