/**
 * `yuguan rehearse`: replays a peak and prints the report. With `--lines` it speaks to the gateway
 * that began it: a line of JSON for each step and one for the report, and it ends when its input does.
 */
import { parseArgs } from 'node:util'
import type { RehearsalReport } from '../http/rehearsal-schemas.ts'
import { plannedTotal } from '../kernel/rehearsal-curve.ts'
import {
  REHEARSAL_LISTS_MAX,
  REHEARSAL_SECONDS_MAX,
  REHEARSAL_SECONDS_MIN,
  REHEARSAL_TIMES_MAX,
} from '../kernel/rehearsal-limits.ts'
import { firstSignal } from './command-serve.ts'
import type { Environment } from './config.ts'
import { type RehearseProgress, rehearse } from './rehearse.ts'
import { UsageError } from './usage.ts'

const TIMES_DEFAULT = '5'
const SECONDS_DEFAULT = '60'

export const rehearseCommand = async (
  args: readonly string[],
  env: Environment,
): Promise<number> => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      times: { type: 'string', default: TIMES_DEFAULT },
      seconds: { type: 'string', default: SECONDS_DEFAULT },
      json: { type: 'boolean' },
      lines: { type: 'boolean' },
    },
  })
  const plan = {
    times: numberOf('--times', values.times, 1, REHEARSAL_TIMES_MAX),
    seconds: numberOf('--seconds', values.seconds, REHEARSAL_SECONDS_MIN, REHEARSAL_SECONDS_MAX),
  }
  if (plannedTotal(plan) > REHEARSAL_LISTS_MAX)
    throw new UsageError(
      `合计至多 ${REHEARSAL_LISTS_MAX} 份清单 / at most ${REHEARSAL_LISTS_MAX} lists in all`,
    )
  const stopping = new AbortController()
  void firstSignal().then(() => stopping.abort())
  if (values.lines === true) {
    // Whoever began it holds the other end; when that is gone, nobody wants the report.
    process.stdin.resume()
    process.stdin.once('close', () => stopping.abort())
    process.stdin.once('end', () => stopping.abort())
  }
  const tell =
    values.lines === true ? tellLine : values.json === true ? () => undefined : tellPerson
  try {
    const report = await rehearse({
      ...{ plan, server: env.DATABASE_URL, stopping: stopping.signal },
      onProgress: tell,
    })
    if (values.lines === true) console.log(JSON.stringify({ report }))
    else console.log(values.json === true ? JSON.stringify(report, null, 2) : reportText(report))
    return report.released === report.lists ? 0 : 1
  } finally {
    // Listened to, it would keep a rehearsal that failed alive, and whoever began it waiting.
    process.stdin.destroy()
  }
}

const numberOf = (name: string, text: string, min: number, max: number): number => {
  const number = Number(text)
  if (!Number.isInteger(number) || number < min || number > max)
    throw new UsageError(`${name}: ${min} 到 ${max} 的整数 / a whole number from ${min} to ${max}`)
  return number
}

const tellLine = (progress: RehearseProgress): void => console.log(JSON.stringify({ progress }))

const tellPerson = ({ phase, done }: RehearseProgress): void => {
  if (process.stderr.isTTY) process.stderr.write(`\r${phase} ${done}   `)
}

const reportText = (report: RehearsalReport): string =>
  [
    `${report.released} / ${report.lists} 份清单放行 / lists released, ${report.seconds} s`,
    `最高 / best ${report.bestPerSecond}/s, 平均 / mean ${report.meanPerSecond}/s`,
    ...report.latencies.map(
      ({ stage, count, p50, p90, p99, max }) =>
        `${stage.padEnd(9)} n=${count} p50 ${p50} p90 ${p90} p99 ${p99} max ${max} ms`,
    ),
    `${report.machine}, ${report.database}`,
  ].join('\n')
