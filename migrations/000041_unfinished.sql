-- What a document that does not go on by itself waits for: somebody who acts, or nothing any more. Desks
-- and interfaces list these first, and find them among whatever else is stored. A column of its own,
-- because it seldom changes: an index by state would get a new entry at each step of every document. Made
-- by the database, so that no way in can forget it. Rewrites the table once.
alter table document_state add column stopped text generated always as (case
  when state in ('blocked', 'undelivered', 'unknown', 'forward-failed', 'held', 'suspended')
    then 'action-needed'
  when state in ('rejected', 'sent-back', 'cancelled') then 'refused'
end) stored;
create index document_state_stopped on document_state (sender_id, stopped, id)
  where stopped is not null;
create index document_state_stopped_lane on document_state (lane, stopped, id)
  where stopped is not null;
