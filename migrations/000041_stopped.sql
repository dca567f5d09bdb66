-- Whether a document goes on only if somebody acts, or not at all: what desks and interfaces list first,
-- and find among whatever else is stored. A column of its own, because it seldom changes: an index by
-- state would get a new entry at each step of every document. Made by the database, so that no way in can
-- forget it. Rewrites the table once.
alter table document_state add column stopped boolean not null generated always as (state in
  ('blocked', 'undelivered', 'unknown', 'forward-failed', 'rejected', 'held', 'suspended', 'sent-back',
    'cancelled')) stored;
create index document_state_stopped on document_state (sender_id, id) where stopped;
create index document_state_stopped_lane on document_state (lane, id) where stopped;
