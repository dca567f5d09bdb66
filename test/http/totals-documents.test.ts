/**
 * Every figure opens, over HTTP: from a measure of the year down to one document, with sums that tie
 * at every level; as pages and as files; to each only what he may see.
 */
import { parse } from 'csv-parse/sync'
import { parquetMetadata, parquetReadObjects } from 'hyparquet'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addDecimals, unscaled } from '../../src/kernel/places.ts'
import { append, tellRate } from '../support/ledger-entries.ts'
import { bearer } from './app.ts'
import { type Broker, broker } from './broker.ts'

let test: Broker
const ids: string[] = []
const SETTLED = '0b2c9f7e-0000-4000-8000-000000000001'
const MERCHANTS = ['5000000001', '5000000002', '=HYPERLINK("x")'] as const
const usd = (amount: string, chapter = '85') => ({ currency: '502', chapter, amount })
const cny = (amount: string, chapter = '33') => ({ currency: '142', chapter, amount })

beforeAll(async () => {
  test = await broker()
  for (let n = 1; n <= 5; n += 1)
    ids.push(...(await test.handIn('CEB621', [test.app.consignment(n).list])))
  const { db } = test.app.database
  const now = test.clock.now()
  await tellRate(db, now, { currency: '502', month: '2026-10', rate: '7.1234567891' })
  await tellRate(db, now, { currency: '502', month: '2026-11', rate: '7.2' })
  const [one = '', two = '', three = '', four = '', five = ''] = ids
  const export9610 = { direction: 'export' as const, zone: '', tradeMode: '9610' }
  const gone = { count: -1 as const, parts: [cny('-10')] }
  const back = { cause: 'return' as const, count: 0 as const, month: '202611' }
  await append(
    db,
    now,
    { subjectId: one, parts: [cny('12.34'), usd('1.11'), usd('2.22', '33')] },
    ...[{ subjectId: two }, { subjectId: two, ...gone }, { subjectId: two, zone: 'CQ-LLGY' }],
    ...[{ subjectId: three }, { subjectId: three, ...gone }],
    { subjectId: four, dims: { merchant: MERCHANTS[1] }, parts: [usd('100.5')] },
    { subjectId: four, dims: { merchant: MERCHANTS[1] }, ...back, parts: [usd('-0.5')] },
    {
      subjectId: five,
      ...export9610,
      dims: { merchant: MERCHANTS[2] },
      parts: [usd('0'), cny('0')],
    },
    {
      ...{ subjectId: SETTLED, scope: 'settled', cause: 'settlement', direction: 'export' },
      ...{
        dims: { merchant: MERCHANTS[0], institution: '5000000009' },
        parts: [cny('88000.01', '')],
      },
    },
    {
      subjectId: SETTLED,
      scope: 'declared',
      parts: [{ currency: '300', chapter: '', amount: '9.9' }],
    },
  )
})
afterAll(() => test.close())

interface Row {
  readonly id: string
  readonly count: number
  readonly amount: string | null
  readonly month: string
  readonly zone: string
  readonly amounts: readonly { readonly currency: string; readonly amount: string }[]
  readonly links: Readonly<Record<string, string>>
}

interface Answer {
  readonly total: { readonly count: number; readonly amount: string }
  readonly rows: readonly Row[]
  readonly gaps: readonly unknown[]
  readonly asOf: string
  readonly sees: string
  readonly links: Readonly<Record<string, string>>
}

const ask = async (path: string, key = test.app.operatorKey): Promise<Answer> => {
  const answer = await test.app.fetch(path, { headers: bearer(key) })
  if (answer.status !== 200) throw new Error(`${path}: ${await answer.text()}`)
  return (await answer.json()) as Answer
}

/** Half up to so many places: rows are exact, a figure has five places, and levels tie to the fen. */
const rounded = (amount: string, places: number): string => {
  const unit = 10n ** BigInt(15 - places)
  const value = unscaled(amount, 15) + unit / 2n
  return String((value - (((value % unit) + unit) % unit)) / unit)
}
const fen = <T extends { readonly amount: string }>(figure: T): T => ({
  ...figure,
  amount: rounded(figure.amount, 2),
})
const five = <T extends { readonly amount: string }>(figure: T): T => ({
  ...figure,
  amount: rounded(figure.amount, 5),
})

/** All pages of a figure; each tells the same figure. */
const open = async (query: string, key = test.app.operatorKey) => {
  const first = await ask(`/api/v1/totals/documents?${query}&limit=1`, key)
  const rows = [...first.rows]
  for (let next = first.links.next; next !== undefined; ) {
    const page = await ask(next, key)
    expect(page.total).toEqual(first.total)
    rows.push(...page.rows)
    next = page.links.next
  }
  return { ...first, rows }
}

const sumOf = (parts: readonly Pick<Answer, 'total'>[]) => ({
  count: parts.reduce((sum, { total }) => sum + total.count, 0),
  amount: addDecimals(parts.map(({ total }) => total.amount)),
})

describe('a figure', () => {
  it('opens level by level down to its documents, and every level adds up to the one above', async () => {
    const year = 'year=2026'
    const policy = await open(`scope=policy&${year}`)
    const settled = await open(`scope=settled&${year}`)
    const released = await open(`scope=released&${year}`)
    expect(fen(sumOf([released, settled]))).toEqual(fen(policy.total))
    const levels = [
      [year, ['zone=CQ-XY', 'zone=CQ-LLGY', 'zone=']],
      [`${year}&zone=CQ-XY`, ['month=2026-10&zone=CQ-XY', 'month=202611&zone=CQ-XY']],
      ['month=202610&zone=CQ-XY', ['month=202610&zone=CQ-XY&mode=1210']],
      [year, ['direction=import', 'direction=export']],
      [year, MERCHANTS.map((code) => `enterprise=${encodeURIComponent(code)}`)],
      ['month=202610&zone=CQ-XY', ['33', '85'].map((n) => `chapter=${n}&month=202610&zone=CQ-XY`)],
    ] as const
    for (const [above, below] of levels) {
      const figure = await open(`scope=released&${above}`)
      const parts = await Promise.all(below.map((query) => open(`scope=released&${query}`)))
      // A document with goods of two chapters counts in both.
      if (!below[0].startsWith('chapter')) expect(fen(sumOf(parts))).toEqual(fen(figure.total))
      else expect(fen(sumOf(parts)).amount).toBe(fen(figure.total).amount)
      for (const { total, rows } of [figure, ...parts])
        expect(
          five({
            count: rows.reduce((sum, { count }) => sum + count, 0),
            amount: addDecimals(rows.flatMap(({ amount }) => amount ?? [])),
          }),
        ).toEqual(five(total))
    }
    // 12.34 + 3.33 × 7.1234567891 + 10 + 100.5 × 7.1234567891 − 0.5 × 7.2, reckoned by hand.
    expect(five(released.total)).toEqual(five({ count: 4, amount: byHand() }))
  })

  it('shows a document where it counts now, and none that counts no more', async () => {
    const { rows } = await open('scope=released&year=2026')
    const places = rows.map(
      ({ id, month, zone, count }) => `${ids.indexOf(id)} ${month} ${zone} ${count}`,
    )
    expect(places.sort()).toEqual([
      ...['0 202610 CQ-XY 1', '1 202610 CQ-LLGY 1', '3 202610 CQ-XY 1', '3 202611 CQ-XY 0'],
      '4 202610  1',
    ])
  })

  it('leads to the document, its story and its bytes', async () => {
    const { rows } = await open('scope=released&month=202610&zone=CQ-XY&mode=1210')
    for (const [name = '', path = ''] of Object.entries(rows[0]?.links ?? {})) {
      const answer = await test.app.fetch(path, { headers: bearer(test.app.operatorKey) })
      expect(answer.status, name).toBe(200)
    }
    expect(Object.keys(rows[0]?.links ?? {})).toEqual(['self', 'document', 'timeline', 'message'])
  })

  it('of an institution counts what its link opens, also split by enterprise', async () => {
    const path = '/api/v1/totals?year=2026&scope=settled&institution=5000000009&by=enterprise'
    const told = await ask(path)
    expect(told.total.count).toBe(1)
    for (const { count, links } of told.rows)
      if (links.documents !== undefined)
        expect((await ask(links.documents)).total.count).toBe(count)
    expect((await ask(told.links.documents ?? '')).total).toEqual(told.total)
  })

  it('is a live one unless its moment was asked for', async () => {
    const live = await ask('/api/v1/totals/documents?year=2026')
    expect(live).toMatchObject({ provisional: true })
    expect(await ask(`/api/v1/totals/documents?year=2026&asOf=${live.asOf}`)).toMatchObject({
      provisional: false,
    })
  })

  it('tells an amount without a rate instead of guessing one', async () => {
    const { gaps, rows, total } = await open('scope=declared&year=2026')
    expect(gaps).toEqual([{ currency: '300', month: '202610', count: 1, amount: '9.9' }])
    expect(rows).toMatchObject([{ amount: null, amounts: [{ currency: '300', rate: null }] }])
    expect(total).toEqual({ count: 1, amount: '0' })
  })

  it('stays as it was as of a moment, whatever comes later', async () => {
    const before = await open('scope=released&month=202610')
    test.clock.advance(60_000)
    const [, two = ''] = ids
    const { db } = test.app.database
    const gone = { subjectId: two, zone: 'CQ-LLGY', count: -1 as const, parts: [cny('-10')] }
    await append(db, test.clock.now(), gone)
    const later = await open('scope=released&month=202610')
    expect(later.total.count).toBe(before.total.count - 1)
    const again = await open(`scope=released&month=202610&asOf=${before.asOf}`)
    expect(again).toMatchObject({
      total: before.total,
      rows: before.rows.map(({ id }) => ({ id })),
    })
    await append(db, test.clock.now(), { subjectId: two, zone: 'CQ-LLGY' })
  })
})

const byHand = (): string =>
  addDecimals(['12.34', '23.721111107703', '10', '715.90740730455', '-3.6'])

describe('who sees what', () => {
  it('all of it the operator and whom he gave a key for it; that key opens nothing else', async () => {
    const { key } = await test.app.gateway.accounts.createOperatorKey({
      name: 'committee',
      scopes: ['totals:read'],
    })
    const all = await open('scope=policy&year=2026')
    expect(await open('scope=policy&year=2026', key)).toMatchObject({
      sees: 'all',
      total: all.total,
    })
    const [id] = ids
    const answer = await test.app.fetch(`/api/v1/documents/${id}`, { headers: bearer(key) })
    expect(answer.status).toBe(403)
  })

  it('an enterprise its own documents and what they come to', async () => {
    const own = await open('scope=policy&year=2026', test.key)
    expect(own.sees).toBe('own')
    expect(own.rows.every(({ id }) => ids.includes(id))).toBe(true)
    expect(own.total).toEqual((await open('scope=released&year=2026')).total)
    const stranger = test.app.account(test.cast.carrier).key
    expect(await open('scope=policy&year=2026', stranger)).toMatchObject({
      ...{ sees: 'own', rows: [], total: { count: 0, amount: '0' } },
    })
  })

  it('nobody anything personal', async () => {
    const { list } = test.app.consignment(1)
    const { buyerName = '', buyerIdNumber = '', buyerTelephone = '' } = list.InventoryHead
    const told = JSON.stringify(await open('scope=policy&year=2026'))
    for (const value of [buyerName, buyerIdNumber, buyerTelephone]) {
      expect(value).not.toBe('')
      expect(told).not.toContain(value)
    }
  })
})

const download = async (what: string, query: string, key = test.app.operatorKey) => {
  const path = `/api/v1/totals/export.${what}?${query}`
  const answer = await test.app.fetch(path, { headers: bearer(key) })
  if (answer.status !== 200) throw new Error(await answer.text())
  return new Uint8Array(await answer.arrayBuffer())
}

/** The reader would make floating point of decimals: it is told they are bytes. */
const withoutDecimals = (file: ArrayBuffer) => {
  const metadata = parquetMetadata(file)
  const schema = metadata.schema.map(({ converted_type, ...element }) => ({
    ...element,
    ...(converted_type === undefined || converted_type === 'DECIMAL' ? {} : { converted_type }),
  }))
  return { ...metadata, schema }
}

/** Two's complement, the first byte greatest. */
const integerOf = (bytes: Uint8Array | null | undefined): bigint | undefined =>
  bytes ? BigInt.asIntN(128, BigInt(`0x${Buffer.from(bytes).toString('hex')}`)) : undefined

type Line = Readonly<Record<string, string>>

describe('a file', () => {
  it('in CSV adds up to the figure, and no cell of it is a formula', async () => {
    const bytes = await download('csv', 'scope=policy&year=2026')
    expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
    const lines: Line[] = parse(bytes, { bom: true, columns: true })
    const { total } = await open('scope=policy&year=2026')
    expect(
      five({
        count: lines.reduce((sum, { count }) => sum + Number(count), 0),
        amount: addDecimals(lines.map(({ amount_cny = '' }) => amount_cny)),
      }),
    ).toEqual(five(total))
    expect(lines.map(({ merchant }) => merchant)).toContain(`'${MERCHANTS[2]}`)
    const returned = lines.find(({ amount }) => amount === '-0.5')
    expect(returned).toMatchObject({ month: '202611', currency: '502', rate: '7.2', count: '0' })
    expect(lines.find(({ chapters }) => chapters === '33 85')).toMatchObject({ currency: '502' })
  })

  it('in Parquet reads back by another hand, typed and to the last place', async () => {
    const file = (await download('parquet', 'scope=policy&year=2026')).buffer
    const lines: Line[] = parse(await download('csv', 'scope=policy&year=2026'), {
      ...{ bom: true, columns: true },
    })
    const { schema, num_rows } = parquetMetadata(file)
    expect(Number(num_rows)).toBe(lines.length)
    expect(schema.find(({ name }) => name === 'amount_cny')).toMatchObject({
      ...{ type: 'FIXED_LEN_BYTE_ARRAY', converted_type: 'DECIMAL', precision: 38, scale: 15 },
    })
    const rows = await parquetReadObjects({ file, metadata: withoutDecimals(file) })
    for (const [index, row] of rows.entries()) {
      const line = lines[index] ?? {}
      const texts = [
        'month',
        'scope',
        'zone',
        'mode',
        'kind',
        'number',
        'id',
        'chapters',
        'currency',
      ]
      for (const name of texts) expect(row[name]).toBe(line[name])
      expect(row.count).toBe(Number(line.count))
      expect(row.counted_since.toISOString()).toBe(line.counted_since)
      for (const [name, places] of [
        ['amount', 5],
        ['rate', 10],
        ['amount_cny', 15],
      ] as const)
        expect(integerOf(row[name])).toBe(line[name] ? unscaled(line[name], places) : undefined)
    }
  })

  it('ends when its receiver goes away, and makes room for another', async () => {
    const start = () =>
      test.app.fetch('/api/v1/totals/export.csv?year=2026', { headers: bearer(test.key) })
    const [one, two] = [await start(), await start()]
    expect((await start()).status).toBe(429)
    const reading = one.body?.getReader()
    await reading?.read()
    await reading?.cancel()
    const third = await start()
    expect(third.status).toBe(200)
    await Promise.all([two.body?.cancel(), third.body?.cancel()])
  })

  it('of what an enterprise may not see has only its head', async () => {
    const stranger = test.app.account(test.cast.carrier).key
    const lines: Line[] = parse(await download('csv', 'scope=policy', stranger), {
      ...{ bom: true, columns: true },
    })
    expect(lines).toEqual([])
  })
})

describe('one document behind a figure', () => {
  const personal = ['buyerName', 'buyerIdNumber', 'buyerTelephone', 'consigneeAddress'] as const

  it('opens to a key of the totals, personal values masked, and to its own enterprise', async () => {
    const { key } = await test.app.gateway.accounts.createOperatorKey({
      ...{ name: 'committee', scopes: ['totals:read'] },
    })
    const { rows } = await open('scope=released&month=202610', key)
    const row = rows.find(({ id }) => id === ids[0])
    expect(Object.keys(row?.links ?? {})).toEqual(['self'])
    const { InventoryHead: head } = test.app.consignment(1).list
    const secrets = personal.flatMap((name) => head[name] || [])
    expect(secrets.length).toBeGreaterThan(0)
    for (const as of [key, test.key, test.app.operatorKey]) {
      const answer = await test.app.fetch(row?.links.self ?? '', { headers: bearer(as) })
      expect(answer.status).toBe(200)
      const text = await answer.text()
      for (const secret of secrets) expect(text).not.toContain(secret)
      expect(text).toContain(head.copNo)
      expect(text).toContain('***')
    }
    const { copNo = '', agentCode, buyerName = '', buyerIdNumber = '' } = head
    const returnInfo = `[Code:1999;Desc:订购人${buyerName}${buyerIdNumber}与身份信息不符]`
    await test.says('CEB621', '800', [{ copNo, agentCode, returnInfo }])
    const quoted = await test.app.fetch(row?.links.self ?? '', { headers: bearer(key) })
    const text = await quoted.text()
    expect(text).toContain('1999')
    for (const secret of secrets) expect(text).not.toContain(secret)
    for (const path of ['', '/timeline', '/message.xml', '/versions/1?clear=true'])
      expect(
        (await test.app.fetch(`/api/v1/documents/${ids[0]}${path}`, { headers: bearer(key) }))
          .status,
        path,
      ).toBe(403)
  })

  it('is not there for another enterprise, and what never counted for nobody', async () => {
    const [id = ''] = await test.handIn('CEB621', [test.app.consignment(8).list])
    const carrier = test.app.account(test.cast.carrier).key
    const statusOf = async (of: string, as: string) =>
      (await test.app.fetch(`/api/v1/totals/documents/${of}`, { headers: bearer(as) })).status
    expect(await statusOf(ids[0] ?? '', carrier)).toBe(404)
    expect(await statusOf('01a203c9-f245-7eb0-b456-cb6014f1154c', carrier)).toBe(404)
    for (const as of [test.key, test.app.operatorKey]) expect(await statusOf(id, as)).toBe(404)
  })
})

describe('a row', () => {
  it('of the totals leads to its documents, and their figure is the same', async () => {
    const { list } = test.app.consignment(9)
    const [id = ''] = await test.handIn('CEB621', [list])
    const { copNo = '', agentCode } = list.InventoryHead
    const before = await ask('/api/v1/totals?year=2026&by=month')
    await test.says('CEB621', '800', [{ copNo, agentCode }])
    const after = await ask('/api/v1/totals?year=2026&by=month')
    expect(after.total.count).toBe(before.total.count + 1)
    for (const by of ['zone', 'mode', 'month', 'direction', 'country', 'chapter', 'enterprise']) {
      const { rows, links, total } = await ask(`/api/v1/totals?year=2026&by=${by}`)
      expect((await ask(links.documents ?? '')).total).toEqual(total)
      const opened = rows.filter(({ links: { documents } }) => documents !== undefined)
      expect(opened.length).toBeGreaterThan(0)
      for (const row of opened) {
        const answer = await ask(row.links.documents ?? '')
        expect(answer.total.count, by).toBe(row.count)
      }
    }
    const { rows } = await open('scope=released&month=202610')
    expect(rows.map((row) => row.id)).toContain(id)
  })
})
