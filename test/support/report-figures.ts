/**
 * Figures of no real month, for the room of reports alone: the same question gives the same answer,
 * and one more list can be let in. Names say that they are synthetic.
 */
import { zones } from '../../src/catalogue/zones/index.ts'
import type { Text } from '../../src/kernel/fault.ts'
import type { FiguresAnswer, FiguresQuery, FiguresSource } from '../../src/reports/figures.ts'

const SCALE = { declared: 108n, released: 100n, settled: 61n, policy: 161n } as const

const keysOf = (by: FiguresQuery['by']): readonly (readonly [string, Text])[] => {
  switch (by) {
    case 'zone':
      return [...zones.map(({ code, zh, en }) => [code, { zh, en }] as const), ['', undecided]]
    case 'mode':
      return ['1210', '1239', '9610', '9710', '9810'].map((code) => [code, same(code)])
    case 'direction':
      return [
        ['import', { zh: '进口', en: 'Import' }],
        ['export', { zh: '出口', en: 'Export' }],
      ]
    case 'month':
      return []
    default:
      return Array.from({ length: by === 'enterprise' ? 34 : 23 }, (_, i) => {
        const key = String(i + 10)
        return [key, { zh: `合成${names[by]}第${i + 1}号`, en: `Synthetic ${by} ${i + 1}` }]
      })
  }
}

const names = {
  ...{ country: '国家或地区', chapter: '商品章', institution: '支付机构有限公司' },
  enterprise: '跨境电子商务供应链管理（重庆）有限公司',
}
const same = (text: string): Text => ({ zh: text, en: text })
const undecided = { zh: '未归属', en: 'Undecided' }

/** Hundredths of CNY: no two keys alike, and none in months that had not come. */
const fen = (query: FiguresQuery, key: string): bigint => {
  const text = `${query.by}/${query.mode ?? ''}/${query.month ?? ''}/${key}`
  const digest = [...text].reduce(
    (sum, sign) => (sum * 31n + BigInt(sign.charCodeAt(0))) % 1_000_003n,
    7n,
  )
  return (digest * 977n * SCALE[query.scope]) / 10n
}

const rowOf = (query: FiguresQuery, key: string, label: Text) => {
  const cents = fen(query, key)
  const count = Number(cents / 20_000n)
  return { key, label, count, amount: `${cents / 100n}.${String(cents % 100n).padStart(2, '0')}` }
}

export const syntheticFigures = (extra: Partial<FiguresAnswer> = {}): FiguresSource => ({
  totals: async (query) => {
    const months = Array.from(
      { length: 12 },
      (_, i) => `${query.year}${String(i + 1).padStart(2, '0')}`,
    )
    const rows =
      query.by === 'month'
        ? months
            .filter((key) => key >= '202504' && key <= '202610')
            .map((key) => rowOf(query, key, same(key)))
        : keysOf(query.by).map(([key, label]) => rowOf(query, key, label))
    const total = rows.reduce((sum, { amount }) => sum + BigInt(amount.replace('.', '')), 0n)
    return {
      definition: {
        zh: `合成数据：${query.scope} 口径的说明，用于核对版面。`,
        en: `Synthetic figures in the scope ${query.scope}.`,
      },
      sources: ['CEB621', 'CEB622'],
      rows,
      total: {
        count: rows.reduce((sum, { count }) => sum + count, 0),
        amount: `${total / 100n}.${String(total % 100n).padStart(2, '0')}`,
      },
      target: query.scope === 'policy' ? { amount: '50000000000', source: '合成目标' } : undefined,
      gaps: [],
      ...extra,
    }
  },
  currencies: async () =>
    Object.entries(businesses).flatMap(([direction, directionName], i) =>
      (direction < '3' ? ['502', '300', '116'] : ['142']).map((currency, place) => ({
        ...{ currency, label: { zh: `合成币种${currency}`, en: `Synthetic ${currency}` } },
        ...{ direction, directionName, count: 1_234 + i, gross: `${place + 1}23456789.01` },
        ...{ costs: '1234567.01', net: `${place + 1}22222222`, amount: '8765432100.99' },
      })),
    ),
  zones: async () =>
    [...zones.map(({ code, zh, en }) => ({ key: code, label: { zh, en } })), nowhere].map(
      (zone, i) => ({
        ...{
          ...zone,
          lists: 1_234_567 + i,
          amount: '12345678901.23',
          tax: '123456789.01',
          enterprises: 321,
        },
        ...{ medianMinutes: i === 3 ? null : '12.35', p95Minutes: i === 3 ? null : '1234.5' },
        ...{ refusedShare: '0.012345', returns: i * 7 },
      }),
    ),
})

const nowhere = { key: '', label: undecided }

const businesses = {
  '1': { zh: '结汇', en: 'Foreign exchange in' },
  '2': { zh: '购汇', en: 'Foreign exchange out' },
  '3': { zh: '人民币收款', en: 'RMB in' },
  '4': { zh: '人民币付款', en: 'RMB out' },
} as const
