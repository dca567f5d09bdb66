/** Synthetic exports: amounts that add up, numbers that occur once, documents without a fault. */
import { describe, expect, it } from 'vitest'
import { getDeclaration } from '../../src/catalogue/index.ts'
import { zones } from '../../src/catalogue/zones/index.ts'
import { checkDocument } from '../../src/codec/check.ts'
import { add, type Decimal, readDecimal, ZERO } from '../../src/kernel/decimal.ts'
import { syntheticEnterprises } from '../../src/sim/consignments.ts'
import { makeExportConsignment } from '../../src/sim/export-consignments.ts'
import { exportGoodsTable } from '../../src/sim/export-goods.ts'
import { goodsTable } from '../../src/sim/goods.ts'

const enterprises = syntheticEnterprises(zones)
const at = new Date('2025-06-18T02:00:00Z')
const MODES = ['9610', '1210', '9710', '9810'] as const

const made = (count: number, seed = 7) =>
  Array.from({ length: count }, (_, n) => {
    const zone = zones[n % zones.length]
    if (zone === undefined) throw new Error('no zone')
    return makeExportConsignment({
      ...{ n, seed, zone, enterprises, at },
      mode: MODES[n % MODES.length] ?? '9610',
      flag: n % 3 === 0 ? 'A' : 'B',
      currency: n % 5 < 2 ? 'USD' : 'CNY',
    })
  })

const amount = (text: string | undefined): Decimal => {
  const value = readDecimal(text ?? '')
  if (value === undefined) throw new Error(`${text} is no decimal`)
  return value
}

describe('synthetic exports', () => {
  it('have amounts that add up, in one currency', () => {
    for (const { order, waybill, receipt, list } of made(2_000)) {
      const { goodsValue, freight, currency, orderType } = order.OrderHead
      const total = add(ZERO, ...list.InventoryList.map(({ totalPrice }) => amount(totalPrice)))
      expect(total).toBe(amount(goodsValue))
      expect(amount(receipt.charge)).toBe(add(amount(goodsValue), amount(freight)))
      expect([waybill.freight, list.InventoryHead.freight]).toEqual([freight, freight])
      for (const line of list.InventoryList) {
        expect(amount(line.price) * amount(line.qty)).toBe(amount(line.totalPrice) * 100_000n)
        expect(line.currency).toBe(currency)
      }
      const inYuan = currency === '142' ? total : total * 7n
      if (orderType !== 'E') expect(inYuan).toBeLessThanOrEqual(amount('5000'))
    }
  })

  it('pass the check of the catalogue without a warning, in every mode', () => {
    const kinds = {
      ...{ order: 'CEB303', waybill: 'CEB505', receipt: 'CEB403', list: 'CEB603' },
    } as const
    for (const each of made(240))
      for (const part of ['order', 'waybill', 'receipt', 'list'] as const) {
        const { faults, document } = checkDocument(getDeclaration(kinds[part]), each[part])
        expect(faults).toEqual([])
        expect(JSON.stringify(document)).toBe(JSON.stringify(each[part]))
      }
  })

  it('name their type, and the overseas warehouse where there is one', () => {
    for (const { order, list } of made(40)) {
      const { orderType, ebpCode, ebpName } = order.OrderHead
      const { tradeMode, iacCode, emsNo } = list.InventoryHead
      expect(orderType).toBe({ '9610': 'E', '1210': 'E', '9710': 'B', '9810': 'W' }[tradeMode])
      expect(ebpCode === '无').toBe(tradeMode === '9810')
      expect(ebpName).toContain(tradeMode === '9810' ? '海外仓' : '电商平台')
      expect(iacCode !== undefined && emsNo !== undefined).toBe(tradeMode === '1210')
    }
  })

  it('have numbers that occur once', () => {
    const numbers = made(3_000).flatMap(({ order, waybill, receipt, list }) => [
      ...[order.OrderHead.orderNo, order.OrderHead.guid, waybill.logisticsNo, waybill.guid],
      ...[receipt.payNo, receipt.guid, list.InventoryHead.copNo, list.InventoryHead.guid],
    ])
    expect(new Set(numbers).size).toBe(numbers.length)
  })

  it('are the same for the same settings and differ by seed', () => {
    expect(made(40)).toEqual(made(40))
    const other = new Set(made(40, 8).map(({ orderNo }) => orderNo))
    expect(made(40).some(({ orderNo }) => other.has(orderNo))).toBe(false)
  })
})

describe('the goods', () => {
  it('of one commodity code bear the same rates', () => {
    const rates = new Map<string, string>()
    for (const { hs, vat, consumption } of goodsTable) {
      const text = `${vat}/${consumption}`
      expect(rates.get(hs) ?? text).toBe(text)
      rates.set(hs, text)
    }
    for (const { hs } of [...goodsTable, ...exportGoodsTable]) expect(hs).toMatch(/^\d{10}$/)
  })
})
