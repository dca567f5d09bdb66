/**
 * Web hooks that do not arrive: the status tells of them to whoever's they are and to the operator, each
 * with since when and a way there; addresses stay with those who set them. The receiver is synthetic.
 */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { StatusView } from '../../src/flow/link-status.ts'
import { STANDING_KEPT_MS } from '../../src/kernel/limits.ts'
import type { SyntheticEnterprise } from '../../src/sim/consignments.ts'
import { bearer, json, type TestApp, testApp } from '../http/app.ts'
import { type Reader, signedIn } from '../support/desk.ts'
import { movingClock, START } from '../support/gateway.ts'

const SECRET = 'token-of-the-receiver'
const HOUR_MS = 3_600_000
const clock = movingClock(START)
const since = new Date(clock.now().getTime() - 2 * HOUR_MS)
const later = new Date(since.getTime() + HOUR_MS)

let app: TestApp
let operator: Reader
let owner: Reader
let member: Reader
const hooks: string[] = []

const make = async (enterprise: SyntheticEnterprise, description: string): Promise<string> => {
  const { id } = app.account(enterprise)
  const wanted = { url: `https://hooks.yuguan.example/${SECRET}`, description }
  const answer = await app.fetch(`/api/v1/webhooks?enterprise=${id}`, json(app.operatorKey, wanted))
  expect(answer.status).toBe(201)
  const made = (await answer.json()) as { id: string }
  hooks.push(made.id)
  return made.id
}
const set = async (id: string | undefined, state: 'active' | 'paused') => {
  const init = { ...json(app.operatorKey, { state }), method: 'PATCH' }
  expect((await app.fetch(`/api/v1/webhooks/${id}`, init)).status).toBe(200)
}
const status = async (headers: Record<string, string> = {}) =>
  (await (await app.fetch('/api/v1/status', { headers })).json()) as StatusView

beforeAll(async () => {
  app = await testApp({ clock })
  const { platform, declarants } = app.cast
  const failing = await make(platform, '合成订单系统')
  const gone = await make(platform, '合成仓库系统')
  await make(platform, '合成财务系统')
  const other = await make(declarants[0], '合成报关系统')
  const { db } = app.database
  await sql`update webhook set failing_since = ${since}, attempts = 2
    where id = ${failing}::uuid`.execute(db)
  await sql`update webhook set failing_since = ${later} where id = ${other}::uuid`.execute(db)
  await sql`update webhook set failing_since = ${later}, state = 'disabled', problem = 'gone'
    where id = ${gone}::uuid`.execute(db)
  operator = await signedIn(app, 'operator')
  owner = await signedIn(app, platform)
  member = await signedIn(app, platform, 'member')
})
afterAll(() => app.close())

describe('web hooks that do not arrive', () => {
  it('stand in the status of whoever’s they are, and of the operator', async () => {
    const { platform, carrier } = app.cast
    expect((await status()).webhooks).toBeNull()
    const account = app.account(platform)
    const own = (await status(bearer(account.key))).webhooks
    expect(own).toMatchObject({ failing: 1, disabled: 1 })
    const enterprise = { enterprise: account.id, enterpriseName: platform.name }
    expect(own?.troubled).toMatchObject([
      {
        ...{ ...enterprise, description: '合成订单系统', state: 'failing', problem: null },
        failingSince: since.toISOString(),
      },
      { ...enterprise, description: '合成仓库系统', state: 'disabled', problem: { name: 'gone' } },
    ])
    expect(JSON.stringify(own)).not.toContain(SECRET)
    expect((await status(bearer(app.account(carrier).key))).webhooks).toEqual({
      ...{ failing: 0, disabled: 0, troubled: [] },
    })
    expect((await status(bearer(app.operatorKey))).webhooks).toMatchObject({
      ...{ failing: 2, disabled: 1 },
    })
  })

  it('stand on the status page, which leads to them whoever may set them', async () => {
    const tableOf = async (reader: Reader) => {
      const { dom, html } = await reader.get('/status')
      expect(html).not.toContain(SECRET)
      const card = dom.querySelector('#webhooks')
      return { text: card?.text ?? '', href: card?.querySelector('a')?.getAttribute('href') }
    }
    const seen = await tableOf(owner)
    expect(seen.text).toContain('推送失败 1 个，已停用 1 个')
    expect(seen.text).toContain('接收方答复 410')
    expect(seen.href).toBe('/account/subscriptions')
    expect((await tableOf(member)).href).toBeUndefined()
    const all = await tableOf(operator)
    expect(all.text).toContain(app.cast.declarants[0].name)
    expect(all.href).toBe('/operator/links#webhooks')
    const anybody = await (await app.fetch('/status')).text()
    expect(anybody).not.toContain('id="webhooks"')
  })

  it('are told to the operator at a glance, with whose they are and the way there', async () => {
    const { platform } = app.cast
    const { dom } = await operator.get('/operator')
    const tile = dom.querySelector('a.tile[href="/operator/links#webhooks"]')
    expect(tile?.getAttribute('data-tone')).toBe('wait')
    expect(tile?.querySelector('.tile-value')?.text).toBe('3')
    expect(tile?.querySelector('.tile-note')?.text).toContain(`失败 2，停用 1；${platform.name}`)
    const links = await operator.get('/operator/links')
    const rows = links.dom.querySelectorAll('#webhooks tbody tr')
    expect(rows).toHaveLength(3)
    const path = `/operator/enterprises/${app.account(platform).id}`
    const href = rows[0]?.querySelector('a')?.getAttribute('href')
    expect(href).toBe(`${path}#webhooks`)
    const table = (await operator.get(path)).dom.querySelector('#webhooks')
    expect(table?.querySelectorAll('tbody tr')).toHaveLength(3)
    expect(table?.text).toContain('推送失败，自 2026-10-15 08:00 起')
  })

  it('are told to their people on the first page of their desk, until they are seen to', async () => {
    const notice = async (reader: Reader, path: string) =>
      (await reader.get(path)).dom.querySelector('[data-notice=webhooks]')
    const told = await notice(owner, '/seller')
    expect(told?.querySelector('h2')?.text).toBe('2 个推送订阅没有送达贵企业系统')
    expect(told?.text).toContain('合成仓库系统 · 接收方答复 410')
    expect(told?.querySelector('a')?.getAttribute('href')).toBe('/account/subscriptions')
    const plain = await notice(member, '/seller')
    expect(plain?.text).toContain('请企业管理员')
    expect(plain?.querySelector('a')).toBeNull()
    const broker = await signedIn(app, app.cast.declarants[0])
    expect((await notice(broker, '/broker'))?.text).toContain('合成报关系统')
    const carrier = await signedIn(app, app.cast.carrier)
    expect(await notice(carrier, '/seller')).toBeNull()
    await set(hooks[0], 'paused')
    await set(hooks[1], 'active')
    expect(await notice(owner, '/seller')).toBeNull()
  })

  it('are counted by the metrics', async () => {
    clock.advance(STANDING_KEPT_MS)
    const text = await (await app.fetch('/metrics', { headers: bearer(app.operatorKey) })).text()
    expect(text).toContain('yuguan_webhooks_troubled{state="failing"} 1')
    expect(text).toContain('yuguan_webhooks_troubled{state="disabled"} 0')
  })
})
