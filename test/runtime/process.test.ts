/** `yuguan serve` as a process: how it starts, what it says when it cannot, how it ends. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { request } from 'node:http'
import { createServer } from 'node:net'
import { platform, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const program = fileURLToPath(new URL('../../bin/yuguan.js', import.meta.url))
/** One installation for all: what its first start made, the later ones find. */
let folder = ''
let password = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'yuguan-process-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Output is gathered; `told` waits until it matches. */
const serve = (env: Readonly<Record<string, string>>) => {
  const child = spawn(process.execPath, [program, 'serve'], {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  const listeners = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      for (const listener of listeners) listener()
    })
  }
  const ended = once(child, 'exit').then(([code]) => code as number | null)
  const told = (pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = pattern.exec(text)
        if (found !== null) resolve(found)
      }
      listeners.add(look)
      look()
      ended.then((code) => reject(new Error(`ended with ${code}: ${text}`)))
    })
  return { child, ended, told, text: () => text }
}

const STARTED = /渝关 Yuguan: (http:\/\/\S+)\n/

describe('yuguan serve', () => {
  it('starts with no setting at all, tells the operator’s password once, and ends in order', async () => {
    const env = { DATA_DIR: folder, PORT: '0' }
    const first = serve(env)
    const [, url = ''] = await first.told(STARTED)
    password = (await first.told(/operator@yuguan\.example {2}(\S+)/))[1] ?? ''
    const signedIn = await fetch(`${url}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: url },
      body: JSON.stringify({ email: 'operator@yuguan.example', password }),
    })
    expect(signedIn.status).toBe(200)
    for (const name of ['data.key', 'auth.secret']) {
      expect((await stat(join(env.DATA_DIR, name))).mode & 0o077).toBe(0)
    }
    // Not in the log: the log is JSON lines, the password is not in any of them.
    const logged = first
      .text()
      .split('\n')
      .filter((line) => line.startsWith('{'))
    expect(logged.join('\n')).not.toContain(password)
    first.child.kill('SIGTERM')
    expect(await first.ended).toBe(0)

    const second = serve(env)
    await second.told(STARTED)
    second.child.kill('SIGINT')
    expect(await second.ended).toBe(0)
    expect(second.text()).not.toContain('operator@')
  })

  it('says in both languages that the port is taken, and what to do', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? String(address.port) : ''
    const gateway = serve({ DATA_DIR: folder, PORT: port })
    expect(await gateway.ended).toBe(1)
    expect(gateway.text()).toContain('已被占用')
    expect(gateway.text()).toContain(`Port ${port} is taken`)
    server.close()
  })

  it('answers what is under way before it ends', async () => {
    const gateway = serve({ DATA_DIR: folder, PORT: '0', LOG_LEVEL: 'error' })
    const [, url = ''] = await gateway.told(STARTED)
    // A request whose body is not complete when the signal comes.
    const open = request(`${url}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: url },
    })
    const answered = once(open, 'response')
    open.write('{"email":"nobody@yuguan.example",')
    await once(open, 'socket')
    await fetch(`${url}/healthz`)
    gateway.child.kill('SIGTERM')
    open.end('"password":"a-password-of-nobody"}')
    const [response] = await answered
    expect(response.statusCode).toBe(401)
    response.resume()
    expect(await gateway.ended).toBe(0)
  })

  const knowsMemory = platform() === 'linux'
  if (!knowsMemory) console.log('resident memory is not told here: its test is skipped')
  it.skipIf(!knowsMemory)('does not grow with the length of a stream', async () => {
    const gateway = serve({ DATA_DIR: folder, PORT: '0', LOG_LEVEL: 'error' })
    const [, url = ''] = await gateway.told(STARTED)
    const key = await operatorMadeKey(url)
    const pid = gateway.child.pid ?? 0
    const resident = (): number =>
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
    await streamMegabytes(url, key, 24)
    const before = resident()
    await streamMegabytes(url, key, 96)
    // Four times as much through it: what it holds may swing, but not by what went through.
    expect(resident() - before).toBeLessThan(64)
    gateway.child.kill('SIGTERM')
    expect(await gateway.ended).toBe(0)
  })
})

const operatorMadeKey = async (url: string): Promise<string> => {
  const post = (path: string, body: unknown, cookie = ''): Promise<Response> =>
    fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: url, cookie },
      body: JSON.stringify(body),
    })
  const signedIn = await post('/api/auth/sign-in/email', {
    email: 'operator@yuguan.example',
    password,
  })
  const cookie = (signedIn.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  const wanted = { name: '合成企业', customsCode: '5001960ZB1', roles: ['platform'] }
  const made = await post('/api/v1/enterprises', wanted, cookie)
  const { enterprise } = (await made.json()) as { enterprise: { id: string } }
  const key = await post(
    `/api/v1/enterprises/${enterprise.id}/keys`,
    { name: 'stream', scopes: ['documents:write'] },
    cookie,
  )
  return ((await key.json()) as { key: string }).key
}

/** Sends lines that are all refused, reads their answers, and counts them. */
const streamMegabytes = (url: string, key: string, megabytes: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const line = Buffer.from(
      `${JSON.stringify({ kind: 'CEB311', document: { note: 'x'.repeat(8_000) } })}\n`,
    )
    const lines = Math.ceil((megabytes * 1024 * 1024) / line.length)
    const sending = request(`${url}/api/v1/documents`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/x-ndjson' },
    })
    let answers = 0
    sending.on('response', (response) => {
      response.on('data', (chunk: Buffer) => {
        for (const byte of chunk) if (byte === 0x0a) answers += 1
      })
      response.on('end', () =>
        answers === lines ? resolve() : reject(new Error(`${answers} answers of ${lines}`)),
      )
    })
    sending.on('error', reject)
    let left = lines
    const write = (): void => {
      while (left > 0) {
        left -= 1
        if (!sending.write(line)) {
          sending.once('drain', write)
          return
        }
      }
      sending.end()
    }
    write()
  })
