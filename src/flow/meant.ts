/**
 * Which document a single reply means, and which version of it. The whole key counts first; a key
 * that leaves parts out, or a number that customs gave before, counts when it fits one document only.
 */
import { stamp14 } from '../kernel/clock.ts'
import {
  findGiven,
  findReplied,
  type GivenNumber,
  type MeantDocument,
  type RepliedDocument,
} from '../store/replies.ts'
import type { Trx } from '../store/transaction.ts'
import { ownerParts } from './admission.ts'
import type { Single } from './reply-reading.ts'

/** A single reply, out of a message to these DXP accounts. */
export interface Asked {
  readonly replyId: string
  readonly receivers: readonly string[]
  readonly single: Single
}

export interface Meant {
  readonly matched: readonly { readonly asked: Asked; readonly document: MeantDocument }[]
  readonly lost: readonly { readonly asked: Asked; readonly problem: 'NO_DOCUMENT' | 'AMBIGUOUS' }[]
}

export const meantByKey = async (trx: Trx, all: readonly Asked[]): Promise<Meant> => {
  const keys = all.flatMap(({ single, receivers }, index) => {
    const partial = ownerParts(single.owner).includes('')
    const { lane, kind, number, owner } = single
    // Named one by one: copying the whole reply is felt at a hundred thousand of them.
    return receivers.map((receiver) => ({ index, lane, kind, number, owner, partial, receiver }))
  })
  return sorted(all, await findReplied(trx, keys), fitting)
}

/** Of replies that leave out the number documents go by: what customs gave before tells them. */
export const meantByGiven = async (trx: Trx, all: readonly Asked[]): Promise<Meant> => {
  const numbers = all.flatMap(({ single, receivers }, index) =>
    single.given.flatMap(([name, number]) =>
      receivers.map(
        (receiver): GivenNumber => ({ index, kind: single.kind, name, number, receiver }),
      ),
    ),
  )
  return sorted(all, await findGiven(trx, numbers), (_, found) => found)
}

type Found = MeantDocument & { readonly index: number }

const sorted = <F extends Found>(
  all: readonly Asked[],
  found: readonly F[],
  choose: (asked: Asked, of: readonly F[]) => readonly F[],
): Meant => {
  const byIndex = new Map<number, F[]>()
  for (const row of found) {
    const rows = byIndex.get(row.index)
    if (rows === undefined) byIndex.set(row.index, [row])
    else rows.push(row)
  }
  const matched: Meant['matched'][number][] = []
  const lost: Meant['lost'][number][] = []
  for (const [index, asked] of all.entries()) {
    const chosen = choose(asked, byIndex.get(index) ?? [])
    const [document] = chosen
    if (document === undefined) lost.push({ asked, problem: 'NO_DOCUMENT' })
    else if (chosen.some(({ id }) => id !== document.id)) lost.push({ asked, problem: 'AMBIGUOUS' })
    else matched.push({ asked, document })
  }
  return { matched, lost }
}

const fitting = (
  { single }: Asked,
  found: readonly RepliedDocument[],
): readonly RepliedDocument[] => {
  const exact = found.filter(({ owner }) => owner === single.owner)
  if (exact.length > 0) return exact
  const said = ownerParts(single.owner)
  return found.filter(({ owner }) => {
    const held = ownerParts(owner)
    return said.every((part, i) => part === '' || part === held[i])
  })
}

/**
 * Replies do not name the submission they answer. One that mentions another guid, or that was given
 * before the current version was first sent, speaks of an earlier one and must not overwrite it.
 */
export const versionMeant = ({ saying }: Single, document: MeantDocument): number => {
  const mentioned = /\[([0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})\]/.exec(saying.info)
  const guid = mentioned?.[1]?.toUpperCase()
  if (document.version === 1 || guid === undefined) return versionAt(document, saying.returnTime)
  return guid === document.guid.toUpperCase() ? document.version : document.version - 1
}

/**
 * The version that something said at that time is about. Customs often writes whole seconds, so the
 * second in question still counts for the current one.
 */
export const versionAt = ({ version, since }: MeantDocument, returnTime: string): number => {
  if (version === 1) return 1
  const isEarlier = since === null || returnTime.slice(0, 14) < stamp14(since)
  return isEarlier ? version - 1 : version
}
