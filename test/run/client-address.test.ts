/** Whose quota a request without a key uses: that of the socket's other end, or of whom a proxy names. */
import { rm } from 'node:fs/promises'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { silentLog } from '../../src/run/log.ts'
import { type RunningGateway, startGateway } from '../../src/run/node.ts'
import { testConfig } from '../http/app.ts'
import { embeddedFolder } from '../support/database.ts'
import { buildEmbeddedWorker } from '../support/embedded-worker.ts'

let dataDir: string
let running: RunningGateway | undefined
beforeAll(async () => {
  dataDir = await embeddedFolder()
})
afterEach(() => running?.stop())
afterAll(() => rm(dataDir, { recursive: true }))

const serve = async (env: Readonly<Record<string, string>>): Promise<RunningGateway> => {
  running = await startGateway({
    config: testConfig({ DATA_DIR: dataDir, PORT: '0', RATE_LIMITS: 'stranger=2/60', ...env }),
    ...{ log: silentLog, links: [], loops: false, workerUrl: await buildEmbeddedWorker() },
  })
  return running
}
const statuses = async (
  { url }: RunningGateway,
  forwarded: readonly string[],
): Promise<readonly number[]> => {
  const answered: number[] = []
  for (const value of forwarded) {
    const headers = { 'x-forwarded-for': value }
    const answer = await fetch(`${url}/api/v1/documents`, { headers })
    await answer.body?.cancel()
    answered.push(answer.status)
  }
  return answered
}

it('a header that anybody may write counts for nothing', async () => {
  const gateway = await serve({})
  const written = ['192.0.2.1', '192.0.2.2', '192.0.2.3']
  expect(await statuses(gateway, written)).toEqual([401, 401, 429])
})

it('of a proxy that the settings trust, the address it added last counts', async () => {
  const gateway = await serve({ CLIENT_ADDRESS_HEADER: 'X-Forwarded-For' })
  const written = ['192.0.2.1', '198.51.100.7, 192.0.2.1', '203.0.113.9,192.0.2.1', '192.0.2.2']
  expect(await statuses(gateway, written)).toEqual([401, 401, 429, 401])
})
