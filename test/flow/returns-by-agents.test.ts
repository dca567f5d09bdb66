/**
 * A granted return counts for the merchant in whose name it was asked for, whichever agent filed it: in
 * the totals and in its buyer's year, and in whatever order replies arrive. In another merchant's name it
 * takes nothing off, and an operator is told. Enterprises and buyers are synthetic.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ActionRequest, type ActionVerb, act } from '../../src/flow/actions.ts'
import { deadlinesOf } from '../../src/flow/deadlines.ts'
import { takeDocuments } from '../../src/flow/intake.ts'
import { buyerQuota } from '../../src/flow/quota-view.ts'
import { takeReply } from '../../src/flow/receive.ts'
import { listReplies } from '../../src/flow/reply-trouble.ts'
import { totals } from '../../src/flow/totals.ts'
import { checkTotals } from '../../src/flow/totals-rebuild.ts'
import { NUMBER_RETRY_SECONDS } from '../../src/kernel/limits.ts'
import { buyerId, listOf } from '../support/buyers.ts'
import { customsSays } from '../support/customs-says.ts'
import { type TestGateway, testGateway } from '../support/gateway.ts'
import { type FiledAct, fileByAnother, madeByAnother } from '../support/other-agents.ts'

let gateway: TestGateway
beforeAll(async () => {
  // An office that never answers: every reply is told by the test.
  gateway = await testGateway({ fault: () => ({ kind: 'sent' }) })
  await gateway.deps.db.updateTable('enterprise').set({ waits_for_companions: false }).execute()
})
afterAll(() => gateway.close())

const operator = { enterpriseId: '', operator: true }
let n = 0

/** A list of two pieces of 100 and its return of one of them, both sent. */
const sentWithReturn = async (isStranger: boolean) => {
  n += 1
  const buyer = buyerId(n)
  const list = listOf(gateway.consignment(3 * n + 2).list, { buyer, lines: ['200'], qty: '2' })
  const { agentCode, copNo = '' } = list.InventoryHead
  const taken = await takeDocuments(gateway.deps, { enterpriseId: agentCode }, [
    { kind: 'CEB621', document: list },
  ])
  const id = taken.kind === 'taken' ? (taken.results[0]?.id ?? '') : ''
  const invtNo = `80122026I${String(n).padStart(9, '0')}`
  const lines = [{ gnum: '1', qty: '1' }]
  const request = { reason: '合成退货', force: true, fields: { invtNo }, lines }
  const filing = { verb: 'return' as const, list: { id, agentCode }, request, isStranger }
  const back = await fileByAnother(gateway, filing)
  if (back === undefined) throw new Error('not filed')
  await gateway.settle()
  gateway.clock.advance(60_000)
  return { buyer, invtNo, list: { id, kind: 'CEB621', agentCode, facts: { copNo } }, back }
}

type Sent = Awaited<ReturnType<typeof sentWithReturn>>
type Said = 'stored' | 'released' | 'granted'
const STATUS = { stored: '120', released: '800', granted: '399' } as const

const say = async (sent: Sent, what: Said) => {
  const { kind, agentCode, facts }: Omit<FiledAct, 'id'> =
    what === 'granted' ? sent.back : sent.list
  const receiver = gateway.cast.all.find((one) => one.customsCode === agentCode)?.dxpId ?? ''
  const about = [{ agentCode, ...facts, invtNo: sent.invtNo }]
  const time = `2026101512${String(Object.keys(STATUS).indexOf(what))}000000`
  await takeReply(gateway.deps, customsSays({ kind, status: STATUS[what], time, about, receiver }))
}

const counted = async () =>
  Number((await totals(gateway.deps, { by: 'month', year: 2026 })).total.amount)
const problems = async () =>
  (await listReplies(gateway.deps, { state: 'unmatched' })).replies.map(({ problem }) => problem)

const orders: readonly (readonly Said[])[] = [
  ['stored', 'released', 'granted'],
  ['stored', 'granted', 'released'],
  ['granted', 'stored', 'released'],
  ['granted', 'released', 'stored'],
]

describe('a return that another agent filed', () => {
  it.each(orders)('is taken off its merchant’s list: %s, %s, %s', async (...order) => {
    const before = await counted()
    const sent = await sentWithReturn(false)
    for (const what of order) {
      await say(sent, what)
      await gateway.settle()
    }
    expect((await counted()) - before).toBe(100)
    const { committed } = await buyerQuota(gateway.deps, operator, { buyerIdNumber: sent.buyer })
    expect(committed).toBe('100.00')
    // What waited for the number of its list was settled with it.
    expect(await problems()).toEqual([])
    gateway.clock.advance(NUMBER_RETRY_SECONDS * 1000)
    await gateway.settle()
    expect((await counted()) - before).toBe(100)
  })

  it.each(orders)(
    'in another merchant’s name takes nothing off, and is told: %s, %s, %s',
    async (...order) => {
      const before = await counted()
      const known = await problems()
      const sent = await sentWithReturn(true)
      for (const what of order) {
        await say(sent, what)
        await gateway.settle()
      }
      expect((await counted()) - before).toBe(200)
      const { committed } = await buyerQuota(gateway.deps, operator, { buyerIdNumber: sent.buyer })
      expect(committed).toBe('200.00')
      expect(await problems()).toEqual(['OTHER_MERCHANT', ...known])
      const { replies } = await listReplies(gateway.deps, { state: 'unmatched' })
      expect(replies[0]).toMatchObject({
        ...{ kind: 'CEB626', explanation: { code: 'OTHER_MERCHANT' } },
        numbers: [{ kind: 'CEB621', number: sent.invtNo }],
      })
    },
  )

  it('of a list that is not here is told as well', async () => {
    const known = await problems()
    const sent = await sentWithReturn(false)
    await say(sent, 'granted')
    await gateway.settle()
    expect(await problems()).toEqual(['NO_TARGET', ...known])
    await say(sent, 'stored')
    await gateway.settle()
    expect(await problems()).toEqual(known)
  })
})

it('tells its own sender when the goods have to be back, and nobody of another merchant’s list', async () => {
  const backs = async (enterpriseId: string) => {
    const asked = { within: 60, windows: false, returnsOnly: true }
    return (await deadlinesOf(gateway.deps, enterpriseId, asked)).deadlines
  }
  for (const isStranger of [false, true]) {
    const sent = await sentWithReturn(isStranger)
    await say(sent, 'stored')
    await say(sent, 'released')
    await gateway.settle()
    const { id, agentCode } = sent.back
    const told = (await backs(agentCode)).filter(({ number }) => number === sent.invtNo)
    // The list was filed by another, who shows it to no agent but his own.
    expect(told).toMatchObject(
      isStranger
        ? []
        : [
            {
              ...{ sort: 'goods-back', date: '2026-11-29', documents: [id] },
              link: `/api/v1/documents/${id}`,
            },
          ],
    )
    const filer = await backs(sent.list.agentCode)
    expect(filer.filter(({ number }) => number === sent.invtNo)).toEqual([])
  }
})

describe('what is asked of a list that another agent filed', () => {
  const faultsOf = async (sent: Sent, verb: ActionVerb, request: Partial<ActionRequest> = {}) => {
    const asked = { reason: '合成原因', ...request }
    const caller = { enterpriseId: sent.list.agentCode }
    const answer = await act(gateway.deps, caller, verb, sent.list.id, asked, { dryRun: true })
    return 'faults' in answer ? answer.faults.map(({ code }) => code) : [answer.kind]
  }

  it.each([
    [false, 'counts as earlier', ['CEB625-qty-ABOVE_LEFT']],
    [true, 'in another merchant’s name does not', []],
  ])('stranger %s: a return of it %s', async (isStranger, _, wanted) => {
    const sent = await sentWithReturn(isStranger)
    await say(sent, 'stored')
    await say(sent, 'released')
    await gateway.settle()
    expect(await faultsOf(sent, 'return', { lines: [{ gnum: '1', qty: '2' }] })).toEqual(wanted)
    expect(await faultsOf(sent, 'return', { lines: [{ gnum: '1', qty: '1' }] })).toEqual([])
  })

  it.each([
    [false, 'stands in the way of a second', ['CEB623-invtNo-ALREADY_ASKED']],
    [true, 'in another merchant’s name does not', []],
  ])('stranger %s: a cancellation of it %s', async (isStranger, _, wanted) => {
    const sent = await sentWithReturn(true)
    await say(sent, 'stored')
    await gateway.settle()
    const request = { reason: '合成撤单' }
    await fileByAnother(gateway, { verb: 'cancel', list: sent.list, request, isStranger })
    expect(await faultsOf(sent, 'cancel')).toEqual(wanted)
  })

  it.each([
    [false, 'is not taken', ['CEB623-invtNo-LIST_RELEASED']],
    [true, 'in another merchant’s name learns nothing of it', []],
  ])('stranger %s: its cancellation after release %s', async (isStranger, _, wanted) => {
    const sent = await sentWithReturn(true)
    await say(sent, 'stored')
    await say(sent, 'released')
    await gateway.settle()
    const request = { reason: '合成撤单', force: true }
    const made = await madeByAnother(gateway, {
      ...{ verb: 'cancel', list: sent.list, request, isStranger },
    })
    if (made === undefined) throw new Error('not made')
    const caller = { enterpriseId: made.agentCode }
    const taken = await takeDocuments(gateway.deps, caller, [made])
    const faults = taken.kind === 'taken' ? (taken.results[0]?.faults ?? []) : []
    const refused = faults.filter(({ severity }) => severity === 'error')
    expect(refused.map(({ code }) => code)).toEqual(wanted)
  })
})

it('counts the same afterwards, by documents and events alone', async () => {
  expect(await checkTotals(gateway.deps)).toMatchObject({ corrected: 0, sums: 0 })
})
