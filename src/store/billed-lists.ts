/** Lists whose tax bills stand, by the month of the bill and the place in which it counts. */
import { sql } from 'kysely'
import type { Db } from './tables.ts'

export interface BilledAsked {
  /** yyyyMM, of the bill. */
  readonly month: string
  /** '' is undecided; all of them when undefined. */
  readonly zone?: string | undefined
  readonly mode?: string | undefined
}

/** Decimal texts, CNY. */
export interface BilledSum {
  readonly bills: number
  readonly duty: string
  readonly consumptionTax: string
  readonly vat: string
  readonly total: string
}

export interface BilledRow extends BilledSum {
  readonly id: string
  readonly kind: string
  readonly number: string
  readonly zone: string
  readonly mode: string
}

const SUMS = sql`trim_scale(coalesce(sum(x.duty), 0))::text as duty,
  trim_scale(coalesce(sum(x.consumption), 0))::text as "consumptionTax",
  trim_scale(coalesce(sum(x.vat), 0))::text as vat,
  trim_scale(coalesce(sum(x.duty + x.consumption + x.vat), 0))::text as total`

const placeOf = ({ zone, mode }: BilledAsked, modeColumn: string) => {
  const isInZone = zone === undefined ? sql`true` : sql`x.zone = ${zone}`
  return mode === undefined
    ? isInZone
    : sql`${isInZone} and ${sql.ref(`x.${modeColumn}`)} = ${mode}`
}

/** What these lists were billed in all, out of the sums. */
export const sumBilled = async (db: Db, asked: BilledAsked): Promise<BilledSum> => {
  const found = await sql<BilledSum>`
    select coalesce(sum(x.bills), 0)::float8 as bills, ${SUMS} from tax_sum x
    where x.month = ${asked.month} and ${placeOf(asked, 'trade_mode')}`.execute(db)
  const [sum] = found.rows
  if (sum === undefined) throw new Error('a sum has a row')
  return sum
}

/**
 * So many of them after one, in the order of their ids; one in two places is two rows. Each place of the
 * month gives a page out of its key, and of these the first are taken: what a page costs depends neither
 * on how many were billed in the month nor on how many before it.
 */
export const findBilled = async (
  db: Db,
  asked: BilledAsked,
  page: { readonly after: string | undefined; readonly limit: number },
): Promise<readonly BilledRow[]> => {
  const { month } = asked
  const rest = page.after === undefined ? sql`true` : sql`b.document_id > ${page.after}::uuid`
  const found = await sql<BilledRow>`
    with place as materialized (
      select distinct x.zone, x.trade_mode from tax_sum x
      where x.month = ${month} and ${placeOf(asked, 'trade_mode')}
    ), page as materialized (
      select distinct l.document_id from place x cross join lateral (
        select b.document_id from billed_list b
        where b.month = ${month} and b.zone = x.zone and b.trade_mode = x.trade_mode and ${rest}
        order by b.document_id limit ${page.limit}
      ) l
      order by 1 limit ${page.limit}
    )
    select p.document_id as id, s.kind, s.number, x.zone, x.mode, count(*)::integer as bills, ${SUMS}
    from page p
    join tax_variance v on v.lane = (get_byte(uuid_send(p.document_id), 8) & 63)
      and v.document_id = p.document_id
    join document_state s on s.lane = v.lane and s.id = v.document_id
    cross join lateral jsonb_to_recordset(v.counted)
      x (month text, zone text, mode text, duty numeric, consumption numeric, vat numeric)
    where x.month = ${month} and ${placeOf(asked, 'mode')}
    group by 1, 2, 3, 4, 5 order by 1, 4, 5`.execute(db)
  return found.rows
}
