/**
 * Drives a customs office: takes what is due and delivers it, a few messages at a time, until it is
 * closed. A delivery that fails or throws goes back to the office, which hands it out again later.
 */
import { SIM_DELIVERIES_MAX, SIM_IDLE_MS } from '../kernel/limits.ts'
import type { SendOutcome } from '../wire/types.ts'
import type { Customs, Delivery } from './types.ts'

export interface Pump {
  /** Resolves when the deliveries under way are settled. */
  close(): Promise<void>
}

export type Deliver = (delivery: Delivery) => Promise<SendOutcome>

export const pumpReplies = (customs: Customs, deliver: Deliver): Pump => {
  let isClosed = false
  const carry = async (): Promise<void> => {
    while (!isClosed) {
      const [next] = customs.due(1)
      if (next === undefined) await pause(SIM_IDLE_MS)
      else if (await arrives(customs, deliver, next)) customs.delivered(next.copMsgId)
      else customs.failed(next.copMsgId)
    }
  }
  const carriers = Array.from({ length: SIM_DELIVERIES_MAX }, carry)
  return {
    close: async () => {
      isClosed = true
      await Promise.all(carriers)
    },
  }
}

const arrives = async (
  customs: Customs,
  deliver: Deliver,
  delivery: Delivery,
): Promise<boolean> => {
  try {
    await customs.kept?.()
    return (await deliver(delivery)).kind === 'sent'
  } catch {
    return false
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
