/**
 * Pools: whatever fills the connections of one purpose, the others go on. Every pool in turn is
 * filled with transactions whose statement does not end; what it is for waits, all else is answered.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { zones } from '../../src/catalogue/zones/index.ts'
import { DATABASE_POOLS } from '../../src/kernel/limits.ts'
import { registerEnterprises } from '../../src/run/demo/enterprises.ts'
import { silentLog } from '../../src/run/log.ts'
import { type RunningGateway, startGateway } from '../../src/run/node.ts'
import { makeConsignment, syntheticEnterprises } from '../../src/sim/consignments.ts'
import type { PoolName } from '../../src/store/connect.ts'
import { bearer, CUSTOMS_TOKEN, json, testConfig } from '../http/app.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'

const isServer = (process.env.TEST_DATABASE_URL ?? '') !== ''
const hindrance = isServer
  ? undefined
  : 'the embedded database has one pool and does one transaction at a time'
if (hindrance !== undefined) console.log(`pools: skipped, ${hindrance}`)

/** Longer than any test; the database cancels it at the end. */
const FOREVER_SECONDS = 25

describe.skipIf(hindrance !== undefined)('a pool whose connections are all taken', () => {
  let database: TestDatabase
  let gateway: RunningGateway
  let dataDir: string
  let key: string
  const cast = syntheticEnterprises(zones)
  let handed = 0

  beforeAll(async () => {
    database = await testDatabase()
    dataDir = await mkdtemp(join(tmpdir(), 'yuguan-pools-'))
    const config = testConfig({
      ...{ DATABASE_URL: database.connectionString, DATA_DIR: dataDir, PORT: '0' },
    })
    // Time stands still, so that a key once checked stays known and asks the account pool no more.
    const start = new Date()
    const clock = { now: () => start }
    gateway = await startGateway({ config, log: silentLog, links: [], loops: false, clock })
    const { keys } = await registerEnterprises(gateway, new Date())
    key = keys.get(cast.platform.customsCode) ?? ''
    expect((await calls.query()).status).toBe(200)
  })
  afterAll(async () => {
    await gateway.stop()
    await database.close()
    await rm(dataDir, { recursive: true })
  })

  const order = () => {
    const [zone] = zones
    if (zone === undefined) throw new Error('no zones')
    handed += 1
    const about = { n: handed, seed: 5, zone, mode: '1210' as const, enterprises: cast }
    return makeConsignment({ ...about, at: new Date() }).order
  }
  const call = (path: string, init: RequestInit = {}) => fetch(`${gateway.url}${path}`, init)
  const calls: Readonly<Record<PoolName, () => Promise<Response>>> = {
    intake: () => call('/api/v1/documents', json(key, { kind: 'CEB311', document: order() })),
    link: () => {
      handed += 1
      const headers = { ...bearer(CUSTOMS_TOKEN), 'content-type': 'application/xml' }
      const body = `<x n="${handed}"/>`
      return call('/api/v1/customs/replies', { method: 'POST', headers, body })
    },
    query: () => call('/api/v1/documents', { headers: bearer(key) }),
    report: () => call('/api/v1/totals'),
    account: () => call('/readyz'),
  }
  const names: readonly PoolName[] = ['intake', 'link', 'query', 'report', 'account']

  /** Takes every connection of the pool with a statement that does not end; gives the way back. */
  const fill = async (name: PoolName): Promise<() => Promise<void>> => {
    const { pool } = gateway.database[name]
    const clients = await Promise.all(
      Array.from({ length: DATABASE_POOLS[name].connections }, () => pool.connect()),
    )
    const pids: number[] = []
    for (const client of clients) {
      await client.query('begin')
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
      pids.push(rows[0]?.pid ?? 0)
    }
    const sleeping = clients.map((client) =>
      client.query(`select pg_sleep(${FOREVER_SECONDS})`).catch(() => undefined),
    )
    return async () => {
      const other = names.find((each) => each !== name) ?? 'link'
      await gateway.database[other].pool.query(
        'select pg_cancel_backend(pid) from unnest($1::int[]) pid',
        [pids],
      )
      await Promise.all(sleeping)
      for (const client of clients) {
        await client.query('rollback')
        client.release()
      }
    }
  }

  it.each(names)('%s: holds up nothing else, and goes on when they come back', async (name) => {
    const letGo = await fill(name)
    let isAnswered = false
    const held = calls[name]().then((response) => {
      isAnswered = true
      return response
    })
    for (const other of names.filter((each) => each !== name)) {
      const response = await calls[other]()
      expect(response.ok, `${other} while ${name} is full: ${await response.text()}`).toBe(true)
    }
    expect(isAnswered).toBe(false)
    await letGo()
    expect((await held).ok).toBe(true)
  })

  it('leaves room for a second gateway on a server with its usual hundred connections', () => {
    const sizes = Object.values(DATABASE_POOLS).map(({ connections }) => connections)
    const RESERVED = 3
    const sum = sizes.reduce((all, size) => all + size, 0)
    expect(2 * sum).toBeLessThanOrEqual(100 - RESERVED)
  })
})
