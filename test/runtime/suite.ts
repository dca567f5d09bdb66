/**
 * What the gateway does over HTTP, said once for both runtimes: the way of a consignment from
 * hand-in to release, the stream, the refusals, the pages.
 */
import { request } from 'node:http'
import { readXlsx } from 'hucre/xlsx'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { getDeclaration } from '../../src/catalogue/index.ts'
import { zones } from '../../src/catalogue/zones/index.ts'
import { XLSX } from '../../src/codec/sheet/parts.ts'
import { routes } from '../../src/http/app.ts'
import { type Consignment, makeConsignment } from '../../src/sim/consignments.ts'
import { csvOf, gb18030, rowsOf, workbookOf } from '../support/sheets.ts'
import { pause, type RuntimeGateway } from './gateways.ts'

/** Replies come from another process: asked again and again until then. */
const SETTLED_MS_MAX = 90_000
const POLL_MS = 100
/** A clock would strike every minute; here it strikes after so many looks. */
const LOOKS_PER_TICK = 10

export const runtimeSuite = (
  name: string,
  start: () => Promise<RuntimeGateway>,
  /** Why it cannot run here. */
  hindrance?: string,
): void => {
  if (hindrance !== undefined) console.log(`${name}: skipped, ${hindrance}`)
  describe.skipIf(hindrance !== undefined)(name, () => {
    let gateway: RuntimeGateway
    beforeAll(async () => {
      gateway = await start()
    }, 180_000)
    afterAll(() => gateway?.close(), 60_000)

    const call = (path: string, code?: string, init: RequestInit = {}): Promise<Response> => {
      const key = code === undefined ? undefined : gateway.keys.get(code)
      return fetch(`${gateway.url}${path}`, {
        ...init,
        headers: {
          ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
          ...(init.headers as Record<string, string> | undefined),
        },
      })
    }
    const post = (code: string, kind: string, document: unknown): Promise<Response> =>
      call('/api/v1/documents', code, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ kind, document }),
      })
    const consignment = (n: number, fate = ''): Consignment => {
      const [zone] = zones
      if (zone === undefined) throw new Error('no zones')
      const enterprises = { ...gateway.cast, declarants: [gateway.cast.declarants[0]] as const }
      return makeConsignment({ n, seed: 5, zone, mode: '1210', enterprises, fate, at: new Date() })
    }
    /** Hands all four in, each in its owner's name; the list's id. */
    const handIn = async ({ order, payment, waybill, list }: Consignment): Promise<string> => {
      const { cast } = gateway
      const handed = [
        await post(cast.platform.customsCode, 'CEB311', order),
        await post(cast.payer.customsCode, 'CEB411', payment),
        await post(cast.carrier.customsCode, 'CEB511', waybill),
        await post(cast.declarants[0].customsCode, 'CEB621', list),
      ]
      const ids: string[] = []
      for (const response of handed) {
        const answer = (await response.json()) as { results: { id: string }[] }
        expect(response.status, JSON.stringify(answer)).toBe(200)
        ids.push(answer.results[0]?.id ?? '')
      }
      return ids[3] ?? ''
    }
    const settled = async (id: string, states: readonly string[]) => {
      const until = performance.now() + SETTLED_MS_MAX
      let last: unknown
      for (let look = 1; performance.now() < until; look += 1) {
        const response = await call(`/api/v1/documents/${id}`, declarant())
        const view = (await response.json()) as { state: string }
        if (states.includes(view.state)) return view
        last = view.state
        if (look % LOOKS_PER_TICK === 0) await gateway.tick()
        await pause(POLL_MS)
      }
      throw new Error(`still ${String(last)} after ${SETTLED_MS_MAX} ms`)
    }
    const declarant = (): string => gateway.cast.declarants[0].customsCode

    it('takes a consignment from hand-in to release, and counts it', async () => {
      const { orderNo, ...documents } = consignment(1)
      const id = await handIn({ orderNo, ...documents })
      await settled(id, ['released', 'closed'])
      const whole = await call(`/api/v1/consignments/${orderNo}`, declarant())
      expect(((await whole.json()) as { documents: unknown[] }).documents).toHaveLength(4)
      const story = await call(`/api/v1/documents/${id}/timeline`, declarant())
      const { entries } = (await story.json()) as { entries: { state: string }[] }
      expect(entries.map(({ state }) => state)).toEqual(
        expect.arrayContaining(['ready', 'sent', 'stored', 'released']),
      )
      const xml = await call(`/api/v1/documents/${id}/message.xml`, declarant())
      expect(await xml.text()).toContain('SignatureValue')
      const totals = await call('/api/v1/totals?by=zone')
      expect(((await totals.json()) as { total: { count: number } }).total.count).toBe(1)
    })

    it('shows a refusal by customs with its reason', async () => {
      const id = await handIn(consignment(2, '-R1327'))
      await settled(id, ['rejected'])
      const story = await call(`/api/v1/documents/${id}/timeline`, declarant())
      expect(await story.text()).toMatch(/1327/)
    })

    it('answers a stream line by line', async () => {
      const line = (document: unknown): string => JSON.stringify({ kind: 'CEB311', document })
      const response = await call('/api/v1/documents', gateway.cast.platform.customsCode, {
        method: 'POST',
        headers: { 'content-type': 'application/x-ndjson' },
        body: [line(consignment(10).order), '{"kind":', line({}), line(consignment(11).order)].join(
          '\n',
        ),
      })
      expect(response.status).toBe(200)
      const lines = (await response.text())
        .trimEnd()
        .split('\n')
        .map((text) => JSON.parse(text) as { line: number; id?: string; faults?: unknown[] })
      expect(lines.map((answer) => [answer.line, answer.id !== undefined])).toEqual([
        [1, true],
        [2, false],
        [3, false],
        [4, true],
      ])
    })

    it('gives templates, takes sheets of any form and marks their faults', async () => {
      const platform = gateway.cast.platform.customsCode
      const template = await call('/api/v1/sheets/CEB311.xlsx')
      expect(
        Buffer.from(await template.arrayBuffer())
          .subarray(0, 2)
          .toString(),
      ).toBe('PK')
      const entry = getDeclaration('CEB311')
      const rows = (n: number) => rowsOf(entry, [consignment(n).order])
      const send = (body: BodyInit, headers: Record<string, string>, query = '') =>
        call(`/api/v1/sheets/CEB311${query}`, platform, { method: 'POST', headers, body })
      const form = new FormData()
      form.append('file', new Blob([csvOf(rows(20))]), 'orders.csv')
      const answers = [
        await send(gb18030(csvOf(rows(21))), { 'content-type': 'text/csv' }),
        await send(await workbookOf([{ name: 'CEB311', rows: rows(22) }]), {
          'content-type': XLSX,
        }),
        await send(form, {}),
      ]
      for (const answer of answers)
        expect(await answer.json()).toMatchObject({ taken: 1, refused: 0, errors: 0 })
      const wrong = rows(23).map((row) => row.map((text) => (text === 'I' ? 'X' : text)))
      const marked = await send(csvOf(wrong), { 'content-type': 'text/csv', accept: XLSX })
      expect([marked.status, marked.headers.get('yuguan-errors')]).toEqual([207, '1'])
      const read = await readXlsx(new Uint8Array(await marked.arrayBuffer()))
      expect(JSON.stringify(read.sheets[0]?.rows)).toContain('orderType')
    })

    it('answers the same request with the same key alike', async () => {
      const body = JSON.stringify({ kind: 'CEB311', document: consignment(12).order })
      const headers = { 'content-type': 'application/json', 'idempotency-key': 'runtime-1' }
      const send = () =>
        call('/api/v1/documents', gateway.cast.platform.customsCode, {
          ...{ method: 'POST', headers, body },
        })
      const first = await send()
      const again = await send()
      expect(again.headers.get('idempotency-replayed')).toBe('true')
      expect(await again.json()).toEqual(await first.json())
    })

    it('stores a reply once, however often it comes, and lets nobody else post one', async () => {
      const send = (token: string) =>
        fetch(`${gateway.url}/api/v1/customs/replies`, {
          method: 'POST',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/xml' },
          body: '<not-a-reply/>',
        })
      expect((await send('x'.repeat(32))).status).toBe(401)
      expect((await send(gateway.customsToken)).status).toBe(202)
      expect((await send(gateway.customsToken)).status).toBe(200)
    })

    it('refuses with problems', async () => {
      const platform = gateway.cast.platform.customsCode
      const statuses = [
        await call('/api/v1/documents'),
        await call('/api/v1/documents/none', platform),
        await call('/api/v1/documents', platform, { method: 'PUT' }),
        await call('/api/v1/documents', platform, { method: 'POST', body: 'x' }),
        await post(platform, 'CEB311', {}),
        await call('/api/v1/enterprises', platform),
      ]
      for (const response of statuses) {
        expect(response.headers.get('content-type')).toContain('application/problem+json')
        const { requestId } = (await response.json()) as { requestId: string }
        expect(requestId).toBe(response.headers.get('x-request-id'))
      }
      expect(statuses.map(({ status }) => status)).toEqual([401, 404, 405, 415, 422, 403])
    })

    it('refuses 100 MB while they are still coming', async () => {
      const key = gateway.keys.get(gateway.cast.platform.customsCode) ?? ''
      const status = await sendLong(`${gateway.url}/api/v1/documents`, key, 100)
      expect(status).toBe(413)
      expect((await call('/healthz')).status).toBe(200)
    })

    it('shows its pages, its interface and the scripts they load', async () => {
      for (const path of ['/', '/docs', '/openapi.json', '/assets/page.css', '/assets/page.js']) {
        const response = await call(path)
        expect(response.status, path).toBe(200)
        await response.text()
      }
      const document = await (await call('/openapi.json')).text()
      for (const { spec } of routes) expect(document).toContain(`"${spec.path}"`)
    })

    it('takes a sign-in and knows the caller by it', async () => {
      const wrong = await call('/api/auth/sign-in/email', undefined, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: gateway.url },
        body: JSON.stringify({ email: 'operator@yuguan.example', password: 'not the password' }),
      })
      expect(wrong.status).toBe(401)
      const me = await call('/api/v1/me', gateway.cast.platform.customsCode)
      expect(await me.json()).toMatchObject({ via: 'key', operator: false })
    })
  })
}

/** Sends blanks without announcing how many, until an answer comes or all are sent. */
const sendLong = (url: string, key: string, megabytes: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const sending = request(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    })
    let answered = false
    sending.on('response', (response) => {
      answered = true
      response.resume()
      resolve(response.statusCode ?? 0)
      sending.destroy()
    })
    // The far side may close while we still send; what counts is that it answered.
    sending.on('error', (error) => (answered ? undefined : reject(error)))
    const chunk = Buffer.alloc(1024 * 1024, 0x20)
    let left = megabytes
    const write = (): void => {
      while (left > 0 && !answered) {
        left -= 1
        if (!sending.write(chunk)) {
          sending.once('drain', write)
          return
        }
      }
      if (!answered) sending.end()
    }
    write()
  })
