/** What customs tells unasked: tax bills and results of summaries, in any order, once or twice. */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AnyDocument } from '../../src/catalogue/message.ts'
import { takeDocuments } from '../../src/flow/intake.ts'
import { findDocument, listDocuments, timelineOf } from '../../src/flow/queries.ts'
import { takeReply } from '../../src/flow/receive.ts'
import { listReplies } from '../../src/flow/reply-trouble.ts'
import { derivedId } from '../../src/kernel/ids.ts'
import { laneOf } from '../../src/kernel/lane.ts'
import { NUMBER_RETRY_SECONDS } from '../../src/kernel/limits.ts'
import { insertCustomsNumbers } from '../../src/store/replies.ts'
import { customsSays } from '../support/customs-says.ts'
import { customsTells, summaryResult, taxBill, taxBillStatus } from '../support/customs-tells.ts'
import { type TestGateway, testGateway } from '../support/gateway.ts'

let gateway: TestGateway
let n = 0
beforeAll(async () => {
  // An office that never answers: everything is told by the test.
  gateway = await testGateway({ fault: () => ({ kind: 'sent' }) })
  const { db } = gateway.deps
  await db.updateTable('enterprise').set({ waits_for_companions: false }).execute()
})
afterAll(() => gateway.close())

const operator = { enterpriseId: '', operator: true }
const time = (clock: string): string => `20261015${clock}00000`

const hand = async (enterpriseId: string, kind: string, document: unknown): Promise<string> => {
  const answer = await takeDocuments(gateway.deps, { enterpriseId }, [{ kind, document }])
  const id = answer.kind === 'taken' ? answer.results[0]?.id : undefined
  if (id === undefined) throw new Error(JSON.stringify(answer))
  await gateway.settle()
  return id
}

/** A list that was sent; its number is known once `number` was told. */
const sentList = async () => {
  n += 1
  const { list } = gateway.consignment(n)
  const { copNo = '', agentCode } = list.InventoryHead
  const id = await hand(agentCode, 'CEB621', list)
  const receiver = gateway.cast.declarants.find((each) => each.customsCode === agentCode)?.dxpId
  const invtNo = `80122026I${String(n).padStart(9, '0')}`
  const bill = { invtNo, taxNo: `${invtNo}_0` }
  return { id, copNo, agentCode, invtNo, bill, receiver: receiver ?? '' }
}

type Sent = Awaited<ReturnType<typeof sentList>>

const number = ({ copNo, agentCode, invtNo, receiver }: Sent): Uint8Array =>
  customsSays({
    ...{ kind: 'CEB621', status: '120', time: time('1100'), receiver },
    about: [{ copNo, agentCode, invtNo }],
  })

const tell = async (code: string, document: AnyDocument, receiver: string) => {
  const { id } = await takeReply(gateway.deps, customsTells(code, [document], receiver))
  await gateway.settle()
  return id
}

const noticesOf = async (id: string) => (await findDocument(gateway.deps, operator, id))?.notices

describe('a tax bill', () => {
  it('stands at its list with its amounts, and with what became of it', async () => {
    const sent = await sentList()
    await takeReply(gateway.deps, number(sent))
    const { bill, receiver, id } = sent
    await tell('CEB816', taxBill({ ...bill, status: '1', time: time('1200') }), receiver)
    const [made] = (await noticesOf(id)) ?? []
    expect(made).toMatchObject({
      ...{ kind: 'CEB816', number: bill.taxNo, status: '1', zh: '已生成', en: 'Made out' },
      ...{ name: { zh: '电子税单数据报文', en: 'Tax bill' }, time: time('1200') },
      values: { customsTax: '0', valueAddedTax: '12.34', consumptionTax: '5.6' },
      lines: { TaxListRd: [{ gnum: '1', valueAddedTax: '12.34' }] },
    })
    const consolidated = { ...bill, status: '2', time: time('1300'), entDutyNo: `D${bill.taxNo}` }
    await tell('CEB818', taxBillStatus(consolidated), receiver)
    const later = (await noticesOf(id)) ?? []
    expect(later).toHaveLength(1)
    expect(later[0]).toMatchObject({
      ...{ kind: 'CEB818', number: bill.taxNo, status: '2', zh: '已汇总', en: 'Consolidated' },
      values: { valueAddedTax: '12.34', entDutyNo: consolidated.entDutyNo, status: '2' },
      lines: { TaxListRd: [{ gnum: '1' }] },
    })
    const story = await timelineOf(gateway.deps, operator, id)
    expect(story?.filter(({ notice }) => notice !== null)).toMatchObject([
      { state: null, zh: '已生成', returnStatus: '1', notice: { kind: 'CEB816' } },
      { state: null, zh: '已汇总', returnStatus: '2', notice: { kind: 'CEB818' } },
    ])
    expect(story?.at(0)?.state).toBe('ready')
    const list = await findDocument(gateway.deps, operator, id)
    expect(list).toMatchObject({
      state: 'stored',
      customsNumbers: { taxNo: bill.taxNo, entDutyNo: consolidated.entDutyNo },
    })
    for (const q of [bill.taxNo, consolidated.entDutyNo]) {
      const { documents } = await listDocuments(gateway.deps, operator, { q })
      expect(documents.map((each) => each.id)).toEqual([id])
    }
  })

  const steps = ['number', 'made', 'consolidated', 'void'] as const
  const orders = [
    [...steps],
    [...steps].reverse(),
    ['made', 'number', 'void', 'consolidated'] as const,
    ['void', 'consolidated', 'number', 'made'] as const,
    ['consolidated', 'made', 'void', 'number'] as const,
  ]

  it.each(orders)('ends the same when told as %s, %s, %s, %s, and each twice', async (...order) => {
    const sent = await sentList()
    const { bill, receiver, id } = sent
    const messages = {
      number: number(sent),
      made: customsTells(
        'CEB816',
        [taxBill({ ...bill, status: '1', time: time('1200') })],
        receiver,
      ),
      consolidated: customsTells(
        'CEB818',
        [taxBillStatus({ ...bill, status: '2', time: time('1300') })],
        receiver,
      ),
      // In the same moment as the step before it: the later status decides.
      void: customsTells(
        'CEB818',
        [taxBillStatus({ ...bill, status: '3', time: time('1300') })],
        receiver,
      ),
    }
    for (const name of order) {
      await takeReply(gateway.deps, messages[name])
      await gateway.settle()
    }
    const again = taxBill({ ...bill, status: '1', time: time('1200'), telling: 'again' })
    await tell('CEB816', again, receiver)
    const notices = (await noticesOf(id)) ?? []
    expect(notices).toMatchObject([
      { status: '3', zh: '作废', en: 'Void', values: { valueAddedTax: '12.34' } },
    ])
    const kept = await sql<{ count: number }>`
      select count(*)::int as count from notice where document_id = ${id}::uuid`.execute(
      gateway.deps.db,
    )
    expect(kept.rows).toEqual([{ count: 3 }])
    const { replies } = await listReplies(gateway.deps, { state: 'unmatched' })
    expect(replies).toEqual([])
  })

  it('whose list gets its number at the same moment is found a little later', async () => {
    const { id, invtNo, bill, receiver } = await sentList()
    const { db } = gateway.deps
    const given = { lane: laneOf(invtNo), number: invtNo, name: 'invtNo', documentId: id }
    const { running } = await db.transaction().execute(async (trx) => {
      await insertCustomsNumbers(trx, [given])
      const begun = tell('CEB816', taxBill({ ...bill, status: '1', time: time('1200') }), receiver)
      // The embedded database does one transaction at a time: there the other only waits.
      if (!gateway.database.embedded) await begun
      return { running: begun }
    })
    await running
    gateway.clock.advance(NUMBER_RETRY_SECONDS * 1000)
    await gateway.settle()
    expect(await noticesOf(id)).toMatchObject([{ number: bill.taxNo }])
    const { replies } = await listReplies(gateway.deps, { state: 'unmatched' })
    expect(replies).toEqual([])
  })

  it('addressed to another enterprise’s account tells nobody anything, and is listed', async () => {
    const sent = await sentList()
    await takeReply(gateway.deps, number(sent))
    const bill = taxBill({ ...sent.bill, status: '1', time: time('1200') })
    const reply = await tell('CEB816', bill, gateway.cast.carrier.dxpId)
    expect(await noticesOf(sent.id)).toEqual([])
    const { documents } = await listDocuments(gateway.deps, operator, { q: sent.bill.taxNo })
    expect(documents).toEqual([])
    const unmatched = async () => {
      const { replies } = await listReplies(gateway.deps, { state: 'unmatched' })
      return replies.filter(({ id }) => id === reply)
    }
    expect(await unmatched()).toMatchObject([{ kind: 'CEB816', problem: 'NO_DOCUMENT' }])
    // Once more a little later, and then no more.
    gateway.clock.advance(NUMBER_RETRY_SECONDS * 1000)
    await gateway.settle()
    expect(await unmatched()).toMatchObject([{ problem: 'NO_DOCUMENT' }])
    const left = await sql`select from work where stage = 'reply'`.execute(gateway.deps.db)
    expect(left.rows).toEqual([])
  })

  it('is for the eyes of its list’s enterprise and its agents alone', async () => {
    const sent = await sentList()
    await takeReply(gateway.deps, number(sent))
    const bill = taxBill({ ...sent.bill, status: '1', time: time('1200') })
    await tell('CEB816', bill, sent.receiver)
    const own = { enterpriseId: sent.agentCode }
    expect((await findDocument(gateway.deps, own, sent.id))?.notices).toHaveLength(1)
    const { cast, deps } = gateway
    for (const stranger of cast.all.filter(({ customsCode }) => customsCode !== sent.agentCode)) {
      const caller = gateway.caller(stranger)
      expect(await findDocument(deps, caller, sent.id)).toBeUndefined()
      expect(await timelineOf(deps, caller, sent.id)).toBeUndefined()
      const { documents } = await listDocuments(deps, caller, { q: sent.bill.taxNo })
      expect(documents).toEqual([])
    }
  })

  it('that lacks a number or has no time that can be is listed as incomplete', async () => {
    const sent = await sentList()
    await takeReply(gateway.deps, number(sent))
    const sound = taxBill({ ...sent.bill, status: '1', time: time('1200') })
    const wrong = taxBill({ ...sent.bill, taxNo: 'X', status: '1', time: '20261332250000000' })
    const bytes = customsTells('CEB816', [sound, wrong], sent.receiver)
    const { id } = await takeReply(gateway.deps, bytes)
    await gateway.settle()
    expect(await noticesOf(sent.id)).toHaveLength(1)
    const { replies } = await listReplies(gateway.deps, { state: 'unmatched' })
    expect(replies.find((each) => each.id === id)).toMatchObject({ problem: 'INCOMPLETE' })
  })
})

describe('the result of a summary', () => {
  const application = (copNo: string, part: number) => {
    const { cast } = gateway
    const [agent] = cast.declarants
    const [merchant] = cast.merchants
    return {
      SummaryApplyHead: {
        guid: derivedId(copNo, String(part)).toUpperCase(),
        ...{ appType: '1', appTime: '20261015100000', appStatus: '2', customsCode: '8012', copNo },
        ...{ agentCode: agent.customsCode, agentName: agent.name },
        ...{ ebcCode: merchant.customsCode, ebcName: merchant.name },
        ...{ declAgentCode: agent.customsCode, declAgentName: agent.name },
        ...{ summaryFlag: '1', itemNameFlag: '1', msgCount: '2', msgSeqNo: String(part) },
      },
      SummaryApplyList: [{ invtNo: `80122026E00000000${part}` }],
    }
  }

  it('comes several times; the latest of each declaration stands, at every part of it', async () => {
    const [agent] = gateway.cast.declarants
    const copNo = 'Z0000001'
    const ids = [
      await hand(agent.customsCode, 'CEB701', application(copNo, 1)),
      await hand(agent.customsCode, 'CEB701', application(copNo, 2)),
    ]
    const sumNo = '801220261015000001'
    await takeReply(
      gateway.deps,
      customsSays({
        ...{ kind: 'CEB701', status: '399', time: time('1100'), receiver: agent.dxpId },
        about: ['1', '2'].map((msgSeqNo) => ({
          ...{ copNo, agentCode: agent.customsCode, msgSeqNo, sumNo },
        })),
      }),
    )
    const one = { sumNo, declSeqNo: 'Z20261015000000001', decState: 'A', opDate: time('1200') }
    const two = { ...one, declSeqNo: 'Z20261015000000002' }
    const lists = ['80122026E000000001', '80122026E000000002']
    await tell('CEB792', summaryResult({ ...one, lists }), agent.dxpId)
    await tell('CEB792', summaryResult({ ...two, lists }), agent.dxpId)
    const numbers = { entryId: '801220261000000001' }
    const last = { ...one, decState: 'P', opDate: time('1300'), numbers }
    await tell('CEB792', summaryResult({ ...last, lists: [] }), agent.dxpId)
    for (const id of ids) {
      const view = await findDocument(gateway.deps, operator, id)
      expect(view?.state).toBe('approved')
      expect(view?.notices).toMatchObject([
        { kind: 'CEB792', number: two.declSeqNo, status: 'A', zh: 'A', en: 'A' },
        {
          ...{ kind: 'CEB792', number: one.declSeqNo, status: 'P', values: numbers },
          lines: { SummaryResultList: lists.map((invtNo) => ({ invtNo })) },
        },
      ])
    }
    for (const q of [one.declSeqNo, numbers.entryId, sumNo]) {
      const { documents } = await listDocuments(gateway.deps, operator, { q })
      expect(documents.map(({ id }) => id).sort()).toEqual([...ids].sort())
    }
  })
})

describe('a reply whose key leaves something out', () => {
  it('of two receipts of one order means the one whose key it is', async () => {
    const { cast, deps } = gateway
    const [merchant] = cast.merchants
    const orderNo = 'R0000001'
    const receipt = (payNo: string | undefined) => ({
      guid: derivedId(orderNo, payNo ?? '').toUpperCase(),
      ...{ appType: '1', appTime: '20261015100000', appStatus: '2', ebpCode: '无', ebpName: '无' },
      ...{ ebcCode: merchant.customsCode, ebcName: merchant.name, orderNo, payName: '现金支付' },
      ...(payNo === undefined ? {} : { payNo }),
      ...{ charge: '10', currency: '142', accountingDate: '20261015100000' },
    })
    const ids = {
      paid: await hand(merchant.customsCode, 'CEB403', receipt('PAY1')),
      cash: await hand(merchant.customsCode, 'CEB403', receipt(undefined)),
    }
    const say = async (status: string, facts: Record<string, string>) => {
      const about = [{ orderNo, ebcCode: merchant.customsCode, ...facts }]
      const said = { kind: 'CEB403', status, time: time('1100'), receiver: merchant.dxpId, about }
      await takeReply(deps, customsSays(said))
      await gateway.settle()
    }
    const states = async () => [
      (await findDocument(deps, operator, ids.paid))?.state,
      (await findDocument(deps, operator, ids.cash))?.state,
    ]
    await say('120', {})
    expect(await states()).toEqual(['sent', 'stored'])
    await say('2', { payNo: 'PAY1' })
    expect(await states()).toEqual(['received', 'stored'])
    // Another order, with one receipt: a key that leaves its number out fits that one alone.
    const alone = { ...receipt('PAY2'), orderNo: 'R0000002', guid: derivedId('R2').toUpperCase() }
    const id = await hand(merchant.customsCode, 'CEB403', alone)
    const elsewhere = { orderNo: 'R0000002', ebcCode: cast.platform.customsCode }
    await say('100', elsewhere)
    expect((await findDocument(deps, operator, id))?.state).toBe('sent')
    await say('120', { orderNo: 'R0000002' })
    expect((await findDocument(deps, operator, id))?.state).toBe('stored')
  })

  it('even its number, goes by what customs gave before', async () => {
    const { cast, deps } = gateway
    const { site, carrier } = cast
    const entry = (copNo: string) => ({
      DeliveryHead: {
        guid: derivedId(copNo).toUpperCase(),
        ...{ appType: '1', appTime: '20261015100000', appStatus: '2', customsCode: '8012', copNo },
        ...{ operatorCode: site.customsCode, operatorName: site.name, ieFlag: 'I', trafMode: '5' },
        ...{ trafNo: 'SYN001', voyageNo: 'SY0001', billNo: 'SYN-0001' },
        ...{ logisticsCode: carrier.customsCode, logisticsName: carrier.name },
      },
      DeliveryList: [{ gnum: '1', logisticsNo: 'W0000001' }],
    })
    const ids = [
      await hand(site.customsCode, 'CEB711', entry('S1')),
      await hand(site.customsCode, 'CEB711', entry('S2')),
    ]
    const said = (facts: object, status: string, clock: string) =>
      customsTells(
        'CEB712',
        [
          {
            guid: derivedId(JSON.stringify(facts), status).toUpperCase(),
            ...facts,
            ...{ returnStatus: status, returnTime: time(clock), returnInfo: '合成回执' },
          } as AnyDocument,
        ],
        site.dxpId,
      )
    const rkdNo = 'R20261015000000001'
    const { id: early } = await takeReply(deps, said({ rkdNo }, '399', '1200'))
    await gateway.settle()
    const states = async () =>
      Promise.all(ids.map(async (id) => (await findDocument(deps, operator, id))?.state))
    expect(await states()).toEqual(['sent', 'sent'])
    const own = { operatorCode: site.customsCode, copNo: 'S1', preNo: 'O'.repeat(18), rkdNo }
    await takeReply(deps, said(own, '120', '1100'))
    await gateway.settle()
    expect(await states()).toEqual(['approved', 'sent'])
    const { replies } = await listReplies(deps, { state: 'unmatched' })
    expect(replies.filter(({ id }) => id === early)).toEqual([])
  })
})
