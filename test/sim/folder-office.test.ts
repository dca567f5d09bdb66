/** The whole way over folders: a gateway writes and reads files, a customs office answers them. */
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { takeReply } from '../../src/flow/receive.ts'
import { systemClock as clock } from '../../src/kernel/clock.ts'
import { openFolderOffice } from '../../src/sim/folder-office.ts'
import { type CustomsServer, startCustomsServer } from '../../src/sim/server.ts'
import { paces } from '../../src/sim/types.ts'
import { folderLink } from '../../src/wire/folder-link.ts'
import { bearer, json, type TestApp, testApp } from '../http/app.ts'

const ENDS = ['released', 'closed']
const TOKEN = 'synthetic-token-of-the-test'
let root: string
let out: string
let back: string
let office: CustomsServer
let app: TestApp
const told: string[] = []
const log = {
  warn: (event: string, facts?: unknown) => told.push(`${event} ${JSON.stringify(facts)}`),
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'yuguan-office-'))
  out = join(root, 'out')
  back = join(root, 'back')
  for (const path of [out, back]) await mkdir(path)
  office = await startCustomsServer({
    ...{ clock, seed: 'folders', pace: paces.instant, host: '127.0.0.1', port: 0 },
    ...{ deliverTo: 'http://127.0.0.1:1/', token: TOKEN, acceptToken: TOKEN },
    open: (customs) =>
      openFolderOffice(customs, { in: out, out: back, self: 'office', clock, log }),
  })
  const link = folderLink({ out, in: back, self: 'gateway', clock, log })
  app = await testApp({ links: [link] })
  await link.receiver?.listen([], async (bytes) => {
    await takeReply(app.gateway.flow, bytes)
  })
  closing.push(() => link.receiver?.close() ?? Promise.resolve())
})
const closing: (() => Promise<void>)[] = []
afterAll(async () => {
  for (const close of closing) await close()
  await office.close()
  await app.close()
  await rm(root, { recursive: true, force: true })
})

const statesOf = async (orderNo: string): Promise<readonly string[]> => {
  const { key } = app.account(app.cast.declarants[0])
  const listed = await app.fetch(`/api/v1/documents?q=${orderNo}`, { headers: bearer(key) })
  const { documents } = (await listed.json()) as { documents: { kind: string; state: string }[] }
  return documents.map(({ state }) => state)
}

const until = async (what: () => Promise<boolean>): Promise<void> => {
  while (!(await what())) {
    await app.runStages()
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

describe('a consignment over folders', () => {
  it('goes from intake to 放行, and leaves no file behind', async () => {
    const made = app.consignment(1)
    for (const [who, kind, document] of [
      [app.cast.platform, 'CEB311', made.order],
      [app.cast.payer, 'CEB411', made.payment],
      [app.cast.carrier, 'CEB511', made.waybill],
      [app.cast.declarants[0], 'CEB621', made.list],
    ] as const) {
      const answer = await app.fetch(
        '/api/v1/documents',
        json(app.account(who).key, { kind, document }),
      )
      expect(answer.status).toBe(200)
    }
    // 结关 follows 放行 so soon that nobody may see the list in between.
    await until(async () => (await statesOf(made.orderNo)).some((state) => ENDS.includes(state)))
    const books = await fetch(`${office.url}/books`, { headers: bearer(TOKEN) })
    expect(await books.json()).toMatchObject({
      messages: { received: 4, differentBytes: 0, refused: 0, invalidSignatures: 0 },
      released: { count: 1 },
    })
    const isEmpty = async (path: string): Promise<boolean> =>
      (await readdir(path)).every((name) => name === 'claimed')
    await until(async () => (await isEmpty(out)) && (await isEmpty(back)))
    expect(told).toEqual([])
  })

  it('is not held up by a file that is no envelope', async () => {
    await writeFile(join(out, 'note.xml'), 'not an envelope')
    await until(async () => told.length > 0)
    expect(told).toEqual(['office.not-taken {"why":"unreadable"}'])
  })
})
