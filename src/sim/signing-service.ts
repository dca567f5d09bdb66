/**
 * A small signing server to develop and rehearse against, in the shape of a 签名验签服务器: it holds
 * keys of its own in memory and signs what it is handed with the key named. SM2 keys follow from the
 * seed, so that after a restart the certificates it told before still hold. Faults are switched on and
 * off: slow, failing, hanging up, wrong signatures. For tests and rehearsals; it guards nothing.
 */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { getRequestListener, type HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { type Clock, DAY_MS } from '../kernel/clock.ts'
import { ANSWER_BYTES_MAX, SIM_SIGNER_DELAY_MS_MAX } from '../kernel/limits.ts'
import { createSigningKey, localSigner } from '../signing/keys.ts'
import type { Signer, SigningAlgorithm } from '../signing/types.ts'
import { isToken } from './token.ts'

export interface ServedKey {
  /** What requests call it by. */
  readonly keyName: string
  readonly algorithm: SigningAlgorithm
  /** Common name of the certificate's subject. */
  readonly subject: string
}

/** What a key does instead of signing well; `delayMs` comes before whatever else it does. */
export interface SigningFault {
  readonly delayMs?: number
  /** Answers with this status. */
  readonly status?: number
  /** Breaks off the connection. */
  readonly hangUp?: boolean
  /** Signs other bytes than it was handed. */
  readonly wrong?: boolean
}

export interface SigningServiceOptions {
  readonly clock: Clock
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  /** Bearer token asked of whoever calls; secret. */
  readonly token: string
  readonly seed: string
  readonly keys: readonly ServedKey[]
  /** How long its certificates hold from its start on, in days. */
  readonly days?: number
  /** Waits so many milliseconds; resolves early when the server closes. */
  readonly pause: (ms: number) => Promise<void>
}

export interface SigningService {
  readonly url: string
  /** Of one key; `undefined` mends it. */
  setFault(keyName: string, fault: SigningFault | undefined): void
  /** Signatures asked of a key since the start, well or not. */
  asked(keyName: string): number
  close(): Promise<void>
}

export const startSigningService = async (
  options: SigningServiceOptions,
): Promise<SigningService> => {
  const shelf = createShelf(options)
  const server = createServer(
    getRequestListener(serviceApp(shelf, options).fetch, { overrideGlobalObjects: false }),
  )
  server.listen(options.port, options.host)
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : options.port
  return {
    url: `http://${options.host}:${port}`,
    setFault: shelf.setFault,
    asked: shelf.asked,
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

interface Shelf extends Pick<SigningService, 'setFault' | 'asked'> {
  find(
    keyName: string,
  ): { readonly signer: Signer; readonly fault: SigningFault | undefined } | undefined
  count(keyName: string): void
}

const DAYS = 365

const createShelf = ({ clock, seed, keys, days = DAYS }: SigningServiceOptions): Shelf => {
  const signers = new Map(
    keys.map((key) => [key.keyName, localSigner(newKey(key, seed, clock.now(), days))]),
  )
  const faults = new Map<string, SigningFault>()
  const counts = new Map<string, number>()
  const asked = (keyName: string): number => counts.get(keyName) ?? 0
  return {
    asked,
    find: (keyName) => {
      const signer = signers.get(keyName)
      return signer && { signer, fault: faults.get(keyName) }
    },
    count: (keyName) => counts.set(keyName, asked(keyName) + 1),
    setFault: (keyName, fault) => {
      if (fault === undefined) faults.delete(keyName)
      else faults.set(keyName, fault)
    },
  }
}

/** 16 digits for SM2, 8 for RSA, as on the cards; a leading 04 tells it from keys made elsewhere. */
const newKey = (
  { keyName, algorithm, subject }: ServedKey,
  seed: string,
  now: Date,
  days: number,
) => {
  const hash = createHash('sha256').update(`${seed}/${keyName}`).digest('hex')
  const notBefore = new Date(Math.floor(now.getTime() / 1000) * 1000)
  return createSigningKey({
    ...{ algorithm, subject, notBefore },
    notAfter: new Date(notBefore.getTime() + days * DAY_MS),
    serial: `04${hash.slice(0, algorithm === 'sm2-sm3' ? 14 : 6)}`,
    // Below the order of the curve, which begins with seven f.
    ...(algorithm === 'sm2-sm3' ? { privateKey: `0${hash.slice(1)}` } : {}),
  })
}

const serviceApp = (
  shelf: Shelf,
  { token, pause }: Pick<SigningServiceOptions, 'token' | 'pause'>,
): Hono<{ Bindings: HttpBindings }> => {
  const app = new Hono<{ Bindings: HttpBindings }>()
  app.get('/healthz', (c) => c.json({ status: 'ok' }))
  app.use(async (c, next) =>
    isToken(c.req.header('authorization') ?? '', token)
      ? next()
      : c.json({ error: 'unauthorized' }, 401, { 'www-authenticate': 'Bearer' }),
  )
  app.get('/keys/:keyName', (c) => {
    const keyName = c.req.param('keyName')
    const found = shelf.find(keyName)
    if (found === undefined) return c.json({ error: 'no such key' }, 404)
    const { algorithm, certificate } = found.signer
    return c.json({ keyName, algorithm, certificate })
  })
  app.post('/sign', bodyLimit({ maxSize: ANSWER_BYTES_MAX }), async (c) => {
    const wanted = readRequest(await c.req.text())
    if (wanted === undefined) return c.json({ error: 'keyName, algorithm, data' }, 400)
    const found = shelf.find(wanted.keyName)
    if (found === undefined || found.signer.algorithm !== wanted.algorithm)
      return c.json({ error: 'no such key' }, 404)
    shelf.count(wanted.keyName)
    const { signer, fault } = found
    if (fault?.delayMs !== undefined) await pause(Math.min(fault.delayMs, SIM_SIGNER_DELAY_MS_MAX))
    if (fault?.hangUp === true) c.env.incoming.socket.destroy()
    if (fault?.status !== undefined) return new Response('{}', { status: fault.status })
    const data = fault?.wrong === true ? Buffer.from('other bytes') : wanted.data
    const signature = Buffer.from(await signer.sign(data)).toString('base64')
    return c.json({ signature })
  })
  app.post('/keys/:keyName/fault', bodyLimit({ maxSize: ANSWER_BYTES_MAX }), async (c) => {
    const fault = readFault(await c.req.text())
    if (fault === undefined) return c.json({ error: 'delayMs, status, hangUp, wrong' }, 400)
    shelf.setFault(c.req.param('keyName'), Object.keys(fault).length === 0 ? undefined : fault)
    return c.json({ fault })
  })
  return app
}

const readRequest = (text: string) => {
  const { keyName, algorithm, data } = recordOf(text)
  return typeof keyName === 'string' && typeof algorithm === 'string' && typeof data === 'string'
    ? { keyName, algorithm, data: Buffer.from(data, 'base64') }
    : undefined
}

const readFault = (text: string): SigningFault | undefined => {
  const { delayMs, status, hangUp, wrong, ...others } = recordOf(text)
  const isFault =
    Object.keys(others).length === 0 &&
    (delayMs === undefined || (typeof delayMs === 'number' && delayMs >= 0)) &&
    (status === undefined || (typeof status === 'number' && status >= 400 && status < 600)) &&
    (hangUp === undefined || typeof hangUp === 'boolean') &&
    (wrong === undefined || typeof wrong === 'boolean')
  if (!isFault) return undefined
  return {
    ...(delayMs === undefined ? {} : { delayMs }),
    ...(status === undefined ? {} : { status }),
    ...(hangUp === undefined ? {} : { hangUp }),
    ...(wrong === undefined ? {} : { wrong }),
  }
}

const recordOf = (text: string): Readonly<Record<string, unknown>> => {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}
