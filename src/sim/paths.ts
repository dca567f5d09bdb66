/**
 * The path to a document of any kind: which documents must go before it, and the making of each.
 * What goes before follows from the catalogue: companions that a list waits for, and the documents
 * that an act is about. What stands in them is made by the makers of one flow each. A kind without
 * a maker has no path; a test says so.
 */
import { declarations, findDeclaration } from '../catalogue/index.ts'
import type { Act, AnyDocument, Declaration } from '../catalogue/message.ts'
import type { Zone } from '../catalogue/zone.ts'
import type { AfterwardsSettings, Declared } from './afterwards.ts'
import { makeConsignment } from './consignments.ts'
import type { Cast } from './enterprises.ts'
import {
  makeArrival,
  makeDeparture,
  makeExportCancellation,
  makeExportReturn,
  makeMasterNote,
  makeReturnTally,
  makeSummary,
} from './export-afterwards.ts'
import { makeExportConsignment } from './export-consignments.ts'
import {
  makeImportCancellation,
  makeImportReturn,
  makeSiteEntry,
  makeWaybillStatus,
} from './import-afterwards.ts'
import { placeOfMark } from './marks.ts'

export interface PathSettings {
  readonly n: number
  readonly seed: number
  /** Where the lists are declared; one with a warehouse. */
  readonly zone: Zone
  readonly enterprises: Cast
  readonly at: Date
  /** A mark of the table of fates for the last document of the path. */
  readonly fate?: string
}

/** Kinds in the order in which their documents go, the kind itself last. */
export const pathTo = (entry: Declaration): readonly Declaration[] => {
  const before = [...companionsOf(entry), ...actedUpon(entry)]
  return [...new Set([...before.flatMap(pathTo), entry])]
}

/** Kinds that bring what it waits for, with what was asked for once: it may come all the same. */
const companionsOf = ({ needs = [] }: Declaration): readonly Declaration[] =>
  needs.flatMap(({ part }) => declarations.filter(({ offers }) => offers?.part === part))

const actedUpon = ({ acts }: Declaration): readonly Declaration[] => {
  const target = acts === undefined ? undefined : findDeclaration(acts.on)
  return target === undefined ? [] : [target]
}

export interface Path {
  readonly kinds: readonly Declaration[]
  /** The document of a kind on the path; `before` holds what customs has of those before it. */
  make(kind: string, before: ReadonlyMap<string, Declared>): AnyDocument
}

export const createPath = (last: Declaration, settings: PathSettings): Path => ({
  kinds: pathTo(last),
  make: (kind, before) => {
    const maker = makers[kind]
    const entry = findDeclaration(kind)
    if (maker === undefined || entry === undefined)
      throw new Error(`no document of ${kind} can be made`)
    return maker({ settings, entry, last, before })
  },
})

/** Kinds that documents can be made of. */
export const canMake = (kind: string): boolean => kind in makers

interface Making {
  readonly settings: PathSettings
  /** Kind of the document to be made, and of the last one of the path. */
  readonly entry: Declaration
  readonly last: Declaration
  readonly before: ReadonlyMap<string, Declared>
}

type Maker = (making: Making) => AnyDocument

/** What must become of the document that is acted upon, so that the act is granted. */
const TARGET_FATES: Readonly<Partial<Record<Act['verb'], string>>> = { cancel: '-PENDING' }

/** How the numbers in this field end: with the mark of the last document when that is its place. */
const endingOf = ({ settings, last }: Making, field: string): string => {
  const place = placeOfMark(last, settings.fate ?? '')
  return place.field === field ? place.ending : ''
}

/** A list that is acted upon must be one that grants the act. */
const consignmentFate = (making: Making): string => {
  const { acts } = making.last
  return acts === undefined ? endingOf(making, 'orderNo') : (TARGET_FATES[acts.verb] ?? '')
}

const importSet = (making: Making) =>
  makeConsignment({
    ...making.settings,
    ...{ mode: '1210', fate: consignmentFate(making) },
    waybillFate: endingOf(making, 'logisticsNo'),
  })

const exportSet = (making: Making) =>
  makeExportConsignment({
    ...making.settings,
    ...{ mode: '9610', flag: 'B', currency: 'CNY', fate: consignmentFate(making) },
    waybillFate: endingOf(making, 'logisticsNo'),
  })

type ActMaker = (settings: AfterwardsSettings, targets: readonly Declared[]) => AnyDocument

const aboutOne =
  (make: (settings: AfterwardsSettings, target: Declared) => AnyDocument): ActMaker =>
  (settings, [target]) => {
    if (target === undefined) throw new Error('nothing to act upon')
    return make(settings, target)
  }

/** Makers of documents about others, by kind. */
const actMakers: Readonly<Record<string, ActMaker>> = {
  CEB623: aboutOne(makeImportCancellation),
  CEB625: aboutOne(makeImportReturn),
  CEB711: makeSiteEntry,
  CEB513: aboutOne(makeWaybillStatus),
  CEB507: makeArrival,
  CEB607: makeMasterNote,
  CEB509: makeDeparture,
  CEB701: makeSummary,
  CEB605: aboutOne(makeExportCancellation),
  CEB213: aboutOne(makeExportReturn),
  CEB215: aboutOne(makeReturnTally),
}

/** A document of a kind about others; about the first alone where the kind names one. */
export const makeAbout = (
  entry: Declaration,
  settings: AfterwardsSettings,
  targets: readonly Declared[],
): AnyDocument => {
  const maker = actMakers[entry.code]
  if (maker === undefined) throw new Error(`no document of ${entry.code} can be made`)
  return maker(settings, targets)
}

const about: Maker = (making) => {
  const { settings, entry, before } = making
  const target = before.get(entry.acts?.on ?? '')
  const fate = endingOf(making, entry.key[0])
  return makeAbout(entry, { ...settings, fate }, target === undefined ? [] : [target])
}

const makers: Readonly<Record<string, Maker>> = {
  CEB311: (making) => importSet(making).order,
  CEB411: (making) => importSet(making).payment,
  CEB511: (making) => importSet(making).waybill,
  CEB621: (making) => importSet(making).list,
  CEB303: (making) => exportSet(making).order,
  CEB505: (making) => exportSet(making).waybill,
  CEB403: (making) => exportSet(making).receipt,
  CEB603: (making) => exportSet(making).list,
  ...Object.fromEntries(Object.keys(actMakers).map((kind) => [kind, about])),
}
