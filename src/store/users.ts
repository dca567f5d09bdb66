/**
 * Changes to users that better-auth offers no server call for: roles in an enterprise, and a second factor
 * that was lost. How users are listed stands in `people.ts`.
 */
import { sql } from 'kysely'
import type { Db } from './tables.ts'
import { inTransaction } from './transaction.ts'

export type MemberChanged = 'done' | 'not-found' | 'last-owner'

/** Gives a member another role; undefined takes him out. The last owner stays one. */
export const changeMember = (
  db: Db,
  enterpriseId: string,
  userId: string,
  role: string | undefined,
): Promise<MemberChanged> =>
  inTransaction(db, async (trx) => {
    // All of them are locked, so that two owners do not take each other out at the same moment.
    const members = await sql<{ readonly userId: string; readonly role: string }>`
      select "userId", "role" from "member" where "organizationId" = ${enterpriseId}
      order by "id" for update`.execute(trx)
    const member = members.rows.find((row) => row.userId === userId)
    if (member === undefined) return 'not-found'
    const others = members.rows.filter((row) => row.role === 'owner' && row.userId !== userId)
    if (member.role === 'owner' && role !== 'owner' && others.length === 0) return 'last-owner'
    if (role !== undefined)
      await sql`update "member" set "role" = ${role}
        where "organizationId" = ${enterpriseId} and "userId" = ${userId}`.execute(trx)
    else await takeOut(trx, enterpriseId, userId)
    return 'done'
  })

/** A session that acts for the enterprise acts for none afterwards. */
const takeOut = async (trx: Db, enterpriseId: string, userId: string): Promise<void> => {
  await sql`delete from "member"
    where "organizationId" = ${enterpriseId} and "userId" = ${userId}`.execute(trx)
  await sql`update "session" set "activeOrganizationId" = null
    where "userId" = ${userId} and "activeOrganizationId" = ${enterpriseId}`.execute(trx)
}

export const findUser = async (
  db: Db,
  id: string,
): Promise<{ readonly id: string; readonly email: string } | undefined> =>
  (
    await sql<{ id: string; email: string }>`select "id", "email" from "user"
      where "id" = ${id}`.execute(db)
  ).rows[0]

/** The second factor is gone; the next sign-in asks for the password alone. */
export const dropSecondFactor = (db: Db, userId: string): Promise<void> =>
  inTransaction(db, async (trx) => {
    await sql`delete from "twoFactor" where "userId" = ${userId}`.execute(trx)
    await sql`update "user" set "twoFactorEnabled" = false where "id" = ${userId}`.execute(trx)
  })

/** The account of an e-mail address, as it may be added to an enterprise. */
export interface KnownUser {
  readonly id: string
  /** Of the operator or the committee: no such person joins an enterprise. */
  readonly hasRole: boolean
  readonly enterpriseIds: readonly string[]
}

export const findUserByEmail = async (db: Db, email: string): Promise<KnownUser | undefined> =>
  (
    await sql<KnownUser>`
      select u."id", coalesce(u."role", 'user') <> 'user' as "hasRole",
        array(select m."organizationId" from "member" m where m."userId" = u."id") as "enterpriseIds"
      from "user" u where lower(u."email") = lower(${email})`.execute(db)
  ).rows[0]
