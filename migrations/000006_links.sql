-- The links to customs, which of them an enterprise's messages take, how each of them stands, and
-- fair shares of work.

-- Work knows what it is for (`queue`: the link of a message; '' elsewhere) and whose it is (`party`:
-- a hash of the enterprise), so that one enterprise's million documents do not hold up another's ten.
drop function claim_work(text, integer, integer, timestamptz);
drop function lease_work(text, integer, integer, timestamptz, timestamptz);
alter table work add column queue text not null default '', add column party integer not null default 0;
alter table work drop constraint work_pkey;
alter table work add primary key (lane, stage, queue, party, id);

-- Which link the messages of an enterprise take, by direction ('import', 'export'). Without a row
-- they take the link that the settings name first.
create table link_choice (
  enterprise_id text not null references enterprise (id),
  direction text not null check (direction in ('import', 'export')),
  link text not null,
  chosen_at timestamptz not null,
  primary key (enterprise_id, direction)
);

-- How each link stands, for all gateways on this database. `down`: nothing is sent but one pilot
-- message when `retry_at` has come; `draining`: at most `pace` messages at a time, the next not
-- before `retry_at`.
create table link_state (
  code text primary key,
  state text not null check (state in ('up', 'draining', 'down')),
  since timestamptz not null,
  failures integer not null default 0,
  retry_at timestamptz not null,
  pace integer not null default 0,
  sent_at timestamptz,
  problem text
) with (fillfactor = 50);

-- A message that was composed before of the document: one that follows it waits until it is out.
alter table document_state add column prior_message_id uuid;

-- Rows of one lane that are due, at most p_limit, in shares: as long as several parties have work
-- there, none takes more than its part of p_limit. A loose index scan finds the parties, so the
-- length of anybody's queue costs nothing.
create function due_work(
  p_lane smallint, p_stage text, p_queue text, p_limit integer, p_now timestamptz,
  out parties integer[], out ids bigint[]
) language plpgsql as $$
declare
  waiting integer[];
  share integer;
begin
  waiting := array(
    with recursive p as (
      (select w.party from work w
       where w.lane = p_lane and w.stage = p_stage and w.queue = p_queue
       order by w.party limit 1)
      union all
      select (select w.party from work w
              where w.lane = p_lane and w.stage = p_stage and w.queue = p_queue
                and w.party > p.party
              order by w.party limit 1)
      from p where p.party is not null
    )
    select party from p where party is not null
  );
  if waiting = '{}' then
    return;
  end if;
  share := greatest(1, p_limit / cardinality(waiting));
  select array_agg(d.party), array_agg(d.id) into parties, ids
  from unnest(waiting) as u(party) cross join lateral (
    select w.party, w.id from work w
    where w.lane = p_lane and w.stage = p_stage and w.queue = p_queue and w.party = u.party
      and w.run_at <= p_now
    order by w.id limit share for update skip locked
  ) d;
end $$;

-- Takes work of one stage for good (deleted in the caller's transaction), lane by lane from p_first
-- on, so that no statement locks rows of two lanes, in the order of their ids within a lane and
-- party. First every lane gives its part of p_limit, in fair shares; then lanes with more fill up
-- what is left. Rows another worker holds are passed over. The planner is kept to the key whatever
-- it believes of the table.
create function claim_work(
  p_stage text, p_queue text, p_limit integer, p_first integer, p_now timestamptz
) returns setof work language plpgsql
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  taken integer := 0;
  before integer;
  part integer := greatest(1, (p_limit + 63) / 64);
  due record;
  l smallint;
begin
  for round in 1..2 loop
    before := taken;
    for i in 0..63 loop
      l := (p_first + i) % 64;
      due := due_work(l, p_stage, p_queue,
        case round when 1 then least(part, p_limit - taken) else p_limit - taken end, p_now);
      continue when due.ids is null;
      return query
        with gone as (
          delete from work w using unnest(due.parties, due.ids) as d(party, id)
          where w.lane = l and w.stage = p_stage and w.queue = p_queue
            and w.party = d.party and w.id = d.id
          returning w.*
        )
        select * from gone order by id;
      taken := taken + cardinality(due.ids);
      exit when taken >= p_limit;
    end loop;
    exit when taken = before or taken >= p_limit;
  end loop;
end $$;

-- Takes work on lease: it stays, and comes due again at p_until unless it is deleted before.
create function lease_work(
  p_stage text, p_queue text, p_limit integer, p_first integer, p_now timestamptz,
  p_until timestamptz
) returns setof work language plpgsql
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  taken integer := 0;
  before integer;
  part integer := greatest(1, (p_limit + 63) / 64);
  due record;
  l smallint;
begin
  for round in 1..2 loop
    before := taken;
    for i in 0..63 loop
      l := (p_first + i) % 64;
      due := due_work(l, p_stage, p_queue,
        case round when 1 then least(part, p_limit - taken) else p_limit - taken end, p_now);
      continue when due.ids is null;
      return query
        with held as (
          update work w set run_at = p_until, attempts = w.attempts + 1
          from unnest(due.parties, due.ids) as d(party, id)
          where w.lane = l and w.stage = p_stage and w.queue = p_queue
            and w.party = d.party and w.id = d.id
          returning w.*
        )
        select * from held order by id;
      taken := taken + cardinality(due.ids);
      exit when taken >= p_limit;
    end loop;
    exit when taken = before or taken >= p_limit;
  end loop;
end $$;
