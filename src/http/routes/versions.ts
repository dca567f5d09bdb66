/** Amendments of one document: its versions, one of them, and what two of them say differently. */
import { z } from '@hono/zod-openapi'
import { differencesBetween, findVersion, versionsOf } from '../../flow/versions.ts'
import { isId } from '../../kernel/ids.ts'
import { askerOf } from '../audit.ts'
import { reader } from '../callers.ts'
import { versionDifferences, versionList, versionView } from '../rejection-schemas.ts'
import { route } from '../route.ts'
import { enterpriseQuery } from '../schemas.ts'

const clearQuery = z.enum(['true', 'false']).optional().openapi({
  description:
    '显示个人信息原值，并记入访问日志 / shows personal values, and is written to the log of accesses',
})

const version = z.coerce.number().int().min(1).max(1_000_000)

export const versionsRoute = route(
  {
    method: 'get',
    path: '/api/v1/documents/{id}/versions',
    summary: { zh: '单证的各个版本', en: 'The versions of a document' },
    access: 'documents:read',
    query: z.object({ enterprise: enterpriseQuery }),
    answers: {
      200: { description: { zh: '版本，新的在前', en: 'Newest first' }, schema: versionList },
    },
    problems: ['ENTERPRISE-NOT-CHOSEN', 'NOT-FOUND'],
  },
  async ({ c, deps, query, identity, param, refuse }) => {
    const found = reader(identity(), query.enterprise)
    if (found.kind === 'refused') return refuse(found.code)
    if (!isId(param('id'))) return refuse('NOT-FOUND')
    const versions = await versionsOf(deps.flow, found.caller, param('id'))
    return versions === undefined ? refuse('NOT-FOUND') : c.json({ versions })
  },
)

export const findVersionRoute = route(
  {
    method: 'get',
    path: '/api/v1/documents/{id}/versions/{n}',
    summary: { zh: '单证的一个版本', en: 'One version of a document' },
    access: 'documents:read',
    query: z.object({ enterprise: enterpriseQuery, clear: clearQuery }),
    answers: { 200: { description: { zh: '版本', en: 'The version' }, schema: versionView } },
    problems: ['ENTERPRISE-NOT-CHOSEN', 'NOT-FOUND'],
  },
  async ({ c, deps, query, identity, param, refuse }) => {
    const found = reader(identity(), query.enterprise)
    if (found.kind === 'refused') return refuse(found.code)
    const number = version.safeParse(param('n'))
    if (!isId(param('id')) || !number.success) return refuse('NOT-FOUND')
    const clearFor = query.clear === 'true' ? askerOf(c) : undefined
    const view = await findVersion(deps.flow, found.caller, param('id'), number.data, clearFor)
    return view === undefined ? refuse('NOT-FOUND') : c.json(view)
  },
)

export const differencesRoute = route(
  {
    method: 'get',
    path: '/api/v1/documents/{id}/differences',
    summary: { zh: '两个版本的差异', en: 'What two versions say differently' },
    access: 'documents:read',
    query: z.object({
      from: version.optional().openapi({
        description: '较早的版本；默认为 to 的前一版 / the earlier one; the one before `to`',
      }),
      to: version.optional().openapi({
        description: '较晚的版本；默认为最新版 / the later one; the newest',
      }),
      clear: clearQuery,
      enterprise: enterpriseQuery,
    }),
    answers: {
      200: { description: { zh: '逐项差异', en: 'Place by place' }, schema: versionDifferences },
    },
    problems: ['ENTERPRISE-NOT-CHOSEN', 'NOT-FOUND'],
  },
  async ({ c, deps, query, identity, param, refuse }) => {
    const found = reader(identity(), query.enterprise)
    if (found.kind === 'refused') return refuse(found.code)
    if (!isId(param('id'))) return refuse('NOT-FOUND')
    const { from, to } = query
    const asked = { from, to, clearFor: query.clear === 'true' ? askerOf(c) : undefined }
    const differences = await differencesBetween(deps.flow, found.caller, param('id'), asked)
    return differences === undefined ? refuse('NOT-FOUND') : c.json(differences)
  },
)
