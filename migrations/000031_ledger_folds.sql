-- Sums of the ledger put together: one row for a key, where `ledger_sum` has one for each batch that
-- told something. Only a chore writes here, and takes away in the same transaction what it puts
-- together; so no writer of the flow waits for another, and a reader adds up both.
create table ledger_fold (
  dim text not null,
  scope text not null,
  zone text not null,
  month text not null,
  key text not null,
  direction text not null,
  trade_mode text not null,
  currency text not null,
  recorded text not null,
  count bigint not null,
  amount numeric(30, 5) not null,
  -- All that is asked for, so that the rows are not read.
  primary key (dim, scope, zone, month, key, direction, trade_mode, currency, recorded)
    include (count, amount)
);
-- The same by one enterprise, country or chapter alone: a hundredth of the rows, for whoever does not
-- ask by zone, mode or direction as well.
create table ledger_dim_fold (
  dim text not null,
  scope text not null,
  month text not null,
  key text not null,
  currency text not null,
  recorded text not null,
  count bigint not null,
  amount numeric(30, 5) not null,
  primary key (dim, scope, month, key, currency, recorded) include (count, amount)
);

-- What readers add up: what is put together and what is not yet.
create view ledger_figure as
  select dim, scope, zone, month, key, direction, trade_mode, currency, recorded, count, amount
  from ledger_fold
  union all
  select dim, scope, zone, month, key, direction, trade_mode, currency, recorded, count, amount
  from ledger_sum;
create view ledger_dim_figure as
  select dim, scope, month, key, currency, recorded, count, amount from ledger_dim_fold
  union all
  select dim, scope, month, key, currency, recorded, count, amount from ledger_sum where dim <> '';

-- Its rows come and go: what is gone must not be read over and over.
alter table ledger_sum set
  (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000);
