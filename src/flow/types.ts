/**
 * What the stages are given and what they answer. Every stage is `runBatch(deps, limit)`: it claims
 * work rows, does them set-wise in one transaction, and says how many it did. Node loops over the
 * stages; the Worker's cron and the time after an intake call the same functions.
 */
import type { AnyDocument, HeadField, State } from '../catalogue/message.ts'
import type { StateGroup } from '../catalogue/statuses.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Fault, Text } from '../kernel/fault.ts'
import type { Ids } from '../kernel/ids.ts'
import type { Signer } from '../signing/types.ts'
import type { Sealer } from '../store/seal.ts'
import type { SignerRow } from '../store/signers.ts'
import type { Db, Stage } from '../store/tables.ts'
import type { RealTimeData } from '../wire/real-time-data.ts'
import type { Link } from '../wire/types.ts'
import type { WebhookCalls } from '../wire/webhook.ts'
import type { Eligibility } from './eligibility.ts'
import type { ReadStanding } from './link-status.ts'
import type { ListTaxView } from './list-tax.ts'
import type { HandedIn } from './mandates.ts'
import type { NoticeEntry, NoticeView } from './notices.ts'
import type { QueuePlace } from './places.ts'
import type { RelatedView } from './related.ts'
import type { Reason } from './reply-words.ts'
import type { StageView } from './stage-clocks.ts'
import type { TotalsScope } from './totals-links.ts'

/** A line of the log: an event name and its facts. Never personal data, never a document's text. */
export interface Log {
  info(event: string, facts?: Readonly<Record<string, unknown>>): void
  warn(event: string, facts?: Readonly<Record<string, unknown>>): void
  error(event: string, facts?: Readonly<Record<string, unknown>>): void
}

export interface FlowDeps {
  readonly db: Db
  readonly clock: Clock
  readonly ids: Ids
  readonly sealer: Sealer
  readonly log: Log
  /** Ways to customs; the first is for whoever chose none. Without any, messages wait. */
  readonly links: readonly Link[]
  /** DXP addresses of customs by direction, one to five; reference data, not constants. */
  readonly customsAddress: Readonly<Record<'import' | 'export', readonly string[]>>
  /** Ours and the one messages go to, where we are a transfer node and not a terminal one. */
  readonly transferNode?: { readonly own: string; readonly end: string } | undefined
  /**
   * The signer of an enterprise that is to be used now, when it lies here; `called-out` when it has to
   * be called, which no transaction waits for; undefined when there is none in force. Inside a
   * transaction its connection must be handed in: with a second one, transactions would wait for each
   * other.
   */
  signerOf(enterpriseId: string, db?: Db): Promise<Signer | 'called-out' | undefined>
  /**
   * A signer of a pool, ready to sign; what one that is called out to hands back is checked. Rejects,
   * as its `sign` does, with a `SignerFailure` that tells why.
   */
  openSigner(row: SignerRow): Promise<Signer>
  /** Where original payment data is uploaded; without it uploads wait. */
  readonly realTimeData?: RealTimeData | undefined
  /** What pushes events; secrets, and how tries are spread, come from chance. */
  readonly webhooks: {
    readonly calls: WebhookCalls
    randomBytes(count: number): Uint8Array
    /** From 0 to below 1. */
    random(): number
  }
  readonly meter: Meter
  /** How links and queues stand, some seconds old at most (`createStanding`). */
  readonly standing: ReadStanding
  /** Whether reference data about goods is loaded, some seconds old at most. */
  goodsLoaded(): Promise<boolean>
  /** How long a claim of dispatch holds before another worker may send the same bytes, in seconds. */
  readonly leaseSeconds: number
  /**
   * A message of which nothing was heard for so long is sent again, in milliseconds; 0 never.
   */
  readonly resendMs: number
  /** Tells the loops that a stage has work; a hint, work is found without it too. */
  wake(stage: Stage): void
}

/** What passed through this process since it started: for the live view, never for totals. */
export interface Meter {
  add(step: MeterStep, count: number): void
  read(): Readonly<Record<MeterStep, number>>
}
/** Documents taken, composed and sent, single replies folded, lists released. */
export type MeterStep = 'taken' | 'composed' | 'sent' | 'replied' | 'released'

/** `queue` names one of the stage's queues, where it has several; without it all of them are served. */
export type RunBatch = (deps: FlowDeps, limit: number, queue?: string) => Promise<number>

/** Who hands in: an enterprise, known by its API key or a signed-in user. */
export interface Caller {
  readonly enterpriseId: string
  /** Runs the gateway: sees every enterprise's documents, hands in none of them. */
  readonly operator?: boolean
}

/** One document as handed in, with the faults its reading already found. */
export interface Handed {
  readonly kind: string
  readonly document: unknown
  readonly faults?: readonly Fault[]
  /**
   * Head fields that were blank and got a value on its way here, such as guid and appTime. They do
   * not make another document of one that is there already.
   */
  readonly filled?: readonly HeadField[]
  /** The version it was made from: refused when another one is held by then. */
  readonly follows?: number
  /** Only in the name of this enterprise, though the caller may act for several it names. */
  readonly senderId?: string
  /** Handed in although our state of things speaks against it, which may be behind. */
  readonly regardless?: boolean
}

export interface DocumentResult {
  readonly index: number
  readonly kind: string
  readonly id?: string
  readonly version?: number
  readonly state?: State
  /** The very same document had been taken before; nothing was stored again. */
  readonly duplicate?: true
  /** Errors (then there is no id), or warnings beside an accepted document. */
  readonly faults?: readonly Fault[]
}

export interface IntakeOptions {
  /** Checks everything, stores nothing. */
  readonly dryRun?: boolean
  /** All or none: one that is refused keeps the others from being stored, and the answer from being kept. */
  readonly together?: boolean
  readonly idempotency?: { readonly key: string; readonly requestHash: Uint8Array }
}

export type IntakeAnswer =
  | {
      readonly kind: 'taken'
      readonly results: readonly DocumentResult[]
      /** The answer of an earlier request with the same key. */
      readonly replayed: boolean
    }
  /** The Idempotency-Key came before with another body. */
  | { readonly kind: 'key-reused' }

export type ReplyAnswer =
  | { readonly kind: 'stored'; readonly id: string }
  | { readonly kind: 'duplicate'; readonly id: string }

/** A document in a listing: no personal data. */
export interface DocumentSummary {
  readonly id: string
  readonly kind: string
  readonly sender: string
  /** Code of the merchant that it names, else of its sender. */
  readonly client: string
  /** Null where no such enterprise is registered. */
  readonly clientName: string | null
  readonly number: string
  readonly orderNo: string | null
  readonly version: number
  readonly state: State
  readonly group: StateGroup
  readonly zone: string | null
  readonly returnStatus: string | null
  readonly returnTime: string | null
  readonly createdAt: string
  readonly updatedAt: string
}

export interface DocumentView extends DocumentSummary {
  readonly document: AnyDocument
  readonly guid: string
  readonly messageId: string | null
  readonly customsNumbers: Readonly<Record<string, string>>
  /** Of an export list: whether the simplified way is open to it. */
  readonly eligibility?: Eligibility
  /** Who handed this version in, and under which mandate. */
  readonly handedIn: HandedIn
  /** Of a retail import list: its taxes as estimated, and as billed. */
  readonly tax?: ListTaxView
  /** Where it waits, of a document that was not sent yet; else null. */
  readonly queue: QueuePlace | null
  /** The stages it went through, and how long each took against what is usual. */
  readonly stages: readonly StageView[]
  /** What customs said, of a document that is refused or waits for somebody; else null. */
  readonly reason: Reason | null
  /** What customs told unasked, the latest of each bill or result. */
  readonly notices: readonly NoticeView[]
  /** Documents that act on it or that it acts on, as far as the caller may see them. */
  readonly related: readonly RelatedView[]
}

export interface TimelineEntry {
  readonly at: string
  /** Whose word it is: a step of ours, customs, or the exchange platform in between. */
  readonly source: 'gateway' | 'customs' | 'exchange'
  readonly version: number
  /** Null for a notice, which moves no state. */
  readonly state: State | null
  readonly zh: string
  readonly en: string
  readonly returnStatus: string | null
  readonly returnTime: string | null
  readonly info: string | null
  /** What customs said; null for a step of ours. */
  readonly reason: Reason | null
  readonly messageId: string | null
  /** What customs told unasked: a tax bill, the result of a summary; else null. */
  readonly notice: Pick<NoticeEntry, 'kind' | 'name' | 'number'> | null
}

export type TotalsBy =
  | ('zone' | 'mode' | 'month' | 'direction')
  | ('enterprise' | 'country' | 'chapter' | 'institution')

/** For when figures are told. */
export interface Moment {
  readonly asOf: string
  /** Told as of now: what is on its way may still be recorded before that moment. */
  readonly provisional: boolean
}

/** Figures with what they mean. Amounts are CNY as decimal text. */
export interface Totals extends Moment {
  readonly scope: TotalsScope
  readonly definition: Text
  readonly year: number
  readonly by: TotalsBy
  /** Their counts and amounts add up to the total exactly. */
  readonly rows: readonly {
    /** Code of what it is by, month `yyyyMM` or direction; `''` is what names none. */
    readonly key: string
    readonly label: Text
    readonly count: number
    readonly amount: string
  }[]
  readonly total: { readonly count: number; readonly amount: string }
  /** Undefined for a year without a target, or of a zone without a share of it. */
  readonly target:
    | {
        readonly year: number
        readonly amount: string
        /** `''` is the whole city. */
        readonly zone: string
        /** Whether the total is of what the target is of: its scope, its year and its zone, all of it. */
        readonly comparable: boolean
        /** amount / target as a decimal fraction, rounded down; null where they do not compare. */
        readonly progress: string | null
        readonly source: string
      }
    | undefined
  readonly sources: readonly string[]
  /** What is in the counts and in no amount, because the rate of its month is not known. */
  readonly gaps: readonly {
    readonly currency: string
    /** yyyyMM */
    readonly month: string
    readonly count: number
    /** In that currency. */
    readonly amount: string
  }[]
}

/** Totals as anybody may see them: which rates are missing is told, not what for. */
export type ShownTotals = Omit<Totals, 'gaps'> & {
  readonly gaps: readonly (Pick<Totals['gaps'][number], 'currency' | 'month'> & {
    readonly count: number | null
    readonly amount: string | null
  })[]
}
