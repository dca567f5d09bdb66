/**
 * The gateway on Cloudflare Workers: everything is made for one invocation and closed after it,
 * because a database connection must not outlive the request that opened it (Hyperdrive keeps the
 * pool). After an intake or a reply the stages run on for a bounded number of rounds; what is left,
 * and what came due, the cron trigger does every minute.
 */
import { keepHouse } from '../flow/housekeeping.ts'
import { foldLedger } from '../flow/ledger-folding.ts'
import { followSettlements } from '../flow/settlements-follow.ts'
import { foldSettlements } from '../flow/settlements-kept.ts'
import { compareSettlements } from '../flow/settlements-ties.ts'
import { tendSigners } from '../flow/signers.ts'
import { keepClocks } from '../flow/stage-clocks.ts'
import { resendUnanswered } from '../flow/unanswered.ts'
import { problemBody, problems } from '../http/problems.ts'
import { untilEnd } from '../http/until-end.ts'
import { failureFacts } from '../kernel/failure.ts'
import { WORKER_ROUNDS_MAX } from '../kernel/limits.ts'
import { connect } from '../store/connect.ts'
import { type Config, readConfig } from './config.ts'
import { createGateway, type Gateway, runStages } from './gateway.ts'
import { openLinks } from './links.ts'
import { consoleLog } from './log-console.ts'

/** Bindings and secrets of `wrangler.toml`; texts are settings under the names of `readConfig`. */
export interface WorkerEnv {
  readonly HYPERDRIVE: { readonly connectionString: string }
  readonly [name: string]: unknown
}

export interface WorkerContext {
  waitUntil(promise: Promise<unknown>): void
}

/** One invocation uses few connections at once; the platform allows six. */
const CONNECTIONS_MAX = 4

const worker = {
  fetch: async (request: Request, env: WorkerEnv, context: WorkerContext): Promise<Response> => {
    const opened = open(env)
    if (opened.kind === 'problems') return misconfigured()
    const { response, ended } = untilEnd(await opened.gateway.app.fetch(request, env))
    context.waitUntil(
      ended
        .then(() => (opened.woken() ? runRounds(opened.gateway) : undefined))
        .finally(opened.close),
    )
    return response
  },
  scheduled: async (_event: unknown, env: WorkerEnv): Promise<void> => {
    const opened = open(env)
    if (opened.kind === 'problems') return
    try {
      await runRounds(opened.gateway)
      const { flow } = opened.gateway
      // One that fails keeps none of the others from its turn.
      for (const chore of [
        resendUnanswered,
        keepHouse,
        tendSigners,
        keepClocks,
        foldLedger,
        followSettlements,
        foldSettlements,
        compareSettlements,
      ])
        await chore(flow).catch((error: unknown) => {
          flow.log.warn('chore-failed', { chore: chore.name, ...failureFacts(error) })
        })
    } finally {
      await opened.close()
    }
  },
}

// The platform asks for a default export.
export default worker

type Opened =
  | { readonly kind: 'problems' }
  | {
      readonly kind: 'gateway'
      readonly gateway: Gateway
      /** Whether this invocation made work for the stages. */
      readonly woken: () => boolean
      readonly close: () => Promise<void>
    }

const open = (env: WorkerEnv): Opened => {
  const settings = settingsOf(env)
  if (settings === undefined) return { kind: 'problems' }
  const connection = connect({
    connectionString: env.HYPERDRIVE.connectionString,
    max: CONNECTIONS_MAX,
    pooled: true,
  })
  let woken = false
  const gateway = createGateway({
    ...settings,
    links: openLinks(settings.config),
    db: connection.db,
    log: consoleLog,
    wake: () => {
      woken = true
    },
  })
  return { kind: 'gateway', gateway, woken: () => woken, close: connection.close }
}

interface Settings {
  readonly config: Config
  readonly dataKey: string
  readonly authSecret: string
}

/** undefined, and a line in the log for each, when settings are wrong or missing. */
const settingsOf = (env: WorkerEnv): Settings | undefined => {
  const texts = Object.entries(env).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  )
  const answer = readConfig(Object.fromEntries(texts))
  if (answer.kind === 'problems') {
    for (const { name, text } of answer.problems) {
      consoleLog.error('setting-wrong', { name, problem: text.en })
    }
    return undefined
  }
  const { config } = answer
  const { dataKey, authSecret } = config
  if (dataKey !== undefined && authSecret !== undefined) return { config, dataKey, authSecret }
  for (const [name, value] of Object.entries({ DATA_KEY: dataKey, AUTH_SECRET: authSecret })) {
    if (value === undefined)
      consoleLog.error('setting-missing', { name, cure: 'wrangler secret put' })
  }
  return undefined
}

const misconfigured = (): Response =>
  Response.json(problemBody('NOT-READY', ''), {
    status: problems['NOT-READY'].status,
    headers: { 'content-type': 'application/problem+json; charset=utf-8' },
  })

const runRounds = async (gateway: Gateway): Promise<void> => {
  try {
    for (let round = 0; round < WORKER_ROUNDS_MAX; round += 1) {
      if ((await runStages(gateway)) === 0) return
    }
  } catch (error) {
    // What was under way is found again by the next run.
    gateway.flow.log.error('stages-failed', {
      reason: error instanceof Error ? error.name : 'unknown',
    })
  }
}
