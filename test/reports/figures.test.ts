/** What a report is made of: every part adds up to what it splits, and nothing is made up. */
import { beforeAll, describe, expect, it } from 'vitest'
import { buildFigures } from '../../src/reports/build.ts'
import { changesBetween } from '../../src/reports/changes.ts'
import type { FiguresAnswer, FiguresQuery, FiguresSource } from '../../src/reports/figures.ts'
import type { Figure, Ranking, ReportFigures } from '../../src/reports/model.ts'
import { syntheticFigures } from '../support/report-figures.ts'

const AS_OF = new Date('2026-11-03T01:00:00Z')
const fen = (amount: string): bigint => {
  const [whole = '0', part = ''] = amount.split('.')
  return BigInt(whole + part.padEnd(2, '0'))
}
const sum = (figures: readonly Figure[]): Figure => ({
  count: figures.reduce((all, { count }) => all + count, 0),
  amount: String(figures.reduce((all, { amount }) => all + fen(amount), 0n)),
})
const inFen = ({ count, amount }: Figure): Figure => ({ count, amount: String(fen(amount)) })

/** The same figures, with one answer bent. */
const bent = (bend: (query: FiguresQuery, answer: FiguresAnswer) => FiguresAnswer | undefined) => {
  const source = syntheticFigures()
  return {
    ...source,
    totals: async (query: FiguresQuery) => {
      const answer = await source.totals(query)
      return answer === undefined ? undefined : bend(query, answer)
    },
  } satisfies FiguresSource
}

describe('the figures of a month', () => {
  let figures: ReportFigures
  beforeAll(async () => {
    figures = await buildFigures(syntheticFigures(), '2026-10', AS_OF)
  })

  it('are the same text whenever they are asked for', async () => {
    const again = await buildFigures(syntheticFigures(), '2026-10', AS_OF)
    expect(JSON.stringify(again)).toBe(JSON.stringify(figures))
  })

  it('of the year to date are the sum of its months', () => {
    for (const { scope, yearToDate } of figures.measures) {
      const months = figures.months.map(({ amounts }) => amounts[scope])
      expect(months).toHaveLength(10)
      expect(yearToDate && inFen(yearToDate)).toEqual(sum(months))
    }
  })

  it('that are ranked add up, with what is left out, to their total', () => {
    const whole = ({ rows, others, total }: Ranking): void => {
      expect(sum([...rows, ...(others === null ? [] : [others])])).toEqual(inFen(total))
      const amounts = rows.map(({ amount }) => Number(amount))
      expect([...amounts].sort((a, b) => b - a)).toEqual(amounts)
    }
    for (const name of ['countries', 'chapters', 'enterprises', 'institutions'] as const) {
      const ranking = figures[name]
      if (ranking === null) throw new Error(name)
      whole(ranking)
      expect(ranking.rows).toHaveLength(20)
    }
    expect(figures.enterprises?.others?.keys).toBe(14)
  })

  it('grow from what was there, and not from nothing', async () => {
    const first = await buildFigures(syntheticFigures(), '2025-04', AS_OF)
    const month = first.measures[0]?.month
    expect(month).toMatchObject({ previous: null, previousGrowth: null, lastYearGrowth: null })
    expect(figures.measures[0]?.month?.previousGrowth).toMatch(/^-?\d\.\d{6}$/)
  })

  it('keep their distance to the target above zero', async () => {
    const target = { amount: '100', source: '合成目标' }
    const source = bent((_query, answer) => ({ ...answer, target }))
    const reached = await buildFigures(source, '2026-10', AS_OF)
    expect(reached.target?.left).toBe('0')
    expect(figures.target).toMatchObject({ amount: '50000000000', evenPace: '0.833333' })
  })

  it('by modes beyond a page’s columns are one column, and the rows still add up', async () => {
    const label = { zh: '合成', en: 'synthetic' }
    const more = Array.from({ length: 9 }, (_, i) => {
      return { key: `990${i}`, label, count: 2, amount: '20.00' }
    })
    const source = bent(({ by, mode }, answer) => {
      if (by === 'mode') return { ...answer, rows: more, total: { count: 18, amount: '180.00' } }
      if (by !== 'zone') return answer
      const many = mode === undefined ? 9 : 1
      const rows = [{ key: 'Z', label, count: 2 * many, amount: `${20 * many}.00` }]
      return { ...answer, rows, total: { count: 2 * many, amount: `${20 * many}.00` } }
    })
    const { matrix } = await buildFigures(source, '2026-10', AS_OF)
    expect(matrix?.modes.map(({ key }) => key)).toEqual([
      ...['9900', '9901', '9902', '9903', '9904'],
      '*',
    ])
    for (const line of [...(matrix?.rows ?? []), ...(matrix === null ? [] : [matrix?.total])])
      expect(line && sum(line.cells)).toEqual({ count: 18, amount: '18000' })
  })

  it('that nothing tells are unknown, never zero', async () => {
    const source = bent(({ scope }, answer) => (scope === 'released' ? answer : undefined))
    const known = await buildFigures(source, '2026-10', AS_OF)
    expect(known.institutions).toBeNull()
    expect(known.target).toBeNull()
    expect(known.measures.map(({ month }) => month === null)).toEqual([true, false, true, true])
  })

  it('tell the missing rates of the months they show', async () => {
    const gap = { currency: '502', count: 1, amount: '12.50' }
    const gaps = [
      { ...gap, month: '202609' },
      { ...gap, month: '202611' },
    ]
    const source = bent((query, answer) =>
      query.scope === 'released' && query.year === 2026 ? { ...answer, gaps } : answer,
    )
    const told = await buildFigures(source, '2026-10', AS_OF)
    expect(told.gaps).toEqual([{ ...gap, scope: 'released', month: '2026-09' }])
  })
})

/** What follows from other figures, or is none: it is restated with them. */
const FOLLOWS = new Set([
  ...['share', 'growth', 'previousGrowth', 'lastYearGrowth', 'reached', 'left', 'progress'],
  ...[
    'evenPace',
    'year',
    'keys',
    'total',
    'lists',
    'month',
    'asOf',
    'format',
    'key',
    'currency',
    'label',
  ],
])

type Path = readonly (string | number)[]

const leavesOf = (value: unknown, path: Path = []): readonly Path[] => {
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([name, each]) =>
      FOLLOWS.has(name) && (typeof each !== 'object' || name === 'total' || name === 'label')
        ? []
        : leavesOf(each, [...path, name]),
    )
  const isFigure = typeof value === 'number' || /^-?\d+(\.\d+)?$/.test(String(value))
  const isZoneAmount = path[0] === 'zones' && path.at(-1) === 'amount'
  const isShown = path[0] !== 'months' || Number(path[1]) < 8
  return isFigure && !isZoneAmount && isShown && path.at(-1) !== 'direction' ? [path] : []
}

const bump = (value: unknown, path: Path): void => {
  const [name = '', ...rest] = path
  const of = Object(value)
  if (rest.length > 0) bump(of[name], rest)
  else of[name] = typeof of[name] === 'number' ? of[name] + 1 : `${of[name]}1`
}

describe('what an edition restates', () => {
  it('is each line that differs, old and new, and nothing where none does', async () => {
    const before = await buildFigures(syntheticFigures(), '2026-10', AS_OF)
    expect(changesBetween(before, before)).toEqual([])
    const source = bent(({ scope, by, year }, answer) => {
      if (scope !== 'released' || by !== 'month' || year !== 2026) return answer
      const rows = answer.rows.map((row) =>
        row.key === '202610' ? { ...row, count: row.count - 1, amount: '0.00' } : row,
      )
      return { ...answer, rows }
    })
    const changes = changesBetween(before, await buildFigures(source, '2026-10', AS_OF))
    expect(changes.map(({ line }) => line)).toEqual([
      'measures/released/month/count',
      'measures/released/month/amount',
      'measures/released/yearToDate/count',
      'measures/released/yearToDate/amount',
    ])
    expect(changes[0]).toMatchObject({
      label: { zh: '已放行 · 本月 · 单数', en: 'Released · month · Count' },
      difference: '-1',
    })
    expect(changes[1]?.now).toBe('0')
    expect(changes[1]?.difference).toBe(`-${changes[1]?.before}`)
  })

  it('names what it compares with where that was restated, although the month itself stands', async () => {
    const before = await buildFigures(syntheticFigures(), '2026-10', AS_OF)
    const first = before.countries?.rows[0]?.key
    const restated = bent(({ scope, by, year, month }, answer) => {
      if (scope !== 'released') return answer
      const isBase = (key: string) => by === 'month' && year === 2025 && key === '202510'
      const isBefore = (key: string) => by === 'country' && month === '202609' && key === first
      const rows = answer.rows.map((row) =>
        isBase(row.key) || isBefore(row.key) ? { ...row, amount: '1.00' } : row,
      )
      return { ...answer, rows }
    })
    const changes = changesBetween(before, await buildFigures(restated, '2026-10', AS_OF))
    expect(changes.map(({ line }) => line)).toEqual([
      'measures/released/month/lastYear/amount',
      'measures/released/yearToDate/lastYear/amount',
      `countries/${first}/previous`,
    ])
    expect(changes[0]).toMatchObject({
      ...{ label: { zh: '已放行 · 同比基数 · 2025-10 · 金额' }, now: '1' },
    })
  })

  it('misses no figure that is not reckoned from others', async () => {
    const figures = await buildFigures(syntheticFigures(), '2026-10', AS_OF)
    const missed = leavesOf(figures).filter((path) => {
      const other = structuredClone(figures)
      bump(other, path)
      return changesBetween(figures, other).length === 0
    })
    expect(missed.map((path) => path.join('.'))).toEqual([])
  })

  it('is nothing, and not unknown, where a gap has closed', async () => {
    const gaps = [{ currency: '502', month: '202610', count: 1, amount: '12.50' }]
    const open = bent(({ scope }, answer) => (scope === 'released' ? { ...answer, gaps } : answer))
    const before = await buildFigures(open, '2026-10', AS_OF)
    const after = await buildFigures(syntheticFigures(), '2026-10', AS_OF)
    expect(changesBetween(before, after)).toMatchObject([
      { line: 'gaps/released/502/2026-10/count', before: '1', now: '0', difference: '-1' },
      { line: 'gaps/released/502/2026-10/amount', now: '0', difference: '-12.5' },
    ])
  })
})
