/**
 * `yuguan totals check` and `yuguan totals rebuild`: the totals held against documents and events,
 * beside a running gateway or without one. A check writes nothing and ends with 1 where anything
 * differs; a rebuild corrects it, and writers wait for a page of it at a time.
 */
import { parseArgs } from 'node:util'
import { checkTotals, type Rebuilt, rebuildAll } from '../flow/totals-rebuild.ts'
import type { Environment } from './config.ts'
import { nodeLog } from './log.ts'
import { startGateway } from './node.ts'
import { configOf, UsageError } from './usage.ts'

export const totals = async (args: readonly string[], env: Environment): Promise<number> => {
  const options = { json: { type: 'boolean' } } as const
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
  const [verb, ...more] = positionals
  if ((verb !== 'check' && verb !== 'rebuild') || more.length > 0)
    throw new UsageError('totals check | rebuild')
  const gateway = await startGateway({
    config: configOf(env),
    log: nodeLog('warn', 2),
    listen: false,
    loops: false,
  })
  try {
    const started = performance.now()
    const found = await (verb === 'check' ? checkTotals(gateway.flow) : rebuildAll(gateway.flow))
    const seconds = Math.round(performance.now() - started) / 1_000
    console.log(
      values.json === true ? JSON.stringify({ ...found, seconds }) : tell(verb, found, seconds),
    )
    return verb === 'check' && found.corrected + found.sums > 0 ? 1 : 0
  } finally {
    await gateway.stop()
  }
}

const tell = (
  verb: 'check' | 'rebuild',
  { lists, corrected, sums }: Rebuilt,
  seconds: number,
): string =>
  verb === 'check'
    ? `核对 ${lists} 份清单：${corrected} 条台账、${sums} 个合计不符，用时 ${seconds} 秒 / ${lists} lists checked: ${corrected} entries and ${sums} sums differ, ${seconds} s`
    : `按 ${lists} 份清单重建统计：更正 ${corrected} 条台账、${sums} 个合计，用时 ${seconds} 秒 / totals rebuilt from ${lists} lists: ${corrected} entries and ${sums} sums corrected, ${seconds} s`
