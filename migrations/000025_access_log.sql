-- The log of accesses also says who opened the bytes of a reply, and is kept as long as what it is about.
alter table access_log alter column payment_id drop not null;
alter table access_log add column reply_id uuid;
alter table access_log drop constraint access_log_what_check;
alter table access_log add constraint access_log_what_check
  check (what in ('viewed', 'disclosed', 'reply-opened'));
create index access_log_age on access_log (at);

-- Rows are deleted by age and in no other way: whoever does it says so for his transaction.
create function refuse_deletion() returns trigger language plpgsql as $$
begin
  if current_setting('yuguan.forgetting', true) = 'on' then
    return old;
  end if;
  raise exception '% is append-only', tg_table_name;
end $$;
drop trigger access_log_append_only on access_log;
create trigger access_log_append_only before update on access_log
  for each row execute function refuse_change();
create trigger access_log_kept before delete on access_log
  for each row execute function refuse_deletion();
