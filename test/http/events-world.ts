/**
 * A gateway whose documents go all the way, against the simulated customs office, for those who follow
 * its events; and a receiver of web hooks on a loopback port that answers as it is told.
 */
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createCustoms } from '../../src/sim/customs.ts'
import { paces } from '../../src/sim/types.ts'
import { memoryTransport } from '../../src/wire/memory-transport.ts'
import { socketWebhooks } from '../../src/wire/webhook-sockets.ts'
import { movingClock, START } from '../support/gateway.ts'
import { bearer, CUSTOMS_TOKEN, json, type TestApp, testApp } from './app.ts'

const ROUNDS_MAX = 100

export interface FollowedEvent {
  readonly id: string
  readonly at: string
  readonly type: string
  readonly document: {
    readonly id: string
    readonly kind: string
    readonly sender: string
    readonly number: string
    readonly version: number
  }
  readonly state: string
  readonly group: string
  readonly from: string | null
  readonly returnStatus: string | null
  readonly returnTime: string | null
  readonly info: string | null
  readonly cause: string | null
  readonly text: { readonly zh: string; readonly en: string }
  readonly links: { readonly document: string }
}

export type EventsWorld = Awaited<ReturnType<typeof eventsWorld>>

export const eventsWorld = async () => {
  const clock = movingClock(START)
  const customs = createCustoms({ clock, seed: 'events', pace: paces.instant, remember: 10_000 })
  const webhookCalls = socketWebhooks('any')
  const test = await testApp({
    clock,
    webhookCalls,
    transport: memoryTransport('simulator', async (_, bytes) => {
      const received = customs.receive(bytes)
      return received.kind === 'taken'
        ? { kind: 'sent' }
        : { kind: 'refused', reason: received.kind }
    }),
  })

  const handIn = async (kind: string, owner: TestApp['cast']['platform'], document: unknown) => {
    const answer = await test.fetch(
      '/api/v1/documents',
      json(test.account(owner).key, { kind, document }),
    )
    const { results } = (await answer.json()) as { results: { id?: string }[] }
    if (answer.status !== 200) throw new Error(JSON.stringify(results))
    return results[0]?.id ?? ''
  }
  const reply = async (envelope: Uint8Array): Promise<void> => {
    const taken = await test.fetch('/api/v1/customs/replies', {
      method: 'POST',
      headers: { ...bearer(CUSTOMS_TOKEN), 'content-type': 'application/xml' },
      body: new Uint8Array(envelope),
    })
    if (!taken.ok) throw new Error(await taken.text())
  }
  const settle = async (): Promise<void> => {
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      let done = await test.runStages()
      for (const { envelope, copMsgId } of customs.due()) {
        await reply(envelope)
        customs.delivered(copMsgId)
        done += 1
      }
      if (done > 0) continue
      const next = customs.nextDueAt()
      if (next === undefined) return
      clock.set(next)
    }
    throw new Error('it never settles')
  }
  return {
    ...{ test, clock, handIn, reply, settle },
    /** Hands in the four documents of a consignment and follows them to their end. */
    whole: async (n: number, fate = '') => {
      const made = test.consignment(n, fate)
      const { platform, payer, carrier, declarants } = test.cast
      const ids = {
        order: await handIn('CEB311', platform, made.order),
        payment: await handIn('CEB411', payer, made.payment),
        waybill: await handIn('CEB511', carrier, made.waybill),
        list: await handIn('CEB621', declarants[0], made.list),
      }
      await settle()
      return { made, ids }
    },
    /** All events behind a cursor, page by page. */
    follow: async (key: string, after = '', query = '') => {
      const events: FollowedEvent[] = []
      let next = after
      for (let page = 0; page < ROUNDS_MAX; page += 1) {
        const cursor = next === '' ? '' : `&after=${next}`
        const answer = await test.fetch(`/api/v1/events?limit=3${cursor}${query}`, {
          headers: bearer(key),
        })
        if (answer.status !== 200) throw new Error(await answer.text())
        const told = (await answer.json()) as {
          events: FollowedEvent[]
          next: string
          more: boolean
        }
        events.push(...told.events)
        next = told.next
        if (!told.more) return { events, next }
      }
      throw new Error('the feed never ends')
    },
    close: async () => {
      webhookCalls.close()
      await test.close()
    },
  }
}

export interface Received {
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

interface Pushed {
  readonly type: string
  readonly timestamp: string
  readonly data: { readonly webhook: string; readonly events: readonly FollowedEvent[] }
}
export const bodyOf = ({ body }: Received): Pushed => JSON.parse(body) as Pushed
export const eventsIn = (got: readonly Received[]) =>
  got.flatMap((each) => bodyOf(each).data.events)

export interface AnswerAs {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
}

export type Receiver = Awaited<ReturnType<typeof receiver>>

/** Keeps what it got; `answer` says how the next is answered, `cut` breaks the connection off. */
export const receiver = async () => {
  const got: Received[] = []
  const state: { answer: AnswerAs | 'cut' } = { answer: { status: 204 } }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      got.push({ headers: request.headers, body: Buffer.concat(chunks).toString('utf8') })
      if (state.answer === 'cut') return request.socket.destroy()
      response.writeHead(state.answer.status, { ...state.answer.headers })
      return response.end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    ...{ got, port, url: `http://127.0.0.1:${port}/hooks` },
    answerWith: (answer: AnswerAs | 'cut') => {
      state.answer = answer
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Values of the documents that name, number or reach a person. */
export const personalIn = (documents: readonly unknown[]): readonly string[] => {
  const found = new Set<string>()
  const walk = (name: string, value: unknown): void => {
    if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value)) walk(key, inner)
    else if (PERSONAL.test(name) && String(value).length > 1) found.add(String(value))
  }
  for (const document of documents) walk('', document)
  return [...found]
}

const PERSONAL =
  /^(?:buyer(?:Name|IdNumber|Telephone)|payerName|payerIdNumber|telephone|consignee(?:Telephone|Address)?)$/
