/**
 * Amendments: the versions of a document, why each was handed in and how far it came, and what one
 * says otherwise than another, place by place. Personal values are masked unless somebody asks for
 * them, which the log tells.
 */

import { findDeclaration } from '../catalogue/index.ts'
import { type AnyDocument, APP_TYPE, type State } from '../catalogue/message.ts'
import { groupOf, type StateGroup, states } from '../catalogue/statuses.ts'
import {
  changeDocument,
  type Difference,
  documentDifferences,
  documentPlaces,
  isPersonal,
  labelAt,
  maskedValue,
} from '../codec/changes.ts'
import type { Text } from '../kernel/fault.ts'
import { laneOfId } from '../kernel/ids.ts'
import { DIFFERENCES_SHOWN_MAX, VERSIONS_SHOWN_MAX } from '../kernel/rejection-limits.ts'
import { findCorrectionsOf } from '../store/corrections.ts'
import { type FoundDocument, findEvents } from '../store/listing.ts'
import { findVersionContents, findVersionsOf, type ListedVersion } from '../store/versions.ts'
import { type Asker, actorOf, noteDeeds } from './access.ts'
import { whole } from './compose.ts'
import { guidOf, masked } from './corrections.ts'
import { visible } from './queries.ts'
import { statusOf } from './status.ts'
import type { Caller, FlowDeps } from './types.ts'

const reasons = {
  new: ['首次报送', 'Handed in for the first time'],
  correction: ['批量更正退单', 'A correction of refused documents'],
  resubmission: ['退单后重新报送', 'Handed in again after a refusal'],
  change: ['变更', 'A change'],
  deletion: ['删除', 'A deletion'],
} as const satisfies Readonly<Record<string, readonly [string, string]>>

export type VersionReason = keyof typeof reasons

export interface VersionSummary {
  readonly version: number
  readonly at: string
  /** Name of the enterprise that handed it in. */
  readonly by: string
  readonly why: Text & { readonly name: VersionReason }
  readonly guid: string
  readonly appType: string
  readonly appTime: string
  /** How far it came, or stands. */
  readonly state: State
  readonly group: StateGroup
}

/** The newest first; undefined for a document that the caller may not see. */
export const versionsOf = async (
  deps: FlowDeps,
  caller: Caller,
  id: string,
): Promise<readonly VersionSummary[] | undefined> => {
  const row = await visible(deps, caller, id)
  return row === undefined ? undefined : summaries(deps, row)
}

const summaries = async (
  deps: FlowDeps,
  row: FoundDocument,
): Promise<readonly VersionSummary[]> => {
  const key = { lane: laneOfId(row.id), id: row.id }
  const versions = await findVersionsOf(deps.db, key, VERSIONS_SHOWN_MAX)
  const events = await findEvents(deps.db, row.id)
  const corrections = await findCorrectionsOf(deps.db, key.lane, key.id)
  const stateOf = (version: number): State =>
    statusOf(events.filter((event) => event.version === version))?.state ?? row.state
  const isCorrection = ({ version, guid }: ListedVersion): boolean =>
    corrections.some((made) => made.version === version - 1 && guidOf(made.id, row.id) === guid)
  return versions.map((each) => {
    const { version, guid, appType, appTime, submitter } = each
    const state = stateOf(version)
    const name = isCorrection(each) ? 'correction' : reasonFor(row, each, stateOf)
    return {
      ...{ version, at: each.createdAt.toISOString(), by: submitter, guid, appType, appTime },
      why: { name, zh: reasons[name][0], en: reasons[name][1] },
      ...{ state, group: groupIn(row.kind, state) },
    }
  })
}

const reasonFor = (
  { kind }: FoundDocument,
  { version, appType }: ListedVersion,
  stateOf: (version: number) => State,
): VersionReason => {
  if (appType === APP_TYPE.delete) return 'deletion'
  if (version === 1) return 'new'
  return groupIn(kind, stateOf(version - 1)) === 'refused' ? 'resubmission' : 'change'
}

const groupIn = (kind: string, state: State): StateGroup => {
  const entry = findDeclaration(kind)
  return entry === undefined ? states[state].group : groupOf(entry, state)
}

// ---- what they say ---------------------------------------------------------------------------

export interface VersionView extends VersionSummary {
  /** Personal values masked, unless asked for. */
  readonly document: AnyDocument
}

export const findVersion = async (
  deps: FlowDeps,
  caller: Caller,
  id: string,
  version: number,
  clearFor: Asker | undefined,
): Promise<VersionView | undefined> => {
  const row = await visible(deps, caller, id)
  if (row === undefined) return undefined
  const [document] = (await contents(deps, row, [version])).values()
  const summary = (await summaries(deps, row)).find((each) => each.version === version)
  if (document === undefined || summary === undefined) return undefined
  await noteShown(deps, caller, clearFor, row)
  return { ...summary, document: clearFor ? document : maskedDocument(row.kind, document) }
}

export interface VersionDifferences {
  readonly from: number
  readonly to: number
  readonly differences: readonly (Difference & { readonly label: string | null })[]
  /** There are more than are told. */
  readonly more: boolean
}

/** Undefined when the caller may not see the document, or one of the versions is not there. */
export const differencesBetween = async (
  deps: FlowDeps,
  caller: Caller,
  id: string,
  asked: {
    /** Left out: the one before `to`. */
    readonly from?: number | undefined
    /** Left out: the newest. */
    readonly to?: number | undefined
    /** Who is shown personal values as they are; left out they are masked. */
    readonly clearFor?: Asker | undefined
  },
): Promise<VersionDifferences | undefined> => {
  const row = await visible(deps, caller, id)
  if (row === undefined) return undefined
  const to = asked.to ?? row.version
  const from = asked.from ?? Math.max(1, to - 1)
  const found = await contents(deps, row, [from, to])
  const before = found.get(from)
  const after = found.get(to)
  const entry = findDeclaration(row.kind)
  if (before === undefined || after === undefined || entry === undefined) return undefined
  await noteShown(deps, caller, asked.clearFor, row)
  const all = documentDifferences(before, after)
  const differences = all.slice(0, DIFFERENCES_SHOWN_MAX).map((each) => ({
    ...(asked.clearFor || !isPersonal(entry, each.pointer) ? each : masked(each)),
    label: labelAt(entry, each.pointer),
  }))
  return { from, to, differences, more: all.length > differences.length }
}

const contents = async (
  deps: FlowDeps,
  row: FoundDocument,
  versions: readonly number[],
): Promise<ReadonlyMap<number, AnyDocument>> => {
  const found = await findVersionContents(deps.db, { lane: laneOfId(row.id), id: row.id }, versions)
  const { kind } = row
  return new Map(
    found.map(({ version, payload, sealed }) => [version, whole(deps, { kind, payload, sealed })]),
  )
}

/** With what leads to a person masked. */
export const maskedDocument = (kind: string, document: AnyDocument): AnyDocument => {
  const entry = findDeclaration(kind)
  if (entry === undefined) return {}
  const personal = [...documentPlaces(document)].filter(([pointer]) => isPersonal(entry, pointer))
  return changeDocument(
    document,
    personal.map(([pointer, value]) => ({ pointer, after: maskedValue(value) })),
  )
}

/** Somebody is shown personal values: that is told, they are not. */
const noteShown = async (
  deps: FlowDeps,
  caller: Caller,
  clearFor: Asker | undefined,
  { id, senderId }: FoundDocument,
): Promise<void> => {
  if (clearFor === undefined) return
  const deed = { what: 'document-opened', enterpriseId: senderId, subject: id } as const
  await noteDeeds(deps, deps.db, { ...clearFor, actor: actorOf(caller) }, [deed])
}
