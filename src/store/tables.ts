/**
 * Row types of the gateway's own tables, one interface per table of `migrations/`.
 * `numeric` and `bigint` arrive as text; they are read with the kernel's decimals.
 */
import type { Generated, GeneratedAlways, Kysely } from 'kysely'
import type { State } from '../catalogue/message.ts'
import type { StateGroup } from '../catalogue/statuses.ts'
import type { AccessLogTable } from './access-deeds.ts'
import type {
  OpenStageTable,
  StageLookTable,
  StagePaceTable,
  StageSampleTable,
} from './clock-tables.ts'
import type {
  ExchangeRateEditionTable,
  LedgerEntryTable,
  LedgerSealTable,
  LedgerSumTable,
  MeasureTable,
} from './ledger-tables.ts'
import type {
  ExchangeRateTable,
  RestDayTable,
  RuleEditionTable,
  RuleSwitchTable,
  RuleValueTable,
  TaxRateTable,
  ZoneRuleTable,
  ZoneTable,
} from './reference-rows.ts'
import type { CodeMeaningTable, CorrectionTable } from './rejection-rows.ts'
import type { SettlementTables } from './settlements-tables.ts'
import type { RefusalSumTable, TaxSumTable } from './zone-tables.ts'

export type * from './reference-rows.ts'

export interface EnterpriseTable {
  id: string
  name: string
  customs_code: string | null
  credit_code: string | null
  roles: string[]
  dxp_id: string | null
  former_dxp_ids: Generated<string[]>
  waits_for_companions: Generated<boolean>
  created_at: Generated<Date>
}

export interface SigningKeyTable {
  enterprise_id: string
  key_name: string
  algorithm: string
  certificate: string
  sealed_key: Uint8Array | null
  not_before: Date
  not_after: Date
  created_at: Generated<Date>
  kind: Generated<'local' | 'remote' | 'device'>
  driver: string | null
  label: string | null
  sealed_secret: Uint8Array | null
  priority: Generated<number>
  retired_at: Date | null
}

export interface SignerStateTable {
  enterprise_id: string
  key_name: string
  state: 'ok' | 'quarantined'
  since: Date
  failures: Generated<number>
  retry_at: Date
  problem: string | null
  rate: number | null
  rate_at: Date | null
  warned_days: number | null
}

export interface MandateTable {
  id: string
  principal_id: string
  agent_id: string
  kinds: string[]
  zones: Generated<string[]>
  valid_from: string
  valid_to: string | null
  /** From this moment on it holds no more, whatever `valid_to` says; `ended_on` is its last day. */
  ended_at: Date | null
  ended_on: string | null
  end_given_at: Date | null
  created_at: Generated<Date>
}

export interface DocumentTable {
  lane: number
  id: string
  version: number
  kind: string
  sender_id: string
  submitted_by: string
  guid: string
  app_type: string
  app_time: string
  payload: unknown
  sealed: Uint8Array | null
  content_hash: Uint8Array
  buyer_hash: Uint8Array | null
  zone: string | null
  trade_mode: string | null
  amount: string | null
  counts: unknown
  created_at: Date
  /** Null where its sender handed it in himself. */
  mandate_id: string | null
}

export interface DocumentStateTable {
  lane: number
  id: string
  kind: string
  sender_id: string
  number: string
  owner: string
  order_no: string | null
  zone: string | null
  created_at: Date
  version: number
  guid: string
  app_time: string
  state: State
  return_time: string
  rank: number
  return_status: string | null
  message_id: string | null
  prior_message_id: string | null
  counted_version: number | null
  counted_month: string | null
  declared_version: number | null
  declared_month: string | null
  refused: Generated<boolean>
  /** Code of the merchant that it names, else of its sender. */
  client: Generated<string>
  /** yyyyMMdd in China, of the earliest evidence of this version. */
  released_on: Generated<string | null>
  /** Made by the database; null once it is done. */
  unfinished: GeneratedAlways<Exclude<StateGroup, 'done'> | null>
  updated_at: Date
}

export interface CustomsNumberTable {
  lane: number
  number: string
  name: string
  document_id: string
}

export interface EventTable {
  lane: number
  document_id: string
  key: string
  version: number
  state: State
  rank: number
  at: Date
  return_time: string
  return_status: string | null
  /** Text of customs that the catalogue knows; any other is in `sealed_info`. */
  info: string | null
  sealed_info: Uint8Array | null
  result_codes: string[] | null
  message_id: string | null
  reply_id: string | null
  seq: Generated<string>
}

export interface ConsignmentPartTable {
  lane: number
  order_no: string
  document_id: string
  kind: string
  sender_id: string
  offer: string
  needs: string[] | null
  accepted: Generated<boolean>
  also_lanes: number[] | null
  also: string[] | null
  marks: string[] | null
  doubts: string[] | null
  withheld: string | null
}

export interface ActTargetTable {
  lane: number
  number: string
  kind: string
  document_id: string
  version: number
}

export interface NoticeTable {
  lane: number
  document_id: string
  kind: string
  number: string
  time: string
  status: string
  hash: Uint8Array
  head: unknown
  lines: unknown
  sealed: Uint8Array | null
  reply_id: string
  at: Date
}

export interface TaxVarianceTable {
  lane: number
  document_id: string
  sender_id: string
  bills: Generated<number>
  told: Generated<string>
  billed_duty: Generated<string>
  billed_consumption: Generated<string>
  billed_vat: Generated<string>
  estimated_duty: string | null
  estimated_consumption: string | null
  estimated_vat: string | null
  tolerance: string | null
  verdict: Generated<'within' | 'beyond' | 'unknown'>
  problem: string | null
  counted: unknown
}

export interface SummaryItemTable {
  lane: number
  document_id: string
  kind: string
  sender_id: string
  month: string
  office: string
  agent: string
  merchant: string
  summary_id: string | null
}

export interface ReferenceLoadTable {
  id: string
  name: string
  loaded_at: Date
  loaded_by: string
  rows: number
  added: number
  changed: number
  removed: number
}

export interface HoldAccountTable {
  lane: number
  id: string
  sort: 'quota' | 'stock'
  stock: string | null
  reserved: Generated<string>
  committed: Generated<string>
}

export interface HoldTable {
  lane: number
  document_id: string
  account_id: string
  sort: 'quota' | 'stock'
  asked: string
  restored: Generated<string>
  reserved: string
  committed: Generated<string>
  leaves: Generated<boolean>
}

export interface MessageTable {
  lane: number
  id: string
  kind: string
  sender_id: string
  sender_dxp_id: string
  /** One to five, joined by commas: an array would have cost a rewrite of all messages. */
  receiver_dxp_id: string
  cop_msg_id: string
  sealed: Uint8Array
  /** Null until it is signed; then `place` is null. */
  hash: Uint8Array | null
  document_ids: string[]
  document_versions: number[]
  created_at: Date
  sent_at: Date | null
  problem: string | null
  resent_at: Generated<Date[]>
  tried_at: Generated<Date | null>
  signed_at: Date | null
  place: unknown
}

export interface ReplyTable {
  lane: number
  id: string
  hash: Uint8Array
  sealed: Uint8Array
  received_at: Date
  state: 'new' | 'folded' | 'unreadable' | 'unmatched' | 'failed'
  kind: string | null
  problem: string | null
  /** Bytes; null of what came before they were counted. */
  size: Generated<number | null>
  attempts: Generated<number>
}

export interface UnmatchedReplyTable {
  lane: number
  reply_id: string
  position: number
  kind: string
  number: string
  owner: string
  return_status: string
  return_time: string
  info: string | null
  sealed_info: Uint8Array | null
  result_codes: string[] | null
  /** Of the number, where it is one that customs may yet give a document. */
  name: string | null
  created_at: Date
}

export interface UnknownCodeTable {
  kind: string
  sort: 'status' | 'result' | 'exchange'
  code: string
  first_seen: Date
  last_seen: Date
  count: string
  last_reply: string
}

export interface WorkTable {
  lane: number
  stage: Stage
  queue: Generated<string>
  party: Generated<number>
  id: Generated<string>
  subject: string
  version: Generated<number>
  run_at: Date
  attempts: Generated<number>
}

export interface IdempotencyTable {
  enterprise_id: string
  key: string
  request_hash: Uint8Array
  response: unknown
  created_at: Date
}

export interface LinkChoiceTable {
  enterprise_id: string
  direction: 'import' | 'export'
  link: string
  chosen_at: Date
}

export interface LinkStateTable {
  code: string
  state: 'up' | 'draining' | 'down'
  since: Date
  failures: Generated<number>
  retry_at: Date
  pace: Generated<number>
  sent_at: Date | null
  problem: string | null
}

export interface LinkSentTable {
  code: string
  minute: Date
  messages: number
  documents: number
}

export interface AwaitedMessageTable {
  lane: number
  id: string
  due_at: Date
  round: Generated<number>
}

export interface OriginalPaymentTable {
  lane: number
  id: string
  pay_transaction_id: string
  ebp_code: string
  version: number
  platform_id: string
  submitted_by: string
  content_hash: Uint8Array
  sealed: Uint8Array
  created_at: Date
}

export interface OriginalPaymentOrderTable {
  lane: number
  order_no: string
  payment_id: string
  platform_id: string
}

export interface DisclosureTable {
  lane: number
  id: string
  session_id: string
  order_no: string
  platform_id: string
  request_id: string
  asked_at: Date
  /** `asked` by customs, `built` and kept, `done` when customs took it, `ended` without that. */
  state: 'asked' | 'built' | 'done' | 'ended'
  sealed_body: Uint8Array | null
  /** What customs answered. */
  code: string | null
  sealed_message: Uint8Array | null
  problem: string | null
  settled_at: Date | null
}

/** Stages that find their work in rows. The subject is an order number, or an id. */
export type Stage = 'match' | 'compose' | 'sign' | 'dispatch' | 'reply' | 'disclose' | 'push'

export interface Database extends SettlementTables {
  enterprise: EnterpriseTable
  signing_key: SigningKeyTable
  signer_state: SignerStateTable
  mandate: MandateTable
  zone: ZoneTable
  zone_rule: ZoneRuleTable
  document: DocumentTable
  document_state: DocumentStateTable
  customs_number: CustomsNumberTable
  event: EventTable
  consignment_part: ConsignmentPartTable
  act_target: ActTargetTable
  notice: NoticeTable
  tax_variance: TaxVarianceTable
  summary_item: SummaryItemTable
  open_stage: OpenStageTable
  stage_look: StageLookTable
  stage_sample: StageSampleTable
  stage_pace: StagePaceTable
  rule_value: RuleValueTable
  rule_edition: RuleEditionTable
  rule_switch: RuleSwitchTable
  rest_day: RestDayTable
  reference_load: ReferenceLoadTable
  hold_account: HoldAccountTable
  hold: HoldTable
  tax_rate: TaxRateTable
  exchange_rate: ExchangeRateTable
  message: MessageTable
  reply: ReplyTable
  unmatched_reply: UnmatchedReplyTable
  unknown_code: UnknownCodeTable
  code_meaning: CodeMeaningTable
  correction: CorrectionTable
  awaited_message: AwaitedMessageTable
  work: WorkTable
  link_choice: LinkChoiceTable
  link_state: LinkStateTable
  link_sent: LinkSentTable
  ledger_entry: LedgerEntryTable
  ledger_sum: LedgerSumTable
  ledger_seal: LedgerSealTable
  exchange_rate_edition: ExchangeRateEditionTable
  measure: MeasureTable
  refusal_sum: RefusalSumTable
  tax_sum: TaxSumTable
  idempotency: IdempotencyTable
  original_payment: OriginalPaymentTable
  original_payment_order: OriginalPaymentOrderTable
  disclosure: DisclosureTable
  access_log: AccessLogTable
}

export type Db = Kysely<Database>
