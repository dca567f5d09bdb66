import { describe, expect, it } from 'vitest'
import { getDeclaration } from '../../src/catalogue/index.ts'
import { zones } from '../../src/catalogue/zones/index.ts'
import { checkDocument } from '../../src/codec/check.ts'
import { isCreditCode, isResidentId } from '../../src/kernel/check-digits.ts'
import { add, readDecimal, subtract, ZERO } from '../../src/kernel/decimal.ts'
import { makeConsignment, syntheticEnterprises } from '../../src/sim/consignments.ts'

const enterprises = syntheticEnterprises(zones)
const at = new Date('2025-06-18T02:00:00Z')

const modes = ['1210', '1239', '9610', '1210'] as const

const consignments = (count: number, seed = 7) =>
  Array.from({ length: count }, (_, n) => {
    const zone = zones[n % zones.length]
    if (zone === undefined) throw new Error('no zone')
    return makeConsignment({
      n,
      seed,
      zone,
      mode: modes[n % modes.length] ?? '1210',
      enterprises,
      at,
    })
  })

const amount = (text: string) => {
  const value = readDecimal(text)
  if (value === undefined) throw new Error(`${text} is no decimal`)
  return value
}

describe('synthetic consignments', () => {
  it('have amounts that add up', () => {
    for (const { order, payment, waybill, list } of consignments(2_000)) {
      const head = order.OrderHead
      const paid = subtract(
        add(amount(head.goodsValue), amount(head.freight), amount(head.taxTotal)),
        amount(head.discount),
      )
      expect(amount(head.acturalPaid)).toBe(paid)
      expect(payment.PaymentHead.amountPaid).toBe(head.acturalPaid)
      expect(waybill.LogisticsHead.freight).toBe(head.freight)
      for (const line of list.InventoryList)
        expect(amount(line.totalPrice) * 100_000n).toBe(amount(line.price) * amount(line.qty))
      const total = list.InventoryList.reduce(
        (sum, line) => add(sum, amount(line.totalPrice)),
        ZERO,
      )
      expect(total).toBe(amount(head.goodsValue))
      expect(total).toBeLessThan(amount('5000'))
    }
  })

  it('have numbers that occur once and fit their fields', () => {
    const made = consignments(5_000)
    const numbers = made.flatMap(({ order, payment, waybill, list }) => [
      order.OrderHead.orderNo,
      order.OrderHead.guid,
      payment.PaymentHead.payTransactionId,
      payment.PaymentHead.guid,
      waybill.LogisticsHead.logisticsNo,
      waybill.LogisticsHead.guid,
      list.InventoryHead.copNo,
      list.InventoryHead.guid,
    ])
    expect(new Set(numbers).size).toBe(numbers.length)
    for (const { order, list } of made) {
      expect(order.OrderHead.guid).toMatch(/^[0-9A-F-]{36}$/)
      expect(list.InventoryHead.copNo?.length).toBeLessThanOrEqual(20)
    }
  })

  it('name buyers that are synthetic and have right check digits', () => {
    for (const { order } of consignments(2_000)) {
      expect(isResidentId(order.OrderHead.buyerIdNumber)).toBe(true)
      expect(order.OrderHead.buyerIdNumber).toMatch(/^500/)
      expect(order.OrderHead.buyerName).toContain('测试')
      expect(order.OrderHead.consigneeAddress).toContain('合成')
      expect(order.OrderHead.buyerTelephone).toMatch(/^154\d{8}$/)
    }
  })

  it('pass the check of the catalogue without a warning', () => {
    const kinds = { order: 'CEB311', payment: 'CEB411', waybill: 'CEB511', list: 'CEB621' } as const
    for (const made of consignments(200))
      for (const part of ['order', 'payment', 'waybill', 'list'] as const) {
        const { faults, document } = checkDocument(getDeclaration(kinds[part]), made[part])
        expect(faults).toEqual([])
        // Already in wire order and without blanks: the check changes nothing.
        expect(JSON.stringify(document)).toBe(JSON.stringify(made[part]))
      }
  })

  it('are the same for the same settings and differ by seed', () => {
    expect(consignments(50)).toEqual(consignments(50))
    const other = new Set(consignments(50, 8).map((made) => made.orderNo))
    expect(consignments(50).some((made) => other.has(made.orderNo))).toBe(false)
  })

  it('carry the mark of a fate at the end of all four order numbers', () => {
    const [zone] = zones
    if (zone === undefined) throw new Error('no zone')
    const settings = { n: 1, seed: 1, zone, mode: '1210', enterprises, at } as const
    const made = makeConsignment({ ...settings, fate: '-R1327' })
    expect(made.orderNo).toMatch(/-R1327$/)
    expect(made.order.OrderHead.orderNo).toBe(made.orderNo)
    expect(made.payment.PaymentHead.orderNo).toBe(made.orderNo)
    expect(made.waybill.LogisticsHead.orderNo).toBe(made.orderNo)
    expect(made.list.InventoryHead.orderNo).toBe(made.orderNo)
  })
})

describe('the synthetic cast', () => {
  it('has well-formed codes, each once, and a warehouse in every zone', () => {
    const { all, warehouses } = enterprises
    expect(new Set(all.map((one) => one.customsCode)).size).toBe(all.length)
    expect(new Set(all.map((one) => one.creditCode)).size).toBe(all.length)
    expect(new Set(all.map((one) => one.dxpId)).size).toBe(all.length)
    for (const one of all) {
      expect(one.customsCode).toMatch(/^50\d{2}[0-9A-Z]{6}$/)
      expect(isCreditCode(one.creditCode)).toBe(true)
      expect(one.dxpId).toMatch(/^DXPENT\d{10}$/)
      expect(one.name).toContain('合成')
    }
    for (const zone of zones) expect(warehouses.get(zone.code)?.zone).toBe(zone.code)
  })
})
