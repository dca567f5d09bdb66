/**
 * The OpenAPI document: from the same route list that mounts the routes, the catalogue for the
 * documents, and the problem table for refusals. Nothing of it is written by hand.
 */
import { OpenAPIHono, z } from '@hono/zod-openapi'
import { declarations } from '../catalogue/index.ts'
import { zodOf } from '../codec/zod.ts'
import { exampleOf } from './examples.ts'
import { type ProblemCode, problems } from './problems.ts'
import { problemsOf, type Route, type RouteSpec } from './route.ts'
import { problem } from './schemas.ts'

type Spec = RouteSpec<unknown, unknown>

export const openApiDocument = (
  routes: readonly Route[],
  version: string,
  publicUrl: string | undefined,
) => {
  const api = new OpenAPIHono()
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
  const batch = registry.register('Batch', batchSchema())
  for (const { spec } of routes) {
    registry.registerPath({
      method: spec.method,
      path: spec.path,
      summary: `${spec.summary.zh} / ${spec.summary.en}`,
      tags: [spec.path.split('/')[3] ?? 'system'],
      ...(spec.access === 'public' ? {} : { security: [{ [securityOf(spec)]: [] }] }),
      request: requestOf(spec, batch),
      responses: responsesOf(spec),
    })
  }
  return api.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: '渝关 Yuguan',
      version,
      description:
        '重庆跨境电商单一窗口网关 / cross-border e-commerce single-window gateway for Chongqing',
    },
    ...(publicUrl === undefined ? {} : { servers: [{ url: publicUrl }] }),
  })
}

const securityOf = (spec: Spec): string => (spec.access === 'customs' ? 'customs' : 'key')

/** One member of the union for each kind, with an example. */
const batchSchema = () =>
  z.union(
    declarations.map((entry) => {
      const document = zodOf(entry).openapi(entry.code, {
        description: `${entry.zh} / ${entry.en}`,
        example: exampleOf(entry),
      })
      return z.object({
        kind: z.literal(entry.code),
        documents: z.array(document).optional(),
        document: document.optional(),
      })
    }),
  )

const requestOf = (spec: Spec, batch: z.ZodType) => ({
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
  ...bodyOf(spec, batch),
})

const bodyOf = (spec: Spec, batch: z.ZodType) => {
  if (spec.json !== undefined) {
    return { body: { required: true, content: { 'application/json': { schema: spec.json } } } }
  }
  if (spec.raw === undefined) return {}
  const content = Object.fromEntries(
    spec.raw.mediaTypes.map((mediaType) => [
      mediaType,
      { schema: mediaType === 'application/json' ? batch : z.string() },
    ]),
  )
  const { zh, en } = spec.raw.description
  return { body: { required: true, description: `${zh} / ${en}`, content } }
}

const responsesOf = (spec: Spec) => {
  const responses: Record<
    string,
    { description: string; content?: Record<string, { schema: z.ZodType }> }
  > = {}
  for (const [status, answer] of Object.entries(spec.answers)) {
    const mediaType = answer.mediaType ?? 'application/json'
    const hasBody = answer.schema !== undefined || answer.mediaType !== undefined
    responses[status] = {
      description: `${answer.description.zh} / ${answer.description.en}`,
      ...(hasBody ? { content: { [mediaType]: { schema: answer.schema ?? z.string() } } } : {}),
    }
  }
  for (const [status, codes] of byStatus(problemsOf(spec))) {
    responses[status] = {
      description: codes
        .map((code) => `${code}: ${problems[code].title.zh} / ${problems[code].title.en}`)
        .join('; '),
      content: { 'application/problem+json': { schema: problem } },
    }
  }
  return responses
}

const byStatus = (codes: readonly ProblemCode[]): ReadonlyMap<string, readonly ProblemCode[]> => {
  const found = new Map<string, ProblemCode[]>()
  for (const code of codes) {
    const status = String(problems[code].status)
    found.set(status, [...(found.get(status) ?? []), code])
  }
  return found
}
