/**
 * `yuguan totals check` and `yuguan totals rebuild`: the totals held against documents and events,
 * beside a running gateway or without one. A check writes nothing and ends with 1 where anything
 * differs; a rebuild corrects it. `yuguan totals place` places stored lists anew by the rules of now, and
 * writes nothing unless told. All tell how far they are, and `--from-lane` goes on where one was broken off.
 */
import { parseArgs } from 'node:util'
import type { RebuildStep } from '../flow/rebuild-step.ts'
import { type Placed, placedMonths, placeLists } from '../flow/totals-place.ts'
import { checkAll, type RebuildOptions, type Rebuilt, rebuildAll } from '../flow/totals-rebuild.ts'
import type { FlowDeps } from '../flow/types.ts'
import { LANE_COUNT } from '../kernel/lane.ts'
import type { Environment } from './config.ts'
import { nodeLog } from './log.ts'
import { startGateway } from './node.ts'
import { placedTable } from './placed-table.ts'
import { configOf, UsageError } from './usage.ts'

const options = {
  json: { type: 'boolean' },
  'from-lane': { type: 'string' },
  month: { type: 'string' },
  to: { type: 'string' },
  write: { type: 'boolean' },
} as const

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>['values']

/** What a verb found, how it is told to a person, and what it exits with. */
interface Outcome {
  readonly found: Rebuilt | Placed
  readonly text: (seconds: number) => string
  readonly code: number
}

type Work = (flow: FlowDeps, asked: RebuildOptions) => Promise<Outcome>

export const totals = async (args: readonly string[], env: Environment): Promise<number> => {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
  const [verb, ...more] = positionals
  const work = more.length > 0 ? undefined : workOf(verb, values)
  if (work === undefined)
    throw new UsageError('check | rebuild | place --month yyyy-MM [--to yyyy-MM] [--write]')
  if (work === 'wrong') return 1
  const fromLane = laneOf(values['from-lane'])
  const gateway = await startGateway({
    config: configOf(env),
    log: nodeLog('warn', 2),
    listen: false,
    loops: false,
  })
  try {
    const started = performance.now()
    const onStep = process.stderr.isTTY ? showStep : undefined
    const { found, text, code } = await work(gateway.flow, { fromLane, onStep })
    const seconds = Math.round(performance.now() - started) / 1_000
    console.log(values.json === true ? JSON.stringify({ ...found, seconds }) : text(seconds))
    return code
  } finally {
    await gateway.stop()
  }
}

/** What is asked for; 'wrong' where it cannot be done and why was told, undefined where it is nothing. */
const workOf = (verb: string | undefined, values: Values): Work | 'wrong' | undefined => {
  const { month, to, write = false } = values
  if (verb === 'place') return month === undefined ? undefined : placing(month, to, write)
  if (month !== undefined || to !== undefined || write) return undefined
  return verb === 'check' ? checking : verb === 'rebuild' ? rebuilding : undefined
}

const checking: Work = async (flow, asked) => {
  const found = await checkAll(flow, asked)
  const { lists, corrected, sums } = found
  const text = (seconds: number) =>
    `核对 ${lists} 份清单：${corrected} 条台账、${sums} 个合计不符，用时 ${seconds} 秒 / ${lists} lists checked: ${corrected} entries and ${sums} sums differ, ${seconds} s`
  return { found, text, code: corrected + sums > 0 ? 1 : 0 }
}

const rebuilding: Work = async (flow, asked) => {
  const found = await rebuildAll(flow, asked)
  const { lists, corrected, sums } = found
  const text = (seconds: number) =>
    `按 ${lists} 份清单重建统计：更正 ${corrected} 条台账、${sums} 个合计，用时 ${seconds} 秒 / totals rebuilt from ${lists} lists: ${corrected} entries and ${sums} sums corrected, ${seconds} s`
  return { found, text, code: 0 }
}

const placing = (month: string, to: string | undefined, write: boolean): Work | 'wrong' => {
  const answer = placedMonths(month, to)
  if (answer.kind === 'wrong') {
    for (const { code, text, cure } of answer.faults)
      console.error(`✗ ${code}\n  ${text.zh} / ${text.en}\n  → ${cure.zh} / ${cure.en}`)
    return 'wrong'
  }
  const { months } = answer
  return async (flow, asked) => {
    const found = await placeLists(flow, { ...asked, ...months, write })
    const text = (seconds: number) =>
      [...placedTable(found.rows), placedText(found, seconds)].join('\n')
    return { found, text, code: 0 }
  }
}

const placedText = ({ from, to, lists, moved, written }: Placed, seconds: number): string => {
  const months = [...new Set([from, to])].map((one) => `${one.slice(0, 4)}-${one.slice(4)}`)
  const zh = written ? `${moved} 份已改归属` : `${moved} 份将改归属，未写入；加 --write 写入`
  const en = written ? `${moved} moved` : `${moved} would move, nothing written; --write moves them`
  return `${months.join(' – ')}：查看 ${lists} 份清单，${zh}，用时 ${seconds} 秒 / ${lists} lists looked at, ${en}, ${seconds} s`
}

const laneOf = (text: string | undefined): number => {
  if (text === undefined) return 0
  const lane = Number(text)
  if (!(Number.isInteger(lane) && lane >= 0 && lane < LANE_COUNT))
    throw new UsageError(
      `--from-lane 应为 0 至 ${LANE_COUNT - 1} / --from-lane takes 0 to ${LANE_COUNT - 1}`,
    )
  return lane
}

const STEPS: Readonly<Record<RebuildStep['what'], string>> = {
  lists: '清单（分道） / lists, by lane',
  sums: '合计（月） / sums, by month',
  refusals: '退单（分道） / refusals, by lane',
  taxes: '税单（分道） / bills, by lane',
}

/** One line of the terminal, written over and over. */
const showStep = ({ what, done, of }: RebuildStep): void => {
  process.stderr.write(`\r\u001b[K${STEPS[what]}: ${done}/${of}${done === of ? '\n' : ''}`)
}
