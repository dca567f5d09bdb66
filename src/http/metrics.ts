/**
 * What the HTTP room tells of itself to whoever counts: requests by route, refusals by limit. The
 * counting and the page for Prometheus are handed in, so that a Worker, whose invocations remember
 * nothing, carries none of it.
 */
import type { LimitClass, Place } from './limits.ts'

export interface RequestFacts {
  readonly method: string
  /** The pattern, never the path. */
  readonly route: string
  readonly status: number
  /** Until the answer began. */
  readonly seconds: number
}

export interface Metrics {
  request(facts: RequestFacts): void
  refused(what: LimitClass | Place): void
  /** The page as Prometheus reads it. */
  page(): Promise<{ readonly mediaType: string; readonly text: string }>
}
