-- Rehearsals: a peak replayed against a simulated office, with how far it is and what it found. One
-- that is under way writes down that it lives; silence means that its process is gone.
create table rehearsal (
  id uuid primary key,
  started_at timestamptz not null,
  started_by text,
  times integer not null,
  seconds integer not null,
  planned integer not null,
  state text not null check (state in ('running', 'done', 'failed', 'stopped')),
  beat_at timestamptz not null,
  phase text not null,
  done integer not null default 0,
  ended_at timestamptz,
  problem text,
  report jsonb
);
