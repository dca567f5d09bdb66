/** The lock of a data folder: one holder, known dead at once, never taken from a living one. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { lockFolder } from '../../src/store/embedded-lock.ts'

let dataDir = ''
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'yuguan-lock-'))
})
afterEach(() => rmSync(dataDir, { recursive: true }))

/** A holder's file as another process would have left it. */
const leave = (holder: Record<string, unknown>) => {
  mkdirSync(join(dataDir, 'holders'), { recursive: true })
  writeFileSync(join(dataDir, 'holders', 'other.json'), JSON.stringify(holder))
}
const ownHolder = async (): Promise<Record<string, unknown>> => {
  const lock = await lockFolder(dataDir, '')
  const [name = ''] = readdirSync(join(dataDir, 'holders'))
  const text = readFileSync(join(dataDir, 'holders', name), 'utf8')
  lock.release()
  return JSON.parse(text)
}

it('refuses a second holder, naming the first, until it lets go', async () => {
  const lock = await lockFolder(dataDir, '')
  const refusal = lockFolder(dataDir, '')
  await expect(refusal).rejects.toThrow(new RegExp(`process ${process.pid} on ${hostname()}`))
  lock.release()
  const next = await lockFolder(dataDir, '')
  next.release()
  expect(readdirSync(join(dataDir, 'holders'))).toEqual([])
})

it('lets at most one of ten starters in, and one afterwards', async () => {
  const starters = Array.from({ length: 10 }, () => lockFolder(dataDir, ''))
  const settled = await Promise.allSettled(starters)
  const held = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  expect(held.length).toBeLessThanOrEqual(1)
  for (const lock of held) lock.release()
  const last = await lockFolder(dataDir, '')
  last.release()
})

it('takes over at once from a process that was killed', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  await once(child, 'spawn')
  const stat = readFileSync(`/proc/${child.pid}/stat`, 'utf8')
  const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  const own = await ownHolder()
  leave({ ...own, pid: child.pid, started })
  await expect(lockFolder(dataDir, '')).rejects.toThrow(`process ${child.pid}`)
  child.kill('SIGKILL')
  await once(child, 'exit')
  const lock = await lockFolder(dataDir, '')
  lock.release()
})

it('sees through a process number that was given to another process', async () => {
  const own = await ownHolder()
  leave({ ...own, started: '1' })
  const lock = await lockFolder(dataDir, '')
  lock.release()
})

it('sees through a restart of the machine', async () => {
  const own = await ownHolder()
  leave({ ...own, boot: 'before' })
  const lock = await lockFolder(dataDir, '')
  lock.release()
})

it('asks the socket of a holder in another container, and believes one it cannot ask', async () => {
  const own = await ownHolder()
  leave({ ...own, host: 'elsewhere', socket: join(dataDir, 'nobody-listens') })
  const lock = await lockFolder(dataDir, '')
  lock.release()
  leave({ ...own, host: 'elsewhere', socket: '' })
  await expect(lockFolder(dataDir, '')).rejects.toThrow(/elsewhere/)
})
