/**
 * Which link a message takes: what its sender chose for its direction, else the first there is; and
 * choosing itself, with what waits for the link before.
 */
import { declarations, getDeclaration } from '../catalogue/index.ts'
import type { Fault } from '../kernel/fault.ts'
import { type Direction, findLinkChoices, moveQueue, saveLinkChoice } from '../store/links.ts'
import type { Db } from '../store/tables.ts'
import { inTransaction } from '../store/transaction.ts'
import type { LinkCode } from '../wire/types.ts'
import type { FlowDeps } from './types.ts'

/** Where messages wait while the settings name no link at all. */
export const NO_LINK = ''

export const directions: readonly Direction[] = ['import', 'export']

export const directionOf = (kind: string): Direction =>
  getDeclaration(kind).direction === 'export' ? 'export' : 'import'

/** The link of each sender and kind; one that was chosen and is not there any more does not count. */
export const linksOf = async (
  { links }: Pick<FlowDeps, 'links'>,
  db: Db,
  senderIds: readonly string[],
): Promise<(senderId: string, kind: string) => string> => {
  const [fallback] = links
  if (fallback === undefined) return () => NO_LINK
  if (links.length === 1) return () => fallback.code
  const chosen = new Map(
    (await findLinkChoices(db, senderIds))
      .filter(({ link }) => links.some(({ code }) => code === link))
      .map(({ enterpriseId, direction, link }) => [`${direction}/${enterpriseId}`, link]),
  )
  return (senderId, kind) => chosen.get(`${directionOf(kind)}/${senderId}`) ?? fallback.code
}

export interface EnterpriseLinks {
  /** Codes of the links there are; the first is for whoever chose none. */
  readonly available: readonly LinkCode[]
  readonly directions: readonly DirectionLink[]
}

export interface DirectionLink {
  readonly direction: Direction
  /** The link that messages take; null while the settings name none. */
  readonly link: string | null
  /** What was chosen; null leaves it to the settings. It counts only as long as it is there. */
  readonly chosen: string | null
  readonly chosenAt: string | null
}

export const enterpriseLinks = async (
  { links }: Pick<FlowDeps, 'links'>,
  db: Db,
  enterpriseId: string,
): Promise<EnterpriseLinks> => {
  const choices = await findLinkChoices(db, [enterpriseId])
  const available = links.map(({ code }) => code)
  return {
    available,
    directions: directions.map((direction) => {
      const choice = choices.find((each) => each.direction === direction)
      const chosen = choice?.link ?? null
      return {
        direction,
        link: available.find((code) => code === chosen) ?? available[0] ?? null,
        chosen,
        chosenAt: choice?.chosenAt.toISOString() ?? null,
      }
    }),
  }
}

export interface WantedLink {
  readonly direction: Direction | 'both'
  /** Null leaves the choice to the settings. */
  readonly link: string | null
  /** Whether what waits for another link takes this one too. */
  readonly moveQueue: boolean
}

export type LinkChosen =
  | { readonly kind: 'chosen'; readonly moved: number; readonly links: EnterpriseLinks }
  | { readonly kind: 'unknown'; readonly faults: readonly Fault[] }

/** What is composed at the same moment may still take the link before; it goes out there. */
export const chooseLink = async (
  deps: FlowDeps,
  enterpriseId: string,
  wanted: WantedLink,
): Promise<LinkChosen> => {
  const codes: readonly string[] = deps.links.map(({ code }) => code)
  if (wanted.link !== null && !codes.includes(wanted.link))
    return { kind: 'unknown', faults: [unknownLink(codes)] }
  const chosen = directions.filter((each) => [each, 'both'].includes(wanted.direction))
  const now = deps.clock.now()
  const answer = await inTransaction(deps.db, async (trx) => {
    for (const direction of chosen)
      await saveLinkChoice(trx, { enterpriseId, direction }, wanted.link ?? undefined, now)
    const kinds = declarations
      .map(({ code }) => code)
      .filter((kind) => chosen.includes(directionOf(kind)))
    const link = wanted.link ?? codes[0] ?? NO_LINK
    const moved = wanted.moveQueue ? await moveQueue(trx, { enterpriseId, kinds, link }) : 0
    return { moved, links: await enterpriseLinks(deps, trx, enterpriseId) }
  })
  if (answer.moved > 0) deps.wake('dispatch')
  deps.log.info('link-chosen', { enterpriseId, ...wanted, moved: answer.moved })
  return { kind: 'chosen', ...answer }
}

const unknownLink = (codes: readonly string[]): Fault => ({
  code: 'LINK-UNKNOWN',
  pointer: '/link',
  severity: 'error',
  text: { zh: '没有设置该链路', en: 'There is no such link' },
  cure:
    codes.length === 0
      ? {
          zh: '尚未设置任何链路，填 null',
          en: 'No link is set up: send null',
        }
      : {
          zh: `使用已设置的链路之一：${codes.join('、')}；或填 null，由系统设置决定`,
          en: `Use one that is set up: ${codes.join(', ')}; or null, to leave it to the settings`,
        },
})
