/**
 * Receive: raw bytes from customs are stored before they are acknowledged, and read later. The same
 * bytes twice are kept once. Answers of the exchange platform are dated by the day: what it says of a
 * message that was sent again may have the very bytes of what it said before, and is folded again.
 */
import { createHash } from 'node:crypto'
import { LANE_COUNT } from '../kernel/lane.ts'
import { storeReply } from '../store/replies.ts'
import { EXCHANGE_REPLY } from './reply-reading.ts'
import type { FlowDeps, ReplyAnswer } from './types.ts'

export const takeReply = async (deps: FlowDeps, bytes: Uint8Array): Promise<ReplyAnswer> => {
  const hash = createHash('sha256').update(bytes).digest()
  const lane = (hash[0] ?? 0) % LANE_COUNT
  const sealed = deps.sealer.seal(bytes, replySealContext(hash))
  const reply = { lane, id: deps.ids.next(lane), hash, sealed, size: bytes.length }
  const { id, isNew } = await storeReply(deps.db, reply, deps.clock.now(), EXCHANGE_REPLY)
  deps.wake('reply')
  const kind = isNew ? 'stored' : 'duplicate'
  deps.log.info('reply.received', { reply: id, state: kind })
  return { kind, id }
}

/** What binds sealed bytes to their reply row. */
export const replySealContext = (hash: Uint8Array): string =>
  `reply/${Buffer.from(hash).toString('hex')}`
