/**
 * Corrections read back over HTTP: what a preview would do, how far it came, what became of each
 * document; to whoever made it and nobody else.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Consignment } from '../../src/sim/consignments.ts'
import { movingClock, START } from '../support/gateway.ts'
import { refuseOrders, settled, takeOrders } from '../support/refused.ts'
import { bearer, json, type TestApp, testApp } from './app.ts'

const PATH = '/api/v1/rejections/corrections'
const clock = movingClock(START)
let test: TestApp
let key = ''
let made: readonly Consignment[] = []
let ids: readonly string[] = []

beforeAll(async () => {
  test = await testApp({ clock })
  key = test.account(test.cast.platform).key
  made = Array.from({ length: 3 }, (_, i) => test.consignment(i + 1))
  ids = await takeOrders(test, made)
  await refuseOrders(test, clock, made)
})
afterAll(() => test.close())

// biome-ignore lint/suspicious/noExplicitAny: answers are read by name
type Answer = any

const get = async (path: string, as = key): Promise<Answer> => {
  const response = await test.fetch(path, { headers: bearer(as) })
  return { status: response.status, ...((await response.json()) as object) }
}
const post = async (body: unknown): Promise<Answer> => {
  const response = await test.fetch(PATH, json(key, body))
  expect(response.status).toBe(200)
  return response.json()
}

describe('a correction', () => {
  let token = ''

  it('is read back as it was previewed, page by page', async () => {
    const preview = await post({
      select: { ids },
      change: { field: 'buyerName', value: '合成甲乙' },
      preview: true,
    })
    token = preview.token
    const kept = await get(`${PATH}/${token}`)
    expect(kept).toMatchObject({ state: 'previewed', items: 3, done: 0, next: null, cause: null })
    expect(kept.change).toEqual({ kind: null, field: 'buyerName', way: 'value', from: null })
    const told = (documents: readonly Answer[]) =>
      documents.map(({ id, version, changes }) => ({ id, version, changes }))
    expect(told(kept.documents)).toEqual(told(preview.documents))
    expect(kept.documents[0]).toMatchObject({ outcome: 'planned', group: 'refused' })
    expect(JSON.stringify(kept)).not.toContain('合成甲乙')
    const second = await get(`${PATH}/${token}?limit=1&cursor=1`)
    expect(second.documents).toEqual([kept.documents[1]])
    expect(second.next).toBe('2')
  })

  it('tells what became of each document', async () => {
    // One of them is handed in again by itself meanwhile.
    clock.advance(60_000)
    const [first] = made
    if (first === undefined) throw new Error('no order')
    const { OrderHead } = first.order
    const appTime = String(Number(OrderHead.appTime) + 1)
    const guid = OrderHead.guid.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))
    const again = { ...first.order, OrderHead: { ...OrderHead, guid, appTime } }
    await takeOrders(test, [{ ...first, order: again }])
    const applied = await post({ token })
    expect(applied.left).toMatchObject([{ id: ids[0], why: { name: 'changed-since' } }])
    await settled(test)
    const view = await get(`${PATH}/${token}`)
    expect(view).toMatchObject({ state: 'finished', items: 3, done: 2 })
    const outcomes = view.documents.map(({ id, outcome }: Answer) => [id, outcome])
    expect(new Map(outcomes)).toEqual(
      new Map([
        [ids[0], 'changed-since'],
        [ids[1], 'done'],
        [ids[2], 'done'],
      ]),
    )
    expect((await get(PATH)).corrections).toMatchObject([{ token, state: 'finished', items: 3 }])
  })

  it('is nobody else’s to see', async () => {
    const stranger = test.account(test.cast.carrier).key
    expect((await get(`${PATH}/${token}`, stranger)).status).toBe(404)
    expect((await get(PATH, stranger)).corrections).toEqual([])
    expect((await get(`${PATH}/not-one`)).status).toBe(404)
  })
})
