/** The stages that find their work in rows, in story order, with the batch each takes at most. */
import {
  COMPOSE_BATCH_MAX,
  DISPATCH_BATCH_MAX,
  MATCH_BATCH_MAX,
  REPLY_BATCH_MAX,
  SIGN_BATCH_MAX,
  SIGN_QUEUES_MAX,
} from '../kernel/limits.ts'
import { DISCLOSE_BATCH_MAX } from '../kernel/payment-limits.ts'
import { WEBHOOK_TURN_MESSAGES, WEBHOOKS_AT_ONCE } from '../kernel/webhook-limits.ts'
import { findSignQueues } from '../store/signers.ts'
import type { Stage } from '../store/tables.ts'
import { composeBatch } from './compose.ts'
import { discloseBatch } from './disclose.ts'
import { dispatchBatch } from './dispatch.ts'
import { matchBatch } from './match.ts'
import { findDue, pushBatch } from './push.ts'
import { replyBatch } from './reply.ts'
import { signBatch } from './sign.ts'
import type { FlowDeps, RunBatch } from './types.ts'

export interface StageRun {
  readonly runBatch: RunBatch
  readonly batchMax: number
  /** Queues that are served side by side, so that none waits for another. */
  readonly queues?: (deps: FlowDeps) => readonly string[]
  /** Queues that come and go with their work; each is served by itself. It is told which are being served. */
  readonly openQueues?: (deps: FlowDeps, served: readonly string[]) => Promise<readonly string[]>
  /** How many of these are served at the same time. */
  readonly queuesMax?: number
  /**
   * Batches of one turn of a queue, where they come in the order in which they are to be served. Without it
   * they come by name, and a queue is served as long as it has work.
   */
  readonly turnBatches?: number
}

export const stages: Readonly<Record<Stage, StageRun>> = {
  match: { runBatch: matchBatch, batchMax: MATCH_BATCH_MAX },
  compose: { runBatch: composeBatch, batchMax: COMPOSE_BATCH_MAX },
  sign: {
    runBatch: signBatch,
    batchMax: SIGN_BATCH_MAX,
    openQueues: ({ db }) => findSignQueues(db),
    queuesMax: SIGN_QUEUES_MAX,
  },
  dispatch: {
    runBatch: dispatchBatch,
    batchMax: DISPATCH_BATCH_MAX,
    queues: ({ links }) => links.map(({ code }) => code),
  },
  reply: { runBatch: replyBatch, batchMax: REPLY_BATCH_MAX },
  disclose: { runBatch: discloseBatch, batchMax: DISCLOSE_BATCH_MAX },
  push: {
    ...{ runBatch: pushBatch, batchMax: WEBHOOKS_AT_ONCE },
    ...{ openQueues: findDue, queuesMax: WEBHOOKS_AT_ONCE, turnBatches: WEBHOOK_TURN_MESSAGES },
  },
}
