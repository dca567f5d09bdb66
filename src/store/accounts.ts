/**
 * Enterprises with their members and API keys. An enterprise and its
 * organisation in the account tables are one thing with one id, written in one transaction. The
 * account tables belong to better-auth; only what it offers no server call for is read here.
 */
import { type Selectable, sql } from 'kysely'
import type { Db, EnterpriseTable } from './tables.ts'
import { inTransaction } from './transaction.ts'

export interface EnterpriseRow {
  readonly id: string
  readonly name: string
  readonly customsCode: string | null
  readonly creditCode: string | null
  readonly roles: readonly string[]
  readonly dxpId: string | null
  /** Accounts it had before, the latest last. */
  readonly formerDxpIds: readonly string[]
  readonly waitsForCompanions: boolean
  readonly createdAt: Date
}

export interface NewEnterprise extends Omit<EnterpriseRow, 'createdAt' | 'formerDxpIds'> {
  /** The user who owns it in the account tables. */
  readonly ownerUserId: string
  readonly memberId: string
}

/** False when its customs code or credit code is registered already. */
export const insertEnterprise = (db: Db, made: NewEnterprise, now: Date): Promise<boolean> =>
  inTransaction(db, async (trx) => {
    const inserted = await trx
      .insertInto('enterprise')
      .values({
        id: made.id,
        name: made.name,
        customs_code: made.customsCode,
        credit_code: made.creditCode,
        roles: [...made.roles],
        dxp_id: made.dxpId,
        waits_for_companions: made.waitsForCompanions,
        created_at: now,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .executeTakeFirst()
    if (inserted === undefined) return false
    await sql`insert into "organization" ("id", "name", "slug", "createdAt")
      values (${made.id}, ${made.name}, ${made.id}, ${now})`.execute(trx)
    await sql`insert into "member" ("id", "organizationId", "userId", "role", "createdAt")
      values (${made.memberId}, ${made.id}, ${made.ownerUserId}, 'owner', ${now})`.execute(trx)
    return true
  })

export const findEnterprise = async (db: Db, id: string): Promise<EnterpriseRow | undefined> => {
  const row = await db.selectFrom('enterprise').selectAll().where('id', '=', id).executeTakeFirst()
  return row === undefined ? undefined : enterpriseOf(row)
}

/**
 * The account from now on: what is composed after it names the new one, what was composed before keeps
 * the old. False when there is no such enterprise, or it has that account already.
 */
export const changeDxpAccount = async (db: Db, id: string, dxpId: string): Promise<boolean> => {
  const changed = await sql`
    update enterprise set dxp_id = ${dxpId},
      former_dxp_ids = array_remove(former_dxp_ids, ${dxpId}::text)
        || array_remove(array[dxp_id], null)
    where id = ${id} and dxp_id is distinct from ${dxpId} returning id`.execute(db)
  return changed.rows.length > 0
}

/** By either of the codes customs knows it by. */
export const findEnterpriseByCode = async (
  db: Db,
  code: string,
): Promise<EnterpriseRow | undefined> => {
  const row = await db
    .selectFrom('enterprise')
    .selectAll()
    .where((on) => on.or([on('customs_code', '=', code), on('credit_code', '=', code)]))
    .executeTakeFirst()
  return row === undefined ? undefined : enterpriseOf(row)
}

/** All codes of the enterprise that has this one; this one alone where none is registered. */
export const findCodesBeside = async (db: Db, code: string): Promise<readonly string[]> => {
  const found = await findEnterpriseByCode(db, code)
  const codes = [found?.customsCode, found?.creditCode].filter((each) => typeof each === 'string')
  return codes.length === 0 ? [code] : codes
}

/**
 * In order of their ids, which are in order of birth; after `after` when given. With `q` those whose
 * name holds it, or who have it as a code: enterprises are some thousands, so a scan is quick.
 */
export const listEnterprises = async (
  db: Db,
  limit: number,
  after?: string,
  q = '',
): Promise<readonly EnterpriseRow[]> => {
  let query = db.selectFrom('enterprise').selectAll().orderBy('id').limit(limit)
  if (after !== undefined) query = query.where('id', '>', after)
  if (q !== '')
    query = query.where(
      sql<boolean>`(position(lower(${q}) in lower(name)) > 0
        or upper(${q}) in (customs_code, credit_code) or ${q} in (id, dxp_id))`,
    )
  return (await query.execute()).map(enterpriseOf)
}

const enterpriseOf = (row: Selectable<EnterpriseTable>): EnterpriseRow => ({
  id: row.id,
  name: row.name,
  customsCode: row.customs_code,
  creditCode: row.credit_code,
  roles: row.roles,
  dxpId: row.dxp_id,
  formerDxpIds: row.former_dxp_ids,
  waitsForCompanions: row.waits_for_companions,
  createdAt: row.created_at,
})

/** DXP accounts that enterprises have and had, each once, in their order, at most `limit`. */
export const findDxpAccounts = async (db: Db, limit: number): Promise<readonly string[]> =>
  (
    await sql<{ dxpId: string }>`
      select distinct a.id as "dxpId" from enterprise e
      cross join unnest(e.former_dxp_ids || e.dxp_id) a (id)
      where a.id is not null order by a.id limit ${limit}`.execute(db)
  ).rows.map(({ dxpId }) => dxpId)

// ---- members ---------------------------------------------------------------------------------

export interface Membership {
  readonly enterpriseId: string
  readonly role: string
}

export const findMemberships = async (db: Db, userId: string): Promise<readonly Membership[]> =>
  (
    await sql<Membership>`select m."organizationId" as "enterpriseId", m."role" from "member" m
      where m."userId" = ${userId} order by m."organizationId"`.execute(db)
  ).rows

/** Does nothing when the user is a member already. */
export const insertMember = async (
  db: Db,
  member: {
    readonly id: string
    readonly enterpriseId: string
    readonly userId: string
    readonly role: string
  },
  now: Date,
): Promise<void> => {
  await sql`insert into "member" ("id", "organizationId", "userId", "role", "createdAt")
    select ${member.id}, ${member.enterpriseId}, ${member.userId}, ${member.role}, ${now}
    where not exists (select 1 from "member" where "organizationId" = ${member.enterpriseId}
      and "userId" = ${member.userId})`.execute(db)
}

/** A user who owns the enterprise: better-auth wants one to make an API key in its name. */
export const findOwner = async (db: Db, enterpriseId: string): Promise<string | undefined> =>
  (
    await sql<{ userId: string }>`select "userId" from "member"
      where "organizationId" = ${enterpriseId} and "role" = 'owner'
      order by "createdAt", "id" limit 1`.execute(db)
  ).rows[0]?.userId

/** The longest-standing user with this role of the gateway; undefined before the first start. */
export const findUserWithRole = async (db: Db, role: string): Promise<string | undefined> =>
  (
    await sql<{ id: string }>`select "id" from "user" where "role" = ${role}
      order by "createdAt", "id" limit 1`.execute(db)
  ).rows[0]?.id

// ---- API keys --------------------------------------------------------------------------------

export interface ApiKeyRow {
  readonly id: string
  readonly name: string | null
  /** The first characters, by which its owner knows it again. */
  readonly start: string | null
  readonly permissions: string | null
  readonly createdAt: Date
  readonly lastRequest: Date | null
  readonly expiresAt: Date | null
}

/** Keys that act for the enterprise, or for the operator's user id; never the key itself. */
export const listApiKeys = async (db: Db, referenceId: string): Promise<readonly ApiKeyRow[]> =>
  (
    await sql<ApiKeyRow>`select "id", "name", "start", "permissions", "createdAt", "lastRequest",
      "expiresAt" from "apikey" where "referenceId" = ${referenceId}
      order by "createdAt", "id"`.execute(db)
  ).rows

/** Whether a key with this hash is stored, enabled and not expired. */
export const isKeyInForce = async (db: Db, hash: string, now: Date): Promise<boolean> =>
  (
    await sql`select 1 from "apikey" where "key" = ${hash} and "enabled"
      and ("expiresAt" is null or "expiresAt" > ${now})`.execute(db)
  ).rows.length > 0

/** False when there is no such key of this owner. */
export const deleteApiKey = async (db: Db, referenceId: string, id: string): Promise<boolean> =>
  (
    await sql`delete from "apikey" where "id" = ${id} and "referenceId" = ${referenceId}
      returning "id"`.execute(db)
  ).rows.length > 0
