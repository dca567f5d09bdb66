/**
 * Plays the year: hands each month's consignments in, waits until they are with customs before the
 * clock goes on, sends those alone that need it, and waits until nothing moves any more.
 */
import type { Meter } from '../../flow/types.ts'
import type { RunningGateway } from '../node.ts'
import type { DemoEnterprises } from './enterprises.ts'
import { type HandedIn, handIn } from './hand-in.ts'
import type { DemoOffice } from './office.ts'
import { type Outcome, readOutcome, readTotals } from './outcome.ts'
import type { Plan, PlannedConsignment } from './plan.ts'
import type { Progress } from './progress.ts'
import type { Run } from './report.ts'
import type { YearClock } from './year-clock.ts'

export interface PlaySettings {
  readonly gateway: RunningGateway
  readonly office: DemoOffice
  readonly clock: YearClock
  readonly plan: Plan
  readonly enterprises: DemoEnterprises
  readonly seed: number
  readonly progress: Progress
}

/** How often the meter is looked at. */
const LOOK_MS = 25
/** Nothing moved for so long and no reply is due: it is worth asking how the lists stand. */
const QUIET_MS = 250
/** Nothing moved for so long: nothing will, and what is missing is told. */
const STUCK_MS = 20_000

export const playYear = async (settings: PlaySettings): Promise<Run> => {
  const { gateway, office, clock, plan, enterprises, seed, progress } = settings
  const { url, flow } = gateway
  // What an interrupted run left behind is finished first, so that it is not counted as ours.
  await quiet(flow.meter, office, QUIET_MS)
  const before = await readTotals(url, 'zone', plan.year)
  const watch = createWatch(flow.meter)
  progress.start(plan.released)
  const handed: HandedIn[] = []
  let sentExpected = flow.meter.read().sent
  const send = async (planned: readonly PlannedConsignment[]): Promise<void> => {
    handed.push(...(await handIn({ url, enterprises, seed }, planned, clock.now())))
    sentExpected += planned.reduce((sum, { fate }) => sum + documentsSent(fate.expected), 0)
    await watch.until((counts) => counts.sent >= sentExpected)
  }
  for (const { at, consignments } of plan.waves) {
    if (at === undefined) clock.catchUp()
    else clock.goTo(at)
    await send(consignments)
  }
  await watch.quietWith(office, QUIET_MS)
  for (const planned of plan.alone) await send([planned])
  const outcome = await settledOutcome(settings, watch, () =>
    readOutcome({ url, enterprises }, handed, before, office.books().summary()),
  )
  const books = office.books().summary()
  return {
    outcome,
    byZone: await readTotals(url, 'zone', plan.year),
    messages: books.messages.received,
    replies: Object.values(books.replies.made).reduce((sum, count) => sum + count, 0),
    seconds: watch.seconds(),
  }
}

/** Four, or three where the list never leaves because a companion was refused. */
const documentsSent = (expected: string): number => (expected === 'waiting' ? 3 : 4)

/** Reads how the lists stand until it is as it should be, or nothing moves any more. */
const settledOutcome = async (
  { office }: PlaySettings,
  watch: Watch,
  read: () => Promise<Outcome>,
): Promise<Outcome> => {
  for (;;) {
    await watch.quietWith(office, QUIET_MS)
    const outcome = await read()
    if (outcome.problems.length === 0 || watch.stillMs() > STUCK_MS) return outcome
    await pause(QUIET_MS)
  }
}

type Counts = ReturnType<Meter['read']>

interface Watch {
  /** Until the counts are so, or nothing has moved for `STUCK_MS`. */
  until(reached: (counts: Counts) => boolean): Promise<void>
  /** Until nothing has moved for a while and customs has nothing due; at most `STUCK_MS` still. */
  quietWith(office: DemoOffice, forMs: number): Promise<void>
  /** Since something moved last. */
  stillMs(): number
  /** From the start to the last movement. */
  seconds(): number
}

const createWatch = (meter: Meter): Watch => {
  const started = performance.now()
  let counts = meter.read()
  let movedAt = started
  const look = (): Counts => {
    const now = meter.read()
    if (JSON.stringify(now) !== JSON.stringify(counts)) movedAt = performance.now()
    counts = now
    return now
  }
  const stillMs = (): number => performance.now() - movedAt
  const wait = async (isDone: (counts: Counts) => boolean): Promise<void> => {
    while (!isDone(look()) && stillMs() < STUCK_MS) await pause(LOOK_MS)
  }
  return {
    until: wait,
    quietWith: (office, forMs) => wait(() => office.isIdle() && stillMs() > forMs),
    stillMs,
    seconds: () => (movedAt - started) / 1000,
  }
}

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms)
  })

const quiet = (meter: Meter, office: DemoOffice, forMs: number): Promise<void> =>
  createWatch(meter).quietWith(office, forMs)
