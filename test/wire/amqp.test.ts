/**
 * The RabbitMQ link against a broker of its own: what counts as sent was confirmed and routed, what
 * is acknowledged was taken, and nothing that a broker or a network does ends either of them.
 */
import { randomBytes } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { REPLY_BYTES_MAX } from '../../src/kernel/limits.ts'
import { amqpLink } from '../../src/wire/amqp-link.ts'
import { amqpPublisher } from '../../src/wire/amqp-publisher.ts'
import type { Link, Receiver, Take } from '../../src/wire/types.ts'
import {
  brokerMissing,
  type CuttingProxy,
  drain,
  onChannel,
  startBroker,
  startCuttingProxy,
  type TestBroker,
} from '../support/rabbitmq.ts'

if (brokerMissing !== undefined) console.warn(`skipped: ${brokerMissing}`)

const bytes = (text: string): Uint8Array => Buffer.from(text)
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

const until = async (isSo: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await isSo())) await pause(20)
}

describe.skipIf(brokerMissing !== undefined)('the RabbitMQ link', () => {
  let broker: TestBroker
  const logged: string[] = []
  const note = (event: string, facts?: unknown): void => {
    logged.push(`${event} ${JSON.stringify(facts)}`)
  }
  const log = { info: note, warn: note, error: note }
  const closing: (() => Promise<unknown>)[] = []

  beforeAll(async () => {
    broker = await startBroker()
  })
  afterAll(() => broker?.close())
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close()
    logged.length = 0
  })

  interface Opened extends Link {
    readonly receiver: Receiver
    readonly outQueue: string
    readonly inQueue: (account: string) => string
  }

  /** A link with queues of its own. */
  const open = (
    settings: { url?: string; confirmMs?: number; name?: string; unackedMax?: number } = {},
  ): Opened => {
    const { url = broker.url, name = randomBytes(4).toString('hex'), ...more } = settings
    const [outQueue, inPrefix] = [`${name}.out`, `${name}.in.`]
    const link = amqpLink({ url, log, random: () => 0.5, outQueue, inPrefix, ...more })
    const { receiver } = link
    if (receiver === undefined) throw new Error('the link hears nothing')
    closing.push(async () => {
      await receiver.close()
      await link.transport.close?.()
    })
    return { ...link, receiver, outQueue, inQueue: (account) => `${inPrefix}${account}` }
  }

  const openProxy = async (): Promise<CuttingProxy> => {
    const proxy = await startCuttingProxy(broker.port)
    closing.push(() => proxy.close())
    return proxy
  }

  const put = (queue: string, texts: readonly string[]): Promise<void> =>
    onChannel(broker.url, async (channel) => {
      await channel.assertQueue(queue, { durable: true })
      for (const text of texts) channel.sendToQueue(queue, Buffer.from(text), { persistent: true })
      await channel.checkQueue(queue)
    })

  const waiting = (queue: string): Promise<number> =>
    onChannel(broker.url, async (channel) => (await channel.checkQueue(queue)).messageCount)

  const isThere = (queue: string): Promise<boolean> =>
    onChannel(broker.url, (channel) =>
      channel.checkQueue(queue).then(
        () => true,
        () => false,
      ),
    )

  const remove = (queue: string) => onChannel(broker.url, (channel) => channel.deleteQueue(queue))

  /** Listens, and gives what was taken. */
  const hear = async ({ receiver }: Opened, accounts: readonly string[], refuse = () => false) => {
    const taken: string[] = []
    const take: Take = async (content) => {
      if (refuse()) throw new Error('the database is away')
      taken.push(Buffer.from(content).toString())
    }
    await receiver.listen(accounts, take)
    return taken
  }

  describe('sends', () => {
    it('persistent UTF-8 XML under the id of the message, to a queue it declares itself', async () => {
      const { transport, outQueue } = open()
      // A window on a larger buffer, as rows of a database are.
      const larger = Buffer.from('<a>渝</a> and more')
      const xml = Buffer.from('<a>渝</a>')
      const sent = await transport.send('ID-1', larger.subarray(0, xml.length))
      expect(sent).toEqual({ kind: 'sent' })
      const [message, ...others] = await drain(broker.url, outQueue)
      expect(others).toEqual([])
      expect(message?.content).toEqual(xml)
      expect(message?.properties).toMatchObject({
        ...{ messageId: 'ID-1', contentType: 'text/xml', contentEncoding: 'UTF-8' },
        deliveryMode: 2,
      })
    })

    it('counts a message without a queue as not sent, and has the queue again for the next try', async () => {
      const { transport, outQueue } = open()
      expect((await transport.send('ID-1', bytes('one'))).kind).toBe('sent')
      await remove(outQueue)
      expect(await transport.send('ID-2', bytes('two'))).toEqual({
        ...{ kind: 'unavailable', reason: 'NO_QUEUE' },
      })
      expect(await transport.send('ID-2', bytes('two'))).toEqual({ kind: 'sent' })
      const found = await drain(broker.url, outQueue)
      expect(found.map(({ properties }) => properties.messageId)).toEqual(['ID-2'])
    })

    it('counts everything unconfirmed as not sent when the connection is cut', async () => {
      const proxy = await openProxy()
      const { transport, outQueue } = open({ url: proxy.url })
      expect((await transport.send('ID-0', bytes('zero'))).kind).toBe('sent')
      proxy.swallow()
      const sending = ['ID-1', 'ID-2', 'ID-3'].map((id) => transport.send(id, bytes(id)))
      // The broker has them; only its confirms do not arrive.
      await until(async () => (await waiting(outQueue)) === 4)
      proxy.cut()
      for (const outcome of await Promise.all(sending))
        expect(outcome).toEqual({ kind: 'unavailable', reason: 'UNCONFIRMED' })
      await until(async () => (await transport.send('ID-1', bytes('ID-1'))).kind === 'sent')
    })

    it('gives a connection up whose confirms do not come, and all that awaits one on it', async () => {
      const proxy = await openProxy()
      const { transport } = open({ url: proxy.url, confirmMs: 300 })
      expect((await transport.send('ID-0', bytes('zero'))).kind).toBe('sent')
      proxy.swallow()
      const outcomes = await Promise.all(
        ['ID-1', 'ID-2'].map((id) => transport.send(id, bytes(id))),
      )
      expect(outcomes.map(({ kind }) => kind)).toEqual(['unavailable', 'unavailable'])
      await until(async () => (await transport.send('ID-1', bytes('ID-1'))).kind === 'sent')
    })

    it('never throws: no broker, a wrong password, no such host; and tells no secret', async () => {
      const urls = [
        'amqp://guest:secret@127.0.0.1:1',
        `amqp://guest:secret@127.0.0.1:${broker.port}`,
        `amqp://guest:guest@127.0.0.1:${broker.port}/no-such-host`,
      ]
      for (const url of urls) {
        const { transport } = open({ url })
        const [outcome, probed] = [
          await transport.send('ID', bytes('x')),
          await transport.probe?.(),
        ]
        expect(outcome.kind).toBe('unavailable')
        expect(probed?.kind).toBe('unavailable')
        expect(JSON.stringify([outcome, logged])).not.toMatch(/secret|guest|127\.0\.0\.1/)
      }
    })

    it('gives a sign of life where the broker answers', async () => {
      const { transport, outQueue } = open()
      expect(await transport.probe?.()).toEqual({ kind: 'sent' })
      expect(await drain(broker.url, outQueue)).toEqual([])
    })

    it('to many queues from one publisher, each of them declared', async () => {
      const publisher = amqpPublisher({ url: broker.url, log, random: () => 0 })
      closing.push(() => publisher.close())
      const names = Array.from({ length: 5 }, () => randomBytes(4).toString('hex'))
      const sent = await Promise.all(names.map((name) => publisher.send(name, name, bytes(name))))
      expect(sent.every(({ kind }) => kind === 'sent')).toBe(true)
      for (const name of names) expect(await waiting(name)).toBe(1)
    })
  })

  describe('hears', () => {
    it('each account from a queue of its own, and acknowledges what was taken', async () => {
      const link = open()
      const taken = await hear(link, ['DXP1', 'DXP2'])
      await put(link.inQueue('DXP1'), ['a', 'b'])
      await put(link.inQueue('DXP2'), ['c'])
      await until(() => taken.length === 3)
      expect([...taken].sort()).toEqual(['a', 'b', 'c'])
      await link.receiver.close()
      expect(await waiting(link.inQueue('DXP1'))).toBe(0)
      expect(await waiting(link.inQueue('DXP2'))).toBe(0)
    })

    it('more accounts than may be handed over at a time in turns, and never more than that', async () => {
      const link = open({ unackedMax: 2 })
      const accounts = ['DXP1', 'DXP2', 'DXP3', 'DXP4', 'DXP5']
      for (const account of accounts)
        await put(link.inQueue(account), [`${account}a`, `${account}b`])
      const taken: string[] = []
      let [inside, most] = [0, 0]
      await link.receiver.listen(accounts, async (content) => {
        inside += 1
        most = Math.max(most, inside)
        await pause(30)
        inside -= 1
        taken.push(Buffer.from(content).toString())
      })
      await until(() => taken.length === 2 * accounts.length)
      expect(most).toBe(2)
      expect([...taken].sort()).toEqual(accounts.flatMap((each) => [`${each}a`, `${each}b`]))
    })

    it('lets go of nothing before it is taken: what is being taken when it ends comes again', async () => {
      const name = randomBytes(4).toString('hex')
      const proxy = await openProxy()
      const link = open({ name, url: proxy.url })
      let isAsked = false
      let finish: () => void = () => undefined
      await link.receiver.listen(['DXP1'], () => {
        isAsked = true
        return new Promise((resolve) => {
          finish = resolve
        })
      })
      await put(link.inQueue('DXP1'), ['a'])
      await until(() => isAsked)
      proxy.cut()
      const taken = await hear(open({ name }), ['DXP1'])
      await until(() => taken.length === 1)
      finish()
      expect(taken).toEqual(['a'])
    })

    it('again, after a pause, what could not be taken', async () => {
      const link = open()
      let refusals = 3
      const taken = await hear(link, ['DXP1'], () => {
        refusals -= 1
        return refusals >= 0
      })
      await put(link.inQueue('DXP1'), ['a', 'b'])
      await until(() => taken.length === 2)
      expect([...taken].sort()).toEqual(['a', 'b'])
      await link.receiver.close()
      expect(await waiting(link.inQueue('DXP1'))).toBe(0)
      expect(logged.filter((line) => line.startsWith('amqp.not-taken')).length).toBe(3)
    })

    it('a queue that was deleted under it, by declaring it again', async () => {
      const link = open()
      const taken = await hear(link, ['DXP1'])
      await put(link.inQueue('DXP1'), ['a'])
      await until(() => taken.length === 1)
      await remove(link.inQueue('DXP1'))
      await until(() => isThere(link.inQueue('DXP1')))
      await put(link.inQueue('DXP1'), ['b'])
      await until(() => taken.length === 2)
      expect(taken).toEqual(['a', 'b'])
    })

    it('accounts that are named later, and no longer those that are not', async () => {
      const link = open()
      const taken = await hear(link, ['DXP1', 'DXP2'])
      await until(async () => await isThere(link.inQueue('DXP1')))
      const later = await hear(link, ['DXP2', 'DXP3'])
      await put(link.inQueue('DXP1'), ['a'])
      await put(link.inQueue('DXP2'), ['b'])
      await put(link.inQueue('DXP3'), ['c'])
      await until(() => later.length === 2)
      expect([...later].sort()).toEqual(['b', 'c'])
      expect(taken).toEqual([])
      expect(await waiting(link.inQueue('DXP1'))).toBe(1)
    })

    it('with two receivers on one queue every message once', async () => {
      const name = randomBytes(4).toString('hex')
      const first = await hear(open({ name }), ['DXP1'])
      const second = await hear(open({ name }), ['DXP1'])
      const texts = Array.from({ length: 200 }, (_, i) => `m${i}`)
      await put(`${name}.in.DXP1`, texts)
      await until(() => first.length + second.length >= 200)
      expect([...first, ...second].sort()).toEqual([...texts].sort())
      expect(first.length * second.length).toBeGreaterThan(0)
    })

    it('puts a message that nobody could ever store away, names it, and hears the next', async () => {
      const link = open()
      const taken = await hear(link, ['DXP1'])
      await onChannel(broker.url, async (channel) => {
        await channel.assertQueue(link.inQueue('DXP1'), { durable: true })
        const options = { messageId: 'TOO-LONG' }
        channel.sendToQueue(link.inQueue('DXP1'), Buffer.alloc(REPLY_BYTES_MAX + 1), options)
        channel.sendToQueue(link.inQueue('DXP1'), Buffer.from('next'))
        await channel.checkQueue(link.inQueue('DXP1'))
      })
      await until(() => taken.length === 1)
      expect(taken).toEqual(['next'])
      expect(logged.filter((line) => line.startsWith('amqp.too-long'))).toEqual([
        expect.stringContaining('TOO-LONG'),
      ])
      await link.receiver.close()
      expect(await waiting(link.inQueue('DXP1'))).toBe(0)
    })
  })

  it('finds a broker again that was killed: nothing confirmed is lost, nothing is deaf', async () => {
    const link = open()
    const taken = await hear(link, ['DXP1'])
    await put(link.inQueue('DXP1'), ['before'])
    await until(() => taken.length === 1)
    await link.transport.probe?.()
    // The broker brings the declaration of a queue to disk within two seconds; a message it
    // confirms is there already, but would be lost with a queue that nobody remembers.
    await pause(2_500)
    expect((await link.transport.send('ID-1', bytes('one'))).kind).toBe('sent')
    await broker.kill()
    expect((await link.transport.send('ID-2', bytes('two'))).kind).toBe('unavailable')
    await broker.start()
    await until(async () => (await link.transport.send('ID-2', bytes('two'))).kind === 'sent')
    await put(link.inQueue('DXP1'), ['after'])
    await until(() => taken.includes('after'))
    const found = await drain(broker.url, link.outQueue)
    expect(new Set(found.map(({ properties }) => properties.messageId))).toEqual(
      new Set(['ID-1', 'ID-2']),
    )
  })
})
