/** The office as a server: over real HTTP on the loopback, to a gateway that takes and refuses. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/kernel/clock.ts'
import { readSimSettings } from '../../src/run/sim.ts'
import { type CustomsServer, startCustomsServer } from '../../src/sim/server.ts'
import { paces } from '../../src/sim/types.ts'
import { businessXml, consignment, inEnvelope, read } from './office.ts'

const TOKEN = 'synthetic-token-of-the-test'
const REPLY_TOKEN = 'synthetic-token-for-replies'

interface Post {
  readonly authorization: string | undefined
  readonly contentType: string | undefined
  readonly body: Uint8Array
}

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** A gateway that keeps what is posted and answers with one status after the other, 202 at last. */
const gateway = async (answers: number[] = []) => {
  const posts: Post[] = []
  const waiting: (() => void)[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      posts.push({
        authorization: request.headers.authorization,
        contentType: request.headers['content-type'],
        body: Buffer.concat(chunks),
      })
      response.writeHead(answers.shift() ?? 202).end()
      for (const wake of waiting.splice(0)) wake()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('no address')
  /** Resolves once the posts so far satisfy the condition. */
  const until = async (holds: (posts: readonly Post[]) => boolean): Promise<readonly Post[]> => {
    while (!holds(posts)) await new Promise<void>((resolve) => waiting.push(resolve))
    return posts
  }
  return { url: `http://127.0.0.1:${address.port}/replies`, until }
}

const office = async (deliverTo: string): Promise<CustomsServer> => {
  const server = await startCustomsServer({
    clock: systemClock,
    seed: 'server-test',
    pace: paces.instant,
    host: '127.0.0.1',
    port: 0,
    deliverTo,
    token: REPLY_TOKEN,
    acceptToken: TOKEN,
  })
  closing.push(() => server.close())
  return server
}

const bearer = { authorization: `Bearer ${TOKEN}` }

const post = (server: CustomsServer, body: Uint8Array, headers: Record<string, string> = bearer) =>
  fetch(`${server.url}/dxp`, { method: 'POST', headers, body: new Uint8Array(body) })

const orderEnvelope = async (id = 'MESSAGE-1', receiver?: string) => {
  const data = await businessXml('CEB311', [consignment(1).order], 'A'.repeat(36))
  return inEnvelope(id, 'CEB311Message', data, receiver)
}

const repliesIn = (posts: readonly Post[]): string[] =>
  posts.flatMap(({ body }) =>
    read({ copMsgId: '', receiverId: '', envelope: body }).map(({ fields }) => `${fields.guid}`),
  )

describe('the server', () => {
  it('takes a message and posts the replies with its token', async () => {
    const far = await gateway()
    const server = await office(far.url)
    const answer = await post(server, await orderEnvelope())
    expect(answer.status).toBe(202)
    expect(await answer.json()).toEqual({ kind: 'taken', copMsgId: 'MESSAGE-1', repeated: false })
    const posts = await far.until(({ length }) => length === 2)
    expect(repliesIn(posts)).toHaveLength(2)
    for (const each of posts) {
      expect(each.authorization).toBe(`Bearer ${REPLY_TOKEN}`)
      expect(each.contentType).toContain('application/xml')
    }
  })

  it('posts a reply again, with the same bytes, until it is taken, whatever the answer was', async () => {
    const far = await gateway([500, 400, 404])
    const server = await office(far.url)
    await post(server, await orderEnvelope())
    const posts = await far.until((all) => all.length === 5)
    expect(new Set(repliesIn(posts)).size).toBe(2)
    expect(new Set(posts.map(({ body }) => Buffer.from(body).toString())).size).toBe(2)
  })

  it('asks for the token at every door but the one for health', async () => {
    const server = await office((await gateway()).url)
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
    for (const path of ['/books', '/books/messages', '/books/documents', '/nothing'])
      expect((await fetch(server.url + path)).status).toBe(401)
    const envelope = await orderEnvelope()
    for (const authorization of ['', TOKEN, `Bearer ${TOKEN}x`, `bearer ${REPLY_TOKEN}`])
      expect((await post(server, envelope, { authorization })).status).toBe(401)
    expect(server.customs.books().summary().messages.received).toBe(0)
  })

  it('says what it cannot take', async () => {
    const server = await office((await gateway()).url)
    expect((await post(server, Buffer.from('no envelope'))).status).toBe(400)
    const elsewhere = await orderEnvelope('MESSAGE-2', 'DXPEDCCEB0000009')
    expect((await post(server, elsewhere)).status).toBe(422)
  })

  it('shows its books', async () => {
    const far = await gateway()
    const server = await office(far.url)
    const envelope = await orderEnvelope()
    await post(server, envelope)
    await post(server, envelope)
    await far.until(({ length }) => length === 2)
    const shown = async (path: string) =>
      (await fetch(server.url + path, { headers: bearer })).json() as Promise<unknown>
    expect(await shown('/books')).toMatchObject({
      messages: { received: 1, repeated: 1, differentBytes: 0 },
      documents: { CEB311: { taken: 1 } },
      released: { count: 0, amount: '0' },
    })
    expect(await shown('/books/messages')).toEqual([
      {
        copMsgId: 'MESSAGE-1',
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        seen: 2,
        differentBytes: 0,
      },
    ])
    const documents = await shown(`/books/documents?kind=CEB311&orderNo=${consignment(1).orderNo}`)
    expect(documents).toMatchObject([{ kind: 'CEB311', status: '120', versions: 1 }])
    expect(await shown('/books/documents?kind=CEB621')).toEqual([])
    // Books name documents, never persons.
    expect(JSON.stringify(documents)).not.toContain('测试买家')
  })
})

describe('the settings of the process', () => {
  it('have defaults for everything but the token', () => {
    const read = readSimSettings({ CUSTOMS_TOKEN: TOKEN })
    if (read.kind !== 'settings') throw new Error('refused')
    expect(read.options).toMatchObject({
      port: 8790,
      host: '127.0.0.1',
      pace: paces.demo,
      verify: 'strict',
    })
  })

  it('are refused all at once', () => {
    const read = readSimSettings({
      PORT: 'x',
      PACE: 'fast',
      VERIFY: 'maybe',
      DELIVER_TO: 'nowhere',
      REMEMBER: '-1',
      CUSTOMS_TOKEN: 'short',
    })
    const names = read.kind === 'problems' ? read.problems.map(({ name }) => name) : []
    expect(names.sort()).toEqual([
      'CUSTOMS_TOKEN',
      'DELIVER_TO',
      'PACE',
      'PORT',
      'REMEMBER',
      'VERIFY',
    ])
  })

  it('give tax bills to all lists, at the pace of benches to marked ones only, unless told', () => {
    const taxBills = (env: Record<string, string>) => {
      const read = readSimSettings({ CUSTOMS_TOKEN: TOKEN, ...env })
      return read.kind === 'settings' ? read.options.taxBills : undefined
    }
    expect(taxBills({})).toBe('all')
    expect(taxBills({ PACE: 'realistic' })).toBe('all')
    expect(taxBills({ PACE: 'instant' })).toBe('marked')
    expect(taxBills({ PACE: 'instant', TAX_BILLS: 'all' })).toBe('all')
    expect(taxBills({ TAX_BILLS: 'none' })).toBeUndefined()
  })

  it('name the addresses of both systems', () => {
    const env = { CUSTOMS_TOKEN: TOKEN, CUSTOMS_EXPORT_ADDRESS: 'DXPTEST000000001' }
    const read = readSimSettings(env)
    if (read.kind === 'problems') throw new Error('problems')
    const { addresses } = read.options
    expect(addresses).toEqual({ import: 'DXPEDCCEB0000002', export: 'DXPTEST000000001' })
  })

  it('name both folders or neither, and then replies go there', () => {
    const problemsOf = (env: Record<string, string>) => {
      const read = readSimSettings({ CUSTOMS_TOKEN: TOKEN, ...env })
      return read.kind === 'problems' ? read.problems.map(({ name }) => name) : []
    }
    expect(problemsOf({ CUSTOMS_FOLDER_IN: '/a' })).toEqual(['CUSTOMS_FOLDER_IN'])
    expect(problemsOf({ CUSTOMS_FOLDER_IN: '/a', CUSTOMS_FOLDER_OUT: '/a' })).toHaveLength(1)
    const env = { CUSTOMS_TOKEN: TOKEN, CUSTOMS_FOLDER_IN: '/a', CUSTOMS_FOLDER_OUT: '/b' }
    expect(readSimSettings(env)).toMatchObject({ deliverTo: '/b' })
  })

  it('give two starts without a seed different numbers', () => {
    const seeds = [1, 2].map(() => {
      const read = readSimSettings({ CUSTOMS_TOKEN: TOKEN })
      return read.kind === 'settings' ? read.options.seed : ''
    })
    expect(new Set(seeds).size).toBe(2)
  })
})
