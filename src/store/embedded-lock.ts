/**
 * Keeps a second process off a data folder: two engines on the same files would destroy them. Every
 * holder has a file of its own in `<dataDir>/holders`, written before it looks for others, so that of
 * two starters at least one sees the other. A holder that was killed is known at once by its process
 * number and start time; nothing has to expire.
 */
import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { kill, pid } from 'node:process'
import { setTimeout as wait } from 'node:timers/promises'
import { LOCK_ATTEMPTS_MAX, LOCK_RETRY_MS } from '../kernel/limits.ts'

export interface FolderLock {
  release(): void
}

/** Throws, naming the holder, when another living process (or this one) has the folder. */
export const lockFolder = async (dataDir: string, socketPath: string): Promise<FolderLock> => {
  const folder = join(dataDir, 'holders')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  for (let attempt = 1; ; attempt += 1) {
    const own = writeHolder(folder, socketPath)
    const other = await findOther(folder, own)
    if (other === undefined) return { release: () => rmSync(join(folder, own), { force: true }) }
    rmSync(join(folder, own), { force: true })
    // Two starters may have seen each other and both stepped back: uneven waits part them.
    if (attempt >= LOCK_ATTEMPTS_MAX) throw new Error(heldText(dataDir, other))
    await wait(LOCK_RETRY_MS * (1 + (randomBytes(1)[0] ?? 0) / 64))
  }
}

interface Holder {
  readonly pid: number
  readonly host: string
  /** Changes with every start of the machine; '' where the system does not tell. */
  readonly boot: string
  /** Start of the process in the system's own ticks; '' where the system does not tell. */
  readonly started: string
  readonly socket: string
}

/** Written aside and renamed, so that nobody reads half of it. */
const writeHolder = (folder: string, socket: string): string => {
  const holder: Holder = { pid, host: hostname(), boot: bootId(), started: startOf(pid), socket }
  const name = `${pid}-${randomBytes(6).toString('hex')}.json`
  writeFileSync(join(folder, `${name}.new`), JSON.stringify(holder), { mode: 0o600 })
  renameSync(join(folder, `${name}.new`), join(folder, name))
  return name
}

const findOther = async (folder: string, own: string): Promise<Holder | undefined> => {
  for (const name of readdirSync(folder)) {
    if (name === own || !name.endsWith('.json')) continue
    const holder = readHolder(join(folder, name))
    if (holder === undefined) continue
    if (await isAlive(holder)) return holder
    rmSync(join(folder, name), { force: true })
  }
  return undefined
}

/** Undefined when it was released meanwhile. */
const readHolder = (path: string): Holder | undefined => {
  const text = readText(path)
  return text === '' ? undefined : JSON.parse(text)
}

const isAlive = async (holder: Holder): Promise<boolean> => {
  // Another container or machine: its process numbers mean nothing here, but a socket in the shared
  // folder answers as long as its owner lives. A container that was made anew is found dead so.
  if (holder.host !== hostname()) return answers(holder.socket)
  if (holder.boot !== bootId()) return false
  return processRuns(holder.pid) && startOf(holder.pid) === holder.started
}

const processRuns = (number: number): boolean => {
  try {
    kill(number, 0)
    return true
  } catch (error) {
    // Not allowed to signal it: it is another user's, and it lives.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** Without a socket to ask (a loopback port of another machine) it must be taken for alive. */
const answers = (socket: string): Promise<boolean> => {
  if (socket === '') return Promise.resolve(true)
  return new Promise((resolve) => {
    const probe = createConnection(socket)
    const settle = (alive: boolean) => {
      probe.destroy()
      resolve(alive)
    }
    probe.once('connect', () => settle(true))
    probe.once('error', () => settle(false))
  })
}

const bootId = (): string => readText('/proc/sys/kernel/random/boot_id').trim()

/** Field 22 of /proc/<pid>/stat, counted behind the name, which may hold blanks and brackets. */
const startOf = (number: number): string => {
  const stat = readText(`/proc/${number}/stat`)
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
}

/** '' for a file that is not there: not every system has /proc, and holders come and go. */
const readText = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

const heldText = (dataDir: string, holder: Holder): string =>
  `数据目录 ${dataDir} 正被进程 ${holder.pid}(主机 ${holder.host})使用。` +
  `请先停止该进程,或设置另一个 DATA_DIR。 ` +
  `The data folder ${dataDir} is in use by process ${holder.pid} on ${holder.host}. ` +
  `Stop that process, or set another DATA_DIR. If it is gone for certain, ` +
  `remove ${join(dataDir, 'holders')}.`
