/**
 * A transport within the process: hands envelopes to a function, such as a customs simulator that
 * runs beside the gateway. A function that throws is a far side that is down.
 */
import type { SendOutcome, Transport } from './types.ts'

export const memoryTransport = (
  name: string,
  deliver: (copMsgId: string, envelope: Uint8Array) => Promise<SendOutcome>,
): Transport => ({
  name,
  send: async (copMsgId, envelope) => {
    try {
      return await deliver(copMsgId, envelope)
    } catch (error) {
      return { kind: 'unavailable', reason: error instanceof Error ? error.name : 'failed' }
    }
  },
})
