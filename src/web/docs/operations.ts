/**
 * The routes as the interface page tells them: parameters and small JSON bodies member by member, with
 * their types in short. Read from the OpenAPI document, so that both say the same.
 */
import { openApiBytes } from '../../http/openapi.ts'
import type { Route, RouteSpec } from '../../http/route.ts'
import type { Text } from '../../kernel/fault.ts'

export interface Member {
  readonly name: string
  readonly required: boolean
  readonly type: string
  readonly description: Text
}

export interface Operation {
  readonly spec: RouteSpec<unknown, unknown>
  readonly parameters: readonly Member[]
  readonly body: readonly Member[]
}

/** The part of a schema that is shown. */
interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly minimum?: number
  readonly maximum?: number
  readonly maxLength?: number
  readonly description?: string
}

interface PathItem {
  readonly parameters?: readonly {
    readonly name: string
    readonly required?: boolean
    readonly schema?: Schema
    readonly description?: string
  }[]
  readonly requestBody?: { readonly content?: Readonly<Record<string, { schema?: Schema }>> }
}

/** The caller keeps what it gets: it takes a while to make. */
export const operationsOf = (routes: readonly Route[], version: string): readonly Operation[] => {
  // Without the bodies that hold documents, whose schemas stand on pages of their own.
  const light = routes.map(({ spec: { raw: _, ...spec }, handle }) => ({ spec, handle }))
  const document = JSON.parse(
    new TextDecoder().decode(openApiBytes(light, version, undefined)),
  ) as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, PathItem>>>>
  }
  const { paths } = document
  return routes.map(({ spec }) => {
    const item = paths[spec.path]?.[spec.method] ?? {}
    const schema = item.requestBody?.content?.['application/json']?.schema
    return {
      spec,
      parameters: (item.parameters ?? []).map(({ name, required, schema, description }) => ({
        name,
        required: required === true,
        type: typeOf(schema),
        description: textOf(description ?? schema?.description),
      })),
      body: spec.json === undefined ? [] : membersOf(schema),
    }
  })
}

const membersOf = (schema: Schema | undefined): readonly Member[] =>
  Object.entries(schema?.properties ?? {}).map(([name, property]) => ({
    name,
    required: schema?.required?.includes(name) === true,
    type: typeOf(property),
    description: textOf(property.description),
  }))

/** Descriptions are written as `中文 / English`. */
const textOf = (description = ''): Text => {
  const [zh = '', en = zh] = description.split(' / ', 2)
  return { zh, en }
}

const typeOf = (schema: Schema | undefined): string => {
  if (schema === undefined) return ''
  if (schema.enum !== undefined) return schema.enum.join(' | ')
  if (schema.items !== undefined) return `${typeOf(schema.items)}[]`
  const { minimum, maximum, maxLength } = schema
  const name = typeof schema.type === 'string' ? schema.type : (schema.type ?? []).join(' | ')
  if (minimum !== undefined && maximum !== undefined) return `${name} ${minimum}–${maximum}`
  return maxLength === undefined ? name : `${name} ≤${maxLength}`
}
