/** Row types of the tables of settlements. */

export interface SettlementTable {
  lane: number
  id: string
  institution_id: string
  number: string
  version: number
  state: 'in-force' | 'withdrawn'
  nature: string
  reference: string | null
  seller: string
  direction: string
  currency: string
  month: string
  value_date: string
  bop_code: string
  gross: string
  costs: string
  net: string
  rmb: string
  created_at: Date
  updated_at: Date
}

export interface SettlementVersionTable {
  lane: number
  settlement_id: string
  version: number
  verb: 'given' | 'changed' | 'withdrawn'
  record: unknown
  content_hash: Uint8Array | null
  reason: string | null
  submitted_by: string
  mandate_id: string | null
  at: Date
}

export interface SettlementLineTable {
  lane: number
  settlement_id: string
  position: number
  order_no: string | null
  list_no: string | null
  agent_code: string | null
  amount: string
  list_id: string | null
  reserved_id: string | null
  reason: string | null
}

export interface SettledListTable {
  lane: number
  list_id: string
  released: boolean
  declared: boolean
  merchant: string
  direction: string
  zone: string
  trade_mode: string
  month: string
  released_on: string
  parts: unknown
  currency: string
  open_amount: string | null
  is_open: boolean
  look_at: Date | null
  by_rate: boolean
}

export interface SettlementFollowTable {
  one: boolean
  recorded_at: Date
  seq: string
  rates_at: Date
  rates_to: Date | null
  rates_month: string
  rates_lane: number
  rates_list: string
}

export interface BopCodeTable {
  code: string
  valid_from: string
  valid_to: string | null
  zh: string
  flow: string
  confidence: string
  source: string
  note: string
}

export interface SettlementTieTable {
  month: string
  made_at: Date
  legs: unknown
  pending: number
}

export interface SettlementTouchTable {
  month: string
}

export interface SettlementTables {
  settlement: SettlementTable
  settlement_version: SettlementVersionTable
  settlement_line: SettlementLineTable
  settled_list: SettledListTable
  settlement_follow: SettlementFollowTable
  settlement_tie: SettlementTieTable
  settlement_touch: SettlementTouchTable
  bop_code: BopCodeTable
}
