/**
 * A granted cancellation cancels its list: in whatever order the replies about both arrive, once or
 * twice, together or one by one; and nothing else does.
 */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { getDeclaration, headOf } from '../../src/catalogue/index.ts'
import type { State } from '../../src/catalogue/message.ts'
import { MADE_RANK, officialStatus } from '../../src/catalogue/statuses.ts'
import { takeDocuments } from '../../src/flow/intake.ts'
import { findDocument, listDocuments, timelineOf } from '../../src/flow/queries.ts'
import { takeReply } from '../../src/flow/receive.ts'
import { listReplies } from '../../src/flow/reply-trouble.ts'
import { OWN_RANK, statusOf } from '../../src/flow/status.ts'
import { totals } from '../../src/flow/totals.ts'
import { rebuild } from '../../src/flow/totals-rebuild.ts'
import { derivedId } from '../../src/kernel/ids.ts'
import { laneOf } from '../../src/kernel/lane.ts'
import { NUMBER_RETRY_SECONDS } from '../../src/kernel/limits.ts'
import { findEvents } from '../../src/store/listing.ts'
import { insertCustomsNumbers } from '../../src/store/replies.ts'
import { customsSays } from '../support/customs-says.ts'
import { customsTells } from '../support/customs-tells.ts'
import { makeExportList } from '../support/export-lists.ts'
import { type TestGateway, testGateway } from '../support/gateway.ts'

let gateway: TestGateway
let n = 0
beforeAll(async () => {
  // An office that never answers: every reply is told by the test.
  gateway = await testGateway({ fault: () => ({ kind: 'sent' }) })
  const { db } = gateway.deps
  await db.updateTable('enterprise').set({ waits_for_companions: false }).execute()
})
afterAll(() => gateway.close())

const operator = { enterpriseId: '', operator: true }

interface Pair {
  readonly list: string
  readonly cancellation: string
  /** Of the list and of the cancellation, each with its declarant. */
  readonly copNo: string
  readonly cancelNo: string
  readonly agentCode: string
  readonly invtNo: string
  readonly receiver: string
}

const CANCELLATION_HEAD = Object.keys(headOf(getDeclaration('CEB623')).fields)

/** A list and its cancellation, both sent; `by` hands the cancellation in, in the name of `merchant`. */
const sentPair = async (
  differs: { by?: string; merchant?: string; appType?: string } = {},
): Promise<Pair> => {
  n += 1
  const { list } = gateway.consignment(n)
  const head = list.InventoryHead
  const { copNo = '', agentCode } = head
  const invtNo = `80122026I${String(n).padStart(9, '0')}`
  const cancelNo = `X${copNo}`
  const facts: Record<string, string | undefined> = {
    ...head,
    ...{ guid: derivedId(cancelNo).toUpperCase(), appType: '1', copNo: cancelNo, invtNo },
    ...{ reason: '合成撤单', agentCode: differs.by ?? agentCode, preNo: undefined },
    ebcCode: differs.merchant ?? head.ebcCode,
  }
  const document = Object.fromEntries(
    CANCELLATION_HEAD.flatMap((name) => (facts[name] === undefined ? [] : [[name, facts[name]]])),
  )
  const hand = async (enterpriseId: string, kind: string, handed: unknown) => {
    const answer = await takeDocuments(gateway.deps, { enterpriseId }, [{ kind, document: handed }])
    const id = answer.kind === 'taken' ? answer.results[0]?.id : undefined
    if (id === undefined) throw new Error(JSON.stringify(answer))
    return id
  }
  const ids = {
    list: await hand(agentCode, 'CEB621', list),
    cancellation: await hand(differs.by ?? agentCode, 'CEB623', document),
  }
  await gateway.settle()
  if (differs.appType !== undefined) {
    await hand(agentCode, 'CEB623', {
      ...document,
      ...{ guid: derivedId(cancelNo, '2').toUpperCase(), appType: differs.appType },
      appTime: '20261015103000',
    })
    gateway.clock.advance(1_000)
    await gateway.settle()
  }
  const declarant = (code: string) =>
    gateway.cast.declarants.find((each) => each.customsCode === code)?.dxpId ?? ''
  return { ...ids, copNo, cancelNo, agentCode, invtNo, receiver: declarant(agentCode) }
}

interface Said {
  readonly of: 'list' | 'cancellation'
  readonly status: string
  readonly time: string
  /** Another telling of the same fact. */
  readonly telling?: string
  readonly receiver?: string
  readonly agentCode?: string
}

const reply = (pair: Pair, said: Said): Uint8Array => {
  const isList = said.of === 'list'
  const copNo = isList ? pair.copNo : pair.cancelNo
  const { status, time, telling = '' } = said
  return customsTells(
    isList ? 'CEB622' : 'CEB624',
    [
      {
        guid: derivedId(copNo, status, time, telling).toUpperCase(),
        agentCode: said.agentCode ?? pair.agentCode,
        copNo,
        preNo: `${isList ? 'B' : 'C'}20261015${pair.invtNo.slice(-9)}`,
        invtNo: pair.invtNo,
        ...{ returnStatus: status, returnTime: time, returnInfo: '合成回执' },
      },
    ],
    said.receiver ?? pair.receiver,
  )
}

const say = async (pair: Pair, ...all: Said[]) => {
  for (const said of all) await takeReply(gateway.deps, reply(pair, said))
  await gateway.settle()
}

const at = (clock: string): string => `20261015${clock}00000`
const stored: Said = { of: 'list', status: '120', time: at('1101') }
const released: Said = { of: 'list', status: '800', time: at('1110') }
const granted: Said = { of: 'cancellation', status: '399', time: at('1120') }

const stateOf = async (id: string): Promise<State | undefined> =>
  (await findDocument(gateway.deps, operator, id))?.state

const permutations = <T>(all: readonly T[]): T[][] =>
  all.length < 2
    ? [[...all]]
    : all.flatMap((first, i) =>
        permutations(all.filter((_, place) => place !== i)).map((rest) => [first, ...rest]),
      )

const totalsNow = async () => (await totals(gateway.deps, { by: 'month', year: 2026 })).total

describe('a granted cancellation', () => {
  const orders = permutations(['stored', 'released', 'granted'] as const)
  // Granted before the release, in the same moment, after it: what is granted stands.
  const moments = { before: at('1105'), same: at('1110'), after: at('1120') }
  const cases = Object.entries(moments).flatMap(([moment, time]) =>
    orders.flatMap((order) =>
      ['one by one', 'twice', 'together'].map((manner) => ({ moment, time, order, manner })),
    ),
  )

  it('ends the same however the replies about list and cancellation arrive', async () => {
    const before = await totalsNow()
    const runs = []
    for (const each of cases) runs.push({ ...each, pair: await sentPair() })
    for (let round = 0; round < 3; round += 1) {
      for (const { pair, order, time, manner } of runs) {
        const facts = { stored, released, granted: { ...granted, time } }
        const due =
          manner === 'together' ? (round === 2 ? order : []) : order.slice(round, round + 1)
        for (const name of due) {
          await takeReply(gateway.deps, reply(pair, facts[name]))
          if (manner === 'twice')
            await takeReply(gateway.deps, reply(pair, { ...facts[name], telling: 'again' }))
        }
      }
      await gateway.settle()
    }
    for (const { pair, time, moment, order, manner } of runs) {
      const what = `${moment} ${order.join(', ')} ${manner}`
      const wanted = statusOf([
        { version: 1, state: 'sent', rank: OWN_RANK.sent, returnTime: '' },
        { version: 1, ...officialStatus('120'), returnTime: stored.time },
        { version: 1, ...officialStatus('800'), returnTime: released.time },
        { version: 1, state: 'cancelled', rank: MADE_RANK, returnTime: time },
      ])
      expect(wanted?.state).toBe('cancelled')
      const events = await findEvents(gateway.deps.db, pair.list)
      expect(statusOf(events), what).toEqual(wanted)
      expect(await stateOf(pair.list), what).toBe(wanted?.state)
      expect(await stateOf(pair.cancellation), what).toBe('approved')
      expect(events.filter(({ state }) => state === 'cancelled').length, what).toBe(1)
    }
    const after = await totalsNow()
    expect(after).toEqual(before)
    await rebuild(gateway.deps)
    expect(await totalsNow()).toEqual(after)
    // What waited for the number of a list was folded again and is settled.
    expect((await listReplies(gateway.deps, { state: 'unmatched' })).replies).toEqual([])
    gateway.clock.advance(NUMBER_RETRY_SECONDS * 1000)
    await gateway.settle()
    expect(await totalsNow()).toEqual(after)
  }, 120_000)

  it('takes a list out of the totals, tells why, and stands beside it', async () => {
    const pair = await sentPair()
    const before = await totalsNow()
    await say(pair, stored, released)
    expect((await totalsNow()).count).toBe(before.count + 1)
    await say(pair, granted)
    expect(await totalsNow()).toEqual(before)
    const list = await findDocument(gateway.deps, operator, pair.list)
    expect(list).toMatchObject({ state: 'cancelled', group: 'refused', returnTime: granted.time })
    expect(list?.related).toMatchObject([
      { id: pair.cancellation, kind: 'CEB623', verb: 'cancel', state: 'approved', group: 'done' },
    ])
    const cancellation = await findDocument(gateway.deps, operator, pair.cancellation)
    expect(cancellation?.related).toMatchObject([
      { id: pair.list, kind: 'CEB621', verb: 'cancel', state: 'cancelled', group: 'refused' },
    ])
    const story = await timelineOf(gateway.deps, operator, pair.list)
    expect(story?.at(-1)).toMatchObject({
      ...{ state: 'cancelled', zh: '已撤销', returnTime: granted.time, info: '合成回执' },
    })
  })

  it('refused changes nothing', async () => {
    const pair = await sentPair()
    await say(pair, stored, released, { ...granted, status: '100' })
    expect(await stateOf(pair.cancellation)).toBe('rejected')
    expect(await stateOf(pair.list)).toBe('released')
    await say(pair, { ...granted, status: '-1', time: at('1130') })
    expect(await stateOf(pair.list)).toBe('released')
  })

  it('whose withdrawal is granted, cancels nothing', async () => {
    const pair = await sentPair({ appType: '3' })
    await say(pair, stored, released, granted)
    expect(await stateOf(pair.cancellation)).toBe('approved')
    expect(await stateOf(pair.list)).toBe('released')
  })

  /** A declarant that files no list of the next pair. */
  const anotherAgent = () => {
    const { agentCode } = gateway.consignment(n + 1).list.InventoryHead
    const by = gateway.cast.declarants.find(({ customsCode }) => customsCode !== agentCode)
    if (by === undefined) throw new Error('one declarant is not enough')
    return by
  }
  const problems = async () =>
    (await listReplies(gateway.deps, { state: 'unmatched' })).replies.map(({ problem }) => problem)

  it.each([
    ['before', 'its list has a number'],
    ['after', 'its list was released'],
  ])('filed by another agent of the merchant cancels as well, granted %s %s', async (order) => {
    const by = anotherAgent()
    const pair = await sentPair({ by: by.customsCode })
    const asked = { ...granted, agentCode: by.customsCode, receiver: by.dxpId }
    const before = await problems()
    if (order === 'before') {
      await say(pair, asked)
      expect(await problems()).toEqual(['NO_TARGET', ...before])
    }
    await say(pair, stored, released)
    if (order === 'after') await say(pair, asked)
    expect(await stateOf(pair.list)).toBe('cancelled')
    expect(await problems()).toEqual(before)
  })

  it('in the name of the merchant by his other code cancels as well', async () => {
    const by = anotherAgent()
    const { ebcCode } = gateway.consignment(n + 1).list.InventoryHead
    const { db } = gateway.deps
    const merchant = await db
      .selectFrom('enterprise')
      .select(['customs_code', 'credit_code'])
      .where('customs_code', '=', ebcCode)
      .executeTakeFirstOrThrow()
    const pair = await sentPair({ by: by.customsCode, merchant: merchant.credit_code ?? '' })
    await say(pair, stored, { ...granted, agentCode: by.customsCode, receiver: by.dxpId })
    expect(await stateOf(pair.list)).toBe('cancelled')
  })

  it('in the name of another merchant has no effect, and an operator sees it', async () => {
    const by = anotherAgent()
    const pair = await sentPair({ by: by.customsCode, merchant: by.customsCode })
    await say(pair, stored, released, {
      ...granted,
      ...{ agentCode: by.customsCode, receiver: by.dxpId },
    })
    expect(await stateOf(pair.cancellation)).toBe('approved')
    expect(await stateOf(pair.list)).toBe('released')
    const { replies } = await listReplies(gateway.deps, { state: 'unmatched' })
    expect(replies[0]).toMatchObject({
      ...{ kind: 'CEB624', problem: 'OTHER_MERCHANT' },
      explanation: { code: 'OTHER_MERCHANT' },
      numbers: [{ kind: 'CEB621', number: pair.invtNo }],
    })
    // Neither learns of the other: the list is not his to see, nor the cancellation its owner's.
    const theirs = await findDocument(
      gateway.deps,
      { enterpriseId: by.customsCode },
      pair.cancellation,
    )
    expect(theirs?.related).toEqual([])
    const own = await findDocument(gateway.deps, { enterpriseId: pair.agentCode }, pair.list)
    expect(own?.related).toEqual([])
  })

  it('of a list whose merchant nobody names reaches no other agent’s', async () => {
    const { cast, clock, deps } = gateway
    const [agent, by] = cast.declarants
    if (by === undefined) throw new Error('one declarant is not enough')
    const list = makeExportList({ n: 9002, cast, at: clock.now() })
    const { copNo, customsCode } = list.InventoryHead
    const invtNo = '80122026E000009002'
    const nobody = { ebcCode: '无', ebcName: '无' }
    const cancellation = {
      guid: derivedId('605', '无').toUpperCase(),
      ...{ appType: '1', appTime: '20261015100000', appStatus: '2', customsCode, copNo: 'C9002' },
      ...{ invtNo, reason: '合成撤单', agentCode: by.customsCode, agentName: by.name, ...nobody },
    }
    const InventoryHead = { ...list.InventoryHead, ...nobody }
    const handed = await takeDocuments(deps, gateway.caller(agent), [
      { kind: 'CEB603', document: { ...list, InventoryHead } },
    ])
    await takeDocuments(deps, gateway.caller(by), [{ kind: 'CEB605', document: cancellation }])
    await gateway.settle()
    const id = handed.kind === 'taken' ? (handed.results[0]?.id ?? '') : ''
    const told = { invtNo, preNo: 'P'.repeat(18), ebcCode: '无', ebpCode: '无', orderNo: 'EO' }
    const sayings = [
      { kind: 'CEB603', status: '120', agent, copNo },
      { kind: 'CEB605', status: '399', agent: by, copNo: 'C9002' },
    ]
    for (const { kind, status, agent: receiver, copNo: number } of sayings) {
      const about = [{ ...told, agentCode: receiver.customsCode, copNo: number }]
      const saying = { kind, status, time: granted.time, about, receiver: receiver.dxpId }
      await takeReply(deps, customsSays(saying))
      await gateway.settle()
    }
    expect(await stateOf(id)).toBe('stored')
    expect(await problems()).toContain('OTHER_MERCHANT')
  })

  it('told again does not cancel a list that was handed in anew', async () => {
    const pair = await sentPair()
    await say(pair, stored, granted)
    gateway.clock.advance(3 * 3_600_000)
    const view = await findDocument(gateway.deps, operator, pair.list)
    const document = view?.document as { InventoryHead: Record<string, string> }
    const InventoryHead = {
      ...document.InventoryHead,
      ...{ guid: derivedId(pair.copNo, 'anew').toUpperCase(), appTime: '20261015140000' },
    }
    const answer = await takeDocuments(gateway.deps, { enterpriseId: pair.agentCode }, [
      { kind: 'CEB621', document: { ...document, InventoryHead } },
    ])
    expect(answer).toMatchObject({ results: [{ version: 2 }] })
    await gateway.settle()
    await say(pair, { ...granted, telling: 'again' })
    expect(await stateOf(pair.list)).toBe('sent')
  })

  it('cancels an export list as well', async () => {
    const { cast, clock, deps } = gateway
    const [agent] = cast.declarants
    const list = makeExportList({ n: 9001, cast, at: clock.now() })
    const { copNo, customsCode, agentCode, agentName, ebcCode, ebcName } = list.InventoryHead
    const invtNo = '80122026E000009001'
    const cancellation = {
      guid: derivedId('605').toUpperCase(),
      ...{ appType: '1', appTime: '20261015100000', appStatus: '2', customsCode, copNo: 'C9001' },
      ...{ invtNo, reason: '合成撤单', agentCode, agentName, ebcCode, ebcName },
    }
    const answer = await takeDocuments(deps, gateway.caller(agent), [
      { kind: 'CEB603', document: list },
      { kind: 'CEB605', document: cancellation },
    ])
    const id = answer.kind === 'taken' ? (answer.results[0]?.id ?? '') : ''
    await gateway.settle()
    const said = { guid: derivedId('604').toUpperCase(), agentCode, preNo: 'P'.repeat(18) }
    await takeReply(
      deps,
      customsTells(
        'CEB606',
        [
          {
            ...{ ...said, copNo: 'C9001', invtNo },
            ...{ returnStatus: '399', returnTime: granted.time, returnInfo: '合成回执' },
          },
        ],
        agent.dxpId,
      ),
    )
    await gateway.settle()
    expect(await stateOf(id)).toBe('sent')
    await takeReply(
      deps,
      customsTells(
        'CEB604',
        [
          {
            ...said,
            ...{ copNo, invtNo, ebcCode, ebpCode: '无', orderNo: 'EO', statisticsFlag: 'B' },
            ...{ returnStatus: '120', returnTime: stored.time, returnInfo: '合成回执' },
          },
        ],
        agent.dxpId,
      ),
    )
    await gateway.settle()
    expect(await stateOf(id)).toBe('cancelled')
  })

  it('whose list gets its number at the same moment cancels it a little later', async () => {
    const pair = await sentPair()
    const { db } = gateway.deps
    const number = { lane: laneOf(pair.invtNo), number: pair.invtNo, name: 'invtNo' }
    const { running } = await db.transaction().execute(async (trx) => {
      await insertCustomsNumbers(trx, [{ ...number, documentId: pair.list }])
      const begun = say(pair, granted)
      // The embedded database does one transaction at a time: there the other only waits.
      if (!gateway.database.embedded) {
        await begun
        expect(await stateOf(pair.list)).toBe('sent')
      }
      return { running: begun }
    })
    await running
    gateway.clock.advance(NUMBER_RETRY_SECONDS * 1000)
    await gateway.settle()
    expect(await stateOf(pair.list)).toBe('cancelled')
    const left = await sql<{ count: number }>`
      select count(*)::int as count from unmatched_reply where number = ${pair.invtNo}`.execute(db)
    expect(left.rows).toEqual([{ count: 0 }])
  })

  it('that is folded again for one list leaves the others in its message alone', async () => {
    const waits = await sentPair()
    // One message goes to one account: the declarants take turns.
    const pairs = []
    for (const _ of gateway.cast.declarants) pairs.push(await sentPair())
    const other = pairs.find(({ agentCode }) => agentCode === waits.agentCode)
    if (other === undefined) throw new Error('no two lists of one declarant')
    const { receiver } = waits
    await say(other, { ...stored, receiver })
    const single = (pair: Pair) => ({
      guid: derivedId(pair.cancelNo, 'both').toUpperCase(),
      ...{ agentCode: pair.agentCode, copNo: pair.cancelNo, preNo: `D${pair.invtNo.slice(-17)}` },
      ...{ invtNo: pair.invtNo, returnStatus: '399', returnTime: granted.time },
      returnInfo: '合成回执',
    })
    await takeReply(gateway.deps, customsTells('CEB624', [single(waits), single(other)], receiver))
    await gateway.settle()
    expect(await stateOf(waits.list)).toBe('sent')
    expect(await stateOf(other.list)).toBe('cancelled')
    const view = await findDocument(gateway.deps, operator, other.cancellation)
    for (const [i, hour] of ['16', '17'].entries()) {
      const changed = {
        ...view?.document,
        ...{ guid: derivedId(other.cancelNo, hour).toUpperCase(), appType: '2' },
        appTime: `20261015${hour}0000`,
      }
      const answer = await takeDocuments(gateway.deps, { enterpriseId: other.agentCode }, [
        { kind: 'CEB623', document: changed },
      ])
      expect(answer).toMatchObject({ results: [{ version: i + 2 }] })
    }
    const before = await findEvents(gateway.deps.db, other.cancellation)
    await say(waits, stored)
    expect(await stateOf(waits.list)).toBe('cancelled')
    const after = await findEvents(gateway.deps.db, other.cancellation)
    const said = (events: typeof after) => events.filter(({ returnTime }) => returnTime !== '')
    expect(said(after)).toEqual(said(before))
  })

  it('is found by the number of its list, with the list', async () => {
    const pair = await sentPair()
    await say(pair, stored)
    const { documents } = await listDocuments(gateway.deps, operator, { q: pair.invtNo })
    expect(documents.map(({ id }) => id).sort()).toEqual([pair.list, pair.cancellation].sort())
  })
})
