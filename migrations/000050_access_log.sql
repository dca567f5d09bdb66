-- The log of accesses also tells what was done to accounts, keys, mandates and reference data, and who opened messages,
-- documents and reports: one column names what it was done to, another the API key that did it. Which deeds there are is
-- said where they are written.
alter table access_log disable trigger access_log_append_only;
alter table access_log add column subject text not null default '';
update access_log set subject = coalesce(reply_id, payment_id)::text where coalesce(reply_id, payment_id) is not null;
alter table access_log alter column subject drop default;
alter table access_log add column key_id text;
alter table access_log drop column reply_id, drop column payment_id;
alter table access_log drop constraint access_log_what_check;
alter table access_log enable trigger access_log_append_only;
create index access_log_what on access_log (what, id);
create index access_log_user on access_log (user_id, id) where user_id is not null;
create index access_log_key on access_log (key_id, id) where key_id is not null;
