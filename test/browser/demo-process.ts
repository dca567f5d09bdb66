/** A running `yuguan demo` on a folder of its own, as a newcomer starts it. */
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const PROGRAM = resolve(import.meta.dirname, '../../bin/yuguan.js')

export interface Person {
  readonly email: string
  readonly password: string
}

export interface DemoProcess {
  readonly url: string
  /** Until it has told the result; its whole output. */
  finished(): Promise<string>
  /** Whose e-mail and password it has told for a desk, once it is through. */
  personOf(desk: 'seller' | 'broker' | 'committee' | 'operator'): Promise<Person>
  stop(): Promise<void>
}

export const startDemo = async (consignments: number): Promise<DemoProcess> => {
  const folder = await mkdtemp(join(tmpdir(), 'yuguan-browser-demo-'))
  const child = spawn(process.execPath, [PROGRAM, 'demo', '--consignments', String(consignments)], {
    env: { PATH: process.env.PATH ?? '', DATA_DIR: folder, PORT: '0' },
  })
  let output = ''
  const waiting = new Set<() => void>()
  const heard = (chunk: Buffer): void => {
    output += chunk.toString()
    for (const look of waiting) look()
  }
  child.stdout.on('data', heard)
  child.stderr.on('data', heard)
  const ended = new Promise<void>((done) => child.once('exit', () => done()))
  const until = (pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((found, fail) => {
      const look = (): void => {
        const match = pattern.exec(output)
        if (match === null) return
        waiting.delete(look)
        found(match)
      }
      waiting.add(look)
      void ended.then(() => fail(new Error(`the demonstration ended:\n${output}`)))
      look()
    })
  const [, url = ''] = await until(/watch: (\S+)/)
  const finished = async (): Promise<string> => {
    await until(/Ctrl\+C/)
    return output
  }
  return {
    url,
    finished,
    personOf: async (desk) => {
      const told = new RegExp(`${desk}\\s+(\\S+@\\S+)\\s+(\\S+)`).exec(await finished())
      const [, email, password] = told ?? []
      if (email === undefined || password === undefined) {
        throw new Error(`the demonstration told no password for ${desk}:\n${output}`)
      }
      return { email, password }
    },
    stop: async () => {
      child.kill('SIGTERM')
      await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}
