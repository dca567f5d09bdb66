/**
 * Reference tables over HTTP: a file is loaded whole or not at all, a second time it changes nothing,
 * its faults are told by row and column, and what is shown is what holds on the day asked for.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { referenceTables } from '../../src/catalogue/reference/index.ts'
import { bearer, type TestApp, testApp } from './app.ts'

let test: TestApp
beforeAll(async () => {
  test = await testApp({ clock: { now: () => new Date('2026-10-15T02:00:00Z') } })
})
afterAll(() => test.close())

interface Loaded {
  readonly code?: string
  readonly rows: number
  readonly added: number
  readonly changed: number
  readonly unchanged: number
  readonly removed: number
  readonly errors: number
  readonly faults: readonly {
    readonly code: string
    readonly pointer: string
    readonly row: number | null
    readonly column: string | null
  }[]
}

const load = async (name: string, file: string | Uint8Array<ArrayBuffer>, query = '') => {
  const answer = await test.fetch(`/api/v1/reference/${name}?${query}`, {
    method: 'POST',
    headers: { ...bearer(test.operatorKey), 'content-type': 'text/csv' },
    body: file,
  })
  return { status: answer.status, ...((await answer.json()) as Loaded) }
}

interface Shown {
  readonly edition: string | null
  readonly total: number
  readonly loadedBy: string | null
  readonly rows: readonly Readonly<Record<string, string | boolean | null>>[]
  readonly next: string | null
}

const show = async (name: string, query = '', key = test.operatorKey): Promise<Shown> => {
  const answer = await test.fetch(`/api/v1/reference/${name}?${query}`, { headers: bearer(key) })
  expect(answer.status).toBe(200)
  return (await answer.json()) as Shown
}

/** A sample of the documented form; the lines are made up. */
const LIST = `hs,商品名称,remark,yearlyCap,capUnit
19011010,婴幼儿配方奶粉,,,
17019910,砂糖,每人每年不超过2千克,2,035
10063020,精米,每人每年不超过20千克,20,035
`
const EDITION = 'from=2022-03-01&source=sample'

describe('loading', () => {
  it('takes a file whole, and the same file again changes nothing', async () => {
    const first = await load('positive-list', LIST, `${EDITION}&dryRun=true`)
    expect(first).toMatchObject({ status: 200, rows: 3, added: 3, changed: 0, unchanged: 0 })
    expect(await show('positive-list')).toMatchObject({ total: 0, edition: null, rows: [] })
    expect(await load('positive-list', LIST, EDITION)).toMatchObject({ added: 3, unchanged: 0 })
    expect(await load('positive-list', LIST, EDITION)).toMatchObject({ added: 0, unchanged: 3 })
    const edited = LIST.replace('20,035', '25,035')
    expect(await load('positive-list', edited, EDITION)).toMatchObject({ changed: 1, unchanged: 2 })
    const loads = await test.database.db.selectFrom('reference_load').selectAll().execute()
    expect(loads.map(({ added, changed }) => [added, changed])).toEqual([
      [3, 0],
      [0, 1],
    ])
    const shown = await show('positive-list', 'hs=1006302000')
    expect(shown).toMatchObject({ total: 3, edition: '2022-03-01' })
    expect(shown.rows).toEqual([
      {
        ...{ hs: '10063020', name: '精米', remark: '每人每年不超过20千克' },
        ...{ yearlyCap: '25', capUnit: '035', validFrom: '2022-03-01', source: 'sample' },
      },
    ])
  })

  it('removes what an edition lacks only when it is told to', async () => {
    const shorter = LIST.split('\n').slice(0, 3).join('\n')
    expect(await load('positive-list', shorter, EDITION)).toMatchObject({ removed: 0 })
    const replaced = await load('positive-list', shorter, `${EDITION}&replace=true`)
    expect(replaced).toMatchObject({ removed: 1, unchanged: 2 })
    expect((await show('positive-list')).rows.map(({ hs }) => hs)).toEqual(['17019910', '19011010'])
  })

  it('shows the edition of the day, which takes the place of the one before', async () => {
    await load('positive-list', 'hs\n33049900\n', 'from=2027-01-01&source=sample')
    expect((await show('positive-list')).rows).toHaveLength(2)
    expect(await show('positive-list', 'on=2022-02-28')).toMatchObject({ edition: null, rows: [] })
    expect(await show('positive-list', 'on=2022-03-01')).toMatchObject({ edition: '2022-03-01' })
    const later = await show('positive-list', 'on=2027-01-01')
    expect(later).toMatchObject({ edition: '2027-01-01', rows: [{ hs: '33049900' }] })
    expect((await show('positive-list', 'all=true')).rows).toHaveLength(3)
  })

  it('names every fault by row and column, and loads nothing of such a file', async () => {
    const before = await show('sale-bans', 'all=true')
    const file = [
      'hs,name,country,validFrom,validTo,reason',
      '03,,116,2023-08-24,,sample',
      ',,,2023-08-24,,sample',
      'x,,116,2023-02-30,,',
      '03,,116,2023/8/24,,again',
      '04,,116,2023-08-24,2023-08-23,sample',
    ].join('\n')
    const refused = await load('sale-bans', file, 'source=sample')
    expect(refused).toMatchObject({ status: 422, code: 'REFERENCE-REFUSED', errors: 6 })
    expect(refused.faults.map(({ code, row, column }) => [code, row, column])).toEqual([
      ['REFERENCE-hs-NOT_ALLOWED', 3, 'A'],
      ['REFERENCE-hs-WRONG_FORM', 4, 'A'],
      ['REFERENCE-validFrom-WRONG_FORM', 4, 'D'],
      ['REFERENCE-reason-MISSING', 4, 'F'],
      ['REFERENCE-hs-TWICE', 5, 'A'],
      ['REFERENCE-validTo-BEFORE_FIRST', 6, 'E'],
    ])
    expect(refused.faults[0]?.pointer).toBe('/3/hs')
    expect(await show('sale-bans', 'all=true')).toEqual(before)
  })

  it('understands heads by either name, and says which are wrong or missing', async () => {
    const missing = await load('hs-units', 'hs,单位\n1901101000,035\n', 'source=x')
    expect(missing.faults.map(({ code, row, column }) => [code, row, column])).toEqual([
      ['SHEET-COLUMN_UNKNOWN', 1, 'B'],
      ['REFERENCE-unit1-COLUMN_MISSING', 1, null],
      ['REFERENCE-validFrom-COLUMN_MISSING', 1, null],
    ])
    const twice = await load('hs-units', 'hs,商品编码\n1901101000,1901101000\n', 'source=x')
    expect(twice.faults[0]).toMatchObject({ code: 'SHEET-COLUMN_TWICE', row: 1, column: 'B' })
    const chinese =
      '商品编码,法定第一单位,#ours,生效日,来源\n"=""0401100000""",035,x,2019-01-01,样例\n'
    expect(await load('hs-units', chinese)).toMatchObject({ status: 200, added: 1 })
  })

  it('reads GB18030, other delimiters, and nothing that is no table', async () => {
    // 是 and 样例 in GB18030.
    const bytes = Buffer.from('day;rests;source\n2027-05-01;', 'latin1')
    const rest = Buffer.from([0xca, 0xc7, 0x3b, 0xd1, 0xf9, 0xc0, 0xfd, 0x0a])
    expect(await load('rest-days', new Uint8Array(Buffer.concat([bytes, rest])))).toMatchObject({
      status: 200,
      added: 1,
    })
    expect((await show('rest-days')).rows).toEqual([
      { day: '2027-05-01', rests: true, source: '样例' },
    ])
    for (const [file, code] of [
      ['', 'SHEET-EMPTY'],
      ['day,rests,source\n', 'SHEET-EMPTY'],
      ['#day\n1\n', 'SHEET-HEADS_MISSING'],
      ['day,rests,source\n"2027-05-02,yes', 'SHEET-QUOTES'],
    ] as const)
      expect(await load('rest-days', file)).toMatchObject({ status: 422, faults: [{ code }] })
  })

  it('edits the figures of rules, which stay readable for the rules', async () => {
    const figure = (name: string, kind: string, value: string) =>
      load(
        'rule-values',
        `name,kind,validFrom,value,confidence,source\n${name},${kind},2026-01-01,${value},A,sample\n`,
      )
    expect(await figure('summary-day', 'CEB603', '20')).toMatchObject({ status: 200, added: 1 })
    const shown = await show('rule-values', 'on=2026-10-15')
    const values = shown.rows.filter(({ name }) => name === 'summary-day')
    expect(values.map(({ value }) => value)).toEqual(['20'])
    expect(await figure('summary-day', 'CEB603', 'soon')).toMatchObject({
      faults: [{ code: 'REFERENCE-value-NOT_ALLOWED', row: 2, column: 'D' }],
    })
    expect(await figure('summary-day-moves', 'CEB603', 'perhaps')).toMatchObject({ status: 422 })
    expect(await figure('summary-day', 'CEB621', '20')).toMatchObject({ status: 422 })
    expect(await figure('no-such-figure', 'CEB603', '20')).toMatchObject({
      faults: [{ code: 'REFERENCE-name-NOT_ALLOWED' }],
    })
    const due = await test.fetch('/api/v1/summaries/due?month=2026-10', {
      headers: bearer(test.operatorKey),
    })
    expect(await due.json()).toMatchObject({ deadline: { nominal: '2026-11-20' } })
  })
})

describe('showing', () => {
  it('gives pages in the order of the key, and a file that can be loaded again', async () => {
    const days = Array.from({ length: 9 }, (_, i) => `2028-10-0${i + 1}`)
    await load(
      'rest-days',
      `day,rests,source\n${days.map((day) => `${day},yes,"a, ""b"""`).join('\n')}`,
    )
    const seen: unknown[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: Shown = await show('rest-days', `limit=4&${cursor && `cursor=${cursor}`}`)
      seen.push(...page.rows.map(({ day }) => day))
      cursor = page.next
    }
    expect(seen).toEqual(['2027-05-01', ...days])
    for (const { name } of referenceTables) {
      const headers = bearer(test.operatorKey)
      const answer = await test.fetch(`/api/v1/reference/${name}?all=true&format=csv`, { headers })
      const file = await answer.text()
      const again = await load(name, file)
      if (file.split('\r\n').length > 2)
        expect({ name, ...again }).toMatchObject({
          name,
          faults: [],
          status: 200,
          added: 0,
          changed: 0,
          removed: 0,
        })
    }
  })

  it('is open to every enterprise; loading is the operator’s alone', async () => {
    const { key } = test.account(test.cast.platform)
    const shown = await show('positive-list', 'hs=1701991000', key)
    expect(shown).toMatchObject({ rows: [{ hs: '17019910' }], loadedBy: null })
    expect((await show('positive-list')).loadedBy).toBe('key')
    const refused = await test.fetch('/api/v1/reference/rest-days', {
      method: 'POST',
      headers: { ...bearer(key), 'content-type': 'text/csv' },
      body: 'day,rests,source\n2030-01-01,yes,x\n',
    })
    expect(refused.status).toBe(403)
    expect((await show('rest-days', 'limit=1000')).rows).not.toContainEqual(
      expect.objectContaining({ day: '2030-01-01' }),
    )
  })

  it('refuses a cursor of nothing and days that do not exist', async () => {
    const headers = bearer(test.operatorKey)
    for (const query of ['cursor=x', 'on=2026-02-30', 'hs=abc', 'limit=1001']) {
      const answer = await test.fetch(`/api/v1/reference/hs-units?${query}`, { headers })
      expect(answer.status, query).toBe(400)
    }
  })

  it('takes no cursor that holds what no key of a table can', async () => {
    const headers = bearer(test.operatorKey)
    const unreal = ['\0', '2026-02-31', 'x']
    for (const { name, key } of referenceTables)
      for (const value of unreal) {
        const cursor = Buffer.from(JSON.stringify(key.map(() => value))).toString('base64url')
        const answer = await test.fetch(`/api/v1/reference/${name}?cursor=${cursor}`, { headers })
        expect([200, 400], `${name} ${value}`).toContain(answer.status)
      }
  })
})
