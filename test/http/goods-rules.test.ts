/**
 * What rules find in a document by itself when it is handed in: numbers of persons and enterprises,
 * units, the positive list and bans of sale as loaded for the day; and what follows from it.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Consignment } from '../../src/sim/consignments.ts'
import { bearer, json, type TestApp, testApp } from './app.ts'

let test: TestApp
const at = { now: new Date('2026-10-15T02:00:00Z') }
beforeAll(async () => {
  test = await testApp({ clock: { now: () => at.now } })
})
afterAll(() => test.close())

interface Result {
  readonly id?: string
  readonly duplicate?: true
  readonly faults?: readonly {
    code: string
    pointer: string
    severity: string
    text: { zh: string }
  }[]
}

const handIn = async (
  who: 'platform' | 'declarant',
  kind: string,
  documents: readonly unknown[],
  query = '?dryRun=true',
): Promise<readonly Result[]> => {
  const { platform, declarants } = test.cast
  const { key } = test.account(who === 'platform' ? platform : declarants[0])
  const answer = await test.fetch(`/api/v1/documents${query}`, json(key, { kind, documents }))
  return ((await answer.json()) as { results: Result[] }).results
}

const told = ({ faults = [] }: Result = {}) =>
  faults.map(({ code, severity }) => `${severity} ${code}`)

/** Of rules of this subject: other rules may have something to say of the same documents. */
const toldOf = (pattern: RegExp, result?: Result) =>
  told(result).filter((each) => pattern.test(each))

const load = async (name: string, file: string, query = 'source=sample') => {
  const answer = await test.fetch(`/api/v1/reference/${name}?${query}`, {
    method: 'POST',
    headers: { ...bearer(test.operatorKey), 'content-type': 'text/csv' },
    body: file,
  })
  expect(answer.status).toBe(200)
  // That something is loaded is known within some seconds.
  at.now = new Date(at.now.getTime() + 10_000)
}

const orderWith = (n: number, head: Readonly<Record<string, string>>) => {
  const { order } = test.consignment(n)
  return { ...order, OrderHead: { ...order.OrderHead, ...head } }
}

describe('numbers of persons', () => {
  it('are refused where they cannot be, with the place and without the number', async () => {
    const wrong = '500108199001010013'
    const [result] = await handIn('platform', 'CEB311', [orderWith(1, { buyerIdNumber: wrong })])
    expect(told(result)).toEqual(['error CEB311-buyerIdNumber-IDENTITY_RESIDENT_ID'])
    expect(result?.faults?.[0]?.pointer).toBe('/OrderHead/buyerIdNumber')
    expect(JSON.stringify(result)).not.toContain(wrong)
    expect(JSON.stringify(test.logged)).not.toContain(wrong)
  })

  it('of another type are no resident ids', async () => {
    const other = { buyerIdType: '2', buyerIdNumber: 'E12345678' }
    const [result] = await handIn('platform', 'CEB311', [orderWith(2, other)])
    expect(told(result)).toEqual([])
  })

  it('with a small x are taken, told, and the same buyer', async () => {
    const small = orderWith(3, { buyerIdNumber: '11010519491231002x' })
    const large = orderWith(4, { buyerIdNumber: '11010519491231002X' })
    const results = await handIn('platform', 'CEB311', [small, large], '')
    expect(results.map(told)).toEqual([['warning CEB311-buyerIdNumber-IDENTITY_RESIDENT_ID'], []])
    const rows = await test.database.db
      .selectFrom('document')
      .select('buyer_hash')
      .where(
        'id',
        'in',
        results.map(({ id = '' }) => id),
      )
      .execute()
    const hashes = new Set(rows.map((row) => Buffer.from(row.buyer_hash ?? []).toString('hex')))
    expect([rows.length, hashes.size]).toEqual([2, 1])
  })

  it('only warn an enterprise that chose so, and never keep a document from being deleted', async () => {
    const { id } = test.account(test.cast.platform)
    const choose = async (severity: string | null) => {
      const rules = [{ rule: 'IDENTITY_RESIDENT_ID', severity }]
      const path = `/api/v1/enterprises/${id}/rules`
      const answer = await test.fetch(path, { ...json(test.operatorKey, { rules }), method: 'PUT' })
      expect(answer.status).toBe(200)
    }
    const wrong = { buyerIdNumber: '500108199001010013' }
    await choose('warn')
    const [taken] = await handIn('platform', 'CEB311', [orderWith(5, wrong)], '')
    expect(told(taken)).toEqual(['warning CEB311-buyerIdNumber-IDENTITY_RESIDENT_ID'])
    await choose(null)
    // The very same document is answered as before; it was taken then.
    const [again] = await handIn('platform', 'CEB311', [orderWith(5, wrong)], '')
    expect(again).toMatchObject({ id: taken?.id, duplicate: true })
    const deletion = { ...wrong, appType: '3', appTime: '20261015120000' }
    expect(told((await handIn('platform', 'CEB311', [orderWith(5, deletion)]))[0])).toEqual([])
  })
})

describe('codes of enterprises', () => {
  it.each([
    ['91500106MA6000016X', 'CREDIT_CODE'],
    ['5001860001', 'CUSTOMS_CODE'],
    ['501226054', 'CUSTOMS_CODE'],
  ])('warn and are taken: %s', async (ebcCode, rule) => {
    const [result] = await handIn('platform', 'CEB311', [orderWith(6, { ebcCode })])
    expect(toldOf(/IDENTITY/, result)).toEqual([`warning CEB311-ebcCode-IDENTITY_${rule}`])
  })

  it('that are right are not spoken of', async () => {
    const codes = ['91500106MA6000016W', '91500106MA5TAB12XL', '50052602G5', '5012260547']
    const orders = codes.map((ebcCode, i) => orderWith(10 + i, { ebcCode }))
    const results = await handIn('platform', 'CEB311', orders)
    expect(results.flatMap((result) => toldOf(/IDENTITY/, result))).toEqual([])
  })
})

type Line = Consignment['list']['InventoryList'][number]

/** A list of one line, changed so. */
const listWith = (n: number, line: Partial<Line>) => {
  const { list } = test.consignment(n)
  const [first] = list.InventoryList
  return { ...list, InventoryList: [{ ...first, ...line }] }
}

describe('goods', () => {
  const GOODS = /GOODS|POSITIVE|SALE/

  it('are not spoken of while nothing is loaded', async () => {
    const lists = [20, 21, 22].map((n) => test.consignment(n).list)
    const results = await handIn('declarant', 'CEB621', lists)
    expect(results.flatMap((result) => toldOf(GOODS, result))).toEqual([])
  })

  it('have one quantity in one unit, and a code of digits', async () => {
    const line = { gcode: '33049900XX', qty: '2', unit: '035', qty1: '3', unit1: '035' }
    const [result] = await handIn('declarant', 'CEB621', [listWith(23, line)])
    expect(toldOf(GOODS, result)).toEqual([
      'warning CEB621-gcode-GOODS_HS_CODE',
      'warning CEB621-qty1-GOODS_SAME_UNIT',
    ])
    const equal = { qty: '2', unit: '035', qty1: '2.00', unit1: '035' }
    const [right] = await handIn('declarant', 'CEB621', [listWith(23, equal)])
    expect(toldOf(GOODS, right)).toEqual([])
  })

  it('have the statutory units of their code, the most exact row of the day', async () => {
    await load(
      'hs-units',
      `hs,unit1,unit2,validFrom,validTo
33049900,035,,2019-01-01,
3304990021,035,007,2019-01-01,2026-12-31
`,
    )
    const units = (gcode: string, unit1: string, unit2?: string) =>
      listWith(24, {
        ...{ gcode, qty: '1', unit: '142', qty1: '1', unit1 },
        ...(unit2 === undefined ? {} : { unit2, qty2: '1' }),
      })
    const results = await handIn('declarant', 'CEB621', [
      units('3304990099', '035'),
      units('3304990099', '007'),
      units('3304990021', '035', '007'),
      units('3304990021', '035'),
      units('1901101000', '007'),
    ])
    expect(results.map((result) => toldOf(GOODS, result))).toEqual([
      [],
      ['warning CEB621-unit1-GOODS_STATUTORY_UNIT'],
      [],
      ['warning CEB621-unit2-GOODS_STATUTORY_UNIT'],
      [],
    ])
  })

  it('are on the edition of the positive list in force, or warned about', async () => {
    await load('positive-list', 'hs\n19011010\n', 'source=sample&from=2026-01-01')
    await load('positive-list', 'hs\n22042100\n', 'source=sample&from=2026-10-20')
    const both = [{ gcode: '1901101000' }, { gcode: '2204210000' }].map((line) =>
      listWith(25, line),
    )
    const onList = async () =>
      (await handIn('declarant', 'CEB621', both)).map((result) => toldOf(/POSITIVE/, result).length)
    expect(await onList()).toEqual([0, 1])
    const [, off] = await handIn('declarant', 'CEB621', both)
    const fault = off?.faults?.find(({ code }) => code.endsWith('POSITIVE_LIST'))
    expect(fault).toMatchObject({ severity: 'warning', pointer: '/InventoryList/0/gcode' })
    expect(fault?.text.zh).toContain('2026-01-01')
    const before = at.now
    at.now = new Date('2026-10-20T02:00:00Z')
    expect(await onList()).toEqual([1, 0])
    at.now = before
  })

  it('that are banned are refused, by code, name or origin, while the ban lasts', async () => {
    const { list } = test.consignment(30)
    const [taken] = await handIn('declarant', 'CEB621', [list], '')
    expect(taken?.id).toBeDefined()
    await load(
      'sale-bans',
      `hs,name,country,validFrom,validTo,reason
03,,116,2023-08-24,,sample one
,电子烟|E-Cig,,2026-01-01,,sample two
1901,,,2026-01-01,2026-10-14,over
`,
    )
    const results = await handIn('declarant', 'CEB621', [
      listWith(31, { gcode: '0302890090', country: '116' }),
      listWith(32, { gcode: '0302890090', country: '502' }),
      listWith(33, { gname: '一次性ｅ－ｃｉｇ' }),
      listWith(34, { gcode: '1901101000', country: '116' }),
    ])
    expect(results.map((result) => toldOf(/SALE/, result))).toEqual([
      ['error CEB621-gcode-SALE_BAN'],
      [],
      ['error CEB621-gcode-SALE_BAN'],
      [],
    ])
    expect(results[0]?.faults?.find(({ code }) => /SALE/.test(code))?.text.zh).toContain(
      'sample one',
    )
    // A ban that came later does not turn the answer to what was taken before.
    const code = list.InventoryList[0]?.gcode ?? ''
    await load('sale-bans', `hs,validFrom,reason\n${code},2026-01-01,sample three\n`)
    const [again] = await handIn('declarant', 'CEB621', [list], '')
    expect(again).toMatchObject({ id: taken?.id, duplicate: true })
    const [fresh] = await handIn('declarant', 'CEB621', [listWith(35, { gcode: code })], '')
    expect(fresh?.id).toBeUndefined()
  })
})
