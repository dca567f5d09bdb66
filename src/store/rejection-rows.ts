/** Rows of what operators learned of codes, and of corrections of many documents. */

export interface CodeMeaningTable {
  kind: string
  sort: 'status' | 'result' | 'exchange' | 'text'
  code: string
  set_at: Date
  set_by: string | null
  cause: string
  zh: string
  en: string
  field: string | null
}

export interface CorrectionTable {
  id: string
  enterprise_id: string
  made_by: string | null
  sealed_request: Uint8Array
  created_at: Date
  applied_at: Date | null
  finished_at: Date | null
}
