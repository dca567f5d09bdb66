/**
 * Links as those see them who look after them: each enterprise takes the link that was chosen for it
 * and its direction, what waits may be moved, and one that is down holds up no other.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { zones } from '../../src/catalogue/zones/index.ts'
import { BREAKER_RETRY_MAX_MS, STANDING_KEPT_MS } from '../../src/kernel/limits.ts'
import { makeExportConsignment } from '../../src/sim/export-consignments.ts'
import { memoryTransport } from '../../src/wire/memory-transport.ts'
import type { Link } from '../../src/wire/types.ts'
import { movingClock, START } from '../support/gateway.ts'
import { bearer, json, type TestApp, testApp } from './app.ts'

const clock = movingClock(START)
const sent: Record<string, string[]> = { http: [], folder: [] }
let isDown = false
const link = (code: 'http' | 'folder'): Link => ({
  code,
  transport: memoryTransport(code, async (copMsgId) => {
    if (code === 'http' && isDown) return { kind: 'unavailable', reason: 'ECONNREFUSED' }
    sent[code]?.push(copMsgId)
    return { kind: 'sent' }
  }),
})

let test: TestApp
let n = 0
beforeAll(async () => {
  test = await testApp({ clock, links: [link('http'), link('folder')] })
})
afterAll(() => test.close())

const platform = () => test.account(test.cast.platform)

/** Documents of one enterprise are handed in and go as far as they can. */
const handIn = async (key: string, kind: string, document: unknown): Promise<string> => {
  const taken = await test.fetch('/api/v1/documents', json(key, { kind, document }))
  const { results } = (await taken.json()) as { results: { id: string; faults?: unknown }[] }
  if (results[0]?.id === undefined) throw new Error(JSON.stringify(results))
  await run()
  return results[0].id
}
const run = async (): Promise<void> => {
  for (let round = 0; round < 20; round += 1) if ((await test.runStages()) === 0) return
}
const pass = async (minutes: number): Promise<void> => {
  for (let minute = 0; minute < minutes; minute += 1) {
    clock.advance(BREAKER_RETRY_MAX_MS)
    await run()
  }
}
const order = (): Promise<string> => {
  n += 1
  return handIn(platform().key, 'CEB311', test.consignment(n).order)
}
const payment = (): Promise<string> => {
  n += 1
  return handIn(test.account(test.cast.payer).key, 'CEB411', test.consignment(n).payment)
}
const exportOrder = async (): Promise<string> => {
  n += 1
  const [zone] = zones
  if (zone === undefined) throw new Error('no zones')
  const { order: document } = makeExportConsignment({
    ...{ n, seed: 7, zone, mode: '9610', flag: 'B', currency: 'CNY', fate: '' },
    ...{ enterprises: test.cast, at: clock.now() },
  })
  return handIn(platform().key, 'CEB303', document)
}
/** What a step sent over each link. */
const over = async (step: () => Promise<unknown>): Promise<Record<string, number>> => {
  const before = { http: sent.http?.length ?? 0, folder: sent.folder?.length ?? 0 }
  await step()
  return {
    http: (sent.http?.length ?? 0) - before.http,
    folder: (sent.folder?.length ?? 0) - before.folder,
  }
}

const linksPath = (id = platform().id) => `/api/v1/enterprises/${id}/links`
const choose = async (body: object, key = test.operatorKey, id = platform().id) => {
  const answer = await test.fetch(linksPath(id), json(key, body))
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
}
const shown = async (): Promise<{
  links: { code: string; state: string; queue: { depth: number }; detail: object }[]
}> => {
  clock.advance(STANDING_KEPT_MS)
  const answer = await test.fetch('/api/v1/links', { headers: bearer(test.operatorKey) })
  return (await answer.json()) as Awaited<ReturnType<typeof shown>>
}

describe('the link of an enterprise', () => {
  it('is the first of the settings as long as nobody chose', async () => {
    const read = await test.fetch(linksPath(), { headers: bearer(test.operatorKey) })
    expect(await read.json()).toEqual({
      available: ['http', 'folder'],
      directions: ['import', 'export'].map((direction) => ({
        ...{ direction, link: 'http', chosen: null, chosenAt: null },
      })),
    })
    expect(await over(order)).toEqual({ http: 1, folder: 0 })
    expect(await over(exportOrder)).toEqual({ http: 1, folder: 0 })
  })

  it('is the chosen one, for that direction and that enterprise alone', async () => {
    const chosen = await choose({ direction: 'import', link: 'folder' })
    expect(chosen).toMatchObject({
      status: 200,
      body: {
        moved: 0,
        directions: [
          { direction: 'import', link: 'folder', chosen: 'folder' },
          { direction: 'export', link: 'http', chosen: null },
        ],
      },
    })
    expect(await over(order)).toEqual({ http: 0, folder: 1 })
    expect(await over(exportOrder)).toEqual({ http: 1, folder: 0 })
    expect(await over(payment)).toEqual({ http: 1, folder: 0 })
    await choose({ direction: 'both', link: 'folder' })
    expect(await over(exportOrder)).toEqual({ http: 0, folder: 1 })
  })

  it('is left to the settings again by null', async () => {
    await choose({ direction: 'both', link: null })
    expect(await over(order)).toEqual({ http: 1, folder: 0 })
  })

  it('can be none that is not there, and those that are there are named', async () => {
    const refused = await choose({ direction: 'both', link: 'amqp' })
    expect(refused).toMatchObject({
      status: 422,
      body: { code: 'LINK-UNKNOWN', faults: [{ code: 'LINK-UNKNOWN', pointer: '/link' }] },
    })
    expect(JSON.stringify(refused.body)).toContain('http, folder')
    expect(await over(order)).toEqual({ http: 1, folder: 0 })
  })

  it('is chosen by its own admin too, and neither by a member nor for another enterprise', async () => {
    const session = async (role: string): Promise<string> => {
      const email = `${role}@yuguan.example`
      const made = await test.fetch(
        `/api/v1/enterprises/${platform().id}/members`,
        json(test.operatorKey, { name: `Synthetic ${role}`, email, role }),
      )
      const { password } = (await made.json()) as { password: string }
      const signedIn = await test.fetch('/api/auth/sign-in/email', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email, password }),
      })
      return (signedIn.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
    }
    const post = async (cookie: string, id: string): Promise<number> => {
      const answer = await test.fetch(linksPath(id), {
        method: 'POST',
        headers: { cookie, origin: 'http://gateway.test', 'content-type': 'application/json' },
        body: JSON.stringify({ direction: 'import', link: 'folder' }),
      })
      return answer.status
    }
    const other = test.account(test.cast.payer).id
    const admin = await session('admin')
    const member = await session('member')
    expect(await post(member, platform().id)).toBe(403)
    expect(await post(admin, other)).toBe(404)
    expect((await test.fetch(linksPath(other), { headers: { cookie: admin } })).status).toBe(404)
    expect(await over(payment)).toEqual({ http: 1, folder: 0 })
    expect(await post(admin, platform().id)).toBe(200)
    expect(await over(order)).toEqual({ http: 0, folder: 1 })
    await choose({ direction: 'both', link: null })
  })
})

describe('a link that is down', () => {
  it('holds up no other, is shown so, and lets its queue move', async () => {
    isDown = true
    await choose(
      { direction: 'both', link: 'folder' },
      test.operatorKey,
      test.account(test.cast.payer).id,
    )
    const waiting = [await order(), await order(), await order(), await exportOrder()]
    await pass(5)
    expect(await over(payment)).toEqual({ http: 0, folder: 1 })
    expect((await shown()).links).toMatchObject([
      {
        code: 'http',
        state: 'down',
        queue: { depth: 4 },
        detail: { problem: 'ECONNREFUSED', retryAt: expect.any(String) },
      },
      { code: 'folder', state: 'up', queue: { depth: 0 } },
    ])
    const moved = await choose({ direction: 'import', link: 'folder', moveQueue: true })
    expect(moved).toMatchObject({ status: 200, body: { moved: 3 } })
    expect(await over(() => pass(2))).toEqual({ http: 0, folder: 3 })
    expect((await shown()).links).toMatchObject([
      { code: 'http', state: 'down', queue: { depth: 1 } },
      { code: 'folder', state: 'up', queue: { depth: 0 } },
    ])
    isDown = false
    expect(await over(() => pass(3))).toEqual({ http: 1, folder: 0 })
    expect((await shown()).links).toMatchObject([{ state: 'up', queue: { depth: 0 } }, {}])
    for (const id of waiting) {
      const found = await test.fetch(`/api/v1/documents/${id}`, {
        headers: bearer(platform().key),
      })
      expect(await found.json()).toMatchObject({ state: 'sent' })
    }
    const all = [...(sent.http ?? []), ...(sent.folder ?? [])]
    expect(new Set(all).size).toBe(all.length)
  })

  it('leaves its queue where it is unless told to move it', async () => {
    isDown = true
    await choose({ direction: 'both', link: null })
    await order()
    expect(await choose({ direction: 'both', link: 'folder' })).toMatchObject({
      body: { moved: 0 },
    })
    expect(await over(() => pass(3))).toEqual({ http: 0, folder: 0 })
    isDown = false
    expect(await over(() => pass(3))).toEqual({ http: 1, folder: 0 })
  })
})
