/**
 * Many lists at once on the same items of a bonded book, with goods coming in meanwhile: never more is
 * reserved than is there, and the book, its log and what was taken come to the same.
 */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { zones } from '../../src/catalogue/zones/index.ts'
import { visibleBook } from '../../src/flow/bonded-books.ts'
import { listMovementViews } from '../../src/flow/bonded-movements.ts'
import { takeDocuments } from '../../src/flow/intake.ts'
import { connect } from '../../src/store/connect.ts'
import { drawing, enter, logged, makeBook, standing } from '../support/bonded.ts'
import { type TestGateway, testGateway } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await testGateway({ fault: () => ({ kind: 'sent' }) })
})
afterAll(() => gateway.close())

it('never reserves what is not there, with many writers on one item', async () => {
  const { deps, database } = gateway
  const [writers, stock] = database.embedded ? [30, 25] : [200, 180]
  const [zone] = zones
  const areaCode = gateway.cast.warehouses.get(zone?.code ?? '')?.customsCode ?? ''
  const book = { emsNo: 'T8012W000001', areaCode }
  await makeBook(deps, book, zone?.code ?? '', { A: String(stock), B: String(stock) })
  const pools = Array.from({ length: database.embedded ? 1 : 8 }, () =>
    connect(database.connection),
  )
  try {
    const taken = await Promise.all(
      Array.from({ length: writers }, async (_, n) => {
        const db = pools[n % pools.length]?.db ?? deps.db
        const lines = [
          { item: 'A', qty: String(1 + (n % 3)) },
          { item: 'B', qty: '1' },
        ]
        // Half of them name the items the other way round.
        const list = drawing(gateway.consignment(n).list, book, n % 2 ? lines : lines.toReversed())
        const handed = [{ kind: 'CEB621', document: list }]
        const caller = { enterpriseId: list.InventoryHead.agentCode }
        if (n % 20 === 7)
          await enter({ ...deps, db }, book, 'entry', `IN-${n}`, [{ itemRecordNo: 'B', qty: '1' }])
        const answer = await takeDocuments({ ...deps, db }, caller, handed)
        const id = answer.kind === 'taken' ? answer.results[0]?.id : undefined
        return id === undefined ? 0 : 1 + (n % 3)
      }),
    )
    const reserved = taken.reduce<number>((sum, qty) => sum + qty, 0)
    const lists = taken.filter((qty) => qty > 0).length
    const entered = Array.from({ length: writers }, (_, n) => n).filter((n) => n % 20 === 7).length
    expect(lists).toBeLessThan(writers)
    // Whoever was refused would not have fitted in the end either.
    const refused = taken.flatMap((qty, n) => (qty === 0 ? [1 + (n % 3)] : []))
    expect(reserved).toBeLessThanOrEqual(stock)
    expect(Math.min(...refused)).toBeGreaterThan(stock - reserved)
    const found = await standing(deps, book)
    expect(found).toEqual({
      A: `${stock} - ${reserved}`,
      B: `${stock + entered} - ${lists}`,
    })
    expect(await logged(deps, book)).toEqual(found)
    const kept = await visibleBook(deps, { enterpriseId: areaCode }, book.emsNo)
    if (kept === undefined) throw new Error('the book is not there')
    const { movements } = await listMovementViews(deps, kept, { item: 'A', limit: 500 })
    let held = 0
    for (const { reservedChange } of movements.toReversed()) {
      held += Number(reservedChange)
      expect(held).toBeLessThanOrEqual(stock)
    }
  } finally {
    await Promise.all(pools.map((pool) => pool.close()))
  }
}, 120_000)
