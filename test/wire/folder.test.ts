/** Envelopes over folders: written whole or not at all, taken once, and never lost. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/kernel/clock.ts'
import {
  FOLDER_CLAIM_MS,
  FOLDER_EMPTY_MS,
  FOLDER_LEFT_OVER_MS,
  FOLDER_SETTLE_MS,
  FOLDER_TAKES_MAX,
  REPLY_BYTES_MAX,
} from '../../src/kernel/limits.ts'
import { wrapEnvelope } from '../../src/wire/envelope.ts'
import { folderLink } from '../../src/wire/folder-link.ts'
import { folderReceiver } from '../../src/wire/folder-receiver.ts'
import { folderTransport } from '../../src/wire/folder-transport.ts'
import type { Receiver, Take } from '../../src/wire/types.ts'
import { movingClock } from '../support/gateway.ts'

let folder: string
const open: Receiver[] = []
const made: string[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'yuguan-folder-'))
})
afterEach(async () => {
  for (const receiver of open.splice(0)) await receiver.close()
  for (const path of [folder, ...made.splice(0)]) await rm(path, { recursive: true, force: true })
})

const HOUR_MS = 3_600_000
const clock = systemClock
const ID = '0B2C9F7E-0000-4000-8000-000000000001'
const envelope = wrapEnvelope({
  copMsgId: ID,
  senderId: 'DXPENT0000000001',
  receiverIds: ['DXPEDCCEB0000002'],
  createdAt: '2026-02-28T09:30:00',
  messageType: 'CEB311Message',
  data: Buffer.from('<合成/>'),
})
const names = async (within = ''): Promise<readonly string[]> =>
  (await readdir(join(folder, within))).sort()
/** Files as a client leaves them, a while ago. */
const leave = async (name: string, text: string, ageMs = HOUR_MS): Promise<void> => {
  await writeFile(join(folder, name), text)
  await age(name, ageMs)
}
const age = (name: string, ageMs: number): Promise<void> => {
  const at = new Date(clock.now().getTime() - ageMs)
  return utimes(join(folder, name), at, at)
}
const until = async (what: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await what())) await new Promise((resolve) => setTimeout(resolve, 10))
}

const run = promisify(execFile)

/** A program that sends 100 KB into the folder it is given and prints the outcome. */
const sendingProgram = async (): Promise<string> => {
  const programs = await mkdtemp(join(tmpdir(), 'yuguan-program-'))
  made.push(programs)
  await chmod(programs, 0o755)
  const outfile = join(programs, 'send.mjs')
  const contents = `
    import { systemClock as clock } from './src/kernel/clock.ts'
    import { folderTransport } from './src/wire/folder-transport.ts'
    const out = folderTransport({ name: 'x', folder: process.argv[2], self: 'a', clock })
    console.log(JSON.stringify(await out.send('${ID}', Buffer.alloc(100_000))))`
  const resolveDir = fileURLToPath(new URL('../..', import.meta.url))
  await build({
    ...{ stdin: { contents, resolveDir }, outfile, bundle: true },
    ...{ platform: 'node', format: 'esm' },
  })
  return outfile
}

const logged: string[] = []
const receiver = (self: string, its: { clock?: typeof clock } = {}): Receiver => {
  const log = {
    warn: (event: string, facts?: unknown) => logged.push(`${event} ${JSON.stringify(facts)}`),
  }
  const reader = folderReceiver({ folder, self, clock, log, ...its })
  open.push(reader)
  return reader
}
const collecting = (): { readonly taken: string[]; readonly take: Take } => {
  const taken: string[] = []
  return {
    taken,
    take: async (bytes) => {
      taken.push(Buffer.from(bytes).toString())
    },
  }
}

describe('a message sent over a folder', () => {
  const transport = (self = 'a') => folderTransport({ name: 'folder', folder, self, clock })

  it('is a file named by its type and id, with its very bytes and nothing beside it', async () => {
    expect(await transport().send(ID, envelope)).toEqual({ kind: 'sent' })
    expect(await names()).toEqual([`CEB311Message_${ID}.xml`])
    expect(await readFile(join(folder, `CEB311Message_${ID}.xml`))).toEqual(envelope)
  })

  it('is the same file when it is sent again, also by two gateways at once', async () => {
    const send = (self: string) => transport(self).send(ID, envelope)
    const sent = [...(await Promise.all(['a', 'b'].map(send))), await send('c')]
    expect(sent).toEqual([{ kind: 'sent' }, { kind: 'sent' }, { kind: 'sent' }])
    expect(await names()).toEqual([`CEB311Message_${ID}.xml`])
    expect(await readFile(join(folder, `CEB311Message_${ID}.xml`))).toEqual(envelope)
  })

  it.each([
    ['climbs out', '../../etc/passwd'],
    ['is a path', '/tmp/x'],
    ['is hidden', '.profile'],
    ['has a back slash', 'a\\b'],
    ['has a zero', 'a\0b'],
    ['has a colon', 'C:x'],
    ['is empty', ''],
    ['is too long for a name', 'x'.repeat(201)],
  ])('is refused, and nothing written, when its id %s', async (_, id) => {
    expect(await transport().send(id, envelope)).toEqual({ kind: 'refused', reason: 'FILE-NAME' })
    expect(await names()).toEqual([])
  })

  it('has a name of checked characters whatever its type says', async () => {
    const odd = Buffer.from('<x:MsgType>../../up</x:MsgType>')
    expect(await transport().send(ID, odd)).toEqual({ kind: 'sent' })
    expect(await names()).toEqual([`DxpMsg_${ID}.xml`])
  })

  it('waits while the folder is missing, and goes out once it is back', async () => {
    const away = `${folder}-away`
    const out = transport()
    await rename(folder, away)
    expect(await out.send(ID, envelope)).toEqual({ kind: 'unavailable', reason: 'ENOENT' })
    expect(await out.probe?.()).toEqual({ kind: 'unavailable', reason: 'ENOENT' })
    // It is not made: it might lie under the place where a share belongs.
    expect(existsSync(folder)).toBe(false)
    await rename(away, folder)
    expect(await out.probe?.()).toEqual({ kind: 'sent' })
    expect(await names()).toEqual([])
    expect(await out.send(ID, envelope)).toEqual({ kind: 'sent' })
  })

  it('waits when a file stands where the folder should be', async () => {
    await writeFile(join(folder, 'file'), '')
    const out = folderTransport({ name: 'x', folder: join(folder, 'file'), self: 'a', clock })
    expect(await out.send(ID, envelope)).toEqual({ kind: 'unavailable', reason: 'ENOTDIR' })
  })

  it('waits while the folder may not be written', async () => {
    const program = await sendingProgram()
    await chmod(folder, 0o555)
    // Root may write anywhere: then somebody else sends.
    const somebody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
    const { stdout } = await run(process.execPath, [program, folder], somebody)
    expect(JSON.parse(stdout)).toEqual({ kind: 'unavailable', reason: 'EACCES' })
  })

  it('waits while the disk takes no more, and leaves nothing half written', async () => {
    // A process whose files may have no more than 8 KB stands for a disk that is full.
    const command = ['-c', 'ulimit -f 8; exec "$0" "$1" "$2"', process.execPath]
    const { stdout } = await run('bash', [...command, await sendingProgram(), folder])
    expect(JSON.parse(stdout)).toEqual({ kind: 'unavailable', reason: 'EFBIG' })
    expect(await names()).toEqual([])
  })

  it('clears away what a writer that died left, and nothing that is being written', async () => {
    await leave('.yuguan-dead-1.tmp', 'half', FOLDER_LEFT_OVER_MS + 1_000)
    await leave('.yuguan-live-1.tmp', 'half', 1_000)
    await leave('.other', 'not ours', FOLDER_LEFT_OVER_MS * 9)
    await transport().send(ID, envelope)
    expect(await names()).toEqual(['.other', '.yuguan-live-1.tmp', `CEB311Message_${ID}.xml`])
  })

  it('comes through to a reader of the same folder', async () => {
    const link = folderLink({ out: folder, in: folder, self: 'l', clock, log: { warn: () => {} } })
    if (link.receiver === undefined) throw new Error('no receiver')
    open.push(link.receiver)
    const { taken, take } = collecting()
    await link.receiver.listen([], take)
    await link.transport.send(ID, envelope)
    await until(() => taken.length === 1)
    expect(taken).toEqual([Buffer.from(envelope).toString()])
  })
})

describe('a folder of replies', () => {
  it('is read by two readers at once, each of 500 files exactly once', async () => {
    for (let n = 0; n < 500; n += 1) await leave(`CEB312Message_${n}.xml`, `reply ${n}`)
    const a = collecting()
    const b = collecting()
    await Promise.all([receiver('a').listen([], a.take), receiver('b').listen([], b.take)])
    await until(() => a.taken.length + b.taken.length >= 500)
    await Promise.all(open.splice(0).map((one) => one.close()))
    const all = [...a.taken, ...b.taken].sort()
    expect(all).toEqual(Array.from({ length: 500 }, (_, n) => `reply ${n}`).sort())
    expect(Math.min(a.taken.length, b.taken.length)).toBeGreaterThan(0)
    expect(await names()).toEqual(['claimed'])
    expect(await names('claimed')).toEqual([])
  }, 60_000)

  it('gives the file of a reader that died to another, once it is old', async () => {
    await leave('x.xml', 'reply')
    let isHeld = false
    let free: () => void = () => undefined
    const held = new Promise<void>((resolve) => {
      free = resolve
    })
    await receiver('dying').listen([], () => {
      isHeld = true
      return held
    })
    await until(() => isHeld)
    expect(await names()).toEqual(['claimed'])
    const { taken, take } = collecting()
    const later = movingClock(clock.now().toISOString())
    await receiver('heir', { clock: later }).listen([], take)
    later.advance(FOLDER_CLAIM_MS / 2)
    await until(() => existsSync(join(folder, 'claimed/heir')))
    expect(taken).toEqual([])
    later.advance(FOLDER_CLAIM_MS)
    await until(() => taken.length === 1)
    expect(taken).toEqual(['reply'])
    // The first comes back to life after all: what it held is gone, and nothing breaks.
    free()
    await Promise.all(open.splice(0).map((one) => one.close()))
    expect(await names()).toEqual(['claimed'])
  })

  it('gets a file back that nobody could store, which comes again after all others', async () => {
    await leave('a.xml', 'troubled')
    let isFirst = true
    const taken: string[] = []
    await receiver('a').listen([], async (bytes) => {
      const text = Buffer.from(bytes).toString()
      if (text === 'troubled' && isFirst) {
        isFirst = false
        for (let n = 0; n < 20; n += 1) await leave(`b${n}.xml`, 'other')
        throw new Error('the database is away')
      }
      taken.push(text)
    })
    await until(() => taken.length === 21)
    // Some are read at the same time.
    expect(taken.indexOf('troubled')).toBeGreaterThanOrEqual(21 - FOLDER_TAKES_MAX)
    expect(await names()).toEqual(['claimed'])
  })

  it('never overwrites: a new file under the name of one that goes back is another file', async () => {
    await leave('same.xml', 'first')
    let isFirst = true
    const taken: string[] = []
    await receiver('a').listen([], async (bytes) => {
      if (isFirst) {
        isFirst = false
        await leave('same.xml', 'second')
        throw new Error('the database is away')
      }
      taken.push(Buffer.from(bytes).toString())
    })
    await until(() => taken.length === 2)
    expect(taken.sort()).toEqual(['first', 'second'])
  })

  it('keeps what is still being written until it is whole', async () => {
    const at = movingClock(clock.now().toISOString())
    await leave('growing.xml', '<half', -60_000)
    await leave('hidden.xml.tmp', 'no')
    await leave('.hidden.xml', 'no')
    await leave('~draft.xml', 'no')
    await leave('fresh.xml', '<ha', 0)
    await leave('marker.xml', 'whole')
    const { taken, take } = collecting()
    await receiver('a', { clock: at }).listen([], take)
    await until(() => taken.length === 1)
    expect(taken).toEqual(['whole'])
    await writeFile(join(folder, 'growing.xml'), '<half of it/>')
    await writeFile(join(folder, 'fresh.xml'), '<half of that/>')
    // File times are finer than our clock's milliseconds: one beyond, or the last of one is missing.
    at.set(new Date(clock.now().getTime() + FOLDER_SETTLE_MS + 1))
    await until(() => taken.length === 3)
    expect(taken.slice(1).sort()).toEqual(['<half of it/>', '<half of that/>'])
    expect(await names()).toEqual(['.hidden.xml', 'claimed', 'hidden.xml.tmp', '~draft.xml'])
  })

  it('takes a file dated ahead of our clock once it stays as it is', async () => {
    const at = movingClock(clock.now().toISOString())
    await leave('ahead.xml', 'whole', -24 * HOUR_MS)
    const { taken, take } = collecting()
    await receiver('a', { clock: at }).listen([], take)
    await until(() => existsSync(join(folder, 'claimed/a')))
    await until(() => {
      at.advance(FOLDER_SETTLE_MS)
      return taken.length === 1
    })
    expect(taken).toEqual(['whole'])
  })

  it('has what can be no envelope put aside, logged, kept, and not met again', async () => {
    logged.length = 0
    await leave('empty.xml', '', FOLDER_EMPTY_MS + 1_000)
    await leave('long.xml', '')
    await truncate(join(folder, 'long.xml'), REPLY_BYTES_MAX + 1)
    await age('long.xml', HOUR_MS)
    await leave('good.XML', 'reply')
    await mkdir(join(folder, 'folder.xml'))
    const { taken, take } = collecting()
    await receiver('a').listen([], take)
    await until(async () => taken.length === 1 && existsSync(join(folder, 'bad')))
    await until(async () => (await names('bad')).length === 2)
    expect(taken).toEqual(['reply'])
    expect((await names('bad')).map((name) => name.replace(/^a-\d+-/, ''))).toEqual([
      expect.stringMatching(/^(empty|long)\.xml$/),
      expect.stringMatching(/^(empty|long)\.xml$/),
    ])
    expect(await names()).toEqual(['bad', 'claimed', 'folder.xml'])
    expect(logged.filter((line) => line.includes('put-aside'))).toHaveLength(2)
  })

  it('may be away for a while', async () => {
    logged.length = 0
    const away = `${folder}-away`
    await leave('x.xml', 'reply')
    await rename(folder, away)
    const { taken, take } = collecting()
    await receiver('a').listen([], take)
    await until(() => logged.length > 0)
    expect(logged).toEqual([expect.stringContaining('"ENOENT"')])
    expect(existsSync(folder)).toBe(false)
    await rename(away, folder)
    await until(() => taken.length === 1)
  })

  it('holds names as long as the system takes', async () => {
    const long = `${'名'.repeat(83)}.xml`
    await leave(long, 'reply')
    let isFirst = true
    const taken: string[] = []
    await receiver('a').listen([], async (bytes) => {
      if (isFirst) {
        isFirst = false
        throw new Error('the database is away')
      }
      taken.push(Buffer.from(bytes).toString())
    })
    await until(() => taken.length === 1)
    expect(await names()).toEqual(['claimed'])
  })
})
