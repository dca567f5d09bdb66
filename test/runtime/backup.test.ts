/**
 * Backup and restore as an operator does it: with documents that wait for a link that is down, after
 * everything was lost, and with replies that came in between. What the backup holds is there again to
 * the byte; what came later is handed in or delivered again, and nothing is declared or counted twice.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { zones } from '../../src/catalogue/zones/index.ts'
import { takeReply } from '../../src/flow/receive.ts'
import { totals } from '../../src/flow/totals.ts'
import { rebuild } from '../../src/flow/totals-rebuild.ts'
import { backUp, restore } from '../../src/run/backup.ts'
import { main } from '../../src/run/cli.ts'
import { type DemoEnterprises, registerEnterprises } from '../../src/run/demo/enterprises.ts'
import { createGateway, type Gateway, runStages } from '../../src/run/gateway.ts'
import { simulatorLink } from '../../src/run/links.ts'
import { silentLog } from '../../src/run/log.ts'
import { type RunningGateway, startGateway } from '../../src/run/node.ts'
import { makeConsignment } from '../../src/sim/consignments.ts'
import { createCustoms } from '../../src/sim/customs.ts'
import { connect } from '../../src/store/connect.ts'
import { hasWork } from '../../src/store/work.ts'
import { memoryTransport } from '../../src/wire/memory-transport.ts'
import { bearer, json, testApp, testConfig } from '../http/app.ts'
import { buildEmbeddedWorker } from '../support/embedded-worker.ts'
import { movingClock, START } from '../support/gateway.ts'

const clock = movingClock(START)
let isAway = false
const customs = createCustoms({
  ...{ clock, seed: 'backup', verify: 'strict', remember: 1_000 },
  pace: { received: 0, stored: 10, released: 10, closed: 10, notice: 10, late: 60_000 },
})
/** What went out under each id of a message. */
const wentOut = new Map<string, Set<string>>()
const link = simulatorLink(
  memoryTransport('simulator', async (id, bytes) => {
    const hash = createHash('sha256').update(bytes).digest('hex')
    wentOut.set(id, new Set([...(wentOut.get(id) ?? []), hash]))
    if (isAway) return { kind: 'unavailable', reason: 'ECONNREFUSED' }
    const received = customs.receive(bytes)
    return received.kind === 'taken' ? { kind: 'sent' } : { kind: 'refused', reason: received.kind }
  }),
)
/** All that customs ever said; an exchange keeps it for a while and delivers it again when asked. */
const said: Uint8Array[] = []

let folder = ''
let dataDir = ''
let made: DemoEnterprises
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'yuguan-backup-'))
  dataDir = join(folder, 'data')
  await withGateway(async (gateway) => {
    made = await registerEnterprises(gateway, clock.now())
  })
})
afterAll(() => rm(folder, { recursive: true, force: true }))

let worker: Promise<URL> | undefined

const start = async (): Promise<RunningGateway> => {
  worker ??= buildEmbeddedWorker()
  return startGateway({
    config: testConfig({ DATA_DIR: dataDir }),
    ...{ log: silentLog, clock, links: [link], listen: false, loops: false },
    workerUrl: await worker,
  })
}

const withGateway = async <T>(work: (gateway: RunningGateway) => Promise<T>): Promise<T> => {
  const gateway = await start()
  try {
    return await work(gateway)
  } finally {
    await gateway.stop()
  }
}

const now = () => ({ now: clock.now() })
const backUpNow = (file: string) => backUp(dataDir, file, { program: 'test', ...now() })
const restoreNow = (file: string, force = false) => restore(file, dataDir, { force, ...now() })

const [zone] = zones
const consignment = (n: number) => {
  if (zone === undefined) throw new Error('no zones')
  const mode = '1210'
  return makeConsignment({
    ...{ n, seed: 11, zone, mode, fate: '', enterprises: made.cast, at: new Date(START) },
  })
}

/** Ids of all documents of these consignments, each handed in by its owner. */
const handIn = async (
  { app }: Gateway,
  numbers: readonly number[],
): Promise<readonly { readonly id: string; readonly key: string }[]> => {
  const taken: { id: string; key: string }[] = []
  for (const { order, payment, waybill, list } of numbers.map(consignment)) {
    const documents = [
      [order.OrderHead.ebpCode, 'CEB311', order],
      [payment.PaymentHead.payCode, 'CEB411', payment],
      [waybill.LogisticsHead.logisticsCode, 'CEB511', waybill],
      [list.InventoryHead.agentCode, 'CEB621', list],
    ] as const
    for (const [owner, kind, document] of documents) {
      const key = made.keys.get(owner) ?? ''
      const answer = await app.request('/api/v1/documents', json(key, { kind, document }))
      const { results } = (await answer.json()) as { results: { id?: string }[] }
      taken.push({ id: results[0]?.id ?? '', key })
    }
  }
  return taken
}

const statesOf = async ({ app }: Gateway, taken: Awaited<ReturnType<typeof handIn>>) =>
  Promise.all(
    taken.map(async ({ id, key }) => {
      const answer = await app.request(`/api/v1/documents/${id}`, { headers: bearer(key) })
      const { group, state } = (await answer.json()) as { group?: string; state?: string }
      return answer.status === 200 ? (group === 'done' ? 'done' : state) : answer.status
    }),
  )

const messagesOf = async ({ flow }: Gateway) =>
  (await flow.db.selectFrom('message').select(['id', 'cop_msg_id', 'sealed']).execute()).map(
    ({ id, cop_msg_id, sealed }) => [id, cop_msg_id, Buffer.from(sealed).toString('hex')].join(),
  )

const ROUNDS = 60

/** Everything that is due, with a minute between, so that a link that is back is tried. */
const settle = async (gateway: Gateway, rounds = ROUNDS): Promise<void> => {
  for (let round = 0; round < rounds; round += 1) {
    const done = await runStages(gateway)
    const due = customs.due()
    for (const { envelope, copMsgId } of due) {
      said.push(envelope)
      await takeReply(gateway.flow, envelope)
      customs.delivered(copMsgId)
    }
    const isIdle = done === 0 && due.length === 0 && customs.nextDueAt() === undefined
    if (isIdle && !(await hasWork(gateway.flow.db))) return
    clock.advance(isIdle ? 60_000 : 1_000)
  }
}

const checkTotals = async ({ flow }: Gateway, released: number): Promise<void> => {
  const shown = await totals(flow, { by: 'month' })
  expect(shown.total.count).toBe(released)
  expect(customs.books().summary().released.count).toBe(released)
  await rebuild(flow)
  expect((await totals(flow, { by: 'month' })).total).toEqual(shown.total)
}

describe('an installation with the embedded database', () => {
  const file = () => join(folder, 'one.backup')
  let early: Awaited<ReturnType<typeof handIn>> = []
  let bytes: readonly string[] = []

  it('is not backed up while a gateway runs on it, and the command says so', async () => {
    await withGateway(async (gateway) => {
      isAway = true
      early = await handIn(gateway, [1, 2])
      await settle(gateway, 6)
      bytes = await messagesOf(gateway)
      expect(bytes.length).toBeGreaterThan(0)
      const told = vi.spyOn(console, 'error').mockImplementation(() => undefined)
      expect(await main(['backup', file(), '--data', dataDir], {})).toBe(1)
      expect(await main(['restore', file(), '--data', dataDir, '--force'], {})).toBe(1)
      expect(String(told.mock.calls[0])).toContain(`is in use by process ${process.pid}`)
      told.mockRestore()
      expect(existsSync(file())).toBe(false)
    })
  })

  it('becomes one file of the owner’s alone, which is never overwritten', async () => {
    const said = vi.spyOn(console, 'log').mockImplementation(() => undefined)
    expect(await main(['backup', file(), '--data', dataDir], {})).toBe(0)
    expect(said.mock.calls.join()).toContain('数据密钥')
    said.mockRestore()
    expect((await stat(file())).mode & 0o077).toBe(0)
    await expect(backUpNow(file())).rejects.toThrow('is there already')
    await expect(backUpNow(join(dataDir, 'inside'))).rejects.toThrow('inside the data folder')
    await expect(
      backUp(join(folder, 'nowhere'), join(folder, 'x'), { program: 'test', ...now() }),
    ).rejects.toThrow('nothing to back up')
    expect(await readdir(folder)).toEqual(expect.arrayContaining(['data', 'one.backup']))
    expect(await readdir(folder)).toHaveLength(2)
  })

  it('is not restored over data, nor from a file that lost a byte', async () => {
    await expect(restoreNow(file())).rejects.toThrow('holds data already')
    const whole = await readFile(file())
    const spoilt = join(folder, 'spoilt.backup')
    for (const damage of [
      () => whole.subarray(0, whole.length - 1_000),
      () => Buffer.from(whole).fill(0x5a, whole.length >> 1, (whole.length >> 1) + 64),
      () => Buffer.from('no archive at all'),
      () => Buffer.alloc(0),
    ]) {
      await writeFile(spoilt, damage())
      await expect(restoreNow(spoilt, true)).rejects.toThrow('nothing was changed')
    }
    await rm(spoilt)
    expect(await readdir(folder)).toHaveLength(2)
  })

  it('stands again after everything was lost: same documents, same bytes, and the work goes on', async () => {
    let late: Awaited<ReturnType<typeof handIn>> = []
    await withGateway(async (gateway) => {
      late = await handIn(gateway, [3])
      await settle(gateway, 3)
    })
    await rm(dataDir, { recursive: true, force: true })
    const done = await restoreNow(file())
    expect(done).toMatchObject({ program: expect.any(String), before: undefined })
    for (const name of ['data.key', 'auth.secret'])
      expect((await stat(join(dataDir, name))).mode & 0o077).toBe(0)
    await withGateway(async (gateway) => {
      expect(await messagesOf(gateway)).toEqual(bytes)
      const states = await statesOf(gateway, early)
      expect([...new Set(states)].sort()).toEqual(['ready', 'waiting'])
      // What came after the backup is not known; whoever has no answer hands it in again.
      expect(new Set(await statesOf(gateway, late))).toEqual(new Set([404]))
      const again = await handIn(gateway, [3])
      isAway = false
      await settle(gateway)
      expect(new Set(await statesOf(gateway, [...early, ...again]))).toEqual(new Set(['done']))
      expect(await messagesOf(gateway)).toEqual(expect.arrayContaining([...bytes]))
      for (const [id, hashes] of wentOut) expect(hashes.size, id).toBe(1)
      await checkTotals(gateway, 3)
    })
  })

  it('learns from replies delivered again what went out after the backup, and declares nothing twice', async () => {
    const older = join(folder, 'two.backup')
    let taken: Awaited<ReturnType<typeof handIn>> = []
    let kept: readonly string[] = []
    isAway = true
    await withGateway(async (gateway) => {
      taken = await handIn(gateway, [4, 5])
      await settle(gateway, 3)
      const unsent = gateway.flow.db.selectFrom('message').where('sent_at', 'is', null)
      kept = (await unsent.select('cop_msg_id as id').execute()).map(({ id }) => id)
      expect(kept.length).toBeGreaterThan(0)
    })
    await backUpNow(older)
    const before = said.length
    isAway = false
    await withGateway(async (gateway) => {
      const later = await handIn(gateway, [6])
      await settle(gateway)
      expect(new Set(await statesOf(gateway, [...taken, ...later]))).toEqual(new Set(['done']))
      await checkTotals(gateway, 6)
    })
    const { before: aside } = await restoreNow(older, true)
    expect(existsSync(join(aside ?? '', 'db'))).toBe(true)
    // As the procedure has it: replies first, the link afterwards.
    isAway = true
    await withGateway(async (gateway) => {
      for (const envelope of said.slice(before)) await takeReply(gateway.flow, envelope)
      await settle(gateway, 10)
      // Orders, payments and waybills were signed when the backup was made.
      const signed = taken.filter((_, index) => index % 4 !== 3)
      expect(new Set(await statesOf(gateway, signed))).toEqual(new Set(['done']))
      // Of the sixth consignment the backup knows nothing: what was said of it waits for it.
      const unmatched = await gateway.flow.db.selectFrom('unmatched_reply').selectAll().execute()
      expect(unmatched.length).toBeGreaterThan(0)
      isAway = false
      await settle(gateway)
      expect(new Set(await statesOf(gateway, signed))).toEqual(new Set(['done']))
      // All of their documents are answered by now: they are not sent again.
      expect(customs.books().summary().messages.repeated).toBe(0)
      for (const id of kept) expect(wentOut.get(id)?.size, id).toBe(1)
      // Handed in again it is a repetition for customs, which counts it once.
      await handIn(gateway, [6])
      await settle(gateway)
      expect(customs.books().summary().released.count).toBe(6)
      const shown = await totals(gateway.flow, { by: 'month' })
      await rebuild(gateway.flow)
      expect((await totals(gateway.flow, { by: 'month' })).total).toEqual(shown.total)
    })
  })
})

const server = process.env.TEST_DATABASE_URL ?? ''
const missing =
  server === ''
    ? 'no TEST_DATABASE_URL'
    : ['/usr/bin/pg_dump', '/usr/bin/pg_restore'].every((path) => existsSync(path))
      ? undefined
      : 'no pg_dump'
if (missing !== undefined) console.log(`skipped: backup of a PostgreSQL server (${missing})`)

describe('an installation on PostgreSQL', () => {
  it('tells the commands of PostgreSQL, and no password', async () => {
    const told = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const env = { DATABASE_URL: 'postgres://yuguan:synthetic-password@127.0.0.1:1/none' }
    expect(await main(['backup', join(folder, 'x')], env)).toBe(1)
    expect(await main(['restore', join(folder, 'x')], env)).toBe(1)
    const text = told.mock.calls.join()
    told.mockRestore()
    expect(text).toContain('pg_dump -Fc -f FILE.dump "$DATABASE_URL"')
    expect(text).toContain('pg_restore --clean --if-exists --no-owner -d "$DATABASE_URL" FILE.dump')
    expect(text).not.toContain('synthetic-password')
  })

  it.skipIf(missing !== undefined)(
    'stands again from what pg_dump wrote, with its data key',
    async () => {
      const dump = join(folder, 'server.dump')
      const test = await testApp({
        ...{ clock, transport: memoryTransport('test', async () => AWAY) },
      })
      const { key } = test.account(test.cast.platform)
      const { order } = test.consignment(1)
      const taken = await test.fetch(
        '/api/v1/documents',
        json(key, { kind: 'CEB311', document: order }),
      )
      const { results } = (await taken.json()) as { results: { id: string }[] }
      for (let round = 0; round < 4; round += 1) await test.runStages()
      const url = new URL(test.database.connectionString)
      execFileSync('pg_dump', ['-Fc', '-f', dump, url.href])
      const bytes = await messagesOf(test.gateway)
      url.pathname = `${url.pathname}_restored`
      const name = url.pathname.slice(1)
      await sql`create database ${sql.id(name)}`.execute(test.database.db)
      execFileSync('pg_restore', ['--clean', '--if-exists', '--no-owner', '-d', url.href, dump])
      const opened = connect({ connectionString: url.href })
      const sent: Uint8Array[] = []
      const restored = createGateway({
        ...{ ...test.gatewayOptions, db: opened.db },
        links: [
          simulatorLink(
            memoryTransport('test', async (_id, envelope) => {
              sent.push(envelope)
              return { kind: 'sent' }
            }),
          ),
        ],
      })
      expect(await messagesOf(restored)).toEqual(bytes)
      clock.advance(3_600_000)
      for (let round = 0; round < 4; round += 1) await runStages(restored)
      expect(sent).toHaveLength(bytes.length)
      const id = results[0]?.id ?? ''
      expect(await statesOf(restored, [{ id, key }])).toEqual(['sent'])
      await opened.close()
      await sql`drop database ${sql.id(name)} with (force)`.execute(test.database.db)
      await test.close()
    },
  )
})

const AWAY = { kind: 'unavailable', reason: 'ECONNREFUSED' } as const
