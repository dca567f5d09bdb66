/**
 * Handing in: JSON batches and NDJSON streams of documents, and whole customs messages as XML. Each
 * document is judged by itself: 200 when all were taken, 207 when some were, 422 when none was. Those
 * that belong together are taken together when asked so: all of them or none.
 */
import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { readMessage } from '../../codec/read.ts'
import { takeDocuments } from '../../flow/intake.ts'
import { isRefused } from '../../flow/intake-results.ts'
import type { Caller, DocumentResult, Handed } from '../../flow/types.ts'
import { errorsFirst, type Fault, refuses } from '../../kernel/fault.ts'
import {
  BODY_BYTES_MAX,
  DOCUMENTS_PER_BATCH_MAX,
  FAULTS_PER_DOCUMENT_MAX,
} from '../../kernel/limits.ts'
import { isEncoded, mediaTypeOf, readBytes, readJson } from '../body.ts'
import { writer } from '../callers.ts'
import { readBatch } from '../handed.ts'
import { idempotencyHeader, intakeOptions, replayedHeader } from '../idempotency.ts'
import { handedFaults } from '../intake-faults.ts'
import { problemBody, problemResponse } from '../problems.ts'
import { type AppEnv, type RouteInput, route } from '../route.ts'
import { dryRunQuery, enterpriseQuery, intakeAnswer } from '../schemas.ts'
import { answerStream } from '../stream.ts'

const NDJSON = 'application/x-ndjson'

const query = z.object({
  dryRun: dryRunQuery,
  enterprise: enterpriseQuery,
})
/** Left out where all or none has no sense: a message is of one kind and comes again as it is. */
const togetherQuery = z.enum(['true', 'false']).optional().openapi({
  description:
    '全部接收或全部不接收,适合一并提交四单 / takes all or none, such as the documents of a consignment',
})
const batchQuery = query.extend({ together: togetherQuery })
type Query = z.infer<typeof batchQuery>

const answers = {
  200: {
    description: { zh: '全部接收', en: 'All were taken' },
    schema: intakeAnswer,
  },
  207: {
    description: { zh: '部分接收', en: 'Some were taken' },
    schema: intakeAnswer,
  },
}

export const handInDocuments = route(
  {
    method: 'post',
    path: '/api/v1/documents',
    summary: { zh: '提交单证', en: 'Hand in documents' },
    access: 'documents:write',
    query: batchQuery,
    raw: {
      mediaTypes: ['application/json', NDJSON],
      holds: 'documents',
      description: {
        zh: '一批单证(同一类型,或每份各有 kind),或每行一份的流',
        en: 'A batch of documents (of one kind, or each with its own), or a stream with one a line',
      },
    },
    headers: idempotencyHeader,
    answers,
    problems: [
      'BODY-NOT-UTF8',
      'BODY-NOT-JSON',
      'BODY-WRONG-SHAPE',
      'QUERY-WRONG',
      'BATCH-TOO-LONG',
      'KIND-UNKNOWN',
      'DOCUMENTS-REFUSED',
      'IDEMPOTENCY-KEY-REUSED',
      'IDEMPOTENCY-KEY-WRONG',
      'ENTERPRISE-NOT-CHOSEN',
      'NOT-FOUND',
    ],
  },
  async (input) => {
    const found = writer(input.identity(), input.query.enterprise)
    if (found.kind === 'refused') return input.refuse(found.code)
    const { raw } = input.c.req
    if (isEncoded(raw)) return input.refuse('CONTENT-TYPE-WRONG')
    const mediaType = mediaTypeOf(raw)
    const isTogether = input.query.together === 'true'
    if (mediaType === NDJSON && isTogether)
      return input.refuse('QUERY-WRONG', [handedFaults.notTogether])
    if (mediaType === NDJSON)
      return input.inPlace('stream', () => streamDocuments(input, found.caller))
    if (mediaType !== 'application/json') return input.refuse('CONTENT-TYPE-WRONG')
    const read = await readJson(raw, BODY_BYTES_MAX)
    if (read.kind === 'problem') return input.refuse(read.code)
    const body = readBatch(read.value)
    if (body.kind === 'kind-unknown') return input.refuse('KIND-UNKNOWN', body.faults)
    if (body.kind === 'wrong-shape') return input.refuse('BODY-WRONG-SHAPE', body.faults)
    if (body.handed.length > DOCUMENTS_PER_BATCH_MAX) return input.refuse('BATCH-TOO-LONG')
    return takeAndAnswer(input, found.caller, {
      handed: body.handed,
      bytes: read.bytes,
      pointerOf: body.pointerOf,
      faults: [],
    })
  },
)

export const handInMessage = route(
  {
    method: 'post',
    path: '/api/v1/messages',
    summary: { zh: '提交报文(XML)', en: 'Hand in a customs message (XML)' },
    access: 'documents:write',
    query,
    raw: {
      mediaTypes: ['application/xml', 'text/xml'],
      holds: 'documents',
      description: { zh: '一份 CEB 报文', en: 'One CEB message' },
    },
    headers: idempotencyHeader,
    answers,
    problems: [
      'MESSAGE-UNREADABLE',
      'KIND-UNKNOWN',
      'DOCUMENTS-REFUSED',
      'IDEMPOTENCY-KEY-REUSED',
      'IDEMPOTENCY-KEY-WRONG',
      'ENTERPRISE-NOT-CHOSEN',
      'NOT-FOUND',
    ],
  },
  async (input) => {
    const found = writer(input.identity(), input.query.enterprise)
    if (found.kind === 'refused') return input.refuse(found.code)
    const { raw } = input.c.req
    const mediaType = mediaTypeOf(raw)
    if (isEncoded(raw) || (mediaType !== 'application/xml' && mediaType !== 'text/xml')) {
      return input.refuse('CONTENT-TYPE-WRONG')
    }
    const body = await readBytes(raw, BODY_BYTES_MAX)
    if (body.kind === 'problem') return input.refuse(body.code)
    const read = readMessage(body.bytes)
    if (read.kind === 'unreadable') return input.refuse('MESSAGE-UNREADABLE', read.faults)
    const { entry, documents, faults } = read.message
    if (entry.sort !== 'declaration')
      return input.refuse('KIND-UNKNOWN', [handedFaults.kindUnknown])
    if (refuses(faults)) return input.refuse('MESSAGE-UNREADABLE', faults)
    return takeAndAnswer(input, found.caller, {
      handed: documents.map((item) => ({ kind: entry.code, ...item })),
      bytes: body.bytes,
      pointerOf: (index) => `/${entry.node}/${index}`,
      faults,
    })
  },
)

interface Taking {
  readonly handed: readonly Handed[]
  /** The body, whose hash a repeated Idempotency-Key is held against. */
  readonly bytes: Uint8Array
  readonly pointerOf: (index: number) => string
  /** Warnings about the message as a whole. */
  readonly faults: readonly Fault[]
}

type Input = RouteInput<Query, unknown>

const takeAndAnswer = async (input: Input, caller: Caller, taking: Taking): Promise<Response> => {
  const { c, deps } = input
  const { dryRun, together } = input.query
  const read = intakeOptions(c, taking.bytes, dryRun === 'true')
  if (read === undefined) return input.refuse('IDEMPOTENCY-KEY-WRONG')
  const usedUp = await input.charge(Math.max(1, taking.handed.length))
  if (usedUp !== undefined) return usedUp
  const options = { ...read, together: together === 'true' }
  const answer = await takeDocuments(deps.flow, caller, taking.handed, options)
  if (answer.kind === 'key-reused') return input.refuse('IDEMPOTENCY-KEY-REUSED')
  return answerResults(c, answer.results, answer.replayed, taking)
}

const answerResults = (
  c: Context<AppEnv>,
  results: readonly DocumentResult[],
  replayed: boolean,
  taking: Taking,
): Response => {
  const refused = results.filter(isRefused).length
  const taken = results.length - refused
  const headers = replayed ? replayedHeader : {}
  if (taken === 0) {
    const faults = [...taking.faults, ...pointedFaults(results, taking.pointerOf)]
    return problemResponse(c, 'DOCUMENTS-REFUSED', {
      faults: errorsFirst(faults).slice(0, FAULTS_PER_DOCUMENT_MAX),
      members: { taken, refused, results },
      headers,
    })
  }
  const status: ContentfulStatusCode = refused === 0 ? 200 : 207
  const faults = taking.faults.length > 0 ? { faults: taking.faults } : {}
  return c.body(JSON.stringify({ taken, refused, results, ...faults }), status, {
    'content-type': 'application/json; charset=utf-8',
    ...headers,
  })
}

/**
 * Faults of documents, pointed into the body; the first of each severity stand for all. Warnings of
 * one document take no place from the errors of the next.
 */
const pointedFaults = (
  results: readonly DocumentResult[],
  pointerOf: (index: number) => string,
): readonly Fault[] => {
  const pointed: Readonly<Record<Fault['severity'], Fault[]>> = { error: [], warning: [] }
  for (const { index, faults = [] } of results) {
    if (pointed.error.length >= FAULTS_PER_DOCUMENT_MAX) break
    for (const fault of faults) {
      const kept = pointed[fault.severity]
      if (kept.length < FAULTS_PER_DOCUMENT_MAX)
        kept.push({ ...fault, pointer: `${pointerOf(index)}${fault.pointer}` })
    }
  }
  return [...pointed.error, ...pointed.warning]
}

const streamDocuments = (input: Input, caller: Caller): Response => {
  const { c, deps } = input
  if (c.req.header('idempotency-key') !== undefined) return input.refuse('IDEMPOTENCY-KEY-WRONG')
  const dryRun = input.query.dryRun === 'true'
  const requestId = c.get('requestId')
  const answered = answerStream(c.req.raw.body ?? emptyBody(), {
    take: async (handed) => {
      await input.slowDown(handed.length)
      return takeDocuments(deps.flow, caller, handed, { dryRun })
    },
    broken: (error) => {
      deps.flow.log.error('stream-broke', { reason: reasonOf(error) })
      return { problem: problemBody('INTERNAL', requestId) }
    },
  })
  return c.body(answered, 200, { 'content-type': `${NDJSON}; charset=utf-8` })
}

const emptyBody = (): ReadableStream<Uint8Array> =>
  new ReadableStream<Uint8Array>({ start: (controller) => controller.close() })

const reasonOf = (error: unknown): string => (error instanceof Error ? error.name : 'unknown')
