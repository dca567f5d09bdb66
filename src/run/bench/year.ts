/**
 * A year of lists, made set-wise and seeded, for benches and tests of the totals: documents, where
 * they stand, what happened to them, and what they count for, as the gateway would have left them.
 * Every fact of list number `i` is a function of `i` and the seed, worked out by the database; the
 * ledger is written by the statement that the gateway writes it with, day after day, each day's
 * entries recorded at its end, and what comes later (a release on the next day, an amendment, a
 * cancellation, a return, a settlement) at the end of the day on which it comes.
 *
 * Payloads hold what counting reads and no more. Queues, messages, consignments, holds and summaries
 * are left out: nothing of the totals reads them. Enterprises, rates and numbers are synthetic and
 * say so.
 */
import { type RawBuilder, sql } from 'kysely'
import { addDays } from '../../kernel/clock.ts'
import { laneOf } from '../../kernel/lane.ts'
import { clearanceOf } from '../../store/clearance.ts'
import { entriesFrom, shareLedger } from '../../store/ledger.ts'
import type { Db } from '../../store/tables.ts'
import { inTransaction, type Trx } from '../../store/transaction.ts'
import {
  CHAPTERS,
  COUNTRIES,
  drawn,
  drawnLow,
  EXPORT_CURRENCIES,
  EXPORT_MODES,
  IMPORT_CURRENCIES,
  IMPORT_MODES,
  named,
  oneOf,
  ZONES,
} from './year-draws.ts'
import { seedYear } from './year-reference.ts'

export interface YearSettings {
  readonly lists: number
  readonly seed: number
  /** Calendar year, China time, in which they are handed in. */
  readonly year: number
  /** `yyyy-MM-dd`; of what comes after it nothing is in the ledger. The whole year unless told. */
  readonly until?: string
  /** Days that are written at once, in whole months; fewer statements for few lists. */
  readonly daysAtOnce?: number
  /** Tables that no log is kept of: half the time, and a crash empties them. Not the embedded one. */
  readonly unlogged?: boolean
}

/** Lists of one day: numbers from `first`, before `next`. */
interface Day {
  /** `yyyy-MM-dd` */
  readonly day: string
  readonly first: number
  readonly next: number
}

/** The settlement of a list comes last: days after it was handed in. */
const SETTLED_AFTER = 30
const RETURNED_AFTER = 12
const CANCELLED_AFTER = 2
const NEXT_DAY = 1

/** Who writes at once, each on a connection of its own where the pool has as many: two write the ledger. */
const LEDGER_WRITERS = 2

export const makeYear = async (db: Db, settings: YearSettings): Promise<void> => {
  await seedYear(db, settings.year)
  if (settings.unlogged === true) await takeOffLog(db)
  const { seed, daysAtOnce = 1 } = settings
  const days = daysOf(settings)
  const slices = slicesOf(days, daysAtOnce)
  // What the last lists of a whole year bring about comes in the next.
  const afterwards = settings.until === undefined ? SETTLED_AFTER : 0
  const after = Array.from({ length: afterwards }, (_, n) => ({
    day: addDays(`${settings.year}-12-31`, n + 1),
    ...{ first: settings.lists, next: settings.lists },
  }))
  const left = [...slices, ...slicesOf(after, daysAtOnce)].values()
  const writeLedger = async (): Promise<void> => {
    // Of one iterator, so that each slice is taken once.
    for (const slice of left) await quickly(db, (trx) => writeEntries(trx, seed, days, slice))
  }
  const writeLists = async (): Promise<void> => {
    for (const slice of slices) await quickly(db, (trx) => writeDocuments(trx, seed, slice))
  }
  await Promise.all([writeLists(), ...Array.from({ length: LEDGER_WRITERS }, writeLedger)])
  // Autovacuum would get to it in time: without it nothing is read from an index alone.
  await sql`vacuum analyze`.execute(db)
}

/** While they are empty. */
const takeOffLog = async (db: Db): Promise<void> => {
  for (const table of WRITTEN) await sql`alter table ${sql.table(table)} set unlogged`.execute(db)
}

const WRITTEN = [
  ...['document', 'document_state', 'event', 'customs_number', 'act_target'],
  ...['ledger_entry', 'ledger_sum', 'ledger_fold', 'ledger_dim_fold', 'ledger_total'],
]

/** Nothing waits for the disk: what a crash would lose is made again. */
const quickly = (db: Db, write: (trx: Trx) => Promise<void>): Promise<void> =>
  inTransaction(db, async (trx) => {
    await sql`set local synchronous_commit = off`.execute(trx)
    // Compiling would take longer than a batch does.
    await sql`set local jit = off`.execute(trx)
    await sql`set local work_mem = '64MB'`.execute(trx)
    await write(trx)
  })

/**
 * How many of a year's lists fall on a day, against an ordinary one, in hundredths: a slow New Year,
 * a rising year, and the two festivals with the days before them.
 */
const weightOf = (day: string): number => {
  const at = day.slice(5)
  const festival = PEAKS.find(({ from, to }) => at >= from && at <= to)?.weight ?? 100
  return festival + 2 * Number(at.slice(0, 2))
}

const PEAKS: readonly { readonly from: string; readonly to: string; readonly weight: number }[] = [
  { from: '01-28', to: '02-05', weight: 35 },
  { from: '06-16', to: '06-18', weight: 420 },
  { from: '06-01', to: '06-20', weight: 170 },
  { from: '11-11', to: '11-11', weight: 700 },
  { from: '11-01', to: '11-14', weight: 230 },
  { from: '12-12', to: '12-12', weight: 260 },
]

const daysOf = ({ lists, year, until = `${year}-12-31` }: YearSettings): readonly Day[] => {
  const names: string[] = []
  for (let day = `${year}-01-01`; day <= until; day = addDays(day, 1)) names.push(day)
  const weights = names.map(weightOf)
  const all = weights.reduce((sum, weight) => sum + weight, 0)
  let passed = 0
  return names.map((day, n) => {
    const first = Math.floor((lists * passed) / all)
    passed += weights[n] ?? 0
    return { day, first, next: Math.floor((lists * passed) / all) }
  })
}

/** So many days each; a slice ends with its month, since entries of one are recorded at one moment. */
const slicesOf = (days: readonly Day[], daysAtOnce: number): readonly (readonly Day[])[] => {
  const slices: Day[][] = []
  for (const day of days) {
    const last = slices.at(-1)
    const isFull =
      last === undefined ||
      last.length >= daysAtOnce ||
      last[0]?.day.slice(0, 7) !== day.day.slice(0, 7)
    if (isFull) slices.push([day])
    else last.push(day)
  }
  return slices
}

const numberOf = (i: number): string => `YR${String(i).padStart(10, '0')}`
/** The number that customs gives to it. */
const invtNoOf = (i: number): string => `80019999${String(i).padStart(10, '0')}`
const returnNumberOf = (i: number): string => `YT${String(i).padStart(10, '0')}`

/** Lanes of numbers, for the database: an array that list `i` finds its own in. */
const lanesOf = (days: readonly Day[], nameOf: (i: number) => string): RawBuilder<number> => {
  const first = days[0]?.first ?? 0
  const lanes: number[] = []
  for (let i = first; i < (days.at(-1)?.next ?? first); i += 1) lanes.push(laneOf(nameOf(i)))
  return sql`(${lanes}::smallint[])[i - ${sql.lit(first)} + 1]`
}

/** A UUIDv7 of a moment that carries a lane; `k` makes it another one. */
export const idAt = (
  seed: number,
  k: number,
  at: RawBuilder<Date>,
  lane: RawBuilder<number>,
) => sql<string>`(
  lpad(to_hex((extract(epoch from ${at}) * 1000)::bigint), 12, '0') || '7'
  || lpad(to_hex(${drawn(seed, k, 4096)}), 3, '0') || to_hex(128 | ${lane})
  || lpad(to_hex(hashint8extended(i::bigint, ${sql.lit(seed * 100 + k)}::bigint) & 72057594037927935), 14, '0')
)::uuid`

const inChina = (at: RawBuilder<Date>): RawBuilder<string> =>
  sql`to_char(${at} at time zone 'Asia/Shanghai', 'YYYYMMDDHH24MISSMS')`

/** What is drawn for each list of the days; fates are of a thousand lists. */
const lists = (seed: number, days: readonly Day[], where: RawBuilder<unknown>) => sql`
  select x.*, x.fate >= ${sql.lit(FATE.amended)} as is_released,
    case when x.fate < ${sql.lit(FATE.late)} and x.fate >= ${sql.lit(FATE.amended)} then 2 else 1 end as version,
    case when x.is_export then ${oneOf(EXPORT_MODES, drawn(seed, 11, EXPORT_MODES.length))}
      else ${oneOf(IMPORT_MODES, drawn(seed, 11, IMPORT_MODES.length))} end as trade_mode,
    case when x.is_export
      then ${oneOf(EXPORT_CURRENCIES, drawn(seed, 12, EXPORT_CURRENCIES.length))}
      else ${oneOf(IMPORT_CURRENCIES, drawn(seed, 12, IMPORT_CURRENCIES.length))} end as currency,
    ${oneOf(ZONES, drawn(seed, 13, 100))} as zone,
    ${oneOf(COUNTRIES, drawnLow(seed, 14, COUNTRIES.length))} as country,
    ${oneOf(CHAPTERS, drawnLow(seed, 15, CHAPTERS.length))} as chapter,
    case when ${drawn(seed, 16, 10)} < 3
      then ${oneOf(CHAPTERS, drawn(seed, 17, CHAPTERS.length))} end as second_chapter,
    -- Of one piece; there are two of the first goods, so that one that comes back is half of them.
    (${drawnLow(seed, 18, 60_000)} + 900) as fen, (${drawnLow(seed, 19, 30_000)} + 500) as second_fen,
    ${named('500196M', drawnLow(seed, 20, 300))} as merchant,
    ${named('500196P', drawnLow(seed, 21, 12))} as platform,
    ${named('500196D', drawnLow(seed, 22, 20))} as declarant,
    ${named('500196C', drawnLow(seed, 23, 15))} as carrier,
    ${named('500196W', drawn(seed, 24, 30))} as warehouse,
    ${named('500196B', drawnLow(seed, 25, 8))} as institution,
    x.day_end - ${sql.lit(BEFORE_MIDNIGHT)}::interval as answered_at,
    ${idAt(seed, 1, sql`x.born`, sql`x.lane`)} as id
  from (
    select i, d.day, (d.day + 1)::timestamp at time zone 'Asia/Shanghai' as day_end,
      (d.day::timestamp at time zone 'Asia/Shanghai')
        + (i - d.first) * (interval '23 hours' / greatest(d.next - d.first, 1)) as born,
      ${drawn(seed, 3, 1000)} as fate, ${drawn(seed, 4, 1000)} < 20 as goes_back,
      ${drawn(seed, 5, 10)} < 6 as is_paid, ${drawn(seed, 6, 10)} < 4 as is_export,
      ${lanesOf(days, numberOf)} as lane
    from unnest(${days.map(({ day }) => day)}::date[], ${days.map(({ first }) => first)}::integer[],
      ${days.map(({ next }) => next)}::integer[]) d (day, first, next)
    cross join generate_series(d.first, d.next - 1) i
    -- Kept apart: what is named below would else be worked out again wherever it is named.
    offset 0
  ) x where ${where} offset 0`

/** Customs answers at last so long before midnight, and what comes later on its day as well. */
const BEFORE_MIDNIGHT = '20 minutes'

/** Bounds, of a thousand: refused, cancelled, not answered, amended, released on the next day, or at once. */
const FATE = { cancelled: 10, silent: 20, amended: 25, late: 35, prompt: 155 } as const

/** What a list's version counts by, as `document.counts` has it; the amendment adds ten to its value. */
const dims = sql`jsonb_build_object('merchant', l.merchant, 'platform', l.platform, 'declarant',
  l.declarant, 'carrier', l.carrier, 'warehouse', l.warehouse, 'country', l.country)`

const yuanText = (fen: RawBuilder<number>): RawBuilder<string> =>
  sql`trim_scale((${fen})::numeric / 100)::text`

/** Value of the first goods in fen, by version. */
const firstFen = (version: RawBuilder<number>): RawBuilder<number> =>
  sql`(2 * l.fen + case when ${version} = 2 then 1000 else 0 end)`

const part = (chapter: RawBuilder<string>, fen: RawBuilder<number>): RawBuilder<unknown> =>
  sql`jsonb_build_object('currency', l.currency, 'chapter', ${chapter}, 'amount', ${yuanText(fen)})`

/** Sorted by chapter, each chapter once; `sign` 1 or -1. */
const parts = (version: RawBuilder<number>, sign: RawBuilder<number>): RawBuilder<unknown> => {
  const first = part(sql`l.chapter`, sql`${sign} * ${firstFen(version)}`)
  const second = part(sql`l.second_chapter`, sql`${sign} * l.second_fen`)
  const both = part(sql`l.chapter`, sql`${sign} * (${firstFen(version)} + l.second_fen)`)
  return sql`case
    when l.second_chapter is null then jsonb_build_array(${first})
    when l.second_chapter = l.chapter then jsonb_build_array(${both})
    when l.second_chapter < l.chapter then jsonb_build_array(${second}, ${first})
    else jsonb_build_array(${first}, ${second}) end`
}

const payload = (version: RawBuilder<number>): RawBuilder<unknown> => sql`json_build_object(
  'InventoryHead', json_build_object('copNo', l.number, 'agentCode', l.declarant, 'ebcCode', l.merchant,
    'ebpCode', l.platform, 'logisticsCode', l.carrier, 'tradeMode', l.trade_mode, 'country', l.country,
    case when l.is_export then 'iacCode' else 'areaCode' end, l.warehouse),
  'InventoryList', case when l.second_chapter is null then json_build_array(${line(version)})
    else json_build_array(${line(version)}, json_build_object('gnum', '2', 'gcode',
      l.second_chapter || '01000000', 'qty', '1', 'currency', l.currency,
      'totalPrice', ${yuanText(sql`l.second_fen`)})) end)`

const line = (version: RawBuilder<number>): RawBuilder<unknown> =>
  sql`json_build_object('gnum', '1', 'gcode', l.chapter || '01000000', 'qty', '2',
    'currency', l.currency, 'totalPrice', ${yuanText(firstFen(version))})`

const ONE = sql<number>`1`
const TWO = sql<number>`2`
const MINUS = sql<number>`-1`

const atOf = (days: number): RawBuilder<Date> =>
  sql`(l.answered_at + interval '1 day' * ${sql.lit(days)})`
/** When a list was released, in its days after it was handed in. */
const releasedAt = sql<Date>`case when l.fate < ${sql.lit(FATE.prompt)} then ${atOf(NEXT_DAY)} else l.answered_at end`

/** What a released list counts by, with how long customs took from its first word on. */
const released = sql`(${dims} || jsonb_build_object('clearance', ${clearanceOf(
  inChina(sql`case l.version when 2 then ${atOf(NEXT_DAY)} else l.answered_at end`),
  inChina(releasedAt),
)}))`

/** All that the documents of these days leave behind, whenever it happens; the ledger tells when. */
const writeDocuments = async (trx: Trx, seed: number, days: readonly Day[]): Promise<void> => {
  await sql`
    with l as materialized (
      select l.*, 'YR' || lpad(l.i::text, 10, '0') as number, l.declarant as sender,
        case when l.is_export then 'CEB603' else 'CEB621' end as kind,
        case when l.is_released and l.goes_back then ${lanesOf(days, invtNoOf)} end as number_lane,
        case when l.is_released and l.goes_back then ${lanesOf(days, returnNumberOf)} end as back_lane
      from (${lists(seed, days, sql`true`)}) l
    ),
    docs as (
      insert into document (lane, id, version, kind, sender_id, submitted_by, guid, app_type, app_time,
        payload, content_hash, zone, trade_mode, amount, counts, created_at)
      select l.lane, l.id, v, l.kind, l.sender, l.sender, l.id::text,
        case v when 1 then '1' else '2' end, left(${inChina(sql`l.born`)}, 14),
        ${payload(sql`v`)}, int8send(l.i), l.zone, l.trade_mode,
        case when l.currency = '142' then
          (${firstFen(sql`v`)} + case when l.second_chapter is null then 0 else l.second_fen end)::numeric / 100
        end,
        jsonb_build_object('dims', ${dims}, 'parts', ${parts(sql`v`, ONE)}), l.born
      from l cross join generate_series(1, l.version) v
    ),
    stands as (
      insert into document_state (lane, id, kind, sender_id, client, number, owner, zone, created_at,
        version, guid, app_time, state, return_time, rank, return_status, released_on, counted_version,
        counted_month, declared_version, declared_month, updated_at)
      select l.lane, l.id, l.kind, l.sender, l.merchant, l.number, l.declarant, l.zone, l.born, l.version,
        l.id::text,
        left(${inChina(sql`l.born`)}, 14), e.state, coalesce(${inChina(sql`e.at`)}, ''), e.rank, e.status,
        case when l.is_released then left(${inChina(releasedAt)}, 8) end,
        case when l.is_released then l.version end,
        case when l.is_released then left(${inChina(releasedAt)}, 6) end,
        case when l.is_released then l.version end,
        case when l.is_released
          then left(${inChina(sql`case l.version when 2 then ${atOf(NEXT_DAY)} else l.answered_at end`)}, 6) end,
        coalesce(e.at, l.born)
      from l cross join lateral (${lastStep}) e
    ),
    happened as (
      insert into event (lane, document_id, key, version, state, rank, at, return_time, return_status)
      select l.lane, l.id, e.key || ':' || e.version, e.version, e.state, e.rank, e.at,
        case when e.status is null then '' else ${inChina(sql`e.at`)} end, e.status
      from l cross join lateral (${steps}) e where e.holds
    ),
    ${returns(seed)}
    select 1`.execute(trx)
}

/** Where it stands in the end. */
const lastStep = sql`
  select s.* from (values
    (l.is_released, 'released', '800', 85, ${releasedAt}),
    (l.fate < ${sql.lit(FATE.cancelled)}, 'rejected', '100', 80, l.answered_at),
    (l.fate < ${sql.lit(FATE.silent)}, 'cancelled', '399', 99, ${atOf(CANCELLED_AFTER)}),
    (true, 'sent', null, 30, null)
  ) s (holds, state, status, rank, at) where s.holds limit 1`

/** Events of a list: what it went through, in one version or in two. */
const steps = sql`
  select * from (values
    (true, 'taken', 1, 'ready', 0, l.born, null),
    (l.fate < ${sql.lit(FATE.cancelled)}, 'rejected', 1, 'rejected', 80, l.answered_at, '100'),
    (l.fate >= ${sql.lit(FATE.amended)}
      or (l.fate >= ${sql.lit(FATE.cancelled)} and l.fate < ${sql.lit(FATE.silent)}),
      'stored', 1, 'stored', 40, l.answered_at, '120'),
    (l.fate >= ${sql.lit(FATE.cancelled)} and l.fate < ${sql.lit(FATE.silent)},
      'cancelled', 1, 'cancelled', 99, ${atOf(CANCELLED_AFTER)}, '399'),
    (l.version = 2, 'taken', 2, 'ready', 0, ${atOf(NEXT_DAY)}, null),
    (l.version = 2, 'stored', 2, 'stored', 40, ${atOf(NEXT_DAY)}, '120'),
    (l.is_released, 'released', l.version, 'released', 85, ${releasedAt}, '800')
  ) e (holds, key, version, state, rank, at, status)`

/** The returns of these lists: half of the first goods each, granted a while later. */
const returns = (seed: number): RawBuilder<unknown> => {
  const asked = sql<Date>`(l.born + interval '1 day' * ${sql.lit(RETURNED_AFTER - 1)})`
  return sql`
    b as materialized (
      select l.*, ${asked} as asked_at, ${idAt(seed, 2, asked, sql`l.back_lane`)} as back_id,
        case when l.is_export then 'CEB213' else 'CEB625' end as back_kind,
        '80019999' || lpad(l.i::text, 10, '0') as invt_no, 'YT' || lpad(l.i::text, 10, '0') as back_number
      from l where l.is_released and l.goes_back
    ),
    numbers as (
      insert into customs_number (lane, number, name, document_id)
      select l.number_lane, l.invt_no, 'invtNo', l.id from b l
    ),
    targets as (
      insert into act_target (lane, number, kind, document_id, version)
      select l.number_lane, l.invt_no, l.back_kind, l.back_id, 1 from b l
    ),
    back_docs as (
      insert into document (lane, id, version, kind, sender_id, submitted_by, guid, app_type, app_time,
        payload, content_hash, created_at)
      select l.back_lane, l.back_id, 1, l.back_kind, l.sender, l.sender, l.back_id::text, '1',
        left(${inChina(sql`l.asked_at`)}, 14), json_build_object('InvtRefundHead',
          json_build_object(case when l.is_export then 'coElNo' else 'copNo' end, l.back_number,
            'agentCode', l.declarant, 'invtNo', l.invt_no),
          'InvtRefundList', json_build_array(json_build_object('gnum', '1', 'qty', '1'))),
        int8send(l.i), l.asked_at
      from b l
    ),
    back_stands as (
      insert into document_state (lane, id, kind, sender_id, client, number, owner, created_at, version,
        guid, app_time, state, return_time, rank, return_status, released_on, updated_at)
      select l.back_lane, l.back_id, l.back_kind, l.sender, l.merchant, l.back_number, l.declarant,
        l.asked_at, 1,
        l.back_id::text, left(${inChina(sql`l.asked_at`)}, 14), 'released',
        ${inChina(atOf(RETURNED_AFTER))}, 85, '800', left(${inChina(atOf(RETURNED_AFTER))}, 8),
        ${atOf(RETURNED_AFTER)}
      from b l
    ),
    back_happened as (
      insert into event (lane, document_id, key, version, state, rank, at, return_time, return_status)
      select l.back_lane, l.back_id, 'taken:1', 1, 'ready', 0, l.asked_at, '', null from b l
      union all
      select l.back_lane, l.back_id, 'released:1', 1, 'released', 85, ${atOf(RETURNED_AFTER)},
        ${inChina(atOf(RETURNED_AFTER))}, '800' from b l
    )`
}

interface Effect {
  /** Days after the list was handed in, on which it is told. */
  readonly after: number
  /** Days after that, in whose month it counts; the same unless it takes out what was told earlier. */
  readonly countsAfter?: number
  readonly where: RawBuilder<boolean>
  readonly scope: 'declared' | 'released' | 'settled'
  readonly cause: 'state' | 'return' | 'settlement'
  readonly count: -1 | 0 | 1
  readonly subject?: RawBuilder<string>
  readonly dims?: RawBuilder<unknown>
  readonly parts: RawBuilder<unknown>
}

/** What counts when: everything that moves a total, in the order in which it is told. */
const effectsOf = (seed: number): readonly Effect[] => {
  const { cancelled, silent, amended, late, prompt } = FATE
  const isDeclared = sql<boolean>`(x.fate >= ${sql.lit(amended)}
    or (x.fate >= ${sql.lit(cancelled)} and x.fate < ${sql.lit(silent)}))`
  const within = (from: number, to: number): RawBuilder<boolean> =>
    sql`(x.fate >= ${sql.lit(from)} and x.fate < ${sql.lit(to)})`
  const state = { cause: 'state' } as const
  const plain = { ...state, count: 1, parts: parts(ONE, ONE) } as const
  const taken = { ...state, count: -1, countsAfter: 0, parts: parts(ONE, MINUS) } as const
  const changed = { ...state, count: 1, parts: parts(TWO, ONE) } as const
  return [
    { ...plain, after: 0, where: isDeclared, scope: 'declared' },
    {
      ...plain,
      dims: released,
      after: 0,
      where: sql`x.fate >= ${sql.lit(prompt)}`,
      scope: 'released',
    },
    { ...taken, after: NEXT_DAY, where: within(amended, late), scope: 'declared' },
    { ...changed, after: NEXT_DAY, where: within(amended, late), scope: 'declared' },
    {
      ...changed,
      dims: released,
      after: NEXT_DAY,
      where: within(amended, late),
      scope: 'released',
    },
    { ...plain, dims: released, after: NEXT_DAY, where: within(late, prompt), scope: 'released' },
    { ...taken, after: CANCELLED_AFTER, where: within(cancelled, silent), scope: 'declared' },
    {
      ...{ after: RETURNED_AFTER, scope: 'released', cause: 'return', count: 0 },
      where: sql`(x.fate >= ${sql.lit(amended)} and x.goes_back)`,
      dims: sql`(${dims} || '{"returned": "granted"}')`,
      parts: sql`jsonb_build_array(${part(sql`l.chapter`, sql`-${firstFen(sql`l.version`)} / 2`)})`,
    },
    {
      ...{ after: SETTLED_AFTER, scope: 'settled', cause: 'settlement', count: 1 },
      where: sql`(x.fate >= ${sql.lit(amended)} and x.is_export and x.is_paid)`,
      subject: idAt(seed, 7, atOf(SETTLED_AFTER), sql`l.lane`),
      dims: sql`jsonb_build_object('institution', l.institution, 'merchant', l.merchant)`,
      // The institution states what it was in CNY.
      parts: sql`jsonb_build_array(jsonb_build_object('currency', '142', 'chapter', '',
        'amount', ${yuanText(sql`7 * ${firstFen(sql`l.version`)}`)}))`,
    },
  ]
}

/** What is told on these days, of lists of these and of earlier ones. */
const writeEntries = async (
  trx: Trx,
  seed: number,
  all: readonly Day[],
  slice: readonly Day[],
): Promise<void> => {
  const from = slice[0]?.day ?? ''
  const to = slice.at(-1)?.day ?? ''
  const rows = effectsOf(seed).flatMap((effect) => {
    const days = all.filter(({ day }) => {
      const told = addDays(day, effect.after)
      return told >= from && told <= to
    })
    if (days.length === 0) return []
    const { after, countsAfter, scope, cause, count } = effect
    return [
      sql`select l.lane, ${effect.subject ?? sql`l.id`} as "subjectId", ${sql.lit(scope)} as scope,
        ${sql.lit(cause)} as cause, left(${inChina(atOf(countsAfter ?? after))}, 6) as month,
        case when l.is_export then 'export' else 'import' end as direction, coalesce(l.zone, '') as zone,
        l.trade_mode as "tradeMode", ${sql.lit(count)}::smallint as count,
        ${effect.dims ?? dims} as dims, ${effect.parts} as parts
      from (${lists(seed, days, effect.where)}) l`,
    ]
  })
  if (rows.length === 0) return
  await shareLedger(trx)
  // The last moment of the day in China, so that a day's figures are those recorded up to its end.
  const now = new Date(`${to}T23:59:59.000+08:00`)
  await sql`with ${entriesFrom(sql.join(rows, sql` union all `), now)} select 1`.execute(trx)
}
