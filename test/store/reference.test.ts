/** Reference data: the seed, and what places a list in a zone. */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { zones } from '../../src/catalogue/zones/index.ts'
import { decideZone, seedReference, type ZoneRule, zoneRules } from '../../src/store/reference.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'

const rule = (
  kind: ZoneRule['kind'],
  code: string,
  zone: string,
  validFrom = '2019-01-01',
  validTo: string | null = null,
): ZoneRule => ({ kind, code, zone, validFrom, validTo })

const RULES = [
  rule('office', '8011', 'OFFICE-ZONE'),
  rule('site', '801101', 'SITE-ZONE'),
  rule('warehouse', '5000000001', 'OLD-ZONE', '2019-01-01', '2021-12-31'),
  rule('warehouse', '5000000001', 'NEW-ZONE', '2022-01-01'),
]
const nowhere = { warehouse: undefined, site: undefined, office: undefined, on: '2024-06-18' }

const noRule = { zone: null, because: 'no-rule', by: null }

describe('decideZone', () => {
  it('takes the warehouse before the site and the site before the office', () => {
    const all = { ...nowhere, warehouse: '5000000001', site: '801101', office: '8011' }
    expect(decideZone(RULES, all)).toEqual({ zone: 'NEW-ZONE', by: 'warehouse' })
    expect(decideZone(RULES, { ...all, warehouse: undefined })).toEqual({
      zone: 'SITE-ZONE',
      by: 'site',
    })
    expect(decideZone(RULES, { ...all, warehouse: '', site: undefined })).toEqual({
      ...{ zone: 'OFFICE-ZONE', by: 'office' },
    })
  })

  it('passes to the next sign when a code has no rule', () => {
    const unknown = { ...nowhere, warehouse: '5000000009', site: '999999', office: '8011' }
    expect(decideZone(RULES, unknown)).toEqual({ zone: 'OFFICE-ZONE', by: 'office' })
  })

  it('uses the rule of the day, first and last day included', () => {
    const at = (on: string) => decideZone(RULES, { ...nowhere, warehouse: '5000000001', on })
    expect(at('2018-12-31')).toEqual(noRule)
    expect(at('2019-01-01')).toEqual({ zone: 'OLD-ZONE', by: 'warehouse' })
    expect(at('2021-12-31')).toEqual({ zone: 'OLD-ZONE', by: 'warehouse' })
    expect(at('2022-01-01')).toEqual({ zone: 'NEW-ZONE', by: 'warehouse' })
  })

  it('never guesses: no sign, an unknown code or two claimants leave it undecided', () => {
    expect(decideZone(RULES, nowhere)).toEqual(noRule)
    expect(decideZone(RULES, { ...nowhere, office: '8012' })).toEqual(noRule)
    const disputed = [...RULES, rule('site', '801101', 'ANOTHER-ZONE')]
    const list = { ...nowhere, site: '801101', office: '8011' }
    expect(decideZone(disputed, list)).toEqual({
      ...{ zone: null, because: 'several-rules', by: 'site' },
    })
  })
})

describe('seedReference', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await testDatabase()
  })
  afterAll(() => database.close())

  it('brings every zone, the one office named for its zone, and the target of 2022', async () => {
    await seedReference(database.db)
    const stored = await database.db.selectFrom('zone').selectAll().execute()
    expect(stored.map((row) => row.code).sort()).toEqual(zones.map((zone) => zone.code).sort())
    const rules = (await zoneRules.execute(database.db)).rows
    expect(rules.map((row) => [row.kind, row.code, row.zone, row.validFrom])).toEqual([
      // Offices of a port or a district serve more than a zone: whoever knows better loads a rule.
      ['office', '8013', 'CQ-XY', '2019-01-01'],
    ])
    const { rows } = await sql`select year, zone, amount, source from target`.execute(database.db)
    expect(rows).toEqual([
      { year: '2022', zone: '', amount: '50000000000', source: '渝府发〔2019〕17号' },
    ])
  })

  it('leaves edited and deleted rows as they are, also when several starters run it', async () => {
    const { db } = database
    await db.updateTable('zone').set({ zh: '改名' }).where('code', '=', 'CQ-XY').execute()
    await sql`update target set amount = 1 where year = '2022'`.execute(db)
    await db.deleteFrom('zone_rule').where('code', '=', '8013').execute()
    await Promise.all([seedReference(db), seedReference(db), seedReference(db)])
    const zone = await db
      .selectFrom('zone')
      .select('zh')
      .where('code', '=', 'CQ-XY')
      .executeTakeFirst()
    expect(zone?.zh).toBe('改名')
    expect((await sql`select amount from target`.execute(db)).rows).toEqual([{ amount: '1' }])
    expect((await zoneRules.execute(db)).rows).toEqual([])
  })
})
