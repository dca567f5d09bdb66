/**
 * Rehearsals begun by an operator: a process of its own for each, whose steps are written into its
 * row. Offered only where every link of this gateway leads to a simulated office, so that whoever
 * presses the button at a gateway in earnest does not load its machine.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { finished } from 'node:stream/promises'
import type { FlowDeps } from '../flow/types.ts'
import { isRecord } from '../http/body.ts'
import type { Rehearsals } from '../http/route.ts'
import { failureFacts } from '../kernel/failure.ts'
import type { RehearsalPlan } from '../kernel/rehearsal-curve.ts'
import {
  REHEARSAL_AROUND_SECONDS,
  REHEARSAL_BEAT_MS,
  REHEARSAL_DRAIN_SECONDS,
  REHEARSAL_GRACE_SECONDS,
  REHEARSAL_LINE_MAX,
  REHEARSAL_WORDS_MAX,
} from '../kernel/rehearsal-limits.ts'
import { endRehearsal, noteBeat } from '../store/rehearsals.ts'
import type { Config } from './config.ts'
import { projectRoot } from './project-root.ts'

export interface RehearsalsDeps {
  readonly flow: Pick<FlowDeps, 'db' | 'clock' | 'log' | 'links'>
  readonly config: Pick<Config, 'customsUrl' | 'databaseUrl'>
}

export interface RunningRehearsals extends Rehearsals {
  /** Ends what is under way, with this gateway. */
  close(): Promise<void>
}

export const createRehearsals = (deps: RehearsalsDeps): RunningRehearsals => {
  const children = new Map<string, ChildProcess>()
  const endChild = (id: string): void => {
    // It ends its own processes when its input ends.
    children.get(id)?.stdin?.end()
  }
  return {
    hindrance: hindranceOf(deps),
    run: (id, plan) => {
      const child = start(deps, plan)
      children.set(id, child)
      void follow(deps, id, plan, child).finally(() => children.delete(id))
    },
    stop: endChild,
    close: async () => {
      const { db, clock } = deps.flow
      for (const id of children.keys()) {
        endChild(id)
        const problem = 'gateway-stopped'
        await endRehearsal(db, id, { state: 'stopped', problem }, clock.now())
      }
    },
  }
}

const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/

/** A link in earnest is any that is not our own simulator, in this process or on this machine. */
const hindranceOf = ({ flow, config }: RehearsalsDeps): Rehearsals['hindrance'] => {
  const { customsUrl } = config
  const isLocal = customsUrl !== undefined && LOOPBACK.test(new URL(customsUrl).hostname)
  const earnest = flow.links.find(
    ({ code }) => code !== 'simulator' && !(code === 'http' && isLocal),
  )
  if (flow.links.length > 0 && earnest === undefined) return undefined
  return {
    zh:
      earnest === undefined
        ? '网关没有指向模拟海关的链路'
        : `链路 ${earnest.code} 可能通往真实海关`,
    en:
      earnest === undefined
        ? 'The gateway has no link to a simulated office'
        : `The link ${earnest.code} may lead to customs in earnest`,
    cure: {
      zh: '在演练用的网关上进行（yuguan demo，或 CUSTOMS_URL 指向本机的 yuguan sim）；或在命令行用 yuguan rehearse',
      en: 'Do it at a gateway made for it (yuguan demo, or CUSTOMS_URL of a yuguan sim on this machine), or by yuguan rehearse',
    },
  }
}

const start = ({ config }: RehearsalsDeps, { times, seconds }: RehearsalPlan): ChildProcess =>
  spawn(
    process.execPath,
    [
      ...[join(projectRoot(), 'bin/yuguan.js'), 'rehearse', '--lines'],
      ...['--times', String(times), '--seconds', String(seconds)],
    ],
    {
      env: {
        PATH: process.env.PATH ?? '',
        ...(config.databaseUrl === undefined ? {} : { DATABASE_URL: config.databaseUrl }),
      },
      stdio: ['pipe', 'pipe', 'pipe'],
    },
  )

/** Writes down what the process tells until it is gone; never rejects. */
const follow = async (
  { flow }: RehearsalsDeps,
  id: string,
  { seconds }: RehearsalPlan,
  child: ChildProcess,
): Promise<void> => {
  const { db, clock, log } = flow
  const secondsMax = seconds + REHEARSAL_DRAIN_SECONDS + REHEARSAL_AROUND_SECONDS
  const lastWords = listenTo(child, log)
  let killing: NodeJS.Timeout | undefined
  const late = setTimeout(() => {
    // Killed at once it would leave its own processes behind.
    child.stdin?.end()
    killing = setTimeout(() => child.kill('SIGKILL'), REHEARSAL_GRACE_SECONDS * 1000)
  }, secondsMax * 1000)
  let last = { phase: 'starting', done: 0 }
  const beat = setInterval(() => {
    noteBeat(db, id, last, clock.now()).catch((error: unknown) =>
      log.warn('rehearsal-beat', failureFacts(error)),
    )
  }, REHEARSAL_BEAT_MS)
  let report: unknown
  try {
    if (child.stdout !== null)
      for await (const line of createInterface({ input: child.stdout })) {
        const told = readLine(line)
        if (isProgress(told.progress)) last = told.progress
        report = told.report ?? report
      }
  } catch (error) {
    log.warn('rehearsal-unheard', failureFacts(error))
  }
  clearTimeout(late)
  clearTimeout(killing)
  clearInterval(beat)
  const end =
    report === undefined
      ? ({ state: 'failed', problem: ['no-report', await lastWords()].join(' ').trim() } as const)
      : ({ state: 'done', report } as const)
  await endRehearsal(db, id, end, clock.now()).catch((error: unknown) =>
    log.warn('rehearsal-end', failureFacts(error)),
  )
}

/**
 * What it says last on its error stream, log lines left out: why it ended. A process that cannot be begun
 * tells so by an event, which nobody hearing would end this gateway.
 */
const listenTo = (
  child: ChildProcess,
  log: RehearsalsDeps['flow']['log'],
): (() => Promise<string>) => {
  let tail = ''
  child.once('error', (error) => log.warn('rehearsal-process', failureFacts(error)))
  child.stdin?.on('error', () => undefined)
  child.stderr?.setEncoding('utf8').on('data', (words: string) => {
    tail = `${tail}${words}`.slice(-4 * REHEARSAL_WORDS_MAX)
  })
  return async () => {
    // Its other stream may end first. A process of its own that outlives it could hold this one open.
    const signal = AbortSignal.timeout(REHEARSAL_GRACE_SECONDS * 1000)
    if (child.stderr !== null) await finished(child.stderr, { signal }).catch(() => undefined)
    const lines = tail.split('\n').map((line) => line.trim())
    const words = lines.filter((line) => line !== '' && !/^(?:\{|\}|at |Node\.js v)/.test(line))
    const last = words.findLast((line) => /error/i.test(line)) ?? words.at(-1) ?? ''
    return last.slice(0, REHEARSAL_WORDS_MAX)
  }
}

const readLine = (line: string): Readonly<Record<string, unknown>> => {
  if (line.length > REHEARSAL_LINE_MAX) return {}
  try {
    const told: unknown = JSON.parse(line)
    return isRecord(told) ? told : {}
  } catch {
    return {}
  }
}

const isProgress = (told: unknown): told is { phase: string; done: number } =>
  isRecord(told) && typeof told.phase === 'string' && typeof told.done === 'number'
