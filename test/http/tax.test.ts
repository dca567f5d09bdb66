/**
 * Import taxes over HTTP: the worked examples to the fen, the limits of the order and of the year,
 * thresholds and rates from the table, and what cannot be told. Goods and rates of exchange are
 * synthetic where no source gives them.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bearer, type TestApp, testApp } from './app.ts'

let test: TestApp
beforeAll(async () => {
  test = await testApp()
})
afterAll(() => test.close())

const DATE = '2026-10-15'
const V13 = { vat: '0.13' }

type Answer = Readonly<Record<string, unknown>>

interface Item {
  readonly totalPrice: string
  readonly [name: string]: unknown
}

const item = (totalPrice: string, more: Answer = {}): Item => ({
  ...{ gcode: '1901101010', qty: '1', totalPrice },
  ...more,
})

const ask = async (items: readonly Item[], more: Answer = {}): Promise<Answer> => {
  const body = { date: DATE, tradeMode: '1210', currency: '142', freight: '0', items, ...more }
  // Without a key: anybody may ask.
  const answer = await test.fetch('/api/v1/tax/estimate', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const told: Answer = await answer.json()
  return { ...told, status: answer.status }
}

const faultsOf = (answer: Answer) =>
  (answer.faults as readonly { code: string; pointer: string }[]).map(
    ({ code, pointer }) => `${pointer} ${code}`,
  )

describe('a worked example', () => {
  const tax = (consumptionTax: string, vat: string, total: string, duty = '0.00') => ({
    ...{ admitted: true, reason: null, duty, consumptionTax, vat, total },
  })
  const within = { regime: 'within-limits' }
  const beer = { gcode: '2203000000', qty: '24', unit: '142', qty1: '7.92', unit1: '095' }
  const wine = { gcode: '2204210000', qty: '2', unit: '142', qty1: '1.5', unit1: '095' }
  const bag = { gcode: '4202220000', rates: { ...V13, duty: '0.06' } }
  const cream = { gcode: '3304990010', qty: '1', unit: '142' }
  const costs = { freight: '30', insuredFee: '5' }

  it.each([
    [
      '1 milk powder',
      [item('396', { qty: '2' })],
      {},
      { ...within, ...tax('0.00', '36.04', '36.04') },
    ],
    [
      ...([
        '2 high-end cream, 20 g',
        [item('425', { ...cream, qty1: '20', unit1: '036' })],
        {},
      ] as const),
      { ...within, ...tax('52.50', '45.50', '98.00') },
    ],
    [
      ...([
        '2 the same in kilograms',
        [item('425', { ...cream, qty1: '0.02', unit1: '035' })],
        {},
      ] as const),
      { ...within, ...tax('52.50', '45.50', '98.00') },
    ],
    [
      ...([
        '3 ordinary cream, 50 ml',
        [item('300', { ...cream, qty1: '50', unit1: '096' })],
        {},
      ] as const),
      { ...within, ...tax('0.00', '27.30', '27.30') },
    ],
    [
      ...(['4 wine with freight and insurance', [item('520', wine)], costs] as const),
      { ...within, dutiableValue: '555.00', ...tax('43.17', '56.12', '99.29') },
    ],
    ['5 beer', [item('180', beer)], {}, { ...within, ...tax('1.40', '16.56', '17.96') }],
    [
      ...([
        '8 one bag above the limit',
        [item('6800', bag)],
        { freight: '80', insuredFee: '20' },
      ] as const),
      {
        ...{ regime: 'full', dutiableValue: '6900.00' },
        ...tax('0.00', '950.82', '1364.82', '414.00'),
      },
    ],
    [
      ...(['10 two items above the limit', [item('2600'), item('2600')], {}] as const),
      {
        ...{ admitted: false, reason: 'ITEM-COUNT', regime: null, dutiableValue: '5200.00' },
        ...{ total: null, items: [{ dutiableValue: '2600.00', total: null }, {}] },
      },
    ],
    [
      ...(['11 above the year', [item('2000')], { buyerUsed: '24500' }] as const),
      { admitted: false, reason: 'ANNUAL-LIMIT', regime: null, total: null },
    ],
    [
      ...(['11 exactly the year', [item('1500')], { buyerUsed: '24500' }] as const),
      { ...within, ...tax('0.00', '136.50', '136.50') },
    ],
    ['13 a tiny order', [item('100')], {}, { ...within, ...tax('0.00', '9.10', '9.10') }],
  ])('%s', async (_name, items, more, expected) => {
    expect(await ask(items, more)).toMatchObject({ status: 200, ...expected })
  })

  it.each([
    ['in time', '2026-03-31', '2026-04-14', false],
    ['applied for on day 31', '2026-04-01', '2026-04-10', true],
    ['back on day 46', '2026-03-20', '2026-04-16', true],
    ['back on day 45', '2026-03-20', '2026-04-15', false],
    ['not back yet', '2026-03-20', undefined, null],
    ['not back, and applied for too late', '2026-04-01', undefined, true],
  ])('16 returned %s', async (_name, appliedOn, arrivedOn, taxStands) => {
    const returned = { releasedOn: '2026-03-01', appliedOn, arrivedOn }
    expect(await ask([item('800')], { returned })).toMatchObject({
      ...{ status: 200, total: '72.80' },
      returned: { applyBy: '2026-03-31', arriveBy: '2026-04-15', taxStands },
    })
  })
})

const load = async (name: string, file: string): Promise<Answer> => {
  const answer = await test.fetch(`/api/v1/reference/${name}`, {
    method: 'POST',
    headers: { ...bearer(test.operatorKey), 'content-type': 'text/csv' },
    body: file,
  })
  const told: Answer = await answer.json()
  return { ...told, status: answer.status }
}

describe('the limits', () => {
  it.each([
    ['exactly the order’s', [item('2500'), item('2500')], {}, 'within-limits', null],
    ['a fen above it', [item('2500'), item('2500.01')], {}, null, 'ITEM-COUNT'],
    [
      'above it by the freight',
      [item('2500'), item('2500')],
      { freight: '0.01' },
      null,
      'ITEM-COUNT',
    ],
    [
      'above it with two pieces of one line',
      [item('5000.01', { qty: '2' })],
      {},
      null,
      'ITEM-COUNT',
    ],
    [
      'above it, summed before it is rounded',
      [item('2500.004'), item('2500.004')],
      {},
      null,
      'ITEM-COUNT',
    ],
    ['above it with half a kilogram', [item('5000.01', { qty: '0.5' })], {}, null, 'ITEM-COUNT'],
    ['exactly the year’s', [item('5000')], { buyerUsed: '21000' }, 'within-limits', null],
    ['a fen above the year', [item('5000')], { buyerUsed: '21000.01' }, null, 'ANNUAL-LIMIT'],
    [
      'above both: the year is asked first',
      [item('26000.01'), item('1')],
      {},
      null,
      'ANNUAL-LIMIT',
    ],
    [
      ...([
        'exactly the year’s, one single item',
        [item('26000', { rates: { ...V13, duty: '0' } })],
      ] as const),
      ...([{}, 'full', null] as const),
    ],
    ['those of 2018', [item('1000'), item('1000')], { date: '2018-06-01' }, null, null],
    [
      'above those of 2018',
      [item('1000'), item('1000.01')],
      { date: '2018-06-01' },
      null,
      'ITEM-COUNT',
    ],
  ])('%s', async (_name, items, more, regime, reason) => {
    const answer = await ask(items, more)
    if (regime === null && reason === null) {
      // Within the limits of that day; what is not known are its rates.
      expect(faultsOf(answer)).toEqual([
        '/items/0/gcode TAX-gcode-NO_RATE',
        '/items/1/gcode TAX-gcode-NO_RATE',
      ])
    } else expect(answer).toMatchObject({ status: 200, regime, reason })
  })

  it('do not ask whether a rate is known of goods that are not admitted', async () => {
    const answer = await ask([item('5000', { gcode: '9999999999' }), item('1')])
    expect(answer).toMatchObject({ admitted: false, text: { zh: expect.any(String) } })
  })
})

describe('shares and rounding', () => {
  it('gives each line its part of freight and insurance, the last one the rest', async () => {
    const { items, dutiableValue } = await ask([item('100'), item('100'), item('100')], {
      ...{ freight: '0.05', insuredFee: '10' },
    })
    expect(dutiableValue).toBe('310.05')
    expect(items).toMatchObject([
      { dutiableValue: '103.35' },
      { dutiableValue: '103.35' },
      { dutiableValue: '103.35' },
    ])
    const rest = await ask([item('100'), item('100'), item('100')], { freight: '0.02' })
    expect(rest.items).toMatchObject([
      { dutiableValue: '100.00' },
      { dutiableValue: '100.00' },
      { dutiableValue: '100.02' },
    ])
  })

  it('rounds on every line, or once for the list when that is asked for', async () => {
    // 0.05 × 13 % × 70 % = 0.00455: nothing on a line, a fen on three of them together.
    const lines = [item('0.05'), item('0.05'), item('0.05')]
    expect(await ask(lines)).toMatchObject({ rounding: 'line', vat: '0.00', total: '0.00' })
    const once = await ask(lines, { rounding: 'list' })
    expect(once).toMatchObject({ rounding: 'list', vat: '0.01', total: '0.01' })
    expect(once.items).toMatchObject([{ vat: '0.00' }, { vat: '0.00' }, { vat: '0.00' }])
  })

  it('rounds by the figure in force where nobody asks', async () => {
    const { db } = test.database
    const figure = db.updateTable('rule_value').where('name', '=', 'tax-rounding')
    await figure.set({ value: 'list' }).execute()
    const answer = await ask([item('0.05'), item('0.05'), item('0.05')])
    await figure.set({ value: 'line' }).execute()
    expect(answer).toMatchObject({ rounding: 'list', vat: '0.01' })
  })
})

describe('rates', () => {
  it('come from the longest code that fits, and say where from', async () => {
    const answer = await ask([item('100', { gcode: '0409000000' })])
    expect(answer).toMatchObject({
      vat: '6.30',
      items: [{ gcode: '0409000000', rates: { vat: '0.09', duty: null, confidence: 'M' } }],
    })
  })

  it.each([
    ['9.99 a gram', '20', '036', '199.8', '0.00'],
    ['10 a gram', '20', '036', '200', '24.71'],
    ['10 a millilitre', '20', '096', '200', '24.71'],
    ['14.99 a sheet', '10', '020', '149.9', '0.00'],
    ['15 a sheet', '10', '020', '150', '18.53'],
  ])('of cosmetics follow the value: %s', async (_name, qty1, unit1, totalPrice, tax) => {
    const goods = { gcode: '3304990010', qty: '1', unit: '142', qty1, unit1 }
    expect(await ask([item(totalPrice, goods)])).toMatchObject({ consumptionTax: tax })
  })

  it.each([
    ['below the break', '3.03', '0.16'],
    ['from the break on', '3.04', '0.18'],
  ])('of beer follow the value of a litre: %s', async (_name, totalPrice, tax) => {
    const goods = { gcode: '2203000000', qty: '1', unit: '142', qty1: '1' }
    expect(await ask([item(totalPrice, goods)])).toMatchObject({ consumptionTax: tax })
  })

  it('of the price and for the quantity stand in one base', async () => {
    const goods = { gcode: '2208300000', qty: '1', unit: '142', qty1: '700', unit1: '096' }
    // (300 + 0.6384) ÷ 0.8 × 0.2 + 0.6384 = 75.798; × 0.7 = 53.0586
    const answer = await ask([item('300', goods)])
    expect(answer).toMatchObject({ consumptionTax: '53.06', vat: '34.20' })
    const rates = { ...V13, consumption: { adValorem: '0.2', perUnit: '0.912' } }
    const told = await ask([item('300', { qty1: '0.7', rates })])
    expect(told).toMatchObject({ consumptionTax: '53.06', vat: '34.20' })
    expect(told.items).toMatchObject([{ rates: { source: null, vat: '0.13' } }])
  })
})

describe('what cannot be told', () => {
  const percent = { duty: '6', vat: '13', consumption: { adValorem: '15' } }
  it.each([
    [
      'unknown goods',
      [item('1'), item('1', { gcode: '9999999999' })],
      {},
      ['/items/1/gcode TAX-gcode-NO_RATE'],
    ],
    [
      ...(['a full tax without a duty rate', [item('6000')], {}] as const),
      ['/items/0/gcode TAX-gcode-NO_DUTY_RATE'],
    ],
    [
      ...(['cosmetics without a quantity', [item('100', { gcode: '3304990010' })], {}] as const),
      ['/items/0/qty1 TAX-qty1-NEEDED'],
    ],
    [
      ...(['beer by the bottle', [item('10', { gcode: '2203000000', unit: '142' })], {}] as const),
      ['/items/0/qty1 TAX-qty1-NEEDED'],
    ],
    [
      ...([
        'a tax per unit without one',
        [item('10', { rates: { ...V13, consumption: { perUnit: '1' } } })],
      ] as const),
      ...([{}, ['/items/0/qty1 TAX-qty1-NEEDED']] as const),
    ],
    [
      ...(['percentages', [item('10', { rates: percent })], {}] as const),
      [
        '/items/0/rates/duty TAX-rates-NOT_FRACTION',
        '/items/0/rates/vat TAX-rates-NOT_FRACTION',
        '/items/0/rates/consumption/adValorem TAX-rates-NOT_FRACTION',
      ],
    ],
    ['other trade', [item('1')], { tradeMode: '0110' }, ['/tradeMode TAX-tradeMode-NOT_RETAIL']],
    ['a day before the rules', [item('1')], { date: '2016-04-07' }, ['/date TAX-date-NO_RULE']],
    [
      'a currency without a rate',
      [item('1')],
      { currency: '502' },
      ['/currency TAX-currency-NO_RATE'],
    ],
  ])('%s', async (_name, items, more, expected) => {
    const answer = await ask(items, more)
    expect(answer).toMatchObject({ status: 422, code: 'TAX-WRONG' })
    expect(faultsOf(answer)).toEqual(expected)
  })

  it.each([
    ['numbers that are no texts', { items: [item('1', { qty: 1 })] }],
    ['exponents', { items: [item('1e3')] }],
    ['negative amounts', { freight: '-1' }],
    ['days that do not exist', { date: '2026-02-29' }],
    ['nothing', { items: [] }],
    ['a hundred items', { items: Array.from({ length: 100 }, () => item('1')) }],
    ['members nobody knows', { coupon: '5' }],
  ])('%s have the wrong shape', async (_name, more) => {
    expect(await ask([item('1')], more)).toMatchObject({ status: 400, code: 'BODY-WRONG-SHAPE' })
  })
})

describe('other currencies', () => {
  it('are converted with the rate of the month, and of no other', async () => {
    const file = 'currency,month,rate,announcedOn,source\n502,2026-10,7.1234,2026-09-16,synthetic\n'
    expect(await load('exchange-rates', file)).toMatchObject({ status: 200, added: 1 })
    expect(await ask([item('10')], { currency: '502', freight: '1' })).toMatchObject({
      ...{ status: 200, dutiableValue: '78.36', vat: '7.13' },
      exchangeRate: {
        currency: '502',
        month: '2026-10',
        rate: '7.1234',
        announcedOn: '2026-09-16',
      },
    })
    for (const date of ['2026-09-30', '2026-11-01'])
      expect((await ask([item('10')], { currency: '502', date })).status).toBe(422)
    // The limits are in CNY.
    const dear = { currency: '502', date: '2026-10-31' }
    expect(await ask([item('400'), item('400')], dear)).toMatchObject({ reason: 'ITEM-COUNT' })
  })

  it('name the day whose rate is missing: the third Wednesday, the fourth after a holiday', async () => {
    const missing = async (date: string) => {
      const [fault] = (await ask([item('1')], { currency: '116', date })).faults as readonly {
        readonly cure: { readonly en: string }
      }[]
      return fault?.cure.en.slice(-10)
    }
    expect(await missing('2026-10-31')).toBe('2026-09-16')
    expect(await missing('2026-01-01')).toBe('2025-12-17')
    expect(await missing('2026-03-15')).toBe('2026-02-18')
    await load('rest-days', 'day,rests,source\n2026-02-18,yes,synthetic\n')
    expect(await missing('2026-03-15')).toBe('2026-02-25')
  })
})

describe('a file of rates', () => {
  const HEAD =
    'code,validFrom,tierUnit,tierFrom,duty,vat,adValorem,perUnit,unit,confidence,source\n'

  it('holds from its day on, for the longest code, with its tiers', async () => {
    const file = `${HEAD}49,2026-07-01,,,0.05,0.09,,,,B,synthetic
4901,2026-07-01,,,0.05,0.13,,,,B,synthetic
4901,2026-08-01,,,0.05,0.09,0.1,,,B,synthetic
4901,2026-08-01,035,100.0,0.05,0.09,0.2,,,B,synthetic
`
    expect(await load('tax-rates', file)).toMatchObject({ status: 200, added: 4 })
    expect(await load('tax-rates', file)).toMatchObject({ added: 0, unchanged: 4 })
    const taxes = async (gcode: string, date: string, price: string) => {
      const goods = { gcode, qty1: '1000', unit1: '036' }
      const { consumptionTax, vat } = await ask([item(price, goods)], { date })
      return [consumptionTax, vat]
    }
    expect(await taxes('4902100000', '2026-07-01', '100')).toEqual(['0.00', '6.30'])
    expect(await taxes('4901100000', '2026-07-31', '100')).toEqual(['0.00', '9.10'])
    expect(await taxes('4901100000', '2026-08-01', '99')).toEqual(['7.70', '6.93'])
    expect(await taxes('4901100000', '2026-08-01', '100')).toEqual(['17.50', '7.88'])
    const dear = { gcode: '4902100000' }
    // 6,000 × 5 %, and VAT on both.
    expect(await ask([item('6000', dear)], { date: '2026-07-01' })).toMatchObject({
      ...{ regime: 'full', duty: '300.00', vat: '567.00', total: '867.00' },
    })
  })

  it('is refused with each fault at its line and column', async () => {
    const file = `${HEAD}49,2026-07-01,,,0.05,13,,,,B,synthetic
490,2026-07-01,,,,0.13,,,,B,synthetic
4903,2026-07-01,035,,,0.13,,,,B,synthetic
4904,2026-07-01,,,,0.13,,0.5,,B,synthetic
4905,2026-07-01,,,,,,,,C,synthetic
4906,2026-07-01,035,1,,0.13,,,,B,synthetic
4906,2026-07-01,035,1.0,,0.13,,,,B,synthetic
`
    const refused = await load('tax-rates', file)
    expect(refused).toMatchObject({ status: 422, code: 'REFERENCE-REFUSED' })
    const faults = refused.faults as readonly { code: string; row: number; column: string }[]
    expect(faults.map(({ code, row, column }) => [code, row, column])).toEqual([
      ['REFERENCE-vat-NOT_ALLOWED', 2, 'F'],
      ['REFERENCE-code-WRONG_FORM', 3, 'A'],
      ['REFERENCE-tierUnit-NOT_ALLOWED', 4, 'C'],
      ['REFERENCE-unit-NOT_ALLOWED', 5, 'I'],
      ['REFERENCE-vat-MISSING', 6, 'F'],
      ['REFERENCE-confidence-NOT_ALLOWED', 6, 'J'],
      ['REFERENCE-code-TWICE', 8, 'A'],
    ])
  })

  it('of exchange has one rate a month, announced in time', async () => {
    const rows = [
      '502,2026-13,7,2026-09-16,x',
      '502,2026-12,0,2026-11-18,x',
      '502,2026-12,7,2026-10-21,x',
    ]
    const refused = await load(
      'exchange-rates',
      `currency,month,rate,announcedOn,source\n${rows.join('\n')}\n`,
    )
    const faults = refused.faults as readonly { code: string; row: number }[]
    expect(faults.map(({ code, row }) => `${row} ${code}`)).toEqual([
      '2 REFERENCE-month-WRONG_FORM',
      '3 REFERENCE-rate-NOT_ALLOWED',
      '4 REFERENCE-currency-TWICE',
    ])
    const late = await load(
      'exchange-rates',
      'currency,month,rate,announcedOn,source\n502,2026-12,7,2026-10-21,x\n',
    )
    expect(late.faults).toMatchObject([{ code: 'REFERENCE-announcedOn-NOT_ALLOWED' }])
  })
})
