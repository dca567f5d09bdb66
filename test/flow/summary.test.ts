/** Deadlines of monthly summaries, and whether a list may go the simplified way: pure rules. */
import { describe, expect, it } from 'vitest'
import { readDecimal } from '../../src/kernel/decimal.ts'
import { judgeSimplified, type SimplifiedFacts, summaryDeadline } from '../../src/rules/summary.ts'

const RULE = { day: 15, moves: true }
const NO_DAYS = new Map<string, boolean>()

describe('the deadline', () => {
  it.each([
    ['2026-09', '2026-10-15', 'a Thursday'],
    ['2026-07', '2026-08-17', 'a Saturday'],
    ['2026-10', '2026-11-16', 'a Sunday'],
    ['2026-12', '2027-01-15', 'a Friday of the next year'],
  ])('of the lists of %s is %s, because the 15th is %s', (month, date) => {
    expect(summaryDeadline(month, RULE, NO_DAYS).date).toBe(date)
  })

  it('moves over holidays and back to working weekends, and tells the day before it moved', () => {
    const holiday = new Map([
      ['2026-10-15', true],
      ['2026-10-16', true],
      ['2026-10-17', false],
    ])
    expect(summaryDeadline('2026-09', RULE, holiday)).toEqual({
      ...{ date: '2026-10-17', nominal: '2026-10-15' },
    })
  })

  it('stays where it is when the rule does not move it', () => {
    const rule = { day: 15, moves: false }
    expect(summaryDeadline('2026-10', rule, NO_DAYS).date).toBe('2026-11-15')
  })

  it('is found even if every day rests', () => {
    const always = new Map(
      Array.from({ length: 60 }, (_, i) => [
        new Date(Date.UTC(2026, 9, 1 + i)).toISOString().slice(0, 10),
        true,
      ]),
    )
    expect(summaryDeadline('2026-09', RULE, always).date).toBe('2026-11-15')
  })
})

const decimal = (text: string) => {
  const value = readDecimal(text)
  if (value === undefined) throw new Error(text)
  return value
}

const open: SimplifiedFacts = {
  ...{ inPilotZone: true, amount: decimal('5000'), amountMax: decimal('5000'), hasLicence: false },
  ...{ needsInspection: false, bearsDuty: false, getsRefund: false },
}

describe('the simplified way', () => {
  it('is open when all is known and nothing speaks against it', () => {
    expect(judgeSimplified(open).simplified).toBe(true)
  })

  it.each([
    ['zone', { inPilotZone: false }],
    ['amount', { amount: decimal('5000.00001') }],
    ['licence', { hasLicence: true }],
    ['inspection', { needsInspection: true }],
    ['duty', { bearsDuty: true }],
    ['refund', { getsRefund: true }],
  ] as const)('is closed by its %s alone, even if other facts are open', (fact, facts) => {
    const { simplified, reasons } = judgeSimplified({
      ...open,
      inPilotZone: undefined,
      ...facts,
    })
    expect(simplified).toBe(false)
    expect(reasons.filter(({ verdict }) => verdict === 'against').map((one) => one.fact)).toEqual([
      fact,
    ])
  })

  it.each([
    ['zone', { inPilotZone: undefined }],
    ['amount', { amount: undefined }],
    ['amount', { amountMax: undefined }],
    ['inspection', { needsInspection: undefined }],
    ['duty', { bearsDuty: undefined }],
    ['refund', { getsRefund: undefined }],
  ] as const)('is left open when its %s is not known', (fact, facts) => {
    const { simplified, reasons } = judgeSimplified({ ...open, ...facts })
    expect(simplified).toBe('unknown')
    expect(reasons.find((one) => one.fact === fact)?.verdict).toBe('unknown')
  })
})
