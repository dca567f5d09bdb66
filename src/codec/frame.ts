/**
 * What must hold of a message around its documents: root attributes, how many documents, one
 * BaseTransfer. Both readers ask here, so that they cannot differ. A message from customs is held
 * to less: without its guid it is still the answer somebody waits for.
 */
import { rootOf } from '../catalogue/index.ts'
import type { FieldRecord, Message } from '../catalogue/message.ts'
import { at, type Fault } from '../kernel/fault.ts'
import { FAULTS_PER_DOCUMENT_MAX } from '../kernel/limits.ts'
import { characters, checkRecord } from './check.ts'
import { MESSAGE_GUID_LENGTH, MESSAGE_VERSION_LENGTH_MAX, SUBSCRIBERS_MAX } from './envelope.ts'
import { type GroupRule, groupRuleOf, label, namesOf } from './rule.ts'
import { perEntry, shapeOf } from './shape.ts'
import { faultOf, type What } from './texts.ts'
import { trailerShape } from './trailer.ts'

const attributeTexts = {
  guid: {
    zh: '报文唯一序号',
    min: MESSAGE_GUID_LENGTH,
    max: MESSAGE_GUID_LENGTH,
    format: {
      zh: `${MESSAGE_GUID_LENGTH} 个字符`,
      en: `exactly ${MESSAGE_GUID_LENGTH} characters`,
    },
  },
  version: {
    zh: '报文版本号',
    min: 1,
    max: MESSAGE_VERSION_LENGTH_MAX,
    format: {
      zh: `1–${MESSAGE_VERSION_LENGTH_MAX} 个字符`,
      en: `1 to ${MESSAGE_VERSION_LENGTH_MAX} characters`,
    },
  },
} as const

/** Faults of the root's own attributes; others than `guid` and `version` are not the standard's. */
export const frameFaults = (
  entry: Message,
  attributes: ReadonlyMap<string, string>,
): readonly Fault[] => {
  const faults: Fault[] = []
  const severity = entry.sort === 'declaration' ? 'error' : 'warning'
  for (const name of ['guid', 'version'] as const) {
    const { zh, ...subject } = attributeTexts[name]
    const value = attributes.get(name)
    const what: What | undefined =
      value === undefined
        ? 'MISSING'
        : characters(value) < subject.min || characters(value) > subject.max
          ? 'WRONG_LENGTH'
          : undefined
    if (what !== undefined)
      faults.push(
        faultOf(
          what,
          `${entry.code}-${name}`,
          at('', `@${name}`),
          { label: label(name, zh), ...subject },
          severity,
        ),
      )
  }
  const root = rootOf(entry)
  for (const name of attributes.keys()) {
    if (faults.length >= FAULTS_PER_DOCUMENT_MAX) break
    if (name !== 'guid' && name !== 'version' && !name.includes(':'))
      faults.push(
        faultOf(
          'ATTRIBUTE',
          `${entry.code}-${root}`,
          at('', `@${name}`),
          { label: label(root, entry.zh) },
          severity,
        ),
      )
  }
  return faults
}

/** Faults of count: documents, subscribers, and the BaseTransfer that a declaration must carry. */
export const messageFaults = (
  entry: Message,
  documents: number,
  subscribers: number,
  transfer: FieldRecord | undefined,
): readonly Fault[] => {
  const faults: Fault[] = []
  const node = { label: label(entry.node, entry.zh), max: entry.nodeMax }
  const code = `${entry.code}-${entry.node}`
  const pointer = at('', entry.node)
  if (documents > entry.nodeMax) faults.push(faultOf('TOO_MANY_DOCUMENTS', code, pointer, node))
  if (documents === 0) faults.push(faultOf('TOO_FEW_DOCUMENTS', code, pointer, node))
  if (subscribers > SUBSCRIBERS_MAX) {
    const subject = {
      label: label('BaseSubscribe', trailerShape(entry, 'BaseSubscribe').zh),
      max: SUBSCRIBERS_MAX,
    }
    faults.push(faultOf('TOO_MANY_LINES', `${entry.code}-BaseSubscribe`, '/BaseSubscribe', subject))
  }
  if (shapeOf(entry).hasTrailer && transfer === undefined) {
    const { subject } = trailerRules(entry).transfer
    faults.push(faultOf('MISSING', `${entry.code}-BaseTransfer`, '/BaseTransfer', subject))
  }
  return faults
}

/** Faults of the fields of BaseTransfer and BaseSubscribe. */
export const trailerFaults = (
  entry: Message,
  transfer: FieldRecord | undefined,
  subscribers: readonly FieldRecord[],
): readonly Fault[] => {
  const rules = trailerRules(entry)
  return [
    ...(transfer === undefined ? [] : checkRecord(rules.transfer, transfer, '/BaseTransfer')),
    // More of them than there may be are a fault of their own and not looked at.
    ...subscribers
      .slice(0, SUBSCRIBERS_MAX)
      .flatMap((one, i) => checkRecord(rules.subscriber, one, at('/BaseSubscribe', i))),
  ]
}

interface TrailerRules {
  readonly transfer: GroupRule
  readonly subscriber: GroupRule
}

const trailerRules: (entry: Message) => TrailerRules = perEntry((entry) => {
  const rule = (name: 'BaseTransfer' | 'BaseSubscribe'): GroupRule => {
    const shape = trailerShape(entry, name)
    // Held to the schema only: the gateway writes its own trailer before anything goes out.
    return groupRuleOf(entry.code, shape, namesOf(shape), true)
  }
  return { transfer: rule('BaseTransfer'), subscriber: rule('BaseSubscribe') }
})
