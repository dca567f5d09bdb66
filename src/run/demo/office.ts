/**
 * The simulated customs office inside the demonstration's process: a transport that hands it our
 * messages, and a pump that brings its replies to the gateway as they fall due.
 */
import { takeReply } from '../../flow/receive.ts'
import type { FlowDeps } from '../../flow/types.ts'
import type { Clock } from '../../kernel/clock.ts'
import { createCustoms } from '../../sim/customs.ts'
import { type Pump, pumpReplies } from '../../sim/pump.ts'
import { type Books, type CustomsOptions, paces } from '../../sim/types.ts'
import { memoryTransport } from '../../wire/memory-transport.ts'
import type { Transport } from '../../wire/types.ts'

export interface DemoOffice {
  readonly transport: Transport
  books(): Books
  /** When it will next have a reply; undefined when none is due or planned. */
  nextDueAt(): Date | undefined
  /** Brings replies until it is closed. */
  deliverTo(flow: FlowDeps): Pump
}

export interface DemoOfficeOptions extends Pick<CustomsOptions, 'addresses' | 'others'> {
  readonly clock: Clock
  readonly seed: string
}

export const createDemoOffice = (options: DemoOfficeOptions): DemoOffice => {
  const customs = createCustoms({ ...options, pace: paces.demo, verify: 'strict', taxBills: 'all' })
  return {
    transport: memoryTransport('simulator', async (_, envelope) => {
      const received = customs.receive(envelope)
      if (received.kind === 'taken') return { kind: 'sent' }
      if (received.kind === 'busy') return { kind: 'unavailable', reason: 'busy' }
      return { kind: 'refused', reason: received.kind }
    }),
    books: () => customs.books(),
    nextDueAt: () => customs.nextDueAt(),
    deliverTo: (flow) =>
      pumpReplies(customs, async ({ envelope }) => {
        await takeReply(flow, envelope)
        return { kind: 'sent' }
      }),
  }
}
