/**
 * Plays the year: hands each month's consignments in, waits until customs has answered, does with
 * their lists what enterprises do, and sums up the month when the next one begins. What must be sent
 * alone follows; then it waits until nothing moves any more.
 */
import { declarations } from '../../catalogue/index.ts'
import type { Act } from '../../catalogue/message.ts'
import type { FlowDeps } from '../../flow/types.ts'
import type { Cast } from '../../sim/consignments.ts'
import { endOf } from '../../sim/fates.ts'
import { hasWork } from '../../store/work.ts'
import type { RunningGateway } from '../node.ts'
import { makeActs, rounds } from './afterwards.ts'
import type { DemoEnterprises } from './enterprises.ts'
import { type HandedIn, handIn, type ToHandIn } from './hand-in.ts'
import { makePlanned } from './make.ts'
import type { DemoOffice } from './office.ts'
import { readDocument, readOutcome, readTargets, readTotals } from './outcome.ts'
import type { Plan, PlannedConsignment } from './plan.ts'
import type { Progress } from './progress.ts'
import { loadDemoRates, steadyRates } from './rates.ts'
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
  const { gateway, office, clock, plan, enterprises, progress } = settings
  const { url, flow } = gateway
  const { cast } = enterprises
  // What an interrupted run left behind is finished first, so that it is not counted as ours.
  await createWatch(flow, office).settled()
  await loadDemoRates(flow, clock, plan.year)
  const before = await readTotals(url, 'zone', plan.year)
  const watch = createWatch(flow, office)
  const player = createPlayer(settings)
  progress.start(countedReleases(plan))
  let month: readonly HandedIn[] = []
  for (const { at, consignments } of plan.waves) {
    if (at === undefined) clock.catchUp()
    else clock.goTo(at)
    await player.act(['summarise'], at === undefined ? withoutBroker(month, cast) : month)
    month = await player.send(consignments)
    let done = month
    for (const verbs of rounds) {
      await watch.calm(clock)
      done = [...done, ...(await player.act(verbs, done))]
    }
  }
  // A single month is summed up at once, so that there is a summary to see.
  if (plan.waves.length === 1) await player.act(['summarise'], month)
  await watch.settled()
  for (const planned of plan.alone) {
    await player.send([planned])
    await watch.calm(clock)
  }
  await watch.settled()
  const books = office.books().summary()
  const rates = await steadyRates(flow, plan.year)
  const outcome = await readOutcome({ url, enterprises }, player.handed, { before, books, rates })
  return {
    outcome,
    byZone: await readTotals(url, 'zone', plan.year),
    toTarget: await readTargets(url, plan.year),
    messages: books.messages.received,
    replies: Object.values(books.replies.made).reduce((sum, count) => sum + count, 0),
    seconds: watch.seconds(),
  }
}

/** The last month that is over is left to the broker at his desk to sum up. */
const withoutBroker = (lists: readonly HandedIn[], { declarants: [broker] }: Cast) =>
  lists.filter(({ owner }) => owner !== broker.customsCode)

/** Hands in what is planned, and what is done with lists afterwards. */
const createPlayer = ({ gateway, clock, enterprises, seed }: PlaySettings) => {
  const face = { url: gateway.url, enterprises }
  const { cast } = enterprises
  const handed: HandedIn[] = []
  let acts = 0
  const take = async (items: readonly ToHandIn[]): Promise<readonly HandedIn[]> => {
    const taken = await handIn(face, items)
    handed.push(...taken)
    return taken
  }
  return {
    handed,
    send: (planned: readonly PlannedConsignment[]): Promise<readonly HandedIn[]> => {
      const settings = { seed, cast, at: clock.now() }
      return take(planned.flatMap((each) => makePlanned(each, settings)))
    },
    act: async (verbs: readonly Act['verb'][], targets: readonly HandedIn[]) => {
      const made: ToHandIn[] = []
      for (const verb of verbs)
        made.push(
          ...(await makeActs(verb, targets, {
            ...{ seed, cast, at: clock.now() },
            next: () => {
              acts += 1
              return acts
            },
            numbersOf: async (target) => (await readDocument(face, target)).customsNumbers,
          })),
        )
      return take(made)
    },
  }
}

/** Lists of the plan that will be released and count in the totals. */
const countedReleases = ({ waves, alone }: Plan): number =>
  [...waves.flatMap(({ consignments }) => consignments), ...alone].filter(({ direction, fate }) => {
    const list = declarations.find((entry) => entry.needs && entry.direction === direction)
    if (list?.trade === undefined) return false
    const end = endOf(fate, list)
    return end === 'released' || end === 'closed'
  }).length

interface Watch {
  /**
   * Until customs has answered everything and its answers are read. A clock that is behind goes on
   * to the next answer at once: nobody wants to wait for the pauses of a month that is over.
   */
  calm(clock: YearClock): Promise<void>
  /** Until nothing is left that could move; what is stuck for `STUCK_MS` is left as it is. */
  settled(): Promise<void>
  /** From the start to the last movement. */
  seconds(): number
}

const createWatch = ({ meter, db }: FlowDeps, office: DemoOffice): Watch => {
  const started = performance.now()
  let counts = meter.read()
  let movedAt = started
  const look = (): void => {
    const now = meter.read()
    if (JSON.stringify(now) !== JSON.stringify(counts)) movedAt = performance.now()
    counts = now
  }
  const stillMs = (): number => performance.now() - movedAt
  const wait = async (isDone: () => Promise<boolean>): Promise<void> => {
    look()
    while (!(await isDone()) && stillMs() < STUCK_MS) {
      await pause(LOOK_MS)
      look()
    }
  }
  return {
    calm: (clock) =>
      wait(async () => {
        // Whatever leaves the office has left work behind before the office knows that it arrived.
        if (await hasWork(db)) return false
        const next = office.nextDueAt()
        if (next !== undefined && next > clock.now()) clock.goTo(next)
        return next === undefined
      }),
    settled: () =>
      wait(
        async () =>
          stillMs() > QUIET_MS && !(await hasWork(db)) && office.nextDueAt() === undefined,
      ),
    seconds: () => (movedAt - started) / 1000,
  }
}

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms)
  })
