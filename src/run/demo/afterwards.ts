/**
 * What enterprises do with lists once customs has them: cancel some, take goods back, tell of
 * arrival, departure and delivery, sum up a month. Which document does what to which list is read off
 * the catalogue; here stands how many of them, and which lists go together.
 */
import { declarations } from '../../catalogue/index.ts'
import type { Act, Declaration } from '../../catalogue/message.ts'
import { type Declared, factOf } from '../../sim/afterwards.ts'
import type { Cast } from '../../sim/consignments.ts'
import { makeAbout } from '../../sim/paths.ts'
import type { HandedIn, ToHandIn } from './hand-in.ts'
import { goesOn, isToBeCancelled } from './make.ts'

export interface AfterwardsSettings {
  readonly seed: number
  readonly cast: Cast
  readonly at: Date
  /** A new number for every document. */
  next(): number
  /** Numbers that customs gave the document, as the gateway tells them. */
  numbersOf(handed: HandedIn): Promise<Readonly<Record<string, string>>>
}

/** What is done at the same time; each round waits until customs has answered the one before. */
export const rounds: readonly (readonly Act['verb'][])[] = [
  ['cancel', 'return', 'deliver', 'arrive', 'consolidate'],
  ['depart', 'tally'],
]

/** Documents that do this to those handed in before. */
export const makeActs = async (
  verb: Act['verb'],
  handed: readonly HandedIn[],
  settings: AfterwardsSettings,
): Promise<readonly ToHandIn[]> => {
  const made: ToHandIn[] = []
  for (const entry of declarations.filter(({ acts }) => acts?.verb === verb)) {
    const all = handed.filter((each) => each.entry.code === entry.acts?.on)
    const chosen = all.filter((each, i) => isChosen(verb, each, i))
    for (const together of groupsOf(verb, entry, chosen))
      made.push(await makeOne(entry, together, settings))
  }
  return made
}

const makeOne = async (
  entry: Declaration,
  together: readonly HandedIn[],
  { seed, cast, at, next, numbersOf }: AfterwardsSettings,
): Promise<ToHandIn> => {
  const isByGiven = together.some(({ entry: target, document }) =>
    entry.acts === undefined ? false : factOf(declaredOf(target, document), entry.acts.by) === '',
  )
  const targets: Declared[] = []
  for (const each of together)
    targets.push({
      ...{ entry: each.entry, document: each.document },
      given: isByGiven ? await numbersOf(each) : {},
    })
  const own = { n: next(), seed, enterprises: cast, at }
  const document = makeAbout(entry, own, targets)
  return { entry, document, expected: undefined, fate: undefined }
}

const declaredOf = (entry: Declaration, document: HandedIn['document']): Declared => ({
  ...{ entry, document, given: {} },
})

/** One in so many; the others are left alone. */
const SHARES: Readonly<Partial<Record<Act['verb'], number>>> = { return: 10, deliver: 8 }

const isChosen = (verb: Act['verb'], handed: HandedIn, index: number): boolean => {
  if (verb === 'cancel') return isToBeCancelled(handed.fate)
  // Returns bear no fate: each of them is tallied.
  if (verb === 'tally') return true
  const share = SHARES[verb] ?? 1
  return goesOn(handed.fate) && index % share === share - 1
}

/** Lists of one document agree in these; those that lack one are in none. */
const TOGETHER: Readonly<Partial<Record<Act['verb'], readonly string[]>>> = {
  arrive: ['billNo', 'customsCode', 'logisticsCode'],
  consolidate: ['billNo', 'customsCode', 'agentCode', 'logisticsCode'],
  depart: ['billNo', 'customsCode', 'logisticsCode'],
  summarise: ['customsCode', 'agentCode', 'ebcCode'],
}
/** Lists in one document; more of them make another. */
const TOGETHER_MAX = 500

const groupsOf = (
  verb: Act['verb'],
  entry: Declaration,
  handed: readonly HandedIn[],
): readonly (readonly HandedIn[])[] => {
  const names = TOGETHER[verb]
  if (names === undefined || entry.acts?.group === undefined) return handed.map((each) => [each])
  const groups = new Map<string, HandedIn[]>()
  for (const each of handed) {
    const facts = names.map((name) => factOf(declaredOf(each.entry, each.document), name))
    if (facts.includes('') || !isMeant(verb, each)) continue
    const name = facts.join(' ')
    groups.set(name, [...(groups.get(name) ?? []), each])
  }
  return [...groups.values()].flatMap(inParts)
}

const inParts = (group: readonly HandedIn[]): readonly (readonly HandedIn[])[] =>
  Array.from({ length: Math.ceil(group.length / TOGETHER_MAX) }, (_, i) =>
    group.slice(i * TOGETHER_MAX, (i + 1) * TOGETHER_MAX),
  )

/** Lists that went the simplified way need no summary. */
const isMeant = (verb: Act['verb'], { entry, document }: HandedIn): boolean => {
  const { summarised } = entry
  if (verb !== 'summarise' || summarised === undefined) return true
  return factOf(declaredOf(entry, document), summarised.flag) === summarised.consolidated
}
