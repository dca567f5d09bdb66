-- Messages that are sent again, and replies that are read or found again.

-- When a message was sent again, or is going to be: one entry for each time, in order. An answer of the
-- exchange platform speaks of the last sending before it came in.
alter table message add column resent_at timestamptz[] not null default '{}';
-- Before its first sending, of a message with a later version of a document: nobody answers that
-- version earlier.
alter table message add column tried_at timestamptz;
update message set tried_at = created_at where 1 < any (document_versions);
-- For the operator: few messages ever are in trouble.
create index message_trouble on message (lane, id) where problem is not null;

-- Bytes as they came, and how often somebody tried to read and fold them.
alter table reply add column size integer, add column attempts integer not null default 0;

-- A document that is composed finds the replies that were there before it.
create index unmatched_reply_number on unmatched_reply (lane, number) where name is null;
