/**
 * Where a document stands, as a pure fold over its events. Each event is evidence with an official
 * time and a rank; the greatest of the current version decides, by time first, by rank when times
 * are equal; only what another document brought about stands above all times. The fold is therefore the same in whatever order, and however often, evidence arrives.
 * The state column is a cache of it, written by the same rule (`store/evidence.ts`).
 */
import type { State } from '../catalogue/message.ts'
import { MADE_RANK } from '../catalogue/statuses.ts'

export interface StatusEvent {
  readonly version: number
  readonly state: State
  readonly rank: number
  /** 17 digits of customs' time; '' for a step of ours, which any reply outranks. */
  readonly returnTime: string
}

export interface Status {
  readonly version: number
  readonly state: State
  readonly rank: number
  readonly returnTime: string
}

/** Ranks of our own steps, in the order they happen. */
export const OWN_RANK = {
  waiting: 0,
  /** Its consignment breaks a rule: it stays here until that is mended or somebody sends it on. */
  blocked: 1,
  ready: 2,
  undelivered: 3,
  sent: 4,
  /** The exchange platform answered with a code that nobody published. */
  unknown: 5,
  /** Ended here: customs never heard of it. */
  cancelled: 7,
} as const satisfies Partial<Record<State, number>>

/** `undelivered` on the word of the exchange platform, which got the message from us. */
export const EXCHANGE_REFUSED_RANK = 6

const ROUND_STEP = 10

/**
 * A message that is sent again begins a new round, and every step of a round outranks all steps of
 * the rounds before it: what was queued again stays queued, though it could not be delivered before.
 */
export const ownRank = (rank: number, round: number): number => round * ROUND_STEP + rank

/** Undefined when nothing happened yet. */
export const statusOf = (events: readonly StatusEvent[]): Status | undefined =>
  events.reduce<Status | undefined>(step, undefined)

const step = (held: Status | undefined, next: StatusEvent): Status =>
  held === undefined || outranks(next, held)
    ? {
        version: next.version,
        state: next.state,
        rank: next.rank,
        returnTime: next.returnTime,
      }
    : held

/** Whether the one stands above the other; of two alike neither does. */
export const outranks = (next: StatusEvent, held: Status): boolean => {
  if (next.version !== held.version) return next.version > held.version
  if (isFinal(next) !== isFinal(held)) return isFinal(next)
  if (next.returnTime !== held.returnTime) return next.returnTime > held.returnTime
  return next.rank > held.rank
}

/** Ranks of our own steps grow with every sending and mean something else. */
const isFinal = ({ returnTime, rank }: Pick<StatusEvent, 'returnTime' | 'rank'>): boolean =>
  returnTime !== '' && rank >= MADE_RANK
