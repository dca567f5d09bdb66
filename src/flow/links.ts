/** Which link a message takes: what its sender chose for its direction, else the first there is. */
import { getDeclaration } from '../catalogue/index.ts'
import { type Direction, findLinkChoices } from '../store/links.ts'
import type { Db } from '../store/tables.ts'
import type { FlowDeps } from './types.ts'

/** Where messages wait while the settings name no link at all. */
export const NO_LINK = ''

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
