/** By which version a list counts, and what takes it out again. Enterprises and lists are synthetic. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { takeDocuments } from '../../src/flow/intake.ts'
import { takeReply } from '../../src/flow/receive.ts'
import { totals } from '../../src/flow/totals.ts'
import { checkTotals } from '../../src/flow/totals-rebuild.ts'
import { stamp17 } from '../../src/kernel/clock.ts'
import { customsSays } from '../support/customs-says.ts'
import { type TestGateway, testGateway } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  // An office that never answers: every reply is told by the test.
  gateway = await testGateway({ fault: () => ({ kind: 'sent' }) })
  await gateway.deps.db.updateTable('enterprise').set({ waits_for_companions: false }).execute()
})
afterAll(() => gateway.close())

let n = 0
const MINUTE_MS = 60_000

interface World {
  /** Hands a version in and sends it; its one line is worth so many yuan. */
  put(yuan: string, appType: string): Promise<void>
  says(status: string, minutesAgo?: number): Promise<void>
  /** What the list counts for, beside all lists before it. */
  counts(): Promise<Record<'declared' | 'released', string>>
}

const world = async (): Promise<World> => {
  n += 1
  const { list } = gateway.consignment(3 * n + 2)
  const [line] = list.InventoryList
  const { agentCode, copNo = '' } = list.InventoryHead
  const invtNo = `80122026I${String(n).padStart(9, '0')}`
  const receiver = gateway.cast.all.find((one) => one.customsCode === agentCode)?.dxpId ?? ''
  const figure = async (scope: 'declared' | 'released'): Promise<number> =>
    Number((await totals(gateway.deps, { by: 'month', year: 2026, scope })).total.amount)
  const before = { declared: await figure('declared'), released: await figure('released') }
  let version = 0
  return {
    put: async (yuan, appType) => {
      version += 1
      gateway.clock.advance(10 * MINUTE_MS)
      const head = {
        ...{ ...list.InventoryHead, appType },
        guid: list.InventoryHead.guid.replace(/^.{4}/, `A00${version}`),
        appTime: stamp17(gateway.clock.now()).slice(0, 14),
      }
      const lines = [{ ...line, qty: '1', qty1: '1', price: yuan, totalPrice: yuan }]
      const document = { ...list, InventoryHead: head, InventoryList: lines }
      const answer = await takeDocuments(gateway.deps, { enterpriseId: agentCode }, [
        { kind: 'CEB621', document },
      ])
      expect(answer).toMatchObject({ kind: 'taken', results: [{ version }] })
      await gateway.settle()
      gateway.clock.advance(10 * MINUTE_MS)
    },
    says: async (status, minutesAgo = 0) => {
      gateway.clock.advance(MINUTE_MS)
      const time = stamp17(new Date(gateway.clock.now().getTime() - minutesAgo * MINUTE_MS))
      const about = [{ agentCode, copNo, invtNo }]
      await takeReply(gateway.deps, customsSays({ kind: 'CEB621', status, time, about, receiver }))
      await gateway.settle()
    },
    counts: async () => ({
      declared: ((await figure('declared')) - before.declared).toFixed(0),
      released: ((await figure('released')) - before.released).toFixed(0),
    }),
  }
}

describe('a version that customs refused', () => {
  it('replaces nothing: what it was to change counts on', async () => {
    const { put, says, counts } = await world()
    await put('100', '1')
    await says('120')
    await put('900', '2')
    expect(await counts()).toEqual({ declared: '100', released: '0' })
    await says('100')
    expect(await counts()).toEqual({ declared: '100', released: '0' })
  })

  it('deletes nothing', async () => {
    const { put, says, counts } = await world()
    await put('100', '1')
    await says('120')
    await put('100', '3')
    await says('100')
    expect(await counts()).toEqual({ declared: '100', released: '0' })
  })

  it('leaves the release of the one before, told while it was under way', async () => {
    const { put, says, counts } = await world()
    await put('100', '1')
    await says('120')
    await put('900', '2')
    await says('800', 15)
    expect(await counts()).toEqual({ declared: '100', released: '100' })
    await says('100')
    expect(await counts()).toEqual({ declared: '100', released: '100' })
  })

  it('counts for nothing where it is the only one', async () => {
    const { put, says, counts } = await world()
    await put('100', '1')
    await says('120')
    await says('100')
    expect(await counts()).toEqual({ declared: '0', released: '0' })
  })
})

describe('a version that customs took', () => {
  it('takes the place of the one before, and its release too', async () => {
    const { put, says, counts } = await world()
    await put('100', '1')
    await says('120')
    await put('900', '2')
    await says('120')
    expect(await counts()).toEqual({ declared: '900', released: '0' })
    await says('800')
    expect(await counts()).toEqual({ declared: '900', released: '900' })
  })
})

describe('a release', () => {
  it.each(['850', '120', '500'])('stands when customs says %s after it', async (status) => {
    const { put, says, counts } = await world()
    await put('100', '1')
    await says('120')
    await says('800')
    await says(status)
    expect(await counts()).toEqual({ declared: '100', released: '100' })
  })

  it('ends by 退运, whatever is said after that', async () => {
    const { put, says, counts } = await world()
    await put('100', '1')
    await says('800')
    await says('700')
    expect(await counts()).toEqual({ declared: '0', released: '0' })
    await says('850')
    expect(await counts()).toEqual({ declared: '0', released: '0' })
  })
})

it('counts the same afterwards, by documents and events alone', async () => {
  expect(await checkTotals(gateway.deps)).toMatchObject({ corrected: 0 })
})
