/**
 * The link over RabbitMQ: DxpMsg out through one queue, replies in through one queue per DXP
 * account. Sending and receiving have a connection each, because a broker that is short of memory
 * stops reading from those who publish. Source: AMQP practice of the exchange platform (persistent,
 * text/xml, UTF-8 body); the names of the queues are agreed with it.
 */
import { amqpPublisher, type PublisherOptions } from './amqp-publisher.ts'
import { amqpReceiver } from './amqp-receiver.ts'
import type { Link } from './types.ts'

export interface AmqpLinkOptions extends PublisherOptions {
  /** Queue that takes our messages. */
  readonly outQueue: string
  /** What stands before a DXP account in the name of the queue with its replies. */
  readonly inPrefix: string
  /** Replies of all queues that are handed over and not acknowledged yet. */
  readonly unackedMax?: number
}

export const amqpLink = (options: AmqpLinkOptions): Link => {
  const { outQueue, inPrefix } = options
  const publisher = amqpPublisher(options)
  return {
    code: 'amqp',
    transport: {
      name: 'amqp',
      send: (copMsgId, envelope) => publisher.send(outQueue, copMsgId, envelope),
      probe: () => publisher.probe(outQueue),
      close: () => publisher.close(),
    },
    receiver: amqpReceiver({ ...options, prefix: inPrefix }),
  }
}
