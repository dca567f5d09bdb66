-- Events as those are told who follow them: in the order of their numbers, none left out.

-- How far the story is settled. An event's number is given out before the event can be seen, so a reader
-- who goes by numbers would pass over what is committed behind him.
create table event_feed (
  is_one boolean primary key default true check (is_one),
  -- No event with a number up to here is still to come.
  sealed bigint not null default 0,
  -- Numbers given out when it was looked last, and who was writing then: sealed when all of them are done.
  given bigint not null default 0,
  writers text[] not null default '{}',
  -- Entered in `event_page` up to here.
  paged bigint not null default 0,
  -- Pages up to here are forgotten.
  forgotten bigint not null default 0,
  -- When somebody last pulled, to the hour: without followers no pages are made.
  pulled_at timestamptz
);
-- What was written before anybody could follow is told to nobody.
insert into event_feed (sealed, given, paged, forgotten)
select s.last, s.last, s.last, s.last from (
  select case when is_called then last_value else 0 end as last from event_seq_seq
) s;

-- Contents of the story: events of a sender in a stretch of numbers, each with its document. Made behind
-- the writers, who pay nothing for it.
create table event_page (
  sender_id text not null,
  -- Number of its last event.
  upto bigint not null,
  -- In order, and the document of each.
  seqs bigint[] not null,
  ids uuid[] not null,
  -- Of its last event.
  at timestamptz not null,
  primary key (sender_id, upto)
);
create index event_page_at on event_page (at);

-- Seals what is settled; locks the row until the transaction ends. No row when somebody else is at it.
-- Whoever writes events has locked the table from before their numbers are given out until after they can
-- be seen, so that reading the numbers first and the locks then misses nobody.
create function seal_events(out sealed bigint, out paged bigint) returns setof record
language plpgsql as $$
declare
  feed event_feed;
  given_now bigint;
begin
  select * into feed from event_feed for update skip locked;
  if not found then
    return;
  end if;
  if feed.sealed < feed.given and not feed.writers && event_writers() then
    feed.sealed := feed.given;
    feed.writers := '{}';
  end if;
  select case when is_called then last_value else 0 end into given_now from event_seq_seq;
  if feed.sealed = feed.given and given_now > feed.given then
    feed.given := given_now;
    feed.writers := event_writers();
    if feed.writers = '{}' then
      feed.sealed := feed.given;
    end if;
  end if;
  update event_feed f set sealed = feed.sealed, given = feed.given, writers = feed.writers
  where (f.sealed, f.given) <> (feed.sealed, feed.given);
  sealed := feed.sealed;
  paged := feed.paged;
  return next;
end $$;

-- A number between the two up to which all events are from before then, looked for by halves: of each half
-- the last stretch of numbers is read. Events nearly follow the clock, and a stretch without any counts as new.
create function old_events(low bigint, high bigint, stretch bigint, since timestamptz)
returns bigint language plpgsql stable as $$
declare
  middle bigint;
  latest timestamptz;
begin
  while high - low > stretch loop
    middle := (low + high) / 2;
    select max(e.at) into latest from event e where e.seq > middle - stretch and e.seq <= middle;
    if latest < since then
      low := middle;
    else
      high := middle;
    end if;
  end loop;
  return low;
end $$;

-- Transactions that write events at this moment.
create function event_writers() returns text[] language sql volatile as $$
  select coalesce(array_agg(l.virtualtransaction), '{}') from pg_locks l
  where l.locktype = 'relation' and l.relation = 'event'::regclass and l.granted
    and l.database = (select d.oid from pg_database d where d.datname = current_database())
    and l.mode = 'RowExclusiveLock'
$$;

-- Where an enterprise has events pushed to, and how far its receiver has taken them.
create table webhook (
  id uuid primary key,
  enterprise_id text not null references enterprise (id),
  url text not null,
  description text not null,
  -- Null for all.
  kinds text[],
  groups text[],
  sealed_secret bytea not null,
  -- Signs beside the new one until then.
  sealed_old_secret bytea,
  old_secret_until timestamptz,
  state text not null default 'active' check (state in ('active', 'paused', 'disabled')),
  -- Why it is disabled.
  problem text,
  -- Its receiver has taken everything up to here.
  taken bigint not null,
  -- A try that came to no end speaks of events up to here, and so does the next: the same bytes.
  pledged bigint,
  -- When it may be tried; while somebody is at it, when his lease ends.
  due_at timestamptz not null,
  attempts integer not null default 0,
  failing_since timestamptz,
  created_at timestamptz not null
);
create index webhook_enterprise on webhook (enterprise_id, id);
create index webhook_due on webhook (due_at) where state = 'active';

-- The last tries of each.
create table webhook_try (
  webhook_id uuid not null references webhook (id) on delete cascade,
  id bigint generated always as identity,
  message_id text not null,
  type text not null,
  events integer not null,
  at timestamptz not null,
  ms integer not null,
  -- Of HTTP; null where no answer came, and `reason` says why.
  status integer,
  reason text,
  primary key (webhook_id, id)
);
