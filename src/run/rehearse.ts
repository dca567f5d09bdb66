/**
 * Replays a peak curve against a gateway and a simulated office of its own, on loopback, with a fresh
 * database, and reports what was taken and released in each second and how long each step took. It
 * reads no setting of a gateway in earnest but the server on which a database may be made.
 */
import { cpus } from 'node:os'
import { setTimeout } from 'node:timers/promises'
import type { RehearsalReport } from '../http/rehearsal-schemas.ts'
import { plannedLists, type RehearsalPlan, spreadOf } from '../kernel/rehearsal-curve.ts'
import {
  REHEARSAL_BATCH,
  REHEARSAL_DRAIN_SECONDS,
  REHEARSAL_REQUESTS,
  REHEARSAL_SAMPLE,
} from '../kernel/rehearsal-limits.ts'
import { type Batch, makeBatches } from './bench/load.ts'
import { projectRoot } from './project-root.ts'
import { type Rehearsal, startRehearsal } from './rehearsal.ts'

export interface RehearseOptions {
  readonly plan: RehearsalPlan
  /** A PostgreSQL server on which a database may be made; the embedded one without it. */
  readonly server: string | undefined
  readonly onProgress: (progress: RehearseProgress) => void
  /** Ends it early: it throws then, after its processes are gone. */
  readonly stopping: AbortSignal
}

export interface RehearseProgress {
  readonly phase: 'starting' | 'handing-in' | 'draining' | 'reporting'
  /** Lists released. */
  readonly done: number
}

type CurvePoint = RehearsalReport['curve'][number]

export const rehearse = async (options: RehearseOptions): Promise<RehearsalReport> => {
  const { server, onProgress } = options
  onProgress({ phase: 'starting', done: 0 })
  const rehearsal = await startRehearsal({ root: projectRoot(), server, pace: 'instant' })
  try {
    await rehearsal.start()
    const run = await replay(rehearsal, options)
    onProgress({ phase: 'reporting', done: run.curve.at(-1)?.released ?? 0 })
    return await reportOf(rehearsal, run, server)
  } finally {
    await rehearsal.close()
  }
}

interface Sample {
  readonly id: string
  readonly key: string
}

interface Run {
  readonly curve: readonly CurvePoint[]
  readonly seconds: number
  /** Milliseconds of each request. */
  readonly intake: readonly number[]
  readonly sample: readonly Sample[]
}

const TICK_MS = 1_000

/** Each second: what is due by the plan is made and queued, and what was released is read. */
const replay = async (
  rehearsal: Rehearsal,
  { plan, onProgress, stopping }: RehearseOptions,
): Promise<Run> => {
  const planned = plannedLists(plan)
  const all = planned.at(-1) ?? 0
  const poster = createPoster(rehearsal, Math.max(1, Math.floor(all / REHEARSAL_SAMPLE)))
  const curve: CurvePoint[] = []
  const start = performance.now()
  let queued = 0
  for (let second = 0; second < plan.seconds + REHEARSAL_DRAIN_SECONDS; second += 1) {
    if (stopping.aborted) throw new Error('stopped')
    const due = planned[second] ?? all
    if (due > queued)
      poster.add(
        makeBatches(rehearsal, { lists: due - queued, from: queued, perBatch: REHEARSAL_BATCH }),
      )
    queued = due
    await until(start + (second + 1) * TICK_MS, stopping)
    poster.check()
    const released = await releasedLists(rehearsal)
    curve.push({ second: second + 1, planned: due, taken: poster.lists(), released })
    onProgress({ phase: second < plan.seconds ? 'handing-in' : 'draining', done: released })
    if (released >= all) break
  }
  const seconds = (performance.now() - start) / 1000
  return { curve, seconds, intake: poster.took, sample: poster.sample }
}

/** Returns early when it is stopped. */
const until = async (at: number, signal: AbortSignal): Promise<void> => {
  const ms = Math.max(0, at - performance.now())
  await setTimeout(ms, undefined, { signal }).catch(() => undefined)
}

const LIST = 'CEB621'

/** Posts batches in their order, some at a time; notes how long each took and some lists' ids. */
const createPoster = ({ url }: Rehearsal, every: number) => {
  const waiting: Batch[] = []
  const took: number[] = []
  const sample: Sample[] = []
  let [lists, working, failure] = [0, 0, undefined as Error | undefined]
  const post = async (batch: Batch): Promise<void> => {
    const start = performance.now()
    const answer = await fetch(`${url}/api/v1/documents`, {
      method: 'POST',
      headers: { authorization: `Bearer ${batch.key}`, 'content-type': 'application/json' },
      body: batch.body,
    })
    const text = await answer.text()
    if (answer.status !== 200) throw new Error(`a batch was answered with ${answer.status}`)
    took.push(performance.now() - start)
    if (!batch.body.startsWith(`{"kind":"${LIST}"`)) return
    // The gateway of this very build answers.
    const { results } = JSON.parse(text) as { results: readonly { readonly id: string }[] }
    for (const { id } of results) {
      if (lists % every === 0 && sample.length < REHEARSAL_SAMPLE)
        sample.push({ id, key: batch.key })
      lists += 1
    }
  }
  const work = async (): Promise<void> => {
    working += 1
    for (let batch = waiting.shift(); batch !== undefined; batch = waiting.shift())
      await post(batch).catch((error: unknown) => {
        failure ??= error instanceof Error ? error : new Error(String(error))
        waiting.length = 0
      })
    working -= 1
  }
  return {
    ...{ took, sample },
    lists: () => lists,
    check: () => {
      if (failure !== undefined) throw failure
    },
    add: (batches: readonly Batch[]) => {
      waiting.push(...batches)
      while (working < REHEARSAL_REQUESTS) void work()
    },
  }
}

const releasedLists = async ({ url }: Rehearsal): Promise<number> => {
  const answer = await fetch(`${url}/api/v1/totals?by=direction`)
  return ((await answer.json()) as { total: { count: number } }).total.count
}

// ---- report ----------------------------------------------------------------------------------

const reportOf = async (
  rehearsal: Rehearsal,
  { curve, seconds, intake, sample }: Run,
  server: string | undefined,
): Promise<RehearsalReport> => {
  const ways: Way[] = []
  for (const each of sample) ways.push(...(await wayOf(rehearsal, each)))
  const released = curve.at(-1)?.released ?? 0
  const steps = curve.map((point, index) => point.released - (curve[index - 1]?.released ?? 0))
  const resident = await rehearsal.residentMb()
  return {
    machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`,
    database: server === undefined ? 'embedded' : 'postgresql',
    lists: curve.at(-1)?.planned ?? 0,
    released,
    seconds: tenths(seconds),
    bestPerSecond: Math.max(0, ...steps),
    meanPerSecond: tenths(released / seconds),
    residentMb: resident === undefined ? null : Math.round(resident),
    curve: [...curve],
    latencies: [
      { stage: 'intake', ...rounded(intake) },
      { stage: 'sent', ...rounded(ways.map(({ sent }) => sent)) },
      { stage: 'replied', ...rounded(ways.map(({ replied }) => replied)) },
      { stage: 'released', ...rounded(ways.map(({ released: end }) => end)) },
      { stage: 'whole', ...rounded(ways.map(({ whole }) => whole)) },
    ],
  }
}

const tenths = (value: number): number => Math.round(value * 10) / 10

const rounded = (values: readonly number[]) => spreadOf(values.map(Math.round))

/** Milliseconds of each step of one list. */
interface Way {
  readonly sent: number
  readonly replied: number
  readonly released: number
  readonly whole: number
}

interface Entry {
  readonly at: string
  readonly source: string
  readonly state: string | null
}

/** [] of a list that was not released. */
const wayOf = async ({ url }: Rehearsal, { id, key }: Sample): Promise<readonly Way[]> => {
  const answer = await fetch(`${url}/api/v1/documents/${id}/timeline`, {
    headers: { authorization: `Bearer ${key}` },
  })
  if (!answer.ok) return []
  const { entries } = (await answer.json()) as { entries: readonly Entry[] }
  const moment = (find: (entry: Entry) => boolean): number | undefined => {
    const times = entries.filter(find).map(({ at }) => Date.parse(at))
    return times.length === 0 ? undefined : Math.min(...times)
  }
  const taken = moment(() => true)
  const sent = moment(({ state }) => state === 'sent')
  const replied = moment(({ source }) => source === 'customs')
  const end = moment(({ state }) => state === 'released')
  if (taken === undefined || sent === undefined || replied === undefined || end === undefined)
    return []
  return [
    {
      ...{ sent: sent - taken, replied: Math.max(0, replied - sent) },
      ...{ released: end - replied, whole: end - taken },
    },
  ]
}
