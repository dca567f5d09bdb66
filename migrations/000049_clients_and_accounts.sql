-- Whose business a document is, for those who hand in for many: the code of the merchant that it names,
-- else of its sender. Kept with the state, so that desks count and list by client along one index
-- (sender, client, why it is not done, birth), which an entry joins at birth and when the document is done.
alter table document_state add column client text not null default '';
update document_state s
set client = coalesce(nullif(h.merchant, ''), e.customs_code, e.credit_code, '')
from document d
  cross join lateral (
    -- The head is the one member that is no list of lines; some kinds have no groups.
    select coalesce(d.payload ->> 'ebcCode', (
      select value ->> 'ebcCode' from json_each(d.payload) where json_typeof(value) = 'object' limit 1
    )) as merchant
  ) h, enterprise e
where d.lane = s.lane and d.id = s.id and d.version = s.version and e.id = s.sender_id;
create index document_state_client on document_state (sender_id, client, unfinished, id);

alter table rejection add column client text not null default '';
update rejection r set client = s.client
from document_state s where s.lane = r.lane and s.id = r.document_id;
create index rejection_client on rejection (sender_id, client, document_id);

alter table open_stage add column client text not null default '';
update open_stage o set client = s.client
from document_state s where s.lane = o.lane and s.id = o.document_id;
create index open_stage_client on open_stage (sender_id, client, since, document_id);

-- DXP accounts that an enterprise had before: replies to what was sent under one still come to it. Who
-- changed it, and when, is in the log of accesses.
alter table enterprise add column former_dxp_ids text[] not null default '{}';
