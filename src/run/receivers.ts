/**
 * Runs the receivers of all links that have one: they listen for the DXP accounts of the enterprises
 * in the database, and what arrives is stored before the far side hears that it did. Accounts are
 * read again now and then, so a new enterprise is heard without a restart.
 */
import { takeReply } from '../flow/receive.ts'
import type { FlowDeps } from '../flow/types.ts'
import { failureFacts } from '../kernel/failure.ts'
import { ACCOUNTS_MAX, ACCOUNTS_READ_MS, RECEIVE_TAKES_MAX } from '../kernel/limits.ts'
import { findDxpAccounts } from '../store/accounts.ts'
import type { Take } from '../wire/types.ts'

export interface Receivers {
  /** Resolves when what was arriving is settled; the database must be open until then. */
  stop(): Promise<void>
}

/** `every` calls back until what it returned is called. */
export const startReceivers = (
  flow: FlowDeps,
  every: (intervalMs: number, run: () => void) => () => void,
): Receivers => {
  const { db, links, log } = flow
  const receivers = links.flatMap(({ code, receiver }) => (receiver ? [{ code, receiver }] : []))
  if (receivers.length === 0) return { stop: async () => undefined }
  const take: Take = severalAtATime(RECEIVE_TAKES_MAX, async (bytes) => {
    await takeReply(flow, bytes)
  })
  let heard: string | undefined
  let reading = Promise.resolve()
  let isStopped = false

  const readAccounts = async (): Promise<void> => {
    const found = await findDxpAccounts(db, ACCOUNTS_MAX + 1)
    const accounts = found.slice(0, ACCOUNTS_MAX)
    if (isStopped || accounts.join() === heard) return
    heard = accounts.join()
    if (found.length > ACCOUNTS_MAX) log.error('accounts-too-many', { heard: ACCOUNTS_MAX })
    for (const { code, receiver } of receivers)
      receiver.listen(accounts, take).catch((error: unknown) => {
        // Asked again with the next reading.
        heard = undefined
        log.error('receiver-failed', { link: code, ...failureFacts(error) })
      })
  }
  const refresh = (): void => {
    reading = reading
      .then(readAccounts)
      .catch((error: unknown) => log.warn('accounts-not-read', failureFacts(error)))
  }
  refresh()
  const ended = every(ACCOUNTS_READ_MS, refresh)
  return {
    stop: async () => {
      isStopped = true
      ended()
      await reading
      await Promise.all(receivers.map(({ receiver }) => receiver.close()))
    },
  }
}

/** Lets so many in at a time; the others wait in the order in which they came. */
const severalAtATime = (most: number, take: Take): Take => {
  const waiting: (() => void)[] = []
  let inside = 0
  return async (bytes) => {
    if (inside >= most) await new Promise<void>((resolve) => waiting.push(resolve))
    else inside += 1
    try {
      await take(bytes)
    } finally {
      // Whoever waits longest takes over the place; without one it is free.
      const next = waiting.shift()
      if (next === undefined) inside -= 1
      else next()
    }
  }
}
