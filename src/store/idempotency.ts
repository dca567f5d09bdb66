/**
 * Answers kept under an Idempotency-Key, in the transaction that stored the documents: either both
 * are there or neither is.
 */
import type { Db } from './tables.ts'

export interface KeptAnswer {
  readonly requestHash: Uint8Array
  readonly response: unknown
}

export const findAnswer = async (
  db: Db,
  enterpriseId: string,
  key: string,
): Promise<KeptAnswer | undefined> =>
  db
    .selectFrom('idempotency')
    .select(['request_hash as requestHash', 'response'])
    .where('enterprise_id', '=', enterpriseId)
    .where('key', '=', key)
    .executeTakeFirst()

/** False when somebody else kept an answer under this key first. */
export const keepAnswer = async (
  db: Db,
  answer: {
    readonly enterpriseId: string
    readonly key: string
    readonly requestHash: Uint8Array
    readonly response: unknown
  },
  now: Date,
): Promise<boolean> => {
  const kept = await db
    .insertInto('idempotency')
    .values({
      enterprise_id: answer.enterpriseId,
      key: answer.key,
      request_hash: answer.requestHash,
      response: JSON.stringify(answer.response, storable),
      created_at: now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('key')
    .executeTakeFirst()
  return kept !== undefined
}

/** An answer may repeat names as they were handed in; `jsonb` holds neither of these. */
const storable = (_key: string, value: unknown): unknown =>
  typeof value === 'string' ? value.replace(/\0|\p{Surrogate}/gu, '\ufffd') : value

/** Forgets answers older than `before`; called now and then, never on the way of a request. */
export const forgetAnswers = async (db: Db, before: Date): Promise<void> => {
  await db.deleteFrom('idempotency').where('created_at', '<', before).execute()
}
