/** Where web hooks may lead: the open Internet by https and nowhere else, whatever a name says. */
import { createServer } from 'node:http'
import { type AddressInfo, createServer as createSocketServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isPublicAddress } from '../../src/wire/address.ts'
import { addressProblem } from '../../src/wire/webhook.ts'
import { type Resolve, socketWebhooks } from '../../src/wire/webhook-sockets.ts'

let connections = 0
const server = createServer((_, response) => response.end())
server.on('connection', () => {
  connections += 1
})
let port = 0
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})
afterAll(() => new Promise((resolve) => server.close(resolve)))

const message = { id: 'msg_1', body: '{}', at: new Date(0), secrets: [new Uint8Array(32)] }

/** A name server that says something else each time. */
const saying = (...answers: readonly (readonly string[])[]): Resolve => {
  let asked = 0
  return (_name, _options, found) => {
    const addresses = answers[Math.min(asked, answers.length - 1)] ?? []
    asked += 1
    found(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )
  }
}

describe('an address', () => {
  it.each([
    ...['0.0.0.0', '10.1.2.3', '100.64.0.1', '100.100.100.200', '127.0.0.1', '169.254.169.254'],
    ...['172.16.0.1', '172.31.255.255', '192.168.1.1', '192.0.0.192', '198.18.0.1', '224.0.0.1'],
    ...['255.255.255.255', '::', '::1', '::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:10.0.0.1'],
    ...['fe80::1', 'fe80::1%eth0', 'fc00::1', 'fd00:ec2::254', 'ff02::1', '64:ff9b::7f00:1'],
    ...['2002:7f00:1::', '2001:0:1::1', '2001:db8::1', '::127.0.0.1', 'none', '1.2.3', '1:2'],
  ])('is not public: %s', (address) => {
    expect(isPublicAddress(address)).toBe(false)
  })

  it.each([
    ...['1.1.1.1', '8.8.8.8', '100.63.255.255', '100.128.0.1', '172.15.0.1', '172.32.0.1'],
    ...['192.167.1.1', '2606:4700::1111', '2400:3200::1', '::ffff:8.8.8.8', '64:ff9b::808:808'],
  ])('is public: %s', (address) => {
    expect(isPublicAddress(address)).toBe(true)
  })
})

describe('a URL', () => {
  it.each([
    ['nonsense', 'form'],
    ['https://user:secret@example.com/', 'credentials'],
    ['http://example.com/', 'scheme'],
    ['ftp://example.com/', 'scheme'],
    ['https://127.0.0.1/', 'private'],
    // As URLs have them, the same address again.
    ['https://0x7f.1/', 'private'],
    ['https://2130706433/', 'private'],
    ['https://[::1]/', 'private'],
    ['https://[::ffff:169.254.169.254]/latest/meta-data', 'private'],
    ['https://localhost/', 'private'],
    ['https://intranet/', 'private'],
    ['https://db.internal/', 'private'],
    ['https://example.com/hooks', undefined],
    ['https://1.1.1.1/hooks', undefined],
  ] as const)('%s: %s', (url, problem) => {
    expect(addressProblem(url, 'public')).toBe(problem)
  })

  it('may be any where the operator lets it', () => {
    expect(addressProblem('http://127.0.0.1:8080/', 'any')).toBeUndefined()
    expect(addressProblem('ftp://127.0.0.1/', 'any')).toBe('scheme')
  })
})

describe('a receiver', () => {
  it('that answers with another protocol has failed', async () => {
    const raw = createSocketServer((socket) => {
      socket.on('error', () => undefined)
      socket.once('data', () =>
        socket.write(
          'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n',
        ),
      )
    })
    await new Promise<void>((resolve) => raw.listen(0, '127.0.0.1', resolve))
    const calls = socketWebhooks('any')
    const { port } = raw.address() as AddressInfo
    expect(await calls.post(`http://127.0.0.1:${port}/`, message)).toEqual({
      ...{ kind: 'failed', reason: 'ECONNRESET' },
    })
    calls.close()
    await new Promise((resolve) => raw.close(resolve))
  })
})

describe('a name', () => {
  const post = async (resolve: Resolve, url = `https://hooks.example.com:${port}/`) => {
    const calls = socketWebhooks('public', resolve)
    connections = 0
    const answer = await calls.post(url, message)
    calls.close()
    return { answer, connections }
  }

  it.each([['127.0.0.1'], ['::1'], ['::ffff:127.0.0.1'], ['169.254.169.254'], ['10.0.0.1']])(
    'that leads to %s is not called',
    async (address) => {
      expect(await post(saying([address]))).toEqual({
        ...{ answer: { kind: 'failed', reason: 'ADDRESS_NOT_PUBLIC' }, connections: 0 },
      })
    },
  )

  it('is not called when one of its addresses is not public', async () => {
    expect((await post(saying(['8.8.8.8', '127.0.0.1']))).answer).toMatchObject({
      reason: 'ADDRESS_NOT_PUBLIC',
    })
  })

  it('that led elsewhere a moment ago gains nothing by it', async () => {
    const calls = socketWebhooks('public', saying(['127.0.0.1']))
    // It was public when the web hook was made: only what the connection looks up counts.
    expect(addressProblem(`https://rebound.example.com:${port}/`, 'public')).toBeUndefined()
    connections = 0
    const answer = await calls.post(`https://rebound.example.com:${port}/`, message)
    expect({ answer, connections }).toMatchObject({
      ...{ answer: { reason: 'ADDRESS_NOT_PUBLIC' }, connections: 0 },
    })
    calls.close()
  })

  it('is called by the addresses that were looked at', async () => {
    const calls = socketWebhooks('any', saying(['127.0.0.1']))
    expect(await calls.post(`http://hooks.example.com:${port}/`, message)).toMatchObject({
      status: 200,
    })
    calls.close()
  })

  it('and an address in figures is not called over http or a private network', async () => {
    for (const url of [`http://127.0.0.1:${port}/`, `https://127.0.0.1:${port}/`])
      expect(await post(saying(['8.8.8.8']), url)).toMatchObject({
        ...{ answer: { kind: 'failed', reason: 'ADDRESS_NOT_PUBLIC' }, connections: 0 },
      })
  })
})
