-- The three-way check of settlements: made by a chore month by month and kept, since it goes through every
-- list that was released and every line that was settled.
create table settlement_tie (
  -- yyyyMM: of the value date of records, and of the release of lists
  month text primary key,
  made_at timestamptz not null,
  -- [{"leg": "open", "trade": "export", "currency": "142", "left": "12.5", "right": "12.5"}]
  legs jsonb not null,
  -- Lists that are about to be looked at again, or lack a rate.
  pending integer not null
);

-- How many lists of a seller were released in some months.
create index settled_list_merchant on settled_list (merchant, month) where released;

-- Months of which something changed: rows that are only added, so that no writer waits for another, and
-- taken away by whoever compares the month from then on.
create table settlement_touch (month text not null);
create index settlement_touch_month on settlement_touch (month);

-- Said by the tables themselves: a list or a record that leaves a month knows it by then no more.
create function touch_settlement_lines() returns trigger language plpgsql as $$
begin
  insert into settlement_touch (month)
  select distinct s.month from (select distinct t.lane, t.settlement_id from touched t) t
  join settlement s on s.lane = t.lane and s.id = t.settlement_id;
  return null;
end $$;
create trigger settlement_line_inserted after insert on settlement_line
  referencing new table as touched for each statement execute function touch_settlement_lines();
create trigger settlement_line_updated after update on settlement_line
  referencing new table as touched for each statement execute function touch_settlement_lines();
create trigger settlement_line_deleted after delete on settlement_line
  referencing old table as touched for each statement execute function touch_settlement_lines();

-- A record comes with lines, which say so; who only locks it changes nothing.
create function touch_settlements() returns trigger language plpgsql as $$
begin
  insert into settlement_touch (month)
  select distinct m.month from before b join after a on a.lane = b.lane and a.id = b.id
  cross join lateral (values (b.month), (a.month)) m (month)
  where b.* is distinct from a.*;
  return null;
end $$;
create trigger settlement_updated after update on settlement
  referencing old table as before new table as after
  for each statement execute function touch_settlements();

create function touch_settled_lists() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    insert into settlement_touch (month) select distinct a.month from after a where a.released;
  else
    insert into settlement_touch (month)
    select distinct m.month from before b join after a on a.lane = b.lane and a.list_id = b.list_id
    cross join lateral (values (b.released, b.month), (a.released, a.month)) m (released, month)
    where m.released and b.* is distinct from a.*;
  end if;
  return null;
end $$;
create trigger settled_list_inserted after insert on settled_list
  referencing new table as after for each statement execute function touch_settled_lists();
create trigger settled_list_updated after update on settled_list
  referencing old table as before new table as after
  for each statement execute function touch_settled_lists();

-- None of them was compared yet.
insert into settlement_touch (month)
select month from settled_list where released union select month from settlement;
