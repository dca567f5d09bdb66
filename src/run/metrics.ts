/**
 * The metrics of one gateway process, for Prometheus. What passes is counted as it passes; how links,
 * queues and replies stand is read from the database when somebody asks, at most every few seconds.
 * Labels are of bounded sets: no enterprise, no number and no text of anybody is one.
 */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { stateOf } from '../flow/link-status.ts'
import type { FlowDeps, MeterStep } from '../flow/types.ts'
import type { Metrics } from '../http/metrics.ts'
import { keptFor } from '../kernel/kept.ts'
import { METRICS_DATABASE_MS_MAX, STANDING_KEPT_MS } from '../kernel/limits.ts'
import type { Connection, PoolName } from '../store/connect.ts'
import { countTroubled } from '../store/replies.ts'
import type { Db } from '../store/tables.ts'
import { countTroubledWebhooks } from '../store/webhooks.ts'

export interface MetricsSources {
  readonly flow: Pick<FlowDeps, 'clock' | 'meter' | 'standing'>
  /** For what only the metrics read. */
  readonly db: Db
  readonly version: string
  /** Pools of this process, each named once; an embedded database has one. */
  readonly pools: Readonly<Partial<Record<PoolName, Pick<Connection, 'pool'>>>>
  /** Whether memory, event loop and the like of the process are told too. */
  readonly ofProcess: boolean
}

export const createMetrics = (sources: MetricsSources): Metrics => {
  const registry = new Registry()
  const registers = [registry]
  if (sources.ofProcess) collectDefaultMetrics({ register: registry })
  new Gauge({
    ...{ name: 'yuguan_build_info', help: 'Version of the gateway; always 1', registers },
    labelNames: ['version'],
  }).set({ version: sources.version }, 1)
  countPassing(sources, registers)
  showPools(sources, registers)
  const showDatabase = databaseGauges(sources, registers)
  const requests = new Histogram({
    ...{ name: 'yuguan_http_request_duration_seconds', registers, buckets: [...DURATIONS] },
    help: 'HTTP requests until their answer began, by pattern of the route',
    labelNames: ['method', 'route', 'status'],
  })
  const refusals = new Counter({
    ...{ name: 'yuguan_rate_limited_total', registers, labelNames: ['limit'] },
    help: 'Requests refused with 429, by the limit that refused them',
  })
  return {
    request: ({ method, route, status, seconds }) => {
      requests.observe({ method: METHODS.has(method) ? method : 'OTHER', route, status }, seconds)
    },
    refused: (limit) => refusals.inc({ limit }),
    page: async () => {
      await showDatabase()
      return { mediaType: registry.contentType, text: await registry.metrics() }
    },
  }
}

/** Any text may come as a method; a label must not. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
const DURATIONS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] as const

const PASSING: Readonly<Record<MeterStep, readonly [name: string, help: string]>> = {
  taken: ['yuguan_documents_taken_total', 'Documents taken'],
  composed: ['yuguan_documents_composed_total', 'Documents composed into messages'],
  sent: ['yuguan_documents_sent_total', 'Documents whose message a link took'],
  replied: ['yuguan_replies_folded_total', 'Single replies of customs that changed a document'],
  released: ['yuguan_lists_released_total', 'Lists that customs released'],
}

/** The flow counts by itself since the process started; a scrape reads off what it counted. */
const countPassing = ({ flow: { meter } }: MetricsSources, registers: Registry[]): void => {
  for (const [step, [name, help]] of Object.entries(PASSING)) {
    new Counter({
      ...{ name, help: `${help}, by this process`, registers },
      collect() {
        this.reset()
        this.inc(Object.entries(meter.read()).find(([passed]) => passed === step)?.[1] ?? 0)
      },
    })
  }
}

const showPools = ({ pools }: MetricsSources, registers: Registry[]): void => {
  const entries = Object.entries(pools)
  new Gauge({
    ...{ name: 'yuguan_database_connections', registers, labelNames: ['pool', 'state'] },
    help: 'Connections open to the database',
    collect() {
      for (const [name, { pool }] of entries) {
        this.set({ pool: name, state: 'idle' }, pool.idleCount)
        this.set({ pool: name, state: 'busy' }, pool.totalCount - pool.idleCount)
      }
    },
  })
  new Gauge({
    ...{ name: 'yuguan_database_connections_max', registers, labelNames: ['pool'] },
    help: 'Connections a pool may open',
    collect() {
      for (const [name, { pool }] of entries) this.set({ pool: name }, pool.options.max)
    },
  })
  new Gauge({
    ...{ name: 'yuguan_database_waiting', registers, labelNames: ['pool'] },
    help: 'Callers that wait for a connection of the pool',
    collect() {
      for (const [name, { pool }] of entries) this.set({ pool: name }, pool.waitingCount)
    },
  })
}

const LINK_STATES = { down: 0, draining: 1, up: 2 } as const

/** Gauges of what lies in the database, and what brings them up to date. */
const databaseGauges = (
  { flow, db }: MetricsSources,
  registers: Registry[],
): (() => Promise<void>) => {
  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Gauge<L>({ name, help, registers, labelNames: [...labelNames] })
  const up = gauge(
    'yuguan_database_up',
    'Whether the database told what follows (1) or not (0)',
    [],
  )
  const queue = ['stage', 'link'] as const
  const waiting = gauge('yuguan_work_waiting', 'Work rows that wait, counted within a bound', queue)
  const due = gauge('yuguan_work_due', 'Of these, those that could be done now', queue)
  const oldest = gauge('yuguan_work_oldest_seconds', 'How long the oldest of them waits', queue)
  const link = gauge('yuguan_link_state', 'A link to customs: 0 down, 1 draining, 2 up', ['link'])
  const failures = gauge('yuguan_link_failures', 'Failures of the link in a row', ['link'])
  const troubled = gauge(
    'yuguan_replies_troubled',
    'Replies that an operator must look at, counted within a bound',
    ['state'],
  )
  const webhooks = gauge(
    'yuguan_webhooks_troubled',
    'Web hooks whose receiver does not take what it is told, or that were given up',
    ['state'],
  )
  const countReplies = keptFor(flow.clock, STANDING_KEPT_MS, () => countTroubled(db))
  const countWebhooks = keptFor(flow.clock, STANDING_KEPT_MS, () => countTroubledWebhooks(db))
  const gauges = [waiting, due, oldest, link, failures, troubled, webhooks]
  return async () => {
    for (const each of gauges) each.reset()
    const read = await within(
      METRICS_DATABASE_MS_MAX,
      Promise.all([flow.standing(), countReplies(), countWebhooks()]),
    )
    up.set(read === undefined ? 0 : 1)
    if (read === undefined) return
    const [standing, replies, hooks] = read
    const ages = new Map<string, number>()
    for (const { stage, queue: name, depth, due: now, since } of standing.queues) {
      // Only links have a bounded set of names; a signer's queue bears that of its enterprise.
      const labels = { stage, link: stage === 'dispatch' ? name : '' }
      waiting.inc(labels, depth)
      due.inc(labels, now)
      const age = Math.max(0, (standing.at.getTime() - since.getTime()) / 1000)
      const before = ages.get(`${stage} ${labels.link}`) ?? 0
      ages.set(`${stage} ${labels.link}`, Math.max(age, before))
      oldest.set(labels, Math.max(age, before))
    }
    for (const each of standing.links) {
      link.set({ link: each.code }, LINK_STATES[stateOf(each)])
      failures.set({ link: each.code }, each.noted?.failures ?? 0)
    }
    for (const { state, count } of replies) troubled.set({ state }, count)
    for (const [state, count] of Object.entries(hooks)) webhooks.set({ state }, count)
  }
}

/** undefined when it fails or takes too long: metrics must come above all when something is wrong. */
const within = async <T>(ms: number, work: Promise<T>): Promise<T | undefined> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms)
  })
  try {
    return await Promise.race([work.catch(() => undefined), late])
  } finally {
    clearTimeout(timer)
  }
}
