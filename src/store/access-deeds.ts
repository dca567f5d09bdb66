/** What is written into the log of accesses, and its row; a word that was used once keeps its meaning. */
export const accessDeeds = [
  // Opening what others may not see.
  ...(['viewed', 'disclosed', 'reply-opened', 'message-opened'] as const),
  ...(['document-opened', 'report-opened'] as const),
  // Who may do what.
  ...(['enterprise-registered', 'enterprise-changed', 'staff-added', 'user-reset'] as const),
  ...(['member-added', 'member-changed', 'member-removed', 'key-made', 'key-ended'] as const),
  ...(['signing-key-added', 'signing-key-ended', 'mandate-given', 'mandate-ended'] as const),
  ...(['webhook-added', 'webhook-changed', 'webhook-removed'] as const),
  // What everybody goes by.
  ...(['reference-loaded', 'report-published'] as const),
] as const

export type AccessDeed = (typeof accessDeeds)[number]

export interface AccessLogTable {
  id: string
  at: Date
  actor: string
  user_id: string | null
  key_id: string | null
  what: AccessDeed
  enterprise_id: string
  order_no: string
  subject: string
  request_id: string
}
