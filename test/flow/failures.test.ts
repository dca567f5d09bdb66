/** What breaks for one enterprise or one message stays there: all others go on. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listDocuments } from '../../src/flow/queries.ts'
import { stages } from '../../src/flow/stages.ts'
import type { FlowDeps, Log } from '../../src/flow/types.ts'
import { COMPOSE_RETRY_SECONDS } from '../../src/kernel/limits.ts'
import { type TestGateway, testGateway } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await testGateway()
})
afterAll(() => gateway.close())

const operator = { enterpriseId: '', operator: true }

const statesOf = async (orderNo: string): Promise<Readonly<Record<string, string>>> => {
  const { documents } = await listDocuments(gateway.deps, operator, { q: orderNo })
  return Object.fromEntries(documents.map(({ kind, state }) => [kind, state]))
}

const SECRET = 'a value that somebody stored'

const recorder = () => {
  const lines: string[] = []
  const keep = (event: string, facts?: unknown) => {
    lines.push(`${event} ${JSON.stringify(facts)}`)
  }
  const log: Log = { info: keep, warn: keep, error: keep }
  return { lines, log }
}

describe('a key that cannot be opened', () => {
  it('keeps its owner’s documents waiting, is logged without a word of theirs, and heals', async () => {
    const made = gateway.consignment(1, '-SILENT')
    await gateway.handIn([made])
    const { lines, log } = recorder()
    const broken: FlowDeps = {
      ...gateway.deps,
      log,
      signerOf: async (id) => {
        if (id === gateway.cast.platform.customsCode) throw new Error(SECRET)
        return gateway.deps.signerOf(id)
      },
    }
    await stages.compose.runBatch(broken, 100)
    await gateway.settle()
    expect(await statesOf(made.orderNo)).toMatchObject({ CEB311: 'ready', CEB411: 'stored' })
    expect(lines.join()).toContain('compose.failed')
    expect(lines.join()).not.toContain(SECRET)
    gateway.clock.advance(COMPOSE_RETRY_SECONDS * 1000)
    await gateway.settle()
    expect(await statesOf(made.orderNo)).toMatchObject({ CEB311: 'stored' })
  })
})

describe('a message that cannot be opened', () => {
  it('holds up no other, and shows the trouble on itself', async () => {
    const made = gateway.consignment(2, '-SILENT')
    await gateway.handIn([made])
    await stages.compose.runBatch(gateway.deps, 100)
    const { db } = gateway.deps
    const row = await db
      .selectFrom('message')
      .select(['id', 'sealed'])
      .where('kind', '=', 'CEB411')
      .where('sent_at', 'is', null)
      .executeTakeFirstOrThrow()
    const seal = (sealed: Uint8Array) =>
      db.updateTable('message').set({ sealed }).where('id', '=', row.id).execute()
    await seal(new Uint8Array(64))
    await stages.dispatch.runBatch(gateway.deps, 100)
    expect(await statesOf(made.orderNo)).toMatchObject({ CEB311: 'sent', CEB411: 'ready' })
    const { problem } = await db
      .selectFrom('message')
      .select('problem')
      .where('id', '=', row.id)
      .executeTakeFirstOrThrow()
    expect(problem).toBe('INTERNAL')
    await seal(row.sealed)
    gateway.clock.advance(60_000)
    await gateway.settle()
    expect(await statesOf(made.orderNo)).toMatchObject({ CEB411: 'stored' })
  })
})
