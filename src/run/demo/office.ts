/**
 * The simulated customs office inside the demonstration's process: a transport that hands it our
 * messages, and a pump that brings its replies to the gateway as they fall due.
 */
import { takeReply } from '../../flow/receive.ts'
import type { FlowDeps } from '../../flow/types.ts'
import type { Clock } from '../../kernel/clock.ts'
import { createCustoms } from '../../sim/customs.ts'
import { type Books, paces } from '../../sim/types.ts'
import { memoryTransport } from '../../wire/memory-transport.ts'
import type { Transport } from '../../wire/types.ts'

export interface DemoOffice {
  readonly transport: Transport
  books(): Books
  /** No reply is due or planned. */
  isIdle(): boolean
  /** Brings replies until the answer is called. */
  deliverTo(flow: FlowDeps): () => Promise<void>
}

export interface DemoOfficeOptions {
  readonly clock: Clock
  readonly seed: string
  readonly address: string
}

/** How long the pump sleeps when nothing is due; replies come in steps of 50 ms or more. */
const PUMP_PAUSE_MS = 20

export const createDemoOffice = ({ clock, seed, address }: DemoOfficeOptions): DemoOffice => {
  const customs = createCustoms({ clock, seed, address, pace: paces.demo, verify: 'strict' })
  const transport = memoryTransport('simulator', async (_, envelope) => {
    const received = customs.receive(envelope)
    if (received.kind === 'taken') return { kind: 'sent' }
    if (received.kind === 'busy') return { kind: 'unavailable', reason: 'busy' }
    return { kind: 'refused', reason: received.kind }
  })
  const deliver = async (flow: FlowDeps): Promise<number> => {
    const due = customs.due()
    for (const { copMsgId, envelope } of due) {
      try {
        await takeReply(flow, envelope)
        customs.delivered(copMsgId)
      } catch (error) {
        customs.failed(copMsgId)
        flow.log.warn('demo-reply-failed', {
          reason: error instanceof Error ? error.name : 'unknown',
        })
      }
    }
    return due.length
  }
  return {
    transport,
    books: () => customs.books(),
    isIdle: () => customs.nextDueAt() === undefined,
    deliverTo: (flow) => {
      let stopped = false
      const pump = (async () => {
        while (!stopped) if ((await deliver(flow)) === 0) await pause(PUMP_PAUSE_MS)
      })()
      return () => {
        stopped = true
        return pump
      }
    },
  }
}

export const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms)
  })
