/** What intake takes, what it refuses, and that saying it again changes nothing. */
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { takeDocuments } from '../../src/flow/intake.ts'
import { findDocument, listDocuments } from '../../src/flow/queries.ts'
import type { DocumentResult, Handed, IntakeOptions } from '../../src/flow/types.ts'
import { type TestGateway, testGateway } from '../support/gateway.ts'

let gateway: TestGateway
let n = 0
beforeAll(async () => {
  gateway = await testGateway()
})
afterAll(() => gateway.close())

const next = () => {
  n += 1
  return gateway.consignment(n)
}

const operator = { enterpriseId: '', operator: true }
const platform = () => gateway.caller(gateway.cast.platform)

const take = async (
  handed: readonly Handed[],
  options?: IntakeOptions,
  caller = platform(),
): Promise<readonly DocumentResult[]> => {
  const answer = await takeDocuments(gateway.deps, caller, handed, options)
  if (answer.kind !== 'taken') throw new Error(answer.kind)
  return answer.results
}

const order = (made = next(), head: Record<string, string> = {}): Handed => ({
  kind: 'CEB311',
  document: { ...made.order, OrderHead: { ...made.order.OrderHead, ...head } },
})

const codes = (results: readonly DocumentResult[]) =>
  results.map((result) => result.faults?.map((fault) => fault.code) ?? [])

const rowCount = async () => {
  const { count } = await gateway.deps.db
    .selectFrom('document')
    .select((on) => on.fn.countAll<string>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}

describe('a batch', () => {
  it('is judged document by document: good ones stay, bad ones tell all their faults', async () => {
    const results = await take([
      order(),
      order(next(), { acturalPaid: '1e5', appTime: '20260229000000' }),
      { kind: 'CEB999', document: {} },
      { kind: 'CEB312', document: {} },
      { kind: 'CEB311', document: null },
    ])
    expect(results[0]).toMatchObject({ state: 'ready', version: 1 })
    expect(codes(results)).toEqual([
      [],
      ['CEB311-appTime-NOT_A_TIME', 'CEB311-acturalPaid-NOT_DECIMAL'],
      ['DOCUMENT-UNKNOWN_KIND'],
      ['DOCUMENT-UNKNOWN_KIND'],
      [expect.stringContaining('CEB311-')],
    ])
    for (const { faults } of results)
      for (const fault of faults ?? []) {
        expect(fault.text.zh).not.toBe('')
        expect(fault.cure.en).not.toBe('')
      }
  })

  it('with the same document many times stores it once', async () => {
    const one = order()
    const results = await take([one, one, one, one])
    expect(new Set(results.map((result) => result.id)).size).toBe(1)
    expect(results.map((result) => result.duplicate ?? false)).toEqual([false, true, true, true])
    expect((await take([one]))[0]).toMatchObject({ id: results[0]?.id, duplicate: true })
  })

  it('with two versions of one document stores both in order', async () => {
    const made = next()
    const later = { appType: '2', appTime: '20260101000001', note: '改' }
    const results = await take([order(made, { appTime: '20260101000000' }), order(made, later)])
    expect(results.map((result) => result.version)).toEqual([1, 2])
    expect(new Set(results.map((result) => result.id)).size).toBe(1)
  })

  it('handed in twenty times at once stores each document once', async () => {
    const before = await rowCount()
    const batch = Array.from({ length: 20 }, () => order())
    const backwards = [...batch].reverse()
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => take(i % 2 === 0 ? batch : backwards)),
    )
    expect((await rowCount()) - before).toBe(20)
    const ids = answers.flatMap((results) => results.map((result) => result.id))
    expect(new Set(ids).size).toBe(20)
    expect(ids.every((id) => id !== undefined)).toBe(true)
  })
})

describe('a dry run', () => {
  it('finds the faults and stores nothing', async () => {
    const before = await rowCount()
    const results = await take([order(), order(next(), { ebpCode: '' })], { dryRun: true })
    expect(results[0]?.id).toBeUndefined()
    expect(codes(results)).toEqual([[], [expect.stringMatching(/^CEB311-ebpCode-/)]])
    expect(await rowCount()).toBe(before)
  })
})

describe('a change', () => {
  it('with other content but still "new" is refused, naming appType', async () => {
    const made = next()
    await take([order(made)])
    const results = await take([order(made, { note: '改', appTime: '20270101000000' })])
    expect(codes(results)).toEqual([['CEB311-appType-DUPLICATE_KEY']])
    expect(results[0]?.faults?.[0]?.pointer).toBe('/OrderHead/appType')
  })

  it('older than what is held is refused as stale', async () => {
    const made = next()
    await take([order(made)])
    const stale = { appType: '2', appTime: '20200101000000' }
    expect(codes(await take([order(made, stale)]))).toEqual([['CEB311-appTime-STALE_APP_TIME']])
  })

  it('of a released list is refused', async () => {
    const made = next()
    await gateway.handIn([made])
    await gateway.settle()
    const document = {
      ...made.list,
      InventoryHead: { ...made.list.InventoryHead, appType: '2', appTime: '20270101000000' },
    }
    const declarant = { enterpriseId: made.list.InventoryHead.agentCode }
    const results = await take([{ kind: 'CEB621', document }], {}, declarant)
    expect(codes(results)).toEqual([['CEB621-ALREADY_RELEASED']])
  })

  it('of a refused document may come as new again, and its late reply changes nothing', async () => {
    const made = gateway.consignment(5_000, '-R1327')
    await gateway.handIn([made])
    await gateway.settle()
    const declarant = { enterpriseId: made.list.InventoryHead.agentCode }
    gateway.clock.advance(60_000)
    const document = {
      ...made.list,
      InventoryHead: {
        ...made.list.InventoryHead,
        guid: made.list.InventoryHead.guid.replace(/^./, 'F'),
        appTime: '20261015110000',
      },
    }
    const [result] = await take([{ kind: 'CEB621', document }], {}, declarant)
    expect(result).toMatchObject({ version: 2, state: 'waiting' })
  })
})

describe('a deletion', () => {
  it('that customs takes is no companion for a list to wait for', async () => {
    const made = next()
    await take([order(made)])
    await gateway.settle()
    const deletion = order(made, { appType: '3', appTime: '20261231235959' })
    expect((await take([deletion]))[0]).toMatchObject({ version: 2, state: 'ready' })
    await gateway.settle()
    await gateway.handIn([made])
    await gateway.settle()
    const { documents } = await listDocuments(gateway.deps, operator, { q: made.orderNo })
    const stateOf = (kind: string) => documents.find((document) => document.kind === kind)?.state
    expect(stateOf('CEB311')).toBe('stored')
    expect(stateOf('CEB621')).toBe('waiting')
  })
})

describe('an enterprise', () => {
  it('hands in only what is its own', async () => {
    const made = next()
    const foreign = gateway.caller(gateway.cast.carrier)
    const results = await take([order(made)], {}, foreign)
    expect(codes(results)).toEqual([['CEB311-ebpCode-FOREIGN_ENTERPRISE']])
    expect(results[0]?.faults?.[0]?.pointer).toBe('/OrderHead/ebpCode')
  })

  it('may hand in for another under a mandate, for its kinds and its days only', async () => {
    const agent = gateway.caller(gateway.cast.declarants[0])
    await gateway.deps.db
      .insertInto('mandate')
      .values({
        id: '00000000-0000-8000-8000-000000000001',
        principal_id: gateway.cast.platform.customsCode,
        agent_id: agent.enterpriseId,
        kinds: ['CEB311'],
        valid_from: '2026-10-15',
        valid_to: '2026-10-15',
      })
      .execute()
    const [taken] = await take([order()], {}, agent)
    expect(taken?.state).toBe('ready')
    const stored = await gateway.deps.db
      .selectFrom('document')
      .select(['sender_id', 'submitted_by'])
      .where('id', '=', taken?.id ?? '')
      .executeTakeFirstOrThrow()
    expect(stored).toEqual({
      sender_id: gateway.cast.platform.customsCode,
      submitted_by: agent.enterpriseId,
    })
    gateway.clock.advance(24 * 3_600_000)
    expect(codes(await take([order()], {}, agent))).toEqual([['CEB311-ebpCode-MANDATE_LAPSED']])
  })

  it('without a signing key in force learns it at once', async () => {
    await gateway.deps.db
      .updateTable('signing_key')
      .set({ not_after: new Date('2026-01-02T00:00:00Z') })
      .where('enterprise_id', '=', gateway.cast.platform.customsCode)
      .execute()
    const results = await take([order()])
    await gateway.deps.db
      .updateTable('signing_key')
      .set({ not_after: new Date('2036-01-01T00:00:00Z') })
      .where('enterprise_id', '=', gateway.cast.platform.customsCode)
      .execute()
    expect(codes(results)).toEqual([['CEB311-ebpCode-NO_SIGNING_KEY']])
  })

  it('does not see another one’s documents, in no list and by no id', async () => {
    const [own] = await take([order()])
    const id = own?.id ?? ''
    const foreign = gateway.caller(gateway.cast.carrier)
    expect(await findDocument(gateway.deps, platform(), id)).toBeDefined()
    expect(await findDocument(gateway.deps, foreign, id)).toBeUndefined()
    const { documents } = await listDocuments(gateway.deps, foreign, { kind: 'CEB311' })
    expect(documents).toEqual([])
  })
})

describe('an Idempotency-Key', () => {
  const hash = (text: string) => createHash('sha256').update(text).digest()

  it('gives the first answer again, also to requests at the same moment', async () => {
    const batch = [order(), order(next(), { ebpCode: '' })]
    const options = { idempotency: { key: 'a', requestHash: hash('a') } }
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => takeDocuments(gateway.deps, platform(), batch, options)),
    )
    const results = answers.map((answer) => answer.kind === 'taken' && answer.results)
    for (const each of results) expect(each).toEqual(JSON.parse(JSON.stringify(results[0])))
    expect(answers.filter((answer) => answer.kind === 'taken' && !answer.replayed)).toHaveLength(1)
  })

  it('keeps an answer that repeats names no text of the database can hold', async () => {
    const made = next()
    const names = { 'a\u0000b': '', '\ud800': '' }
    const batch = [order(), order(made, names), { kind: 'CEB\u0000', document: {} }]
    const options = { idempotency: { key: 'odd', requestHash: hash('odd') } }
    const first = await takeDocuments(gateway.deps, platform(), batch, options)
    const again = await takeDocuments(gateway.deps, platform(), batch, options)
    expect(first).toMatchObject({ kind: 'taken', replayed: false })
    expect(again).toMatchObject({ kind: 'taken', replayed: true })
  })

  it('with another body is refused', async () => {
    const first = { idempotency: { key: 'b', requestHash: hash('1') } }
    const second = { idempotency: { key: 'b', requestHash: hash('2') } }
    await takeDocuments(gateway.deps, platform(), [order()], first)
    const answer = await takeDocuments(gateway.deps, platform(), [order()], second)
    expect(answer.kind).toBe('key-reused')
  })
})

describe('what is stored', () => {
  it('holds no name, number, telephone or address in clear', async () => {
    const made = next()
    await gateway.handIn([made])
    await gateway.settle()
    const head = made.order.OrderHead
    const secrets = [head.buyerName, head.buyerIdNumber, head.buyerTelephone, head.consigneeAddress]
    const tables = [
      ...['document', 'document_state', 'event', 'message', 'reply', 'work'],
      ...['consignment_part', 'customs_number', 'unmatched_reply', 'idempotency'],
    ] as const
    for (const table of tables) {
      const rows = await gateway.deps.db.selectFrom(table).selectAll().execute()
      const text = rows.map((row) => JSON.stringify(row, bytesAsText)).join('\n')
      for (const secret of secrets) expect(text.includes(secret), `${table}: ${secret}`).toBe(false)
    }
  })
})

/** Bytes as the text they might hold. */
const bytesAsText = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'type' in value && value.type === 'Buffer'
    ? Buffer.from((value as unknown as { data: number[] }).data).toString('utf8')
    : value
