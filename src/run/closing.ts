/**
 * What was opened and must be closed again, in the order opposite to that in which it was noted; and
 * chores, what a long-running process does now and then beside its loops. A step that fails or hangs
 * is told and keeps none of the others from being closed.
 */
import type { Log } from '../flow/types.ts'
import { failureFacts } from '../kernel/failure.ts'
import { within } from '../wire/within.ts'

export interface Closing {
  /** `msMax`: how long its closing is waited for; without it, as long as it takes. */
  add(name: string, close: () => Promise<unknown>, msMax?: number): void
  /** Closes all that was noted, the last first; never rejects. */
  close(): Promise<void>
}

export const createClosing = (log: Log): Closing => {
  const steps: {
    readonly name: string
    readonly close: () => Promise<unknown>
    readonly msMax: number | undefined
  }[] = []
  return {
    add: (name, close, msMax) => {
      steps.push({ name, close, msMax })
    },
    close: async () => {
      for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
        const { name, close, msMax } = step
        try {
          if (msMax === undefined) await close()
          else if ((await within(msMax, () => close().then(() => 'closed'))) === undefined)
            log.warn('closing-late', { step: name, waitedMs: msMax })
        } catch (error) {
          log.warn('closing-failed', { step: name, ...failureFacts(error) })
        }
      }
    },
  }
}

export interface Chore {
  readonly name: string
  readonly intervalMs: number
  run(): Promise<unknown>
}

/** Does it now and then, never twice at a time; what it gives ends it and waits for what is under way. */
export const startChore = (log: Log, { name, intervalMs, run }: Chore): (() => Promise<void>) => {
  let underWay: Promise<unknown> | undefined
  const timer = setInterval(() => {
    underWay ??= Promise.resolve()
      .then(run)
      .catch((error: unknown) => log.warn('chore-failed', { chore: name, ...failureFacts(error) }))
      .finally(() => {
        underWay = undefined
      })
  }, intervalMs)
  return async () => {
    clearInterval(timer)
    await underWay
  }
}
