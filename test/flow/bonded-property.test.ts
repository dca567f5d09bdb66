/**
 * Whatever happens to a bonded book and to the lists that draw on it, in whatever order it is told: its
 * stock is what the log adds up to, and what entries, counts and the documents as they stand come to.
 */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { APP_TYPE } from '../../src/catalogue/message.ts'
import { DELETED_STATES } from '../../src/catalogue/statuses.ts'
import { zones } from '../../src/catalogue/zones/index.ts'
import { act } from '../../src/flow/actions.ts'
import { visibleBook } from '../../src/flow/bonded-books.ts'
import { takeCount } from '../../src/flow/bonded-counts.ts'
import { takeDocuments } from '../../src/flow/intake.ts'
import { findDocument } from '../../src/flow/queries.ts'
import { recountQuotas } from '../../src/flow/quota-recount.ts'
import { takeReply } from '../../src/flow/receive.ts'
import {
  drawing,
  enter,
  logged,
  makeBook,
  rowsOf,
  standing,
  type TestBook,
} from '../support/bonded.ts'
import { customsSays } from '../support/customs-says.ts'
import { type TestGateway, testGateway } from '../support/gateway.ts'

const RUNS = 6
const STEPS_MAX = 36
const ITEMS = ['A', 'B'] as const

let gateway: TestGateway
beforeAll(async () => {
  gateway = await testGateway({ fault: () => ({ kind: 'sent' }) })
  const { db } = gateway.deps
  await db.updateTable('enterprise').set({ waits_for_companions: false }).execute()
})
afterAll(() => gateway.close())

const operator = { enterpriseId: '', operator: true }
const item = fc.constantFrom(...ITEMS)
const which = fc.nat({ max: 7 })
const minute = fc.integer({ min: 1101, max: 1159 })
const step = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constant('entry'), item, qty: fc.nat({ max: 9 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('count'), item, qty: fc.nat({ max: 20 }) }) },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('list'), a: fc.nat({ max: 6 }), b: fc.nat({ max: 6 }) }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      ...{ do: fc.constant('say'), which, minute },
      status: fc.constantFrom('120', '500', '100', '700', '800', '800', '899'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('change'), which, a: fc.nat({ max: 6 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('delete'), which }) },
  {
    weight: 5,
    arbitrary: fc.record({
      ...{ do: fc.constant('act'), which, minute },
      verb: fc.constantFrom('cancel', 'return', 'return', 'return'),
      status: fc.constantFrom('399', '399', '100'),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('settle') }) },
)
type Step = Readonly<Record<string, string | number>>

interface Held {
  readonly id: string
  readonly copNo: string
  readonly agentCode: string
  readonly invtNo: string
  readonly list: ReturnType<typeof drawing>
}

let runs = 0
let serial = 0

/** One book, its lists, and what was entered by hand. */
const play = async () => {
  runs += 1
  const [zone] = zones
  const areaCode = gateway.cast.warehouses.get(zone?.code ?? '')?.customsCode ?? ''
  const book: TestBook = { emsNo: `T8012P${String(runs).padStart(6, '0')}`, areaCode }
  await makeBook(gateway.deps, book, zone?.code ?? '', { A: '8', B: '4' })
  const entered = new Map<string, number>([
    ['A', 8],
    ['B', 4],
  ])
  const lists: Held[] = []
  const returns: { readonly of: string; readonly id: string; readonly gnum: string }[] = []
  const pick = (s: Step): Held | undefined => lists[Number(s.which) % Math.max(1, lists.length)]
  const add = (name: string, qty: number) => entered.set(name, (entered.get(name) ?? 0) + qty)

  const lines = (a: number, b: number) =>
    [
      { item: 'A', qty: String(a) },
      { item: 'B', qty: String(b) },
    ].filter(({ qty }) => qty !== '0')

  const hand = async (agentCode: string, document: unknown) => {
    const handed = [{ kind: 'CEB621', document }]
    const answer = await takeDocuments(gateway.deps, { enterpriseId: agentCode }, handed)
    return answer.kind === 'taken' ? answer.results[0] : undefined
  }

  const say = async (held: Pick<Held, 'copNo' | 'agentCode' | 'invtNo'>, kind: string, s: Step) => {
    const { copNo, agentCode, invtNo } = held
    const receiver = gateway.cast.all.find((one) => one.customsCode === agentCode)?.dxpId ?? ''
    const time = `20261015${s.minute}00000`
    const about = [{ copNo, agentCode, invtNo }]
    await takeReply(
      gateway.deps,
      customsSays({ kind, status: String(s.status), time, about, receiver }),
    )
  }

  const next = (held: Held, appType: string, a: number) => {
    serial += 1
    const list = drawing(held.list, book, lines(a, 1))
    const guid = held.list.InventoryHead.guid.replace(/^.{6}/, String(serial).padStart(6, '0'))
    const two = (part: number): string => String(part % 60).padStart(2, '0')
    const appTime = `2026123110${two(Math.floor(serial / 60))}${two(serial)}`
    return { ...list, InventoryHead: { ...list.InventoryHead, appType, appTime, guid } }
  }

  const steps: Readonly<Record<string, (s: Step) => Promise<void>>> = {
    entry: async (s) => {
      serial += 1
      const qty = Number(s.qty) + 1
      const wanted = [{ itemRecordNo: String(s.item), qty: String(qty) }]
      const made = await enter(gateway.deps, book, 'entry', `E-${serial}`, wanted)
      expect(made.kind).toBe('entered')
      add(String(s.item), qty)
    },
    count: async (s) => {
      const caller = { enterpriseId: book.areaCode }
      const found = await visibleBook(gateway.deps, caller, book.emsNo)
      if (found === undefined) throw new Error('the book is not there')
      const rows = rowsOf([{ itemRecordNo: s.item, qty: String(s.qty) }])
      const take = (apply?: { at: Date; token: string }) =>
        takeCount(
          gateway.deps,
          found,
          { caller, userId: undefined },
          { rows, apply, at: apply?.at },
        )
      const seen = await take()
      if (seen.kind !== 'report') throw new Error(seen.kind)
      const { at, token, differences } = seen.report
      const booked = await take({ at: new Date(at), token })
      expect(booked.kind).toBe('report')
      for (const { itemRecordNo, difference } of differences) add(itemRecordNo, Number(difference))
      // Movements of the same moment would count as before it.
      gateway.clock.advance(1)
    },
    list: async (s) => {
      const [a, b] = [Number(s.a), Number(s.b)]
      if (a + b === 0) return
      serial += 1
      const list = drawing(gateway.consignment(runs * 100 + lists.length).list, book, lines(a, b))
      const before = await standing(gateway.deps, book)
      const { copNo = '', agentCode } = list.InventoryHead
      const result = await hand(agentCode, list)
      const free = (name: string) => {
        const [stock = 0, reserved = 0] = (before[name] ?? '').split(' - ').map(Number)
        return stock - reserved
      }
      const fits = (a === 0 || a <= free('A')) && (b === 0 || b <= free('B'))
      expect(result?.id !== undefined, JSON.stringify({ before, a, b, result })).toBe(fits)
      const invtNo = `80122026I${String(serial).padStart(9, '0')}`
      if (result?.id !== undefined) lists.push({ id: result.id, copNo, agentCode, invtNo, list })
    },
    say: async (s) => {
      const held = pick(s)
      if (held !== undefined) await say(held, 'CEB621', s)
    },
    change: async (s) => {
      const held = pick(s)
      if (held !== undefined)
        await hand(held.agentCode, next(held, APP_TYPE.change, Number(s.a) + 1))
    },
    delete: async (s) => {
      const held = pick(s)
      const found = held && (await findDocument(gateway.deps, operator, held.id))
      if (held === undefined || found === undefined || found.group === 'refused') return
      // A deletion names what it deletes.
      const document = found.document as unknown as Held['list']
      const { guid, appTime } = next(held, APP_TYPE.delete, 1).InventoryHead
      const head = { ...document.InventoryHead, guid, appTime, appType: APP_TYPE.delete }
      await hand(held.agentCode, { ...document, InventoryHead: head })
    },
    act: async (s) => {
      const held = pick(s)
      if (held === undefined) return
      const verb = s.verb === 'cancel' ? 'cancel' : 'return'
      const found = await findDocument(gateway.deps, operator, held.id)
      const [line] = (found?.document as unknown as Held['list'] | undefined)?.InventoryList ?? []
      const wanted = verb === 'return' ? { lines: [{ gnum: line?.gnum ?? '', qty: '1' }] } : {}
      const caller = { enterpriseId: held.agentCode }
      const request = { reason: '合成原因', force: true, ...wanted }
      const answer = await act(gateway.deps, caller, verb, held.id, request)
      const id = answer.kind === 'handed-in' ? answer.results[0]?.id : undefined
      if (answer.kind !== 'handed-in' || id === undefined) return
      const made = Object(answer.document)
      const copNo = String((verb === 'return' ? made.InvtRefundHead : made).copNo)
      if (verb === 'return') returns.push({ of: held.id, id, gnum: line?.gnum ?? '' })
      // What was not sent yet is answered by nobody.
      await gateway.settle()
      await say({ ...held, copNo }, verb === 'return' ? 'CEB625' : 'CEB623', s)
    },
    settle: () => gateway.settle(),
  }

  /** From what was entered and the documents as they stand. */
  const recount = async () => {
    const stock = new Map(entered)
    const reserved = new Map<string, number>()
    for (const { id } of lists) {
      const found = await findDocument(gateway.deps, operator, id)
      if (found === undefined) throw new Error('a list is gone')
      const { InventoryHead, InventoryList } = found.document as unknown as Held['list']
      const isGone =
        InventoryHead.appType === APP_TYPE.delete && DELETED_STATES.includes(found.state)
      if (found.group === 'refused') continue
      for (const { gnum, itemRecordNo = '', qty } of InventoryList) {
        if (found.group !== 'done') {
          if (!isGone) reserved.set(itemRecordNo, (reserved.get(itemRecordNo) ?? 0) + Number(qty))
          continue
        }
        let back = 0
        for (const one of returns.filter(({ of, gnum: of_ }) => of === id && of_ === gnum))
          if ((await findDocument(gateway.deps, operator, one.id))?.group === 'done') back += 1
        const left = Number(qty) - Math.min(back, Number(qty))
        stock.set(itemRecordNo, (stock.get(itemRecordNo) ?? 0) - left)
      }
    }
    return Object.fromEntries(
      ITEMS.map((name) => [name, `${stock.get(name) ?? 0} - ${reserved.get(name) ?? 0}`]),
    )
  }
  return { book, steps, recount }
}

it('stock is what the log and the documents come to', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: STEPS_MAX / 2, maxLength: STEPS_MAX, size: 'max' }),
      async (taken) => {
        const { book, steps, recount } = await play()
        for (const one of taken) await steps[one.do]?.(one as Step)
        await gateway.settle()
        const found = await standing(gateway.deps, book)
        const fromLog = await logged(gateway.deps, book)
        expect(found).toEqual(await recount())
        expect({ A: '0 - 0', B: '0 - 0', ...fromLog }).toEqual(found)
        await recountQuotas(gateway.deps)
        expect(await standing(gateway.deps, book)).toEqual(found)
      },
    ),
    { numRuns: RUNS, endOnFailure: true },
  )
}, 240_000)
