-- Sums of settlements that the transaction of every change adds rows to, and nobody rewrites: no writer waits
-- for another. A chore puts those of one key together (`folded`), one row a key. What stands already is
-- counted once; nothing is settled meanwhile.

lock table settlement, settlement_line, settled_list, settled_list_edition in share mode;

-- What a record was last counted as, so that its next change takes that off again. Amounts are signed:
-- those of refunds are below zero, of what was withdrawn or is restored all but `open_…` are nothing.
create table settlement_counted (
  lane smallint not null,
  settlement_id uuid not null,
  -- yyyyMM
  month text not null,
  value_date date not null,
  institution_id text not null,
  seller text not null,
  direction text not null,
  currency text not null,
  -- Actual records and refunds: 1 or 0.
  count smallint not null,
  refunds smallint not null,
  gross numeric(20, 2) not null,
  costs numeric(20, 2) not null,
  net numeric(20, 2) not null,
  lines numeric(20, 2) not null,
  matched numeric(20, 2) not null,
  over numeric(20, 2) not null,
  -- CNY, and without what is over.
  rmb numeric(20, 2) not null,
  counted numeric(20, 2) not null,
  -- Lines without a list, and those of them that lack a rate.
  open_lines integer not null,
  open_amount numeric(20, 2) not null,
  open_gaps integer not null,
  primary key (lane, settlement_id)
);
insert into settlement_counted (lane, settlement_id, month, value_date, institution_id, seller, direction,
  currency, count, refunds, gross, costs, net, lines, matched, over, rmb, counted, open_lines, open_amount,
  open_gaps)
select s.lane, s.id, s.month, s.value_date, s.institution_id, s.seller, s.direction, s.currency,
  (k.sign > 0)::integer, (k.sign < 0)::integer, k.sign * s.gross, k.sign * s.costs, k.sign * s.net,
  k.sign * l.lines, k.sign * l.matched, k.sign * l.over, k.sign * s.rmb,
  k.sign * (s.rmb - coalesce(div(s.rmb * 100 * l.over, nullif(l.lines, 0)), 0) / 100),
  l.open_lines, case when s.nature = '3' then -l.open_amount else l.open_amount end, l.open_gaps
from settlement s
left join (
  select i.lane, i.settlement_id, sum(i.amount) as lines,
    coalesce(sum(i.amount) filter (where i.list_id is not null), 0) as matched,
    coalesce(sum(i.amount) filter (where i.reason = 'over'), 0) as over,
    count(*) filter (where i.reason is not null) as open_lines,
    coalesce(sum(i.amount) filter (where i.reason is not null), 0) as open_amount,
    count(*) filter (where i.reason = 'rate') as open_gaps
  from settlement_line i group by 1, 2
) x on x.lane = s.lane and x.settlement_id = s.id
cross join lateral (
  select coalesce(x.lines, 0) as lines, coalesce(x.matched, 0) as matched, coalesce(x.over, 0) as over,
    coalesce(x.open_lines, 0) as open_lines, coalesce(x.open_amount, 0) as open_amount,
    coalesce(x.open_gaps, 0) as open_gaps
) l
cross join lateral (
  select case when s.state <> 'in-force' or s.nature = '2' then 0 when s.nature = '3' then -1 else 1 end as sign
) k;
create index settlement_counted_month on settlement_counted (month);

-- What counts, by institution.
create table settlement_sum (
  id bigint generated always as identity primary key,
  month text not null,
  institution_id text not null,
  direction text not null,
  currency text not null,
  count bigint not null,
  refunds bigint not null,
  gross numeric(30, 2) not null,
  costs numeric(30, 2) not null,
  net numeric(30, 2) not null,
  lines numeric(30, 2) not null,
  matched numeric(30, 2) not null,
  over numeric(30, 2) not null,
  rmb numeric(30, 2) not null,
  counted numeric(30, 2) not null,
  folded boolean not null default false
);
insert into settlement_sum (month, institution_id, direction, currency, count, refunds, gross, costs, net,
  lines, matched, over, rmb, counted, folded)
select month, institution_id, direction, currency, sum(count), sum(refunds), sum(gross), sum(costs), sum(net),
  sum(lines), sum(matched), sum(over), sum(rmb), sum(counted), true
from settlement_counted where count + refunds > 0 group by 1, 2, 3, 4;
create unique index settlement_sum_folded on settlement_sum (month, institution_id, direction, currency)
  where folded;
create index settlement_sum_new on settlement_sum (id) where not folded;
create index settlement_sum_month on settlement_sum (month);

-- The same by seller, under the code that was given. `records`: actual ones and refunds.
create table settlement_seller_sum (
  id bigint generated always as identity primary key,
  month text not null,
  seller text not null,
  direction text not null,
  currency text not null,
  records bigint not null,
  gross numeric(30, 2) not null,
  net numeric(30, 2) not null,
  folded boolean not null default false
);
insert into settlement_seller_sum (month, seller, direction, currency, records, gross, net, folded)
select month, seller, direction, currency, sum(count + refunds), sum(gross), sum(net), true
from settlement_counted where count + refunds > 0 group by 1, 2, 3, 4;
create unique index settlement_seller_sum_folded on settlement_seller_sum (month, seller, direction, currency)
  where folded;
create index settlement_seller_sum_new on settlement_seller_sum (id) where not folded;
create index settlement_seller_sum_month on settlement_seller_sum (month)
  include (seller, direction, currency, records, gross, net);

-- What is open: lists by the day of their release, lines by the value date of their records. A list was last
-- counted as its last edition says.
create table settlement_open_sum (
  id bigint generated always as identity primary key,
  -- lists, lines
  what text not null,
  day date not null,
  -- Of lists import or export, of lines that of their records.
  direction text not null,
  currency text not null,
  count bigint not null,
  amount numeric(30, 5) not null,
  -- Those that lack a rate.
  gaps bigint not null,
  folded boolean not null default false
);
insert into settlement_open_sum (what, day, direction, currency, count, amount, gaps, folded)
select 'lines', value_date, direction, currency, sum(open_lines), sum(open_amount), sum(open_gaps), true
from settlement_counted where open_lines > 0 group by 2, 3, 4
union all
select 'lists', e.released_on, e.direction, e.currency, count(*), coalesce(sum(e.open_amount), 0),
  count(*) filter (where e.open_amount is null), true
from (
  select distinct on (lane, list_id) is_open, released_on, direction, currency, open_amount
  from settled_list_edition order by lane, list_id, seq desc
) e
where e.is_open group by 2, 3, 4;
create unique index settlement_open_sum_folded on settlement_open_sum (what, day, direction, currency)
  where folded;
create index settlement_open_sum_new on settlement_open_sum (id) where not folded;
create index settlement_open_sum_day on settlement_open_sum (day);

-- Open lines page by page, in the order of their records.
create index settlement_line_open on settlement_line (settlement_id, position) where reason is not null;
