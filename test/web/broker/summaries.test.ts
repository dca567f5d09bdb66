/** Summaries and returns on the broker's desk, with lists that fall due and through their forms. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Broker, broker } from '../../http/broker.ts'
import { type DeskPage, type Reader, signedIn } from '../../support/desk.ts'
import { listNumber, makeExportList } from '../../support/export-lists.ts'

let test: Broker
let person: Reader
let returnedId = ''

beforeAll(async () => {
  test = await broker()
  const [declarant] = test.cast.declarants
  for (const n of [1, 2]) {
    const list = makeExportList({ n, cast: test.cast, at: test.clock.now() })
    await test.handIn('CEB603', [list])
    const { copNo, agentCode, ebcCode, ebpCode, orderNo } = list.InventoryHead
    await test.says('CEB603', '800', [
      {
        ...{ copNo, agentCode, ebcCode, ebpCode, orderNo },
        ...{ statisticsFlag: 'B', invtNo: listNumber('E', n) },
      },
    ])
  }
  const { list } = test.app.consignment(3)
  const [id = ''] = await test.handIn('CEB621', [list])
  returnedId = id
  const { copNo = '', agentCode } = list.InventoryHead
  for (const status of ['120', '800'])
    await test.says('CEB621', status, [{ copNo, agentCode, invtNo: listNumber('I', 3) }])
  person = await signedIn(test.app, declarant)
})
afterAll(() => test.close())

const rowsOf = ({ dom }: DeskPage) =>
  dom
    .querySelectorAll('table[data-rows] tbody tr')
    .map((row) => row.querySelectorAll('th, td').map(({ text }) => text.trim()))

const hiddenOf = ({ dom }: DeskPage): Record<string, string> =>
  Object.fromEntries(
    dom
      .querySelectorAll('main form[method=post] input[type=hidden]')
      .map((input) => [input.getAttribute('name') ?? '', input.getAttribute('value') ?? '']),
  )

describe('summaries', () => {
  const month = '2026-10'
  const path = `/broker/summaries?month=${month}`
  let form: Readonly<Record<string, string>> = {}

  it('are due by merchant and office, with their last day and the rule it rests on', async () => {
    expect((await person.get('/broker/summaries')).text).toContain('2026-09 没有待汇总的清单')
    const page = await person.get(path)
    expect(page.text).toContain('须在 2026-11-16 前（含）汇总')
    const [row, ...more] = rowsOf(page)
    expect(more).toEqual([])
    const [merchant] = test.cast.merchants
    expect(row?.[0]).toBe(merchant.name)
    expect(row?.[2]).toBe(test.cast.declarants[0].name)
    const named = page.dom.querySelector('table[data-rows] tbody [title]')
    expect(named?.getAttribute('title')).toBe(merchant.customsCode)
    expect(row?.slice(3, 5)).toEqual(['2', '0'])
    const asked = await person.get(
      page.dom.querySelector('table[data-rows] a.row-link')?.getAttribute('href') ?? '',
    )
    expect(asked.status).toBe(200)
    form = hiddenOf(asked)
    expect(form).toMatchObject({ month, ebcCode: test.cast.merchants[0].customsCode })
    expect((await person.get('/broker/summaries/new?month=2026-10')).status).toBe(404)
  })

  it('say at their fields what is missing', async () => {
    const refused = await person.post('/broker/summaries/new', {
      ...form,
      ...{ declAgentCode: '', declAgentName: '合成报关单位', summaryFlag: '1', itemNameFlag: '1' },
    })
    expect(refused.status).toBe(422)
    const input = refused.dom.querySelector('[name=declAgentCode]')
    expect(input?.getAttribute('aria-invalid')).toBe('true')
    const kept = refused.dom.querySelector('[name=declAgentName]')
    expect(kept?.getAttribute('value')).toBe('合成报关单位')
    expect(kept?.getAttribute('aria-invalid')).not.toBe('true')
  })

  it('are previewed, handed in, and not due afterwards', async () => {
    const preview = await person.post('/broker/summaries/new', {
      ...form,
      ...{ declAgentCode: '5001980001', declAgentName: '合成报关单位' },
      ...{ summaryFlag: '1', itemNameFlag: '1' },
    })
    expect(preview.status, preview.text.slice(0, 500)).toBe(200)
    expect(preview.text).toContain('将汇总 2 份清单，分 1 份申请单')
    expect(rowsOf(await person.get(path))[0]?.slice(3, 5)).toEqual(['2', '0'])
    const sent = { ...hiddenOf(preview), confirmed: 'yes' }
    const done = await person.post('/broker/summaries/new', sent)
    expect(done.status, done.text.slice(0, 500)).toBe(303)
    const told = await person.follow(done)
    expect(told.html).toContain('已提交 1 份汇总申请单，共 2 份清单')
    expect(rowsOf(told)[0]?.slice(3, 6)).toEqual(['0', '2', '–'])
    expect(told.dom.querySelector('table[data-rows] a.row-link')).toBeNull()
    const again = await person.follow(await person.post('/broker/summaries/new', sent))
    expect(again.html).toContain('没有待汇总的清单，未生成申请单')
  })
})

describe('returns', () => {
  it('may be applied for in so many days after release', async () => {
    const page = await person.get('/broker/returns')
    const rows = rowsOf(page)
    expect(rows.map((row) => row[1])).toEqual(['2026-11-14'])
    const link = page.dom.querySelector('table[data-rows] a.row-link')?.getAttribute('href')
    expect(link).toBe(`/broker/documents/${returnedId}`)
  })

  it('are handed in by form, and their goods are expected by a day', async () => {
    const done = await person.post(`/broker/documents/${returnedId}/return`, {
      ...{ confirmed: 'yes', reason: '买家退货' },
    })
    expect(done.status, done.text.slice(0, 500)).toBe(303)
    expect((await person.follow(done)).html).toContain('退货申请已提交')
    const page = await person.get('/broker/returns')
    const [back, window] = page.dom.querySelectorAll('table[data-rows]')
    expect(back?.text).toContain('2026-11-29')
    expect(back?.text).toMatch(/最后一日 \d{4}20\d{2}I\d{9}/)
    expect(back?.querySelector('a.row-link')?.getAttribute('href')).toBe(
      `/broker/documents/${returnedId}`,
    )
    expect(window?.text).toContain('2026-11-14')
    const english = await person.get('/broker/returns?lang=en')
    expect(english.text).toContain('Returns')
    await person.get('/broker/returns?lang=zh')
  })
})
