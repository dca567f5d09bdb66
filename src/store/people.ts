/** Users of the gateway as they are listed: of an enterprise, those of a role of the gateway, or found by a word. */
import { sql } from 'kysely'
import type { Db } from './tables.ts'

export interface PersonRow {
  readonly id: string
  readonly name: string
  readonly email: string
  /** In the enterprise, or at the gateway. */
  readonly role: string
  readonly twoFactor: boolean
  readonly since: Date
}

/** Members of an enterprise in order of joining, after the member `after`; or one of them. */
export const listMembers = async (
  db: Db,
  enterpriseId: string,
  page: {
    readonly after?: string | undefined
    readonly userId?: string | undefined
    readonly limit: number
  },
): Promise<readonly (PersonRow & { readonly memberId: string })[]> => {
  const { after = null, userId = null, limit } = page
  const found = await sql<PersonRow & { memberId: string }>`
    select m."id" as "memberId", u."id", u."name", u."email", m."role",
      coalesce(u."twoFactorEnabled", false) as "twoFactor", m."createdAt" as since
    from "member" m join "user" u on u."id" = m."userId"
    where m."organizationId" = ${enterpriseId} and (${after}::text is null or m."id" > ${after})
      and (${userId}::text is null or m."userId" = ${userId})
    order by m."id" limit ${limit}`.execute(db)
  return found.rows
}

/** Users with one of the roles of the gateway, by e-mail; there are as many as an operator made, one by one. */
export const listStaff = async (
  db: Db,
  roles: readonly string[],
  limit: number,
): Promise<readonly PersonRow[]> => {
  const found = await sql<PersonRow>`
    select "id", "name", "email", "role", coalesce("twoFactorEnabled", false) as "twoFactor",
      "createdAt" as since
    from "user" where "role" = any(${[...roles]}::text[])
    order by "role" desc, "email" limit ${limit}`.execute(db)
  return found.rows
}

export interface FoundPerson extends PersonRow {
  /** Those he belongs to, in order of joining. */
  readonly enterprises: readonly { readonly id: string; readonly name: string }[]
}

/** Users whose e-mail or name holds `q`, by e-mail: users are some thousands, so a scan is quick. */
export const findPeople = async (
  db: Db,
  q: string,
  { limit, enterprises }: { readonly limit: number; readonly enterprises: number },
): Promise<readonly FoundPerson[]> => {
  const found = await sql<FoundPerson>`
    select u."id", u."name", u."email", coalesce(u."role", 'user') as "role",
      coalesce(u."twoFactorEnabled", false) as "twoFactor", u."createdAt" as since,
      coalesce((select json_agg(json_build_object('id', own.id, 'name', own.name) order by own.at)
        from (select e.id, e.name, m."id" as at from "member" m
          join enterprise e on e.id = m."organizationId"
          where m."userId" = u."id" order by m."id" limit ${enterprises}) own), '[]') as enterprises
    from "user" u
    where position(lower(${q}) in lower(u."email")) > 0
      or position(lower(${q}) in lower(u."name")) > 0
    order by u."email" limit ${limit}`.execute(db)
  return found.rows
}
