/**
 * Every act of the catalogue, played with the simulated customs: the acting document and the one it
 * acts on show each other, to who may see them and to nobody else.
 */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { declarations, getDeclaration } from '../../src/catalogue/index.ts'
import type { AnyDocument, Declaration } from '../../src/catalogue/message.ts'
import { zones } from '../../src/catalogue/zones/index.ts'
import { headOfDocument } from '../../src/codec/document.ts'
import { takeDocuments } from '../../src/flow/intake.ts'
import { findDocument } from '../../src/flow/queries.ts'
import { statusOf } from '../../src/flow/status.ts'
import { totals } from '../../src/flow/totals.ts'
import { rebuild } from '../../src/flow/totals-rebuild.ts'
import {
  LINES_PER_DOCUMENT_MAX,
  RELATED_NUMBERS_MAX,
  TARGETS_PER_STATEMENT_MAX,
} from '../../src/kernel/limits.ts'
import type { Declared } from '../../src/sim/afterwards.ts'
import { makeDeparture } from '../../src/sim/export-afterwards.ts'
import { createPath } from '../../src/sim/paths.ts'
import { findEvents } from '../../src/store/listing.ts'
import { makeExportList } from '../support/export-lists.ts'
import { type TestGateway, testGateway } from '../support/gateway.ts'

let gateway: TestGateway
let n = 0
beforeAll(async () => {
  gateway = await testGateway({ customs: { taxBills: 'all' } })
})
afterAll(() => gateway.close())

const operator = { enterpriseId: '', operator: true }

interface Filed {
  readonly id: string
  readonly by: string
}

/** In the name of the first of its owners that is one of the cast. */
const hand = async (entry: Declaration, document: AnyDocument): Promise<Filed> => {
  const head = headOfDocument(entry, document)
  const by = entry.owners
    .map(({ field }) => head[field])
    .find((code) => gateway.cast.all.some(({ customsCode }) => customsCode === code))
  const handed = [{ kind: entry.code, document }]
  const answer = await takeDocuments(gateway.deps, { enterpriseId: by ?? '' }, handed)
  const id = answer.kind === 'taken' ? answer.results[0]?.id : undefined
  if (id === undefined || by === undefined) throw new Error(JSON.stringify(answer))
  return { id, by }
}

/** Plays the path to a document of the kind; gives what was filed on it, by kind. */
const play = async (last: Declaration): Promise<ReadonlyMap<string, Filed>> => {
  n += 1
  const { cast, clock, deps } = gateway
  const [zone] = zones
  if (zone === undefined) throw new Error('no zones')
  const path = createPath(last, { n, seed: 9, zone, enterprises: cast, at: clock.now() })
  const before = new Map<string, Declared>()
  const filed = new Map<string, Filed>()
  for (const entry of path.kinds) {
    const document = path.make(entry.code, before)
    const one = await hand(entry, document)
    filed.set(entry.code, one)
    await gateway.settle()
    const view = await findDocument(deps, operator, one.id)
    before.set(entry.code, { entry, document, given: view?.customsNumbers ?? {} })
  }
  return filed
}

const acting = declarations.flatMap((entry) =>
  entry.acts === undefined ? [] : [[entry.code, entry.acts.on, entry.acts] as const],
)

describe.each(acting)('%s, which acts on %s', (code, on, acts) => {
  it('stands beside it, and it beside the other, each for who may see it', async () => {
    const filed = await play(getDeclaration(code))
    const [actor, target] = [filed.get(code), filed.get(on)]
    if (actor === undefined || target === undefined) throw new Error('not played')
    const of = async (enterpriseId: string, id: string) =>
      (await findDocument(gateway.deps, { enterpriseId }, id))?.related
    const view = await findDocument(gateway.deps, operator, actor.id)
    expect(view?.group, `${view?.state} ${view?.returnStatus}`).toBe('done')
    expect(view?.related).toContainEqual(
      expect.objectContaining({ id: target.id, kind: on, verb: acts.verb }),
    )
    const other = await findDocument(gateway.deps, operator, target.id)
    expect(other?.related).toEqual([
      expect.objectContaining({
        ...{ id: actor.id, kind: code, verb: acts.verb, group: 'done' },
        state: view?.state,
      }),
      ...(other?.related.slice(1) ?? []),
    ])
    if (acts.makes !== undefined) expect(other?.state).toBe(acts.makes)
    expect(statusOf(await findEvents(gateway.deps.db, target.id))?.state).toBe(other?.state)
    // Either enterprise sees its own document; the other one only where both are his.
    const both = actor.by === target.by
    const ids = (related: Awaited<ReturnType<typeof of>>) => related?.map(({ id }) => id)
    expect(ids(await of(actor.by, actor.id))?.includes(target.id)).toBe(both)
    expect(ids(await of(target.by, target.id))?.includes(actor.id)).toBe(both)
    for (const { customsCode } of gateway.cast.all)
      if (customsCode !== actor.by) expect(await of(customsCode, actor.id)).toBeUndefined()
  })
})

describe('all of it together', () => {
  it('leaves totals that a rebuild reproduces', async () => {
    const kept = await totals(gateway.deps, { by: 'zone', year: 2026 })
    expect(kept.total.count).toBeGreaterThan(0)
    const { released } = gateway.customs.books().summary()
    // Lists that were released and cancelled after that count in customs' books as released.
    expect(kept.total.count).toBeLessThanOrEqual(released.count)
    await rebuild(gateway.deps)
    const { rows, total } = await totals(gateway.deps, { by: 'zone', year: 2026 })
    expect({ rows, total }).toEqual({ rows: kept.rows, total: kept.total })
  })
})

describe('a document that names very many', () => {
  it('is taken with all of them; the first are followed', async () => {
    const { cast, clock, deps } = gateway
    const count = Math.min(LINES_PER_DOCUMENT_MAX, TARGETS_PER_STATEMENT_MAX + 1)
    const waybill = (number: number) => `WX${number}`
    const lists = [RELATED_NUMBERS_MAX, RELATED_NUMBERS_MAX + 1, count].map((number) =>
      makeExportList({
        ...{ n: 80_000 + number, cast, at: clock.now() },
        head: { logisticsNo: waybill(number) },
      }),
    )
    const entry = getDeclaration('CEB603')
    const filed = []
    for (const list of lists) filed.push(await hand(entry, list))
    const settings = { n: 70_000, seed: 9, enterprises: cast, at: clock.now() }
    const listed = lists.map((document) => ({ entry, document, given: {} }))
    const { id } = await hand(getDeclaration('CEB509'), {
      ...makeDeparture(settings, listed),
      DepartureList: Array.from({ length: count }, (_, i) => ({
        ...{ gnum: String(i + 1), logisticsNo: waybill(i + 1) },
      })),
    })
    const kept = await sql<{ count: number }>`
      select count(*)::int as count from act_target where document_id = ${id}::uuid`.execute(
      deps.db,
    )
    expect(kept.rows).toEqual([{ count }])
    const related = async (of: string) =>
      (await findDocument(deps, operator, of))?.related.map((each) => each.id)
    expect(await related(id)).toEqual([filed[0]?.id])
    // From the other side each is found, the last one too.
    for (const list of filed) expect(await related(list.id)).toEqual([id])
  })
})
