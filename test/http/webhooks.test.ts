/**
 * Web hooks against a receiver on a loopback port: signed as Standard Webhooks says, in order, tried
 * again under the same id until they are taken or given up, set by their enterprise alone.
 */
import { createHmac } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { findDue, pushBatch } from '../../src/flow/push.ts'
import {
  WEBHOOK_FAILING_DAYS_MAX,
  WEBHOOK_LEASE_MS,
  WEBHOOK_OLD_SECRET_HOURS,
  WEBHOOK_PAUSES_SECONDS,
  WEBHOOKS_AT_ONCE_OF_ONE,
  WEBHOOKS_MAX,
} from '../../src/kernel/webhook-limits.ts'
import { signedIn } from '../support/desk.ts'
import { bearer, json } from './app.ts'
import {
  bodyOf,
  type EventsWorld,
  eventsIn,
  eventsWorld,
  personalIn,
  type Received,
  type Receiver,
  receiver,
} from './events-world.ts'

let world: EventsWorld
let far: Receiver
beforeAll(async () => {
  world = await eventsWorld()
  far = await receiver()
})
afterAll(async () => {
  await far.close()
  await world.close()
})
beforeEach(async () => {
  await sql`delete from webhook`.execute(world.test.database.db)
  far.answerWith({ status: 204 })
  far.got.splice(0)
})

interface Hook {
  readonly id: string
  readonly secret: string
  readonly state: string
  readonly taken: string
  readonly problem: { readonly name: string } | null
  readonly failingSince: string | null
  readonly nextTryAt: string | null
  readonly tries: readonly { readonly status: number | null; readonly taken: boolean }[]
}

const declarant = () => world.test.account(world.test.cast.declarants[0])
const asOperator = (body?: unknown, method = 'POST') => ({
  ...(body === undefined
    ? { headers: bearer(world.test.operatorKey) }
    : json(world.test.operatorKey, body)),
  method,
})

const make = async (wanted: object = {}): Promise<Hook> => {
  const answer = await world.test.fetch(
    `/api/v1/webhooks?enterprise=${declarant().id}`,
    asOperator({ url: far.url, ...wanted }),
  )
  if (answer.status !== 201) throw new Error(await answer.text())
  return (await answer.json()) as Hook
}
const look = async ({ id }: Pick<Hook, 'id'>): Promise<Hook> => {
  const answer = await world.test.fetch(`/api/v1/webhooks/${id}`, asOperator(undefined, 'GET'))
  return (await answer.json()) as Hook
}
const latest = async () => (await world.follow(declarant().key, 'latest')).next
const act = async ({ id }: Pick<Hook, 'id'>, verb: string, body: unknown = {}) =>
  world.test.fetch(`/api/v1/webhooks/${id}/${verb}`, asOperator(body))
const set = async ({ id }: Pick<Hook, 'id'>, change: unknown) =>
  world.test.fetch(`/api/v1/webhooks/${id}`, asOperator(change, 'PATCH'))

const push = async (): Promise<void> => {
  for (let round = 0; round < 50; round += 1)
    if ((await pushBatch(world.test.gateway.flow, 64)) === 0) return
  throw new Error('pushing never ends')
}

/** By the text of Standard Webhooks 1.0: base64 of HMAC-SHA256 over `id.timestamp.body`. */
const signatureOf = (secret: string, { headers, body }: Received): string => {
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]+=*$/)
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  expect(key.length).toBeGreaterThanOrEqual(24)
  expect(key.length).toBeLessThanOrEqual(64)
  const content = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`
  return `v1,${createHmac('sha256', key).update(content).digest('base64')}`
}

let count = 0
const next = () => {
  count += 1
  return count
}

describe('a message', () => {
  it('holds what the feed tells, in order, signed', async () => {
    const hook = await make()
    const before = await latest()
    const { made } = await world.whole(next())
    await push()
    const { events } = await world.follow(declarant().key, before)
    expect(events.length).toBeGreaterThan(3)
    expect(eventsIn(far.got)).toEqual(events)
    const [message] = far.got
    if (message === undefined) throw new Error('nothing came')
    expect(message.headers['content-type']).toContain('application/json')
    expect(message.headers['webhook-timestamp']).toBe(
      String(Math.floor(world.clock.now().getTime() / 1000)),
    )
    expect(message.headers['webhook-signature']).toBe(signatureOf(hook.secret, message))
    expect(bodyOf(message)).toMatchObject({ type: 'events', data: { webhook: hook.id } })
    expect(Buffer.byteLength(message.body)).toBeLessThan(20_000)
    for (const value of personalIn(Object.values(made))) expect(message.body).not.toContain(value)
    const after = await look(hook)
    expect(after).toMatchObject({ state: 'active', tries: [{ status: 204, taken: true }] })
    expect(JSON.stringify(after)).not.toContain(hook.secret)
    far.got.splice(0)
    await push()
    expect(far.got).toEqual([])
  })

  it('tells nothing of before it was made, and what was asked for alone', async () => {
    await world.whole(next())
    await make({ kinds: ['CEB621'], groups: ['done'] })
    await push()
    expect(far.got).toEqual([])
    const before = await latest()
    await world.whole(next())
    await push()
    // Where customs' word of the closing comes first, the release changes nothing any more.
    const { events } = await world.follow(declarant().key, before, '&kind=CEB621&group=done')
    expect(events.at(-1)?.state).toBe('closed')
    expect(eventsIn(far.got)).toEqual(events)
  })

  it('is one of several when there is much, each behind the one before', async () => {
    const hook = await make()
    const before = await latest()
    for (let n = 0; n < 8; n += 1) await world.whole(next())
    await push()
    const { events } = await world.follow(declarant().key, before)
    expect(far.got.length).toBeGreaterThan(1)
    expect(eventsIn(far.got)).toEqual(events)
    for (const message of far.got) {
      expect(Buffer.byteLength(message.body)).toBeLessThan(20_000)
      expect(message.headers['webhook-signature']).toBe(signatureOf(hook.secret, message))
    }
  })
})

describe('a receiver that fails', () => {
  it('is tried again with growing pauses, under the same id and with the same bytes', async () => {
    const hook = await make()
    await world.whole(next())
    far.answerWith({ status: 500 })
    for (const seconds of WEBHOOK_PAUSES_SECONDS.slice(0, 3)) {
      await push()
      const { nextTryAt, state } = await look(hook)
      expect(state).toBe('failing')
      const pause = new Date(nextTryAt ?? 0).getTime() - world.clock.now().getTime()
      expect(pause).toBeGreaterThanOrEqual(seconds * 1000)
      expect(pause).toBeLessThan(seconds * 1000 * 1.3)
      // What happens meanwhile is for the message after it.
      await world.whole(next())
      const count = far.got.length
      await push()
      expect(far.got).toHaveLength(count)
      world.clock.set(new Date(nextTryAt ?? 0))
    }
    far.answerWith({ status: 200 })
    await push()
    const [first, ...others] = far.got
    const tries = others.slice(0, 3)
    expect(new Set(tries.map(({ body }) => body))).toEqual(new Set([first?.body]))
    expect(new Set(tries.map(({ headers }) => headers['webhook-id']))).toEqual(
      new Set([first?.headers['webhook-id']]),
    )
    // The time of the try is its own.
    expect(tries.at(-1)?.headers['webhook-timestamp']).not.toBe(first?.headers['webhook-timestamp'])
    expect(await look(hook)).toMatchObject({ state: 'active', failingSince: null })
    const ids = eventsIn(far.got.slice(3)).map(({ id }) => id)
    expect(ids).toEqual([...new Set(ids)])
  })

  it('is asked no sooner than it says, and led nowhere else', async () => {
    const hook = await make()
    await world.whole(next())
    far.answerWith({ status: 429, headers: { 'retry-after': '3600' } })
    await push()
    const { nextTryAt } = await look(hook)
    expect(new Date(nextTryAt ?? 0).getTime() - world.clock.now().getTime()).toBeGreaterThanOrEqual(
      3_600_000,
    )
    world.clock.set(new Date(nextTryAt ?? 0))
    far.answerWith({ status: 302, headers: { location: `${far.url}/elsewhere` } })
    far.got.splice(0)
    await push()
    expect(far.got).toHaveLength(1)
    expect(await look(hook)).toMatchObject({ state: 'failing', tries: [{ status: 302 }, {}] })
  })

  it('is disabled after days without success, and is told everything once it is resumed', async () => {
    const hook = await make()
    const before = await latest()
    await world.whole(next())
    far.answerWith('cut')
    await push()
    expect(await look(hook)).toMatchObject({ tries: [{ status: null, taken: false }] })
    world.clock.advance(WEBHOOK_FAILING_DAYS_MAX * 86_400_000)
    await push()
    expect(await look(hook)).toMatchObject({ state: 'disabled', problem: { name: 'failing' } })
    far.answerWith({ status: 204 })
    far.got.splice(0)
    await push()
    expect(far.got).toEqual([])
    expect((await set(hook, { state: 'active' })).status).toBe(200)
    await push()
    expect(eventsIn(far.got)).toEqual((await world.follow(declarant().key, before)).events)
    expect(await look(hook)).toMatchObject({ state: 'active', problem: null })
  })

  it('that is gone is disabled at once', async () => {
    const hook = await make()
    await world.whole(next())
    far.answerWith({ status: 410 })
    await push()
    expect(await look(hook)).toMatchObject({ state: 'disabled', problem: { name: 'gone' } })
    // Nor is it forgotten why when something else is changed.
    await set(hook, { url: far.url, description: '改' })
    expect(await look(hook)).toMatchObject({ state: 'disabled', problem: { name: 'gone' } })
  })

  it('begins afresh with another address, and with nothing else', async () => {
    const hook = await make()
    await world.whole(next())
    far.answerWith({ status: 500 })
    await push()
    const { failingSince, nextTryAt } = await look(hook)
    expect(failingSince).not.toBeNull()
    await set(hook, { url: far.url, description: '改' })
    expect(await look(hook)).toMatchObject({ state: 'failing', failingSince, nextTryAt })
    await set(hook, { url: `${far.url}/other` })
    expect(await look(hook)).toMatchObject({ state: 'active', failingSince: null })
    far.answerWith({ status: 204 })
    far.got.splice(0)
    await push()
    expect(far.got.length).toBeGreaterThan(0)
  })

  it('holds up no other', async () => {
    const dead = await receiver()
    await make({ url: dead.url })
    await dead.close()
    const hook = await make()
    await world.whole(next())
    await push()
    expect(far.got.length).toBeGreaterThan(0)
    expect(await look(hook)).toMatchObject({ state: 'active' })
  })
})

describe('an enterprise with many web hooks', () => {
  it('has a bounded share of those that are served at the same time', async () => {
    const hooks: Hook[] = []
    for (let n = 0; n < WEBHOOKS_AT_ONCE_OF_ONE + 2; n += 1) hooks.push(await make())
    const carrier = world.test.account(world.test.cast.carrier)
    const made = await world.test.fetch(
      `/api/v1/webhooks?enterprise=${carrier.id}`,
      asOperator({ url: far.url }),
    )
    const other = (await made.json()) as Hook
    await world.whole(next())
    const { flow } = world.test.gateway
    // As made at the same moment, by id.
    const ids = hooks.map(({ id }) => id).sort()
    const due = await findDue(flow)
    expect(due).toEqual([...ids.slice(0, WEBHOOKS_AT_ONCE_OF_ONE), other.id].sort())
    expect(await findDue(flow, due)).toEqual([])
    const [first = '', ...others] = due.filter((id) => id !== other.id)
    expect(await findDue(flow, others)).toHaveLength(2)
    // Whoever had his turn is the last.
    await pushBatch(flow, 1, first)
    expect((await findDue(flow)).includes(first)).toBe(false)
    await push()
    for (const hook of hooks) expect(await look(hook)).toMatchObject({ tries: [{ taken: true }] })
  })

  it('has all of them told, also when one breaks', async () => {
    const hooks = [await make(), await make(), await make()]
    await world.whole(next())
    const { flow } = world.test.gateway
    const { post } = flow.webhooks.calls
    let calls = 0
    const breaking: typeof post = (...call) => {
      calls += 1
      return calls === 1 ? Promise.reject(new Error('broken')) : post(...call)
    }
    const webhooks = { ...flow.webhooks, calls: { reach: 'any' as const, post: breaking } }
    await expect(pushBatch({ ...flow, webhooks }, 64)).rejects.toThrow('broken')
    const tries = await Promise.all(hooks.map(async (hook) => (await look(hook)).tries.length))
    expect(tries.sort()).toEqual([0, 1, 1])
  })
})

describe('a gateway that dies', () => {
  it('between sending and noting sends the same again under the same id', async () => {
    const hook = await make()
    await world.whole(next())
    const { flow } = world.test.gateway
    const calls = {
      reach: 'any' as const,
      post: async (...call: Parameters<typeof flow.webhooks.calls.post>) => {
        await flow.webhooks.calls.post(...call)
        throw new Error('killed')
      },
    }
    const dying = { ...flow, webhooks: { ...flow.webhooks, calls } }
    await expect(pushBatch(dying, 64)).rejects.toThrow('killed')
    // Nobody else takes it while the lease lasts; more happens meanwhile.
    await world.whole(next())
    await push()
    expect(far.got).toHaveLength(1)
    world.clock.advance(WEBHOOK_LEASE_MS)
    await push()
    const [first, second, ...rest] = far.got
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id'])
    expect(second?.body).toBe(first?.body)
    expect(rest.length).toBeGreaterThan(0)
    expect(await look(hook)).toMatchObject({ state: 'active' })
  })
})

describe('an enterprise', () => {
  it('pauses and resumes', async () => {
    const hook = await make()
    await set(hook, { state: 'paused' })
    await world.whole(next())
    await push()
    expect(far.got).toEqual([])
    await set(hook, { state: 'active', description: '合成系统' })
    await push()
    expect(far.got.length).toBeGreaterThan(0)
  })

  it('renews the secret: for a day both sign', async () => {
    const hook = await make()
    const renewed = await act(hook, 'rotate-secret')
    const { secret } = (await renewed.json()) as { secret: string }
    expect(secret).not.toBe(hook.secret)
    await act(hook, 'test')
    const [both] = far.got
    if (both === undefined) throw new Error('nothing came')
    expect(both.headers['webhook-signature']).toBe(
      `${signatureOf(secret, both)} ${signatureOf(hook.secret, both)}`,
    )
    world.clock.advance(WEBHOOK_OLD_SECRET_HOURS * 3_600_000)
    await act(hook, 'test')
    const one = far.got[1]
    expect(one?.headers['webhook-signature']).toBe(one && signatureOf(secret, one))
  })

  it('renews it twice: what its receiver knows signs on', async () => {
    const hook = await make()
    await act(hook, 'rotate-secret')
    const { secret } = (await (await act(hook, 'rotate-secret')).json()) as { secret: string }
    await act(hook, 'test')
    const [both] = far.got
    expect(both?.headers['webhook-signature']).toBe(
      both && `${signatureOf(secret, both)} ${signatureOf(hook.secret, both)}`,
    )
  })

  it('tries its receiver, and reads how it answered', async () => {
    const hook = await make()
    const good = await act(hook, 'test')
    expect(await good.json()).toMatchObject({ taken: true, status: 204 })
    expect(JSON.parse(far.got[0]?.body ?? '')).toMatchObject({ type: 'ping' })
    far.answerWith('cut')
    const bad = await act(hook, 'test')
    expect(await bad.json()).toMatchObject({ taken: false, status: null, reason: 'ECONNRESET' })
    // A try by hand says nothing of the events.
    expect(await look(hook)).toMatchObject({ state: 'active', tries: [{}, {}] })
  })

  it('has told again what came behind an event, or that event itself too', async () => {
    const hook = await make()
    await world.whole(next())
    await push()
    const [first, second] = eventsIn(far.got)
    far.got.splice(0)
    await act(hook, 'resend', { after: first?.id })
    await push()
    expect(eventsIn(far.got)[0]).toEqual(second)
    far.got.splice(0)
    await act(hook, 'resend', { eventId: first?.id })
    await push()
    expect(eventsIn(far.got)[0]).toEqual(first)
  })

  it('removes it', async () => {
    const hook = await make()
    const path = `/api/v1/webhooks/${hook.id}`
    expect((await world.test.fetch(path, asOperator(undefined, 'DELETE'))).status).toBe(204)
    expect((await world.test.fetch(path, asOperator(undefined, 'GET'))).status).toBe(404)
    await world.whole(next())
    await push()
    expect(far.got).toEqual([])
  })

  it('has a bounded number of them', async () => {
    for (let n = 0; n < WEBHOOKS_MAX; n += 1) await make()
    const answer = await world.test.fetch(
      `/api/v1/webhooks?enterprise=${declarant().id}`,
      asOperator({ url: far.url }),
    )
    expect(answer.status).toBe(422)
    expect(await answer.json()).toMatchObject({ faults: [{ code: 'WEBHOOKS-TOO-MANY' }] })
  })

  it('knows of no other’s, and keys and members set none', async () => {
    const hook = await make()
    const { cast, account } = world.test
    const stranger = await signedIn(world.test, cast.carrier)
    const member = await signedIn(world.test, cast.declarants[0], 'member')
    const owner = await signedIn(world.test, cast.declarants[0])
    const calls: readonly (readonly [string, string])[] = [
      ['GET', ''],
      ['PATCH', ''],
      ['POST', '/rotate-secret'],
      ['POST', '/test'],
      ['POST', '/resend'],
      ['DELETE', ''],
    ]
    const body = (end: string) => (end === '/resend' ? { after: '0' } : {})
    const ask = async (headers: Record<string, string>, method: string, end: string) => {
      const sends = method === 'PATCH' || end === '/resend'
      const init = sends
        ? {
            body: JSON.stringify(body(end)),
            headers: { ...headers, 'content-type': 'application/json' },
          }
        : { headers }
      return (await world.test.fetch(`/api/v1/webhooks/${hook.id}${end}`, { method, ...init }))
        .status
    }
    for (const [method, end] of calls) {
      expect(await ask({ cookie: stranger.cookie() }, method, end)).toBe(404)
      expect(await ask(bearer(account(cast.carrier).key), method, end)).toBe(404)
      expect(await ask({ cookie: member.cookie() }, method, end)).toBe(403)
      expect(await ask(bearer(declarant().key), method, end)).toBe(403)
    }
    for (const [method, end] of calls)
      expect(await ask({ cookie: owner.cookie() }, method, end)).toBeLessThan(300)
    const others = await world.test.fetch(`/api/v1/webhooks?enterprise=${declarant().id}`, {
      headers: { cookie: stranger.cookie() },
    })
    expect(others.status).toBe(404)
  })

  it('leaves a line in the log of accesses for what was done to it', async () => {
    const hook = await make()
    await set(hook, { description: '改' })
    await set(hook, {})
    await act(hook, 'rotate-secret')
    await act(hook, 'resend', { after: hook.taken })
    await act(hook, 'resend', { after: '999999999' })
    await world.test.fetch(`/api/v1/webhooks/${hook.id}`, asOperator(undefined, 'DELETE'))
    const { rows } = await sql<{ what: string }>`
      select what from access_log where subject = ${hook.id} order by what`.execute(
      world.test.database.db,
    )
    expect(rows.map(({ what }) => what)).toEqual([
      ...['webhook-added', 'webhook-changed', 'webhook-changed', 'webhook-changed'],
      'webhook-removed',
    ])
  })

  it('keeps its secret sealed', async () => {
    const hook = await make()
    const { rows } = await sql<{ row: string }>`select w::text as row from webhook w`.execute(
      world.test.database.db,
    )
    const bytes = Buffer.from(hook.secret.slice('whsec_'.length), 'base64')
    expect(rows[0]?.row).not.toContain(bytes.toString('hex'))
    expect(JSON.stringify(world.test.logged)).not.toContain(hook.secret)
  })
})
