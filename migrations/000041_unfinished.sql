-- Why a document is not done: it goes on by itself, waits for somebody who acts, or was refused. Desks
-- and interfaces list these first, and find the few of them among all that are done. A column of its
-- own, because it changes once in the life of most documents: an index by state would get a new entry at
-- each step of every one. Made by the database, so that no way in can forget it. What is done follows the
-- catalogue; of a kind that came later it may say "under way" of what is done, never the reverse.
-- Rewrites the table once.
alter table document_state add column unfinished text generated always as (case
  when state in ('blocked', 'undelivered', 'unknown', 'forward-failed', 'held', 'suspended')
    then 'action-needed'
  when state in ('rejected', 'sent-back', 'cancelled') then 'refused'
  -- Lists and returns.
  when state = 'released' and kind in ('CEB213', 'CEB603', 'CEB621', 'CEB625') then null
  when state = 'closed' and kind in ('CEB603', 'CEB621') then null
  -- Orders, payments, waybills and what customs stores of them; then what customs approves.
  when state = 'stored' and kind in ('CEB303', 'CEB311', 'CEB403', 'CEB411', 'CEB505', 'CEB511',
    'CEB513', 'CEB607', 'CEB711') then null
  when state = 'approved' and kind in ('CEB215', 'CEB303', 'CEB311', 'CEB403', 'CEB411', 'CEB505',
    'CEB507', 'CEB509', 'CEB511', 'CEB513', 'CEB605', 'CEB607', 'CEB623', 'CEB625', 'CEB701', 'CEB711')
    then null
  else 'under-way'
end) stored;
create index document_state_unfinished on document_state (sender_id, unfinished, id)
  where unfinished is not null;
create index document_state_unfinished_lane on document_state (lane, unfinished, id)
  where unfinished is not null;

-- The few returns of a sender among all his orders.
create index document_state_kind on document_state (sender_id, kind, id);
