/**
 * Plays the year: hands each month's consignments in, waits until they are with customs before the
 * clock goes on, sends those alone that need it, and waits until nothing moves any more.
 */
import { importList } from '../../catalogue/messages/import-list.ts'
import type { FlowDeps, Meter } from '../../flow/types.ts'
import { endOf } from '../../sim/fates.ts'
import { hasWork } from '../../store/work.ts'
import type { RunningGateway } from '../node.ts'
import type { DemoEnterprises } from './enterprises.ts'
import { type HandedIn, handIn } from './hand-in.ts'
import type { DemoOffice } from './office.ts'
import { readOutcome, readTotals } from './outcome.ts'
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
/** No work is left, no reply is planned and nothing moved for so long: all has settled. */
const QUIET_MS = 250
/** Nothing moved for so long: nothing will, and what is missing is told. */
const STUCK_MS = 20_000

export const playYear = async (settings: PlaySettings): Promise<Run> => {
  const { gateway, office, clock, plan, enterprises, seed, progress } = settings
  const { url, flow } = gateway
  // What an interrupted run left behind is finished first, so that it is not counted as ours.
  await createWatch(flow, office).settled()
  const before = await readTotals(url, 'zone', plan.year)
  const watch = createWatch(flow, office)
  progress.start(plan.released)
  const handed: HandedIn[] = []
  let sentExpected = flow.meter.read().sent
  const send = async (planned: readonly PlannedConsignment[]): Promise<void> => {
    handed.push(...(await handIn({ url, enterprises, seed }, planned, clock.now())))
    sentExpected += planned.reduce(
      (sum, { fate }) => sum + documentsSent(endOf(fate, importList)),
      0,
    )
    await watch.until((counts) => counts.sent >= sentExpected)
  }
  for (const { at, consignments } of plan.waves) {
    if (at === undefined) clock.catchUp()
    else clock.goTo(at)
    await send(consignments)
  }
  await watch.settled()
  for (const planned of plan.alone) await send([planned])
  await watch.settled()
  const books = office.books().summary()
  const outcome = await readOutcome({ url, enterprises }, handed, before, books)
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

type Counts = ReturnType<Meter['read']>

interface Watch {
  /** Until the counts are so, or nothing has moved for `STUCK_MS`. */
  until(reached: (counts: Counts) => boolean): Promise<void>
  /** Until nothing is left that could move; what is stuck for `STUCK_MS` is left as it is. */
  settled(): Promise<void>
  /** From the start to the last movement. */
  seconds(): number
}

const createWatch = ({ meter, db }: FlowDeps, office: DemoOffice): Watch => {
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
  const wait = async (isDone: (counts: Counts) => boolean | Promise<boolean>): Promise<void> => {
    while (!(await isDone(look())) && stillMs() < STUCK_MS) await pause(LOOK_MS)
  }
  return {
    until: wait,
    settled: () =>
      wait(async () => stillMs() > QUIET_MS && !(await hasWork(db)) && office.isIdle()),
    seconds: () => (movedAt - started) / 1000,
  }
}

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms)
  })
