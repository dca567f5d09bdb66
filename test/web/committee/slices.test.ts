/** Addresses of the committee's pages, its sums of settlements, and figures with many places. */
import { describe, expect, it } from 'vitest'
import { sumsOf } from '../../../src/web/committee/settlement-page.tsx'
import { apiAddress, pageAddress, pageOfLink, sliceOf } from '../../../src/web/committee/slices.ts'
import { exactAmount, growthPercent } from '../../../src/web/figures.ts'

describe('an address', () => {
  it('tells undecided from all, there and back', () => {
    expect(sliceOf({ zone: '', mode: 'undecided', by: 'zone' })).toEqual({ mode: '' })
    expect(pageAddress('/p', { zone: '', mode: undefined })).toBe('/p?zone=undecided')
    expect(apiAddress('/a', sliceOf({ zone: 'undecided' }))).toBe('/a?zone=')
  })

  it('takes day and hour of a field for China time, and a moment as it is', () => {
    expect(sliceOf({ asOf: '2026-11-03T09:00' })).toEqual({ asOf: '2026-11-03T09:00:00+08:00' })
    expect(sliceOf({ asOf: '2026-11-03T01:00:00.000Z' })).toEqual({
      asOf: '2026-11-03T01:00:00.000Z',
    })
  })

  it('of the interface is that of a page, or of none where the desk has none', () => {
    expect(pageOfLink('/api/v1/totals/documents?zone=&scope=policy')).toBe(
      '/committee/totals/documents?zone=undecided&scope=policy',
    )
    expect(pageOfLink('/api/v1/zones/CQ-XY?month=202610')).toBe(
      '/committee/zones/CQ-XY?month=202610',
    )
    expect(pageOfLink('/api/v1/settlements?month=202610&currency=502&counted=true')).toBe(
      '/committee/settlement/records?month=202610&currency=502&counted=true',
    )
    expect(pageOfLink('/api/v1/rejections?zone=CQ-XY')).toBeUndefined()
    expect(pageOfLink(null)).toBeUndefined()
  })
})

describe('figures', () => {
  it('of months and institutions add up exactly by direction and currency', () => {
    const row = (month: string, currency: string, gross: string) => ({
      ...{ month, currency, institutionId: 'i', institution: 'i', direction: '1' },
      ...{ directionName: { zh: '结汇', en: 'sold' }, count: 1, refunds: 0, costs: '0' },
      ...{ gross, net: gross, lines: gross, matched: gross, unmatched: '0', rmb: gross },
      ...{ over: '0', counted: gross, links: { records: null } },
    })
    const sums = sumsOf([
      row('202601', '502', '0.1'),
      row('202602', '502', '0.2'),
      row('202601', '142', '5'),
    ])
    expect(sums.map(({ currency, count, gross }) => [currency, count, Number(gross)])).toEqual([
      ['142', 1, 5],
      ['502', 2, 0.3],
    ])
  })

  it('with more than five places are rounded, not lost', () => {
    expect(exactAmount('1234.567890123456')).toBe('1,234.57')
    expect(exactAmount('-0.005000000001')).toBe('-0.01')
  })

  it('of growth show their sign', () => {
    expect(growthPercent('0.178000')).toBe('+17.8\u00a0%')
    expect(growthPercent('-0.050000')).toBe('-5.0\u00a0%')
    expect(growthPercent('0')).toBe('0.0\u00a0%')
  })
})
