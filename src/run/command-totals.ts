/**
 * `yuguan totals check` and `yuguan totals rebuild`: the totals held against documents and events,
 * beside a running gateway or without one. A check writes nothing and ends with 1 where anything
 * differs; a rebuild corrects it. Both tell how far they are, and `--from-lane` goes on where one was
 * broken off.
 */
import { parseArgs } from 'node:util'
import type { RebuildStep } from '../flow/rebuild-step.ts'
import { checkAll, type Rebuilt, rebuildAll } from '../flow/totals-rebuild.ts'
import { LANE_COUNT } from '../kernel/lane.ts'
import type { Environment } from './config.ts'
import { nodeLog } from './log.ts'
import { startGateway } from './node.ts'
import { configOf, UsageError } from './usage.ts'

export const totals = async (args: readonly string[], env: Environment): Promise<number> => {
  const options = { json: { type: 'boolean' }, 'from-lane': { type: 'string' } } as const
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
  const [verb, ...more] = positionals
  if ((verb !== 'check' && verb !== 'rebuild') || more.length > 0)
    throw new UsageError('totals check | rebuild')
  const fromLane = laneOf(values['from-lane'])
  const gateway = await startGateway({
    config: configOf(env),
    log: nodeLog('warn', 2),
    listen: false,
    loops: false,
  })
  try {
    const started = performance.now()
    const asked = { fromLane, onStep: process.stderr.isTTY ? showStep : undefined }
    const work = verb === 'check' ? checkAll : rebuildAll
    const found = await work(gateway.flow, asked)
    const seconds = Math.round(performance.now() - started) / 1_000
    console.log(
      values.json === true ? JSON.stringify({ ...found, seconds }) : tell(verb, found, seconds),
    )
    return verb === 'check' && found.corrected + found.sums > 0 ? 1 : 0
  } finally {
    await gateway.stop()
  }
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

const tell = (
  verb: 'check' | 'rebuild',
  { lists, corrected, sums }: Rebuilt,
  seconds: number,
): string =>
  verb === 'check'
    ? `核对 ${lists} 份清单：${corrected} 条台账、${sums} 个合计不符，用时 ${seconds} 秒 / ${lists} lists checked: ${corrected} entries and ${sums} sums differ, ${seconds} s`
    : `按 ${lists} 份清单重建统计：更正 ${corrected} 条台账、${sums} 个合计，用时 ${seconds} 秒 / totals rebuilt from ${lists} lists: ${corrected} entries and ${sums} sums corrected, ${seconds} s`
