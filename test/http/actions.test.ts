/**
 * Cancelling and returning lists over HTTP: the document is made from the list, right in every field,
 * and what customs would refuse is refused with the way out.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FieldRecord } from '../../src/catalogue/message.ts'
import { listNumber, makeExportList } from '../support/export-lists.ts'
import { json } from './app.ts'
import { type Answered, type Broker, broker } from './broker.ts'

let test: Broker
beforeAll(async () => {
  test = await broker()
})
afterAll(() => test.close())

let count = 0

/** An import list that customs answered so, one status after the other. */
const importList = async (...statuses: readonly string[]) => {
  count += 1
  const n = count
  const { list } = test.app.consignment(n)
  const [id = ''] = await test.handIn('CEB621', [list])
  const { copNo = '', agentCode } = list.InventoryHead
  const invtNo = listNumber('I', n)
  for (const status of statuses) await test.says('CEB621', status, [{ copNo, agentCode, invtNo }])
  return { id, list, invtNo }
}

const exportList = async (...statuses: readonly string[]) => {
  count += 1
  const n = count
  const list = makeExportList({ n, cast: test.cast, at: test.clock.now() })
  const [id = ''] = await test.handIn('CEB603', [list])
  const { copNo, agentCode, ebcCode, ebpCode, orderNo } = list.InventoryHead
  const invtNo = listNumber('E', n)
  const facts = { copNo, agentCode, ebcCode, ebpCode, orderNo, statisticsFlag: 'B', invtNo }
  for (const status of statuses) await test.says('CEB603', status, [facts])
  return { id, list, invtNo }
}

const cancel = (id: string, body: object = {}, query = '') =>
  test.post(`/api/v1/documents/${id}/cancel${query}`, { reason: '买家取消订单', ...body })
const giveBack = (id: string, body: object = {}, query = '') =>
  test.post(`/api/v1/documents/${id}/return${query}`, { reason: '买家退货', ...body })
const codesOf = ({ faults = [] }: Answered) => faults.map(({ code }) => code)
const idOf = ({ results }: Answered): string => results?.[0]?.id ?? ''

const JOURNEY = {
  ...{ billNo: 'SYNBACK0001', trafMode: '5', trafName: 'SYN002', voyageNo: 'SY002' },
  ...{ portCode: '8011', country: '502' },
}

describe('cancelling an import list', () => {
  it('makes CEB623 from the list, every field right, and sends it', async () => {
    const { id, list, invtNo } = await importList('120')
    const { status, body } = await cancel(id, { fields: { note: '合成备注' } })
    expect(status).toBe(200)
    expect(body).toMatchObject({ taken: 1, refused: 0, window: null })
    const head = list.InventoryHead
    const shared = [
      ...['customsCode', 'orderNo', 'ebpCode', 'ebpName', 'ebcCode', 'ebcName', 'logisticsNo'],
      ...['logisticsCode', 'logisticsName', 'buyerIdType', 'buyerIdNumber', 'buyerName'],
      ...['buyerTelephone', 'agentCode', 'agentName'],
    ]
    const { guid, copNo, ...rest } = body.document ?? {}
    expect(rest).toEqual({
      ...Object.fromEntries(shared.map((name) => [name, (head as FieldRecord)[name]])),
      ...{ appType: '1', appStatus: '2', appTime: expect.stringMatching(/^202610151\d{5}$/) },
      ...{ invtNo, reason: '买家取消订单', note: '合成备注' },
    })
    expect(guid).toMatch(/^[0-9A-F]{8}-[0-9A-F]{4}-7[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}$/)
    expect(copNo).toMatch(/^C[0-9A-Z]{16}01$/)
    const stored = await test.get(`/api/v1/documents/${idOf(body)}`)
    expect(stored).toMatchObject({ kind: 'CEB623', state: 'ready', document: body.document })
    await test.settle()
    expect(await test.get(`/api/v1/documents/${idOf(body)}`)).toMatchObject({ state: 'sent' })
  })

  it('is refused while one is under way, and takes another number once that was rejected', async () => {
    const { id } = await importList('120')
    const first = await cancel(id)
    await test.settle()
    const again = await cancel(id)
    expect(again.status).toBe(409)
    expect(codesOf(again.body)).toEqual(['CEB623-invtNo-ALREADY_ASKED'])
    const { copNo = '', agentCode = '' } = first.body.document ?? {}
    await test.says('CEB623', '100', [{ copNo, agentCode }])
    const second = await cancel(id)
    expect(second.status).toBe(200)
    expect(second.body.document?.copNo).toBe(`${copNo.slice(0, -2)}02`)
  })

  it('needs the number customs gives, and names the wait', async () => {
    const { id } = await importList()
    const { status, body } = await cancel(id)
    expect(status).toBe(409)
    expect(body.code).toBe('ACTION-NOT-NOW')
    expect(codesOf(body)).toEqual(['CEB623-invtNo-NUMBER_MISSING'])
    expect(body.faults?.[0]?.cure.zh).toContain('等待回执')
    expect((await cancel(id, { force: true })).status).toBe(409)
    const known = await cancel(id, { force: true, fields: { invtNo: listNumber('I', 999) } })
    expect(known.status).toBe(200)
    expect(known.body.document?.invtNo).toBe(listNumber('I', 999))
  })

  it('is refused after release, unless forced, which warns', async () => {
    const { id } = await importList('120', '800')
    const refused = await cancel(id)
    expect(refused.status).toBe(409)
    expect(codesOf(refused.body)).toEqual(['CEB623-invtNo-ALREADY_RELEASED'])
    const forced = await cancel(id, { force: true })
    expect(forced.status).toBe(200)
    expect(forced.body.results?.[0]?.faults).toMatchObject([
      { code: 'CEB623-invtNo-ALREADY_RELEASED', severity: 'warning' },
    ])
  })

  it('is refused for what was rejected, and for lines', async () => {
    const { id } = await importList('100')
    expect(codesOf((await cancel(id)).body)).toContain('CEB623-invtNo-NO_LONGER')
    const wrong = await cancel(id, { lines: [{ gnum: '1' }] })
    expect(wrong.body.code).toBe('BODY-WRONG-SHAPE')
  })
})

describe('returning an import list', () => {
  it('takes part of a line, then no more than what is left', async () => {
    const { id, list, invtNo } = await importList('120', '800')
    const line = list.InventoryList[0] as FieldRecord
    const whole = Number(line.qty)
    const part = await giveBack(id, { lines: [{ gnum: '1', qty: '0.5', note: '外包装破损' }] })
    expect(part.status).toBe(200)
    expect(part.body.document).toMatchObject({
      InvtRefundHead: { invtNo, reason: '买家退货', buyerName: list.InventoryHead.buyerName },
    })
    const { gnum, gcode, gname, unit } = line
    expect(part.body.document?.InvtRefundList).toEqual([
      { gnum, gcode, gname, qty: '0.5', unit, note: '外包装破损' },
    ])
    const tooMuch = await giveBack(id, { lines: [{ gnum: '1', qty: String(whole) }] })
    expect(tooMuch.status).toBe(422)
    expect(tooMuch.body).toMatchObject({
      code: 'ACTION-WRONG',
      faults: [{ code: 'CEB625-qty-ABOVE_LEFT', pointer: '/lines/0/qty' }],
    })
    const rest = await giveBack(id)
    expect(rest.status).toBe(200)
    expect(rest.body.document?.InvtRefundList).toMatchObject([
      { qty: String(whole - 0.5) },
      ...list.InventoryList.slice(1).map(({ qty }) => ({ qty })),
    ])
    const nothing = await giveBack(id)
    expect(nothing.status).toBe(409)
    expect(codesOf(nothing.body)).toEqual(['CEB625-invtNo-NOTHING_LEFT'])
  })

  it('gives the quantity back when customs rejects a return', async () => {
    const { id } = await importList('120', '800')
    const first = await giveBack(id)
    await test.settle()
    expect((await giveBack(id)).status).toBe(409)
    const { copNo = '', agentCode = '' } = first.body.document?.InvtRefundHead ?? {}
    await test.says('CEB625', '100', [{ copNo, agentCode }])
    const second = await giveBack(id)
    expect(second.status).toBe(200)
    expect(second.body.document?.InvtRefundList).toEqual(first.body.document?.InvtRefundList)
  })

  it('counts a return that was handed in without it', async () => {
    const { id } = await importList('120', '800')
    const dry = await giveBack(id, {}, '?dryRun=true')
    const direct = structuredClone(dry.body.document) as unknown as Record<
      string,
      Record<string, string>
    >
    Object.assign(direct.InvtRefundHead ?? {}, { copNo: 'OWN-1' })
    await test.handIn('CEB625', [direct as never])
    expect(codesOf((await giveBack(id)).body)).toEqual(['CEB625-invtNo-NOTHING_LEFT'])
  })

  it('tells wrong lines all at once', async () => {
    const { id, list } = await importList('120', '800')
    const over = String(Number(list.InventoryList[0]?.qty) + 1)
    const { status, body } = await giveBack(id, {
      lines: [
        { gnum: '1', qty: over },
        { gnum: '01', qty: '1' },
        { gnum: '77', qty: '1' },
      ],
    })
    expect(status).toBe(422)
    expect(body.faults?.map(({ code, pointer }) => `${pointer} ${code}`)).toEqual([
      '/lines/1/gnum CEB625-gnum-LINE_TWICE',
      '/lines/2/gnum CEB625-gnum-UNKNOWN_LINE',
      '/lines/0/qty CEB625-qty-ABOVE_LISTED',
    ])
    for (const qty of ['0', '-1', '1.000001', '1e1', 'x']) {
      const wrong = await giveBack(id, { lines: [{ gnum: '1', qty }] })
      expect(codesOf(wrong.body), qty).toEqual(['CEB625-qty-NOT_POSITIVE'])
    }
  })

  it('waits for release', async () => {
    const { id } = await importList('120')
    const { status, body } = await giveBack(id)
    expect(status).toBe(409)
    expect(codesOf(body)).toEqual(['CEB625-invtNo-NOT_RELEASED'])
    expect((await giveBack(id, { force: true })).status).toBe(200)
  })

  it('shows until when it is in time, and warns when that has passed', async () => {
    const { id } = await importList('120', '800')
    const inTime = await giveBack(id, {}, '?dryRun=true')
    expect(inTime.body.window).toMatchObject({
      ...{ releasedOn: '2026-10-15', applyBy: '2026-11-14', arriveBy: '2026-11-29' },
      ...{ source: '海关总署公告2020年第45号', confidence: 'B' },
    })
    expect(inTime.body.results?.[0]?.faults).toBeUndefined()
    test.clock.advance(30 * 86_400_000)
    expect((await giveBack(id, {}, '?dryRun=true')).body.results?.[0]?.faults).toBeUndefined()
    test.clock.advance(86_400_000)
    const late = await giveBack(id)
    expect(late.status).toBe(200)
    expect(late.body.results?.[0]?.faults).toMatchObject([
      { code: 'CEB625-invtNo-WINDOW_PASSED', severity: 'warning' },
    ])
  })
})

describe('export lists', () => {
  it('are cancelled with CEB605', async () => {
    const { id, list, invtNo } = await exportList('120')
    const { status, body } = await cancel(id)
    expect(status).toBe(200)
    const { customsCode, agentCode, agentName, ebcCode, ebcName } = list.InventoryHead
    const { guid: _, copNo, appTime: __, ...rest } = body.document ?? {}
    expect(rest).toEqual({
      ...{ appType: '1', appStatus: '2', customsCode, invtNo, reason: '买家取消订单' },
      ...{ agentCode, agentName, ebcCode, ebcName },
    })
    expect(copNo).toMatch(/^C[0-9A-Z]{16}01$/)
  })

  it('are returned with CEB213: the journey back is asked for, the mode follows', async () => {
    const { id, list, invtNo } = await exportList('120', '800')
    const lacking = await giveBack(id)
    expect(lacking.status).toBe(422)
    expect(lacking.body.code).toBe('DOCUMENTS-REFUSED')
    expect(lacking.body.faults?.map(({ pointer }) => pointer).sort()).toEqual(
      Object.keys(JOURNEY)
        .map((name) => `/fields/${name}`)
        .sort(),
    )
    const { status, body } = await giveBack(id, {
      fields: JOURNEY,
      lines: [{ gnum: '1', qty: '1' }],
    })
    expect(status).toBe(200)
    const { ebpCode, ebcCode, logisticsNo, agentCode, customsCode } = list.InventoryHead
    expect(body.document?.InvtRefundHead).toMatchObject({
      ...{ ...JOURNEY, invtNo, tradeMode: '9661', ieFlag: 'I' },
      ...{ ebpCode, ebcCode, logisticsNo, agentCode, customsCode },
      coElNo: expect.stringMatching(/^R[0-9A-Z]{16}01$/),
    })
    expect(body.document?.InvtRefundList).toEqual([
      {
        ...{ gnum: '1', gcode: '6912001000', gname: '合成陶瓷杯', gmodel: '瓷|无品牌|350ml' },
        ...{ qty: '1', qty1: '0.25', unit: '011', unit1: '035' },
      },
    ])
  })

  it('ask for a legal quantity that five places cannot hold', async () => {
    count += 1
    const line = { qty: '3', qty1: '1' }
    const list = makeExportList({ n: count, cast: test.cast, at: test.clock.now(), line })
    const [id = ''] = await test.handIn('CEB603', [list])
    const { copNo, agentCode, ebcCode, ebpCode, orderNo } = list.InventoryHead
    const facts = { copNo, agentCode, ebcCode, ebpCode, orderNo, statisticsFlag: 'B' }
    await test.says('CEB603', '800', [{ ...facts, invtNo: listNumber('E', count) }])
    const asked = await giveBack(id, { fields: JOURNEY, lines: [{ gnum: '1', qty: '1' }] })
    expect(asked.body).toMatchObject({
      faults: [{ code: 'CEB213-qty1-NOT_EXACT', pointer: '/lines/0/qty1' }],
    })
    const lines = [{ gnum: '1', qty: '1', qty1: '0.33333' }]
    const given = await giveBack(id, { fields: JOURNEY, lines })
    expect(given.body.document?.InvtRefundList).toMatchObject([{ qty: '1', qty1: '0.33333' }])
    const above = await giveBack(id, {
      fields: JOURNEY,
      lines: [{ gnum: '1', qty: '1', qty1: '0.7' }],
    })
    expect(codesOf(above.body)).toEqual(['CEB213-qty1-ABOVE_LEFT'])
  })
})

describe('whoever asks', () => {
  it('sees with a dry run what would be handed in, and nothing is stored', async () => {
    const { id } = await importList('120')
    const { status, body } = await cancel(id, {}, '?dryRun=true')
    expect(status).toBe(200)
    expect(body.document).toMatchObject({ reason: '买家取消订单' })
    expect(idOf(body)).toBe('')
    const listed = await test.get(`/api/v1/documents?q=${body.document?.copNo}`)
    expect(listed.documents).toEqual([])
  })

  it('gets the same answer for the same key, and another body is told', async () => {
    const { id } = await importList('120', '800')
    const headers = { 'idempotency-key': `return-${id}` }
    const path = `/api/v1/documents/${id}/return`
    const body = { reason: '买家退货', lines: [{ gnum: '1', qty: '0.5' }] }
    const first = await test.post(path, body, test.key, headers)
    const second = await test.post(path, body, test.key, headers)
    expect(second.headers.get('idempotency-replayed')).toBe('true')
    expect(second.body.results).toEqual(first.body.results)
    expect(second.body.document).toEqual(first.body.document)
    const other = await test.post(path, { ...body, reason: '其他' }, test.key, headers)
    expect(other.body.code).toBe('IDEMPOTENCY-KEY-REUSED')
  })

  it('at the same moment twice is asked once: no list is returned twice over', async () => {
    const { id } = await importList('120', '800')
    const path = `/api/v1/documents/${id}/return`
    const keyed = (n: number) =>
      test.post(path, { reason: '买家退货' }, test.key, { 'idempotency-key': `${id}-${n}` })
    const answers = await Promise.all([giveBack(id), giveBack(id), keyed(1), keyed(2)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409])
  })

  it('is a stranger: the list is not there', async () => {
    const { id } = await importList('120')
    const stranger = test.app.account(test.cast.carrier).key
    for (const verb of ['cancel', 'return']) {
      const path = `/api/v1/documents/${id}/${verb}`
      expect((await test.post(path, { reason: '合成' }, stranger)).status).toBe(404)
    }
    const path = '/api/v1/documents/01a203c9-f245-7eb0-b456-cb6014f1154c/cancel'
    expect((await test.post(path, { reason: '合成' })).status).toBe(404)
  })

  it('holds a mandate: for list and cancellation he may, for the list alone he is told', async () => {
    const { id } = await importList('120')
    const [, other] = test.cast.declarants
    if (other === undefined) throw new Error('one declarant only')
    const agent = await test.app.register(other)
    const path = `/api/v1/documents/${id}/cancel`
    const mandate = (kinds: readonly string[]) =>
      test.app.fetch(
        '/api/v1/mandates',
        json(test.app.operatorKey, {
          ...{ principalId: test.id, agentId: agent.id, kinds },
          validFrom: '2026-01-01',
        }),
      )
    expect((await test.post(path, { reason: '代理' }, agent.key)).status).toBe(404)
    await mandate(['CEB621'])
    const half = await test.post(path, { reason: '代理' }, agent.key)
    expect(half.status).toBe(422)
    expect(codesOf(half.body)).toEqual(['CEB623-agentCode-MANDATE_KIND'])
    await mandate(['CEB623'])
    expect((await test.post(path, { reason: '代理' }, agent.key)).status).toBe(200)
  })

  it('asks of an order what only lists are asked', async () => {
    const { order } = test.app.consignment(900)
    const platform = test.app.account(test.cast.platform).key
    const taken = await test.post(
      '/api/v1/documents',
      { kind: 'CEB311', document: order },
      platform,
    )
    const path = `/api/v1/documents/${idOf(taken.body)}/cancel`
    const { status, body } = await test.post(path, { reason: '合成' }, platform)
    expect(status).toBe(422)
    expect(body.code).toBe('ACTION-NOT-OFFERED')
    expect(codesOf(body)).toEqual(['CEB311-cancel-NOT_OFFERED'])
  })

  it('cannot set what the gateway fills in, nor what the kind does not have', async () => {
    const { id } = await importList('120')
    const fields = { copNo: 'X', guid: 'Y', invtNo: 'Z', reason: 'W' }
    const { status, body } = await cancel(id, { fields })
    expect(status).toBe(422)
    expect(body.faults?.map(({ pointer }) => pointer).sort()).toEqual([
      ...['/fields/copNo', '/fields/guid', '/fields/invtNo', '/fields/reason'],
    ])
    const unknown = await cancel(id, { fields: { nothing: 'x' } })
    expect(unknown.body.faults).toMatchObject([{ pointer: '/fields/nothing' }])
  })
})
