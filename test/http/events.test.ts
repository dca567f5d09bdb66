/**
 * The feed of events over HTTP: it tells every change of state in order, the same again whenever it is
 * asked, to those who may see the document, and nothing that is personal.
 */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keepHouse } from '../../src/flow/housekeeping.ts'
import { EVENT_DAYS_KEPT } from '../../src/kernel/event-limits.ts'
import { customsSays } from '../support/customs-says.ts'
import { bearer, json } from './app.ts'
import { type EventsWorld, eventsWorld, personalIn } from './events-world.ts'

let world: EventsWorld
beforeAll(async () => {
  world = await eventsWorld()
})
afterAll(() => world.close())

const keyOf = (who: 'platform' | 'carrier' | 'declarant'): string => {
  const { cast, account } = world.test
  return account(who === 'declarant' ? cast.declarants[0] : cast[who]).key
}

describe('the feed', () => {
  it('tells each change of a document in order, to where it stands', async () => {
    const { ids, made } = await world.whole(1)
    const { events, next } = await world.follow(keyOf('declarant'))
    const own = events.filter(({ document }) => document.id === ids.list)
    expect(own.map(({ state }) => state)).toEqual([
      ...['waiting', 'ready', 'sent'],
      ...own.map(({ state }) => state).slice(3),
    ])
    expect(own.at(-1)).toMatchObject({
      type: 'document.state_changed',
      document: { kind: 'CEB621', number: made.list.InventoryHead.copNo, version: 1 },
      ...{ group: 'done', source: 'customs', returnStatus: '899', state: 'closed' },
      links: { document: `/api/v1/documents/${ids.list}` },
    })
    // Each goes on from the one before it.
    expect(own.map(({ from }) => from)).toEqual([
      null,
      ...own.slice(0, -1).map(({ state }) => state),
    ])
    expect(events.map(({ id }) => BigInt(id))).toEqual(
      [...events.map(({ id }) => BigInt(id))].sort((a, b) => (a < b ? -1 : 1)),
    )
    const document = await world.test.fetch(own.at(-1)?.links.document ?? '', {
      headers: bearer(keyOf('declarant')),
    })
    expect(await document.json()).toMatchObject({ state: 'closed' })
    expect((await world.follow(keyOf('declarant'), next)).events).toEqual([])
  })

  it('is the same again, page by page or as a whole, from any event on', async () => {
    const { events } = await world.follow(keyOf('declarant'))
    const whole = await world.test.fetch('/api/v1/events?limit=200', {
      headers: bearer(keyOf('declarant')),
    })
    expect(await whole.json()).toMatchObject({ events, more: false })
    const third = events[2]?.id ?? ''
    expect((await world.follow(keyOf('declarant'), third)).events).toEqual(events.slice(3))
  })

  it('is narrowed by kind and group, and begins at the end where asked', async () => {
    const done = await world.follow(keyOf('declarant'), '', '&kind=CEB621&group=done')
    expect(done.events.map(({ state }) => state)).toEqual(['released', 'closed'])
    expect((await world.follow(keyOf('declarant'), '', '&kind=CEB311')).events).toEqual([])
    expect((await world.follow(keyOf('declarant'), 'latest')).events).toEqual([])
  })

  it('tells a replayed reply once', async () => {
    const { next } = await world.follow(keyOf('platform'), 'latest')
    const { db } = world.test.database
    await sql`update reply set state = 'new'`.execute(db)
    await sql`insert into work (lane, stage, subject, run_at)
      select lane, 'reply', id::text, now() - interval '1 year' from reply`.execute(db)
    await world.settle()
    expect((await world.follow(keyOf('platform'), next)).events).toEqual([])
  })

  it('tells of a new version', async () => {
    const { next } = await world.follow(keyOf('platform'), 'latest')
    const { order } = world.test.consignment(1)
    const { OrderHead } = order
    const later = {
      ...order,
      OrderHead: { ...OrderHead, appType: '2', appTime: '20261231000000', note: '合成备注' },
    }
    const id = await world.handIn('CEB311', world.test.cast.platform, later)
    const [first] = (await world.follow(keyOf('platform'), next)).events
    expect(first).toMatchObject({ document: { id, version: 2 }, from: null })
    await world.settle()
  })

  it('names a refusal by its code and cause', async () => {
    const { next } = await world.follow(keyOf('declarant'), 'latest')
    await world.whole(2, '-REVIEWNO')
    const { events } = await world.follow(keyOf('declarant'), next, '&group=refused')
    expect(events).toHaveLength(1)
    expect(events[0]).toMatchObject({ document: { kind: 'CEB621' }, source: 'customs' })
    expect(events[0]?.cause).not.toBeNull()
    expect(events[0]?.returnTime).toMatch(/^\d{17}$/)
  })

  it('never goes back when replies come last first', async () => {
    const { next } = await world.follow(keyOf('declarant'), 'latest')
    await world.whole(5, '-BACKWARDS')
    const states = (await world.follow(keyOf('declarant'), next)).events.map(({ state }) => state)
    expect(states.at(-1)).toBe('closed')
    expect(states.filter((state) => state === 'closed')).toHaveLength(1)
  })

  it('holds nothing personal, not even in a text of customs that quotes it', async () => {
    const { made } = await world.whole(3)
    const { next } = await world.follow(keyOf('platform'), 'latest')
    const { orderNo, ebpCode, ebcCode, buyerName } = made.order.OrderHead
    const returnInfo = `订购人${buyerName}身份不符`
    const about = [{ orderNo, ebpCode, ebcCode, returnInfo }]
    const said = { kind: 'CEB311', status: '-303001', time: '20261231235959000', about }
    world.clock.set(new Date('2026-12-31T16:00:00Z'))
    await world.reply(customsSays({ ...said, receiver: world.test.cast.platform.dxpId }))
    await world.settle()
    const [refused] = (await world.follow(keyOf('platform'), next)).events
    expect(refused).toMatchObject({ group: 'refused', returnStatus: '-303001', info: null })
    const personal = personalIn([made.order, made.payment, made.waybill, made.list])
    expect(personal.length).toBeGreaterThan(3)
    for (const who of ['platform', 'carrier', 'declarant'] as const) {
      const told = JSON.stringify((await world.follow(keyOf(who))).events)
      for (const value of personal) expect(told).not.toContain(value)
    }
  })
})

describe('who sees what', () => {
  it('is told of his own documents, and of those of his mandates alone', async () => {
    const sendersOf = async (key: string) =>
      new Set((await world.follow(key)).events.map(({ document }) => document.sender))
    const { cast, account, operatorKey } = world.test
    const carrier = account(cast.carrier).id
    expect(await sendersOf(keyOf('carrier'))).toEqual(new Set([carrier]))
    const mandate = {
      ...{ principalId: account(cast.platform).id, agentId: carrier },
      ...{ kinds: ['CEB311'], validFrom: '2026-01-01' },
    }
    await world.test.fetch('/api/v1/mandates', json(operatorKey, mandate))
    expect(await sendersOf(keyOf('carrier'))).toEqual(new Set([carrier, account(cast.platform).id]))
  })

  it('the operator says at whose events he looks', async () => {
    const { account, cast, operatorKey } = world.test
    const ask = (query: string) =>
      world.test.fetch(`/api/v1/events${query}`, { headers: bearer(operatorKey) })
    expect((await ask('')).status).toBe(400)
    const own = await ask(`?limit=200&enterprise=${account(cast.declarants[0]).id}`)
    expect(await own.json()).toMatchObject({
      events: (await world.follow(keyOf('declarant'))).events,
    })
  })
})

describe('what is too old', () => {
  it('is forgotten, and who was to follow it is told so', async () => {
    const { events } = await world.follow(keyOf('declarant'))
    world.clock.advance((EVENT_DAYS_KEPT + 1) * 86_400_000)
    await keepHouse(world.test.gateway.flow)
    const gone = await world.test.fetch(`/api/v1/events?after=${events[0]?.id}`, {
      headers: bearer(keyOf('declarant')),
    })
    expect(gone.status).toBe(410)
    expect(await gone.json()).toMatchObject({ code: 'EVENTS-FORGOTTEN' })
    expect((await world.follow(keyOf('declarant'))).events).toEqual([])
    await world.whole(4)
    const fresh = (await world.follow(keyOf('declarant'))).events
    expect(fresh[0]).toMatchObject({ state: 'waiting' })
    expect(fresh.at(-1)).toMatchObject({ state: 'closed' })
  })
})
