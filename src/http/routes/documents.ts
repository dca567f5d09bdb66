/**
 * Looking: documents by any of their marks, one of them with its story and its bytes, and the four
 * documents of a consignment side by side. Whatever belongs to another enterprise is not found.
 */
import { z } from '@hono/zod-openapi'
import { declarations } from '../../catalogue/index.ts'
import type { State } from '../../catalogue/message.ts'
import { states } from '../../catalogue/statuses.ts'
import { findConsignment } from '../../flow/preview.ts'
import { findDocument, listDocuments, messageXmlOf, timelineOf } from '../../flow/queries.ts'
import { chinaDay } from '../../kernel/clock.ts'
import { isId } from '../../kernel/ids.ts'
import { PAGE_ROWS } from '../../kernel/limits.ts'
import { askerOf } from '../audit.ts'
import { reader } from '../callers.ts'
import { afterDay, day } from '../days.ts'
import { pageCallOf } from '../page-calls.ts'
import { route } from '../route.ts'
import {
  clientQuery,
  consignment,
  documentList,
  documentView,
  enterpriseQuery,
  pageQuery,
  senderQuery,
  timeline,
} from '../schemas.ts'

const isState = (text: string): text is State => text in states

const listQuery = z.object({
  kind: z.enum(declarations.map((entry) => entry.code)).optional(),
  state: z.enum(Object.keys(states).filter(isState)).optional(),
  group: z.enum(['action-needed', 'under-way', 'done', 'refused']).optional(),
  sender: senderQuery,
  client: clientQuery,
  zone: z.string().max(32).optional(),
  from: day.optional().openapi({ description: '首日(含) / first day, China time' }),
  to: day.optional().openapi({ description: '末日(含) / last day, China time' }),
  releasedOn: day
    .optional()
    .openapi({ description: '海关放行日 / day on which customs released it, China time' }),
  q: z
    .string()
    .min(1)
    .max(60)
    .optional()
    .openapi({ description: '任一单证号 / any number of the document' }),
  enterprise: enterpriseQuery,
  ...pageQuery,
})

const chosenQuery = z.object({ enterprise: enterpriseQuery })

export const listDocumentsRoute = route(
  {
    method: 'get',
    path: '/api/v1/documents',
    summary: { zh: '查询单证', en: 'List documents' },
    access: 'documents:read',
    query: listQuery,
    answers: { 200: { description: { zh: '一页单证', en: 'A page' }, schema: documentList } },
    problems: ['ENTERPRISE-NOT-CHOSEN', 'NOT-FOUND'],
  },
  async ({ c, deps, query, identity, refuse }) => {
    const found = reader(identity(), query.enterprise)
    if (found.kind === 'refused') return refuse(found.code)
    const { enterprise, sender, limit, to, releasedOn, ...filter } = query
    const page = await listDocuments(deps.flow, found.caller, {
      ...filter,
      // For a member it says who he is; for the operator, whose documents he wants.
      enterprise: sender ?? (found.caller.operator === true ? enterprise : undefined),
      to: afterDay(to),
      releasedOn: releasedOn && chinaDay(releasedOn),
      limit: limit ?? PAGE_ROWS,
    })
    return c.json(page)
  },
)

export const findDocumentRoute = route(
  {
    method: 'get',
    path: '/api/v1/documents/{id}',
    summary: { zh: '查看单证', en: 'One document' },
    access: 'documents:read',
    query: chosenQuery,
    answers: { 200: { description: { zh: '单证', en: 'The document' }, schema: documentView } },
    problems: ['ENTERPRISE-NOT-CHOSEN', 'NOT-FOUND'],
  },
  async ({ c, deps, query, identity, param, refuse }) => {
    const found = reader(identity(), query.enterprise)
    if (found.kind === 'refused') return refuse(found.code)
    if (!isId(param('id'))) return refuse('NOT-FOUND')
    // Pages mask what is personal; whoever is no party to it leaves a line when he reads it as it is.
    const isShown = identity().operator && pageCallOf(c) === undefined
    const shownTo = isShown ? askerOf(c) : undefined
    const document = await findDocument(deps.flow, found.caller, param('id'), shownTo)
    return document === undefined ? refuse('NOT-FOUND') : c.json(document)
  },
)

export const timelineRoute = route(
  {
    method: 'get',
    path: '/api/v1/documents/{id}/timeline',
    summary: { zh: '单证历程', en: 'The story of a document' },
    access: 'documents:read',
    query: chosenQuery,
    answers: { 200: { description: { zh: '历程', en: 'The story' }, schema: timeline } },
    problems: ['ENTERPRISE-NOT-CHOSEN', 'NOT-FOUND'],
  },
  async ({ c, deps, query, identity, param, refuse }) => {
    const found = reader(identity(), query.enterprise)
    if (found.kind === 'refused') return refuse(found.code)
    if (!isId(param('id'))) return refuse('NOT-FOUND')
    const entries = await timelineOf(deps.flow, found.caller, param('id'))
    return entries === undefined ? refuse('NOT-FOUND') : c.json({ entries })
  },
)

export const messageXmlRoute = route(
  {
    method: 'get',
    path: '/api/v1/documents/{id}/message.xml',
    summary: { zh: '发送的报文', en: 'The bytes that were sent' },
    access: 'documents:read',
    query: chosenQuery,
    answers: {
      200: {
        description: { zh: '已签名的报文', en: 'The signed message' },
        mediaType: 'application/xml',
      },
    },
    problems: ['ENTERPRISE-NOT-CHOSEN', 'NOT-FOUND', 'MESSAGE-NOT-COMPOSED', 'MESSAGE-NOT-SIGNED'],
  },
  async ({ c, deps, query, identity, param, refuse }) => {
    const found = reader(identity(), query.enterprise)
    if (found.kind === 'refused') return refuse(found.code)
    if (!isId(param('id'))) return refuse('NOT-FOUND')
    const bytes = await messageXmlOf(deps.flow, found.caller, param('id'), askerOf(c))
    if (bytes === undefined) return refuse('NOT-FOUND')
    if (bytes === 'not-composed') return refuse('MESSAGE-NOT-COMPOSED')
    if (bytes === 'not-signed') return refuse('MESSAGE-NOT-SIGNED')
    return c.body(new Uint8Array(bytes), 200, {
      'content-type': 'application/xml; charset=utf-8',
      'content-disposition': `attachment; filename="${param('id')}.xml"`,
    })
  },
)

export const consignmentRoute = route(
  {
    method: 'get',
    path: '/api/v1/consignments/{orderNo}',
    summary: { zh: '四单', en: 'The four documents of a consignment' },
    access: 'documents:read',
    query: chosenQuery,
    answers: { 200: { description: { zh: '四单', en: 'The consignment' }, schema: consignment } },
    problems: ['ENTERPRISE-NOT-CHOSEN', 'NOT-FOUND'],
  },
  async ({ c, deps, query, identity, param, refuse }) => {
    const found = reader(identity(), query.enterprise)
    if (found.kind === 'refused') return refuse(found.code)
    const view = await findConsignment(deps.flow, found.caller, param('orderNo'))
    return view === undefined ? refuse('NOT-FOUND') : c.json(view)
  },
)
