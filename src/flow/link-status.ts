/**
 * How the links to customs and the queues before them stand, told truthfully: what is down and since
 * when, what waits and how long the oldest has waited, and how long the queue needs at the pace that
 * was really reached. Nothing is promised while nothing can be: then the answer is null. Read at most
 * every few seconds in one process, so that a thousand who ask cost what one does.
 */
import type { Clock } from '../kernel/clock.ts'
import type { Text } from '../kernel/fault.ts'
import { keptFor } from '../kernel/kept.ts'
import {
  PACE_MINUTES,
  PACE_SECONDS_MIN,
  STAGE_BEHIND_MS,
  STANDING_KEPT_MS,
} from '../kernel/limits.ts'
import { UNANSWERED_COUNT_MAX } from '../kernel/link-limits.ts'
import { countSilent } from '../store/awaited.ts'
import { findNotedStates, findSent, type LinkState, type SentMinute } from '../store/links.ts'
import { type QueueDepth, queueDepths } from '../store/queues.ts'
import type { Db, Stage } from '../store/tables.ts'
import type { Link, LinkCode } from '../wire/types.ts'
import { type SignerView, signersView } from './signers.ts'
import type { FlowDeps } from './types.ts'
import { type TroubledView, troubledWebhooks } from './webhook-view.ts'

/** What is read at once; views of it are made for each who asks. */
export interface Standing {
  readonly at: Date
  readonly links: readonly LinkStanding[]
  readonly queues: readonly QueueDepth[]
  /** Null where nobody looks whether messages are answered. */
  readonly unanswered: Unanswered | null
}

/** Sent messages of which customs has said nothing for longer than it usually takes. */
export interface Unanswered {
  readonly messages: number
  /** There may be more: looking ended there. */
  readonly more: boolean
}

export interface LinkStanding {
  readonly code: LinkCode
  /** Undefined when nothing was ever noted of it: nobody sent over it yet. */
  readonly noted: LinkState | undefined
  readonly queue: QueueDepth | undefined
  /** Messages a second in the busiest of the last minutes; 0 when nothing went. */
  readonly pace: number
}

export type ReadStanding = () => Promise<Standing>

export interface StandingDeps {
  readonly db: Db
  readonly clock: Clock
  readonly links: readonly Link[]
  /** How long silence is usual, in milliseconds; 0 where nobody looks. */
  readonly resendMs: number
}

export const createStanding = (deps: StandingDeps): ReadStanding =>
  keptFor(deps.clock, STANDING_KEPT_MS, () => readStanding(deps))

const MINUTE_MS = 60_000

const readStanding = async ({ db, clock, links, resendMs }: StandingDeps): Promise<Standing> => {
  const at = clock.now()
  const codes = links.map(({ code }) => code)
  const states = await findNotedStates(db, codes)
  const sent = await findSent(db, codes, new Date(at.getTime() - PACE_MINUTES * MINUTE_MS))
  const queues = await queueDepths(db, at)
  return {
    at,
    queues,
    unanswered: resendMs === 0 ? null : await readUnanswered(db),
    links: codes.map((code) => ({
      code,
      noted: states.find((state) => state.code === code),
      queue: queues.find(({ stage, queue }) => stage === 'dispatch' && queue === code),
      pace: paceOf(
        sent.filter((minute) => minute.code === code),
        at,
      ),
    })),
  }
}

const readUnanswered = async (db: Db): Promise<Unanswered> => {
  const messages = await countSilent(db, UNANSWERED_COUNT_MAX)
  return { messages, more: messages === UNANSWERED_COUNT_MAX }
}

/** The busiest minute shows what a link can do; the others may only have had nothing to send. */
const paceOf = (sent: readonly SentMinute[], now: Date): number =>
  Math.max(
    0,
    ...sent.map(({ minute, messages }) => {
      const passed = (now.getTime() - minute.getTime()) / 1000
      return messages / Math.min(60, Math.max(PACE_SECONDS_MIN, passed))
    }),
  )

/** `normal` all links carry; `degraded` some do, or a stage is behind; `down` none does. */
export type Overall = 'normal' | 'degraded' | 'down'

export interface StatusView extends Text {
  readonly asOf: string
  readonly state: Overall
  readonly links: readonly LinkView[]
  /** Null for whoever is not signed in. */
  readonly stages: readonly StageView[] | null
  /** Null for whoever is not signed in, and where nobody looks. */
  readonly unanswered: Unanswered | null
  /** Signers that whoever asks may see, those in trouble first; null for whoever is not signed in. */
  readonly signers: readonly SignerView[] | null
  /** Web hooks that fail or were given up, of the same enterprises; null for whoever is not signed in. */
  readonly webhooks: TroubledView | null
}

export interface LinkView extends Text {
  readonly code: LinkCode
  readonly protocol: Text
  readonly state: LinkState['state']
  /** When it came to stand so; null when nothing was ever sent over it. */
  readonly since: string | null
  /** When it last took a message, to some seconds. */
  readonly sentAt: string | null
  /** Messages that wait for it, and how long the oldest of them has waited. */
  readonly queue: DepthView
  /** How long the queue needs at the pace of the last minutes; null is unknown. */
  readonly drainSeconds: number | null
  /** What senders do now. */
  readonly advice: Text
  /** For whoever is signed in, else null. */
  readonly detail: {
    /** In a row. */
    readonly failures: number
    /** When the next message is tried, of a link that is not up. */
    readonly retryAt: string | null
    /** A short code of what failed last. */
    readonly problem: string | null
    /** In the busiest of the last minutes. */
    readonly messagesPerMinute: number
  } | null
}

export interface DepthView {
  readonly depth: number
  /** There are more: counting ended there. */
  readonly more: boolean
  readonly since: string | null
  readonly ageSeconds: number | null
}

export interface StageView extends Text, DepthView {
  readonly stage: Stage
  /** `held`: all that waits there waits for links that are down. */
  readonly state: 'clear' | 'moving' | 'held' | 'behind'
}

/** Of which enterprises somebody who is signed in sees signers and web hooks. */
export type SeenEnterprises = readonly string[] | 'all'

/** How things stand for somebody who asks: `seen` is undefined for whoever is not signed in. */
export const statusView = async (
  deps: Pick<FlowDeps, 'db' | 'clock' | 'standing'>,
  seen: SeenEnterprises | undefined,
): Promise<StatusView> => {
  const view = viewStanding(await deps.standing(), seen !== undefined)
  if (seen === undefined) return { ...view, signers: null, webhooks: null }
  const signers = [...(await signersView(deps, seen))].sort((a, b) => trouble(b) - trouble(a))
  return { ...view, signers, webhooks: await troubledWebhooks(deps, seen) }
}

/** Those that cannot sign before those that soon will not, and these before all others. */
const trouble = ({ state, warning }: SignerView): number =>
  state === 'quarantined' || state === 'expired' ? 2 : warning === null ? 0 : 1

/** What does not depend on whose it is. */
export type StandingView = Omit<StatusView, 'signers' | 'webhooks'>

/** What of it everybody may know, or with `isKnown` whoever is signed in. */
export const viewStanding = (standing: Standing, isKnown: boolean): StandingView => {
  const stages = STAGES.map((stage) => viewStage(standing, stage))
  const state = overallOf(standing, stages)
  return {
    asOf: standing.at.toISOString(),
    state,
    ...sentenceOf(standing, state),
    links: standing.links.map((link) => viewLink(standing, link, isKnown)),
    stages: isKnown ? stages : null,
    unanswered: isKnown ? standing.unanswered : null,
  }
}

export const stateOf = ({ noted }: LinkStanding): LinkState['state'] => noted?.state ?? 'up'

/** Null while it is down, and when nothing shows how fast it is. */
export const drainSeconds = (link: LinkStanding): number | null => {
  const { queue, pace } = link
  if (queue === undefined) return 0
  if (stateOf(link) === 'down' || queue.isBounded || pace === 0) return null
  return Math.ceil(queue.depth / pace)
}

const viewLink = (standing: Standing, link: LinkStanding, isKnown: boolean): LinkView => {
  const { code, noted, queue, pace } = link
  const state = stateOf(link)
  return {
    code,
    protocol: protocols[code],
    state,
    ...linkStates[state],
    since: noted?.since.toISOString() ?? null,
    sentAt: noted?.sentAt?.toISOString() ?? null,
    queue: viewDepth(standing.at, queue === undefined ? [] : [queue]),
    drainSeconds: drainSeconds(link),
    advice: advices[state],
    detail: isKnown
      ? {
          failures: noted?.failures ?? 0,
          retryAt: state === 'up' ? null : (noted?.retryAt.toISOString() ?? null),
          problem: codeOf(noted?.problem ?? null),
          messagesPerMinute: Math.round(pace * 60),
        }
      : null,
  }
}

const viewStage = ({ at, queues, links }: Standing, stage: Stage): StageView => {
  const own = queues.filter((queue) => queue.stage === stage)
  const depth = viewDepth(at, own)
  const isBehind = (depth.ageSeconds ?? 0) * 1000 >= STAGE_BEHIND_MS
  const isHeld = own.every(
    ({ queue }) => stage === 'dispatch' && !links.some((link) => carries(link, queue)),
  )
  const state = own.length === 0 ? 'clear' : isHeld ? 'held' : isBehind ? 'behind' : 'moving'
  return { stage, ...stageNames[stage], ...depth, state }
}

const carries = (link: LinkStanding, queue: string): boolean =>
  link.code === queue && stateOf(link) !== 'down'

const viewDepth = (now: Date, queues: readonly QueueDepth[]): DepthView => {
  const [oldest] = queues.map(({ since }) => since).sort((a, b) => a.getTime() - b.getTime())
  return {
    depth: queues.reduce((sum, { depth }) => sum + depth, 0),
    more: queues.some(({ isBounded }) => isBounded),
    since: oldest?.toISOString() ?? null,
    ageSeconds: oldest === undefined ? null : secondsBetween(oldest, now),
  }
}

export const secondsBetween = (from: Date, to: Date): number =>
  Math.max(0, Math.floor((to.getTime() - from.getTime()) / 1000))

/**
 * What waits before composing may wait for one sender's key, and before sending for one message:
 * neither says anything of the gateway. Matching and replies wait for nobody.
 */
const STAGES_OF_OURS: readonly Stage[] = ['match', 'reply']

const overallOf = ({ links }: Standing, stages: readonly StageView[]): Overall => {
  if (links.every((link) => stateOf(link) === 'down')) return 'down'
  const isBehind = stages.some(
    ({ stage, state }) => STAGES_OF_OURS.includes(stage) && state === 'behind',
  )
  return isBehind || links.some((link) => stateOf(link) !== 'up') ? 'degraded' : 'normal'
}

/** Reasons of transports are codes already; whatever else came there is not told. */
const codeOf = (problem: string | null): string | null =>
  problem === null || problem === '' ? null : /^[\w .-]{1,40}$/.test(problem) ? problem : 'OTHER'

const sentenceOf = ({ links }: Standing, state: Overall): Text => {
  if (links.length === 0) return sentences.none
  if (state !== 'degraded') return sentences[state]
  if (links.some((link) => stateOf(link) === 'down')) return sentences.some
  return links.some((link) => stateOf(link) === 'draining') ? sentences.draining : sentences.behind
}

const sentences = {
  normal: {
    zh: '通往海关的链路全部正常，单证随到随发。',
    en: 'All links to customs work; documents go out as they come.',
  },
  down: {
    zh: '通往海关的链路中断。单证照常接收、检查、签名并排队，恢复后自动按序发出。',
    en: 'No link to customs works. Documents are still taken, checked, signed and queued; they go out in order, by themselves, once a link is back.',
  },
  none: {
    zh: '尚未设置通往海关的链路。单证照常接收、检查、签名并排队，设置后自动按序发出。',
    en: 'No link to customs is set up. Documents are taken, checked, signed and queued; they go out in order once one is.',
  },
  some: {
    zh: '部分链路中断。走该链路的单证照常接收、检查、签名并排队，其余链路不受影响。',
    en: 'A link is down. Documents that take it are still taken, checked, signed and queued; the other links are not affected.',
  },
  draining: {
    zh: '链路已恢复，积压的报文正在按序发出。',
    en: 'A link is back; what has waited is going out in order.',
  },
  behind: {
    zh: '链路正常，但网关内部处理落后，单证状态更新会迟一些。',
    en: 'The links work, but the gateway itself is behind: states of documents come later than usual.',
  },
} as const satisfies Readonly<Record<string, Text>>

export const linkStates: Readonly<Record<LinkState['state'], Text>> = {
  up: { zh: '正常', en: 'Up' },
  draining: { zh: '恢复中', en: 'Draining' },
  down: { zh: '中断', en: 'Down' },
}

const advices: Readonly<Record<LinkState['state'], Text>> = {
  up: { zh: '照常提交。', en: 'Hand in as usual.' },
  draining: {
    zh: '照常提交，不要重复提交：积压的单证正在按序发出。',
    en: 'Hand in as usual and nothing twice: what has waited is going out in order.',
  },
  down: {
    zh: '照常提交，不要重复提交：单证已保存并保留次序，恢复后自动发出。何时恢复未知；急件请与运营者联系。',
    en: 'Hand in as usual and nothing twice: documents are kept in their order and go out by themselves later. When is not known; for urgent goods speak to the operator.',
  },
}

export const protocols: Readonly<Record<LinkCode, Text>> = {
  http: { zh: 'HTTP 接口', en: 'HTTP' },
  amqp: { zh: '消息队列（AMQP）', en: 'Message queue (AMQP)' },
  folder: { zh: '文件目录', en: 'Pair of folders' },
  simulator: { zh: '模拟海关', en: 'Simulated customs office' },
}

/** In the order documents go through them; what is pushed about them goes its own way. */
const STAGES: readonly Stage[] = ['match', 'compose', 'sign', 'dispatch', 'reply', 'disclose']

const stageNames: Readonly<Record<Stage, Text>> = {
  match: { zh: '配单', en: 'Match' },
  compose: { zh: '组报签名', en: 'Compose and sign' },
  sign: { zh: '等待签名', en: 'Sign outside' },
  dispatch: { zh: '发送', en: 'Dispatch' },
  reply: { zh: '回执处理', en: 'Replies' },
  disclose: { zh: '上传支付原始数据', en: 'Uploads of payment data' },
  push: { zh: '事件推送', en: 'Web hooks' },
}
