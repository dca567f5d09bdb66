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
    const { version, stands } = countingVersion(events)
    const list = held.versions[version - 1]
    if (list === undefined) continue
    const answers = told.filter((one) => one.version === version)
    const declaring = answers.filter(
      ({ state }) => !REFUSED.includes(state) && !SAYS_NOTHING.includes(state),
    )
    if (!REFUSED.includes(stands) && declaring.length > 0) count('declared', first(declaring), list)
    const isDone = ({ state }: { state: string }) => state === 'released' || state === 'closed'
    const ends = answers.filter((one) => isDone(one) || REFUSED.includes(one.state))
    const end = statusOf(ends)
    if (end === undefined || !isDone(end)) continue
    count('released', first(ends.filter(isDone)), list)
    await takeOff(deps, held, list, returns, (at, currency, amount) =>
      put('released', at, currency, -amount, 0),
    )
  }
  for (const { of, amount } of settled) put('settled', `2026${of}`, '142', amount * 100_000n, 1)
  return sums
}

type Events = Awaited<ReturnType<typeof findEvents>>

/** The newest version that customs took, and how it stands; 0 where it took none. */
export const countingVersion = (events: Events): { version: number; stands: string } => {
  const told = events.filter(
    ({ returnTime, state }) => returnTime !== '' && !SAYS_NOTHING.includes(state),
  )
  const versions = [...new Set(told.map(({ version }) => version))].sort((a, b) => b - a)
  for (const version of versions) {
    const stands = statusOf(told.filter((one) => one.version === version))?.state ?? ''
    if (stands !== 'rejected' && stands !== 'forward-failed') return { version, stands }
  }
  return { version: 0, stands: '' }
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
