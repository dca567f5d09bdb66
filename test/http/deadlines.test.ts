/**
 * Deadlines over HTTP, the clock moved from day to day: what falls due appears so many days ahead, with
 * its source, and goes when it is done or past.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listNumber, makeExportList } from '../support/export-lists.ts'
import { json } from './app.ts'
import { type Broker, broker } from './broker.ts'

let test: Broker
let count = 0
beforeAll(async () => {
  test = await broker()
})
afterAll(() => test.close())

const importList = async (...statuses: readonly string[]) => {
  count += 1
  const { list } = test.app.consignment(count)
  const [id = ''] = await test.handIn('CEB621', [list])
  const { copNo = '', agentCode } = list.InventoryHead
  const invtNo = listNumber('I', count)
  for (const status of statuses) await test.says('CEB621', status, [{ copNo, agentCode, invtNo }])
  return { id, invtNo }
}

const exportList = async () => {
  count += 1
  const list = makeExportList({ n: count, cast: test.cast, at: test.clock.now() })
  await test.handIn('CEB603', [list])
  const { copNo, agentCode, ebcCode, ebpCode, orderNo } = list.InventoryHead
  const facts = { copNo, agentCode, ebcCode, ebpCode, orderNo, statisticsFlag: 'B' }
  await test.says('CEB603', '800', [{ ...facts, invtNo: listNumber('E', count) }])
}

/** Applies for a return of the list, and customs says what it is told to. */
const giveBack = async ({ id, invtNo }: { id: string; invtNo: string }, status?: string) => {
  const { body } = await test.post(`/api/v1/documents/${id}/return`, { reason: '合成原因' })
  await test.settle()
  const { copNo = '', agentCode = '' } = body.document?.InvtRefundHead ?? {}
  if (status !== undefined) await test.says('CEB625', status, [{ copNo, agentCode, invtNo }])
  return body.results?.[0]?.id ?? ''
}

interface Deadline {
  readonly sort: string
  readonly date: string
  readonly opensOn: string | null
  readonly daysLeft: number
  readonly count: number
  readonly documents: readonly string[]
  readonly link: string
  readonly source: string
  readonly confidence: string
}
const deadlines = async (query = '', as?: string) => {
  const answer = await test.get(`/api/v1/deadlines${query}`, as)
  expect(answer.status, JSON.stringify(answer)).toBe(200)
  return answer.deadlines as readonly Deadline[]
}
const of = async (sort: string, query = '', as?: string) =>
  (await deadlines(query, as)).filter((one) => one.sort === sort)
/** Noon of a day in China. */
const on = (day: string) => test.clock.set(new Date(`${day}T04:00:00Z`))

describe('what falls due', () => {
  const lists: { id: string; invtNo: string }[] = []
  const returns: string[] = []

  it('is nothing while nothing was released', async () => {
    await importList('2', '120')
    expect(await deadlines('?within=60&include=return-window')).toEqual([])
  })

  it('is a summary until the 15th, moved over the weekend, sorted with the rest by day', async () => {
    await exportList()
    for (let n = 0; n < 4; n += 1) lists.push(await importList('120', '800'))
    const [, granted, open, refused] = lists
    if (granted === undefined || open === undefined || refused === undefined) throw new Error()
    returns.push(
      await giveBack(granted, '399'),
      await giveBack(open),
      await giveBack(refused, '100'),
    )
    expect(await of('summary')).toEqual([])
    const all = await deadlines('?within=60&include=return-window')
    expect(all.map(({ sort, date, count }) => [sort, date, count])).toEqual([
      ['return-window', '2026-11-14', 4],
      ['summary', '2026-11-16', 1],
      ['goods-back', '2026-11-29', 1],
      ['goods-back', '2026-11-29', 1],
      ['tax', '2026-11-29', 4],
    ])
    const about = '?within=60&include=return-window&about=returns'
    expect((await deadlines(about)).map(({ sort }) => sort)).toEqual([
      ...['return-window', 'goods-back', 'goods-back'],
    ])
    expect(all[1]).toMatchObject({
      ...{ opensOn: '2026-11-01', daysLeft: 32, confidence: 'M' },
      sender: test.cast.declarants[0].name,
      link: '/api/v1/summaries/due?month=2026-10',
    })
    const linked = await test.get(all[1]?.link ?? '')
    expect(linked).toMatchObject({ status: 200, deadline: { date: '2026-11-16' } })
  })

  it('appears so many days ahead, the day itself included', async () => {
    on('2026-11-06')
    expect(await of('return-window', '?include=return-window')).toEqual([])
    on('2026-11-07')
    expect(await of('return-window', '?include=return-window')).toHaveLength(1)
    expect(await deadlines()).toEqual([])
    on('2026-11-14')
    const [window] = await of('return-window', '?include=return-window&within=0')
    expect(window).toMatchObject({ daysLeft: 0, confidence: 'B', source: expect.any(String) })
    expect(window?.documents.toSorted()).toEqual(lists.map(({ id }) => id).sort())
    on('2026-11-15')
    expect(await of('return-window', '?include=return-window')).toEqual([])
  })

  it('stays, as missed, where nobody did it', async () => {
    on('2026-11-16')
    expect(await of('summary', '?within=0')).toMatchObject([{ daysLeft: 0, office: '8012' }])
    on('2026-11-17')
    expect(await of('summary', '?within=0')).toMatchObject([{ daysLeft: -1, count: 1 }])
    await test.post('/api/v1/summaries', {
      ...{ month: '2026-10', customsCode: '8012', ebcCode: test.cast.merchants[0].customsCode },
      ...{ declAgentCode: '5001980001', declAgentName: '合成报关单位', summaryFlag: '1' },
      itemNameFlag: '1',
    })
    expect(await of('summary', '?within=0')).toEqual([])
  })

  it('is the tax of a day’s lists, marked as not confirmed, until that day is over', async () => {
    on('2026-11-21')
    expect(await of('tax')).toEqual([])
    on('2026-11-22')
    const [tax] = await of('tax')
    expect(tax).toMatchObject({
      ...{ date: '2026-11-29', opensOn: '2026-11-15', daysLeft: 7, count: 4, confidence: 'M' },
      source: expect.stringContaining('194'),
    })
    const linked = await test.get(tax?.link ?? '')
    const found = (linked.documents as readonly { id: string }[]).map(({ id }) => id)
    expect(found.toSorted()).toEqual(tax?.documents.toSorted())
    on('2026-11-29')
    expect(await of('tax', '?within=0')).toHaveLength(1)
    on('2026-11-30')
    expect(await of('tax', '?within=0')).toEqual([])
  })

  it('is the goods of a return: granted ones are not called missed, refused ones are none', async () => {
    expect(await of('goods-back', '?within=0')).toMatchObject([
      {
        ...{ daysLeft: -1, documents: [lists[2]?.id, returns[1]], confidence: 'B' },
        number: lists[2]?.invtNo,
      },
    ])
    const rule = test.app.database.db.updateTable('rule_value')
    await rule.set({ value: '47' }).where('name', '=', 'return-arrive-days').execute()
    expect(
      (await of('goods-back')).map(({ daysLeft, documents }) => [daysLeft, documents]),
    ).toEqual([
      [1, [lists[1]?.id, returns[0]]],
      [1, [lists[2]?.id, returns[1]]],
    ])
    await rule.set({ valid_to: '2026-10-01' }).where('name', '=', 'return-arrive-days').execute()
    expect(await of('goods-back')).toEqual([])
    await rule
      .set({ value: '45', valid_to: null })
      .where('name', '=', 'return-arrive-days')
      .execute()
  })
})

describe('whose deadlines', () => {
  it('are those of the enterprise and its principals; the operator names one', async () => {
    const stranger = test.app.account(test.cast.carrier)
    expect(await deadlines('?within=60', stranger.key)).toEqual([])
    const foreign = await test.get(`/api/v1/deadlines?enterprise=${test.id}`, stranger.key)
    expect(foreign.status).toBe(404)
    const own = await deadlines('?within=60')
    expect(own.length).toBeGreaterThan(0)
    expect(await deadlines(`?within=60&enterprise=${test.id}`, test.app.operatorKey)).toEqual(own)
    const unnamed = await test.get('/api/v1/deadlines', test.app.operatorKey)
    expect(unnamed).toMatchObject({ status: 400, code: 'ENTERPRISE-NOT-CHOSEN' })
    const given = await test.app.fetch(
      '/api/v1/mandates',
      json(test.app.operatorKey, {
        ...{ principalId: test.id, agentId: stranger.id, kinds: ['CEB621', 'CEB625'] },
        ...{ validFrom: '2026-01-01', validTo: '2026-12-03' },
      }),
    )
    expect(given.status).toBe(201)
    const seen = await deadlines('?within=7', stranger.key)
    expect(seen.map(({ sort, date }) => [sort, date])).toEqual([
      ['goods-back', '2026-11-29'],
      ['mandate', '2026-12-03'],
    ])
    expect((await of('mandate')).map(({ date }) => date)).toEqual(['2026-12-03'])
    expect((await of('mandate', '?within=2')).map(({ date }) => date)).toEqual([])
  })
})
