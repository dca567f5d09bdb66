/**
 * Intake alone: documents a second from HTTP to acknowledged, stored with everything they cause,
 * while the later stages run beside it. Kinds are mixed as in the whole way.
 */
import { projectRoot } from '../project-root.ts'
import { startRehearsal } from '../rehearsal.ts'
import { makeBatches, postBatches, WARM_UP_LISTS, warmUp } from './load.ts'

export interface IntakeFigures {
  readonly name: 'intake'
  readonly database: 'postgresql' | 'embedded'
  readonly documents: number
  readonly seconds: number
  readonly documentsPerSecond: number
}

const LISTS = 4_000
const PER_BATCH = 100
const REQUESTS_AT_ONCE = 4

export const benchIntake = async (server: string | undefined): Promise<IntakeFigures> => {
  const rehearsal = await startRehearsal({ root: projectRoot(), server, pace: 'realistic' })
  try {
    await rehearsal.start()
    await warmUp(rehearsal)
    const batches = makeBatches(rehearsal, {
      ...{ lists: LISTS, from: WARM_UP_LISTS, perBatch: PER_BATCH },
    })
    const documents = batches.reduce((sum, batch) => sum + batch.documents, 0)
    const start = performance.now()
    await postBatches(rehearsal.url, batches, REQUESTS_AT_ONCE)
    const seconds = (performance.now() - start) / 1000
    return {
      name: 'intake',
      database: server === undefined ? 'embedded' : 'postgresql',
      documents,
      seconds: Math.round(seconds * 100) / 100,
      documentsPerSecond: Math.round(documents / seconds),
    }
  } finally {
    await rehearsal.close()
  }
}
