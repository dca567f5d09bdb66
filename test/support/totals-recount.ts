/**
 * What documents come to in the totals, reckoned from their events and nothing else: a second hand, which
 * shares no statement with the gateway.
 */
import { findDocument } from '../../src/flow/queries.ts'
import { statusOf } from '../../src/flow/status.ts'
import type { FlowDeps } from '../../src/flow/types.ts'
import { findEvents } from '../../src/store/listing.ts'

export interface Line {
  readonly gnum: string
  readonly qty: string
  readonly totalPrice: string
  readonly currency: string
}
export interface Listed {
  readonly InventoryHead: Readonly<Record<string, string>>
  readonly InventoryList: readonly Line[]
}
export interface Held {
  readonly id: string
  readonly kind: 'CEB621' | 'CEB603'
  readonly agentCode: string
  readonly copNo: string
  readonly invtNo: string
  /** By version, from 1. */
  readonly versions: Listed[]
}
export interface Returned {
  readonly of: string
  readonly id: string
  readonly gnum: string
  readonly qty: string
}

/** `202610 502`: amounts of 1/100000 in the currency, and how many lists. */
export type Sums = Map<string, { amount: bigint; count: number }>

export const units = (text: string): bigint => {
  const [whole = '0', part = ''] = text.split('.')
  return BigInt(whole + part.padEnd(5, '0'))
}

const REFUSED = ['rejected', 'sent-back', 'cancelled', 'forward-failed']
const SAYS_NOTHING = ['drafted', 'unknown']

const operator = { enterpriseId: '', operator: true }

/** What was handed in and told. */
export interface Counted {
  readonly lists: readonly Held[]
  readonly returns: readonly Returned[]
  /** CNY, in the month `MM` of 2026. */
  readonly settled: readonly { readonly of: string; readonly amount: bigint }[]
}

/** What the documents come to, reckoned from their events and nothing else. */
export const recount = async (
  deps: FlowDeps,
  { lists, returns, settled }: Counted,
): Promise<ReadonlyMap<string, Sums>> => {
  const sums = new Map<string, Sums>([
    ['released', new Map()],
    ['declared', new Map()],
    ['settled', new Map()],
  ])
  const put = (scope: string, at: string, currency: string, amount: bigint, count: number) => {
    const of = sums.get(scope) as Sums
    const key = `${at} ${currency}`
    const held = of.get(key) ?? { amount: 0n, count: 0 }
    of.set(key, { amount: held.amount + amount, count: held.count + count })
  }
  const count = (scope: string, at: string, { InventoryHead, InventoryList }: Listed) => {
    if (InventoryHead.appType === '3') return
    const currencies = [...new Set(InventoryList.map(({ currency }) => currency))].sort()
    for (const [i, currency] of currencies.entries()) {
      const lines = InventoryList.filter((line) => line.currency === currency)
      const amount = lines.reduce((sum, line) => sum + units(line.totalPrice), 0n)
      put(scope, at, currency, amount, i === 0 ? 1 : 0)
    }
  }
  for (const held of lists) {
    const events = await findEvents(deps.db, held.id)
    const first = (of: readonly { returnTime: string }[]): string =>
      of.map(({ returnTime }) => returnTime.slice(0, 6)).sort()[0] ?? ''
    const told = events.filter(({ returnTime }) => returnTime !== '')
    const newest = Math.max(0, ...told.map(({ version }) => version))
    const answers = told.filter(({ version }) => version === newest)
    const stands = statusOf(answers)?.state ?? 'unknown'
    const declaring = answers.filter(
      ({ state }) => !REFUSED.includes(state) && !SAYS_NOTHING.includes(state),
    )
    const listed = held.versions[newest - 1]
    if (!REFUSED.includes(stands) && declaring.length > 0 && listed !== undefined)
      count('declared', first(declaring), listed)
    const { version = 0, state } = statusOf(events) ?? {}
    const done = events.filter(
      (one) => one.version === version && (one.state === 'released' || one.state === 'closed'),
    )
    const list = held.versions[version - 1]
    if ((state !== 'released' && state !== 'closed') || list === undefined) continue
    count('released', first(done), list)
    await takeOff(deps, held, list, returns, (at, currency, amount) =>
      put('released', at, currency, -amount, 0),
    )
  }
  for (const { of, amount } of settled) put('settled', `2026${of}`, '142', amount * 100_000n, 1)
  return sums
}

/** Returns of one line one after the other, each no more than what is left. */
const takeOff = async (
  deps: FlowDeps,
  held: Held,
  { InventoryHead, InventoryList }: Listed,
  returns: readonly Returned[],
  take: (at: string, currency: string, amount: bigint) => void,
) => {
  if (InventoryHead.appType === '3') return
  const granted: (Returned & { at: string })[] = []
  for (const one of returns.filter(({ of }) => of === held.id)) {
    const found = await findDocument(deps, operator, one.id)
    if (found?.group !== 'done') continue
    const events = (await findEvents(deps.db, one.id)).filter(
      ({ state, version }) => version === found.version && state === found.state,
    )
    const times = events.map(({ returnTime }) => returnTime).sort()
    granted.push({ ...one, at: times[0] ?? '' })
  }
  granted.sort((a, b) => (a.at < b.at ? -1 : 1))
  const back = new Map<string, bigint>()
  for (const { gnum, qty, at } of granted) {
    const line = InventoryList.find((one) => one.gnum === gnum)
    if (line === undefined) continue
    const whole = BigInt(line.qty)
    const value = units(line.totalPrice)
    const lost = (of: bigint): bigint =>
      of >= whole ? value : (2n * value * of + whole) / (2n * whole)
    const before = back.get(gnum) ?? 0n
    back.set(gnum, before + BigInt(qty))
    take(at.slice(0, 6), line.currency, lost(before + BigInt(qty)) - lost(before))
  }
}
