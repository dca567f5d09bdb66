/**
 * The documents a customs office holds: by their own key, by the numbers that tie companions
 * together, and by the numbers other documents name them by. Decides by `appType` and `appTime`
 * whether a document may come in. Holds what is compared until it is matched and what may be asked
 * for afterwards, never whole documents, and only so many of them.
 */
import type { Situation } from '../catalogue/error-codes.ts'
import { type AnyDocument, APP_TYPE, type Declaration } from '../catalogue/message.ts'
import { headOfDocument } from '../codec/document.ts'
import { type Filed, fileDocument, idOf, type Want } from './filed.ts'

/** Documents that meet under one number, in order of arrival; four as a rule. */
export interface Dossier {
  readonly number: string
  /** Those that live here, and lists that look for a companion here. */
  readonly filed: Filed[]
}

export type Admission =
  | { readonly kind: 'taken'; readonly filed: Filed; readonly dossiers: readonly Dossier[] }
  /** Not taken; `filed` holds the facts for the answer and is not kept, `held` is what stands. */
  | {
      readonly kind: 'refused'
      readonly filed: Filed
      readonly held: Filed | undefined
      readonly situation: Situation
    }

export interface Registry {
  /** A document of a message whose signature does not hold is never taken. */
  admit(entry: Declaration, document: AnyDocument, receiverId: string, isSigned: boolean): Admission
  find(kind: string, key: readonly string[]): Filed | undefined
  /** The document of that kind whose field has this value: its own, or a number given to it. */
  findBy(kind: string, field: string, value: string): Filed | undefined
  /** A number was given: from now on others may name it so. */
  given(filed: Filed): void
  /** The documents that `filed` waits for and that are there, by part; and the parts missing. */
  companionsOf(filed: Filed): Companions
  /** Its companions may serve another document again. */
  freeCompanionsOf(filed: Filed): void
  all(): Iterable<Filed>
}

export interface Companions {
  readonly found: ReadonlyMap<string, Filed>
  readonly missing: readonly string[]
}

export const createRegistry = (remember: number): Registry => {
  const byKey = new Map<string, Filed>()
  const byNumber = createIndex()
  const dossiers = createDossiers(remember, (filed) => {
    byKey.delete(filed.id)
    byNumber.remove(filed)
  })

  return {
    admit: (entry, document, receiverId, isSigned) => {
      const head = headOfDocument(entry, document)
      const fresh = fileDocument(entry, document, receiverId)
      const held = byKey.get(fresh.id)
      const situation = isSigned ? objection(held, head) : 'bad-signature'
      if (situation !== undefined) {
        if (held !== undefined) {
          fresh.repliedAt = held.repliedAt
          fresh.given = held.given
        }
        return { kind: 'refused', filed: fresh, held, situation }
      }
      if (held !== undefined) {
        // A new version may name another order, and bear other numbers.
        dossiers.leave(held)
        byNumber.remove(held)
      }
      const filed = held === undefined ? fresh : replace(held, fresh)
      byKey.set(filed.id, filed)
      byNumber.add(filed)
      return { kind: 'taken', filed, dossiers: dossiers.join(filed) }
    },
    find: (kind, key) => byKey.get(idOf(kind, key)),
    findBy: byNumber.find,
    given: byNumber.add,
    companionsOf: (filed) => {
      const found = new Map<string, Filed>()
      const missing: string[] = []
      for (const want of filed.wants) {
        const partner = dossiers.findOffer(want)
        if (partner === undefined) missing.push(want.part)
        else found.set(want.part, partner)
      }
      return { found, missing }
    },
    freeCompanionsOf: (filed) => {
      for (const want of filed.wants) {
        const partner = dossiers.findOffer(want)
        if (partner?.standing === 'decided') partner.standing = 'open'
      }
    },
    all: () => byKey.values(),
  }
}

/** Documents by the numbers under which they meet; `forgot` hears of each that is forgotten. */
const createDossiers = (remember: number, forgot: (filed: Filed) => void) => {
  const dossiers = new Map<string, Dossier>()
  // One iterator for good: a new one would step over everything forgotten before it.
  const oldestFirst = dossiers.values()

  const forgetOldest = (): void => {
    const oldest = oldestFirst.next().value
    if (oldest === undefined) return
    for (const filed of oldest.filed) if (filed.places[0] === oldest.number) forgot(filed)
    dossiers.delete(oldest.number)
  }

  const dossierOf = (number: string): Dossier => {
    const known = dossiers.get(number)
    if (known !== undefined) return known
    const made: Dossier = { number, filed: [] }
    dossiers.set(number, made)
    if (dossiers.size > remember) forgetOldest()
    return made
  }

  return {
    join: (filed: Filed): readonly Dossier[] => {
      const places = filed.places.map(dossierOf)
      for (const place of places) place.filed.push(filed)
      return places
    },
    leave: (filed: Filed): void => {
      for (const place of filed.places) {
        const former = dossiers.get(place)?.filed ?? []
        const at = former.indexOf(filed)
        if (at >= 0) former.splice(at, 1)
      }
    },
    findOffer: ({ offer, place }: Want): Filed | undefined =>
      dossiers
        .get(place)
        ?.filed.find(
          (filed) =>
            filed.offer === offer && (filed.standing === 'open' || filed.standing === 'decided'),
        ),
  }
}

/** Documents by kind, field and value of the numbers that others name them by. */
const createIndex = () => {
  const fields = new Map<string, Map<string, Filed>>()
  const fieldOf = (kind: string, field: string): Map<string, Filed> => {
    const name = `${kind} ${field}`
    const known = fields.get(name)
    if (known !== undefined) return known
    const made = new Map<string, Filed>()
    fields.set(name, made)
    return made
  }
  const numbersOf = (filed: Filed): readonly (readonly [string, string])[] =>
    filed.traits.foundBy.flatMap((field) => {
      const value = filed.given[field] ?? filed.facts[field] ?? ''
      return value === '' ? [] : [[field, value] as const]
    })
  return {
    add: (filed: Filed): void => {
      for (const [field, value] of numbersOf(filed))
        fieldOf(filed.entry.code, field).set(value, filed)
    },
    remove: (filed: Filed): void => {
      for (const [field, value] of numbersOf(filed)) {
        const held = fieldOf(filed.entry.code, field)
        // Another document may bear the number by now.
        if (held.get(value) === filed) held.delete(value)
      }
    },
    find: (kind: string, field: string, value: string): Filed | undefined =>
      fields.get(`${kind} ${field}`)?.get(value),
  }
}

/** What speaks against a document under a key that `held` may stand for; undefined for nothing. */
const objection = (
  held: Filed | undefined,
  head: Readonly<Record<string, string>>,
): Situation | undefined => {
  const isNew = head.appType === APP_TYPE.new
  if (held === undefined || held.standing === 'deleted') return isNew ? undefined : 'no-original'
  if ((head.appTime ?? '') < held.appTime) return 'stale'
  if (held.standing === 'refused' || held.standing === 'draft') return undefined
  if (isNew) return 'duplicate'
  return held.standing === 'decided' ? 'already-declared' : undefined
}

/** The next version under a key; what the office has given and counted stays. */
const replace = (held: Filed, fresh: Filed): Filed => {
  const { status, statusAt, repliedAt, busyUntil, counted, given, versions, made } = held
  const kept = { status, statusAt, repliedAt, busyUntil, counted, versions: versions + 1 }
  // What was cancelled begins anew.
  return Object.assign(held, fresh, kept, made === undefined ? { given } : {})
}
