/** Shapes of what changes users. */
import { z } from '@hono/zod-openapi'

export const memberRole = z.enum(['owner', 'admin', 'member'])

/** Null: the account was there, and its password stays as it is. */
export const memberMade = z
  .object({ email: z.string(), password: z.string().nullable() })
  .openapi('MemberMade')

/** The password is told this once. */
export const firstPassword = z
  .object({ email: z.string(), password: z.string() })
  .openapi('FirstPassword')
