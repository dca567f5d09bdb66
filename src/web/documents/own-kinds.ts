/** Kinds of documents that a reader hands in: by the roles of his enterprise, or under a mandate. */
import type { z } from 'zod'
import { declarations, findDeclaration } from '../../catalogue/index.ts'
import type { Declaration } from '../../catalogue/message.ts'
import type { mandateList } from '../../http/mandate-schemas.ts'
import type { Ask } from '../desk/room.ts'
import type { Viewer } from '../desk/viewer.ts'
import { MANDATE_PAGES_MAX } from './document-limits.ts'

/** Whether the enterprise has a role that owns such documents. */
export const ownsKind = ({ enterprise }: Viewer, kind: string): boolean =>
  findDeclaration(kind)?.owners.some(({ role }) => enterprise?.roles.includes(role) === true) ===
  true

/** In the order of the catalogue. */
export const kindsToHandIn = async (ask: Ask): Promise<readonly Declaration[]> => {
  const mandated = await mandatedKinds(ask)
  return declarations.filter(({ code }) => ownsKind(ask.viewer, code) || mandated.has(code))
}

/** The kind of the path when the reader hands such documents in. */
export const kindToHandIn = async (ask: Ask): Promise<Declaration | undefined> => {
  const entry = findDeclaration(ask.param('kind'))
  if (entry === undefined || ownsKind(ask.viewer, entry.code)) return entry
  return (await mandatedKinds(ask)).has(entry.code) ? entry : undefined
}

/** Kinds that the reader's enterprise holds a mandate of somebody for. */
const mandatedKinds = async ({ api, viewer }: Ask): Promise<ReadonlySet<string>> => {
  const held = new Set<string>()
  let cursor: string | undefined
  for (let page = 0; page < MANDATE_PAGES_MAX; page += 1) {
    const found = await api.get<z.infer<typeof mandateList>>('/api/v1/mandates', {
      ...{ state: 'in-force', cursor },
    })
    if (found.kind === 'problem') break
    for (const { agentId, kinds } of found.value.mandates)
      if (agentId === viewer.enterprise?.id) for (const kind of kinds) held.add(kind)
    if (found.value.next === null) break
    cursor = found.value.next
  }
  return held
}
