/**
 * Reference data: zones, what places a list in one, and what else a start seeds. Seeded once from the
 * catalogue's literals, then edited in the database; a start never overwrites an edited row. A list
 * is placed by its warehouse enterprise, else its site, else its customs office; what no rule places
 * stays without a zone (未归属) and is shown so, never guessed.
 */
import { sql } from 'kysely'
import type { Undecided } from '../catalogue/counted-sets.ts'
import { zones } from '../catalogue/zones/index.ts'
import { seedMeasures } from './measures.ts'
import { seedRuleEditions } from './rule-switches.ts'
import { seedRuleValues } from './rule-values.ts'
import { seedIndicators } from './scoreboard.ts'
import { seedBopCodes } from './settlements-codes.ts'
import type { Db, ZoneRuleTable } from './tables.ts'
import { seedTaxRates } from './tax-rates.ts'
import { seedTargets } from './year-targets.ts'

export interface ZoneRule {
  readonly kind: 'warehouse' | 'site' | 'office'
  readonly code: string
  readonly zone: string
  /** `yyyy-MM-dd`, both days included; null: until further notice. */
  readonly validFrom: string
  readonly validTo: string | null
}

/** What a list says of the place; a missing code is no evidence. */
export interface Placement {
  readonly warehouse: string | undefined
  readonly site: string | undefined
  readonly office: string | undefined
  /** The day that counts, `yyyy-MM-dd` in China. */
  readonly on: string
}

/** `by` is the kind of rule that decided; null where none speaks of the list. */
export type DecidedZone =
  | { readonly zone: string; readonly by: ZoneRule['kind'] }
  | { readonly zone: null; readonly because: Undecided; readonly by: ZoneRule['kind'] | null }

/** The zone, or why there is none. */
export const decideZone = (rules: readonly ZoneRule[], placement: Placement): DecidedZone => {
  for (const kind of ['warehouse', 'site', 'office'] as const) {
    const code = placement[kind]
    if (code === undefined || code === '') continue
    const claims = new Set(
      rules
        .filter((rule) => rule.kind === kind && rule.code === code && holds(rule, placement.on))
        .map((rule) => rule.zone),
    )
    // Two zones that claim the same code are a fault of the rules; a weaker sign must not decide it.
    const [zone] = claims
    if (zone !== undefined)
      return claims.size === 1
        ? { zone, by: kind }
        : { zone: null, because: 'several-rules', by: kind }
  }
  return { zone: null, because: 'no-rule', by: null }
}

const holds = (rule: ZoneRule, on: string): boolean =>
  rule.validFrom <= on && (rule.validTo === null || on <= rule.validTo)

export const zoneRules = sql<ZoneRule>`
  select kind, code, zone, valid_from::text as "validFrom", valid_to::text as "validTo"
  from zone_rule order by kind, code, valid_from`

/** Adds what is not there yet. Safe to run at every start and by several starters at once. */
export const seedReference = (db: Db): Promise<void> =>
  db.transaction().execute(async (trx) => {
    // Rules only of zones added now: a rule that somebody deleted must not come back.
    const added = await trx
      .insertInto('zone')
      .values(zones.map(zoneRow))
      .onConflict((conflict) => conflict.doNothing())
      .returning('code')
      .execute()
    const codes = new Set(added.map((row) => row.code))
    const rules = zones.filter((zone) => codes.has(zone.code)).flatMap(officeRules)
    if (rules.length > 0) {
      await trx
        .insertInto('zone_rule')
        .values(rules)
        .onConflict((conflict) => conflict.doNothing())
        .execute()
    }
    await seedTargets(trx)
    await seedIndicators(trx)
    await seedRuleValues(trx)
    await seedRuleEditions(trx)
    await seedTaxRates(trx)
    await seedMeasures(trx)
    await seedBopCodes(trx)
  })

type Zone = (typeof zones)[number]

/** When the present office codes came into use; lists before it are not in this system. */
const OFFICE_RULES_FROM = '2019-01-01'
/** The only published list of the city's office codes known to us; hence confidence B. */
const OFFICE_SOURCE = '重庆支付企业(易极付)支付单申报接口所列关区代码, 2015-04-28'
/** One source at least; a code whose owner is uncertain places nothing. */
const SURE_ENOUGH = new Set(['A', 'B'])

const zoneRow = (zone: Zone) => ({
  code: zone.code,
  zh: zone.zh,
  en: zone.en,
  type: zone.type,
  approved: zone.approved,
  district: zone.district,
  lat: zone.lat,
  lon: zone.lon,
  confidence: zone.confidence,
  sources: [...zone.sources],
})

const officeRules = (zone: Zone): ZoneRuleTable[] =>
  zone.offices
    .filter(({ isZonesOwn, confidence }) => isZonesOwn === true && SURE_ENOUGH.has(confidence))
    .map((office) => ({
      kind: 'office',
      code: office.code,
      zone: zone.code,
      valid_from: OFFICE_RULES_FROM,
      valid_to: null,
      confidence: office.confidence,
      source: OFFICE_SOURCE,
    }))

/** Rules beside the seeded ones; one that is there already stays as it is. */
export const addZoneRules = async (db: Db, rules: readonly ZoneRuleTable[]): Promise<void> => {
  await db
    .insertInto('zone_rule')
    .values([...rules])
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
