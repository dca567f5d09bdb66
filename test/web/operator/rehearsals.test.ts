/** Rehearsals on the operator's desk: a question first, one at a time, found again, broken off, its report. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RehearsalReport } from '../../../src/http/rehearsal-schemas.ts'
import { plannedLists, plannedTotal, spreadOf } from '../../../src/kernel/rehearsal-curve.ts'
import { REHEARSAL_SILENT_SECONDS } from '../../../src/kernel/rehearsal-limits.ts'
import { createRehearsals } from '../../../src/run/rehearsals.ts'
import { endRehearsal, noteBeat } from '../../../src/store/rehearsals.ts'
import { type TestApp, testApp, testConfig } from '../../http/app.ts'
import { type Reader, signedIn } from '../../support/desk.ts'

let app: TestApp
let operator: Reader
let others: readonly Reader[] = []
const PATH = '/operator/rehearsals'

beforeAll(async () => {
  app = await testApp()
  operator = await signedIn(app, 'operator')
  others = [await signedIn(app, 'committee'), await signedIn(app, app.cast.platform)]
})
afterAll(() => app.close())

const begin = async (): Promise<string> => {
  const form = { times: '2', seconds: '12', confirmed: 'yes' }
  return (await operator.post(PATH, form)).location.replace(`${PATH}/`, '')
}

describe('the curve', () => {
  it('hands in what it plans, and never less than before', () => {
    const plan = { times: 10, seconds: 60 }
    const planned = plannedLists(plan)
    expect(planned).toHaveLength(60)
    expect(planned.every((lists, second) => lists >= (planned[second - 1] ?? 0))).toBe(true)
    expect(plannedTotal(plan)).toBe(planned.at(-1))
    const most = Math.max(...planned.map((lists, second) => lists - (planned[second - 1] ?? 0)))
    expect(most).toBe(100)
  })

  it('tells percentiles by the nearest rank', () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index)
    expect(spreadOf(values)).toEqual({ count: 100, p50: 50, p90: 90, p99: 99, max: 100 })
    expect(spreadOf([])).toEqual({ count: 0, p50: 0, p90: 0, p99: 0, max: 0 })
  })
})

describe('where a rehearsal may begin', () => {
  const at = (code: 'http' | 'amqp' | 'simulator', customsUrl: string | undefined) => {
    const { flow } = app.gateway
    const [link] = flow.links
    if (link === undefined) throw new Error('there is no link')
    const links = [{ ...link, code }]
    const config = { customsUrl, databaseUrl: undefined }
    return createRehearsals({ flow: { ...flow, links }, config }).hindrance
  }

  it('is where every link leads to a simulated office, and nowhere else', () => {
    expect(at('simulator', undefined)).toBeUndefined()
    expect(at('http', 'http://127.0.0.1:9000/dxp')).toBeUndefined()
    expect(at('http', 'https://customs.example/dxp')?.zh).toContain('可能通往真实海关')
    expect(at('http', 'http://127.0.0.1.customs.example/dxp')).toBeDefined()
    expect(at('amqp', undefined)).toBeDefined()
    const none = { flow: { ...app.gateway.flow, links: [] }, config: testConfig() }
    expect(createRehearsals(none).hindrance?.zh).toContain('没有指向模拟海关')
  })
})

describe('rehearsals', () => {
  it('open to the operator alone', async () => {
    expect((await operator.get(PATH)).status).toBe(200)
    for (const other of others) expect((await other.get(PATH)).status).toBe(404)
    expect((await operator.get(`${PATH}/none`)).status).toBe(404)
  })

  it('ask first, refuse what is beyond their bounds, and begin one at a time', async () => {
    const asked = await operator.post(PATH, { times: '2', seconds: '12' })
    expect(asked.text).toContain(`共提交 ${plannedTotal({ times: 2, seconds: 12 })} 票`)
    const wrong = await operator.post(PATH, { times: '9999', seconds: '12', confirmed: 'yes' })
    expect(wrong.status).toBe(422)
    expect(wrong.dom.querySelector('#f-times')?.getAttribute('aria-invalid')).toBe('true')
    expect(wrong.dom.querySelector('#f-times')?.getAttribute('value')).toBe('9999')
    const id = await begin()
    const page = await operator.get(`${PATH}/${id}`)
    expect(page.dom.querySelector('[data-refresh] progress')).not.toBeNull()
    const second = await operator.post(PATH, { times: '2', seconds: '12', confirmed: 'yes' })
    expect(second.text).toContain('已有一场演练正在进行')
    await noteBeat(app.gateway.flow.db, id, { phase: 'handing-in', done: 7 }, new Date())
    expect((await operator.get(`${PATH}/${id}`)).text).toContain('正在提交')
    expect((await operator.post(`${PATH}/${id}/stop`)).text).toContain('没有报告')
    await operator.post(`${PATH}/${id}/stop`, { confirmed: 'yes' })
    expect((await operator.get(`${PATH}/${id}`)).text).toContain('已中止')
  })

  it('are found broken off when nothing was heard of them, and let another begin', async () => {
    const id = await begin()
    const { db } = app.gateway.flow
    await sql`update rehearsal set beat_at = beat_at - make_interval(secs => ${
      REHEARSAL_SILENT_SECONDS + 1
    }) where id = ${id}::uuid`.execute(db)
    expect((await operator.get(`${PATH}/${id}`)).text).toContain('中断')
    const next = await begin()
    expect(next).not.toBe(id)
    await operator.post(`${PATH}/${next}/stop`, { confirmed: 'yes' })
  })

  it('whose process fails are over at once, with its last words', async () => {
    const id = await begin()
    const { flow } = app.gateway
    // Where nothing is built there is no program: the process cannot even begin.
    createRehearsals({ flow, config: testConfig() }).run(id, { times: 1, seconds: 10 })
    await expect
      .poll(async () => (await operator.get(`${PATH}/${id}`)).text, { timeout: 60_000 })
      .toContain('失败')
    const page = await operator.get(`${PATH}/${id}`)
    expect(page.text).toContain('演练进程结束而没有报告。')
    expect(page.text).toContain('Cannot find module')
    const english = await operator.get(`${PATH}/${id}?lang=en`)
    expect(english.text).toContain('ended without a report')
    await operator.get(`${PATH}?lang=zh`)
  }, 90_000)

  it('that fail do not wait for whoever began them', async () => {
    const program = join(import.meta.dirname, '../../../bin/yuguan.js')
    const child = spawn(
      process.execPath,
      [program, 'rehearse', '--lines', '--times', '1', '--seconds', '10'],
      {
        // Nobody listens there, so no database can be made.
        env: { PATH: process.env.PATH ?? '', DATABASE_URL: 'postgres://127.0.0.1:1/none' },
        stdio: ['pipe', 'ignore', 'ignore'],
      },
    )
    // Its input stays open: it ends all the same.
    expect(await once(child, 'exit')).toEqual([1, null])
  }, 60_000)

  it('show their report: figures, curve, latencies', async () => {
    const id = await begin()
    const report: RehearsalReport = {
      ...{ machine: '2 × <b>synthetic</b>', database: 'embedded', lists: 30, released: 29 },
      ...{ seconds: 3.2, bestPerSecond: 12, meanPerSecond: 9.1, residentMb: 210 },
      curve: [1, 2, 3].map((second) => ({
        ...{ second, planned: second * 10, taken: second * 10, released: second * 10 - 1 },
      })),
      latencies: [{ stage: 'whole', count: 20, p50: 812, p90: 1_400, p99: 1_900, max: 2_024 }],
    }
    await endRehearsal(app.gateway.flow.db, id, { state: 'done', report }, new Date())
    const page = await operator.get(`${PATH}/${id}`)
    expect(page.text).toContain('29 / 30 · 1 份未放行')
    expect(page.text).toContain('2,024')
    expect(page.dom.querySelectorAll('.rehearsal-chart rect')).toHaveLength(3)
    expect(page.html).not.toContain('<b>synthetic')
    expect(page.dom.querySelector('[data-refresh]')).toBeNull()
  })
})
