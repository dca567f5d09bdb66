/** What requests write into the log of accesses: who did what to what. */
import type { Context } from 'hono'
import { type Asker, type Deed as NotedDeed, noteDeeds } from '../flow/access.ts'
import type { Db } from '../store/tables.ts'
import type { AppEnv } from './route.ts'

/** `subject` is '' of an enterprise itself, `enterpriseId` is left out of what is the gateway's own. */
export type Deed = Pick<NotedDeed, 'what' | 'subject'> & Partial<Pick<NotedDeed, 'enterpriseId'>>

export const askerOf = (c: Context<AppEnv>): Asker => {
  const { userId = null, keyId = null } = c.get('identity') ?? {}
  return { userId, keyId, requestId: c.get('requestId') }
}

/** Whoever looks after an enterprise's own affairs and is no operator acts for it. */
export const writeDeed = (c: Context<AppEnv>, db: Db, deed: Deed): Promise<void> => {
  const { enterpriseId = '' } = deed
  const isOperator = c.get('identity')?.operator === true
  const actor = isOperator ? 'operator' : enterpriseId === '' ? 'committee' : enterpriseId
  const by = { ...askerOf(c), actor }
  return noteDeeds(c.get('deps').flow, db, by, [{ ...deed, enterpriseId }])
}
