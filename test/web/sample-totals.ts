/** Hand-made figures for tests of the pages: sums that agree, and texts that try to break out. */
import type { Totals, TotalsBy } from '../../src/flow/types.ts'

const AS_OF = '2026-11-22T06:30:00.000Z'

const text = (zh: string, en: string) => ({ zh, en })

type Row = Totals['rows'][number]

const row = (key: string, label: Row['label'], count: number, amount: string): Row => ({
  key,
  label,
  count,
  amount,
})

const rows: Readonly<Partial<Record<TotalsBy, readonly Row[]>>> = {
  zone: [
    row(
      'CQ-LLGY',
      text('重庆两路果园港综合保税区', 'Chongqing Lianglu Guoyuan Port Comprehensive Bonded Zone'),
      4_100_250,
      '820050000.5',
    ),
    row(
      'CQ-XY',
      text('重庆西永综合保税区', 'Chongqing Xiyong Comprehensive Bonded Zone'),
      3_050_000,
      '611200000',
    ),
    row(
      'CQ-NPBLC',
      text(
        '重庆南彭公路保税物流中心(B型)',
        'Chongqing Nanpeng Highway Bonded Logistics Center (Type B)',
      ),
      900_000,
      '171000000',
    ),
    row('X', text('<b onclick="x()">&"注入', '<script>alert(1)</script>'), 1, '0.01'),
  ],
  month: [
    row('202603', text('2026-03', '2026-03'), 2_000_000, '402050000'),
    row('202610', text('2026-10', '2026-10'), 6_050_251, '1200200000.51'),
  ],
  mode: [
    row('1210', text('1210', '1210'), 7_000_000, '1400250000.51'),
    row('9610', text('9610', '9610'), 1_050_251, '202000000'),
  ],
  direction: [row('import', text('进口', 'Import'), 8_050_251, '1602250000.51')],
}

/** Answers like the gateway's own totals; every split sums to the same total. */
export const sampleTotals = (query: { readonly by: TotalsBy; readonly year: number }): Totals => ({
  scope: 'released',
  definition: text(
    '合成口径:已放行清单商品总价之和',
    'Synthetic scope: line totals of released lists',
  ),
  asOf: AS_OF,
  year: query.year,
  by: query.by,
  rows: rows[query.by] ?? [],
  total: { count: 8_050_251, amount: '1602250000.51' },
  target: {
    year: query.year,
    amount: '50000000000',
    progress: '0.03204500',
    source: '合成依据',
  },
  sources: ['CEB621', 'CEB622'],
  gaps: [],
})
