/**
 * Checks the catalogue itself when it is loaded, so that a wrong entry stops the program at once
 * and not a document later: codes, names, lengths, and fields that are named but do not exist.
 */
import type { Field, When } from './field.ts'
import {
  type Declaration,
  type Fields,
  type Group,
  type Message,
  SUBMISSION_FIELDS,
} from './message.ts'

const groupsOf = (entry: Message): readonly (readonly [string, Fields])[] =>
  'fields' in entry.body
    ? [[entry.node, entry.body.fields]]
    : Object.entries<Group>(entry.body.groups).map(([name, group]) => [name, group.fields])

/** What the fields of a group may speak of: their neighbours, the head, and groups by name. */
interface Scope {
  readonly own: Fields
  readonly head: Fields
  readonly groups: readonly string[]
}

/** Names that the field's conditions speak of and that are not there. */
const strangers = (field: Field, scope: Scope): string[] => {
  const { requiredWhen, together, notAbove, identity } = field
  const { own, head, groups } = scope
  const type = typeof identity === 'object' ? identity.type : undefined
  const found = [together, notAbove, type].filter((other) => other !== undefined && !(other in own))
  if (requiredWhen !== undefined) {
    const other = whenName(requiredWhen)
    const isKnown = other in own || other in head
    if (!isKnown && !('absent' in requiredWhen && groups.includes(other))) found.push(other)
  }
  return found.flatMap((name) => name ?? [])
}

const whenName = (when: When): string => {
  if ('field' in when) return when.field
  return 'present' in when ? when.present : when.absent
}

const fieldFaults = (path: string, name: string, field: Field, scope: Scope): string[] => {
  const found: string[] = []
  const min = field.min ?? (field.required ? 1 : 0)
  // JavaScript moves integer-like keys to the front, which would reorder the wire.
  if (/^\d+$/.test(name)) found.push(`${path}: a name of digits only loses its place`)
  if (field.kind === 'text' && field.length === undefined && field.max === undefined && !field.raw)
    found.push(`${path}: text without a greatest length`)
  if (field.length !== undefined && (field.min ?? field.max) !== undefined)
    found.push(`${path}: both an exact length and bounds`)
  if (field.max !== undefined && min > field.max) found.push(`${path}: min is above max`)
  for (const other of strangers(field, scope)) found.push(`${path}: depends on ${other}, unknown`)
  return found
}

const headNames = (entry: Message): readonly string[] => {
  if (entry.sort === 'reply')
    return [...entry.key, ...Object.values(entry.status), ...(entry.gives ?? [])]
  if (entry.sort === 'notice')
    return [...entry.key, ...Object.values(entry.status), entry.about.by, ...entry.gives]
  if (entry.sort === 'format-reply')
    return [...entry.key, ...Object.values(entry.status), entry.refused]
  return [
    ...SUBMISSION_FIELDS,
    ...entry.key,
    ...entry.owners.map((owner) => owner.field),
    ...(entry.consignment === undefined ? [] : [entry.consignment]),
    ...(entry.buyer === undefined ? [] : [entry.buyer]),
    ...(entry.offers?.on ?? []),
    ...(entry.needs ?? []).flatMap((need) => [...need.on, ...(need.via ? [need.via] : [])]),
    ...(entry.acts === undefined || entry.acts.group !== undefined ? [] : [entry.acts.by]),
    ...(entry.acts?.merchant === undefined ? [] : [entry.acts.merchant]),
    ...(entry.acts?.making?.own ?? []),
    ...Object.keys(entry.acts?.making?.derived ?? {}),
    ...summarisedFields(entry),
    ...(entry.trade === undefined
      ? []
      : [
          ...[entry.trade.mode, entry.trade.office, entry.trade.site, entry.trade.country],
          ...Object.values(entry.trade.parties),
        ]),
  ]
}

const summarisedFields = ({ summarised }: Declaration): readonly string[] => {
  if (summarised === undefined) return []
  const { flag, office, agent, merchant, licence } = summarised
  return [flag, office, agent, merchant, licence]
}

/** A number that documents are found by stands where the act says, and they carry it or are given it. */
/** What customs grants; only a cancellation makes something of a list. */
const ASKED_FOR: ReadonlySet<string> = new Set(['cancel', 'return'])

const actFaults = (
  entry: Message,
  groups: readonly (readonly [string, Fields])[],
  byCode: ReadonlyMap<string, Message>,
): string[] => {
  const acts = entry.sort === 'declaration' ? entry.acts : undefined
  if (acts === undefined) return []
  const { group, by, on } = acts
  const lines = group === undefined ? undefined : groups.find(([name]) => name === group)?.[1]
  const found: string[] = []
  if (group !== undefined && !(lines !== undefined && by in lines))
    found.push(`${entry.code}: acts by ${group}/${by}, unknown`)
  const target = byCode.get(on)
  const head = target === undefined ? undefined : groupsOf(target)[0]?.[1]
  if (head === undefined || !(by in head)) found.push(`${entry.code}: ${on} has no field ${by}`)
  const trade = target?.sort === 'declaration' ? target.trade : undefined
  if (acts.merchant !== undefined && trade?.parties.merchant === undefined)
    found.push(`${entry.code}: ${on} names no merchant`)
  if (ASKED_FOR.has(acts.verb) && acts.merchant === undefined)
    found.push(`${entry.code}: asks to ${acts.verb} ${on} in nobody's name`)
  const lined = acts.making?.lines
  if (lined === undefined || target === undefined) return found
  const made = groups.find(([name]) => name === lined.group)?.[1] ?? {}
  const taken = groupsOf(target).find(([name]) => name === lined.of)?.[1] ?? {}
  for (const name of [lined.number, lined.quantity, ...lined.scaled])
    if (!(name in made && name in taken))
      found.push(`${entry.code}: makes its lines with ${name}, unknown`)
  return found
}

/** Fields of the lines of goods that are named and not there. */
const goodsFaults = (
  entry: Message,
  groups: readonly (readonly [string, Fields])[],
): readonly string[] => {
  const goods = entry.sort === 'declaration' ? entry.goods : undefined
  if (goods === undefined) return []
  const lines = groups.find(([name]) => name === goods.group)?.[1] ?? {}
  const quantities = goods.quantities.flatMap(({ amount, unit }) => [amount, unit])
  return [goods.hs, goods.name, ...quantities, ...(goods.retail ? [goods.retail.origin] : [])]
    .filter((name) => !(name in lines))
    .map((name) => `${entry.code}: its goods have no field ${name}`)
}

/** Throws one error that names every fault of the catalogue. */
export const checkCatalogue = (messages: readonly Message[]): void => {
  const found: string[] = []
  const byCode = new Map(messages.map((entry) => [entry.code, entry]))
  if (byCode.size !== messages.length) found.push('a code stands twice')
  for (const entry of messages) {
    const groups = groupsOf(entry)
    const head = groups[0]?.[1] ?? {}
    for (const [group, fields] of groups)
      for (const [name, field] of Object.entries(fields))
        found.push(
          ...fieldFaults(`${entry.code}/${group}/${name}`, name, field, {
            own: fields,
            head,
            groups: groups.map(([known]) => known),
          }),
        )
    for (const name of headNames(entry))
      if (!(name in head)) found.push(`${entry.code}: head has no field ${name}`)
    const partner =
      entry.sort === 'declaration'
        ? entry.reply
        : entry.sort === 'reply'
          ? entry.answers
          : entry.sort === 'notice'
            ? entry.about.kind
            : undefined
    if (partner !== undefined && !byCode.has(partner))
      found.push(`${entry.code}: its partner ${partner} is not listed`)
    found.push(...actFaults(entry, groups, byCode), ...goodsFaults(entry, groups))
    const replied = entry.sort === 'reply' ? byCode.get(entry.answers) : undefined
    if (replied !== undefined && replied.key.join() !== entry.key.join())
      found.push(`${entry.code}: its key differs from that of ${replied.code}`)
  }
  if (found.length > 0) throw new Error(`catalogue: ${found.join('; ')}`)
}
