/**
 * Metrics: what Prometheus reads, with an operator's key, of what passed and how things stand; in a
 * registry of the gateway's own, and without anybody's name or number.
 */
import { sql } from 'kysely'
import { register } from 'prom-client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { QUEUE_COUNT_MAX } from '../../src/kernel/limits.ts'
import { createMetrics } from '../../src/run/metrics.ts'
import { connect } from '../../src/store/connect.ts'
import { bearer, CUSTOMS_TOKEN, json, type TestApp, testApp } from './app.ts'

let test: TestApp
const at = { now: new Date('2026-10-15T02:00:00.000Z') }
beforeAll(async () => {
  test = await testApp({
    clock: { now: () => at.now },
    env: { RATE_LIMITS: 'report=1/60' },
  })
})
afterAll(() => test.close())

const scrape = async (): Promise<string> => {
  // What was read before is kept for some seconds.
  at.now = new Date(at.now.getTime() + 10_000)
  const answer = await test.fetch('/metrics', { headers: bearer(test.operatorKey) })
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
  return answer.text()
}
const samples = (text: string): ReadonlyMap<string, number> =>
  new Map(
    text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => {
        const end = line.lastIndexOf(' ')
        return [line.slice(0, end), Number(line.slice(end + 1))]
      }),
  )

it('tells what passed, who was refused, and how links, queues and replies stand', async () => {
  const { key } = test.account(test.cast.platform)
  const { orderNo, order } = test.consignment(1)
  const { order: second } = test.consignment(2)
  const documents = { kind: 'CEB311', documents: [order, second] }
  expect((await test.fetch('/api/v1/documents', json(key, documents))).status).toBe(200)
  for (let round = 0; round < 10; round += 1) if ((await test.runStages()) === 0) break
  await test.fetch('/api/v1/customs/replies', {
    method: 'POST',
    headers: { ...bearer(CUSTOMS_TOKEN), 'content-type': 'application/xml' },
    body: '<not-a-reply/>',
  })
  for (let round = 0; round < 10; round += 1) if ((await test.runStages()) === 0) break
  await test.fetch(`/api/v1/consignments/${orderNo}`, { headers: bearer(key) })
  for (let n = 0; n < 3; n += 1) await test.fetch('/api/v1/totals')
  await sql`insert into work (lane, stage, queue, subject, run_at)
    values (1, 'dispatch', 'simulator', ${crypto.randomUUID()}, ${at.now})`.execute(
    test.database.db,
  )
  const found = samples(await scrape())
  const request = (rest: string) => `yuguan_http_request_duration_seconds_count{${rest}}`
  expect(Object.fromEntries(found)).toMatchObject({
    yuguan_documents_taken_total: 2,
    yuguan_documents_composed_total: 2,
    yuguan_documents_sent_total: 2,
    yuguan_replies_folded_total: 0,
    yuguan_lists_released_total: 0,
    'yuguan_build_info{version="test"}': 1,
    'yuguan_rate_limited_total{limit="report"}': 2,
    [request('method="POST",route="/api/v1/documents",status="200"')]: 1,
    [request('method="GET",route="/api/v1/consignments/:orderNo",status="200"')]: 1,
    yuguan_database_up: 1,
    'yuguan_link_state{link="simulator"}': 2,
    'yuguan_link_failures{link="simulator"}': 0,
    'yuguan_work_waiting{stage="dispatch",link="simulator"}': 1,
    'yuguan_work_due{stage="dispatch",link="simulator"}': 1,
    'yuguan_work_oldest_seconds{stage="dispatch",link="simulator"}': 10,
    'yuguan_replies_troubled{state="unreadable"}': 1,
    'yuguan_replies_troubled{state="failed"}': 0,
  })
  await sql`truncate work`.execute(test.database.db)
})

it('explains every metric, and labels none with an enterprise, a number or an address', async () => {
  const { key, id } = test.account(test.cast.platform)
  await sql`insert into work (lane, stage, queue, subject, run_at) values
    (1, 'sign', ${id}, ${crypto.randomUUID()}, ${at.now})`.execute(test.database.db)
  await test.fetch(`/api/v1/nowhere/${id}`, { headers: bearer(key) })
  await test.fetch('/api/v1/limits', { method: 'MKCOL' })
  const text = await scrape()
  const told = new Set([...text.matchAll(/^# HELP (\S+) \S+/gm)].map(([, name]) => name))
  for (const name of samples(text).keys()) {
    const plain = name.replace(/\{.*/, '').replace(/_(bucket|sum|count)$/, '')
    expect(told, name).toContain(plain)
    expect(plain).toMatch(/^yuguan_[a-z_]+$/)
    const labels = [...name.matchAll(/[{,](\w+)="/g)].map(([, label]) => label)
    const known = ['version', 'method', 'route', 'status', 'le', 'limit', 'stage', 'link', 'state']
    for (const label of labels) expect(known).toContain(label)
  }
  expect(text).toContain('yuguan_work_waiting{stage="sign",link=""} 1')
  for (const secret of [id, test.cast.platform.name, test.cast.platform.customsCode, 'MKCOL'])
    expect(text).not.toContain(secret)
  await sql`truncate work`.execute(test.database.db)
})

it('counts a queue within its bound, however long it is', async () => {
  await sql`insert into work (lane, stage, subject, run_at)
    select n % 64, 'match', 'NO-' || n, ${at.now}
    from generate_series(1, ${QUEUE_COUNT_MAX + 20_000}) n`.execute(test.database.db)
  const found = samples(await scrape())
  expect(found.get('yuguan_work_waiting{stage="match",link=""}')).toBe(QUEUE_COUNT_MAX)
  await sql`truncate work`.execute(test.database.db)
})

it('is for the operator alone', async () => {
  const { key } = test.account(test.cast.platform)
  expect((await test.fetch('/metrics')).status).toBe(401)
  expect((await test.fetch('/metrics', { headers: bearer(key) })).status).toBe(403)
})

it('leaves the registry that all users of the library share alone', async () => {
  await scrape()
  expect(register.getMetricsAsArray()).toEqual([])
})

it('tells of the process and its pools also when the database is away', async () => {
  const away = connect({ connectionString: 'postgres://nobody@127.0.0.1:1/none', max: 3 })
  const { flow } = test.gateway
  const metrics = createMetrics({
    flow: { ...flow, standing: () => Promise.reject(new Error('away')) },
    ...{ db: away.db, version: 'test', pools: { report: away }, ofProcess: true },
  })
  const { text } = await metrics.page()
  const found = samples(text)
  expect(found.get('yuguan_database_up')).toBe(0)
  expect(found.get('yuguan_database_connections_max{pool="report"}')).toBe(3)
  expect(found.get('yuguan_database_waiting{pool="report"}')).toBe(0)
  expect(found.get('process_resident_memory_bytes')).toBeGreaterThan(0)
  expect(text).toContain('nodejs_eventloop_lag_seconds')
  expect(text).not.toContain('yuguan_link_state{')
  await away.close()
})
