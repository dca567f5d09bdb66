/**
 * Stock of bonded books: what lists reserve when they are handed in, what becomes of it when customs
 * answers, in whatever order; and that the log and the documents come to the same.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { APP_TYPE } from '../../src/catalogue/message.ts'
import { zones } from '../../src/catalogue/zones/index.ts'
import { act } from '../../src/flow/actions.ts'
import { visibleBook } from '../../src/flow/bonded-books.ts'
import { listMovementViews } from '../../src/flow/bonded-movements.ts'
import { takeDocuments } from '../../src/flow/intake.ts'
import { takeReply } from '../../src/flow/receive.ts'
import { setRuleSwitches } from '../../src/store/rule-switches.ts'
import { inTransaction } from '../../src/store/transaction.ts'
import {
  type DrawnLine,
  drawing,
  enter,
  logged,
  makeBook,
  standing,
  type TestBook,
} from '../support/bonded.ts'
import { customsSays } from '../support/customs-says.ts'
import { type TestGateway, testGateway } from '../support/gateway.ts'
import { fileByAnother } from '../support/other-agents.ts'

let gateway: TestGateway
beforeAll(async () => {
  // An office that never answers: every reply is told by the test.
  gateway = await testGateway({ fault: () => ({ kind: 'sent' }) })
  const { db } = gateway.deps
  await db.updateTable('enterprise').set({ waits_for_companions: false }).execute()
})
afterAll(() => gateway.close())

let books = 0
const newBook = async (stock: Readonly<Record<string, string>>): Promise<TestBook> => {
  books += 1
  const [zone] = zones
  const areaCode = gateway.cast.warehouses.get(zone?.code ?? '')?.customsCode ?? ''
  const book = { emsNo: `T8012W${String(books).padStart(6, '0')}`, areaCode }
  await makeBook(gateway.deps, book, zone?.code ?? '', stock)
  return book
}

let lists = 0
type Made = ReturnType<typeof makeList>
const makeList = (book: TestBook, lines: readonly DrawnLine[]) => {
  lists += 1
  const list = drawing(gateway.consignment(lists).list, book, lines)
  const { copNo = '', agentCode } = list.InventoryHead
  return { list, copNo, agentCode, invtNo: `80122026I${String(lists).padStart(9, '0')}` }
}

/** Another version of it. */
const changed = (
  made: Made,
  book: TestBook,
  lines: readonly DrawnLine[],
  appType: string,
): Made => {
  versions += 1
  const list = drawing(made.list, book, lines)
  const head = {
    ...list.InventoryHead,
    ...{ appType, appTime: `202612311${String(versions).padStart(3, '0')}00` },
    guid: list.InventoryHead.guid.replace(/^.{4}/, String(versions).padStart(4, '0')),
  }
  return { ...made, list: { ...list, InventoryHead: head } }
}
let versions = 0

const isOurs = ({ code }: { readonly code: string }): boolean => code.includes('BONDED')

const hand = async (made: Made, dryRun = false) => {
  const handed = { kind: 'CEB621', document: made.list }
  const caller = { enterpriseId: made.agentCode }
  const answer = await takeDocuments(gateway.deps, caller, [handed], { dryRun })
  if (answer.kind !== 'taken') throw new Error(answer.kind)
  const [result] = answer.results
  const faults = (result?.faults ?? []).filter(isOurs)
  return {
    ...made,
    id: result?.id ?? '',
    faults: faults.map(({ code, severity, pointer }) => `${severity} ${code} ${pointer}`),
    texts: faults.map(({ text }) => text.zh),
  }
}

const put = async (book: TestBook, lines: readonly DrawnLine[]) => {
  const taken = await hand(makeList(book, lines))
  if (taken.id === '') throw new Error(JSON.stringify(taken.faults))
  return taken
}

const receiver = (agentCode: string): string =>
  gateway.cast.all.find((one) => one.customsCode === agentCode)?.dxpId ?? ''

const say = async (
  { copNo, agentCode, invtNo }: Pick<Made, 'copNo' | 'agentCode' | 'invtNo'>,
  status: string,
  clock: string,
  kind = 'CEB621',
) => {
  const about = [{ copNo, agentCode, invtNo }]
  const time = `20261015${clock}00000`
  const bytes = customsSays({ kind, status, time, about, receiver: receiver(agentCode) })
  await takeReply(gateway.deps, bytes)
}

/** The book as it stands, which the log must come to as well. */
const now = async (book: TestBook): Promise<Readonly<Record<string, string>>> => {
  const found = await standing(gateway.deps, book)
  const moved = Object.entries(found).filter(([, text]) => text !== '0 - 0')
  expect(await logged(gateway.deps, book)).toMatchObject(Object.fromEntries(moved))
  return found
}

const soften = (book: TestBook, rule: 'BONDED_STOCK' | 'BONDED_ITEM', severity: 'warn' | null) =>
  inTransaction(gateway.deps.db, (trx) =>
    setRuleSwitches(trx, book.areaCode, [{ rule, severity }], {
      ...{ setBy: null, now: gateway.clock.now() },
    }),
  )

describe('at intake', () => {
  it('a list reserves what its lines draw, to the last piece, and not more', async () => {
    const book = await newBook({ A: '10', B: '2.5' })
    await put(book, [
      { item: 'A', qty: '4' },
      { item: 'B', qty: '0.5' },
      { item: 'A', qty: '3' },
    ])
    expect(await now(book)).toEqual({ A: '10 - 7', B: '2.5 - 0.5' })
    const over = await hand(
      makeList(book, [
        { item: 'B', qty: '1' },
        { item: 'A', qty: '3.00001' },
      ]),
    )
    expect(over.faults).toEqual(['error CEB621-qty-BONDED_STOCK /InventoryList/1/qty'])
    expect(over.texts[0]).toContain('可用 3，本清单合计需 3.00001')
    expect(over.id).toBe('')
    expect(await now(book)).toEqual({ A: '10 - 7', B: '2.5 - 0.5' })
    await put(book, [{ item: 'A', qty: '3' }])
    expect(await now(book)).toEqual({ A: '10 - 10', B: '2.5 - 0.5' })
  })

  it('draws the quantity that is in the unit of the book', async () => {
    const book = await newBook({ A: '10' })
    await put(book, [{ item: 'A', qty: '2', unit: '011', qty1: '1.6' }])
    expect(await now(book)).toEqual({ A: '10 - 1.6' })
    const [first] = makeList(book, [{ item: 'A', qty: '1', unit: '011' }]).list.InventoryList
    const other = makeList(book, [{ item: 'A', qty: '1' }])
    const list = {
      ...other.list,
      InventoryList: [{ ...first, unit: '011', unit1: '011' } as NonNullable<typeof first>],
    }
    const told = await hand({ ...other, list })
    expect(told.faults).toEqual(['error CEB621-unit-BONDED_UNIT /InventoryList/0/unit'])
  })

  it('of an item nobody registered is refused, or only told where the warehouse chose so', async () => {
    const book = await newBook({ A: '10' })
    const made = makeList(book, [
      { item: 'A', qty: '1' },
      { item: 'NONE', qty: '1' },
    ])
    expect((await hand(made, true)).faults).toEqual([
      'error CEB621-itemRecordNo-BONDED_ITEM /InventoryList/1/itemRecordNo',
    ])
    expect((await hand(made)).id).toBe('')
    expect(await now(book)).toEqual({ A: '10 - 0' })
    await soften(book, 'BONDED_ITEM', 'warn')
    const taken = await hand(made)
    expect(taken.faults).toEqual([
      'warning CEB621-itemRecordNo-BONDED_ITEM /InventoryList/1/itemRecordNo',
    ])
    expect(taken.id).not.toBe('')
    expect(await now(book)).toEqual({ A: '10 - 1' })
    await soften(book, 'BONDED_ITEM', null)
  })

  it('beyond the stock is taken where the warehouse chose to be told only', async () => {
    const book = await newBook({ A: '1' })
    await soften(book, 'BONDED_STOCK', 'warn')
    const taken = await hand(makeList(book, [{ item: 'A', qty: '3' }]))
    expect(taken.faults).toEqual(['warning CEB621-qty-BONDED_STOCK /InventoryList/0/qty'])
    expect(await now(book)).toEqual({ A: '1 - 3' })
    await soften(book, 'BONDED_STOCK', null)
    expect((await hand(makeList(book, [{ item: 'A', qty: '1' }]))).id).toBe('')
  })

  it('of a book nobody keeps here, or of another warehouse, nothing follows', async () => {
    const book = await newBook({ A: '1' })
    const lines = [{ item: 'ZZZ', qty: '1000' }]
    const elsewhere = await hand(makeList({ ...book, emsNo: 'T9999W999999' }, lines))
    const others = await hand(makeList({ ...book, areaCode: '5001660000' }, lines))
    for (const { id, faults } of [elsewhere, others]) {
      expect(id).not.toBe('')
      expect(faults).toEqual([])
    }
    expect(await now(book)).toEqual({ A: '1 - 0' })
  })

  it('serves a batch in its order, and a dry run tells the same and keeps nothing', async () => {
    const book = await newBook({ A: '10' })
    const first = makeList(book, [{ item: 'A', qty: '6' }])
    const { agentCode, agentName } = first.list.InventoryHead
    const handed = [first, ...['5', '4', '0.1'].map((qty) => makeList(book, [{ item: 'A', qty }]))]
      .map(({ list }) => ({
        ...list,
        InventoryHead: { ...list.InventoryHead, agentCode, agentName },
      }))
      .map((document) => ({ kind: 'CEB621', document }))
    const told = async (dryRun: boolean) => {
      const caller = { enterpriseId: agentCode }
      const answer = await takeDocuments(gateway.deps, caller, handed, { dryRun })
      if (answer.kind !== 'taken') throw new Error(answer.kind)
      return answer.results.map(({ faults }) =>
        (faults ?? []).filter(isOurs).map(({ code }) => code),
      )
    }
    const dry = await told(true)
    expect(await now(book)).toEqual({ A: '10 - 0' })
    expect(await told(false)).toEqual(dry)
    expect(dry).toEqual([[], ['CEB621-qty-BONDED_STOCK'], [], ['CEB621-qty-BONDED_STOCK']])
    expect(await now(book)).toEqual({ A: '10 - 10' })
  })

  it('a change moves the difference, also to another item, and a refused one leaves all as it was', async () => {
    const book = await newBook({ A: '10', B: '5' })
    const made = await put(book, [{ item: 'A', qty: '6' }])
    const more = changed(made, book, [{ item: 'A', qty: '11' }], APP_TYPE.change)
    expect((await hand(more)).faults).toHaveLength(1)
    expect(await now(book)).toEqual({ A: '10 - 6', B: '5 - 0' })
    const both = changed(
      made,
      book,
      [
        { item: 'A', qty: '10' },
        { item: 'B', qty: '5' },
      ],
      APP_TYPE.change,
    )
    expect((await hand(both)).id).toBe(made.id)
    // The same again holds nothing twice.
    expect((await hand(both)).id).toBe(made.id)
    expect(await now(book)).toEqual({ A: '10 - 10', B: '5 - 5' })
    const less = changed(made, book, [{ item: 'B', qty: '1' }], APP_TYPE.change)
    expect((await hand(less)).id).toBe(made.id)
    expect(await now(book)).toEqual({ A: '10 - 0', B: '5 - 1' })
    const elsewhere = { ...book, emsNo: 'T9999W999999' }
    await hand(changed(made, elsewhere, [{ item: 'B', qty: '1' }], APP_TYPE.change))
    expect(await now(book)).toEqual({ A: '10 - 0', B: '5 - 0' })
  })
})

describe('what customs says', () => {
  it('deducts what is released, gives back what is refused, and tells why in the log', async () => {
    const book = await newBook({ A: '10' })
    const [one, two] = [
      await put(book, [{ item: 'A', qty: '3' }]),
      await put(book, [{ item: 'A', qty: '4' }]),
    ]
    await gateway.settle()
    for (const made of [one, two]) await say(made, '120', '1101')
    await say(one, '800', '1110')
    await say(two, '100', '1110')
    await gateway.settle()
    expect(await now(book)).toEqual({ A: '7 - 0' })
    // Told again, and late: nothing more.
    await say(one, '120', '1101')
    await say(one, '800', '1110')
    await gateway.settle()
    expect(await now(book)).toEqual({ A: '7 - 0' })
    const found = await visibleBook(gateway.deps, { enterpriseId: book.areaCode }, book.emsNo)
    if (found === undefined) throw new Error('the book is not there')
    const { movements } = await listMovementViews(gateway.deps, found, {})
    const of = (id: string) =>
      movements
        .filter(({ documentId }) => documentId === id)
        .map((row) => [row.kind, row.stockChange, row.reservedChange, row.actor, row.number])
    expect(of(one.id)).toEqual([
      ['deduct', '-3', '-3', 'customs', one.copNo],
      ['reserve', '0', '3', one.agentCode, one.copNo],
    ])
    expect(of(two.id)).toEqual([
      ['give-back', '0', '-4', 'customs', two.copNo],
      ['reserve', '0', '4', two.agentCode, two.copNo],
    ])
  })

  it('gives back by cancellation and by deletion', async () => {
    const book = await newBook({ A: '10' })
    const [one, two] = [
      await put(book, [{ item: 'A', qty: '3' }]),
      await put(book, [{ item: 'A', qty: '4' }]),
    ]
    await gateway.settle()
    for (const made of [one, two]) await say(made, '120', '1101')
    await gateway.settle()
    gateway.clock.advance(60_000)
    const cancelled = await act(gateway.deps, { enterpriseId: one.agentCode }, 'cancel', one.id, {
      reason: '合成撤单',
    })
    if (cancelled.kind !== 'handed-in') throw new Error(JSON.stringify(cancelled))
    await hand(changed(two, book, [{ item: 'A', qty: '4' }], APP_TYPE.delete))
    await gateway.settle()
    expect(await now(book)).toEqual({ A: '10 - 7' })
    const copNo = String(Object(cancelled.document).copNo)
    await say({ ...one, copNo }, '399', '1200', 'CEB623')
    await say(two, '120', '1200')
    await gateway.settle()
    expect(await now(book)).toEqual({ A: '10 - 0' })
  })

  it('brings back line by line what is returned, whenever it is granted', async () => {
    const book = await newBook({ A: '10', B: '10' })
    const list = await put(book, [
      { item: 'A', qty: '4', unit: '011', qty1: '6' },
      { item: 'B', qty: '2' },
    ])
    await gateway.settle()
    await say(list, '120', '1101')
    await say(list, '800', '1110')
    await gateway.settle()
    expect(await now(book)).toEqual({ A: '4 - 0', B: '8 - 0' })
    const giveBack = async (lines: readonly { gnum: string; qty: string }[]) => {
      const answer = await act(gateway.deps, { enterpriseId: list.agentCode }, 'return', list.id, {
        ...{ reason: '合成退货', force: true, lines },
      })
      if (answer.kind !== 'handed-in' || answer.results[0]?.id === undefined)
        throw new Error(JSON.stringify(answer))
      await gateway.settle()
      return { ...list, copNo: String(Object(answer.document).InvtRefundHead.copNo) }
    }
    const some = await giveBack([{ gnum: '1', qty: '1' }])
    expect(await now(book)).toEqual({ A: '4 - 0', B: '8 - 0' })
    await say(some, '399', '1500', 'CEB625')
    await say(some, '399', '1500', 'CEB625')
    await gateway.settle()
    // One of four traded pieces is 1.5 of 6 in the unit of the book.
    expect(await now(book)).toEqual({ A: '5.5 - 0', B: '8 - 0' })
    const rest = await giveBack([
      { gnum: '1', qty: '3' },
      { gnum: '2', qty: '2' },
    ])
    await say(rest, '399', '1501', 'CEB625')
    await gateway.settle()
    expect(await now(book)).toEqual({ A: '10 - 0', B: '10 - 0' })
    await say(rest, '100', '1502', 'CEB625')
    await gateway.settle()
    expect(await now(book)).toEqual({ A: '5.5 - 0', B: '8 - 0' })
    for (const isStranger of [true, false]) {
      const lines = [{ gnum: '2', qty: '1' }]
      const request = { reason: '合成退货', force: true, lines }
      const other = await fileByAnother(gateway, { verb: 'return', list, request, isStranger })
      if (other === undefined) throw new Error('not filed')
      await gateway.settle()
      const { agentCode, facts } = other
      await say({ ...list, agentCode, copNo: facts.copNo ?? '' }, '399', '1503', 'CEB625')
      await gateway.settle()
      expect(await now(book)).toEqual({ A: '5.5 - 0', B: isStranger ? '8 - 0' : '9 - 0' })
    }
  })

  it('is booked although less is there: goods that customs released are gone', async () => {
    const book = await newBook({ A: '5' })
    const one = await put(book, [{ item: 'A', qty: '5' }])
    await gateway.settle()
    await say(one, '100', '1101')
    await gateway.settle()
    await put(book, [{ item: 'A', qty: '5' }])
    await say(one, '800', '1110')
    await gateway.settle()
    expect(await now(book)).toEqual({ A: '0 - 5' })
    expect((await hand(makeList(book, [{ item: 'A', qty: '0.1' }]))).id).toBe('')
    const found = await enter(gateway.deps, book, 'entry', 'IN-2', [
      { itemRecordNo: 'A', qty: '6' },
    ])
    expect(found.kind).toBe('entered')
    await put(book, [{ item: 'A', qty: '1' }])
    expect(await now(book)).toEqual({ A: '6 - 6' })
  })
})
