/**
 * What a made year of lists refers to: synthetic enterprises and exchange rates. One currency lacks
 * the rate of one month, so that figures have a gap to show.
 */
import { sql } from 'kysely'
import { rowsOf } from '../../store/rows.ts'
import type { Db } from '../../store/tables.ts'

/** Letter in their codes, how many there are, what they are. */
const ENTERPRISES = [
  { letter: 'M', count: 300, zh: '合成商户', role: 'merchant' },
  { letter: 'P', count: 12, zh: '合成平台', role: 'platform' },
  { letter: 'D', count: 20, zh: '合成报关行', role: 'declarant' },
  { letter: 'C', count: 15, zh: '合成物流', role: 'carrier' },
  { letter: 'W', count: 30, zh: '合成仓储', role: 'warehouse' },
  { letter: 'B', count: 8, zh: '合成支付机构', role: 'payer' },
] as const

/** CNY for one unit in January; made up, near what they were worth. */
const RATES: Readonly<Record<string, string>> = {
  '110': '0.9102',
  '116': '0.0478',
  '300': '7.6512',
  '303': '9.0123',
  '502': '7.1234',
}
const MISSING = { currency: '303', month: '08' }
const SOURCE = '合成数据 / synthetic'

export const seedYear = async (db: Db, year: number): Promise<void> => {
  const enterprises = ENTERPRISES.flatMap(({ letter, count, zh, role }) =>
    Array.from({ length: count }, (_, n) => {
      const serial = String(n + 1).padStart(3, '0')
      const code = `500196${letter}${serial}`
      return { id: code, name: `${zh}${serial}`, customs_code: code, roles: [role] }
    }),
  )
  await db.insertInto('enterprise').values(enterprises).execute()
  const rates = Object.entries(RATES).flatMap(([currency, rate]) =>
    // The last lists of December are released in January.
    Array.from({ length: 14 }, (_, n) => {
      const month = new Date(Date.UTC(year, n, 1)).toISOString().slice(0, 7)
      const isMissing = currency === MISSING.currency && month === `${year}-${MISSING.month}`
      // Each month a little more.
      const shown = (Number(rate.replace('.', '')) + n * 3).toString().padStart(5, '0')
      const text = `${shown.slice(0, -4)}.${shown.slice(-4)}`
      return isMissing ? [] : [{ currency, month, rate: text, on: `${month}-01`, source: SOURCE }]
    }).flat(),
  )
  const columns = { currency: 'text', month: 'text', rate: 'numeric', on: 'date', source: 'text' }
  await sql`
    with given as (select * from ${rowsOf('r', columns, rates)}),
    known as (
      insert into exchange_rate_edition (currency, month, recorded_at, rate, source)
      select currency, month, "on"::timestamp at time zone 'Asia/Shanghai', rate, source from given
    )
    insert into exchange_rate (currency, month, rate, announced_on, source)
    select currency, month, rate, "on", source from given`.execute(db)
}
