/** The pages of web hooks: added with a secret that is shown once, tried, paused, changed, removed; whose they are. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { pushBatch } from '../../../src/flow/push.ts'
import { type EventsWorld, eventsWorld, type Receiver, receiver } from '../../http/events-world.ts'
import { type DeskPage, type Reader, signedIn } from '../../support/desk.ts'

const PATH = '/account/subscriptions'

let world: EventsWorld
let far: Receiver
let owner: Reader
beforeAll(async () => {
  world = await eventsWorld()
  far = await receiver()
  owner = await signedIn(world.test, world.test.cast.declarants[0])
})
afterAll(async () => {
  await far.close()
  await world.close()
})
beforeEach(() => far.answerWith({ status: 204 }))

const flashOf = async (reader: Reader, page: DeskPage): Promise<string> => {
  expect(page.status, page.text).toBe(303)
  return (await reader.follow(page)).dom.querySelector('.flash')?.text.trim() ?? ''
}

/** Path of its page, and its secret. */
const add = async (description: string) => {
  const made = await owner.post(PATH, { url: far.url, description, groups: ['done', 'refused'] })
  expect(made.status, made.text).toBe(201)
  const secret = made.dom.querySelector('[data-once=secret] code')?.text ?? ''
  const path = made.dom.querySelector('[data-once=secret] a')?.getAttribute('href') ?? ''
  return { secret, path }
}

describe('a web hook', () => {
  it('is found in the navigation, added, and its secret shown once', async () => {
    const profile = await owner.get('/account')
    expect(profile.dom.querySelector(`nav a[href="${PATH}"]`)?.text).toContain('推送订阅')
    const empty = await owner.get(PATH)
    expect(empty.text).toContain('还没有推送订阅')
    const { secret, path } = await add('合成系统')
    expect(secret).toMatch(/^whsec_/)
    const list = await owner.get(PATH)
    expect(list.html).not.toContain(secret)
    expect(list.dom.querySelector('a.row-link')?.getAttribute('href')).toBe(path)
    expect(list.text).toContain('合成系统')
    expect(list.text).toContain('推送中')
    expect((await owner.get(path)).html).not.toContain(secret)
    const english = await owner.get(`${PATH}?lang=en`)
    expect(english.dom.querySelector('h1')?.text).toBe('Web hooks')
    await owner.get(`${PATH}?lang=zh`)
  })

  it('with a wrong address names the field and keeps what was typed', async () => {
    const page = await owner.post(PATH, { url: 'ftp://far.example/', description: 'kept' })
    expect(page.status).toBe(422)
    expect(page.dom.querySelector('#f-url')?.getAttribute('aria-invalid')).toBe('true')
    expect(page.dom.querySelector('#f-description')?.getAttribute('value')).toBe('kept')
    expect(page.text).toContain('网址须为 https')
  })

  it('is tried by hand, and its tries are listed', async () => {
    const { path } = await add('试')
    expect(await flashOf(owner, await owner.post(`${path}/test`))).toContain('HTTP 204')
    far.answerWith({ status: 503 })
    expect(await flashOf(owner, await owner.post(`${path}/test`))).toContain('未收妥')
    const rows = (await owner.get(path)).dom.querySelectorAll('tbody tr')
    expect(rows.map(({ text }) => /HTTP \d{3}/.exec(text)?.[0])).toEqual(['HTTP 503', 'HTTP 204'])
  })

  it('that fails says so, since when, and when it is tried next', async () => {
    const { path } = await add('败')
    far.answerWith({ status: 500 })
    await world.whole(1)
    await pushBatch(world.test.gateway.flow, 64)
    const page = await owner.get(path)
    expect(page.dom.querySelector('[data-state=failing]')?.text).toMatch(/推送失败，自 2026-/)
    expect(page.text).toContain('下次重试')
    expect((await owner.get(PATH)).dom.querySelector('[data-state=failing]')).not.toBeNull()
    far.answerWith({ status: 410 })
    expect(await flashOf(owner, await owner.post(`${path}/state`, { state: 'active' }))).toContain(
      '已恢复',
    )
    await pushBatch(world.test.gateway.flow, 64)
    expect((await owner.get(path)).dom.querySelector('[data-state=disabled]')?.text).toContain(
      '410',
    )
  })

  it('is paused, resumed, changed and pushed to again', async () => {
    const { path } = await add('停')
    expect(await flashOf(owner, await owner.post(`${path}/state`, { state: 'paused' }))).toContain(
      '已暂停',
    )
    const paused = await owner.get(path)
    expect(paused.dom.querySelector('input[name=state]')?.getAttribute('value')).toBe('active')
    await owner.post(`${path}/state`, { state: 'active' })
    const url = `${far.url}/other`
    expect(await flashOf(owner, await owner.post(path, { url, description: '新用途' }))).toBe(
      '已修改',
    )
    expect((await owner.get(path)).text).toContain('新用途')
    const wrong = await owner.post(path, { url: 'nonsense', description: '未存' })
    expect(wrong.status).toBe(422)
    expect(wrong.text).toContain('不是网址')
    expect(wrong.dom.querySelector('#f-url')?.getAttribute('value')).toBe('nonsense')
    expect(wrong.dom.querySelector('#f-description')?.getAttribute('value')).toBe('未存')
    expect(await flashOf(owner, await owner.post(`${path}/resend`, { eventId: '1' }))).toContain(
      '重新推送',
    )
    const none = await owner.post(`${path}/resend`, { eventId: 'none' })
    expect(none.status).toBe(422)
    expect(none.dom.querySelector('#f-eventId')?.getAttribute('value')).toBe('none')
    expect(none.dom.querySelector('#f-url')?.getAttribute('value')).toBe(url)
    await owner.post(`${path}/state`, { state: 'paused' })
    expect(await flashOf(owner, await owner.post(`${path}/resend`, { eventId: '1' }))).toBe(
      '恢复后从该事件起推送',
    )
  })

  it('gets another secret, and is removed, each after a confirmation', async () => {
    const { path, secret } = await add('去')
    const asked = await owner.post(`${path}/secret`)
    expect(asked.dom.querySelector('.confirm form')?.getAttribute('action')).toBe(`${path}/secret`)
    const renewed = await owner.post(`${path}/secret`, { confirmed: 'yes' })
    expect(renewed.status).toBe(201)
    const fresh = renewed.dom.querySelector('[data-once=secret] code')?.text ?? ''
    expect(fresh).toMatch(/^whsec_/)
    expect(fresh).not.toBe(secret)
    expect((await owner.get(path)).text).toContain('旧密钥同时签名至')
    expect((await owner.post(`${path}/remove`)).dom.querySelector('.confirm')).not.toBeNull()
    expect((await owner.get(path)).status).toBe(200)
    expect(await flashOf(owner, await owner.post(`${path}/remove`, { confirmed: 'yes' }))).toBe(
      '推送订阅已删除',
    )
    expect((await owner.get(path)).status).toBe(404)
  })
})

describe('its pages', () => {
  it('are there for owners and admins of its enterprise alone', async () => {
    const { path } = await add('谁')
    const member = await signedIn(world.test, world.test.cast.declarants[0], 'member')
    const stranger = await signedIn(world.test, world.test.cast.carrier)
    expect((await member.get('/account')).html).not.toContain(PATH)
    for (const reader of [member, stranger]) {
      expect((await reader.get(path)).status).toBe(404)
      for (const end of ['', '/test', '/state', '/resend', '/secret', '/remove'])
        expect((await reader.post(`${path}${end}`, { confirmed: 'yes' })).status).toBe(404)
    }
    expect((await member.get(PATH)).status).toBe(404)
    expect((await stranger.get(PATH)).text).toContain('还没有推送订阅')
    expect((await owner.get(path)).status).toBe(200)
  })

  it('take no form from another site', async () => {
    const { path } = await add('源')
    const origin = { origin: 'https://elsewhere.example' }
    const form = { confirmed: 'yes' }
    expect((await owner.post(`${path}/remove`, form, origin)).status).toBe(403)
    expect((await owner.get(path)).status).toBe(200)
  })
})
