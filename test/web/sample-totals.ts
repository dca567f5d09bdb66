/** Hand-made figures for tests of the pages: sums that agree, and texts that try to break out. */
import type { TargetsView } from '../../src/flow/targets.ts'
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
  scope: 'policy',
  definition: text('合成口径:交易及结算', 'Synthetic scope: trade and settlement'),
  asOf: AS_OF,
  year: query.year,
  by: query.by,
  rows: rows[query.by] ?? [],
  total: { count: 8_050_251, amount: '1602250000.51' },
  provisional: true,
  target: {
    ...{ year: query.year, zone: '', comparable: true },
    amount: '50000000000',
    progress: '0.03204500',
    source: '合成依据',
  },
  sources: ['CEB621', 'CEB622'],
  gaps: [],
})

/** The same year against the target: a forecast that falls short. */
export const sampleTargets = ({ year }: { readonly year: number }): TargetsView => {
  const { scope, definition, asOf, provisional, total, sources } = sampleTotals({
    by: 'zone',
    year,
  })
  return {
    ...{ scope, definition, asOf, provisional, year, sources },
    zone: { code: '', ...text('全市', 'the whole city') },
    target: {
      ...{ amount: '50000000000', validFrom: '2026-01-01', validTo: null, confidence: 'I' },
      ...{ source: 'synthetic', note: '', scope: 'policy', comparable: true },
    },
    done: { ...total, from: '202603' },
    ...{ progress: '0.03204500', left: '48397749999.49' },
    days: { all: 365, gone: 325, left: 40 },
    pace: { needed: '1209943750', recent: '39000000', months: ['202608', '202609', '202610'] },
    forecast: {
      ...{ method: 'run-rate', amount: '3200000000', basis: ['202610'] },
      range: { low: '3000000000', high: '3400000000', coverage: '0.80', errors: 9, horizon: 1 },
      text: text('按日推算', 'By the day'),
      rangeText: text('区间说明', 'What the range rests on'),
    },
    noForecast: null,
    outcome: {
      ...{ kind: 'short', month: null, day: null, earliest: null, latest: null },
      ...{ shortfall: '46800000000', shortfallLeast: '46600000000', shortfallMost: '47000000000' },
      text: text('按推算年底差 46800000000 元', 'Short by CNY 46800000000 by the forecast'),
    },
    growth: { months: [], amount: '0', base: '0', growth: null },
    ...{ shares: [], rest: null, gaps: [] },
  }
}
