/** Shapes of what changes users. */
import { z } from '@hono/zod-openapi'

export const memberRole = z.enum(['owner', 'admin', 'member'])

/** The password is told this once. */
export const firstPassword = z
  .object({ email: z.string(), password: z.string() })
  .openapi('FirstPassword')
