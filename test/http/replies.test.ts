/** What customs said, over HTTP: in the shape the interface tells, for whom it concerns only. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { replyList } from '../../src/http/reply-schemas.ts'
import { documentView, timeline, unknownCodes } from '../../src/http/schemas.ts'
import { stamp17 } from '../../src/kernel/clock.ts'
import { signedIn } from '../support/desk.ts'
import { importListReply } from '../support/replies.ts'
import { bearer, CUSTOMS_TOKEN, json, type TestApp, testApp } from './app.ts'

let test: TestApp
let id = ''

const post = async (bytes: Uint8Array): Promise<void> => {
  const answer = await test.fetch('/api/v1/customs/replies', {
    method: 'POST',
    headers: { ...bearer(CUSTOMS_TOKEN), 'content-type': 'application/xml' },
    body: new Uint8Array(bytes),
  })
  expect(answer.status).toBe(202)
}

const say = async (bytes: Uint8Array): Promise<void> => {
  await post(bytes)
  for (let round = 0; round < 10; round += 1) if ((await test.runStages()) === 0) return
}

beforeAll(async () => {
  test = await testApp()
  const declarant = test.cast.declarants[0]
  // Nobody answers here, so the list must not wait for its companions.
  await test.database.db
    .updateTable('enterprise')
    .set({ waits_for_companions: false })
    .where('customs_code', '=', declarant.customsCode)
    .execute()
  const { list } = test.consignment(1)
  const taken = await test.fetch(
    '/api/v1/documents',
    json(test.account(declarant).key, { kind: 'CEB621', document: list }),
  )
  id = ((await taken.json()) as { results: { id: string }[] }).results[0]?.id ?? ''
  for (let round = 0; round < 10; round += 1) if ((await test.runStages()) === 0) break
  await say(
    importListReply({
      copNo: list.InventoryHead.copNo ?? '',
      agentCode: declarant.customsCode,
      receiver: declarant.dxpId,
      status: '100',
      time: stamp17(test.gateway.flow.clock.now()),
      info: '[Code:13127;Desc:清单订购人与订单订购人不一致][Code:88003;Desc:合成]',
    }),
  )
  await say(
    Buffer.from(
      '<DxpRep xmlns="http://www.chinaport.gov.cn/dxp" ver="1.0"><Response>' +
        '<ResponseCode>4711</ResponseCode></Response></DxpRep>',
    ),
  )
})
afterAll(() => test.close())

const get = (path: string, key: string) => test.fetch(path, { headers: bearer(key) })
const declarantKey = () => test.account(test.cast.declarants[0]).key

describe('a refused document', () => {
  it('tells its reason on itself and in its story, and to no stranger', async () => {
    const document = documentView.parse(
      await (await get(`/api/v1/documents/${id}`, declarantKey())).json(),
    )
    expect(document).toMatchObject({
      state: 'rejected',
      reason: {
        cause: { name: 'buyer-differs-on-list' },
        actors: [{ name: 'declarant' }, { name: 'platform' }],
        results: [
          { code: '13127', known: true },
          { code: '88003', known: false, description: '合成' },
        ],
      },
    })
    const story = timeline.parse(
      await (await get(`/api/v1/documents/${id}/timeline`, declarantKey())).json(),
    )
    expect(story.entries.at(-1)?.reason).toEqual(document.reason)
    expect(story.entries[0]?.reason).toBeNull()
    const stranger = test.account(test.cast.carrier).key
    expect((await get(`/api/v1/documents/${id}`, stranger)).status).toBe(404)
  })
})

describe('replies that came in no order', () => {
  it('stand in the story in customs’ own order, the one that decides last', async () => {
    const { list } = test.consignment(2)
    const declarant = test.cast.declarants[0]
    const taken = await test.fetch(
      '/api/v1/documents',
      json(declarantKey(), { kind: 'CEB621', document: list }),
    )
    const own = ((await taken.json()) as { results: { id: string }[] }).results[0]?.id ?? ''
    for (let round = 0; round < 10; round += 1) if ((await test.runStages()) === 0) break
    const from = test.gateway.flow.clock.now().getTime()
    // Taken one by one, all read in one batch.
    for (const [status, after] of [
      ['120', 232],
      ['3', 230],
      ['4', 231],
      ['2', 229],
    ] as const) {
      const reply = { status, time: stamp17(new Date(from + after)) }
      const bytes = importListReply({
        ...{ copNo: list.InventoryHead.copNo ?? '', agentCode: declarant.customsCode },
        ...{ receiver: declarant.dxpId, ...reply },
      })
      await post(bytes)
    }
    for (let round = 0; round < 10; round += 1) if ((await test.runStages()) === 0) break
    const story = timeline.parse(
      await (await get(`/api/v1/documents/${own}/timeline`, declarantKey())).json(),
    )
    const document = documentView.parse(
      await (await get(`/api/v1/documents/${own}`, declarantKey())).json(),
    )
    expect(story.entries.slice(0, 2).map(({ source }) => source)).toEqual(['gateway', 'gateway'])
    expect(story.entries.slice(2).map(({ returnStatus }) => returnStatus)).toEqual([
      ...['2', '3', '4', '120'],
    ])
    expect(story.entries.at(-1)?.state).toBe(document.state)
    const person = await signedIn(test, declarant)
    const page = await person.get(`/broker/documents/${own}`)
    const lines = page.dom.querySelectorAll('.story li')
    expect(lines.map((line) => line.querySelector('.story-code')?.text ?? '')).toEqual([
      ...['120', '4', '3', '2', '', ''],
    ])
    // All within a minute: seconds tell them apart.
    expect(lines[0]?.querySelector('time')?.text).toMatch(/ \d\d:\d\d:\d\d$/)
  })
})

describe('unknown codes', () => {
  it('are the operator’s to see, with how often they came', async () => {
    const told = await get('/api/v1/codes/unknown', test.operatorKey)
    const { codes } = unknownCodes.parse(await told.json())
    expect(codes.map(({ kind, sort, code, count }) => [kind, sort, code, count]).sort()).toEqual([
      ['CEB621', 'result', '88003', 1],
      ['DxpRep', 'exchange', '4711', 1],
    ])
    expect((await get('/api/v1/codes/unknown', declarantKey())).status).toBe(403)
    expect((await test.fetch('/api/v1/codes/unknown')).status).toBe(401)
  })

  it('of the exchange platform stand with its reply', async () => {
    const told = await get('/api/v1/replies?state=unmatched', test.operatorKey)
    const { replies } = replyList.parse(await told.json())
    expect(replies).toMatchObject([
      { kind: 'DxpRep', problem: 'NO_MESSAGE', responses: [{ code: '4711', known: false }] },
    ])
  })
})
