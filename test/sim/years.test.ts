/** Buyers' years and the register of enterprises, as the office keeps them by itself. */
import { describe, expect, it } from 'vitest'
import { readDecimal, ZERO } from '../../src/kernel/decimal.ts'
import type { Consignment } from '../../src/sim/consignments.ts'
import { createYears, returnedUse } from '../../src/sim/years.ts'
import { priced } from '../support/priced.ts'
import { consignment, last, testOffice } from './office.ts'

const at = (n: number, amount: string, buyer: Consignment): Consignment =>
  priced(consignment(n), amount, buyer)

describe('a buyer’s year', () => {
  it('takes 26,000.00 and not a fen more; another buyer has his own', async () => {
    const office = testOffice()
    const answer = async (made: Consignment) => {
      await office.sendConsignment(made)
      const said = last(office.settle(), 'CEB622')
      return [said?.returnStatus, said?.returnInfo]
    }
    const [one, other] = [consignment(1), consignment(5_000)]
    expect((await answer(at(11, '24500', one)))[0]).toBe('899')
    const [status, info] = await answer(at(12, '1500.01', one))
    expect(status).toBe('100')
    expect(info).toContain('[Code:1313;')
    expect((await answer(at(13, '1500', one)))[0]).toBe('899')
    expect((await answer(at(14, '0.01', one)))[0]).toBe('100')
    expect((await answer(at(15, '25000', other)))[0]).toBe('899')
  })

  it('gets back what was cancelled, and the price of what was returned', () => {
    const years = createYears(10)
    const use = (value: string) => ({ key: '2025 x', value: readDecimal(value) ?? ZERO })
    years.take(use('26000'))
    expect(years.exceeds(use('0.01'))).toBe(true)
    const listed = [
      { gnum: '1', qty: '4', totalPrice: '400' },
      { gnum: '2', qty: '1', totalPrice: '25600' },
    ]
    const back = returnedUse(use('26000'), listed, [{ gnum: '1', qty: '3' }])
    expect(back.value).toBe(readDecimal('300'))
    years.giveBack(back)
    expect(years.exceeds(use('300'))).toBe(false)
    expect(years.exceeds(use('300.01'))).toBe(true)
    years.giveBack(use('25700'))
    expect(years.exceeds(use('26000'))).toBe(false)
  })

  it('is remembered of so many buyers', () => {
    const years = createYears(2)
    const use = (key: string) => ({ key, value: readDecimal('26000') ?? ZERO })
    for (const key of ['a', 'b', 'c']) years.take(use(key))
    expect(['a', 'b', 'c'].map((key) => years.exceeds(use(key)))).toEqual([false, true, true])
  })
})

describe('the register', () => {
  it.each([
    [
      'CEB311',
      'CEB312',
      (c: Consignment) => ({
        OrderHead: { ...c.order.OrderHead, ebcCode: STRANGER },
        OrderList: c.order.OrderList,
      }),
    ],
    [
      'CEB621',
      'CEB622',
      (c: Consignment) => ({
        InventoryHead: { ...c.list.InventoryHead, assureCode: STRANGER },
        InventoryList: c.list.InventoryList,
      }),
    ],
  ] as const)('refuses a %s that names a stranger with 22001', async (kind, reply, made) => {
    const office = testOffice()
    await office.send(kind, [made(consignment(3))])
    const said = last(office.settle(), reply)
    expect(said?.returnStatus).toBe('100')
    expect(said?.returnInfo).toContain('[Code:22001;')
  })
})

const STRANGER = '5001960000'
