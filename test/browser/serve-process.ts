/** A running `yuguan serve` on a folder of its own with nothing in it, and its operator's hands. */
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const PROGRAM = resolve(import.meta.dirname, '../../bin/yuguan.js')

export interface ServeProcess {
  readonly url: string
  /** A request in the operator's name; the route's answer, which must be a good one. */
  asOperator<T>(path: string, body: unknown): Promise<T>
  stop(): Promise<void>
}

export const startServe = async (env: Readonly<Record<string, string>>): Promise<ServeProcess> => {
  const folder = await mkdtemp(join(tmpdir(), 'yuguan-browser-serve-'))
  const child = spawn(process.execPath, [PROGRAM, 'serve'], {
    env: { PATH: process.env.PATH ?? '', DATA_DIR: folder, PORT: '0', ...env },
  })
  const ended = new Promise<void>((done) => child.once('exit', () => done()))
  const [, url = '', email = '', password = ''] = await new Promise<RegExpExecArray>(
    (found, fail) => {
      let output = ''
      const heard = (chunk: Buffer): void => {
        output += chunk.toString()
        const match = /Yuguan: (\S+)[\s\S]*?(\S+@\S+) {2}(\S+)\n/.exec(output)
        if (match !== null) found(match)
      }
      child.stdout.on('data', heard)
      child.stderr.on('data', heard)
      void ended.then(() => fail(new Error(`the gateway ended:\n${output}`)))
    },
  )
  const post = (path: string, body: unknown, cookie = ''): Promise<Response> =>
    fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: url, cookie },
      body: JSON.stringify(body),
    })
  const signed = await post('/api/auth/sign-in/email', { email, password })
  const cookie = signed.headers
    .getSetCookie()
    .map((set) => set.split(';')[0])
    .join('; ')
  return {
    url,
    asOperator: async <T>(path: string, body: unknown) => {
      const answer = await post(path, body, cookie)
      if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`)
      return (await answer.json()) as T
    },
    stop: async () => {
      child.kill('SIGTERM')
      await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}
