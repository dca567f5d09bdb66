/**
 * Bonded books over HTTP: registering one, items and counts from JSON, CSV and XLSX with faults at
 * their cells, entries that are made once, and a count that books what was seen and nothing else.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bondedCount, bondedItems } from '../../src/catalogue/bonded-book.ts'
import type { Table } from '../../src/catalogue/message.ts'
import { zones } from '../../src/catalogue/zones/index.ts'
import { columnsOf } from '../../src/codec/sheet/columns.ts'
import { XLSX } from '../../src/codec/sheet/parts.ts'
import { movingClock, START } from '../support/gateway.ts'
import { csvOf, type Value, workbookOf } from '../support/sheets.ts'
import { bearer, json, type TestApp, testApp } from './app.ts'

const clock = movingClock(START)
const [zone] = zones
let test: TestApp
let key = ''
let warehouseId = ''

const warehouseOf = (at: number) => {
  const found = [...test.cast.warehouses.values()][at]
  if (found === undefined) throw new Error('no such warehouse')
  return found
}

beforeAll(async () => {
  test = await testApp({ clock })
  const made = await test.register(warehouseOf(0))
  ;({ key, id: warehouseId } = made)
})
afterAll(() => test.close())

const BOOKS = '/api/v1/bonded-books'
const get = async (path: string, by = key) => {
  const response = await test.fetch(path, { headers: bearer(by) })
  return { status: response.status, body: (await response.json()) as Record<string, never> }
}
const send = async (path: string, init: RequestInit) => {
  const response = await test.fetch(path, init)
  return { status: response.status, body: (await response.json()) as Record<string, never> }
}
const post = (path: string, body: unknown, by = key) => send(path, json(by, body))
const put = (path: string, body: unknown) => send(path, { ...json(key, body), method: 'PUT' })
const upload = (method: string, path: string, type: string, body: BodyInit) =>
  send(path, { method, headers: { ...bearer(key), 'content-type': type }, body })

/** Heads as people see them, and rows. */
const sheetOf = (table: Table, rows: readonly (readonly Value[])[]): Value[][] => [
  columnsOf(table).map(({ head }) => head),
  ...rows.map((row) => [...row]),
]

const ITEM = { itemRecordNo: 'A1', gname: '合成奶粉', unit: '011' }
let books = 0
/** A book with two items, the first with stock. */
const newBook = async (stock = '100'): Promise<string> => {
  books += 1
  const emsNo = `T8012W${String(books).padStart(6, '0')}`
  const made = await post(BOOKS, { emsNo, zone: zone?.code })
  expect(made.status).toBe(201)
  const items = [ITEM, { ...ITEM, itemRecordNo: 'A2', gname: '合成纸尿裤' }]
  expect(await put(`${BOOKS}/${emsNo}/items`, { items })).toMatchObject({ status: 200 })
  const lines = [{ itemRecordNo: 'A1', qty: stock }]
  const path = `${BOOKS}/${emsNo}/movements?kind=entry&number=IN-1`
  expect((await post(path, { lines })).status).toBe(201)
  return emsNo
}
const stockOf = async (emsNo: string): Promise<Record<string, unknown>> => {
  const { body } = await get(`${BOOKS}/${emsNo}`)
  const items = body.items as unknown as { itemRecordNo: string; stock: string }[]
  return Object.fromEntries(items.map(({ itemRecordNo, stock }) => [itemRecordNo, stock]))
}

describe('a bonded book', () => {
  it('is registered once, by a warehouse of a zone we know', async () => {
    const body = { emsNo: 'T8012W100001', zone: zone?.code }
    const made = await post(BOOKS, body)
    expect(made).toMatchObject({ status: 201, body: { ...body, warehouseId } })
    expect(await post(BOOKS, body)).toMatchObject({ status: 200, body: made.body })
    const wrong = await post(BOOKS, { emsNo: 'T8012W100002', zone: 'nowhere' })
    expect(wrong).toMatchObject({ status: 422, body: { code: 'BOOK-INVALID' } })
    expect(wrong.body).toMatchObject({ faults: [{ code: 'BOOK1210-zone-UNKNOWN' }] })
    const carrier = test.account(test.cast.carrier)
    const notWarehouse = await post(BOOKS, { emsNo: 'T8012W100003', zone: zone?.code }, carrier.key)
    expect(notWarehouse.body).toMatchObject({
      faults: [{ code: 'BOOK1210-warehouseId-ROLE_MISSING', pointer: '/warehouseId' }],
    })
    const foreign = await post(
      BOOKS,
      { emsNo: 'T8012W100003', zone: zone?.code, warehouseId },
      carrier.key,
    )
    expect(foreign.body).toMatchObject({ faults: [{ code: 'BOOK1210-warehouseId-NOT_YOURS' }] })
    const other = await test.register(warehouseOf(1))
    const taken = await post(BOOKS, body, other.key)
    expect(taken).toMatchObject({ status: 409, body: { code: 'BOOK-EXISTS' } })
    const operator = await post(BOOKS, body, test.operatorKey)
    expect(operator.status).toBe(403)
  })

  it('does not exist for another enterprise; an agent with its mandate keeps it, the operator looks on', async () => {
    const emsNo = await newBook()
    const agent = test.account(test.cast.declarants[0])
    const paths = ['', '/movements'].map((rest) => `${BOOKS}/${emsNo}${rest}`)
    const asked = async (by: string) =>
      Promise.all(paths.map(async (path) => (await get(path, by)).status))
    expect(await asked(agent.key)).toEqual([404, 404])
    expect(await asked(test.operatorKey)).toEqual([200, 200])
    const lines = [{ itemRecordNo: 'A1', qty: '1' }]
    for (const path of [
      `${BOOKS}/${emsNo}/movements?kind=entry&number=X`,
      `${BOOKS}/${emsNo}/counts`,
    ])
      expect((await post(path, { lines }, agent.key)).status).toBe(404)
    const listed = async (by: string) => JSON.stringify((await get(BOOKS, by)).body)
    expect(await listed(agent.key)).not.toContain(emsNo)
    expect(await listed(test.operatorKey)).toContain(emsNo)
    const mandate = {
      ...{ principalId: warehouseId, agentId: agent.id, kinds: ['BOOK1210'] },
      validFrom: '2020-01-01',
    }
    const give = (zoneCode: string | undefined) =>
      post('/api/v1/mandates', { ...mandate, zones: [zoneCode] }, test.operatorKey)
    expect((await give(zones[1]?.code)).status).toBe(201)
    // For another zone's books only.
    expect(await asked(agent.key)).toEqual([404, 404])
    expect(await listed(agent.key)).not.toContain(emsNo)
    expect((await give(zone?.code)).status).toBe(201)
    expect(await asked(agent.key)).toEqual([200, 200])
    expect(await listed(agent.key)).toContain(emsNo)
    const entered = await post(
      `${BOOKS}/${emsNo}/movements?kind=entry&number=X`,
      { lines },
      agent.key,
    )
    expect(entered.status).toBe(201)
    const log = (await get(`${BOOKS}/${emsNo}/movements?item=A1`)).body
    expect(log).toMatchObject({ movements: [{ actor: agent.id }, { actor: warehouseId }] })
  })

  it('gives its items and its log in pages', async () => {
    const emsNo = await newBook()
    const first = (await get(`${BOOKS}/${emsNo}?limit=1`)).body
    expect(first).toMatchObject({ items: [{ itemRecordNo: 'A1', stock: '100' }] })
    const second = (await get(`${BOOKS}/${emsNo}?limit=1&cursor=${first.next}`)).body
    expect(second).toMatchObject({ items: [{ itemRecordNo: 'A2', stock: '0' }], next: null })
    await post(`${BOOKS}/${emsNo}/movements?kind=entry&number=IN-2`, {
      lines: [{ itemRecordNo: 'A2', qty: '5' }],
    })
    const newest = (await get(`${BOOKS}/${emsNo}/movements?limit=1`)).body
    expect(newest).toMatchObject({ movements: [{ number: 'IN-2' }] })
    const older = (await get(`${BOOKS}/${emsNo}/movements?limit=1&cursor=${newest.next}`)).body
    expect(older).toMatchObject({ movements: [{ number: 'IN-1', kind: 'entry' }], next: null })
  })
})

describe('items', () => {
  it('come as a sheet, too, and every fault is told at its cell', async () => {
    const emsNo = await newBook()
    const rows = [
      ['B1', '合成面膜', '007', ''],
      ['B2', '', '999', ''],
      ['B1', '合成面膜', '007', ''],
    ]
    const csv = csvOf(sheetOf(bondedItems, rows))
    const path = `${BOOKS}/${emsNo}/items`
    const told = { status: 422, body: { code: 'ROWS-REFUSED' } }
    const fromCsv = await upload('PUT', path, 'text/csv', csv)
    expect(fromCsv).toMatchObject(told)
    expect(fromCsv.body.faults).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ code: 'BONDED-ITEMS-gname-MISSING', row: 3, column: 'B' }),
        expect.objectContaining({
          code: 'BONDED-ITEMS-itemRecordNo-REPEATED',
          row: 4,
          column: 'A',
        }),
      ]),
    )
    const book = await workbookOf([{ name: '料件', rows: sheetOf(bondedItems, rows) }])
    const fromXlsx = await upload('PUT', path, XLSX, book)
    expect(fromXlsx).toMatchObject(told)
    expect((fromXlsx.body.faults as unknown as unknown[]).length).toBeGreaterThan(1)
    expect(await stockOf(emsNo)).toEqual({ A1: '100', A2: '0' })
    const good = await workbookOf([{ name: '料件', rows: sheetOf(bondedItems, rows.slice(0, 1)) }])
    expect(await upload('PUT', path, XLSX, good)).toMatchObject({ status: 200, body: { items: 1 } })
    expect(await stockOf(emsNo)).toEqual({ A1: '100', A2: '0', B1: '0' })
  })

  it('keep their unit once they have moved, and all or none are stored', async () => {
    const emsNo = await newBook()
    const path = `${BOOKS}/${emsNo}/items`
    const changed = [
      { ...ITEM, itemRecordNo: 'A2', unit: '007' },
      { ...ITEM, gname: '改名', unit: '007' },
    ]
    expect(await put(path, { items: changed })).toMatchObject({
      status: 422,
      body: { faults: [{ code: 'BONDED-ITEMS-unit-IN_USE', pointer: '/items/1/unit' }] },
    })
    const renamed = [{ ...ITEM, gname: '改名' }, changed[0]]
    expect((await put(path, { items: renamed })).status).toBe(200)
    const { body } = await get(`${BOOKS}/${emsNo}`)
    expect(body.items).toMatchObject([{ gname: '改名', unit: '011' }, { unit: '007' }])
  })

  it('have templates to be filled in', async () => {
    for (const { code } of [bondedItems, bondedCount]) {
      const response = await test.fetch(`/api/v1/sheets/${code}.xlsx`)
      expect(response.status).toBe(200)
      const filled = await upload(
        'PUT',
        `${BOOKS}/${await newBook()}/items`,
        XLSX,
        await response.arrayBuffer(),
      )
      // A template holds heads and no rows; that of another table has other heads.
      const code_ = code === bondedItems.code ? 'SHEET-NO_DOCUMENTS' : 'SHEET-HEADS_MISSING'
      expect(filled.body).toMatchObject({ code: 'SHEET-UNREADABLE' })
      expect(JSON.stringify(filled.body.faults)).toContain(
        code === bondedItems.code ? code_ : 'BONDED-ITEMS-gname-COLUMN_MISSING',
      )
    }
  })
})

describe('entries', () => {
  it('are made once under their number', async () => {
    const emsNo = await newBook()
    const path = `${BOOKS}/${emsNo}/movements?kind=entry&number=IN-7`
    const lines = [{ itemRecordNo: 'A1', qty: '2.5' }]
    expect(await post(path, { lines })).toMatchObject({ status: 201, body: { duplicate: false } })
    expect(await post(path, { lines })).toMatchObject({ status: 200, body: { duplicate: true } })
    const other = await post(path, { lines: [{ itemRecordNo: 'A1', qty: '3' }] })
    expect(other).toMatchObject({ status: 409, body: { code: 'MOVEMENT-NUMBER-USED' } })
    expect(await stockOf(emsNo)).toMatchObject({ A1: '102.5' })
  })

  it('are booked all or none, never below zero, and an adjustment says why', async () => {
    const emsNo = await newBook('10')
    const path = (kind: string, number: string, reason = '') =>
      `${BOOKS}/${emsNo}/movements?kind=${kind}&number=${number}${reason && `&reason=${reason}`}`
    const negative = [{ itemRecordNo: 'A1', qty: '-10.00001' }]
    const codes = async (where: string, lines: unknown) => {
      const { status, body } = await post(where, { lines })
      const faults = (body.faults ?? []) as unknown as { code: string; pointer: string }[]
      return [status, ...faults.map(({ code, pointer }) => `${code} ${pointer}`)]
    }
    expect(await codes(path('adjustment', 'ADJ-1'), negative)).toEqual([
      422,
      'BONDED-LINES-reason-MISSING /reason',
    ])
    expect(await codes(path('adjustment', 'ADJ-1', '破损'), negative)).toEqual([
      422,
      'BONDED-LINES-qty-BELOW_ZERO /lines/0/qty',
    ])
    expect(await codes(path('entry', 'IN-2'), negative)).toEqual([
      422,
      'BONDED-LINES-qty-NOT_POSITIVE /lines/0/qty',
    ])
    const mixed = [
      { itemRecordNo: 'A1', qty: '5' },
      { itemRecordNo: 'NONE', qty: '5' },
    ]
    expect(await codes(path('entry', 'IN-2'), mixed)).toEqual([
      422,
      'BONDED-LINES-itemRecordNo-UNKNOWN_ITEM /lines/1/itemRecordNo',
    ])
    expect(await stockOf(emsNo)).toEqual({ A1: '10', A2: '0' })
    const all = [{ itemRecordNo: 'A1', qty: '-10' }]
    // The number was not used up by what was refused.
    expect(await codes(path('adjustment', 'ADJ-1', '破损'), all)).toEqual([201])
    expect(await stockOf(emsNo)).toEqual({ A1: '0', A2: '0' })
  })
})

describe('a count', () => {
  const rows = [
    ['A1', '60', '011', '货架甲'],
    ['A1', '35', '', '货架乙'],
    ['A2', 3, '', ''],
  ]

  it.each(['csv', 'xlsx'])('from a sheet (%s) books what was looked at, once', async (format) => {
    const emsNo = await newBook()
    const sheet = sheetOf(bondedCount, rows)
    const body = format === 'csv' ? csvOf(sheet) : await workbookOf([{ name: '盘点', rows: sheet }])
    const type = format === 'csv' ? 'text/csv' : XLSX
    const path = `${BOOKS}/${emsNo}/counts`
    const seen = await upload('POST', path, type, body)
    expect(seen).toMatchObject({
      status: 200,
      body: {
        ...{ applied: false, counted: 2, uncounted: [] },
        differences: [
          { itemRecordNo: 'A1', counted: '95', booked: '100', difference: '-5' },
          { itemRecordNo: 'A2', counted: '3', booked: '0', difference: '3' },
        ],
      },
    })
    expect(await stockOf(emsNo)).toEqual({ A1: '100', A2: '0' })
    // What comes in after the moment of the count is no difference.
    clock.advance(60_000)
    const later = [{ itemRecordNo: 'A1', qty: '7' }]
    await post(`${BOOKS}/${emsNo}/movements?kind=entry&number=IN-9`, { lines: later })
    const apply = `${path}?apply=true&at=${seen.body.at}&token=${seen.body.token}`
    const booked = await upload('POST', apply, type, body)
    const said = { ...seen.body, applied: true } as Record<string, unknown>
    expect(booked).toMatchObject({ status: 200, body: said })
    expect(await stockOf(emsNo)).toEqual({ A1: '102', A2: '3' })
    // The same again, as after an answer that was lost.
    expect(await upload('POST', apply, type, body)).toMatchObject({ status: 200, body: said })
    expect(await stockOf(emsNo)).toEqual({ A1: '102', A2: '3' })
    const log = (await get(`${BOOKS}/${emsNo}/movements?kind=count&item=A1`)).body
    expect(log.movements).toMatchObject([
      { stockChange: '-5', reason: '货架甲；货架乙', asOf: seen.body.at },
    ])
  })

  it('is not booked when rows or book are others than were looked at', async () => {
    const emsNo = await newBook()
    const path = `${BOOKS}/${emsNo}/counts`
    const lines = [{ itemRecordNo: 'A1', qty: '90' }]
    const seen = (await post(path, { lines })).body
    const apply = `${path}?apply=true&at=${seen.at}&token=${seen.token}`
    const other = await post(apply, { lines: [{ itemRecordNo: 'A1', qty: '91' }] })
    expect(other).toMatchObject({
      status: 409,
      body: { code: 'COUNT-CHANGED', report: { differences: [{ difference: '-9' }] } },
    })
    // Somebody else's count of the same moment was booked meanwhile.
    const rival = [...lines, { itemRecordNo: 'A2', qty: '0' }]
    const rivalSeen = (await post(`${path}?at=${seen.at}`, { lines: rival })).body
    const first = await post(`${path}?apply=true&at=${seen.at}&token=${rivalSeen.token}`, {
      lines: rival,
    })
    expect(first.status).toBe(200)
    const second = await post(apply, { lines })
    expect(second).toMatchObject({ status: 409, body: { report: { differences: [] } } })
    expect(await stockOf(emsNo)).toEqual({ A1: '90', A2: '0' })
  })

  it('tells what is wrong at its cell, and what nobody counted', async () => {
    const emsNo = await newBook()
    const path = `${BOOKS}/${emsNo}/counts`
    const bad = [
      ['NONE', '1', '', ''],
      ['A1', '-1', '', ''],
      ['A2', '一', '', ''],
      ['A2', '1', '007', ''],
    ]
    for (const [type, body] of [
      ['text/csv', csvOf(sheetOf(bondedCount, bad))],
      [XLSX, await workbookOf([{ name: '盘点', rows: sheetOf(bondedCount, bad) }])],
    ] as const) {
      const told = await upload('POST', path, type, body)
      expect(told).toMatchObject({ status: 422, body: { code: 'ROWS-REFUSED' } })
      const faults = told.body.faults as unknown as {
        code: string
        row: number
        column: string
      }[]
      const at = faults.map((fault) => `${fault.code} ${fault.column}${fault.row}`).toSorted()
      expect(at).toEqual([
        'BONDED-COUNT-itemRecordNo-UNKNOWN_ITEM A2',
        'BONDED-COUNT-qty-NEGATIVE B3',
        'BONDED-COUNT-qty-NOT_DECIMAL B4',
        'BONDED-COUNT-unit-DIFFERS C5',
      ])
    }
    const some = await post(path, { lines: [{ itemRecordNo: 'A2', qty: '0' }] })
    expect(some.body).toMatchObject({
      differences: [],
      uncounted: [{ itemRecordNo: 'A1', stock: '100' }],
    })
    const future = new Date(clock.now().getTime() + 1000).toISOString()
    const early = await post(`${path}?at=${future}`, { lines: [{ itemRecordNo: 'A2', qty: '0' }] })
    expect(early.body).toMatchObject({ faults: [{ code: 'BONDED-COUNT-at-IN_FUTURE' }] })
    const blind = await post(`${path}?apply=true`, { lines: [{ itemRecordNo: 'A2', qty: '1' }] })
    expect(blind.body).toMatchObject({ faults: [{ code: 'BONDED-COUNT-token-MISSING' }] })
  })
})
