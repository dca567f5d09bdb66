-- News of the desks are read from the end of the story. Events are only added, in the order of their
-- numbers, so an index of ranges finds the end of the table and costs the writers nothing to speak of.
create index event_seq on event using brin (seq) with (pages_per_range = 16, autosummarize = on);
