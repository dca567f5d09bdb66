/**
 * The loops of a long-running process: each stage runs batches until it finds no work, then waits
 * for a hint or a short while. Packing lingers a little before a batch that will not be full, so
 * that messages fill. A stage that fails pauses longer each time and says so; the others go on.
 */
import { type StageRun, stages } from '../flow/stages.ts'
import type { FlowDeps } from '../flow/types.ts'
import { failureFacts } from '../kernel/failure.ts'
import {
  BACKOFF_FIRST_MS,
  STAGE_BACKOFF_MAX_MS,
  STAGE_POLL_MAX_MS,
  STAGE_POLL_MS,
} from '../kernel/limits.ts'
import type { Stage } from '../store/tables.ts'

export interface Loops {
  /** A hint that a stage has work. */
  wake(stage: Stage): void
  start(flow: FlowDeps, names: readonly Stage[]): void
  /** Ends every loop after the batch it is at. */
  stop(): Promise<void>
}

export interface LoopsOptions {
  readonly composeLingerMs: number
}

export const createLoops = ({ composeLingerMs }: LoopsOptions): Loops => {
  const bells: { readonly stage: Stage; readonly bell: Bell }[] = []
  const newBell = (stage: Stage): Bell => {
    const bell = createBell()
    bells.push({ stage, bell })
    return bell
  }
  const stopping = new AbortController()
  let running: readonly Promise<void>[] = []
  return {
    wake: (rung) => {
      for (const { stage, bell } of bells) if (stage === rung) bell.ring()
    },
    start: (flow, names) => {
      running = names.flatMap((stage) => {
        const { queues, openQueues, queuesMax = 1 } = stages[stage]
        if (openQueues !== undefined) {
          const options = { bell: newBell(stage), stopping: stopping.signal, queuesMax }
          return [serveQueues(flow, stage, openQueues, options)]
        }
        return (queues?.(flow) ?? [undefined]).map((queue) =>
          runLoop(flow, stage, {
            queue,
            bell: newBell(stage),
            lingerMs: stage === 'compose' ? composeLingerMs : 0,
            stopping: stopping.signal,
          }),
        )
      })
    },
    stop: async () => {
      stopping.abort()
      await Promise.all(running)
    },
  }
}

interface LoopOptions {
  readonly queue: string | undefined
  readonly bell: Bell
  readonly lingerMs: number
  readonly stopping: AbortSignal
}

const runLoop = async (flow: FlowDeps, stage: Stage, options: LoopOptions): Promise<void> => {
  const { bell, queue, lingerMs, stopping } = options
  const { runBatch, batchMax } = stages[stage]
  let failures = 0
  let idleMs = STAGE_POLL_MS
  while (!stopping.aborted) {
    try {
      const done = await runBatch(flow, batchMax, queue)
      failures = 0
      if (done >= batchMax) continue
      if (done > 0) idleMs = STAGE_POLL_MS
      else if (await bell.wait(idleMs, stopping)) idleMs = STAGE_POLL_MS
      else idleMs = Math.min(STAGE_POLL_MAX_MS, idleMs * 2)
      if (lingerMs > 0) await pause(lingerMs, stopping)
    } catch (error) {
      failures += 1
      const waitMs = Math.min(STAGE_BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** (failures - 1))
      flow.log.error('stage-failed', { stage, queue, failures, waitMs, ...failureFacts(error) })
      await pause(waitMs, stopping)
    }
  }
}

/**
 * Looks for queues that have work and serves each by itself, until it has none or its turn is over: one
 * that is slow, or fails, holds up no other.
 */
const serveQueues = async (
  flow: FlowDeps,
  stage: Stage,
  openQueues: NonNullable<StageRun['openQueues']>,
  {
    bell,
    stopping,
    queuesMax,
  }: Pick<LoopOptions, 'bell' | 'stopping'> & { readonly queuesMax: number },
): Promise<void> => {
  const served = new Map<string, Promise<void>>()
  let idleMs = STAGE_POLL_MS
  let last = ''
  while (!stopping.aborted) {
    try {
      const open = await openQueues(flow, [...served.keys()])
      const found = open.filter((queue) => !served.has(queue))
      const next = stages[stage].turnBatches === undefined ? turned(found, last) : found
      for (const queue of next.slice(0, queuesMax - served.size)) {
        const ended = drain(flow, stage, queue, stopping).then((hasMore) => {
          served.delete(queue)
          if (hasMore) bell.ring()
        })
        served.set(queue, ended)
        last = queue
      }
      if (await bell.wait(idleMs, stopping)) idleMs = STAGE_POLL_MS
      else idleMs = Math.min(STAGE_POLL_MAX_MS, idleMs * 2)
    } catch (error) {
      flow.log.error('stage-failed', { stage, ...failureFacts(error) })
      await pause(STAGE_POLL_MAX_MS, stopping)
    }
  }
  await Promise.all(served.values())
}

/** From the one after the last on, so that all have their turn where there are too many. */
const turned = (found: readonly string[], last: string): readonly string[] => {
  const turn = found.findIndex((queue) => queue > last)
  return turn < 0 ? found : [...found.slice(turn), ...found.slice(0, turn)]
}

/**
 * Batches of one queue until it has no more that is due, or its turn is over; whether it may have more.
 * After a failure it is left for a while.
 */
const drain = async (
  flow: FlowDeps,
  stage: Stage,
  queue: string,
  stopping: AbortSignal,
): Promise<boolean> => {
  const { runBatch, batchMax, turnBatches = Number.POSITIVE_INFINITY } = stages[stage]
  try {
    for (let batch = 0; batch < turnBatches && !stopping.aborted; batch += 1)
      if ((await runBatch(flow, batchMax, queue)) === 0) return false
    return true
  } catch (error) {
    flow.log.error('stage-failed', { stage, queue, ...failureFacts(error) })
    await pause(STAGE_BACKOFF_MAX_MS, stopping)
    return true
  }
}

interface Bell {
  ring(): void
  /**
   * Until it rings, has rung since the last wait, the time is over, or the process stops; whether
   * it rang.
   */
  wait(ms: number, stopping: AbortSignal): Promise<boolean>
}

const createBell = (): Bell => {
  let rung = false
  let hear: (() => void) | undefined
  return {
    ring: () => {
      rung = true
      hear?.()
    },
    wait: async (ms, stopping) => {
      const heard = new AbortController()
      hear = () => heard.abort()
      if (rung) heard.abort()
      await pause(ms, AbortSignal.any([heard.signal, stopping]))
      hear = undefined
      const hasRung = rung
      rung = false
      return hasRung
    },
  }
}

/** Until the time is over or the signal comes. */
const pause = (ms: number, stopping: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const wakeUp = (): void => {
      clearTimeout(timer)
      stopping.removeEventListener('abort', wakeUp)
      resolve()
    }
    const timer = setTimeout(wakeUp, ms)
    stopping.addEventListener('abort', wakeUp, { once: true })
    if (stopping.aborted) wakeUp()
  })
