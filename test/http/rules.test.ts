/** Rules as an enterprise meets them, and its choice of softer ones. */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ruleCodes, rules } from '../../src/catalogue/rules/index.ts'
import { findSeverities } from '../../src/store/rule-switches.ts'
import { bearer, json, type TestApp, testApp } from './app.ts'

let test: TestApp
beforeAll(async () => {
  test = await testApp()
})
afterAll(() => test.close())

interface Told {
  readonly rule: string
  readonly severity: string
  readonly usual: string
  readonly choices: readonly string[]
  readonly chosen: string | null
}

const enterprise = () => test.account(test.cast.platform).id
const path = () => `/api/v1/enterprises/${enterprise()}/rules`

const read = async (): Promise<readonly Told[]> => {
  const response = await test.fetch(path(), { headers: bearer(test.operatorKey) })
  return ((await response.json()) as { rules: Told[] }).rules
}

const choose = (chosen: readonly { rule: string; severity: string | null }[]) =>
  test.fetch(path(), { ...json(test.operatorKey, { rules: chosen }), method: 'PUT' })

const told = async (rule: string): Promise<Told | undefined> =>
  (await read()).find((each) => each.rule === rule)

describe('rules of an enterprise', () => {
  it('are all told, each as usual until something else is chosen', async () => {
    const found = await read()
    expect(found.map(({ rule }) => rule).sort()).toEqual([...ruleCodes].sort())
    for (const { severity, usual, chosen } of found) {
      expect(severity).toBe(usual)
      expect(chosen).toBeNull()
    }
  })

  it('can be made softer and usual again', async () => {
    expect((await choose([{ rule: 'MATCH_PAYER', severity: 'warn' }])).status).toBe(200)
    expect(await told('MATCH_PAYER')).toMatchObject({
      ...{ severity: 'warn', usual: 'hold', chosen: 'warn' },
    })
    expect((await choose([{ rule: 'MATCH_PAYER', severity: null }])).status).toBe(200)
    expect(await told('MATCH_PAYER')).toMatchObject({ severity: 'hold', chosen: null })
  })

  it('are not made harder, nor softer than the catalogue lets them be, not even in part', async () => {
    for (const wrong of [
      { rule: 'MATCH_PAYER', severity: 'refuse' },
      { rule: 'MATCH_CONSIGNEE', severity: 'hold' },
    ]) {
      const response = await choose([{ rule: 'MATCH_BUYER', severity: 'warn' }, wrong])
      expect(response.status).toBe(422)
      const { faults } = (await response.json()) as { faults: { pointer: string }[] }
      expect(faults.map(({ pointer }) => pointer)).toEqual(['/rules/1/severity'])
      expect((await told('MATCH_BUYER'))?.chosen).toBeNull()
    }
    const unknown = await choose([{ rule: 'MATCH_NOTHING', severity: 'warn' }])
    expect(unknown.status).toBe(400)
  })

  it('follow the edition of the day, which may be softer than what was chosen', async () => {
    const { db } = test.database
    await sql`update rule_edition set valid_to = '2026-01-31' where rule = 'MATCH_LINES'`.execute(
      db,
    )
    await sql`insert into rule_edition (rule, valid_from, severity, confidence, source)
      values ('MATCH_LINES', '2026-03-01', 'warn', 'B', 'a test')`.execute(db)
    const on = async (day: string) =>
      (await findSeverities(db, [enterprise()], day))('MATCH_LINES', enterprise())
    expect(await on('2016-04-07')).toBeUndefined()
    expect(await on('2026-01-31')).toBe('hold')
    expect(await on('2026-02-01')).toBeUndefined()
    expect(await on('2026-03-01')).toBe('warn')
    await choose([{ rule: 'MATCH_LINES', severity: 'warn' }])
    expect(await on('2026-01-31')).toBe('warn')
    // Of another enterprise's choice nobody else hears.
    const other = test.account(test.cast.carrier).id
    expect((await findSeverities(db, [other], '2026-01-31'))('MATCH_LINES', other)).toBe('hold')
  })

  it('hold back only what customs was seen to refuse, and refuse what nobody is sure of only where it may be softened', () => {
    for (const rule of ruleCodes) {
      const { severity, customs, confidence, softer } = rules[rule]
      if (severity === 'warn') continue
      if (severity === 'hold') expect([rule, customs === undefined]).toEqual([rule, false])
      const isSure = ['A', 'B'].includes(confidence)
      expect([rule, isSure || softer?.includes('warn')]).toEqual([rule, true])
    }
  })
})
