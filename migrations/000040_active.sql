-- Enterprises that were active in a month are counted, thousands of them for a look at all zones: out of
-- an index alone, which holds nothing else.
create index ledger_total_active on ledger_total (period, scope, dim, zone, key) include (count)
  where scope = 'released' and period like '______'
    and dim in ('merchant', 'platform', 'declarant', 'warehouse', 'carrier');
