/**
 * What records take of lists, in memory: settled of those that are released, reserved of those that
 * are declared and not released yet. By list and record, so that a record can be taken out again.
 */
import type { Amount } from '../rules/settlement.ts'
import { amountOf } from '../rules/settlement.ts'
import type { ListFacts } from '../store/settlements-lists.ts'

export interface Taking extends Amount {
  /** Ahead of the release of its list. */
  readonly reserved: boolean
}

/** By record. */
export type Takings = ReadonlyMap<string, readonly Taking[]>
/** By list. */
export type Memory = ReadonlyMap<string, Takings>

export interface Accounts {
  of(listId: string): Takings | undefined
  /** As it was when the accounts were opened. */
  before(listId: string): Takings | undefined
  listIds(): readonly string[]
  put(listId: string, recordId: string, taking: Taking): void
  /** Takes out what a record takes of any list, as far as it is asked for. */
  drop(recordId: string, isAsked?: (listId: string, taking: Taking) => boolean): void
  remember(): Memory
  /** Puts back what was remembered by `remember`. */
  restore(memory: Memory): void
}

export const openAccounts = (facts: readonly ListFacts[]): Accounts => {
  let takings = new Map(facts.map((list) => [list.id, takingsOf(list)]))
  const opened = new Map(takings)
  return {
    of: (listId) => takings.get(listId),
    before: (listId) => opened.get(listId),
    listIds: () => [...takings.keys()],
    put: (listId, recordId, taking) => {
      const of = new Map(takings.get(listId) ?? [])
      of.set(recordId, [...(of.get(recordId) ?? []), taking])
      takings.set(listId, of)
    },
    drop: (recordId, isAsked = () => true) => {
      for (const [listId, of] of takings) {
        const held = of.get(recordId)
        if (held === undefined) continue
        const rest = held.filter((taking) => !isAsked(listId, taking))
        const next = new Map(of)
        if (rest.length === 0) next.delete(recordId)
        else next.set(recordId, rest)
        takings.set(listId, next)
      }
    },
    remember: () => new Map(takings),
    restore: (memory) => {
      takings = new Map(memory)
    },
  }
}

const takingsOf = ({ settled }: ListFacts): Takings => {
  const of = new Map<string, readonly Taking[]>()
  for (const { settlementId, currency, amount, reserved } of settled)
    of.set(settlementId, [
      ...(of.get(settlementId) ?? []),
      { currency, amount: amountOf(amount), reserved },
    ])
  return of
}
