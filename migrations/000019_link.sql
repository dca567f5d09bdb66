-- Messages on their way out by their id, and versions that wait for one; how long nothing was heard.

-- Whether a message is on its way is asked of its id. Only work of whole messages is in it, one row
-- for up to a hundred documents, so handing in does not pay for it.
create index work_message on work (lane, subject) where stage in ('sign', 'dispatch');

-- Versions that wait for a message to go out. Neither column ever changes with a state, so that
-- updates of states stay in place.
create index document_state_prior on document_state (prior_message_id)
  where prior_message_id is not null;

-- Rounds of sending after which nothing was heard of the message: 0 for one that has its first time.
alter table awaited_message add column round smallint not null default 0;
create index awaited_message_silent on awaited_message (lane, id) where round > 0;
