/** Row types of stage clocks; `tables.ts` has no room for more. */
import type { State } from '../catalogue/message.ts'

export interface OpenStageTable {
  lane: number
  document_id: string
  kind: string
  sender_id: string
  zone: string
  version: number
  state: State
  since: Date
}

export interface StageLookTable {
  age: number
  looked_until: Date
}

export interface StageSampleTable {
  lane: number
  document_id: string
  kind: string
  zone: string
}

export interface StagePaceTable {
  kind: string
  zone: string
  state: State
  stages: number
  median_seconds: number
  p95_seconds: number
  as_of: Date
}
