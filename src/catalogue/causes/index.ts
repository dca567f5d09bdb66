/** All causes by name. Names are a contract: codes fold by them; retired, never reused. */
import type { Cause } from './cause.ts'
import { errorCauses } from './error.ts'
import { exchangeCauses } from './exchange.ts'
import { ownCauses } from './own.ts'
import { resultCauses } from './result.ts'
import { statusCauses } from './status.ts'

const all = {
  ...statusCauses,
  ...resultCauses,
  ...errorCauses,
  ...exchangeCauses,
  ...ownCauses,
} as const satisfies Readonly<Record<string, Cause>>

export type CauseName = keyof typeof all

export const causes: Readonly<Record<CauseName, Cause>> = all
