/** What pages of an enterprise's own affairs are asked with. */
import type { ActionAsk, Ask } from '../desk/room.ts'

interface Own {
  /** The enterprise that is acted for. */
  readonly enterpriseId: string
}

export type OwnAsk = Ask & Own
export type OwnActionAsk = ActionAsk & Own
