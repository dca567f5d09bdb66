/**
 * The simulated customs office as a server: takes DxpMsg at `POST /dxp`, posts replies to the
 * gateway, and shows its books. Both directions carry a bearer token. It says nothing about the
 * content of a message but in replies, as the exchange platform does; whatever it cannot even open
 * is answered at once.
 */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { Clock } from '../kernel/clock.ts'
import { SIM_BODY_BYTES_MAX, SIM_DELIVERY_TIMEOUT_MS } from '../kernel/limits.ts'
import { httpTransport } from '../wire/http-transport.ts'
import { httpPlatformCalls } from '../wire/real-time-data.ts'
import { createCustoms } from './customs.ts'
import { createPaymentData, type PaymentDataOffice } from './payment-data.ts'
import { controlRoutes, uploadRoutes } from './payment-routes.ts'
import { type Pump, pumpReplies } from './pump.ts'
import { isToken } from './token.ts'
import type { Customs, CustomsOptions } from './types.ts'

export interface CustomsServerOptions extends CustomsOptions {
  readonly clock: Clock
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  /** URL of the gateway that takes replies, unless another way is given. */
  readonly deliverTo: string
  /** Another way for messages to come and replies to go; the routes stay beside it. */
  readonly open?: (customs: Customs) => Pump
  /** Bearer token sent with replies; secret. */
  readonly token: string
  /** Bearer token asked of whoever sends messages or reads the books; secret. */
  readonly acceptToken: string
  /** Instead of a new office: one that remembers. */
  readonly office?: Customs
}

export interface CustomsServer {
  readonly url: string
  readonly customs: Customs
  /** Asks for original payment data (179). */
  readonly paymentData: PaymentDataOffice
  /** Ends requests and deliveries under way. */
  close(): Promise<void>
}

export const startCustomsServer = async (options: CustomsServerOptions): Promise<CustomsServer> => {
  const customs = options.office ?? createCustoms(options)
  const { clock, seed } = options
  const calls = httpPlatformCalls({ timeoutMs: SIM_DELIVERY_TIMEOUT_MS })
  const paymentData = createPaymentData({ clock, seed, calls })
  const server = createServer(
    getRequestListener(customsApp(customs, options.acceptToken, paymentData).fetch, {
      overrideGlobalObjects: false,
    }),
  )
  server.listen(options.port, options.host)
  await once(server, 'listening')
  const pump = (options.open ?? ((customs) => httpOffice(customs, options)))(customs)
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : options.port
  return {
    url: `http://${options.host}:${port}`,
    customs,
    paymentData,
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await Promise.all([closed, pump.close()])
    },
  }
}

/** Replies are posted to the gateway; its messages come by the routes. */
const httpOffice = (customs: Customs, { deliverTo, token }: CustomsServerOptions): Pump => {
  const transport = httpTransport({
    ...{ name: 'gateway', url: deliverTo, token },
    timeoutMs: SIM_DELIVERY_TIMEOUT_MS,
  })
  return pumpReplies(customs, ({ copMsgId, envelope }) => transport.send(copMsgId, envelope))
}

/** The routes alone, for whoever listens himself. An answer waits until what it says is kept. */
export const customsApp = (
  customs: Customs,
  acceptToken: string,
  paymentData: PaymentDataOffice,
): Hono => {
  const app = new Hono()
  app.get('/healthz', (c) => c.json({ status: 'ok' }))
  app.route('/', uploadRoutes(paymentData))
  app.use(async (_, next) => {
    await next()
    await customs.kept?.()
  })
  app.use(async (c, next) => {
    if (!isToken(c.req.header('authorization') ?? '', acceptToken))
      return c.json({ error: 'unauthorized' }, 401, { 'www-authenticate': 'Bearer' })
    return next()
  })
  app.post('/dxp', bodyLimit({ maxSize: SIM_BODY_BYTES_MAX }), async (c) => {
    const received = customs.receive(new Uint8Array(await c.req.arrayBuffer()))
    if (received.kind === 'taken') return c.json(received, 202)
    if (received.kind === 'busy') return c.json(received, 503, { 'retry-after': '1' })
    return c.json(received, received.kind === 'unreadable' ? 400 : 422)
  })
  app.route('/', controlRoutes(paymentData))
  app.get('/books', (c) => c.json(customs.books().summary()))
  app.get('/books/messages', (c) => c.json([...customs.books().messages()]))
  app.get('/books/documents', (c) => {
    const { kind, orderNo } = c.req.query()
    const found = [...customs.books().documents()].filter(
      (each) =>
        (kind === undefined || each.kind === kind) &&
        (orderNo === undefined || each.orderNo === orderNo),
    )
    return c.json(found)
  })
  return app
}
