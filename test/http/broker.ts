/**
 * A broker at work over HTTP: lists handed in, answered by customs, and what he asks of them. The
 * declarant waits for no companions, so that a list goes by itself.
 */
import type { AnyDocument, FieldRecord } from '../../src/catalogue/message.ts'
import { stamp17 } from '../../src/kernel/clock.ts'
import type { Fault } from '../../src/kernel/fault.ts'
import { customsSays } from '../support/customs-says.ts'
import { customsTells } from '../support/customs-tells.ts'
import { movingClock, START } from '../support/gateway.ts'
import { bearer, CUSTOMS_TOKEN, json, testApp } from './app.ts'

/** Of cancellations the fields themselves, of returns a head and lines. */
export interface MadeDocument {
  readonly InvtRefundHead?: FieldRecord
  readonly InvtRefundList?: readonly FieldRecord[]
  readonly guid?: string
  readonly appTime?: string
  readonly copNo?: string
  readonly agentCode?: string
  readonly invtNo?: string
}

export interface Answered {
  readonly code?: string
  readonly taken?: number
  readonly results?: readonly { readonly id?: string; readonly faults?: readonly Fault[] }[]
  readonly document?: MadeDocument
  readonly window?: Readonly<Record<string, string>> | null
  readonly faults?: readonly Fault[]
  readonly lists?: number
  readonly left?: number
}

export type Broker = Awaited<ReturnType<typeof broker>>

export const broker = async (start = START) => {
  const clock = movingClock(start)
  const app = await testApp({ clock })
  const { key, id } = app.account(app.cast.declarants[0])
  await app.database.db
    .updateTable('enterprise')
    .set({ waits_for_companions: false })
    .where('id', '=', id)
    .execute()

  const post = async (path: string, body: unknown, as = key, headers = {}) => {
    const response = await app.fetch(path, json(as, body, headers))
    const said = (await response.json()) as Answered
    return { status: response.status, headers: response.headers, body: said }
  }
  const get = async (path: string, as = key): Promise<Record<string, unknown>> => {
    const response = await app.fetch(path, { headers: bearer(as) })
    return { status: response.status, ...((await response.json()) as object) }
  }
  const settle = async (): Promise<void> => {
    for (let round = 0; round < ROUNDS_MAX; round += 1) if ((await app.runStages()) === 0) return
    throw new Error('never settles')
  }
  const handIn = async (kind: string, documents: readonly AnyDocument[]) => {
    const taken = await post('/api/v1/documents', { kind, documents })
    if (taken.status !== 200) throw new Error(JSON.stringify(taken.body).slice(0, 2000))
    await settle()
    return (taken.body.results ?? []).map((result) => result.id ?? '')
  }
  /** Customs answers; a minute passes before. */
  const says = async (kind: string, status: string, about: readonly FieldRecord[]) => {
    clock.advance(60_000)
    await saysAt(kind, status, about, stamp17(clock.now()))
  }
  /** Customs answers with a time of its own, 17 digits. */
  const saysAt = (kind: string, status: string, about: readonly FieldRecord[], time: string) =>
    takes(customsSays({ kind, status, about, receiver, time }))
  /** Customs tells something unasked. */
  const tells = (code: string, documents: readonly AnyDocument[]): Promise<void> =>
    takes(customsTells(code, documents, receiver))
  const receiver = app.cast.declarants[0].dxpId
  const takes = async (body: Uint8Array): Promise<void> => {
    const response = await app.fetch('/api/v1/customs/replies', {
      method: 'POST',
      headers: { ...bearer(CUSTOMS_TOKEN), 'content-type': 'application/xml' },
      body: new Uint8Array(body),
    })
    // Customs may tell the same twice.
    if (response.status !== 202 && response.status !== 200) throw new Error(await response.text())
    await settle()
  }
  return {
    ...{ app, clock, cast: app.cast, key, id, post, get, handIn, says, saysAt, tells, settle },
    close: app.close,
  }
}

const ROUNDS_MAX = 200
