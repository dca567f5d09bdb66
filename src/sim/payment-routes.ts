/**
 * The 179 interface of the simulated customs office over HTTP: the upload address, open to whoever
 * signs as the real one is; behind the token, the registration of platforms and the order to ask for.
 */
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { SIM_BODY_BYTES_MAX } from '../kernel/limits.ts'
import type { PaymentDataOffice } from './payment-data.ts'

/** The path of the real address. */
export const UPLOAD_PATH = '/ceb2grab/grab/realTimeDataUpload'

export const uploadRoutes = (office: PaymentDataOffice): Hono => {
  const app = new Hono()
  app.post(UPLOAD_PATH, bodyLimit({ maxSize: SIM_BODY_BYTES_MAX }), async (c) => {
    const reply = office.upload(await c.req.text())
    if (reply.kind === 'answer') return c.json(reply.body)
    // An answer without content is as good as none, and the caller need not wait for it.
    return reply.kind === 'unavailable' ? c.text('busy', 503) : c.body(null, 200)
  })
  return app
}

/** Mounted behind the token of the server. */
export const controlRoutes = (office: PaymentDataOffice): Hono => {
  const app = new Hono()
  app.post('/179/platforms', async (c) => {
    const { ebpCode, address, certNo, certificate } = await membersOf(c)
    const registered = office.register({ ebpCode, address, certNo, certificate })
    return registered ? c.body(null, 204) : c.json({ error: 'certificate' }, 422)
  })
  app.post('/179/ask', async (c) => {
    const { ebpCode, orderNo, sessionId } = await membersOf(c)
    const asked = await office.ask(ebpCode, orderNo, sessionId === '' ? undefined : sessionId)
    return asked === undefined ? c.json({ error: 'platform' }, 404) : c.json(asked)
  })
  app.get('/179/uploads', (c) => c.json(office.taken()))
  return app
}

type Name = 'ebpCode' | 'address' | 'certNo' | 'certificate' | 'orderNo' | 'sessionId'

/** What is no text counts as not there. */
const membersOf = async (c: Context): Promise<Readonly<Record<Name, string>>> => {
  const value: unknown = await c.req.json().catch(() => undefined)
  const given: Readonly<Record<string, unknown>> =
    typeof value === 'object' && value !== null ? { ...value } : {}
  const text = (name: Name): string => {
    const member = given[name]
    return typeof member === 'string' ? member : ''
  }
  return {
    ...{ ebpCode: text('ebpCode'), address: text('address'), certNo: text('certNo') },
    ...{ certificate: text('certificate'), orderNo: text('orderNo') },
    sessionId: text('sessionId'),
  }
}
