/** Reference data as an operator loads it, and stored lists that follow a rule. */
import { findReferenceTable } from '../../src/catalogue/reference/index.ts'
import { zones } from '../../src/catalogue/zones/index.ts'
import { loadReference } from '../../src/flow/reference.ts'
import { placeLists } from '../../src/flow/totals-place.ts'
import type { FlowDeps } from '../../src/flow/types.ts'
import { addZoneRules, seedReference } from '../../src/store/reference.ts'
import type { Db } from '../../src/store/tables.ts'

export const loadTable = async (deps: FlowDeps, name: string, csv: string): Promise<void> => {
  const table = findReferenceTable(name)
  if (table === undefined) throw new Error('no such table')
  const answer = await loadReference(deps, {
    ...{ table, given: {}, replace: false, dryRun: false, by: 'test' },
    bytes: (async function* () {
      yield Buffer.from(csv)
    })(),
  })
  if (answer.kind !== 'loaded') throw new Error(JSON.stringify(answer))
}

/** What a start seeds, and the rule that each zone's offices have lists of that zone alone. */
export const seedWithOffices = async (db: Db): Promise<void> => {
  await seedReference(db)
  const rule = { valid_from: '2019-01-01', valid_to: null, confidence: 'I', source: 'test' }
  await addZoneRules(
    db,
    zones.flatMap(({ code: zone, offices }) =>
      offices
        .filter(({ confidence }) => confidence === 'B')
        .map(({ code }) => ({ kind: 'office' as const, code, zone, ...rule })),
    ),
  )
}

const offices = new Set([
  ...['8012', '8001'],
  ...zones.flatMap((zone) => zone.offices.map(({ code }) => code)),
])

/** Months of whatever a test hands in. */
export const PLACED = { from: '202609', to: '202708' }

/** By a rule for every office, or, without a zone, by one that holds no more; stored lists follow it. */
export const placeByOffices = async (deps: FlowDeps, zone: string): Promise<void> => {
  const rest = zone === '' ? 'CQ-XY,2019-01-01,2019-01-02' : `${zone},2019-01-01,`
  const rows = [...offices].map((code) => `office,${code},${rest},A,synthetic`)
  const head = 'kind,code,zone,validFrom,validTo,confidence,source'
  await loadTable(deps, 'zone-rules', [head, ...rows, ''].join('\n'))
  await placeLists(deps, { ...PLACED, write: true })
}
