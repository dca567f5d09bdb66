/**
 * A gateway as a process of its own whose far side the test takes away and brings back: a small
 * server that takes every message while it is there. The synthetic enterprises are registered.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { zones } from '../../src/catalogue/zones/index.ts'
import { readConfig } from '../../src/run/config.ts'
import { registerEnterprises } from '../../src/run/demo/enterprises.ts'
import { silentLog } from '../../src/run/log.ts'
import { startGateway } from '../../src/run/node.ts'
import { makeConsignment } from '../../src/sim/consignments.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

export interface SwitchedGateway {
  readonly url: string
  /** API key of the platform, which hands the orders in. */
  readonly key: string
  readonly operator: { readonly email: string; readonly password: string }
  /** Whether the far side takes messages. */
  turn(state: 'on' | 'off'): void
  /** Hands in the orders of so many consignments. */
  handIn(from: number, count: number): Promise<void>
  close(): Promise<void>
}

export const startSwitched = async (): Promise<SwitchedGateway> => {
  const folder = await mkdtemp(join(tmpdir(), 'yuguan-switched-'))
  let isOn = true
  const far = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(isOn ? 202 : 503).end())
  }).listen(0, '127.0.0.1')
  await once(far, 'listening')
  const address = far.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const env = {
    PATH: process.env.PATH ?? '',
    DATA_DIR: folder,
    PORT: '0',
    CUSTOMS_URL: `http://127.0.0.1:${port}/dxp`,
    CUSTOMS_TOKEN: 'synthetic-token-of-both-sides',
    LOG_LEVEL: 'error',
  }
  const { cast, keys, operator } = await register(env)
  const key = keys.get(cast.platform.customsCode) ?? ''
  const child = spawn(process.execPath, [join(root, 'bin/yuguan.js'), 'serve'], { env })
  const url = await urlOf(child)
  const [zone] = zones
  if (zone === undefined) throw new Error('no zones')
  const orderOf = (n: number) =>
    makeConsignment({
      ...{ n, seed: 3, zone, fate: '', mode: '1210' },
      enterprises: cast,
      at: new Date(),
    }).order
  return {
    url,
    key,
    operator,
    turn: (state) => {
      isOn = state === 'on'
    },
    handIn: async (from, count) => {
      const documents = Array.from({ length: count }, (_, i) => orderOf(from + i))
      const answer = await fetch(`${url}/api/v1/documents`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ kind: 'CEB311', documents }),
      })
      if (!answer.ok) throw new Error(await answer.text())
    },
    close: async () => {
      const gone = once(child, 'exit')
      child.kill('SIGTERM')
      await gone
      far.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const register = async (env: Readonly<Record<string, string>>) => {
  const read = readConfig(env)
  if (read.kind === 'problems') throw new Error(JSON.stringify(read.problems))
  const gateway = await startGateway({
    ...{ config: read.config, log: silentLog, listen: false, loops: false },
    workerUrl: pathToFileURL(join(root, 'dist/embedded-worker.js')),
  })
  try {
    const { operator } = gateway
    if (operator === undefined) throw new Error('the operator was there already')
    return { ...(await registerEnterprises(gateway, new Date())), operator }
  } finally {
    await gateway.stop()
  }
}

const urlOf = async (child: ChildProcess): Promise<string> => {
  let told = ''
  for await (const chunk of child.stderr ?? []) {
    told += String(chunk)
    const [, url] = /渝关 Yuguan: (\S+)/.exec(told) ?? []
    if (url === undefined) continue
    return url
  }
  throw new Error(`the gateway ended: ${told}`)
}
