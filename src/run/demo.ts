/**
 * `yuguan demo`: the whole way with synthetic consignments. Starts a gateway on an embedded database
 * of its own (or on DATABASE_URL) with a simulated customs office in the same process, registers
 * synthetic enterprises, hands their documents in over HTTP, waits until customs has answered, and
 * checks that every list ended as it should and that the totals equal the released lists. Then the
 * server stays up, unless `--exit`, with something to do on every desk. It may be run again and again; each run adds to the year.
 */
import { randomInt } from 'node:crypto'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { systemClock } from '../kernel/clock.ts'
import { firstSignal } from './command-serve.ts'
import type { Config, Environment } from './config.ts'
import { furnishDesks } from './demo/desks.ts'
import { ensureTarget, registerEnterprises, showSmallFigures } from './demo/enterprises.ts'
import { createDemoOffice } from './demo/office.ts'
import { makePeople } from './demo/people.ts'
import { planDemo } from './demo/plan.ts'
import { playYear } from './demo/play.ts'
import { createProgress } from './demo/progress.ts'
import { figuresOf, tellPlaces, tellRun } from './demo/report.ts'
import { createYearClock } from './demo/year-clock.ts'
import { simulatorLink } from './links.ts'
import { nodeLog } from './log.ts'
import { PortTaken, type RunningGateway, type StartOptions, startGateway } from './node.ts'
import { officeAddresses } from './sim.ts'
import { configOf, UsageError } from './usage.ts'

/** Exit code 0 when everything ended as announced, 1 when not. */
export const runDemo = async (args: readonly string[], env: Environment): Promise<number> => {
  const options = readOptions(args)
  const config = demoConfig(configOf(env))
  const log = nodeLog(env.LOG_LEVEL === undefined ? 'warn' : config.logLevel, 2)
  const clock = createYearClock(systemClock)
  const seed = randomInt(SEEDS)
  const addresses = officeAddresses(config.customsAddress)
  const office = createDemoOffice({ clock, ...addresses, seed: String(seed) })
  // Before the start, so that a signal during it is not lost.
  const signalled = firstSignal()
  if (!options.json) console.log('渝关 Yuguan：正在启动 / starting …')
  const gateway = await start({ config, log, clock, links: [simulatorLink(office.transport)] }, env)
  const pump = office.deliverTo(gateway.flow)
  if (!options.json) console.log(`打开首页看单证流转 / open and watch: ${gateway.url}`)
  try {
    const progress = createProgress(gateway.flow.meter, !options.json)
    const plan = planDemo(options.consignments, systemClock.now())
    await ensureTarget(gateway, plan.year)
    await showSmallFigures(gateway, plan.year)
    const enterprises = await registerEnterprises(gateway, plan.start)
    const played = playYear({ gateway, office, clock, plan, enterprises, seed, progress })
    const run = await Promise.race([played, signalled])
    progress.stop()
    if (typeof run === 'string') return 1
    if (options.json) console.log(JSON.stringify(figuresOf(run)))
    else console.log(tellRun(run))
    if (!options.exit) {
      await furnishDesks({ gateway, enterprises, seed, lists: run.outcome.lists })
      if (!options.json)
        console.log(tellPlaces(gateway, enterprises, await makePeople(gateway, enterprises)))
      await signalled
    }
    return run.outcome.problems.length === 0 ? 0 : 1
  } finally {
    await pump.close()
    await gateway.stop()
  }
}

/** Order numbers start with it in base 36, so that runs on one database do not meet. */
const SEEDS = 2 ** 32
const CONSIGNMENTS_DEFAULT = 500
/** What the simulated office keeps in mind. */
const CONSIGNMENTS_MAX = 50_000

interface Options {
  readonly consignments: number
  readonly exit: boolean
  readonly json: boolean
}

const readOptions = (args: readonly string[]): Options => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      consignments: { type: 'string' },
      exit: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  })
  const consignments = Number(values.consignments ?? CONSIGNMENTS_DEFAULT)
  if (!Number.isInteger(consignments) || consignments < 1 || consignments > CONSIGNMENTS_MAX) {
    throw new UsageError(
      `--consignments: 须是 1 到 ${CONSIGNMENTS_MAX} 的整数 / a whole number from 1 to ${CONSIGNMENTS_MAX}`,
    )
  }
  return { consignments, exit: values.exit, json: values.json }
}

/** An embedded database lies in a folder of its own, beside that of a gateway in earnest. */
const demoConfig = (config: Config): Config =>
  config.databaseUrl === undefined ? { ...config, dataDir: join(config.dataDir, 'demo') } : config

/** On any free port when the usual one is taken and nobody asked for it. */
const start = async (options: StartOptions, env: Environment): Promise<RunningGateway> => {
  try {
    return await startGateway(options)
  } catch (error) {
    if (!(error instanceof PortTaken) || env.PORT !== undefined) throw error
    return startGateway({ ...options, config: { ...options.config, port: 0 } })
  }
}
