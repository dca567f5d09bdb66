/**
 * Replies that could not be placed, over HTTP: told with what is wrong and what to do, opened as they
 * came, and all of them tried again by one word, without anything counting twice.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessList } from '../../src/http/access-schemas.ts'
import { replyList, replyRetried, replyView } from '../../src/http/reply-schemas.ts'
import { totalsAnswer } from '../../src/http/schemas.ts'
import { stamp17 } from '../../src/kernel/clock.ts'
import { exchangeSays } from '../support/exchange-says.ts'
import { importListReply } from '../support/replies.ts'
import { bearer, CUSTOMS_TOKEN, json, type TestApp, testApp } from './app.ts'

let test: TestApp
beforeAll(async () => {
  test = await testApp()
  await test.database.db.updateTable('enterprise').set({ waits_for_companions: false }).execute()
})
afterAll(() => test.close())

const run = async () => {
  for (let round = 0; round < 10; round += 1) if ((await test.runStages()) === 0) return
}

const say = async (bytes: Uint8Array): Promise<string> => {
  const answer = await test.fetch('/api/v1/customs/replies', {
    method: 'POST',
    headers: { ...bearer(CUSTOMS_TOKEN), 'content-type': 'application/xml' },
    body: new Uint8Array(bytes),
  })
  const { id } = (await answer.json()) as { id: string }
  // Acknowledged means stored: before anything read it, the bytes are there as they came.
  const raw = await get(`/api/v1/replies/${id}/raw`)
  expect(Buffer.from(await raw.arrayBuffer()).equals(bytes)).toBe(true)
  await run()
  return id
}

const get = (path: string, key = test.operatorKey) => test.fetch(path, { headers: bearer(key) })
const view = async (id: string) =>
  replyView.parse(await (await get(`/api/v1/replies/${id}`)).json())
const listed = async (state: string) =>
  replyList.parse(await (await get(`/api/v1/replies?state=${state}`)).json()).replies
const retry = async (state: string) =>
  replyRetried.parse(
    await (await test.fetch('/api/v1/replies/retry', json(test.operatorKey, { state }))).json(),
  )

const declarant = () => test.cast.declarants[0]
const about = (n: number, info?: string) => {
  const { copNo = '', agentCode } = test.consignment(n).list.InventoryHead
  return importListReply({
    ...{ copNo, agentCode, receiver: declarant().dxpId, status: '800' },
    time: stamp17(test.gateway.flow.clock.now()),
    ...(info === undefined ? {} : { info }),
  })
}
const handIn = (n: number) =>
  test.fetch(
    '/api/v1/documents',
    json(test.account(declarant()).key, { kind: 'CEB621', document: test.consignment(n).list }),
  )
const released = async () => {
  const answer = await get('/api/v1/totals?by=month')
  return totalsAnswer.parse(await answer.json()).total.count
}

it('whoever opens the bytes of a reply is written down', async () => {
  const id = await say(Buffer.from('<nobody-knows/>'))
  const { accesses } = accessList.parse(await (await get('/api/v1/access-log')).json())
  const opened = accesses.filter(({ subject }) => subject === id)
  expect(opened).toMatchObject([{ what: 'reply-opened', actor: 'operator', orderNo: '' }])
  const platform = test.account(test.cast.platform).key
  const own = accessList.parse(await (await get('/api/v1/access-log', platform)).json())
  expect(own.accesses.filter(({ subject }) => subject === id)).toEqual([])
})

describe('a reply that could not be placed', () => {
  it('tells what is wrong, why, what to do, and the numbers in it, to the operator alone', async () => {
    const bytes = about(1, '收件人合成乙地址不详')
    const id = await say(bytes)
    const [first] = await listed('unmatched')
    const { copNo } = test.consignment(1).list.InventoryHead
    expect(first).toMatchObject({
      ...{ id, kind: 'CEB622', problem: 'NO_DOCUMENT', size: bytes.length, attempts: 1 },
      explanation: { code: 'NO_DOCUMENT', cure: { zh: expect.stringContaining('自动') } },
      numbers: [{ kind: 'CEB621', number: copNo, returnStatus: '800' }],
      numberCount: 1,
    })
    expect(JSON.stringify(first)).not.toContain('合成乙')
    expect(await view(id)).toMatchObject({
      receivers: [declarant().dxpId],
      singles: [{ number: copNo, meaning: { zh: '放行' }, info: '收件人合成乙地址不详' }],
    })
    const { key } = test.account(declarant())
    for (const path of ['', '/raw'])
      expect((await get(`/api/v1/replies/${id}${path}`, key)).status).toBe(403)
    const opened = test.logged.filter(({ event }) => event === 'reply-opened')
    expect(opened.at(-1)?.facts).toMatchObject({ reply: id })
    expect(JSON.stringify(test.logged)).not.toContain('合成乙')
  })

  it('unreadable names every fault with its cure', async () => {
    const id = await say(Buffer.from('<DxpMsg><Data>!</Data></DxpMsg>'))
    const told = await view(id)
    expect(told).toMatchObject({ state: 'unreadable', explanation: { code: 'UNREADABLE' } })
    expect(told.faults.map(({ code }) => code)).toContain('DXP-TransInfo-MISSING')
    for (const { cure } of told.faults) expect(cure.zh).not.toBe('')
  })

  it('of the exchange platform names the message it speaks of', async () => {
    const id = await say(exchangeSays(declarant().dxpId, [{ code: '2001', about: 'NOBODYS' }]))
    expect(await view(id)).toMatchObject({
      ...{ kind: 'DxpRep', explanation: { code: 'NO_MESSAGE' } },
      responses: [{ code: '2001', copMsgId: 'NOBODYS', known: true }],
      receivers: [declarant().dxpId],
    })
  })
})

describe('trying again', () => {
  it('takes all replies of a state at once, and counts nothing twice', async () => {
    const before = await released()
    const ids = [await say(about(10)), await say(about(11))]
    // The document of one of them is there, of another not; the third was folded all along.
    await handIn(10)
    await run()
    await handIn(12)
    await run()
    const good = await say(about(12))
    expect((await view(good)).state).toBe('folded')
    expect(await released()).toBe(before + 2)
    const waiting = (await listed('unmatched')).length
    expect(await retry('unmatched')).toEqual({ retried: waiting, more: false })
    // They are in the queue by now: asking again adds nothing.
    expect(await retry('unmatched')).toEqual({ retried: 0, more: false })
    expect(await listed('new')).toHaveLength(waiting)
    await run()
    expect(await listed('unmatched')).toHaveLength(waiting)
    expect((await view(ids[1] ?? '')).attempts).toBe(2)
    expect(await released()).toBe(before + 2)
    const rows = await test.database.db.selectFrom('unmatched_reply').selectAll().execute()
    const places = rows.map(({ reply_id, position }) => `${reply_id} ${position}`)
    expect(new Set(places).size).toBe(places.length)
  })

  it('reads what failed or was unreadable anew, from the start', async () => {
    await handIn(20)
    await run()
    const before = await released()
    const id = await say(about(20))
    expect(await released()).toBe(before + 1)
    const { db } = test.database
    for (const state of ['failed', 'unreadable'] as const) {
      // As if a former program had given up on it.
      await db
        .updateTable('reply')
        .set({ state, problem: 'INTERNAL' })
        .where('id', '=', id)
        .execute()
      expect((await retry(state)).retried).toBeGreaterThan(0)
      await run()
      expect(await view(id)).toMatchObject({ state: 'folded', problem: null, explanation: null })
      expect(await released()).toBe(before + 1)
    }
    const answer = await test.fetch(`/api/v1/replies/${id}/retry`, {
      method: 'POST',
      headers: bearer(test.operatorKey),
    })
    expect(await answer.json()).toMatchObject({ status: 409, code: 'REPLY-NOT-IN-TROUBLE' })
  })

  it('finds the message of an exchange answer once its account is mended', async () => {
    await handIn(30)
    await run()
    const { db } = test.database
    const { id, cop_msg_id } = await db
      .selectFrom('message')
      .select(['id', 'cop_msg_id'])
      .orderBy('created_at', 'desc')
      .executeTakeFirstOrThrow()
    const right = { sender_dxp_id: declarant().dxpId }
    await db.updateTable('message').set({ sender_dxp_id: 'WRONG' }).where('id', '=', id).execute()
    const said = await say(exchangeSays(declarant().dxpId, [{ code: '1001', about: cop_msg_id }]))
    expect((await view(said)).problem).toBe('NO_MESSAGE')
    await db.updateTable('message').set(right).where('id', '=', id).execute()
    const answer = await test.fetch(`/api/v1/replies/${said}/retry`, {
      method: 'POST',
      headers: bearer(test.operatorKey),
    })
    expect(answer.status).toBe(200)
    await run()
    expect(await view(said)).toMatchObject({ state: 'folded', attempts: 2 })
    const { state } = await db
      .selectFrom('document_state')
      .select('state')
      .where('message_id', '=', id)
      .executeTakeFirstOrThrow()
    expect(state).toBe('undelivered')
  })
})
