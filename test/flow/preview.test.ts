/**
 * What customs would refuse is told before it sees anything: one consignment for each rule, breaking
 * that rule and no other. Sent on regardless, the simulated office, which shares no table with the
 * rules, refuses it with the code that was told.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RuleCode, rules } from '../../src/catalogue/rules/index.ts'
import { takeDocuments } from '../../src/flow/intake.ts'
import { findConsignment } from '../../src/flow/preview.ts'
import { findDocument, listDocuments, timelineOf } from '../../src/flow/queries.ts'
import { sendAnyway } from '../../src/flow/send-anyway.ts'
import type { DocumentResult } from '../../src/flow/types.ts'
import type { Consignment } from '../../src/sim/consignments.ts'
import { setRuleSwitches } from '../../src/store/rule-switches.ts'
import { inTransaction } from '../../src/store/transaction.ts'
import { type TestGateway, testGateway } from '../support/gateway.ts'
import { priced } from '../support/priced.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await testGateway()
})
afterAll(() => gateway.close())

const operator = { enterpriseId: '', operator: true }

type Head = Readonly<Record<string, string>>

/** Head fields of one of the four put otherwise. */
const put = (consignment: Consignment, part: keyof Consignment, values: Head): Consignment => {
  const [group, head] = Object.entries(consignment[part])[0] ?? []
  const changed = {
    ...(consignment[part] as object),
    [group ?? '']: { ...(head as Head), ...values },
  }
  return { ...consignment, [part]: changed } as Consignment
}

const putFirstLine = (consignment: Consignment, values: Head): Consignment => {
  const { list } = consignment
  const [first, ...rest] = list.InventoryList
  if (first === undefined) throw new Error('no lines')
  return { ...consignment, list: { ...list, InventoryList: [{ ...first, ...values }, ...rest] } }
}

const withoutLastLine = (consignment: Consignment): Consignment => {
  const { list } = consignment
  return { ...consignment, list: { ...list, InventoryList: list.InventoryList.slice(0, -1) } }
}

const unpaid = ({ order: { OrderHead } }: Consignment, by: number): string =>
  (Number(OrderHead.acturalPaid) + by).toFixed(2)

interface Case {
  readonly customs: string
  readonly rule: RuleCode
  readonly breaks: (consignment: Consignment) => Consignment
  /** What stands in the preview: pointer and value by kind, of the consignment that breaks it. */
  readonly told: (broken: Consignment) => Readonly<Record<string, readonly [string, string]>>
}

const cases: readonly Case[] = [
  {
    ...{ customs: '1332', rule: 'MATCH_PAID_AMOUNT' },
    breaks: (c) => put(c, 'payment', { amountPaid: unpaid(c, 1) }),
    told: ({ order, payment }) => ({
      CEB311: ['/OrderHead/acturalPaid', order.OrderHead.acturalPaid],
      CEB411: ['/PaymentHead/amountPaid', payment.PaymentHead.amountPaid],
    }),
  },
  {
    ...{ customs: '1332', rule: 'MATCH_ORDER_SUM' },
    breaks: (c) =>
      put(c, 'order', { goodsValue: (Number(c.order.OrderHead.goodsValue) + 5).toFixed(2) }),
    told: ({ order }) => ({ CEB311: ['/OrderHead/acturalPaid', order.OrderHead.acturalPaid] }),
  },
  {
    ...{ customs: '1327', rule: 'MATCH_PAYER' },
    breaks: (c) => put(c, 'payment', { payerName: '合成他人' }),
    told: ({ order }) => ({
      CEB311: ['/OrderHead/buyerName', order.OrderHead.buyerName],
      CEB411: ['/PaymentHead/payerName', '合成他人'],
    }),
  },
  {
    ...{ customs: '13127', rule: 'MATCH_BUYER' },
    breaks: (c) => put(c, 'list', { buyerName: '合成他人' }),
    told: ({ order }) => ({
      CEB311: ['/OrderHead/buyerName', order.OrderHead.buyerName],
      CEB621: ['/InventoryHead/buyerName', '合成他人'],
    }),
  },
  {
    ...{ customs: '130126', rule: 'MATCH_BUYER_PHONE' },
    breaks: (c) => put(c, 'list', { buyerTelephone: '15400000000' }),
    told: ({ order }) => ({
      CEB311: ['/OrderHead/buyerTelephone', order.OrderHead.buyerTelephone],
      CEB621: ['/InventoryHead/buyerTelephone', '15400000000'],
    }),
  },
  {
    ...{ customs: '13035', rule: 'MATCH_PAYMENT_FIRM' },
    breaks: (c) => put(c, 'order', { payCode: '500196S099' }),
    told: ({ payment }) => ({
      CEB311: ['/OrderHead/payCode', '500196S099'],
      CEB411: ['/PaymentHead/payCode', payment.PaymentHead.payCode],
    }),
  },
  {
    ...{ customs: '1320', rule: 'MATCH_LINE_COUNT' },
    breaks: withoutLastLine,
    told: ({ order, list }) => ({
      CEB311: ['/OrderList', String(order.OrderList.length)],
      CEB621: ['/InventoryList', String(list.InventoryList.length)],
    }),
  },
  ...(
    [
      ['gname', 'itemName', '合成另一商品'],
      ['qty', 'qty', '77'],
      ['unit', 'unit', '001'],
      ['price', 'price', '0.5'],
      ['totalPrice', 'totalPrice', '0.5'],
    ] as const
  ).map(
    ([field, ordered, value]): Case => ({
      ...{ customs: '1322', rule: 'MATCH_LINES' },
      breaks: (c) => putFirstLine(c, { [field]: value }),
      told: ({ order }) => ({
        CEB311: [`/OrderList/0/${ordered}`, order.OrderList[0]?.[ordered] ?? ''],
        CEB621: [`/InventoryList/0/${field}`, value],
      }),
    }),
  ),
]

/** Numbers of consignments with at least two lines, each used once. */
let next = 0
const fresh = (): Consignment => {
  for (;;) {
    next += 1
    const made = gateway.consignment(next)
    if (made.list.InventoryList.length >= 2) return made
  }
}

const caller = ({ list }: Consignment) => ({ enterpriseId: list.InventoryHead.agentCode })

const listOf = async (consignment: Consignment) => {
  const { orderNo } = consignment
  const found = await listDocuments(gateway.deps, operator, { q: orderNo, kind: 'CEB621' })
  const id = found.documents[0]?.id
  const view = id === undefined ? undefined : await findDocument(gateway.deps, operator, id)
  if (view === undefined) throw new Error(`no list of ${orderNo}`)
  return view
}

const differing = async ({ orderNo }: Consignment) =>
  (await findConsignment(gateway.deps, operator, orderNo))?.comparisons.filter(
    ({ verdict }) => verdict === 'differs',
  ) ?? []

const handIn = async (consignment: Consignment): Promise<readonly DocumentResult[]> => {
  const results = await gateway.handIn([consignment])
  for (const { id, faults } of results)
    if (id === undefined) throw new Error(JSON.stringify(faults))
  return results
}

const soften = (consignment: Consignment, rule: RuleCode, severity: 'warn' | null): Promise<void> =>
  inTransaction(gateway.deps.db, (trx) =>
    setRuleSwitches(trx, caller(consignment).enterpriseId, [{ rule, severity }], {
      ...{ setBy: null, now: gateway.clock.now() },
    }),
  )

describe.each(cases.map((each) => [`${each.customs} ${each.rule}`, each] as const))(
  '%s',
  (_name, { customs, rule, breaks, told }) => {
    it('is told with field and both values, holds the list back, and is what customs refuses', async () => {
      const broken = breaks(fresh())
      await handIn(broken)
      const found = await differing(broken)
      const shown = found.filter((each) => each.rule === rule)
      expect(shown.length).toBeGreaterThan(0)
      const expected = told(broken)
      const pick = (i: 0 | 1) =>
        Object.fromEntries(Object.entries(expected).map(([kind, pair]) => [kind, pair[i]]))
      expect(shown[0]).toMatchObject({ code: customs, severity: 'hold' })
      expect(shown[0]?.fields).toEqual(pick(0))
      expect(shown[0]?.values).toEqual(pick(1))
      expect(
        found.filter((each) => each.severity === 'hold').every((each) => each.rule === rule),
      ).toBe(true)

      await gateway.settle()
      const blocked = await listOf(broken)
      expect(blocked).toMatchObject({ state: 'blocked', group: 'action-needed', messageId: null })
      expect(blocked.reason).toMatchObject({ source: 'gateway', cause: { name: 'held-by-rules' } })
      expect(blocked.reason?.results).toMatchObject([
        { code: rule, description: `[Code:${customs}]`, cure: rules[rule].cure },
      ])

      const sent = await sendAnyway(gateway.deps, caller(broken), blocked.id)
      expect(sent).toEqual({ kind: 'queued', rules: [rule] })
      expect(await sendAnyway(gateway.deps, caller(broken), blocked.id)).toEqual({
        kind: 'not-blocked',
      })
      await gateway.settle()
      const refused = await listOf(broken)
      expect(refused).toMatchObject({ state: 'rejected', returnStatus: '100' })
      expect(refused.reason?.results.map(({ code }) => code)).toEqual([customs])
      const story = await timelineOf(gateway.deps, operator, blocked.id)
      const own = story?.filter(({ source }) => source === 'gateway').map(({ state }) => state)
      expect(own).toEqual(['waiting', 'blocked', 'blocked', 'ready', 'sent'])
      for (const { zh } of story?.slice(1, 3) ?? []) expect(zh).toContain(rules[rule].zh)
    })
  },
)

describe('a list that is held back', () => {
  it('goes by itself once the corrected document is accepted, and not before', async () => {
    const good = fresh()
    const bad = put(good, 'payment', { amountPaid: unpaid(good, 3) })
    await handIn(bad)
    await gateway.settle()
    expect((await listOf(bad)).state).toBe('blocked')
    gateway.clock.advance(60_000)
    const mended = put(good, 'payment', {
      ...{ guid: good.payment.PaymentHead.guid.replace(/^./, 'F'), appType: '2' },
      appTime: '20301231235959',
    })
    const { payCode } = mended.payment.PaymentHead
    const taken = await takeDocuments(gateway.deps, { enterpriseId: payCode }, [
      { kind: 'CEB411', document: mended.payment },
    ])
    expect(taken).toMatchObject({ kind: 'taken', results: [{ version: 2 }] })
    expect((await listOf(bad)).state).toBe('blocked')
    await gateway.settle()
    const list = await listOf(bad)
    expect(list.group).toBe('done')
    const story = await timelineOf(gateway.deps, operator, list.id)
    expect(story?.map(({ state }) => state)).toContain('blocked')
  })

  it('is not held where its declarant softened the rule, and customs refuses it', async () => {
    const broken = putFirstLine(fresh(), { qty: '55' })
    await soften(broken, 'MATCH_LINES', 'warn')
    try {
      await handIn(broken)
      expect((await differing(broken)).map(({ severity }) => severity)).toEqual(['warn'])
      await gateway.settle()
      const list = await listOf(broken)
      expect(list.state).toBe('rejected')
      expect(list.reason?.results.map(({ code }) => code)).toEqual(['1322'])
    } finally {
      await soften(broken, 'MATCH_LINES', null)
    }
  })

  it('is sent on by nobody but its sender and his agents', async () => {
    const broken = putFirstLine(fresh(), { qty: '56' })
    await handIn(broken)
    await gateway.settle()
    const { id } = await listOf(broken)
    const { platform } = gateway.cast
    const stranger = { enterpriseId: platform.customsCode }
    expect(await sendAnyway(gateway.deps, stranger, id)).toEqual({ kind: 'not-found' })
    expect((await listOf(broken)).state).toBe('blocked')
  })

  it('that differs only where nobody is sure is sent', async () => {
    const plain = fresh()
    const broken = put(plain, 'waybill', { freight: '12.34', consignee: '合成他人' })
    await handIn(broken)
    const found = await differing(broken)
    expect(found.map(({ rule, severity }) => [rule, severity]).sort()).toEqual([
      ['MATCH_CONSIGNEE', 'warn'],
      ['MATCH_FREIGHT', 'warn'],
    ])
    await gateway.settle()
    // The office has its own mind about waybills; ours let it go.
    expect((await listOf(broken)).messageId).not.toBeNull()
  })

  it('whose numbers are written otherwise is not', async () => {
    const plain = fresh()
    const { acturalPaid } = plain.order.OrderHead
    const same = put(plain, 'payment', { amountPaid: `${Number(acturalPaid).toFixed(2)}000` })
    await handIn(same)
    expect(await differing(same)).toEqual([])
    await gateway.settle()
    expect((await listOf(same)).group).toBe('done')
  })
})

describe('handing in', () => {
  const warned = (results: readonly DocumentResult[], kind: string) =>
    results.find((result) => result.kind === kind)?.faults ?? []

  it('warns of companions that differ, both values where both are seen, persons masked', async () => {
    const plain = fresh()
    const broken = put(putFirstLine(plain, { qty: '57' }), 'list', { buyerName: '合成他人' })
    const results = await handIn(broken)
    const faults = warned(results, 'CEB621')
    expect(faults.map(({ code, severity, pointer }) => [code, severity, pointer])).toEqual([
      ['CEB621-buyerName-MATCH_BUYER', 'warning', '/InventoryHead/buyerName'],
      ['CEB621-qty-MATCH_LINES', 'warning', '/InventoryList/0/qty'],
    ])
    // The declarant sees the list and not the order.
    expect(faults.map(({ values }) => values)).toEqual([{ CEB621: '合*' }, { CEB621: '57' }])
    const text = JSON.stringify(faults)
    expect(text).not.toContain('合成他人')
    expect(text).not.toContain(plain.order.OrderHead.buyerName)
    expect(text).toContain('13127')
  })

  it('says nothing where all agree', async () => {
    const results = await handIn(fresh())
    expect(results.flatMap(({ faults }) => faults ?? [])).toEqual([])
  })

  it('warns of an order that does not add up, with its terms', async () => {
    const plain = fresh()
    const broken = put(plain, 'order', { taxTotal: '9999.00' })
    const faults = warned(await handIn(broken), 'CEB311')
    expect(faults).toMatchObject([
      { code: 'CEB311-acturalPaid-MATCH_ORDER_SUM', severity: 'warning' },
    ])
    expect(faults[0]?.values).toMatchObject({ taxTotal: '9999.00' })
  })
})

describe('22001', () => {
  it('is foreseen where our register does not know the enterprise, and only warned of', async () => {
    const broken = put(fresh(), 'list', { assureCode: '5001960000' })
    await handIn(broken)
    expect(await differing(broken)).toMatchObject([
      {
        ...{ rule: 'REGISTER_ENTERPRISE', code: '22001', severity: 'warn' },
        fields: { CEB621: '/InventoryHead/assureCode' },
        values: { CEB621: '5001960000' },
      },
    ])
    await gateway.settle()
    const list = await listOf(broken)
    expect(list.state).toBe('rejected')
    expect(list.reason?.results.map(({ code }) => code)).toEqual(['22001'])
  })
})

describe('22007', () => {
  it('is foreseen of a cancellation of what is released: refused, or warned of as chosen', async () => {
    const good = fresh()
    await handIn(good)
    await gateway.settle()
    const { customsNumbers, document } = await listOf(good)
    const head = document.InventoryHead as Head
    const asking = (n: number) => ({
      kind: 'CEB623',
      document: {
        ...{ guid: `00000000-0000-4000-8000-00000000000${n}`, appType: '1' },
        ...{ appTime: head.appTime, appStatus: '2', customsCode: head.customsCode },
        ...{ orderNo: head.orderNo, ebpCode: head.ebpCode, ebpName: head.ebpName },
        ...{ ebcCode: head.ebcCode, ebcName: head.ebcName, logisticsNo: head.logisticsNo },
        ...{ logisticsCode: head.logisticsCode, logisticsName: head.logisticsName },
        ...{ copNo: `C-PREVIEW-${n}`, invtNo: customsNumbers.invtNo, reason: '合成原因' },
        ...{ buyerIdType: '1', buyerIdNumber: head.buyerIdNumber, buyerName: head.buyerName },
        ...{ buyerTelephone: head.buyerTelephone, agentCode: head.agentCode },
        ...{ agentName: head.agentName, preNo: customsNumbers.preNo },
      },
    })
    const hand = (n: number) => takeDocuments(gateway.deps, caller(good), [asking(n)])
    expect(await hand(1)).toMatchObject({
      results: [{ faults: [{ code: 'CEB623-invtNo-LIST_RELEASED', severity: 'error' }] }],
    })
    await soften(good, 'LIST_RELEASED', 'warn')
    try {
      const answer = await hand(2)
      expect(answer).toMatchObject({
        results: [
          {
            state: 'ready',
            faults: [{ code: 'CEB623-invtNo-LIST_RELEASED', severity: 'warning' }],
          },
        ],
      })
      await gateway.settle()
      const id = answer.kind === 'taken' ? (answer.results[0]?.id ?? '') : ''
      const refused = await findDocument(gateway.deps, operator, id)
      expect(refused?.state).toBe('rejected')
      expect(refused?.reason?.results.map(({ code }) => code)).toEqual(['22007'])
    } finally {
      await soften(good, 'LIST_RELEASED', null)
    }
  })
})

describe('1313', () => {
  it('is foreseen of a buyer above his year: refused, or warned of as chosen', async () => {
    const [first, second] = [fresh(), fresh()]
    await handIn(priced(first, '24500', first))
    await gateway.settle()
    expect((await listOf(first)).group).toBe('done')
    const over = priced(second, '2000', first)
    const refused = await gateway.handIn([over])
    expect(refused.at(-1)?.faults).toMatchObject([
      { code: 'CEB621-buyerIdNumber-QUOTA_YEAR', severity: 'error' },
    ])
    await soften(over, 'QUOTA_YEAR', 'warn')
    try {
      const results = await gateway.handIn([over])
      expect(warnedOf(results)).toContain('CEB621-buyerIdNumber-QUOTA_YEAR')
      await gateway.settle()
      const list = await listOf(over)
      expect(list.state).toBe('rejected')
      expect(list.reason?.results.map(({ code }) => code)).toEqual([rules.QUOTA_YEAR.customs])
    } finally {
      await soften(over, 'QUOTA_YEAR', null)
    }
  })
})

const warnedOf = (results: readonly DocumentResult[]): readonly string[] =>
  results.flatMap(({ faults }) => faults ?? []).map(({ code }) => code)
