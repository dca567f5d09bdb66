/**
 * Taxes of stored lists over HTTP: the estimate on the list, and what customs bills beside it, in
 * whatever order it is told; listed page by page for whom it concerns alone.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FieldRecord } from '../../src/catalogue/message.ts'
import { taxBill, taxBillStatus } from '../support/customs-tells.ts'
import { signedIn } from '../support/desk.ts'
import { listNumber } from '../support/export-lists.ts'
import { bearer, json } from './app.ts'
import { type Broker, broker } from './broker.ts'

let test: Broker
let n = 0
beforeAll(async () => {
  test = await broker()
})
afterAll(() => test.close())

type Answer = Readonly<Record<string, unknown>>

/** A list of one line, 396 CNY of milk powder unless told; customs has given it a number. */
const sentList = async (line: FieldRecord = {}, head: FieldRecord = {}) => {
  n += 1
  const { list } = test.app.consignment(n)
  const [first] = list.InventoryList
  const priced = { gcode: '1901101010', qty: '2', unit: '122', price: '198', totalPrice: '396' }
  const InventoryList = [{ ...first, ...priced, gnum: '1', ...line }]
  const InventoryHead = { ...list.InventoryHead, freight: '0', insuredFee: '0', ...head }
  const [id = ''] = await test.handIn('CEB621', [{ InventoryHead, InventoryList }])
  const { copNo = '', agentCode } = list.InventoryHead
  const invtNo = listNumber('I', n)
  await test.says('CEB621', '120', [{ copNo, agentCode, invtNo }])
  return { id, invtNo, taxNo: `${invtNo}_0`, declTime: list.InventoryHead.declTime }
}

const amounts = (valueAddedTax: string, consumptionTax = '0', customsTax = '0') => ({
  amounts: { valueAddedTax, consumptionTax, customsTax },
})

type Sent = Awaited<ReturnType<typeof sentList>>
type Telling = readonly ['CEB816' | 'CEB818', ReturnType<typeof taxBill>]

const bill = (
  { invtNo, taxNo }: Sent,
  said: ReturnType<typeof amounts>,
  more: { readonly status?: string; readonly time?: string; readonly taxNo?: string } = {},
): Telling => [
  'CEB816',
  taxBill({ invtNo, taxNo, status: '1', time: '20261015100000000', ...said, ...more }),
]
const voided = ({ invtNo, taxNo }: Sent): Telling => [
  'CEB818',
  taxBillStatus({ invtNo, taxNo, status: '3', time: '20261015100100000' }),
]
const tell = ([code, document]: Telling) => test.tells(code, [document])

const taxOf = async (id: string) => (await test.get(`/api/v1/documents/${id}`)).tax as Answer

describe('a list', () => {
  it('shows what it is estimated to bear, by the rates of its day', async () => {
    const { id, declTime } = await sentList()
    expect(await taxOf(id)).toMatchObject({
      estimate: {
        ...{ admitted: true, regime: 'within-limits', vat: '36.04', total: '36.04' },
        date: declTime?.replace(/^(....)(..)(..)$/, '$1-$2-$3'),
        items: [{ gcode: '1901101010', dutiableValue: '396.00', rates: { vat: '0.13' } }],
      },
      ...{ faults: [], variance: null },
    })
    const wine = { gcode: '2204210000', totalPrice: '520', price: '260', qty1: '1.5', unit1: '095' }
    const dearer = await sentList(wine, { freight: '30', insuredFee: '5' })
    expect(await taxOf(dearer.id)).toMatchObject({
      estimate: { dutiableValue: '555.00', consumptionTax: '43.17', vat: '56.12', total: '99.29' },
    })
  })

  it('says at which line no rate is known', async () => {
    const { id } = await sentList({ gcode: '9701100010' })
    expect(await taxOf(id)).toMatchObject({
      estimate: null,
      faults: [{ code: 'TAX-gcode-NO_RATE', pointer: '/InventoryList/0/gcode' }],
    })
  })

  it('says when it cannot be a retail import, if it is taken all the same', async () => {
    const rules = [{ rule: 'QUOTA_ORDER', severity: 'warn' }]
    const path = `/api/v1/enterprises/${test.id}/rules`
    const init = { ...json(test.app.operatorKey, { rules }), method: 'PUT' }
    expect((await test.app.fetch(path, init)).status).toBe(200)
    const { id } = await sentList({ totalPrice: '5000.01', price: '2500.005' })
    expect(await taxOf(id)).toMatchObject({
      estimate: { admitted: false, reason: 'ITEM-COUNT', total: null },
    })
  })

  it('other documents have no such taxes', async () => {
    const { order } = test.app.consignment(900)
    const { key } = test.app.account(test.cast.platform)
    const { body } = await test.post('/api/v1/documents', { kind: 'CEB311', document: order }, key)
    const shown = await test.get(`/api/v1/documents/${body.results?.[0]?.id}`, key)
    expect(shown).not.toHaveProperty('tax')
  })
})

describe('a bill', () => {
  it.each([
    ['as estimated', '36.04', '0.00', 'within'],
    ['a fen more', '36.05', '0.01', 'within'],
    ['two fen less', '36.02', '-0.02', 'beyond'],
  ])('%s', async (_name, vat, difference, verdict) => {
    const sent = await sentList()
    await tell(bill(sent, amounts(vat)))
    expect((await taxOf(sent.id)).variance).toEqual({
      ...{ bills: 1, time: '20261015100000000', tolerance: '0.01', verdict, problem: null },
      billed: { duty: '0.00', consumptionTax: '0.00', vat, total: vat },
      estimated: { duty: '0.00', consumptionTax: '0.00', vat: '36.04', total: '36.04' },
      difference: { duty: '0.00', consumptionTax: '0.00', vat: difference, total: difference },
    })
  })

  it('gives the list its numbers, named as the standard names them on its page', async () => {
    const sent = await sentList()
    await tell(bill(sent, amounts('36.04')))
    const person = await signedIn(test.app, test.app.cast.declarants[0])
    const page = await person.get(`/broker/documents/${sent.id}`)
    const names = page.dom.querySelectorAll('.facts dt').map(({ text }) => text)
    expect(names).toContain('电子税单编号 taxNo')
  })

  it('differs by each tax, not by their sum', async () => {
    const sent = await sentList()
    await tell(bill(sent, amounts('30.04', '6')))
    expect((await taxOf(sent.id)).variance).toMatchObject({
      ...{ verdict: 'beyond', difference: { consumptionTax: '6.00', vat: '-6.00', total: '0.00' } },
    })
  })

  it('is compared within the tolerance of the list’s day', async () => {
    const file =
      'name,kind,validFrom,value,confidence,source\ntax-tolerance,CEB621,2026-01-01,0.5,M,synthetic\n'
    const load = (text: string) =>
      test.app.fetch('/api/v1/reference/rule-values', {
        method: 'POST',
        headers: { ...bearer(test.app.operatorKey), 'content-type': 'text/csv' },
        body: text,
      })
    expect((await load(file)).status).toBe(200)
    const sent = await sentList()
    await tell(bill(sent, amounts('36.54')))
    await load(file.replace('0.5', '0.01'))
    expect((await taxOf(sent.id)).variance).toMatchObject({ tolerance: '0.50', verdict: 'within' })
  })

  it('of goods whose rates are not known is kept beside nothing', async () => {
    const sent = await sentList({ gcode: '9701100010' })
    await tell(bill(sent, amounts('36.04')))
    expect((await taxOf(sent.id)).variance).toMatchObject({
      ...{ estimated: null, difference: null, verdict: 'unknown', problem: 'TAX-gcode-NO_RATE' },
      billed: { vat: '36.04' },
    })
  })

  const orders = [
    ['made', 'voided', 'again'],
    ['again', 'voided', 'made'],
    ['voided', 'made', 'again'],
  ] as const
  it.each(orders)(
    'void, and another in its place, told as %s, %s, %s, each twice',
    async (...order) => {
      const sent = await sentList()
      const tellings: Readonly<Record<(typeof order)[number], Telling>> = {
        made: bill(sent, amounts('99')),
        voided: voided(sent),
        again: bill(sent, amounts('36.04'), {
          taxNo: `${sent.invtNo}_1`,
          time: '20261015100200000',
        }),
      }
      for (const what of [...order, ...order]) await tell(tellings[what])
      expect((await taxOf(sent.id)).variance).toMatchObject({
        ...{ bills: 1, time: '20261015100200000', verdict: 'within', billed: { vat: '36.04' } },
      })
    },
  )

  it('that is void alone leaves nothing', async () => {
    const sent = await sentList()
    await tell(bill(sent, amounts('36.04')))
    await tell(voided(sent))
    expect((await taxOf(sent.id)).variance).toBeNull()
    const listed = await variances('')
    expect(listed.map(({ documentId }) => documentId)).not.toContain(sent.id)
  })
})

const variances = async (query: string, key = test.key) => {
  const answer = await test.get(`/api/v1/tax/variances?${query}`, key)
  expect(answer.status).toBe(200)
  return answer.variances as readonly Answer[]
}

describe('variances', () => {
  it('are listed by verdict, page by page, newest first', async () => {
    const sent: string[] = []
    for (const vat of ['1', '2', '36.04', '3']) {
      const list = await sentList()
      await tell(bill(list, amounts(vat)))
      sent.unshift(list.id)
    }
    const [third = '', within = '', second = '', first = ''] = sent
    expect((await variances('limit=4')).map(({ documentId }) => documentId)).toEqual(sent)
    const [top] = await variances('verdict=beyond&limit=1')
    expect(top).toMatchObject({ documentId: third, verdict: 'beyond', billed: { vat: '3.00' } })
    const page = await test.get(`/api/v1/tax/variances?verdict=beyond&limit=2&cursor=${third}`)
    expect(page).toMatchObject({ variances: [{ documentId: second }, { documentId: first }] })
    expect(page.next).toBe(first)
    expect((await variances('verdict=within')).map(({ documentId }) => documentId)).toContain(
      within,
    )
  })

  it('are nobody else’s, by whatever he asks; the operator’s are all', async () => {
    const stranger = test.app.account(test.cast.carrier)
    expect(await variances('', stranger.key)).toEqual([])
    const named = await test.get(`/api/v1/tax/variances?enterprise=${test.id}`, stranger.key)
    expect(named.status).toBe(404)
    const all = await variances('limit=100', test.app.operatorKey)
    expect(all).toEqual(await variances('limit=100'))
    expect(await variances(`enterprise=${test.id}`, test.app.operatorKey)).toHaveLength(all.length)
    expect(await variances(`enterprise=${stranger.id}`, test.app.operatorKey)).toEqual([])
  })

  it('are of the kinds that a mandate names', async () => {
    const agent = test.app.account(test.cast.payer)
    const mandate = (kinds: readonly string[]) =>
      test.app.fetch(
        '/api/v1/mandates',
        json(test.app.operatorKey, {
          ...{ principalId: test.id, agentId: agent.id, kinds, validFrom: '2020-01-01' },
        }),
      )
    await mandate(['CEB623'])
    expect(await variances('', agent.key)).toEqual([])
    await mandate(['CEB621'])
    expect(await variances('limit=100', agent.key)).toEqual(await variances('limit=100'))
  })
})

describe('tax that the order says was collected', () => {
  const handed = async (more: (taxTotal: number) => string, serial: number) => {
    const { order, list, orderNo } = test.app.consignment(serial)
    const platform = test.app.account(test.cast.platform).key
    const { goodsValue, freight, discount, taxTotal } = order.OrderHead
    const collected = more(Number(taxTotal))
    const sum = Number(goodsValue) + Number(freight) + Number(collected) - Number(discount)
    const told = { taxTotal: collected, acturalPaid: sum.toFixed(2) }
    const OrderHead = { ...order.OrderHead, ...told }
    const documents = [{ ...order, OrderHead }]
    expect(
      (await test.post('/api/v1/documents', { kind: 'CEB311', documents }, platform)).status,
    ).toBe(200)
    const { status, body } = await test.post('/api/v1/documents', {
      kind: 'CEB621',
      documents: [list],
    })
    expect(status).toBe(200)
    const faults = (body.results?.[0]?.faults ?? []).filter(({ code }) =>
      code.endsWith('TAX_TOTAL'),
    )
    const line = async (key: string) => {
      const { comparisons } = await test.get(`/api/v1/consignments/${orderNo}`, key)
      return (comparisons as readonly Answer[]).find(({ rule }) => rule === 'TAX_TOTAL')
    }
    return {
      faults,

      collected,
      asPlatform: await line(platform),
      asDeclarant: await line(test.key),
    }
  }

  it('is that of the list, and nothing is said', async () => {
    const { faults, asPlatform, collected } = await handed((tax) => tax.toFixed(2), 910)
    expect(faults).toEqual([])
    expect(asPlatform).toMatchObject({ verdict: 'equal', values: { CEB311: collected } })
  })

  it('is another: a warning with the list, and both values to whom they belong', async () => {
    const { faults, asPlatform, asDeclarant, collected } = await handed(
      (tax) => (tax + 1).toFixed(2),
      911,
    )
    expect(faults).toMatchObject([
      { code: 'CEB621-InventoryList-TAX_TOTAL', pointer: '/InventoryList', severity: 'warning' },
    ])
    const common = { verdict: 'differs', severity: 'warn', code: null }
    expect(asPlatform).toMatchObject({ ...common, values: { CEB311: collected } })
    expect(asDeclarant).toMatchObject({
      ...{ ...common, values: { CEB621: (Number(collected) - 1).toFixed(2) } },
      fields: { CEB311: '/OrderHead/taxTotal', CEB621: '/InventoryList' },
    })
  })

  it('is nothing: it was not collected yet, and nothing is said', async () => {
    const { faults, asPlatform } = await handed(() => '0', 912)
    expect(faults).toEqual([])
    expect(asPlatform).toMatchObject({ verdict: 'cannot-tell' })
  })

  it('may differ by a fen for each line', async () => {
    const lines = test.app.consignment(913).list.InventoryList.length
    const within = await handed((tax) => (tax + lines / 100).toFixed(2), 913)
    expect([within.faults, within.asPlatform?.verdict]).toEqual([[], 'equal'])
    const beyond = test.app.consignment(914).list.InventoryList.length
    const above = await handed((tax) => (tax + (beyond + 1) / 100).toFixed(2), 914)
    expect([above.faults.length, above.asPlatform?.verdict]).toEqual([1, 'differs'])
  })
})
