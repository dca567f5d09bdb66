/** The reference tables at hand. A new one is an entry in a file beside this one, and one line here. */
import { bopCodeTable } from '../settlement-codes.ts'
import { figures, restDays, ruleEditions } from './figures.ts'
import { hsUnits, positiveList, saleBans } from './goods.ts'
import { definitions } from './measures.ts'
import type { ReferenceTable } from './table.ts'
import { enterpriseTags, indicators, targets } from './targets.ts'
import { exchangeRates, taxRates } from './taxes.ts'
import { zoneRules } from './zones.ts'

export type { ReferenceColumn, ReferenceRow, ReferenceTable } from './table.ts'

export const referenceTables: readonly ReferenceTable[] = [
  positiveList,
  saleBans,
  hsUnits,
  figures,
  ruleEditions,
  restDays,
  taxRates,
  exchangeRates,
  targets,
  definitions,
  indicators,
  enterpriseTags,
  bopCodeTable,
  zoneRules,
]

/** Checks the entries when they are loaded: a wrong one stops the program and no upload later. */
const wrongIn = ({ columns, key, dating, hs }: ReferenceTable): string | undefined => {
  const names = columns.map(({ name }) => name)
  const wanted = [...key, ...(hs === undefined ? [] : [hs])]
  if (dating !== 'none') wanted.push('validFrom')
  if (dating === 'row') wanted.push('validTo')
  if (dating !== 'none' && !key.includes('validFrom')) return 'its key lacks validFrom'
  if (new Set(names).size < names.length) return 'a column stands there twice'
  return wanted.find((name) => !names.includes(name))
}

for (const table of referenceTables) {
  const wrong = wrongIn(table)
  if (wrong !== undefined) throw new Error(`reference table ${table.name}: ${wrong}`)
}

const byName: ReadonlyMap<string, ReferenceTable> = new Map(
  referenceTables.map((table) => [table.name, table]),
)

export const findReferenceTable = (name: string): ReferenceTable | undefined => byName.get(name)
