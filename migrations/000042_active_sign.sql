-- Enterprises that were active in a month, out of an index that stays small: with the counts in it, as
-- `ledger_total_active` had them, each fold left entries behind and kept the row from being changed in
-- place. Whether a count is above or below zero seldom changes.
alter table ledger_total add column sign smallint not null generated always as
  (case when count > 0 then 1 when count < 0 then -1 else 0 end) stored;
drop index ledger_total_active;
create index ledger_total_active on ledger_total (period, dim, zone, key, sign)
  where scope = 'released' and period like '______' and sign <> 0
    and dim in ('merchant', 'platform', 'declarant', 'warehouse', 'carrier');
