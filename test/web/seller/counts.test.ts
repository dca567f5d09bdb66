/** A physical count at the seller's desk: looked at, booked with its reason, and looked at anew when the book moved. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bondedCount } from '../../../src/catalogue/bonded-book.ts'
import { zones } from '../../../src/catalogue/zones/index.ts'
import { columnsOf } from '../../../src/codec/sheet/columns.ts'
import { bearer, json, type TestApp, testApp } from '../../http/app.ts'
import { type DeskPage, type Reader, signedIn } from '../../support/desk.ts'
import { movingClock, START } from '../../support/gateway.ts'
import { csvOf } from '../../support/sheets.ts'

const clock = movingClock(START)
const EMS_NO = 'T8030B000001'
const COUNTS = `/seller/books/${EMS_NO}/counts`
const API = `/api/v1/bonded-books/${EMS_NO}`
let test: TestApp
let keeper: Reader
let key = ''

beforeAll(async () => {
  test = await testApp({ clock })
  const [warehouse] = test.cast.warehouses.values()
  if (warehouse === undefined) throw new Error('no warehouse')
  ;({ key } = await test.register(warehouse))
  keeper = await signedIn(test, warehouse)
  const sent = async (path: string, body: unknown, method = 'POST') => {
    const answer = await test.fetch(path, { ...json(key, body), method })
    if (answer.status >= 300) throw new Error(await answer.text())
  }
  await sent('/api/v1/bonded-books', { emsNo: EMS_NO, zone: zones[0]?.code })
  const items = ['A1', 'A2'].map((itemRecordNo) => ({
    itemRecordNo,
    gname: '合成奶粉',
    unit: '011',
  }))
  await sent(`${API}/items`, { items }, 'PUT')
  await enter('IN-1', '100')
})
afterAll(() => test.close())

const enter = async (number: string, qty: string): Promise<void> => {
  const lines = [{ itemRecordNo: 'A1', qty }]
  const answer = await test.fetch(`${API}/movements`, json(key, { number, kind: 'entry', lines }))
  if (answer.status !== 201) throw new Error(await answer.text())
}

const looked = (rows: readonly (readonly string[])[]): Promise<DeskPage> => {
  const form = new FormData()
  const table = [columnsOf(bondedCount).map(({ head }) => head), ...rows.map((row) => [...row])]
  form.set('file', new File([csvOf(table)], 'count.csv', { type: 'text/csv' }))
  return keeper.upload(COUNTS, form)
}

/** As the form of the page would be sent. */
const hiddenOf = ({ dom }: DeskPage): Record<string, string> =>
  Object.fromEntries(
    dom
      .querySelectorAll(`form[action="${COUNTS}/book"] input[type=hidden]`)
      .map((input) => [input.getAttribute('name') ?? '', input.getAttribute('value') ?? '']),
  )

// biome-ignore lint/suspicious/noExplicitAny: answers are read by name
const movements = async (): Promise<any> =>
  (await test.fetch(`${API}/movements?kind=count`, { headers: bearer(key) })).json()

describe('a count', () => {
  it('that agrees has nothing to book', async () => {
    const page = await looked([['A1', '100', '', '']])
    expect(page.status).toBe(200)
    expect(page.text).toContain('与账面一致，无须入账')
    expect(hiddenOf(page)).toEqual({})
  })

  it('is looked at, and booked with its reason', async () => {
    const page = await looked([
      ['A1', '97', '', ''],
      ['A2', '2', '', '合成备注'],
    ])
    expect(page.text).toContain('盘点 2 个料件，差异 2 个')
    expect((await movements()).movements).toEqual([])
    const sent = { ...hiddenOf(page), reason: '合成原因：破损' }
    const done = await keeper.post(`${COUNTS}/book`, sent)
    expect(done.location).toBe(`/seller/books/${EMS_NO}/movements?kind=count`)
    const shown = await keeper.follow(done)
    expect(shown.html).toContain('盘点已入账，调整 2 个料件')
    expect(shown.text).toContain('合成原因：破损')
    const booked = (await movements()).movements
    const told = booked.map((each: Record<string, string>) => [
      ...[each.itemRecordNo, each.stockChange, each.reason],
    ])
    expect(told.toSorted()).toEqual([
      ['A1', '-3', '合成原因：破损'],
      ['A2', '2', '合成备注'],
    ])
  })

  it('is not booked when the book changed since', async () => {
    const page = await looked([['A1', '90', '', '']])
    const first = hiddenOf(page)
    // Entered later, as of before: another count of the same moment was booked meanwhile.
    const other = await looked([['A1', '95', '', '']])
    await keeper.post(`${COUNTS}/book`, { ...hiddenOf(other), reason: '合成' })
    const refused = await keeper.post(`${COUNTS}/book`, { ...first, reason: '合成' })
    expect(refused.status).toBe(422)
    expect(refused.dom.querySelector('.notice')?.getAttribute('data-problem')).toBe('COUNT-CHANGED')
    expect(refused.dom.querySelector('[name=reason]')?.text).toBe('合成')
    const again = await keeper.post(`${COUNTS}/book`, { ...hiddenOf(refused), reason: '合成' })
    expect(again.status).toBe(303)
  })

  it('takes no form that it did not make', async () => {
    const sent = { kept: 'x', token: 'y', reason: 'z' }
    expect((await keeper.post(`${COUNTS}/book`, sent)).status).toBe(404)
  })
})
