-- The links to customs, which of them an enterprise's messages take, how each of them stands, and
-- fair shares of work.

-- Work knows what it is for (`queue`: the link of a message; '' elsewhere) and whose it is (`party`:
-- a hash of the enterprise), so that one enterprise's million documents do not hold up another's ten.
-- It is found by when it is due: what was put off lies behind what can be done now, and a hundred
-- thousand rows that wait for a key or a link are never looked at by a claim. Shares are fair over
-- all lanes together, so that ten documents go at once, however they lie.
drop function claim_work(text, integer, integer, timestamptz);
drop function lease_work(text, integer, integer, timestamptz, timestamptz);
alter table work add column queue text not null default '', add column party integer not null default 0;
alter table work drop constraint work_pkey;
alter table work add primary key (lane, stage, queue, party, run_at, id);

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

-- Parties with work of one lane that is due. A loose index scan finds them, so the length of
-- anybody's queue costs nothing; it begins at another party each time and looks at a hundred on
-- either side, so that thousands of parties get their turns.
create function due_parties(
  p_lane smallint, p_stage text, p_queue text, p_now timestamptz, p_from integer
) returns table (party integer) language sql stable as $$
  with recursive above as (
    (select w.party, w.run_at, 1 as looked from work w
     where w.lane = p_lane and w.stage = p_stage and w.queue = p_queue and w.party >= p_from
     order by w.party, w.run_at limit 1)
    union all
    select n.party, n.run_at, p.looked + 1 from above p cross join lateral (
      select w.party, w.run_at from work w
      where w.lane = p_lane and w.stage = p_stage and w.queue = p_queue and w.party > p.party
      order by w.party, w.run_at limit 1
    ) n where p.looked < 100
  ), below as (
    (select w.party, w.run_at, 1 as looked from work w
     where w.lane = p_lane and w.stage = p_stage and w.queue = p_queue and w.party < p_from
     order by w.party, w.run_at limit 1)
    union all
    select n.party, n.run_at, p.looked + 1 from below p cross join lateral (
      select w.party, w.run_at from work w
      where w.lane = p_lane and w.stage = p_stage and w.queue = p_queue
        and w.party > p.party and w.party < p_from
      order by w.party, w.run_at limit 1
    ) n where p.looked < 100
  )
  select p.party from (table above union all table below) p where p.run_at <= p_now
$$;

-- How many rows to take of whom in which lane. Where all that waits fits into p_limit there is
-- nothing to share: then only the lanes are told. Else whoever has less than an equal part of p_limit
-- gets all of it; the others share what is left equally, each over all of its lanes. `more`: something
-- stays behind. It only reads, so it may look at all lanes at once.
create function due_shares(
  p_stage text, p_queue text, p_limit integer, p_first integer, p_now timestamptz
) returns table (lane smallint, parties integer[], shares integer[], more boolean)
language plpgsql stable as $$
#variable_conflict use_column
declare
  busy smallint[];
  waiting bigint;
  longest bigint;
  -- Twice what a lane has when all of p_limit waits: more in one of them is taken for more in all.
  bound integer := greatest(8, p_limit / 32);
begin
  -- Counted no further than it matters, due or not: this is asked at every claim.
  select array_agg(l.lane order by l.place), sum(c.waiting), max(c.waiting)
    into busy, waiting, longest
  from (
    select i as place, ((p_first + i) % 64)::smallint as lane from generate_series(0, 63) i
  ) l cross join lateral (
    select count(*) as waiting from (
      select from work w
      where w.lane = l.lane and w.stage = p_stage and w.queue = p_queue limit bound + 1
    ) bounded
  ) c where c.waiting > 0;
  if busy is null then
    return;
  end if;
  if waiting <= p_limit and longest <= bound then
    return query select u.lane, null::integer[], null::integer[], false
      from unnest(busy) with ordinality u(lane, place) order by u.place;
    return;
  end if;
  return query with pair as materialized (
    select l.place, l.lane, d.party,
      row_number() over (partition by d.party order by l.place) as nth,
      count(*) over (partition by d.party) as lanes,
      greatest(16, 2 * p_limit / count(*) over ()) as most
    from (
      select i as place, ((p_first + i) % 64)::smallint as lane from generate_series(0, 63) i
    ) l cross join lateral due_parties(l.lane, p_stage, p_queue, p_now,
      hashint8((extract(epoch from p_now) * 1000)::bigint + l.lane)) d
  ), found as materialized (
    -- Counted no further than anybody could need.
    select pair.*, c.due from pair cross join lateral (
      select count(*) as due from (
        select from work w
        where w.lane = pair.lane and w.stage = p_stage and w.queue = p_queue
          and w.party = pair.party and w.run_at <= p_now
        limit pair.most
      ) bounded
    ) c
  ), party as (
    select f.party, sum(f.due) as due from found f group by f.party
  ), equal as (
    select p.due, row_number() over w as nth,
      (p_limit - coalesce(sum(p.due) over before, 0)) / (count(*) over () - row_number() over w + 1)
        as part
    from party p
    window w as (order by p.due, p.party),
      before as (order by p.due, p.party rows between unbounded preceding and 1 preceding)
  ), fair as (
    select greatest(1, floor(e.part)) as part from equal e where e.due > e.part
    order by e.nth limit 1
  ), shared as (
    select f.place, f.lane, f.party, f.due, f.most, case
        when fair.part is null or p.due <= fair.part then f.due
        else least(f.due,
          floor(fair.part * f.nth / f.lanes) - floor(fair.part * (f.nth - 1) / f.lanes))
      end as share
    from found f join party p on p.party = f.party left join fair on true
  )
  select s.lane, coalesce(array_agg(s.party) filter (where s.share > 0), '{}'),
    coalesce(array_agg(s.share::integer) filter (where s.share > 0), '{}'),
    bool_or(s.share < s.due or s.due = s.most)
  from shared s group by s.place, s.lane order by s.place;
end $$;

-- Locks rows of one lane, so many of each party, at most p_limit; where they lie. A locked row stays
-- where it is. Rows another worker holds are passed over.
create function lock_due(
  p_lane smallint, p_stage text, p_queue text, p_parties integer[], p_shares integer[],
  p_limit integer, p_now timestamptz
) returns tid[] language plpgsql as $$
begin
  return array(
    select d.ctid from unnest(p_parties, p_shares) as u(party, share) cross join lateral (
      select w.ctid from work w
      where w.lane = p_lane and w.stage = p_stage and w.queue = p_queue and w.party = u.party
        and w.run_at <= p_now
      order by w.run_at, w.id limit u.share for update skip locked
    ) d limit p_limit
  );
end $$;

-- Takes work of one stage for good (deleted in the caller's transaction), lane by lane from p_first
-- on, so that no statement locks rows of two lanes, in the order in which they fell due within a
-- lane and party. First in fair shares; what they leave of p_limit goes to whoever has more. The
-- planner is kept to the key, and to the places of the rows, whatever it believes of a table that is
-- filled and emptied all the time.
create function claim_work(
  p_stage text, p_queue text, p_limit integer, p_first integer, p_now timestamptz
) returns setof work language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off
set enable_mergejoin = off as $$
declare
  taken integer := 0;
  more boolean;
  found record;
  due tid[];
begin
  for round in 1..2 loop
    more := false;
    for found in select * from due_shares(p_stage, p_queue, p_limit - taken, p_first, p_now) loop
      more := more or found.more;
      due := case when found.parties is null then array(
          select w.ctid from work w
          where w.lane = found.lane and w.stage = p_stage and w.queue = p_queue
            and w.run_at <= p_now
          order by w.run_at, w.id limit p_limit - taken for update skip locked
        )
        else lock_due(found.lane, p_stage, p_queue, found.parties,
          case round when 1 then found.shares
            else array_fill(p_limit - taken, array[cardinality(found.parties)]) end,
          p_limit - taken, p_now) end;
      continue when due = '{}';
      return query
        with gone as (
          delete from work w where w.ctid = any (due) returning w.*
        )
        select * from gone order by run_at, id;
      taken := taken + cardinality(due);
      exit when taken >= p_limit;
    end loop;
    exit when taken >= p_limit or not more;
  end loop;
end $$;

-- Takes work on lease: it stays, and comes due again at p_until unless it is deleted before.
create function lease_work(
  p_stage text, p_queue text, p_limit integer, p_first integer, p_now timestamptz,
  p_until timestamptz
) returns setof work language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off
set enable_mergejoin = off as $$
declare
  taken integer := 0;
  more boolean;
  found record;
  due tid[];
begin
  for round in 1..2 loop
    more := false;
    for found in select * from due_shares(p_stage, p_queue, p_limit - taken, p_first, p_now) loop
      more := more or found.more;
      due := case when found.parties is null then array(
          select w.ctid from work w
          where w.lane = found.lane and w.stage = p_stage and w.queue = p_queue
            and w.run_at <= p_now
          order by w.run_at, w.id limit p_limit - taken for update skip locked
        )
        else lock_due(found.lane, p_stage, p_queue, found.parties,
          case round when 1 then found.shares
            else array_fill(p_limit - taken, array[cardinality(found.parties)]) end,
          p_limit - taken, p_now) end;
      continue when due = '{}';
      return query
        with held as (
          update work w set run_at = p_until, attempts = w.attempts + 1
          where w.ctid = any (due) returning w.*
        )
        select * from held order by id;
      taken := taken + cardinality(due);
      exit when taken >= p_limit;
    end loop;
    exit when taken >= p_limit or not more;
  end loop;
end $$;
