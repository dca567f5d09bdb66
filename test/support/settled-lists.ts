/** Released lists that nothing was settled of yet, as rows: no document stands behind them. */
import { sql } from 'kysely'
import { SETTLEMENT_TIES_LISTS_MAX } from '../../src/kernel/settlement-limits.ts'
import type { Db } from '../../src/store/tables.ts'

/** More than are compared at once, of one seller in one month (yyyyMM); each is worth 1 CNY. */
export const plantManyLists = async (db: Db, month: string, merchant: string): Promise<void> => {
  await sql`
    insert into settled_list (lane, list_id, released, declared, merchant, direction, zone, trade_mode,
      month, released_on, parts, currency, open_amount, is_open)
    select i % 64, gen_random_uuid(), true, true, ${merchant}, 'export', '', '9610', ${month},
      to_date(${month}, 'YYYYMM'), '[{"currency": "142", "amount": "1"}]', '142', 1, true
    from generate_series(0, ${SETTLEMENT_TIES_LISTS_MAX}::integer) i`.execute(db)
}
