-- Cheaper batches: bytes without hexadecimal digits, and fair shares of short queues by one ranking.

-- The pieces of p_all, one after the other, so many bytes each; -1 is null. The way a batch carries
-- its bytes, which inside an array would travel as hexadecimal text.
create function bytea_pieces(p_all bytea, p_lengths integer[]) returns setof bytea
language plpgsql immutable strict as $$
declare
  place integer := 1;
  size integer;
begin
  foreach size in array p_lengths loop
    if size < 0 then
      return next null;
    else
      return next substring(p_all from place for size);
      place := place + size;
    end if;
  end loop;
end $$;

-- As before, but a queue of few rows is shared by ranking them: each party's first before anybody's
-- second, a party's own over all of its lanes. Looking for parties lane by lane, as a long queue
-- needs it, costs some 4 ms however few rows there are, and a link's queue is nearly always longer
-- than the handful of messages that go at once.
create or replace function due_shares(
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
  if longest <= bound then
    if waiting <= p_limit then
      return query select u.lane, null::integer[], null::integer[], false
        from unnest(busy) with ordinality u(lane, place) order by u.place;
      return;
    end if;
    return query with due as (
      select u.place, w.lane, w.party,
        row_number() over (partition by w.party order by w.run_at, u.place, w.id) as nth, w.run_at
      from unnest(busy) with ordinality u(lane, place)
      join work w on w.lane = u.lane and w.stage = p_stage and w.queue = p_queue
        and w.run_at <= p_now
    ), shared as (
      select d.place, d.lane, d.party, count(*) filter (where d.taken) as share, count(*) as due
      from (
        select due.*, row_number() over (order by due.nth, due.run_at, due.place) <= p_limit as taken
        from due
      ) d group by d.place, d.lane, d.party
    )
    select s.lane, coalesce(array_agg(s.party) filter (where s.share > 0), '{}'),
      coalesce(array_agg(s.share::integer) filter (where s.share > 0), '{}'),
      bool_or(s.share < s.due)
    from shared s group by s.place, s.lane order by s.place;
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

-- As before, in one statement a lane.
create or replace function claim_work(
  p_stage text, p_queue text, p_limit integer, p_first integer, p_now timestamptz
) returns setof work language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off
set enable_mergejoin = off as $$
declare
  taken integer := 0;
  more boolean;
  found record;
  moved integer;
begin
  for round in 1..2 loop
    more := false;
    for found in select * from due_shares(p_stage, p_queue, p_limit - taken, p_first, p_now) loop
      more := more or found.more;
      if found.parties is null then
        return query
          with due as materialized (
            select w.ctid as place from work w
            where w.lane = found.lane and w.stage = p_stage and w.queue = p_queue
              and w.run_at <= p_now
            order by w.run_at, w.id limit p_limit - taken for update skip locked
          ), gone as (
            delete from work w using due where w.ctid = due.place
            returning w.*
          )
          select * from gone order by run_at, id;
      else
        return query
          with due as materialized (
            select place from unnest(lock_due(found.lane, p_stage, p_queue, found.parties,
              case round when 1 then found.shares
                else array_fill(p_limit - taken, array[cardinality(found.parties)]) end,
              p_limit - taken, p_now)) as place
          ), gone as (
            delete from work w using due where w.ctid = due.place
            returning w.*
          )
          select * from gone order by run_at, id;
      end if;
      get diagnostics moved = row_count;
      taken := taken + moved;
      exit when taken >= p_limit;
    end loop;
    exit when taken >= p_limit or not more;
  end loop;
end $$;

create or replace function lease_work(
  p_stage text, p_queue text, p_limit integer, p_first integer, p_now timestamptz,
  p_until timestamptz
) returns setof work language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off
set enable_mergejoin = off as $$
declare
  taken integer := 0;
  more boolean;
  found record;
  moved integer;
begin
  for round in 1..2 loop
    more := false;
    for found in select * from due_shares(p_stage, p_queue, p_limit - taken, p_first, p_now) loop
      more := more or found.more;
      if found.parties is null then
        return query
          with due as materialized (
            select w.ctid as place from work w
            where w.lane = found.lane and w.stage = p_stage and w.queue = p_queue
              and w.run_at <= p_now
            order by w.run_at, w.id limit p_limit - taken for update skip locked
          ), held as (
            update work w set run_at = p_until, attempts = w.attempts + 1
            from due where w.ctid = due.place
            returning w.*
          )
          select * from held order by id;
      else
        return query
          with due as materialized (
            select place from unnest(lock_due(found.lane, p_stage, p_queue, found.parties,
              case round when 1 then found.shares
                else array_fill(p_limit - taken, array[cardinality(found.parties)]) end,
              p_limit - taken, p_now)) as place
          ), held as (
            update work w set run_at = p_until, attempts = w.attempts + 1
            from due where w.ctid = due.place
            returning w.*
          )
          select * from held order by id;
      end if;
      get diagnostics moved = row_count;
      taken := taken + moved;
      exit when taken >= p_limit;
    end loop;
    exit when taken >= p_limit or not more;
  end loop;
end $$;
