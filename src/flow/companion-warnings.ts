/**
 * What a document just handed in differs in from its companions that are there already, told at once
 * as warnings. Marks say whether anything differs; only then are the two documents opened. Texts
 * repeat no value. Both values stand beside them where the caller may see both documents, personal
 * ones masked, for the answer is kept.
 */
import { getDeclaration } from '../catalogue/index.ts'
import { type RuleCode, rules } from '../catalogue/rules/index.ts'
import type { Severity } from '../catalogue/rules/rule.ts'
import { chinaDay } from '../kernel/clock.ts'
import type { Fault } from '../kernel/fault.ts'
import { masked } from '../kernel/mask.ts'
import { COMPANION_WARNINGS_MAX, DIFFERING_PAIRS_MAX } from '../kernel/rule-limits.ts'
import { type Comparison, compareConsignment } from '../rules/consignment.ts'
import { type DifferingPair, findDiffering } from '../store/consignments.ts'
import type { NewDocument } from '../store/documents.ts'
import { type FoundDocument, findDocuments } from '../store/listing.ts'
import { findSeverities } from '../store/rule-switches.ts'
import type { Trx } from '../store/transaction.ts'
import { comparedOf, pointerOf } from './compared.ts'
import { whole } from './compose.ts'
import { addWarnings } from './intake-results.ts'
import { allPlaces } from './marks.ts'
import { sees, visibleSenders } from './sight.ts'
import type { Caller, DocumentResult, FlowDeps } from './types.ts'

export interface Stored {
  readonly stored: readonly NewDocument[]
  /** Of new documents, by id: companions that were there before and differ. */
  readonly told: ReadonlyMap<string, readonly string[]>
}

/** Beside the warnings a document has of its own; its last version in the batch is told of. */
export const warnOfCompanions = async (
  deps: FlowDeps,
  trx: Trx,
  caller: Caller,
  { stored, told }: Stored,
  results: DocumentResult[],
): Promise<void> => {
  const last = new Map(stored.map((row) => [row.id, row]))
  const pairs = await differingPairs(trx, [...last.values()], told)
  if (pairs.length === 0) return
  const warnings = await companionWarnings(deps, trx, caller, [...last.values()], pairs)
  const byIndex = results.flatMap(({ id = '', version }, index) =>
    last.get(id)?.version === version ? [[index, warnings.get(id) ?? []] as const] : [],
  )
  addWarnings(results, new Map(byIndex))
}

/**
 * Of new documents nearly all is told already. Asked for are newer versions, documents under several
 * numbers, and those whose companions came in the same batch.
 */
const differingPairs = async (
  trx: Trx,
  stored: readonly NewDocument[],
  told: Stored['told'],
): Promise<readonly DifferingPair[]> => {
  const under = new Map<string, number>()
  for (const { orderNo } of stored)
    if (orderNo !== null) under.set(orderNo, (under.get(orderNo) ?? 0) + 1)
  const isTold = ({ id, version, orderNo, others }: NewDocument): boolean =>
    version === 1 && told.has(id) && others.length === 0 && (under.get(orderNo ?? '') ?? 0) <= 1
  const pairs = stored.flatMap((row) =>
    isTold(row) ? (told.get(row.id) ?? []).map((otherId) => ({ id: row.id, otherId })) : [],
  )
  const asked = stored.filter((row) => !isTold(row)).flatMap(underItsNumbers)
  const found = await findDiffering(trx, asked, allPlaces)
  return [...pairs, ...found].slice(0, DIFFERING_PAIRS_MAX)
}

/** By the id of the document handed in. */
const companionWarnings = async (
  deps: FlowDeps,
  trx: Trx,
  caller: Caller,
  stored: readonly NewDocument[],
  pairs: readonly DifferingPair[],
): Promise<ReadonlyMap<string, readonly Fault[]>> => {
  const ids = new Set(pairs.flatMap(({ id, otherId }) => [id, otherId]))
  const rows = new Map((await findDocuments(trx, [...ids])).map((row) => [row.id, row]))
  const senders = await visibleSenders({ ...deps, db: trx }, caller)
  const owners = [...new Set(stored.map(({ senderId }) => senderId))]
  const severityOf = await findSeverities(trx, owners, chinaDay(deps.clock.now()))
  const found = new Map<string, Fault[]>()
  for (const { id, otherId } of pairs) {
    const [own, other] = [rows.get(id), rows.get(otherId)]
    if (own === undefined || other === undefined || own.kind === other.kind) continue
    const isSeen = sees(senders, other)
    const faults = differing(deps, own, other).flatMap((comparison) => {
      const severity = severityOf(comparison.rule, own.senderId)
      return severity === undefined ? [] : warning(comparison, own, other, { severity, isSeen })
    })
    found.set(id, [...(found.get(id) ?? []), ...faults].slice(0, COMPANION_WARNINGS_MAX))
  }
  return found
}

const underItsNumbers = ({ id, orderNo, orderLane, offer, marks, others }: NewDocument) =>
  orderNo === null || orderLane === null || offer === null || marks === null
    ? []
    : [{ lane: orderLane, number: orderNo }, ...others].map(({ lane, number }) => {
        return { id, lane, orderNo: number }
      })

const differing = (
  deps: Pick<FlowDeps, 'sealer'>,
  ...two: readonly [FoundDocument, FoundDocument]
): readonly Comparison[] => {
  const documents = two.map(
    (row) => [row.kind, comparedOf(getDeclaration(row.kind), whole(deps, row))] as const,
  )
  return compareConsignment(new Map(documents)).filter(
    // A sum concerns one of them alone.
    ({ verdict, places }) => verdict === 'differs' && two.every(({ kind }) => kind in places),
  )
}

const warning = (
  comparison: Comparison,
  own: FoundDocument,
  other: FoundDocument,
  { severity, isSeen }: { readonly severity: Severity; readonly isSeen: boolean },
): readonly Fault[] => {
  const { rule, zh, en, line, places, values } = comparison
  const place = places[own.kind]
  if (place === undefined) return []
  const { zh: otherZh, en: otherEn } = getDeclaration(other.kind)
  const at = line === undefined ? { zh: '', en: '' } : { zh: `第 ${line} 项`, en: `Line ${line}: ` }
  const follows = consequence(rule, severity)
  const shown = isSeen ? [own, other] : [own]
  return [
    {
      code: `${own.kind}-${place.field || place.group}-${rule}`,
      pointer: pointerOf(own.kind, place),
      severity: 'warning',
      text: {
        zh: `${at.zh}${zh}与${otherZh}不一致${follows.zh}`,
        en: `${at.en}${en} differs from the ${otherEn.toLowerCase()}${follows.en}`,
      },
      cure: rules[rule].cure,
      values: Object.fromEntries(
        shown.flatMap(({ kind }) => {
          const [value, where] = [values[kind], places[kind]]
          if (value === undefined || where === undefined) return []
          return [[kind, isPersonal(kind, where) ? masked(value) : value]]
        }),
      ),
    },
  ]
}

const consequence = (rule: RuleCode, severity: Severity) => {
  const { customs } = rules[rule]
  const holds = severity === 'warn' ? { zh: '', en: '' } : HOLDS
  if (customs === undefined) return holds
  return {
    zh: `（海关退单代码 ${customs}）${holds.zh}`,
    en: ` (customs refuses with ${customs})${holds.en}`,
  }
}

const HOLDS = { zh: '；更正前清单暂不发送', en: '; the list is not sent until that is mended' }

const isPersonal = (kind: string, { group, field }: Comparison['places'][string]): boolean => {
  const { body } = getDeclaration(kind)
  const groups = 'fields' in body ? [body] : Object.values(body.groups)
  const [first] = groups
  const found = 'fields' in body || group === '' ? first : body.groups[group]
  return found?.fields[field]?.sensitive === true
}
