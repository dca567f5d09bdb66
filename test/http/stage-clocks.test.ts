/**
 * Stage clocks over HTTP, the clock moved by hand: the stages of a document with what is usual for
 * them, recounted here from what the interface tells of each document; and the documents that are
 * stuck, the longest first, with who must act.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { zones } from '../../src/catalogue/zones/index.ts'
import { keepClocks } from '../../src/flow/stage-clocks.ts'
import { readStamp, stamp17 } from '../../src/kernel/clock.ts'
import { makeConsignment } from '../../src/sim/consignments.ts'
import { customsSays } from '../support/customs-says.ts'
import { listNumber } from '../support/export-lists.ts'
import { bearer, CUSTOMS_TOKEN, json } from './app.ts'
import { type Broker, broker } from './broker.ts'

let test: Broker
beforeAll(async () => {
  test = await broker()
})
afterAll(() => test.close())

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const keep = () => keepClocks(test.app.gateway.flow)

let count = 0
/** Import lists of a zone, handed in. */
const lists = async (many: number, code = 'CQ-LLGY') => {
  const zone = zones.find((one) => one.code === code)
  if (zone === undefined) throw new Error(`no zone ${code}`)
  const made = Array.from({ length: many }, () => {
    count += 1
    const at = test.clock.now()
    const enterprises = { ...test.cast, declarants: [test.cast.declarants[0]] } as const
    const { list } = makeConsignment({
      ...{ n: count, seed: 11, zone, fate: '', mode: '1210', enterprises, at },
    })
    return { list, invtNo: listNumber('I', count) }
  })
  const ids = await test.handIn(
    'CEB621',
    made.map(({ list }) => list),
  )
  return made.map((one, i) => ({ ...one, id: ids[i] ?? '' }))
}
type Made = Awaited<ReturnType<typeof lists>>[number]

/** A reply with its official time; it is folded when the test settles. */
const says = async (status: string, ones: readonly Made[], at: Date): Promise<void> => {
  const about = ones.map(({ list, invtNo }) => {
    const { copNo = '', agentCode, ebcCode, ebpCode, customsCode } = list.InventoryHead
    return { copNo, agentCode, ebcCode, ebpCode, customsCode, invtNo }
  })
  const receiver = test.cast.declarants[0].dxpId
  const body = customsSays({ kind: 'CEB621', status, about, receiver, time: stamp17(at) })
  const response = await test.app.fetch('/api/v1/customs/replies', {
    method: 'POST',
    headers: { ...bearer(CUSTOMS_TOKEN), 'content-type': 'application/xml' },
    body: new Uint8Array(body),
  })
  expect(response.status).toBe(202)
}

interface Stage {
  readonly state: string
  readonly since: string
  readonly until: string | null
  readonly spentSeconds: number | null
  readonly verdict: string | null
  readonly usual: { medianSeconds: number; p95Seconds: number; stages: number } | null
}
const stagesOf = async (id: string) =>
  (await test.get(`/api/v1/documents/${id}`)).stages as readonly Stage[]

interface Stuck {
  readonly id: string
  readonly state: string
  readonly spentSeconds: number
  readonly limitSeconds: number
  readonly usual: object | null
  readonly actors: readonly { readonly name: string }[]
}
const stuck = async (query = '', as?: string) => {
  const { documents, next, asOf } = await test.get(`/api/v1/stuck${query}`, as)
  return { documents: documents as readonly Stuck[], next: next as string | null, asOf }
}

/** Chance that repeats itself. */
const chance = (seed: number) => {
  let state = seed
  return (max: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * max)
  }
}

interface Entry {
  readonly at: string
  readonly state: string | null
  readonly source: string
  readonly returnTime: string | null
}

/** The stages of a document as its timeline tells them, counted by another rule than the gateway's. */
const recount = async (id: string): Promise<readonly (readonly [string, number])[]> => {
  const { entries } = await test.get(`/api/v1/documents/${id}/timeline`)
  const steps = (entries as readonly Entry[]).map(({ at, state, returnTime }) => ({
    state: state ?? '',
    own: returnTime === null,
    time: (returnTime === null ? new Date(at) : readStamp(returnTime))?.getTime() ?? Number.NaN,
  }))
  const told = [
    ...steps.filter(({ own }) => own),
    ...steps.filter(({ own }) => !own).sort((a, b) => a.time - b.time),
  ]
  const stages: [string, number][] = []
  for (const { state, time } of told) {
    const reached = Math.max(time, stages.at(-1)?.[1] ?? 0)
    if (stages.at(-1)?.[0] !== state) stages.push([state, reached])
  }
  return stages
    .slice(0, -1)
    .map(([state, from], i) => [state, ((stages[i + 1]?.[1] ?? 0) - from) / 1000])
}

/** The smallest value that so many of all do not exceed. */
const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(share * values.length) - 1)] ?? Number.NaN

describe('what is usual', () => {
  it('is what a recount over all documents gives, however late and twice replies come', async () => {
    const some = chance(20_261_128)
    const here = await lists(25)
    test.clock.advance(some(MINUTE))
    const there = await lists(40, 'CQ-XY')
    // Lists of one class are answered alike, in one message each time.
    const classes = Array.from({ length: 9 }, (_, i) =>
      [...here, ...there].filter((_, j) => j % 9 === i),
    )
    const replies = classes.flatMap((ones) => {
      let at = test.clock.now().getTime()
      const path = ['2', '120', ...(some(3) === 0 ? ['300'] : []), '399', '800']
      return path.map((status) => {
        at += some(status === '399' ? HOUR : MINUTE)
        return { status, ones, at: new Date(at), order: some(1000) }
      })
    })
    const late = replies.toSorted((a, b) => a.order - b.order)
    for (const { status, ones, at } of late) await says(status, ones, at)
    for (const { status, ones, at } of late.slice(0, 9)) await says(status, ones.slice(1), at)
    await test.settle()
    test.clock.advance(2 * HOUR)
    await keep()
    const everywhere = await Promise.all([...here, ...there].map(({ id }) => recount(id)))
    const timesIn = (counted: typeof everywhere, state: string) =>
      counted.flatMap((one) => one.filter(([name]) => name === state)).map(([, time]) => time)
    let known = 0
    for (const [id, own] of [
      [here[0]?.id, everywhere.slice(0, here.length)],
      [there[0]?.id, everywhere.slice(here.length)],
    ] as const)
      for (const { state, usual } of (await stagesOf(id ?? '')).slice(0, -1)) {
        const zone = timesIn(own, state)
        // Where the zone has too few, all of them are taken together.
        const times = zone.length >= 20 ? zone : timesIn(everywhere, state)
        if (times.length < 20) expect(usual).toBeNull()
        else {
          known += 1
          expect(usual, state).toMatchObject({
            medianSeconds: Math.round(percentile(times, 0.5)),
            p95Seconds: Math.round(percentile(times, 0.95)),
            stages: times.length,
          })
        }
      }
    expect(known).toBeGreaterThan(8)
  })

  it('is reckoned anew when it has grown old, also by two at the same moment', async () => {
    const before = await test.app.database.db.selectFrom('stage_pace').selectAll().execute()
    await Promise.all([keep(), keep()])
    const same = await test.app.database.db.selectFrom('stage_pace').selectAll().execute()
    expect(same).toEqual(before)
    test.clock.advance(11 * MINUTE)
    await Promise.all([keep(), keep(), keep()])
    const after = await test.app.database.db.selectFrom('stage_pace').selectAll().execute()
    expect(after.length).toBe(before.length)
    expect(after[0]?.as_of).toEqual(test.clock.now())
  })
})

describe('the stages of a document', () => {
  it('say since when, for how long, and what to think of it', async () => {
    const [one] = await lists(1, 'CQ-XY')
    if (one === undefined) throw new Error('no list')
    const start = test.clock.now()
    await says('2', [one], new Date(start.getTime() + 5000))
    await test.settle()
    const p95 = (await stagesOf(one.id)).at(-1)?.usual?.p95Seconds ?? Number.NaN
    const verdicts: (string | null | undefined)[] = []
    for (const seconds of [p95, p95 + 1, Math.max(3 * p95, 600), Math.max(3 * p95, 600) + 1]) {
      test.clock.set(new Date(start.getTime() + 5000 + seconds * 1000))
      const last = (await stagesOf(one.id)).at(-1)
      expect(last).toMatchObject({ state: 'received', until: null, spentSeconds: seconds })
      verdicts.push(last?.verdict)
    }
    expect(verdicts).toEqual(['usual', 'slow', 'slow', 'stuck'])
    await says('120', [one], test.clock.now())
    await says('800', [one], test.clock.now())
    await test.settle()
    const stages = await stagesOf(one.id)
    expect(stages.map(({ state }) => state)).toEqual([
      ...['ready', 'sent', 'received', 'stored', 'released'],
    ])
    expect(stages[2]).toMatchObject({ verdict: 'stuck', until: stages[3]?.since })
    expect(stages.at(-1)).toMatchObject({ spentSeconds: null, verdict: null, until: null })
  })
})

describe('what is stuck', () => {
  it('is listed longest first, page by page, until it goes on', async () => {
    test.clock.advance(HOUR)
    const made: Made[] = []
    for (const office of ['CQ-XY', 'CQ-LLGY', 'CQ-XY']) {
      const [one] = await lists(1, office)
      if (one === undefined) throw new Error('no list')
      await says('2', [one], test.clock.now())
      await test.settle()
      made.push(one)
      test.clock.advance(MINUTE)
    }
    await keep()
    const ids = made.map(({ id }) => id)
    const listed = async (query = '') => (await stuck(query)).documents.map(({ id }) => id)
    expect(await listed()).toEqual([])
    test.clock.advance(20 * MINUTE)
    await keep()
    const { documents, asOf } = await stuck()
    expect(documents.map(({ id }) => id)).toEqual(ids)
    expect(asOf).toBe(test.clock.now().toISOString())
    for (const one of documents) {
      expect(one.spentSeconds).toBeGreaterThan(one.limitSeconds)
      expect(one).toMatchObject({ state: 'received', usual: { stages: expect.any(Number) } })
      expect(one.actors[0]?.name).toBe('sender')
    }
    const first = await stuck('?limit=2')
    expect(first.documents.map(({ id }) => id)).toEqual(ids.slice(0, 2))
    expect(await listed(`?limit=2&cursor=${first.next}`)).toEqual(ids.slice(2))
    expect(await listed('?kind=CEB621&zone=CQ-XY')).toEqual([ids[0], ids[2]])
    expect(await listed('?kind=CEB603')).toEqual([])
    expect(await listed('?zone=CQ-LLGY')).toEqual([ids[1]])
    const [moves, ends] = made
    if (moves === undefined || ends === undefined) throw new Error('no lists')
    await says('120', [moves], test.clock.now())
    await says('800', [ends], test.clock.now())
    await test.settle()
    // At once, and still so when the chore has looked again.
    expect(await listed()).toEqual(ids.slice(2))
    await keep()
    expect(await listed()).toEqual(ids.slice(2))
    const open = await test.app.database.db.selectFrom('open_stage').select('document_id').execute()
    expect(open.map(({ document_id }) => document_id).sort()).toEqual([ids[0], ids[2]].sort())
    test.clock.advance(4 * HOUR)
    await keep()
    expect((await stuck()).documents.map(({ id, state }) => [id, state])).toEqual([
      [ids[2], 'received'],
      [ids[0], 'stored'],
    ])
  })

  it('is for its enterprise, its agents and the operator to see', async () => {
    const all = (await stuck()).documents.map(({ id }) => id)
    expect(all.length).toBeGreaterThan(0)
    const ids = async (query: string, as: string) =>
      (await stuck(query, as)).documents.map(({ id }) => id)
    expect(await ids('', test.app.operatorKey)).toEqual(all)
    expect(await ids(`?enterprise=${test.id}`, test.app.operatorKey)).toEqual(all)
    const { id, key } = test.app.account(test.cast.carrier)
    expect(await ids(`?enterprise=${id}`, test.app.operatorKey)).toEqual([])
    expect(await ids('', key)).toEqual([])
    await test.app.fetch(
      '/api/v1/mandates',
      json(test.app.operatorKey, {
        ...{ principalId: test.id, agentId: id, kinds: ['CEB621'], zones: ['CQ-XY'] },
        validFrom: '2026-01-01',
      }),
    )
    const views = await Promise.all(all.map((one) => test.get(`/api/v1/documents/${one}`)))
    const inZone = views.filter(({ zone }) => zone === 'CQ-XY').map((view) => view.id)
    expect(inZone.length).toBeGreaterThan(0)
    expect(await ids('', key)).toEqual(inZone)
    await test.app.database.db
      .updateTable('mandate')
      .set({ zones: ['CQ-WZ'] })
      .execute()
    expect(await ids('', key)).toEqual([])
  })

  it('where nothing is usual is so after the figure in force; which may be edited, or taken away', async () => {
    const [one] = await lists(1)
    if (one === undefined) throw new Error('no list')
    await says('600', [one], test.clock.now())
    await test.settle()
    const isListed = async () => (await stuck()).documents.some(({ id }) => id === one.id)
    test.clock.advance(1440 * MINUTE)
    await keep()
    expect(await isListed()).toBe(false)
    expect((await stagesOf(one.id)).at(-1)?.verdict).toBeNull()
    test.clock.advance(1000)
    expect(await isListed()).toBe(true)
    expect((await stagesOf(one.id)).at(-1)?.verdict).toBe('stuck')
    const rule = test.app.database.db.updateTable('rule_value')
    const ofUnknown = rule.where('name', '=', 'stuck-unknown-minutes')
    await ofUnknown.set({ value: '1500' }).execute()
    expect(await isListed()).toBe(false)
    await ofUnknown.set({ value: '1440', valid_to: '2021-01-01' }).execute()
    expect(await isListed()).toBe(false)
    await ofUnknown.set({ valid_to: null }).execute()
    expect(await isListed()).toBe(true)
  })

  it('is found when it was through at first and was opened again within days', async () => {
    const [one] = await lists(1, 'CQ-XY')
    if (one === undefined) throw new Error('no list')
    await says('120', [one], test.clock.now())
    await says('800', [one], test.clock.now())
    await test.settle()
    test.clock.advance(HOUR)
    await keep()
    await says('600', [one], test.clock.now())
    await test.settle()
    test.clock.advance(2 * 24 * HOUR)
    await keep()
    const found = (await stuck()).documents.find(({ id }) => id === one.id)
    expect(found).toMatchObject({ state: 'suspended', spentSeconds: 2 * 24 * 3600 })
  })

  it('is found when it was refused, corrected, and then nothing more came', async () => {
    const [one] = await lists(1, 'CQ-XY')
    if (one === undefined) throw new Error('no list')
    await says('100', [one], test.clock.now())
    await test.settle()
    test.clock.advance(HOUR)
    await keep()
    expect(await test.get(`/api/v1/documents/${one.id}`)).toMatchObject({ state: 'rejected' })
    const { InventoryHead: head, ...lines } = one.list
    const appTime = stamp17(test.clock.now()).slice(0, 14)
    const corrected = { ...lines, InventoryHead: { ...head, appTime, note: 'corrected' } }
    expect(await test.handIn('CEB621', [corrected])).toEqual([one.id])
    test.clock.advance(12 * HOUR)
    await keep()
    const found = (await stuck()).documents.find(({ id }) => id === one.id)
    expect(found).toMatchObject({ state: 'sent', spentSeconds: 12 * 3600 })
  })
})
