-- Two-factor sign-in: the table of better-auth's two-factor plugin, under the names it asks for.
-- Secret and backup codes are encrypted by the account engine.

alter table "user" add column "twoFactorEnabled" boolean default false;

create table "twoFactor" (
  "id" text not null primary key,
  "secret" text not null,
  "backupCodes" text not null,
  "userId" text not null references "user" ("id") on delete cascade,
  "verified" boolean default true,
  "failedVerificationCount" integer default 0,
  "lockedUntil" timestamptz
);
create index "twoFactor_secret_idx" on "twoFactor" ("secret");
create index "twoFactor_userId_idx" on "twoFactor" ("userId");
