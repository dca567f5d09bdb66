/**
 * The consignment before customs sees it (四单对碰): which of its documents are there, what they say
 * side by side, which rules they break, and what customs would refuse them with. Values of documents
 * that the caller may not see are left out; that they agree or differ is told.
 */
import { getDeclaration } from '../catalogue/index.ts'
import { namedRoles } from '../catalogue/match-fields.ts'
import { type RuleCode, rules } from '../catalogue/rules/index.ts'
import type { Severity } from '../catalogue/rules/rule.ts'
import { groupOf } from '../catalogue/statuses.ts'
import { chinaDay } from '../kernel/clock.ts'
import type { Text } from '../kernel/fault.ts'
import {
  type Compared,
  type Comparison,
  compareConsignment,
  type Verdict,
} from '../rules/consignment.ts'
import { findRegistered } from '../store/access.ts'
import { type FoundDocument, findDocuments } from '../store/listing.ts'
import { findSeverities } from '../store/rule-switches.ts'
import { companionsUnder, missingParts } from './companions.ts'
import { comparedOf, pointerOf } from './compared.ts'
import { whole } from './compose.ts'
import { isNoText } from './queries.ts'
import { sees, visibleSenders } from './sight.ts'
import { compareWithheld } from './tax-withheld.ts'
import type { Caller, DocumentSummary, FlowDeps } from './types.ts'

export interface ConsignmentView {
  readonly orderNo: string
  /** Documents the caller may see, and of the others that they are there and how they stand. */
  readonly documents: readonly (Pick<DocumentSummary, 'kind' | 'state' | 'group'> & {
    readonly id: string | null
    readonly accepted: boolean
  })[]
  /** Kinds still missing for the list to go. */
  readonly missing: readonly string[]
  readonly comparisons: readonly ComparisonView[]
}

export interface ComparisonView {
  readonly label: Text
  readonly rule: RuleCode
  readonly verdict: Verdict
  /** What breaking the rule leads to for whoever declares; null when it says nothing today. */
  readonly severity: Severity | null
  /** The code customs would refuse the difference with; null where none was seen. */
  readonly code: string | null
  /** Number of the line of goods; null for what stands once in a document. */
  readonly line: string | null
  /** JSON Pointer by kind. */
  readonly fields: Readonly<Record<string, string>>
  /** By kind; values of documents the caller may not see are left out. */
  readonly values: Readonly<Record<string, string>>
  /** Of a sum: what its terms come to, and the terms. */
  readonly expected?: string
  readonly terms?: Readonly<Record<string, string>>
}

/** Undefined unless at least one of the consignment's documents is the caller's to see. */
export const findConsignment = async (
  deps: FlowDeps,
  caller: Caller,
  orderNo: string,
): Promise<ConsignmentView | undefined> => {
  if (isNoText(orderNo)) return undefined
  const senders = await visibleSenders(deps, caller)
  const companions = await companionsUnder(deps.db, orderNo, (part) => sees(senders, part))
  if (companions === undefined) return undefined
  const { parts, own } = companions
  const rows = await findDocuments(
    deps.db,
    parts.map((part) => part.id),
  )
  const chosen = new Map<string, FoundDocument>()
  for (const row of rows) if (own.has(row.id) || !chosen.has(row.kind)) chosen.set(row.kind, row)
  const documents = new Map(
    [...chosen].map(([kind, row]) => [kind, comparedOf(getDeclaration(kind), whole(deps, row))]),
  )
  const withheld = await compareWithheld(deps.db, chosen)
  const comparisons = [
    ...compareConsignment(documents),
    ...(await compareRegister(deps, documents)),
    ...(withheld === undefined ? [] : [withheld]),
  ]
  const declarant = [...chosen.values()].find(({ kind }) => getDeclaration(kind).needs)?.senderId
  const judge = declarant ?? caller.enterpriseId
  const severityOf = await findSeverities(deps.db, [judge], chinaDay(deps.clock.now()))
  const ownKinds = new Set(rows.filter((row) => own.has(row.id)).map((row) => row.kind))
  return {
    orderNo,
    documents: rows.map((row) => ({
      id: own.has(row.id) ? row.id : null,
      kind: row.kind,
      state: row.state,
      group: groupOf(getDeclaration(row.kind), row.state),
      accepted: parts.some((part) => part.id === row.id && part.accepted),
    })),
    missing: missingParts(parts),
    comparisons: comparisons.map((comparison) =>
      viewOf(comparison, ownKinds, severityOf(comparison.rule, judge) ?? null),
    ),
  }
}

const viewOf = (
  { rule, zh, en, verdict, line, places, values, expected, terms }: Comparison,
  ownKinds: ReadonlySet<string>,
  severity: Severity | null,
): ComparisonView => {
  const isOwn = ([kind]: readonly [string, unknown]): boolean => ownKinds.has(kind)
  const pointers = Object.entries(places).map(([kind, place]) => [kind, pointerOf(kind, place)])
  const seen = Object.entries(values).filter(isOwn)
  const view = {
    ...{ label: { zh, en }, rule, verdict, severity, code: rules[rule].customs ?? null },
    line: line ?? null,
    ...{ fields: Object.fromEntries(pointers), values: Object.fromEntries(seen) },
  }
  return expected === undefined || terms === undefined || seen.length === 0
    ? view
    : { ...view, expected, terms }
}

/**
 * Enterprises that the documents name, against our own register. Customs has its own: what is
 * unknown here is worth a look, and nothing more.
 */
const compareRegister = async (
  { db }: Pick<FlowDeps, 'db'>,
  documents: ReadonlyMap<string, Compared>,
): Promise<readonly Comparison[]> => {
  const named = [...documents].flatMap(([kind, { head }]) =>
    Object.entries(namedRoles).flatMap(([field, role]) => {
      const code = head[field]
      return code === undefined || code === '' ? [] : [{ kind, field, role, code }]
    }),
  )
  const registered = await findRegistered(db, [...new Set(named.map(({ code }) => code))])
  return named.map(({ kind, field, role, code }) => ({
    rule: 'REGISTER_ENTERPRISE',
    ...{ zh: '企业登记', en: 'Registration of the enterprise' },
    verdict: registered.get(code)?.has(role) === true ? 'equal' : 'differs',
    values: { [kind]: code },
    places: { [kind]: { group: '', index: -1, field } },
  }))
}
