/** Sheets over HTTP: templates, uploads of every form, and answers at their cells. */
import { readXlsx } from 'hucre/xlsx'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { getDeclaration } from '../../src/catalogue/index.ts'
import type { AnyDocument } from '../../src/catalogue/message.ts'
import { columnsOf } from '../../src/codec/sheet/columns.ts'
import { columnName } from '../../src/codec/sheet/row.ts'
import {
  SHEET_BATCH_DOCUMENTS,
  SHEET_BYTES_MAX,
  SHEET_FAULTS_TOLD_MAX,
  SHEET_RESULTS_TOLD_MAX,
} from '../../src/kernel/limits.ts'
import { movingClock, START } from '../support/gateway.ts'
import { csvOf, gb18030, rawParts, rowsOf, textRow, workbookOf, zipOf } from '../support/sheets.ts'
import { bearer, json, type TestApp, testApp } from './app.ts'

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const order = getDeclaration('CEB311')
const payment = getDeclaration('CEB411')

let test: TestApp
let key = ''
const clock = movingClock(START)
beforeAll(async () => {
  test = await testApp({ clock })
  key = test.account(test.cast.platform).key
})
afterAll(() => test.close())

interface Answer {
  readonly code?: string
  readonly taken: number
  readonly refused: number
  readonly rows: number
  readonly errors: number
  readonly warnings: number
  readonly sheets: readonly { readonly name: string; readonly kind: string | null }[]
  readonly results: readonly {
    readonly rows: readonly number[]
    readonly id?: string
    readonly duplicate?: true
  }[]
  readonly faults: readonly {
    readonly code: string
    readonly sheet: string | null
    readonly row: number | null
    readonly column: string | null
    readonly field: string | null
  }[]
}
const answerOf = async (response: Response): Promise<Answer> => (await response.json()) as Answer

/** Faults as `sheet!C5 code`. */
const places = ({ faults }: Answer): readonly string[] =>
  faults.map(({ sheet, row, column, code }) => `${sheet ?? ''}!${column ?? ''}${row ?? ''} ${code}`)

interface Sending {
  readonly type?: string
  readonly query?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly key?: string
}

const send = (body: BodyInit, { type = XLSX, query = '', headers = {}, ...more }: Sending = {}) =>
  test.fetch(`/api/v1/sheets/CEB311${query}`, {
    method: 'POST',
    headers: { ...bearer(more.key ?? key), 'content-type': type, ...headers },
    body,
  })

/** Orders without what a sheet may leave blank. */
const orders = (...numbers: readonly number[]): readonly AnyDocument[] =>
  numbers.map((n) => {
    const {
      guid: _,
      appTime: __,
      appType: ___,
      appStatus: ____,
      ...head
    } = test.consignment(n).order.OrderHead
    return { ...test.consignment(n).order, OrderHead: head as Record<string, string> }
  })

const broken = (document: AnyDocument, field: string, value: string): AnyDocument => ({
  ...document,
  OrderHead: { ...(document.OrderHead as Record<string, string>), [field]: value },
})

const workbook = (documents: readonly AnyDocument[], name = 'CEB311') =>
  workbookOf([{ name, rows: rowsOf(order, documents) }])

const csv = (documents: readonly AnyDocument[]): string => csvOf(rowsOf(order, documents))

const columnOf = (path: string): string =>
  columnName(columnsOf(order).findIndex((column) => column.path === path))

describe('a template', () => {
  it('is a workbook to keep, for one kind or several', async () => {
    const response = await test.fetch('/api/v1/sheets/CEB311.xlsx?with=CEB411,CEB621')
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe(XLSX)
    expect(response.headers.get('content-disposition')).toContain('yuguan-CEB311.xlsx')
    const read = await readXlsx(new Uint8Array(await response.arrayBuffer()))
    expect(read.sheets.map(({ name }) => name.slice(0, 6))).toEqual([
      ...['CEB311', 'CEB411', 'CEB621', '#说明', '#码表'],
    ])
  })

  it.each(['CEB312.xlsx', 'CEB999.xlsx', 'CEB311.xlsx?with=CEB312'])(
    'is not there for what nobody hands in: %s',
    async (path) => {
      expect((await test.fetch(`/api/v1/sheets/${path}`)).status).toBe(404)
    },
  )

  it('filled in is taken as it is', async () => {
    const response = await test.fetch('/api/v1/sheets/CEB311.xlsx')
    const read = await readXlsx(new Uint8Array(await response.arrayBuffer()))
    const [sheet] = read.sheets
    const rows = rowsOf(order, orders(1), { heads: 'path' }).slice(1)
    const filled = [...(sheet?.rows ?? []).map((row) => row.map(String)), ...rows]
    const body = await workbookOf([{ name: sheet?.name ?? '', rows: filled }])
    expect(await answerOf(await send(body))).toMatchObject({ taken: 1, errors: 0, warnings: 0 })
  })
})

describe('an upload', () => {
  it('stores each document and fills in what it left blank', async () => {
    const response = await send(await workbook(orders(10, 11)))
    expect(response.status).toBe(200)
    const answer = await answerOf(response)
    expect(answer).toMatchObject({ taken: 2, refused: 0, errors: 0 })
    const { rows, id } = answer.results[1] ?? { rows: [] }
    expect(rows[0]).toBeGreaterThan(answer.results[0]?.rows[1] ?? Number.NaN)
    const view = await test.fetch(`/api/v1/documents/${id}`, { headers: bearer(key) })
    const { document } = (await view.json()) as { document: { OrderHead: Record<string, string> } }
    expect(document.OrderHead).toMatchObject({ appType: '1', appStatus: '2' })
    expect(document.OrderHead.guid).toMatch(/^[0-9A-F]{8}-[0-9A-F-]{27}$/)
    expect(document.OrderHead.appTime).toMatch(/^20\d{12}$/)
  })

  it('of CSV is taken in UTF-8 and in GB18030, told or not, as a body and in a form', async () => {
    const utf8 = Buffer.from(csv(orders(12)))
    const gb = gb18030(csv(orders(13)))
    const form = new FormData()
    form.append('note', 'x')
    form.append('file', new Blob([gb18030(csv(orders(14)))], { type: 'text/csv' }), '订单.csv')
    const taken = [
      await send(utf8, { type: 'text/csv' }),
      await send(gb, { type: 'text/csv' }),
      await send(gb18030(csv(orders(15))), { type: 'text/csv; charset=GBK' }),
      await test.fetch('/api/v1/sheets/CEB311', {
        method: 'POST',
        headers: bearer(key),
        body: form,
      }),
    ]
    for (const response of taken)
      expect(await answerOf(response)).toMatchObject({ taken: 1, errors: 0, warnings: 0 })
  })

  it('of GB18030 that was declared as UTF-8 is read right, and told', async () => {
    const answer = await answerOf(
      await send(gb18030(csv(orders(16))), { type: 'text/csv; charset=utf-8' }),
    )
    expect(answer).toMatchObject({ taken: 1, errors: 0, warnings: 1 })
    expect(places(answer)).toEqual(['CEB311!1 SHEET-ENCODING_DECLARED'])
  })

  it('may hold several kinds, each judged in the name of whom it belongs to', async () => {
    const body = await workbookOf([
      { name: 'CEB311 订单', rows: rowsOf(order, orders(17)) },
      { name: '支付 CEB411', rows: rowsOf(payment, [test.consignment(17).payment]) },
      { name: '#my notes', rows: [['nothing']] },
      { name: 'Sheet3', rows: [] },
    ])
    const foreign = await answerOf(await send(body, { query: '?dryRun=true' }))
    expect(foreign).toMatchObject({ taken: 1, refused: 1 })
    expect(foreign.faults[0]).toMatchObject({
      sheet: '支付 CEB411',
      row: 3,
      field: 'PaymentHead.payCode',
      code: 'CEB411-payCode-FOREIGN_ENTERPRISE',
    })
    const { id: principalId } = test.account(test.cast.payer)
    const { id: agentId } = test.account(test.cast.platform)
    await test.fetch(
      '/api/v1/mandates',
      json(test.operatorKey, {
        ...{ principalId, agentId, kinds: ['CEB411'] },
        ...{ validFrom: '2020-01-01', validTo: '2099-12-31' },
      }),
    )
    expect(await answerOf(await send(body))).toMatchObject({
      taken: 2,
      sheets: [
        { name: 'CEB311 订单', kind: 'CEB311', taken: 1 },
        { name: '支付 CEB411', kind: 'CEB411', taken: 1 },
      ],
    })
  })

  it('answers 207 with every fault at its cell, and 422 when nothing was taken', async () => {
    const [good, ...bad] = orders(20, 21, 22)
    if (good === undefined || bad[0] === undefined || bad[1] === undefined) throw new Error()
    const wrong = [broken(bad[0], 'acturalPaid', '1e5'), broken(bad[1], 'orderType', 'X')]
    const lines = (document: AnyDocument): number => (document.OrderList as unknown[]).length
    const first = 3 + lines(good)
    const faults = [
      `CEB311!${columnOf('OrderHead.acturalPaid')}${first} CEB311-acturalPaid-NOT_DECIMAL`,
      `CEB311!${columnOf('OrderHead.orderType')}${first + lines(bad[0])} CEB311-orderType-NOT_ALLOWED`,
    ]
    const some = await send(await workbook([good, ...wrong]))
    expect(some.status).toBe(207)
    const answer = await answerOf(some)
    expect(answer).toMatchObject({ taken: 1, refused: 2, errors: 2 })
    expect(places(answer)).toEqual(faults)
    const none = await send(await workbook(wrong))
    expect(none.status).toBe(422)
    expect(await answerOf(none)).toMatchObject({ code: 'DOCUMENTS-REFUSED', taken: 0, refused: 2 })
  })

  it('stores nothing on a dry run', async () => {
    const body = await workbook(orders(23))
    expect(await answerOf(await send(body, { query: '?dryRun=true' }))).toMatchObject({ taken: 1 })
    const { orderNo } = test.consignment(23)
    const found = await test.fetch(`/api/v1/documents?q=${orderNo}`, { headers: bearer(key) })
    expect(await found.json()).toMatchObject({ documents: [] })
  })

  it('counts all and tells so many, over as many batches as it takes', async () => {
    const count = SHEET_RESULTS_TOLD_MAX + SHEET_BATCH_DOCUMENTS / 2
    const rows = rowsOf(order, []).concat(
      Array.from({ length: count }, (_, i) =>
        columnsOf(order).map(({ path }) => (path === 'OrderHead.orderNo' ? `BAD-${i}` : '')),
      ),
    )
    const answer = await answerOf(await send(csvOf(rows), { type: 'text/csv' }))
    expect(answer).toMatchObject({ taken: 0, refused: count, rows: count })
    expect(answer.errors).toBeGreaterThan(count)
    expect(answer.faults).toHaveLength(SHEET_FAULTS_TOLD_MAX)
    expect(answer.results).toHaveLength(SHEET_RESULTS_TOLD_MAX)
    expect(answer.results.at(-1)?.rows).toEqual([
      SHEET_RESULTS_TOLD_MAX + 2,
      SHEET_RESULTS_TOLD_MAX + 2,
    ])
  })
})

describe('the same sheet again', () => {
  it('stores no document twice, though its blanks were filled in anew', async () => {
    const body = await workbook(orders(30, 31))
    const first = await answerOf(await send(body))
    clock.advance(60_000)
    const again = await answerOf(await send(body))
    expect(again).toMatchObject({ taken: 2, refused: 0 })
    expect(again.results.map(({ id, duplicate }) => [id, duplicate])).toEqual(
      first.results.map(({ id }) => [id, true]),
    )
    const [changed] = orders(30)
    if (changed === undefined) throw new Error()
    const other = await answerOf(await send(await workbook([broken(changed, 'consignee', '别人')])))
    expect(places(other)).toEqual([
      `CEB311!${columnOf('OrderHead.appType')}3 CEB311-appType-DUPLICATE_KEY`,
    ])
  })

  it('with the same Idempotency-Key gets the same answer, batch by batch', async () => {
    const headers = { 'idempotency-key': 'sheet-1' }
    const body = await workbook(orders(32, 33))
    const first = await send(body, { headers })
    const again = await send(body, { headers })
    expect(first.headers.get('idempotency-replayed')).toBeNull()
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect(await again.json()).toEqual(await first.json())
    const other = await send(await workbook(orders(34)), { headers })
    expect([other.status, (await answerOf(other)).code]).toEqual([422, 'IDEMPOTENCY-KEY-REUSED'])
  })
})

describe('the answer as a workbook', () => {
  const marked = async (body: BodyInit, sending: Sending) => {
    const response = await send(body, sending)
    const bytes = new Uint8Array(await response.arrayBuffer())
    return { response, bytes, read: await readXlsx(bytes, { readStyles: true }) }
  }

  it('is the uploaded one with its faults marked, and is taken again once they are mended', async () => {
    const [good, bad] = orders(40, 41)
    if (good === undefined || bad === undefined) throw new Error()
    const body = await workbookOf([
      { name: 'CEB311', rows: rowsOf(order, [good, broken(bad, 'acturalPaid', '1e5')]) },
      { name: '#mine', rows: [['kept']] },
    ])
    const { response, bytes, read } = await marked(body, { query: '?answer=workbook' })
    expect(response.status).toBe(207)
    expect(response.headers.get('content-type')).toBe(XLSX)
    expect(response.headers.get('yuguan-refused')).toBe('1')
    const [sheet, mine, results] = read.sheets
    const row = 3 + (good.OrderList as unknown[]).length
    const columns = columnsOf(order)
    const at = columns.findIndex(({ path }) => path === 'OrderHead.acturalPaid')
    expect(sheet?.rows[0]?.[columns.length]).toBe('#校验结果')
    expect(String(sheet?.rows[row - 1]?.[columns.length])).toContain('acturalPaid')
    expect(sheet?.cells?.get(`${row - 1},${at}`)?.comment?.text).toContain('不是普通十进制数')
    expect(mine?.rows).toEqual([['kept']])
    expect(results?.name).toBe('#校验结果')
    expect(JSON.stringify(results?.rows)).toContain(`${columnName(at)}${row}`)
    // Handed in as it came back, it has the same fault; mended, it is taken whole.
    expect(await answerOf(await send(bytes))).toMatchObject({ taken: 1, refused: 1, errors: 1 })
    const mended = (sheet?.rows ?? []).map((cells) => [...cells].map((cell) => cell ?? ''))
    const { acturalPaid = '' } = bad.OrderHead as Record<string, string>
    if (mended[row - 1] !== undefined) mended[row - 1]?.splice(at, 1, acturalPaid)
    const again = await workbookOf([
      { name: 'CEB311', rows: mended.map((cells) => cells.map(String)) },
    ])
    expect(await answerOf(await send(again))).toMatchObject({ taken: 2, refused: 0, errors: 0 })
  })

  it('is made of a CSV too, and when Accept asks for it', async () => {
    const [bad] = orders(42)
    if (bad === undefined) throw new Error()
    const body = gb18030(csv([broken(bad, 'orderType', 'X')]))
    const { read } = await marked(body, { type: 'text/csv', headers: { accept: XLSX } })
    const [sheet] = read.sheets
    expect(sheet?.name).toBe('CEB311')
    expect(String(sheet?.rows[2]?.[columnsOf(order).length])).toContain('orderType')
  })

  it('gives way to a problem where there is nothing to mark', async () => {
    const response = await send('PK not a workbook', { query: '?answer=workbook' })
    expect(response.headers.get('content-type')).toContain('application/problem+json')
    expect((await answerOf(response)).code).toBe('SHEET-UNREADABLE')
  })
})

describe('a file is refused as a whole', () => {
  const form = (...files: readonly string[]): FormData => {
    const made = new FormData()
    for (const file of files) made.append('file', new Blob([file]), 'x.csv')
    return made
  }
  const post = (body: BodyInit, headers: Record<string, string> = {}) =>
    test.fetch('/api/v1/sheets/CEB311', {
      method: 'POST',
      headers: { ...bearer(key), ...headers },
      body,
    })

  it.each([
    ['nothing', '', 'SHEET-EMPTY'],
    ['a picture', '\x89PNG\r\n\x1a\n\0\0\0', 'SHEET-NOT_A_SHEET'],
    ['a torn workbook', 'PK\x03\x04torn', 'SHEET-BROKEN'],
    ['heads alone', csvOf(rowsOf(order, [])), 'SHEET-NO_DOCUMENTS'],
    ['no heads', 'a,b,c\r\n1,2,3\r\n', 'SHEET-HEADS_MISSING'],
    ['a quote without end', `${csvOf(rowsOf(order, []))}"x,y\r\n`, 'SHEET-QUOTES'],
  ])('when it is %s', async (_what, body, code) => {
    const response = await send(body, { type: 'text/csv' })
    expect(response.status).toBe(422)
    const answer = await answerOf(response)
    expect([answer.code, answer.faults[0]?.code]).toEqual(['SHEET-UNREADABLE', code])
  })

  it('when a form has no file, more than one, or is torn', async () => {
    const first = async (response: Response) => (await answerOf(response)).faults[0]?.code
    expect(await first(await post(form()))).toBe('SHEET-NO_FILE')
    const head = csvOf(rowsOf(order, []))
    expect(await first(await post(form(head, head)))).toBe('SHEET-MANY_FILES')
    const torn = '--b\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\nabc'
    const type = { 'content-type': 'multipart/form-data; boundary=b' }
    expect(await first(await post(torn, type))).toBe('SHEET-FORM_BROKEN')
    const bare = { 'content-type': 'multipart/form-data' }
    expect(await first(await post(torn, bare))).toBe('SHEET-FORM_BROKEN')
  })

  it('when its kind is none that is handed in, or it comes compressed', async () => {
    const init = {
      method: 'POST',
      headers: { ...bearer(key), 'content-type': 'text/csv' },
      body: 'x',
    }
    const reply = await test.fetch('/api/v1/sheets/CEB312', init)
    expect([reply.status, (await answerOf(reply)).code]).toEqual([422, 'KIND-UNKNOWN'])
    const packed = await send('x', { headers: { 'content-encoding': 'gzip' } })
    expect(packed.status).toBe(415)
  })

  it('when a workbook has no end, after a bounded part of it', async () => {
    let given = 0
    const chunk = new Uint8Array(1024 * 1024)
    chunk.set([0x50, 0x4b, 3, 4])
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        given += chunk.length
        controller.enqueue(chunk)
      },
    })
    const request = new Request('http://gateway.test/api/v1/sheets/CEB311', {
      method: 'POST',
      headers: { ...bearer(key), 'content-type': XLSX },
      body,
      duplex: 'half',
    } as RequestInit)
    const response = await test.gateway.app.fetch(request)
    expect(response.status).toBe(413)
    expect((await answerOf(response)).code).toBe('BODY-TOO-LARGE')
    expect(given).toBeGreaterThan(SHEET_BYTES_MAX)
    expect(given).toBeLessThan(3 * SHEET_BYTES_MAX)
  })

  it('with nothing of it stored, when a later sheet of it is broken', async () => {
    const parts = rawParts({ rows: rowsOf(order, orders(50)).map(textRow).join('') })
    const torn = parts.map((part) =>
      part.name.endsWith('sheet1.xml') ? { ...part, claims: { crc: 1 } } : part,
    )
    const answer = await answerOf(await send(zipOf(torn)))
    expect(answer).toMatchObject({ code: 'SHEET-UNREADABLE', taken: 0 })
    expect(await answerOf(await send(zipOf(parts)))).toMatchObject({ taken: 1 })
  })
})
