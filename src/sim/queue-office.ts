/**
 * The simulated customs office over RabbitMQ: takes messages from the queue that gateways send to,
 * and puts replies into the queue of the account they are for. It acknowledges a message after it
 * was filed, and a reply has arrived when the broker confirmed it.
 */
import { SIM_DELIVERY_TIMEOUT_MS } from '../kernel/limits.ts'
import { amqpPublisher } from '../wire/amqp-publisher.ts'
import { amqpReceiver } from '../wire/amqp-receiver.ts'
import type { WireLog } from '../wire/types.ts'
import { type Pump, pumpReplies } from './pump.ts'
import type { Customs } from './types.ts'

export interface QueueOfficeOptions {
  /** With user and password; secret. */
  readonly url: string
  /** Queue that gateways send to. */
  readonly outQueue: string
  /** What stands before an account in the name of the queue with its replies. */
  readonly inPrefix: string
  readonly log: WireLog
  /** From 0 to 1. */
  readonly random: () => number
}

export const openQueueOffice = (customs: Customs, options: QueueOfficeOptions): Pump => {
  const { outQueue, inPrefix, log } = options
  const receiver = amqpReceiver({ ...options, prefix: '' })
  const publisher = amqpPublisher({ ...options, confirmMs: SIM_DELIVERY_TIMEOUT_MS })
  const listening = receiver.listen([outQueue], async (bytes) => {
    const received = customs.receive(bytes)
    if (received.kind === 'busy') throw new Error('busy')
    await customs.kept?.()
    // Nobody can be answered, and the same bytes would say nothing else another time.
    if (received.kind !== 'taken') log.warn('office.not-taken', { why: received.kind })
  })
  const pump = pumpReplies(customs, ({ copMsgId, receiverId, envelope }) =>
    publisher.send(`${inPrefix}${receiverId}`, copMsgId, envelope),
  )
  return {
    close: async () => {
      await listening
      await Promise.all([receiver.close(), pump.close()])
      await publisher.close()
    },
  }
}
