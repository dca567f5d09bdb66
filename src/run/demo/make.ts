/** The documents of a planned consignment, and where its list is to end. */
import { findAct, getDeclaration } from '../../catalogue/index.ts'
import type { Declaration, State } from '../../catalogue/message.ts'
import { officialStatus } from '../../catalogue/statuses.ts'
import { type Cast, makeConsignment, type Part, partsOf } from '../../sim/consignments.ts'
import { exportPartsOf, makeExportConsignment } from '../../sim/export-consignments.ts'
import { endOf, type Fate, fateOfMark, usualFate } from '../../sim/fates.ts'
import type { ToHandIn } from './hand-in.ts'
import type { PlannedConsignment } from './plan.ts'

/** Lists with this fate stay where they can be cancelled, and are. */
const TO_BE_CANCELLED = fateOfMark('-PENDING')

export interface MakeSettings {
  readonly seed: number
  readonly cast: Cast
  readonly at: Date
}

/** Its documents, the list last: the only one whose end is asked for. */
export const makePlanned = (
  planned: PlannedConsignment,
  settings: MakeSettings,
): readonly ToHandIn[] => {
  const parts = partsOfPlanned(planned, settings)
  return parts.map(({ kind, document }, i) => {
    const entry = getDeclaration(kind)
    const isList = i === parts.length - 1
    return {
      ...{ entry, document },
      expected: isList ? expectedEnd(entry, planned.fate) : undefined,
      fate: isList ? planned.fate : undefined,
    }
  })
}

const partsOfPlanned = (
  planned: PlannedConsignment,
  { seed, cast, at }: MakeSettings,
): readonly Part[] => {
  const common = { seed, at, enterprises: cast, fate: planned.fate.mark }
  const { n, zone } = planned
  if (planned.direction === 'import')
    return partsOf(makeConsignment({ ...common, n, zone, mode: planned.mode }))
  const { mode, flag, currency, declarant } = planned
  const declarants = [cast.declarants[declarant] ?? cast.declarants[0]] as const
  const own = { ...common, enterprises: { ...cast, declarants }, n, zone, mode, flag, currency }
  return exportPartsOf(makeExportConsignment(own))
}

/** Whether the demonstration goes on with a list as an enterprise would. */
export const goesOn = (fate: Fate | undefined): boolean => fate === usualFate

export const isToBeCancelled = (fate: Fate | undefined): boolean => fate === TO_BE_CANCELLED

/** By customs' replies to it, and by what other documents do with it. */
const expectedEnd = (entry: Declaration, fate: Fate): State => {
  if (isToBeCancelled(fate)) return findAct(entry.code, 'cancel')?.acts?.makes ?? endOf(fate, entry)
  const answered = findAct(entry.code, 'depart')?.acts?.answered
  if (goesOn(fate) && answered !== undefined) return officialStatus(answered).state
  return endOf(fate, entry)
}
