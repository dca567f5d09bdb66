-- Original payment data (announcements 2018-165 and 2018-179): what platforms hand in, the calls of
-- customs for it with the uploads that answer them, and who was shown any of it.

-- One row per version of a payment, never changed; lane of payTransactionId. What customs may ask for
-- is sealed whole.
create table original_payment (
  lane smallint not null,
  id uuid not null,
  pay_transaction_id text not null,
  ebp_code text not null,
  version integer not null,
  platform_id text not null references enterprise (id),
  submitted_by text not null,
  content_hash bytea not null,
  sealed bytea not null,
  created_at timestamptz not null,
  primary key (lane, id)
);
create unique index original_payment_key
  on original_payment (lane, pay_transaction_id, ebp_code, version);
create index original_payment_age on original_payment (created_at);

-- The orders a payment paid for; lane of the order number.
create table original_payment_order (
  lane smallint not null,
  order_no text not null,
  payment_id uuid not null,
  platform_id text not null,
  primary key (lane, order_no, payment_id)
);
create index original_payment_order_payment on original_payment_order (payment_id);

-- One call of customs and the upload that answers it; lane of the session. The body is built once,
-- kept before it is sent, and sent unchanged as often as needed.
create table disclosure (
  lane smallint not null,
  id uuid not null,
  session_id text not null,
  order_no text not null,
  platform_id text not null references enterprise (id),
  request_id text not null,
  asked_at timestamptz not null,
  state text not null check (state in ('asked', 'built', 'done', 'ended')),
  sealed_body bytea,
  code text,
  sealed_message bytea,
  problem text,
  settled_at timestamptz,
  primary key (lane, id)
) with (fillfactor = 70);
create unique index disclosure_session on disclosure (lane, session_id);
create index disclosure_order on disclosure (order_no);
create index disclosure_platform on disclosure (platform_id, id);
create index disclosure_open on disclosure (platform_id) where state in ('asked', 'built');
create index disclosure_age on disclosure (asked_at);

-- Who was shown original payment data, append-only. The actor is an enterprise's id, 'operator' or
-- 'customs'; `enterprise_id` is whose data it was.
create table access_log (
  id uuid primary key,
  at timestamptz not null,
  actor text not null,
  user_id text,
  what text not null check (what in ('viewed', 'disclosed')),
  enterprise_id text not null,
  order_no text not null,
  payment_id uuid not null,
  request_id text not null
);
create index access_log_enterprise on access_log (enterprise_id, id);
create trigger access_log_append_only before update or delete on access_log
  for each row execute function refuse_change();
