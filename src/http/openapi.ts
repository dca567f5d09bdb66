/**
 * The OpenAPI document: from the same route list that mounts the routes, the catalogue for the
 * documents, and the problem table for refusals. Nothing of it is written by hand. It is large, so
 * that it is made when somebody asks, once, and kept as bytes: what it was made from is let go.
 */
import { OpenAPIHono, z } from '@hono/zod-openapi'
import { declarations } from '../catalogue/index.ts'
import { zodOf } from '../codec/zod.ts'
import {
  bodyExamples,
  type Example,
  type Examples,
  intakeExamples,
  problemExample,
} from './openapi-examples.ts'
import { type ProblemCode, problems } from './problems.ts'
import {
  type Answer,
  limitOf,
  problemsOf,
  type RawBody,
  type Route,
  type RouteSpec,
} from './route.ts'
import { intakeAnswer, problem } from './schemas.ts'

type Spec = RouteSpec<unknown, unknown>

/** The document as UTF-8 JSON. */
export const openApiBytes = (
  routes: readonly Route[],
  version: string,
  publicUrl: string | undefined,
): Uint8Array<ArrayBuffer> =>
  new TextEncoder().encode(JSON.stringify(openApiDocument(routes, version, publicUrl)))

export const openApiDocument = (
  routes: readonly Route[],
  version: string,
  publicUrl: string | undefined,
) => {
  const api = new OpenAPIHono()
  const parts = partsOf(api)
  for (const { spec } of routes) {
    api.openAPIRegistry.registerPath({
      method: spec.method,
      path: spec.path,
      summary: `${spec.summary.zh} / ${spec.summary.en}`,
      tags: [spec.path.split('/')[3] ?? 'system'],
      ...(spec.access === 'public' ? {} : { security: [{ [securityOf(spec)]: [] }] }),
      request: requestOf(spec, parts),
      responses: responsesOf(spec, parts),
    })
  }
  return api.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: '渝关 Yuguan',
      version,
      description:
        '重庆跨境电商单一窗口网关。每类报文的字段见 /docs/messages。 / Cross-border e-commerce single-window gateway for Chongqing. Fields of every kind of message: /docs/messages.',
    },
    ...(publicUrl === undefined ? {} : { servers: [{ url: publicUrl }] }),
  })
}

/** What the routes share: registered once, named where it is used. */
interface Parts {
  /** The schemas of all kinds; made with the first route that takes them. */
  readonly batch: () => Batches
  /** Registers each once; gives what stands where it is used. */
  readonly examples: (examples: Examples) => Record<string, Reference>
  readonly refusal: (codes: readonly ProblemCode[]) => Reference
  /** What every answer of a limited route tells of the caller's quota. */
  readonly quotaHeaders: Readonly<Record<string, Reference>>
}

interface Reference {
  readonly $ref: string
}

/** A batch of one kind, or one of several. */
interface Batches {
  // The library's own type of a schema is one that may be changed.
  readonly anyOf: Reference[]
}

const BATCH: Reference = { $ref: '#/components/schemas/Batch' }

const partsOf = (api: OpenAPIHono): Parts => {
  const registry = api.openAPIRegistry
  registry.registerComponent('securitySchemes', 'key', {
    type: 'http',
    scheme: 'bearer',
    description: 'API 密钥 / an API key of an enterprise',
  })
  registry.registerComponent('securitySchemes', 'customs', {
    type: 'http',
    scheme: 'bearer',
    description: '与海关一方约定的令牌 / the token agreed on with the customs side',
  })
  const known = new Map<string, Reference>()
  const once = (
    sort: 'examples' | 'responses',
    name: string,
    make: () => Example | RefusalResponse,
  ): Reference => {
    const path = `#/components/${sort}/${name}`
    const found = known.get(path)
    if (found !== undefined) return found
    registry.registerComponent(sort, name, make())
    const reference = { $ref: path }
    known.set(path, reference)
    return reference
  }
  const examples: Parts['examples'] = (named) =>
    Object.fromEntries(
      Object.entries(named).map(([name, example]) => [name, once('examples', name, () => example)]),
    )
  registry.register('Problem', problem)
  const quotaHeaders = registerHeaders(registry, {
    'RateLimit-Policy': '限额:类别、数量 q、秒数 w / the quota: its class, points q, seconds w',
    RateLimit: '余量 r,重置秒数 t / what is left (r), and seconds until all of it is back (t)',
  })
  const retryAfter = registerHeaders(registry, {
    'Retry-After': '等待秒数 / seconds to wait',
  })
  let batch: Batches | undefined
  return {
    batch: () => {
      batch ??= registerBatch(registry)
      return batch
    },
    examples,
    refusal: (codes) =>
      once('responses', codes.join('_'), () =>
        refusalResponse(
          codes,
          codes.includes('RATE-LIMITED') ? { ...quotaHeaders, ...retryAfter } : {},
          examples(Object.fromEntries(codes.map((code) => [code, problemExample(code)]))),
        ),
      ),
    quotaHeaders,
  }
}

const registerHeaders = (
  registry: OpenAPIHono['openAPIRegistry'],
  headers: Readonly<Record<string, string>>,
): Readonly<Record<string, Reference>> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, description]) => {
      registry.registerComponent('headers', name, { description, schema: { type: 'string' } })
      return [name, { $ref: `#/components/headers/${name}` }]
    }),
  )

const refusalResponse = (
  codes: readonly ProblemCode[],
  headers: Readonly<Record<string, Reference>>,
  examples: Record<string, Reference>,
) => ({
  description: codes
    .map((code) => `${code}: ${problems[code].title.zh} / ${problems[code].title.en}`)
    .join('; '),
  ...(Object.keys(headers).length === 0 ? {} : { headers }),
  content: {
    'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' }, examples },
  },
})

type RefusalResponse = ReturnType<typeof refusalResponse>

const securityOf = (spec: Spec): string => (spec.access === 'customs' ? 'customs' : 'key')

/**
 * Documents of one kind or of several. One member for each kind, told apart by `kind`. Each schema becomes plain JSON before the next is
 * made: all of them at once would take some thirty megabytes.
 */
const registerBatch = (registry: OpenAPIHono['openAPIRegistry']): Batches => {
  const mapping: Record<string, string> = {}
  for (const entry of declarations) {
    const { $schema: _, ...schema } = z.toJSONSchema(zodOf(entry))
    const description = `${entry.zh} / ${entry.en}. /docs/messages/${entry.code}`
    // Draft 2020-12 is what OpenAPI 3.1 speaks; the types of the two libraries do not know it.
    registry.registerComponent('schemas', entry.code, { ...schema, description } as object)
    const document = { $ref: `#/components/schemas/${entry.code}` }
    const member = `${entry.code}Batch`
    registry.registerComponent('schemas', member, {
      type: 'object',
      properties: {
        kind: { type: 'string', enum: [entry.code] },
        documents: { type: 'array', items: document },
        document,
      },
      required: ['kind'],
    })
    mapping[entry.code] = `#/components/schemas/${member}`
  }
  registry.registerComponent('schemas', 'Batch', {
    oneOf: Object.values(mapping).map(($ref) => ({ $ref })),
    discriminator: { propertyName: 'kind', mapping },
  })
  registry.registerComponent('schemas', 'MixedBatch', {
    type: 'object',
    description: '每份单证各有 kind / each document with its own kind',
    properties: {
      documents: {
        type: 'array',
        items: {
          allOf: [BATCH, { required: ['document'] }],
          // As a batch, an item might hold several.
          properties: { documents: false },
        },
      },
    },
    required: ['documents'],
  } as object)
  return { anyOf: [BATCH, { $ref: '#/components/schemas/MixedBatch' }] }
}

const requestOf = (spec: Spec, parts: Parts) => ({
  params: z.object(
    Object.fromEntries(
      [...spec.path.matchAll(/\{(\w+)\}/g)].map((match) => [match[1] ?? '', z.string()]),
    ),
  ),
  ...(spec.query === undefined ? {} : { query: z.object(spec.query.shape) }),
  ...(spec.headers === undefined
    ? {}
    : {
        headers: z.object(
          Object.fromEntries(
            Object.entries(spec.headers).map(([name, { zh, en }]) => [
              name,
              z
                .string()
                .optional()
                .openapi({ description: `${zh} / ${en}` }),
            ]),
          ),
        ),
      }),
  ...bodyOf(spec, parts),
})

const bodyOf = (spec: Spec, parts: Parts) => {
  if (spec.json !== undefined) {
    return { body: { required: true, content: { 'application/json': { schema: spec.json } } } }
  }
  if (spec.form !== undefined) {
    const { description, schema } = spec.form
    const content = { 'application/x-www-form-urlencoded': { schema } }
    return {
      body: { required: true, description: `${description.zh} / ${description.en}`, content },
    }
  }
  if (spec.raw === undefined) return {}
  const { mediaTypes, description, holds, schema } = spec.raw
  const content = Object.fromEntries(
    mediaTypes.map((mediaType) => [
      mediaType,
      schema === undefined || mediaType !== 'application/json'
        ? contentOf(mediaType, holds, parts)
        : { schema },
    ]),
  )
  const { zh, en } = description
  return { body: { required: true, description: `${zh} / ${en}`, content } }
}

const contentOf = (mediaType: string, holds: RawBody['holds'], { batch, examples }: Parts) => {
  const found = holds === undefined ? {} : examples(bodyExamples(holds, mediaType))
  return {
    schema: mediaType === 'application/json' ? batch() : z.string(),
    ...(Object.keys(found).length === 0 ? {} : { examples: found }),
  }
}

const responsesOf = (spec: Spec, parts: Parts) => {
  const answered = Object.entries(spec.answers).map(
    ([status, answer]) =>
      [
        status,
        {
          ...answerOf(Number(status), answer, parts),
          ...(limitOf(spec) === 'none' ? {} : { headers: parts.quotaHeaders }),
        },
      ] as const,
  )
  const refused = [...byStatus(problemsOf(spec))].map(
    ([status, codes]) => [status, parts.refusal(codes)] as const,
  )
  return Object.fromEntries([...answered, ...refused])
}

const answerOf = (status: number, answer: Answer, { examples }: Parts) => {
  const mediaType = answer.mediaType ?? 'application/json'
  const hasBody = answer.schema !== undefined || answer.mediaType !== undefined
  const shown = answer.schema === intakeAnswer ? intakeExamples()[status] : undefined
  const content = {
    schema: answer.schema ?? z.string(),
    ...(shown === undefined ? {} : { examples: examples(shown) }),
  }
  const other = answer.or === undefined ? {} : { [answer.or]: { schema: z.string() } }
  return {
    description: `${answer.description.zh} / ${answer.description.en}`,
    ...(hasBody ? { content: { [mediaType]: content, ...other } } : {}),
  }
}

const byStatus = (codes: readonly ProblemCode[]): ReadonlyMap<string, readonly ProblemCode[]> => {
  const found = new Map<string, ProblemCode[]>()
  for (const code of codes) {
    const status = String(problems[code].status)
    found.set(status, [...(found.get(status) ?? []), code])
  }
  return found
}
