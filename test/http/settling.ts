/**
 * Settling over HTTP: an institution, a bank and a seller, lists that customs released, and records
 * that settle them. Enterprises and numbers are synthetic.
 */
import { followSettlements } from '../../src/flow/settlements-follow.ts'
import type { Fault } from '../../src/kernel/fault.ts'
import { readFraction, times, writeFixed } from '../../src/kernel/fraction.ts'
import { listNumber, makeExportList } from '../support/export-lists.ts'
import { bearer, json } from './app.ts'
import { broker } from './broker.ts'

export const SETTLEMENTS = '/api/v1/settlements'
export const BANK = { customsCode: '5000960099', name: '渝关合成银行', roles: ['bank'] }

export interface Taken {
  readonly taken?: number
  readonly code?: string
  readonly results?: readonly {
    readonly id?: string
    readonly matched?: string
    readonly open?: string
    readonly duplicate?: boolean
    readonly faults?: readonly Fault[]
  }[]
  readonly faults?: readonly Fault[]
}
export type NamedLine = readonly [
  name: { readonly orderNo?: string; readonly listNo?: string },
  amount: string,
]

export type Settling = Awaited<ReturnType<typeof settling>>

/** A world of its own, which whoever opens it closes. */
export const settling = async () => {
  const test = await broker()
  const payer = test.app.account(test.cast.payer).key
  const [merchant] = test.cast.merchants
  const seller = merchant.customsCode
  const sellerKey = (await test.app.register(merchant)).key
  const { creditCode: _, ...rest } = test.cast.payer
  const bank = (await test.app.register({ ...rest, ...BANK } as never)).key
  let count = 0
  let lists = 0

  const send = async (init: RequestInit, path = SETTLEMENTS) => {
    const response = await test.app.fetch(path, init)
    return { status: response.status, body: (await response.json()) as Taken }
  }
  const hand = (records: readonly unknown[], by = payer) => send(json(by, { settlements: records }))
  const withdraw = (id: string, by = payer) =>
    send(json(by, { reason: '合成原因' }), `${SETTLEMENTS}/${id}/withdraw`)

  const record = (lines: readonly NamedLine[], head: Record<string, string> = {}) => {
    count += 1
    const cents = lines.reduce((sum, [, amount]) => sum + Number(amount) * 100, 0)
    const gross = (Math.round(cents) / 100).toFixed(2)
    const net = head.net ?? gross
    const rate = head.rate ?? '1'
    return {
      SettlementHead: {
        ...{ number: `ST${String(count).padStart(6, '0')}`, version: '1', bank: '合成银行' },
        ...{ institution: test.cast.payer.customsCode, nature: '1', direction: '3', seller },
        ...{ periodFrom: '20261001', periodTo: '20261031', currency: '142', gross, net, rate },
        rmb: writeFixed(times(readFraction(net) ?? never(), readFraction(rate) ?? never()), 2),
        ...{ valueDate: '20261010', bopCode: '122030' },
        ...head,
      },
      SettlementList: lines.map(([name, amount]) => ({ ...name, amount })),
    }
  }

  /** An export list worth so much, handed in and, unless told, released. */
  const exportList = async (
    amount: string,
    { release = true, currency = '142', head = {} } = {},
  ) => {
    lists += 1
    const settings = { n: 500 + lists, cast: test.cast, at: test.clock.now(), head }
    const list = makeExportList(settings)
    const InventoryList = list.InventoryList.slice(0, 1).map((line) => ({
      ...{ ...line, qty: '1', qty1: '1', price: amount, totalPrice: amount, currency },
    }))
    const [id = ''] = await test.handIn('CEB603', [{ ...list, InventoryList }])
    const { copNo, agentCode, ebcCode, ebpCode, orderNo } = list.InventoryHead
    const invtNo = listNumber('E', 500 + lists)
    const facts = { copNo, agentCode, ebcCode, ebpCode, orderNo, statisticsFlag: 'B', invtNo }
    const says = (status: string) => test.says('CEB603', status, [facts])
    if (release) await says('800')
    return { id, orderNo, invtNo, says, list: { ...list, InventoryList } }
  }
  const follow = async () => {
    test.clock.advance(1000)
    await followSettlements(test.app.gateway.flow)
  }
  /** Why the first line of a record has no list; null when it has one. */
  const reasonOf = async (id: string) => {
    const { lines } = await test.get(`${SETTLEMENTS}/${id}`, payer)
    return (lines as { reason: string | null }[])[0]?.reason
  }
  /** CNY for a dollar in a month, `yyyy-MM`. */
  const tellRate = async (month: string, rate: string) => {
    const loaded = await test.app.fetch('/api/v1/reference/exchange-rates?source=synthetic', {
      method: 'POST',
      headers: { ...bearer(test.app.operatorKey), 'content-type': 'text/csv' },
      body: `currency,month,rate,announcedOn\n502,${month},${rate},${month}-01\n`,
    })
    if (!loaded.ok) throw new Error(await loaded.text())
  }
  return {
    ...{ test, payer, seller, sellerKey, bank, send, hand, withdraw, record, exportList },
    ...{ follow, reasonOf, tellRate },
  }
}

export const codesOf = ({ body }: { readonly body: Taken }) =>
  (body.results ?? []).flatMap(({ faults = [] }) => faults.map(({ code }) => code))

const never = (): never => {
  throw new Error('no number')
}
