/** `yuguan bench [NAME]`: measures one thing, or all of them, and names the machine. */
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import type { Environment } from '../config.ts'
import { UsageError } from '../usage.ts'
import { benchCheck, benchCompose, benchReply } from './codec.ts'
import { benchEndToEnd } from './e2e.ts'
import { benchFairness } from './fairness.ts'
import { benchIntake } from './intake.ts'
import type { BenchDatabase } from './measuring.ts'
import { benchPages } from './pages.ts'
import { benchRejections } from './rejections.ts'
import { benchSettlement } from './settlement.ts'
import { benchSheet } from './sheet.ts'
import { benchSign } from './signing.ts'
import { benchTotals } from './totals.ts'

type Figures = Readonly<Record<string, unknown>>

interface BenchSettings {
  readonly server: string | undefined
  readonly lists: number | undefined
  /** Milliseconds for each kind of message in compose, check and reply. */
  readonly kindMs: number | undefined
  readonly database: BenchDatabase
}

const benches: Readonly<Record<string, (settings: BenchSettings) => Promise<object> | object>> = {
  compose: ({ kindMs }) => benchCompose({ kind: kindMs }),
  check: ({ kindMs }) => benchCheck({ kind: kindMs }),
  reply: ({ kindMs }) => benchReply({ kind: kindMs }),
  sign: () => benchSign(),
  intake: ({ server }) => benchIntake(server),
  sheet: ({ server }) => benchSheet(server),
  rejections: ({ server, lists }) => benchRejections(server, lists),
  e2e: ({ server, lists }) => benchEndToEnd(server, lists),
  fairness: ({ server, lists }) => benchFairness(server, lists),
  totals: ({ server, lists, database }) => benchTotals(server, lists, database),
  settlement: ({ server, lists, database }) => benchSettlement(server, lists, database),
  pages: ({ server, lists, database }) => benchPages(server, lists, database),
}

/** Not part of all of them: they need a server, some GB of disk and minutes. */
const APART = ['fairness', 'totals', 'settlement', 'pages']

/** With `--json` one object: the machine and the figures of each bench. */
export const runBench = async (args: readonly string[], env: Environment): Promise<number> => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: 'boolean' },
      lists: { type: 'string' },
      'kind-ms': { type: 'string' },
      keep: { type: 'boolean' },
      made: { type: 'boolean' },
    },
  })
  const usual = Object.keys(benches).filter((name) => !APART.includes(name))
  const names = positionals.length === 0 ? usual : positionals
  const lists = positiveOf('--lists', values.lists)
  const kindMs = positiveOf('--kind-ms', values['kind-ms'])
  const database = { keep: values.keep, made: values.made }
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`
  const figures: Figures[] = []
  for (const name of names) {
    const bench = Object.hasOwn(benches, name) ? benches[name] : undefined
    if (bench === undefined)
      throw new UsageError(
        `没有此项测试 / no such bench: ${name}; ${Object.keys(benches).join(', ')}`,
      )
    const measured: Figures = {
      ...(await bench({ server: env.DATABASE_URL, lists, kindMs, database })),
    }
    figures.push(measured)
    if (values.json !== true) console.log(table(measured))
  }
  if (values.json === true) console.log(JSON.stringify({ machine, figures }, null, 2))
  else console.log(machine)
  return 0
}

const positiveOf = (name: string, text: string | undefined): number | undefined => {
  if (text === undefined) return undefined
  const number = Number(text)
  if (!(Number.isInteger(number) && number > 0))
    throw new UsageError(`${name} 应为正整数 / ${name} takes a positive whole number`)
  return number
}

const table = (figures: Figures): string => {
  const width = Math.max(...Object.keys(figures).map((name) => name.length))
  return Object.entries(figures)
    .map(([name, value]) => `${name.padEnd(width)}  ${format(value)}`)
    .join('\n')
    .concat('\n')
}

const format = (value: unknown): string =>
  typeof value === 'number'
    ? value.toLocaleString('en')
    : typeof value === 'object' && value !== null
      ? formatGroup(value)
      : String(value)

/** Figures of one thing in a line, several things each in a line of its own. */
const formatGroup = (group: object): string => {
  const members = Object.entries(group) as readonly (readonly [string, unknown])[]
  const isNested = members.some(([, value]) => typeof value === 'object')
  return members
    .map(([name, value]) => `${isNested ? '\n  ' : ''}${name} ${format(value)}`)
    .join(isNested ? '' : ', ')
}
