/** What happened lately to documents, for pages that watch: one reading for all of them. */
import { getDeclaration } from '../catalogue/index.ts'
import type { State } from '../catalogue/message.ts'
import { groupOf, type StateGroup } from '../catalogue/statuses.ts'
import { findNews } from '../store/news.ts'
import type { FlowDeps } from './types.ts'

/** A document as it stands now. */
export interface NewsItem {
  readonly id: string
  readonly kind: string
  readonly number: string
  readonly orderNo: string | null
  readonly state: State
  readonly group: StateGroup
  readonly version: number
  /** Whose it is and where it lies decide who is told. */
  readonly senderId: string
  readonly zone: string | null
}

export interface News {
  /** Number of the last event; the next reading goes on from there. */
  readonly upto: number
  /** Oldest first. */
  readonly items: readonly NewsItem[]
}

/** News of the senders (null is all) after an event; without one only how far events have come. */
export const newsSince = async (
  { db }: Pick<FlowDeps, 'db'>,
  after: number | undefined,
  senders: readonly string[] | null,
): Promise<News> => {
  const { upto, rows } = await findNews(db, after, senders)
  return {
    upto,
    items: rows.map(({ id, kind, number, orderNo, state, version, senderId, zone }) => ({
      ...{ id, kind, number, orderNo, state, version, senderId, zone },
      group: groupOf(getDeclaration(kind), state),
    })),
  }
}
