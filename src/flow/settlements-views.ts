/** Settlement records as they are read: a page of them, and one with its lines and its history. */
import { openReasons, settlementDirections } from '../catalogue/settlement.ts'
import type { Text } from '../kernel/fault.ts'
import { isId, laneOfId } from '../kernel/ids.ts'
import { PAGE_ROWS, PAGE_ROWS_MAX } from '../kernel/limits.ts'
import { SETTLEMENT_VERSIONS_SHOWN_MAX } from '../kernel/settlement-limits.ts'
import {
  findLines,
  findSettlement,
  findVersions,
  type HeldSettlement,
  type LineRow,
  listSettlements,
  type SettlementFilter,
  type SettlementRow,
  type VersionRow,
} from '../store/settlements.ts'
import { sightOf } from './settlements-sight.ts'
import { momentOfStanding, standingAt } from './settlements-standing.ts'
import type { Caller, FlowDeps, Moment } from './types.ts'

type Deps = Pick<FlowDeps, 'db' | 'clock'>

export interface SettlementView extends Omit<SettlementRow, 'lane' | 'institutionId'> {
  readonly institution: string
  readonly directionName: Text
  readonly createdAt: string
  readonly updatedAt: string
}

const viewOf = (row: HeldSettlement): SettlementView => {
  const { lane: _, institutionId, contentHash: __, ...rest } = row
  const { zh, en } = settlementDirections[row.direction]
  return {
    ...rest,
    ...{ institution: institutionId, directionName: { zh, en } },
    ...{ createdAt: row.createdAt.toISOString(), updatedAt: row.updatedAt.toISOString() },
  }
}

export interface SettlementQuery extends Omit<SettlementFilter, 'sight' | 'after' | 'limit'> {
  /** As known at this moment, not later than now; as known now when left out. */
  readonly asOf?: Date | undefined
  readonly cursor?: string | undefined
  readonly limit?: number | undefined
}

/** Newest first; `next` is the cursor of the following page, null after the last. */
export const listSettlementViews = async (
  deps: Deps,
  caller: Caller,
  { cursor, limit = PAGE_ROWS, asOf, ...filter }: SettlementQuery,
): Promise<
  Moment & { readonly settlements: readonly SettlementView[]; readonly next: string | null }
> => {
  const size = Math.min(limit, PAGE_ROWS_MAX)
  const sight = await sightOf(deps, caller)
  const standing = await standingAt(deps, asOf)
  const asked = { ...filter, sight, after: cursor, limit: size + 1 }
  const rows = await listSettlements(deps.db, asked, standing.source)
  const page = rows.slice(0, size)
  return {
    ...momentOfStanding(standing),
    settlements: page.map(viewOf),
    next: rows.length > size ? (page.at(-1)?.id ?? null) : null,
  }
}

export interface SettlementLineView
  extends Pick<
    LineRow,
    'position' | 'orderNo' | 'listNo' | 'agentCode' | 'amount' | 'listId' | 'reservedId'
  > {
  readonly reason: string | null
  /** What the reason means; null of a line that has its list, or needs none. */
  readonly why: Text | null
}

export interface SettlementWithLines extends SettlementView {
  readonly lines: readonly SettlementLineView[]
  /** The latest, newest first. */
  readonly versions: readonly (Omit<VersionRow, 'at' | 'mandateId'> & { readonly at: string })[]
}

/** Undefined when there is none that the caller may see. */
export const findSettlementView = async (
  deps: Deps,
  caller: Caller,
  id: string,
): Promise<SettlementWithLines | undefined> => {
  if (!isId(id)) return undefined
  const key = { lane: laneOfId(id), id }
  const row = await findSettlement(deps.db, key, await sightOf(deps, caller))
  if (row === undefined) return undefined
  const lines = await findLines(deps.db, [key])
  const versions = await findVersions(deps.db, key, SETTLEMENT_VERSIONS_SHOWN_MAX)
  return {
    ...viewOf(row),
    lines: lines.map(lineView),
    versions: versions.map(({ mandateId: _, at, ...rest }) => ({ ...rest, at: at.toISOString() })),
  }
}

const lineView = ({ lane: _, id: __, ...line }: LineRow): SettlementLineView => ({
  ...line,
  why: line.reason === null ? null : openReasons[line.reason],
})
