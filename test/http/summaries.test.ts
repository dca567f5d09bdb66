/**
 * Monthly summaries over HTTP: released lists fall due by month, merchant and office, with their
 * deadline; one request names them all, in parts; asked again it finds nothing; what customs refuses
 * or a declarant names himself is seen.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { stamp14 } from '../../src/kernel/clock.ts'
import { type ExportList, listNumber, makeExportList } from '../support/export-lists.ts'
import { type Broker, broker } from './broker.ts'

let test: Broker
beforeAll(async () => {
  test = await broker()
})
afterAll(() => test.close())
beforeEach(() => {
  serial += 1
})

/** Every test has a merchant of its own, so that none meets the lists of another. */
let serial = 0
const OFFICE = '8012'
const merchant = () => `50019699${String(serial).padStart(2, '0')}`
let count = 0

interface Given {
  readonly head?: Partial<ExportList['InventoryHead']>
  readonly statuses?: readonly string[]
  readonly withNumber?: boolean
}

const lists = async (many: number, { head, statuses = ['800'], withNumber = true }: Given = {}) => {
  const made = Array.from({ length: many }, () => {
    count += 1
    const own = { ebcCode: merchant(), ...head }
    const settings = { n: count, cast: test.cast, at: test.clock.now(), head: own }
    return { list: makeExportList(settings), invtNo: listNumber('E', count) }
  })
  const ids: string[] = []
  for (let start = 0; start < many; start += BATCH)
    ids.push(
      ...(await test.handIn(
        'CEB603',
        made.slice(start, start + BATCH).map(({ list }) => list),
      )),
    )
  await answer(made, withNumber, statuses)
  return made.map((one, i) => ({ ...one, id: ids[i] ?? '' }))
}
const BATCH = 1000

const answer = async (
  made: readonly { readonly list: ExportList; readonly invtNo: string }[],
  withNumber: boolean,
  statuses: readonly string[],
) => {
  for (const status of statuses)
    for (let start = 0; start < made.length; start += 100)
      await test.says(
        'CEB603',
        status,
        made.slice(start, start + 100).map(({ list, invtNo }) => {
          const { copNo, agentCode, ebcCode, ebpCode, orderNo, statisticsFlag } = list.InventoryHead
          const key = { copNo, agentCode, ebcCode, ebpCode, orderNo, statisticsFlag }
          return { ...key, invtNo: withNumber ? invtNo : '' }
        }),
      )
}

interface Scope {
  readonly ebcCode: string
  readonly due: number
  readonly summarised: number
  readonly overdue: boolean
}

const due = async (month = '2026-10', as?: string) => {
  const answer = await test.get(`/api/v1/summaries/due?month=${month}`, as)
  expect(answer.status).toBe(200)
  const scopes = answer.scopes as readonly Scope[]
  return { ...answer, scope: scopes.find(({ ebcCode }) => ebcCode === merchant()) }
}

const request = (more: object = {}) => ({
  ...{ month: '2026-10', customsCode: OFFICE, ebcCode: merchant() },
  ...{ declAgentCode: '5001980001', declAgentName: '合成报关单位', summaryFlag: '1' },
  itemNameFlag: '1',
  ...more,
})
const summarise = (more: object = {}, query = '', headers = {}) =>
  test.post(`/api/v1/summaries${query}`, request(more), test.key, headers)

type Part = { SummaryApplyHead: Record<string, string>; SummaryApplyList: { invtNo: string }[] }
const partOf = async (id: string | undefined): Promise<Part> =>
  (await test.get(`/api/v1/documents/${id}`)).document as Part

describe('what is due', () => {
  it('counts released lists that must be summarised, with the deadline and its basis', async () => {
    await lists(3)
    await lists(1, { head: { statisticsFlag: 'A' } })
    await lists(1, { statuses: ['120'] })
    const { scope, ...answer } = await due()
    expect(scope).toEqual({
      ...{ kind: 'CEB603', agentCode: test.cast.declarants[0].customsCode },
      // The merchant has no account here.
      ...{ agentName: test.cast.declarants[0].name, ebcName: null },
      ...{ ebcCode: merchant(), customsCode: OFFICE },
      ...{ due: 3, summarised: 0, overdue: false },
    })
    // The 15th of November 2026 is a Sunday.
    expect(answer).toMatchObject({
      deadline: { date: '2026-11-16', nominal: '2026-11-15', confidence: 'M' },
      next: null,
    })
    expect((await due('2026-09')).scope).toBeUndefined()
  })

  it('leaves out lists that are not released any more', async () => {
    const [first] = await lists(2)
    if (first === undefined) throw new Error('no list')
    await answer([first], true, ['500'])
    expect((await due()).scope?.due).toBe(1)
    await answer([first], true, ['899'])
    expect((await due()).scope?.due).toBe(2)
  })

  it('leaves out lists that were cancelled', async () => {
    const [first] = await lists(2, { statuses: ['120', '800'] })
    const path = `/api/v1/documents/${first?.id}/cancel`
    const asked = await test.post(path, { reason: '合成原因', force: true })
    await test.settle()
    const { copNo = '', agentCode = '', invtNo = '' } = asked.body.document ?? {}
    await test.says('CEB605', '399', [{ copNo, agentCode, invtNo }])
    expect(await test.get(`/api/v1/documents/${first?.id}`)).toMatchObject({ state: 'cancelled' })
    expect((await due()).scope?.due).toBe(1)
    const [refused] = (await test.post(path, { reason: '合成原因' })).body.faults ?? []
    expect(refused?.code).toBe('CEB605-invtNo-NO_LONGER')
  })

  it('is shown to whom it belongs, and to the operator', async () => {
    await lists(1)
    expect((await due('2026-10', test.app.operatorKey)).scope?.due).toBe(1)
    const stranger = test.app.account(test.cast.carrier).key
    expect((await due('2026-10', stranger)).scope).toBeUndefined()
  })

  it('refuses a month that is none', async () => {
    for (const month of ['2026-13', '202610', ''])
      expect((await test.get(`/api/v1/summaries/due?month=${month}`)).status).toBe(400)
    expect((await test.get('/api/v1/summaries/due?month=2026-10&cursor=x')).status).toBe(400)
  })
})

describe('a summary', () => {
  it('of 2,500 lists goes in three parts with one number, and a second one finds nothing', async () => {
    const made = await lists(2_500)
    expect((await due()).scope?.due).toBe(2_500)
    const { status, body } = await summarise()
    expect(status).toBe(200)
    expect(body).toMatchObject({ taken: 3, refused: 0, lists: 2_500, left: 0 })
    const parts = await Promise.all((body.results ?? []).map(({ id }) => partOf(id)))
    expect(parts.map((part) => part.SummaryApplyList.length)).toEqual([1_000, 1_000, 500])
    expect(parts.map((part) => part.SummaryApplyHead.msgSeqNo)).toEqual(['1', '2', '3'])
    const declarant = test.cast.declarants[0]
    for (const part of parts)
      expect(part.SummaryApplyHead).toMatchObject({
        ...{ appType: '1', appStatus: '2', customsCode: OFFICE, msgCount: '3' },
        ...{ agentCode: declarant.customsCode, agentName: declarant.name },
        ...{ ebcCode: merchant(), ebcName: test.cast.merchants[0].name },
        ...{ declAgentCode: '5001980001', declAgentName: '合成报关单位', summaryFlag: '1' },
        copNo: expect.stringMatching(/^S[0-9A-Z]{16}01$/),
        appTime: stamp14(test.clock.now()),
      })
    expect(new Set(parts.map((part) => part.SummaryApplyHead.copNo)).size).toBe(1)
    expect(new Set(parts.map((part) => part.SummaryApplyHead.guid)).size).toBe(3)
    const named = parts.flatMap((part) => part.SummaryApplyList.map(({ invtNo }) => invtNo))
    expect(named.sort()).toEqual(made.map(({ invtNo }) => invtNo).sort())
    expect((await due()).scope).toMatchObject({ due: 0, summarised: 2_500 })
    const again = await summarise()
    expect(again.status).toBe(200)
    expect(again.body).toMatchObject({ taken: 0, results: [], lists: 0, left: 0 })
    await test.settle()
    expect(await test.get(`/api/v1/documents/${body.results?.[0]?.id}`)).toMatchObject({
      state: 'sent',
    })
  })

  it('that customs refuses gives its lists back, part by part', async () => {
    await lists(2)
    const { body } = await summarise()
    await test.settle()
    const { SummaryApplyHead: head } = await partOf(body.results?.[0]?.id)
    const key = { copNo: head.copNo ?? '', agentCode: head.agentCode ?? '', msgSeqNo: '1' }
    await test.says('CEB701', '100', [{ ...key, ebcCode: head.ebcCode ?? '' }])
    expect((await due()).scope).toMatchObject({ due: 2, summarised: 0 })
    const second = await summarise()
    expect(second.body.lists).toBe(2)
    const { SummaryApplyHead: next } = await partOf(second.body.results?.[0]?.id)
    expect(next.copNo).toBe(`${(head.copNo ?? '').slice(0, -2)}02`)
    expect((await due()).scope).toMatchObject({ due: 0, summarised: 2 })
  })

  it('that a declarant hands in himself counts, also before the release is known', async () => {
    const early = await lists(2, { statuses: ['120'] })
    const dry = await lists(1)
    const shown = await summarise({}, '?dryRun=true')
    const [part] = (shown.body as { documents?: Part[] }).documents ?? []
    if (part === undefined) throw new Error('nothing shown')
    expect(part.SummaryApplyList).toEqual(dry.map(({ invtNo }) => ({ invtNo })))
    const own = {
      SummaryApplyHead: { ...part.SummaryApplyHead, copNo: 'OWN-SUMMARY-1' },
      SummaryApplyList: [...early, ...dry].map(({ invtNo }) => ({ invtNo })),
    }
    await test.handIn('CEB701', [own])
    expect((await due()).scope).toMatchObject({ due: 0, summarised: 1 })
    await answer(early, true, ['800'])
    expect((await due()).scope).toMatchObject({ due: 0, summarised: 3 })
    expect((await summarise()).body.lists).toBe(0)
  })

  it('that is changed lets go of the lists it no longer names', async () => {
    const [first, second] = await lists(2)
    const { body } = await summarise()
    const part = await partOf(body.results?.[0]?.id)
    test.clock.advance(60_000)
    const changed = {
      SummaryApplyHead: {
        ...part.SummaryApplyHead,
        ...{
          appType: '2',
          appTime: stamp14(test.clock.now()),
          guid: first?.id.toUpperCase() ?? '',
        },
      },
      SummaryApplyList: [{ invtNo: second?.invtNo ?? '' }],
    }
    await test.handIn('CEB701', [changed])
    expect((await due()).scope).toMatchObject({ due: 1, summarised: 1 })
    const rest = await summarise({}, '?dryRun=true')
    expect((rest.body as { documents?: Part[] }).documents?.[0]?.SummaryApplyList).toEqual([
      { invtNo: first?.invtNo },
    ])
  })

  it('leaves lists without a number of customs, and says how many', async () => {
    await lists(1)
    await lists(2, { withNumber: false })
    expect((await due()).scope?.due).toBe(3)
    expect((await summarise()).body).toMatchObject({ lists: 1, left: 2 })
  })

  it('with a wrong head is refused whole, pointed into the request, and nothing is kept', async () => {
    await lists(2)
    const { status, body } = await summarise({
      ...{ summaryFlag: '7', itemNameFlag: undefined, declAgentName: undefined },
    })
    expect(status).toBe(422)
    expect(body).toMatchObject({ code: 'DOCUMENTS-REFUSED', taken: 0 })
    expect(body.faults?.map(({ pointer }) => pointer).sort()).toEqual([
      ...['/declAgentName', '/itemNameFlag', '/summaryFlag'],
    ])
    expect((await due()).scope).toMatchObject({ due: 2, summarised: 0 })
  })

  it('asked twice with one key is one, and at the same moment as well', async () => {
    await lists(3)
    const headers = { 'idempotency-key': `summary-${serial}` }
    const first = await summarise({}, '', headers)
    const second = await summarise({}, '', headers)
    expect(second.headers.get('idempotency-replayed')).toBe('true')
    expect(second.body.results).toEqual(first.body.results)
    expect(second.body.lists).toBe(3)
    await lists(3)
    const keyed = (n: number) => summarise({}, '', { 'idempotency-key': `own-${serial}-${n}` })
    const together = await Promise.all([summarise(), keyed(1), keyed(2)])
    expect(together.map(({ body }) => body.lists).sort()).toEqual([0, 0, 3])
    expect((await due()).scope).toMatchObject({ due: 0, summarised: 6 })
  })
})

describe('a list that asks for the simplified way', () => {
  it('is warned about when a reason speaks against it, and shows all reasons', async () => {
    count += 1
    const line = { price: '2000', totalPrice: '6000' }
    const head = { statisticsFlag: 'A', licenseNo: 'SYN-LICENCE' }
    const list = makeExportList({ n: count, cast: test.cast, at: test.clock.now(), head, line })
    const { status, body } = await test.post('/api/v1/documents', {
      kind: 'CEB603',
      document: list,
    })
    expect(status).toBe(200)
    const [result] = body.results ?? []
    expect(result?.faults?.map(({ code, severity }) => `${severity} ${code}`)).toEqual([
      'warning CEB603-statisticsFlag-NOT_SIMPLIFIED_AMOUNT',
      'warning CEB603-statisticsFlag-NOT_SIMPLIFIED_LICENCE',
    ])
    const view = await test.get(`/api/v1/documents/${result?.id}`)
    expect(view.eligibility).toMatchObject({ flag: 'A', simplified: false })
    const { reasons } = view.eligibility as { reasons: Record<string, unknown>[] }
    expect(reasons.map(({ fact, verdict }) => `${fact} ${verdict}`)).toEqual([
      ...['zone for', 'amount against', 'licence against'],
      ...['inspection unknown', 'duty unknown', 'refund unknown'],
    ])
    expect(reasons[1]).toMatchObject({ confidence: 'B', source: expect.any(String) })
  })

  it('and has none against it is told nothing; its view says what stays open', async () => {
    const [made] = await lists(1, { head: { statisticsFlag: 'A' } })
    const view = await test.get(`/api/v1/documents/${made?.id}`)
    expect(view.eligibility).toMatchObject({ flag: 'A', simplified: 'unknown' })
  })
})

describe('past the deadline', () => {
  it('what is still due is overdue; the last day itself is not', async () => {
    await lists(1)
    test.clock.set(new Date('2026-11-16T15:59:00Z'))
    expect((await due()).scope).toMatchObject({ due: 1, overdue: false })
    test.clock.set(new Date('2026-11-16T16:00:00Z'))
    expect((await due()).scope).toMatchObject({ due: 1, overdue: true })
    await summarise()
    expect((await due()).scope).toMatchObject({ due: 0, overdue: false })
  })

  it('moves with a day of rest that is entered, and says why', async () => {
    await test.app.database.db
      .insertInto('rest_day')
      .values({ day: '2026-11-16', rests: true, source: '合成节假日' })
      .execute()
    expect(await due()).toMatchObject({ deadline: { date: '2026-11-17', nominal: '2026-11-15' } })
  })
})
