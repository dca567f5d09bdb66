-- How long documents stand where they stand: the stages each went through, what is usual, and the few
-- that are open for longer. Written by a chore beside the flow; no step of the flow pays for it.

-- 17 digits of China time.
create function official_moment(p_time text) returns timestamptz
language sql stable strict parallel safe as $$
  select (substr(p_time, 1, 8) || ' ' || substr(p_time, 9, 2) || ':' || substr(p_time, 11, 2)
    || ':' || substr(p_time, 13, 2) || '.' || substr(p_time, 15, 3) || '+08')::timestamptz
$$;

-- The stages of documents in the version asked for, in the order in which evidence counts; `until` is
-- null for the one it is in. A stage begins when its first evidence happened, by the time customs
-- gives or else by ours, and never before the one ahead of it. Lanes, ids and versions go side by side.
create function stage_spans(
  p_lanes smallint[], p_ids uuid[], p_versions integer[], p_final integer
) returns table (lane smallint, document_id uuid, state text, since timestamptz, until timestamptz)
language sql stable as $$
  with told as (
    select e.lane, e.document_id, e.state,
      row_number() over counting as n,
      max(case when e.return_time = '' then e.at else official_moment(e.return_time) end)
        over counting as reached,
      lag(e.state) over counting as before
    from unnest(p_lanes, p_ids, p_versions) r(lane, id, version)
    join event e on e.lane = r.lane and e.document_id = r.id and e.version = r.version
    window counting as (
      partition by e.lane, e.document_id
      order by e.return_time <> '' and e.rank >= p_final, e.return_time collate "C", e.rank, e.seq
      rows between unbounded preceding and current row
    )
  )
  select t.lane, t.document_id, t.state, t.reached,
    lead(t.reached) over (partition by t.lane, t.document_id order by t.n)
  from told t where t.before is distinct from t.state
$$;

-- Documents that were open when the chore looked, with the stage they were in; lane of the document.
-- `zone` is '' for none. Whoever reads it holds it against the document's state.
create table open_stage (
  lane smallint not null,
  document_id uuid not null,
  kind text not null,
  sender_id text not null,
  zone text not null,
  version integer not null,
  state text not null,
  since timestamptz not null,
  primary key (lane, document_id)
);
create index open_stage_since on open_stage (since, document_id);
create index open_stage_sender on open_stage (sender_id, since, document_id);

-- Up to which birth documents were looked at, for each age at which that is done, in seconds.
create table stage_look (
  age integer primary key,
  looked_until timestamptz not null
);

-- A sample of documents of each kind and zone, whatever became of them; their stages are counted anew
-- at every reckoning.
create table stage_sample (
  lane smallint not null,
  document_id uuid not null,
  kind text not null,
  zone text not null,
  primary key (lane, document_id)
);

-- What is usual, from the sample: stages that were left. `zone` is '*' for all of them together.
create table stage_pace (
  kind text not null,
  zone text not null,
  state text not null,
  stages integer not null,
  median_seconds double precision not null,
  p95_seconds double precision not null,
  as_of timestamptz not null,
  primary key (kind, zone, state)
);
