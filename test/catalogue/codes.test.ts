/** The dictionaries of replies: complete, without contradictions, and with an answer for any code. */
import { describe, expect, it } from 'vitest'
import { actors } from '../../src/catalogue/causes/cause.ts'
import { causes } from '../../src/catalogue/causes/index.ts'
import { errorCode, situationCode } from '../../src/catalogue/error-codes.ts'
import { everyKind } from '../../src/catalogue/errors/every-kind.ts'
import { errorTables } from '../../src/catalogue/errors/index.ts'
import { exchangeCodes } from '../../src/catalogue/exchange-codes.ts'
import { declarations, findMessage, replies } from '../../src/catalogue/index.ts'
import { exchangeMeaning, resultMeaning, statusMeaning } from '../../src/catalogue/meanings.ts'
import { resultCodes } from '../../src/catalogue/result-codes.ts'
import { officialStatus, statuses } from '../../src/catalogue/statuses.ts'
import { blockedReason } from '../../src/flow/reply-words.ts'
import type { Text } from '../../src/kernel/fault.ts'

const CHINESE = /[\u4e00-\u9fff]/
const tables = [{ kind: 'any', ...everyKind }, ...errorTables]

const expectBoth = ({ zh, en }: Text, what: string): void => {
  expect(zh, what).toMatch(CHINESE)
  expect(en, what).not.toMatch(CHINESE)
  expect(en.length, what).toBeGreaterThan(5)
}

describe('error codes', () => {
  it('are as many as were published', () => {
    expect(tables.flatMap((table) => table.codes)).toHaveLength(159)
    expect(tables.flatMap((table) => table.ranges ?? [])).toHaveLength(37)
    expect(Object.keys(exchangeCodes)).toHaveLength(15)
  })

  it('stand once in their table, in it or in a range, with both languages', () => {
    for (const { kind, codes, seen = [], ranges = [] } of tables) {
      const all = [...codes, ...seen].map(([code]) => code)
      expect(new Set(all).size, kind).toBe(all.length)
      for (const [code, , zh, en] of [...codes, ...seen]) {
        expect(code, kind).toMatch(/^-[1-9]\d{1,8}$/)
        expectBoth({ zh, en }, `${kind} ${code}`)
      }
      const ends = ranges.flatMap(({ first, last }) => [first, last])
      expect(ends, kind).toEqual([...ends].sort((a, b) => b - a))
      for (const range of ranges) expectBoth(range, kind)
    }
  })

  it('answer kinds that the catalogue speaks, one table each', () => {
    const kinds = errorTables.map(({ kind }) => kind)
    expect(new Set(kinds).size).toBe(kinds.length)
    for (const kind of kinds)
      expect(['declaration', 'format-reply'], kind).toContain(findMessage(kind)?.sort)
  })

  it('mean something else for each kind where numbers overlap', () => {
    expect(errorCode('CEB513', '-505011')?.sort).toBe('data')
    expect(errorCode('CEB509', '-505011')?.sort).toBe('signature')
    expect(errorCode('CEB311', '-301010')?.cause).toBe('duplicate')
    expect(errorCode('CEB303', '-301010')?.sort).toBe('signature')
  })

  it('of a range go from its first to its last number and no further', () => {
    const sorts = (codes: readonly string[]) => codes.map((code) => errorCode('CEB303', code)?.sort)
    expect(sorts(['-301000', '-301001', '-302000', '-302001', '-303001', '-304001'])).toEqual([
      ...[undefined, 'signature', 'signature', 'data', 'business', 'system'],
    ])
    expect(sorts(['-305000', '-305001', '-0301001', '301001', '-301001.5', ''])).toEqual([
      ...['system', undefined, undefined, undefined, undefined, undefined],
    ])
  })

  it('tell every situation by a code that has a meaning', () => {
    for (const { kind, situations = {} } of errorTables)
      for (const code of Object.values(situations))
        expect(errorCode(kind, code), `${kind} ${code}`).toBeDefined()
    expect(situationCode('CEB311', 'duplicate')).toBe('-301010')
    expect(situationCode('CEB603', 'bad-signature')).toBe('-601001')
    expect(situationCode('CEB000', 'stale')).toBeUndefined()
  })
})

describe('causes', () => {
  it('say in both languages why, who acts and what he does', () => {
    for (const [name, { zh, en, actors: who, cure }] of Object.entries(causes)) {
      expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/)
      expectBoth({ zh, en }, name)
      expectBoth(cure, name)
      expect(new Set(who).size, name).toBe(who.length)
      for (const actor of who) expectBoth(actors[actor], actor)
    }
  })

  it('are each behind some code', () => {
    const used = new Set<string>([
      // The sorts are there for tables to come, whether or not a code falls back on them today.
      ...tables.flatMap(({ codes }) => codes.map(([, sort]) => sort)),
      ...tables.flatMap(({ codes, seen = [] }) =>
        [...codes, ...seen].map(([, sort, , , cause = sort]) => cause),
      ),
      ...tables.flatMap(({ ranges = [] }) => ranges.map(({ sort, cause }) => cause ?? sort)),
      ...Object.values(statuses).map(({ cause }) => cause),
      ...Object.values(resultCodes).map(({ cause }) => cause),
      ...Object.values(exchangeCodes).map(({ cause }) => cause),
      ...['4711', '-4711'].map((code) => officialStatus(code).cause),
      resultMeaning('4711').cause,
      exchangeMeaning('4711').cause,
      blockedReason(['MATCH_PAYER']).cause.name,
    ])
    expect(Object.keys(causes).filter((name) => !used.has(name))).toEqual([])
  })

  it('tell a refusal from a state in which nobody need act', () => {
    for (const kind of declarations.map(({ code }) => code)) {
      expect(causes[statusMeaning(kind, '2').cause].actors).toEqual(['nobody'])
      expect(causes[statusMeaning(kind, '100').cause].actors).toEqual(['sender'])
    }
    // Stored is the end of an order's way, and a stage of a list's.
    expect(statusMeaning('CEB311', '120').cause).toBe('finished')
    expect(statusMeaning('CEB621', '120').cause).toBe('on-its-way')
  })
})

describe('a status', () => {
  it('that any reply documents is known', () => {
    const documented = new Set(replies.flatMap((entry) => entry.statuses))
    expect([...documented].filter((code) => !statusMeaning('CEB621', code).known)).toEqual([])
  })

  it('that nobody published gets an answer and is called unknown', () => {
    for (const code of ['777', '', '一', 'toString', '__proto__', 'constructor', '-', '--1'])
      expect(statusMeaning('CEB621', code), code).toMatchObject({
        known: false,
        cause: 'unknown-status',
      })
    expect(statusMeaning('CEB621', '-4711')).toMatchObject({ known: false, cause: 'unknown-error' })
    expect(officialStatus('-4711').state).toBe('rejected')
    expect(officialStatus('toString').state).toBe('unknown')
    expect(resultMeaning('99999')).toMatchObject({ known: false, cause: 'unknown-result' })
    expect(exchangeMeaning('constructor')).toMatchObject({ known: false })
  })
})
