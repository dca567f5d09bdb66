-- The day on which customs released a document, yyyyMMdd in China: of the earliest evidence of its version.
-- Taxes fall due and returns are possible for so long from it. Kept with the state, so that the lists of a
-- day are found by it; before, the events of all that were born lately were read.
alter table document_state add column released_on text;
update document_state s set released_on = e.day
from (
  select lane, document_id, version, left(min(return_time), 8) as day from event
  where state in ('released', 'closed') and return_time <> '' group by 1, 2, 3
) e
where s.lane = e.lane and s.id = e.document_id and s.version = e.version;
create index document_state_released on document_state (sender_id, kind, released_on, id)
  where released_on is not null;
