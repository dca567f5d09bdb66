-- Signers that must be called out to, the pool of an enterprise, and messages that wait for them.

-- `local`: the private key lies sealed in this row. `remote`: a signing service at the address in
-- `driver` signs. `device`: a device behind the driver of that name does. The far side knows the key
-- as `label`; its token or PIN lies sealed in `sealed_secret`. Signers are used in the order of
-- `priority`, the smallest first. One that is retired keeps its certificate and nothing secret.
alter table signing_key
  alter column sealed_key drop not null,
  add column kind text not null default 'local' check (kind in ('local', 'remote', 'device')),
  add column driver text,
  add column label text,
  add column sealed_secret bytea,
  add column priority smallint not null default 100,
  add column retired_at timestamptz,
  add check (kind <> 'local' or sealed_key is not null or retired_at is not null),
  add check (kind = 'local' or (driver is not null and label is not null));

-- How a signer stands, for all gateways on this database; without a row it is untroubled and was not
-- measured yet. `warned_days` is the last step of the warnings before its certificate ends.
create table signer_state (
  enterprise_id text not null,
  key_name text not null,
  state text not null check (state in ('ok', 'quarantined')),
  since timestamptz not null,
  failures integer not null default 0,
  retry_at timestamptz not null,
  problem text,
  rate double precision,
  rate_at timestamptz,
  warned_days smallint,
  primary key (enterprise_id, key_name),
  foreign key (enterprise_id, key_name) references signing_key (enterprise_id, key_name)
) with (fillfactor = 50);
create index signer_quarantined on signer_state (retry_at) where state = 'quarantined';

-- A message without a hash is not signed yet: `sealed` is its canonical text, and `place` says where
-- in it the signature belongs and which namespaces are in scope there. Bytes with a hash never change.
alter table message
  alter column hash drop not null,
  add column signed_at timestamptz,
  add column place jsonb,
  add check ((hash is null) = (place is not null));
