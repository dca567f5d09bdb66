-- Figures as they are asked for: of a year or a month, of all zones or of one, by one thing. A chore
-- makes them of the sums that it puts together, CNY already, so that a question reads as many rows as
-- its answer has, however much was told.
create table ledger_total (
  -- yyyyMM or yyyy: what it counts for, not when that was learnt.
  period text not null,
  -- As in `ledger_fold`; '' for all, by direction and mode: 'import 1210'.
  dim text not null,
  scope text not null,
  -- '*' for all zones together.
  zone text not null,
  key text not null,
  -- '' for what is CNY; else what has no rate, with the month that lacks it.
  currency text not null,
  month text not null,
  count bigint not null,
  amount numeric not null,
  primary key (period, dim, scope, zone, key, currency, month)
-- Rows are added to over and over, and stay in their place.
) with (fillfactor = 70);

-- The rates at which they are made. Where these are not the ones in force, the figures of that year are
-- read from the sums, until the chore has made the month anew.
create table ledger_rate (
  month text not null,
  currency text not null,
  rate numeric(20, 10) not null,
  primary key (month, currency)
);
-- A rate that no table has: months of before are to be made.
insert into ledger_rate (month, currency, rate) select distinct month, '', 0 from ledger_fold;
