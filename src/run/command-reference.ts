/**
 * `yuguan reference load NAME FILE.csv` and `yuguan reference show NAME`: dated reference data, for
 * the machine the gateway runs on; from elsewhere `POST` and `GET /api/v1/reference/{name}` do the
 * same. Shown as CSV, so that what is shown can be edited and loaded again.
 */
import { createReadStream } from 'node:fs'
import { parseArgs } from 'node:util'
import {
  findReferenceTable,
  type ReferenceTable,
  referenceTables,
} from '../catalogue/reference/index.ts'
import type { ReferenceFault } from '../codec/reference.ts'
import { loadReference, referenceCsv, showReference } from '../flow/reference.ts'
import type { FlowDeps } from '../flow/types.ts'
import type { Environment } from './config.ts'
import { nodeLog } from './log.ts'
import { startGateway } from './node.ts'
import { configOf, UsageError } from './usage.ts'

const options = {
  source: { type: 'string' },
  from: { type: 'string' },
  replace: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  on: { type: 'string' },
  all: { type: 'boolean' },
  json: { type: 'boolean' },
} as const

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>['values']

export const reference = async (args: readonly string[], env: Environment): Promise<number> => {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
  const [verb, name, file, ...more] = positionals
  const table = findReferenceTable(name ?? '')
  if (table === undefined)
    throw new UsageError(`NAME: ${referenceTables.map((each) => each.name).join(' | ')}`)
  const fits = verb === 'load' ? file !== undefined : verb === 'show' && file === undefined
  if (!fits || more.length > 0) throw new UsageError('load NAME FILE.csv | show NAME')
  for (const day of [values.from, values.on])
    if (day !== undefined && !/^\d{4}-\d\d-\d\d$/.test(day))
      throw new UsageError('DATE: yyyy-MM-dd')
  const gateway = await startGateway({
    config: configOf(env),
    log: nodeLog('warn', 2),
    listen: false,
    loops: false,
  })
  try {
    return file === undefined
      ? await show(gateway.flow, table, values)
      : await load(gateway.flow, table, file, values)
  } finally {
    await gateway.stop()
  }
}

const load = async (
  flow: FlowDeps,
  table: ReferenceTable,
  file: string,
  { source, from: validFrom, replace = false, 'dry-run': dryRun = false, json }: Values,
): Promise<number> => {
  const loaded = await loadReference(flow, {
    table,
    bytes: createReadStream(file),
    given: { source, validFrom },
    ...{ replace, dryRun, by: 'cli' },
  })
  if (json === true) console.log(JSON.stringify({ file, name: table.name, dryRun, ...loaded }))
  else {
    for (const fault of loaded.faults) console.log(tell(fault))
    if (loaded.kind === 'refused')
      console.log(`${file}: ${loaded.errors} 处错误，没有装载 / errors, nothing was loaded`)
    else {
      const { rows, added, changed, unchanged, removed } = loaded.counts
      const how = dryRun ? '试装载 / dry run' : '已装载 / loaded'
      console.log(
        `${file} → ${table.zh} (${table.name}): ${how}, ${rows} 行 / rows: +${added} ~${changed} =${unchanged} -${removed}`,
      )
    }
  }
  return loaded.kind === 'refused' ? 1 : 0
}

const tell = ({ code, severity, text, cure, row, column }: ReferenceFault): string =>
  [
    `${severity === 'error' ? '✗' : '!'} ${code} ${column ?? ''}${row ?? ''}`,
    `  ${text.zh} / ${text.en}`,
    `  → ${cure.zh} / ${cure.en}`,
  ].join('\n')

/** All pages. */
const show = async (
  flow: FlowDeps,
  table: ReferenceTable,
  { on, all = false, json }: Values,
): Promise<number> => {
  const view = await showReference(flow, table, { on, all })
  const rows = [...view.rows]
  for (let { next } = view; next !== null; ) {
    const page = await showReference(flow, table, { on, all, cursor: next })
    rows.push(...page.rows)
    next = page.next
  }
  if (json === true) console.log(JSON.stringify({ ...view, rows, next: null }))
  else process.stdout.write(referenceCsv(table, rows))
  return 0
}
