/**
 * The year that the bench of totals makes: what the ledger says of it is what its documents say, counted
 * again from their payloads and from what customs said, without what intake works out of them.
 */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { foldLedger } from '../../src/flow/ledger-folding.ts'
import { type TotalsQuery, totals } from '../../src/flow/totals.ts'
import { makeYear } from '../../src/run/bench/year.ts'
import { appendEntries, type LedgerEntry } from '../../src/store/ledger.ts'
import { countWrongAlone, findLedgerMonths } from '../../src/store/ledger-checks.ts'
import { countWrongTotals, countWrongYear } from '../../src/store/ledger-totals.ts'
import { seedReference } from '../../src/store/reference.ts'
import { inTransaction } from '../../src/store/transaction.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { movingClock } from '../support/gateway.ts'

const YEAR = 2025

let database: TestDatabase
/** The embedded database takes several times as long. */
let count: number

beforeAll(async () => {
  database = await testDatabase()
  await seedReference(database.db)
  count = database.embedded ? 3_000 : 12_000
  await makeYear(database.db, { lists: count, seed: 5, year: YEAR, daysAtOnce: 31 })
}, 60_000)

afterAll(() => database?.close())

/** Sums put together, and figures, that are not what other sums come to. */
const countWrongFolds = async (): Promise<number> => {
  const { db } = database
  let wrong = 0
  for (const month of await findLedgerMonths(db))
    wrong += (await countWrongAlone(db, month)) + (await countWrongTotals(db, month))
  for (const year of [YEAR, YEAR + 1]) wrong += await countWrongYear(db, String(year))
  return wrong
}

/** By everything a total can be asked for at once; amounts in their own currency. */
interface Counted {
  readonly key: string
  readonly count: number
  readonly amount: string
}

/** Value of the lines of a list's version, by currency. */
const lines = sql`
  select l ->> 'currency' as currency, (l ->> 'totalPrice')::numeric as amount,
    (l ->> 'gnum') = '1' as is_first
  from json_array_elements(d.payload -> 'InventoryList') l`

const recount = async (scope: 'declared' | 'released'): Promise<readonly Counted[]> => {
  const counting = scope === 'declared' ? ['stored', 'released', 'closed'] : ['released', 'closed']
  const returned = sql`
    union all
    select left(r.return_time, 6), s.kind, s.zone, d.trade_mode, l ->> 'currency', 0,
      -(l ->> 'totalPrice')::numeric * (k ->> 'qty')::numeric / (l ->> 'qty')::numeric
    from document_state r
    join document a on a.lane = r.lane and a.id = r.id
    join act_target t on t.kind = r.kind and t.document_id = r.id
    join customs_number c on c.lane = t.lane and c.number = t.number
    join document_state s on s.id = c.document_id
    join document d on d.lane = s.lane and d.id = s.id and d.version = s.version,
      json_array_elements(a.payload -> 'InvtRefundList') k,
      json_array_elements(d.payload -> 'InventoryList') l
    where r.kind in ('CEB213', 'CEB625') and r.state = 'released' and l ->> 'gnum' = k ->> 'gnum'`
  const { rows } = await sql<Counted>`
    with told as (
      select s.lane, s.id, s.kind, s.zone, s.version, (
        select left(min(e.return_time), 6) from event e
        where e.lane = s.lane and e.document_id = s.id and e.version = s.version
          and e.state = any(${counting}::text[])
      ) as month
      from document_state s
      where s.kind in ('CEB603', 'CEB621') and s.state not in ('rejected', 'cancelled')
    ), counted (month, kind, zone, mode, currency, count, amount) as (
      select t.month, t.kind, t.zone, d.trade_mode, l.currency,
        case when l.is_first then 1 else 0 end, l.amount
      from told t
      join document d on d.lane = t.lane and d.id = t.id and d.version = t.version
      cross join lateral (${lines}) l
      where t.month is not null
      ${scope === 'released' ? returned : sql``}
    )
    select concat_ws(' ', month, case kind when 'CEB603' then 'export' else 'import' end,
        coalesce(zone, ''), mode, currency) as key,
      sum(count)::integer as count, trim_scale(sum(amount))::text as amount
    from counted group by 1 order by 1`.execute(database.db)
  return rows
}

const ledger = async (scope: string, dim: string): Promise<readonly Counted[]> => {
  const { rows } = await sql<Counted>`
    select concat_ws(' ', month, direction, zone, trade_mode, currency) as key,
      sum(count)::integer as count, trim_scale(sum(amount))::text as amount
    from ledger_figure where scope = ${scope} and dim = ${dim}
    group by 1 having sum(count) <> 0 or sum(amount) <> 0 order by 1`.execute(database.db)
  return rows
}

describe('a made year of lists', () => {
  it.each(['declared', 'released'] as const)(
    'counts as %s what its documents say',
    async (scope) => {
      const expected = await recount(scope)
      expect(expected.length).toBeGreaterThan(500)
      expect(await ledger(scope, '')).toEqual(expected)
    },
  )

  it('counts the same whatever it is split by', async () => {
    const sums = await sql<{ scope: string; dim: string; count: number; amount: string }>`
      select scope, dim, sum(count)::integer as count, trim_scale(sum(amount))::text as amount
      from ledger_sum where scope <> 'settled'
        -- Of chapters a list has several; these are of settlements, of releases and of returns alone.
        and dim not in ('chapter', 'institution', 'clearance', 'returned')
      group by 1, 2 order by 1, 2`.execute(database.db)
    const dims = new Set(sums.rows.map(({ dim }) => dim))
    expect(dims.size).toBeGreaterThan(5)
    for (const row of sums.rows) {
      const base = sums.rows.find(({ scope, dim }) => scope === row.scope && dim === '')
      expect({ ...row, dim: '' }).toEqual(base)
    }
  })

  it('has what a year has: festivals, gaps, returns, amendments, cancellations and settlements', async () => {
    const { rows } = await sql<Record<string, number>>`
      select
        (select count(*) from document_state where kind in ('CEB603', 'CEB621'))::integer as lists,
        (select count(*) from document where version = 2)::integer as amended,
        (select count(*) from document_state where state = 'cancelled')::integer as cancelled,
        (select count(*) from document_state where kind in ('CEB213', 'CEB625'))::integer as returned,
        (select count(*) from ledger_entry where scope = 'settled')::integer as settled,
        (select count(distinct zone) from ledger_entry)::integer as zones,
        (select count(distinct key) from ledger_sum where dim = 'country')::integer as countries,
        (select count(distinct key) from ledger_sum where dim = 'chapter')::integer as chapters,
        (select count(distinct key) from ledger_sum where dim = 'merchant')::integer as merchants,
        (select count(*) from exchange_rate where currency = '303' and month = '2025-08')::integer as gap,
        (select count(*) from document_state s where s.lane <> (get_byte(uuid_send(s.id), 8) & 63))::integer
          as lost`.execute(database.db)
    const [found = {}] = rows
    expect(found).toMatchObject({ lists: count, zones: 10, countries: 60, gap: 0, lost: 0 })
    const share = (name: string): number => Math.round(((found[name] ?? 0) / count) * 100)
    expect([share('amended'), share('cancelled'), share('returned')]).toEqual([1, 1, 2])
    expect(found.merchants).toBeGreaterThan(250)
    expect(found.chapters).toBeGreaterThan(90)
    const byMonth = await sql<{ month: string; count: number }>`
      select to_char(created_at at time zone 'Asia/Shanghai', 'MM') as month, count(*)::integer as count
      from document_state where kind in ('CEB603', 'CEB621') group by 1`.execute(database.db)
    const countOf = new Map(byMonth.rows.map(({ month, count }) => [month, count]))
    expect(countOf.get('11') ?? 0).toBeGreaterThan(1.5 * (countOf.get('10') ?? 0))
    expect(countOf.get('06') ?? 0).toBeGreaterThan(1.3 * (countOf.get('05') ?? 0))
  })

  it('gives the same figures when its sums are put together, by whatever they are asked for', async () => {
    const deps = { db: database.db, clock: movingClock('2026-02-15T02:00:00.000Z') }
    const before = await Promise.all(QUESTIONS.map((question) => totals(deps, question)))
    expect(before.map(({ total }) => total.count > 0)).toEqual(QUESTIONS.map(() => true))
    expect(before.some(({ gaps }) => gaps.length > 0)).toBe(true)
    expect(await foldLedger(deps)).toBeGreaterThan(1_000)
    const left = await sql`select from ledger_sum limit 1`.execute(database.db)
    expect(left.rows).toEqual([])
    expect(await Promise.all(QUESTIONS.map((question) => totals(deps, question)))).toEqual(before)
    expect(await countWrongFolds()).toBe(0)
    expect(await foldLedger(deps)).toBe(0)
  }, 240_000)

  it('loses and doubles nothing where two put it together at once and others go on telling', async () => {
    const deps = { db: database.db, clock: movingClock('2026-02-15T02:00:00.000Z') }
    const before = await totals(deps, { by: 'country', year: YEAR })
    const tell = (n: number) =>
      inTransaction(database.db, (trx) =>
        appendEntries(
          trx,
          [{ ...ENTRY, subjectId: `00000000-0000-7000-8000-${String(n).padStart(12, '0')}` }],
          deps.clock.now(),
        ),
      )
    const rounds = Array.from({ length: 20 }, (_, n) => n)
    await Promise.all(rounds.flatMap((n) => [tell(n), foldLedger(deps), foldLedger(deps)]))
    await foldLedger(deps)
    const after = await totals(deps, { by: 'country', year: YEAR })
    expect(after.total.count).toBe(before.total.count + rounds.length)
    expect(await countWrongFolds()).toBe(0)
  })
})

const QUESTIONS: readonly TotalsQuery[] = [
  ...(['zone', 'month', 'country', 'chapter', 'enterprise'] as const).map((by) => ({
    ...{ by, year: YEAR },
  })),
  { by: 'enterprise', year: YEAR, role: 'warehouse', scope: 'policy' },
  { by: 'enterprise', year: YEAR, month: '202511', zone: 'CQ-LLGY' },
  { by: 'month', year: YEAR, enterprise: '500196M001' },
  { by: 'mode', year: YEAR, country: '110', direction: 'export' },
  { by: 'chapter', year: YEAR, asOf: new Date('2025-11-15T15:59:59.999Z') },
]

/** Of a list that is told of beside the year's. */
const ENTRY: Omit<LedgerEntry, 'subjectId'> = {
  ...{ lane: 0, scope: 'released', cause: 'state', month: `${YEAR}07`, direction: 'import' },
  ...{ zone: '', tradeMode: '9610', count: 1, dims: { country: '110' } },
  parts: [{ currency: '142', chapter: '33', amount: '10' }],
}
