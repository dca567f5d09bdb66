/**
 * Addresses of the documentation: `/docs` and what lies below it, and a page for each problem code.
 * Server-made, complete without script, in the reader's language. What draws them is fetched with
 * the first request.
 */
import { type Context, Hono } from 'hono'
import type { Route } from '../../http/route.ts'
import { themeOf } from '../desk/theme.ts'
import { LANGUAGE_HEADERS, languageOf } from '../language.ts'
import type { createRenderer } from './render.tsx'

export interface DocsDeps {
  readonly routes: readonly Route[]
  /** Names the release in the addresses of scripts and style sheets. */
  readonly version: string
}

type Renderer = ReturnType<typeof createRenderer>
type Page = ReturnType<Renderer['interface']>
type Draw = (renderer: Renderer, props: Parameters<Renderer['interface']>[0]) => Page | undefined

/** The address of the search index carries the release. */
const SEARCH_HEADERS = { 'cache-control': 'public, max-age=86400' }

export const createDocs = ({ routes, version }: DocsDeps): Hono => {
  let renderer: Promise<Renderer> | undefined
  const load = (): Promise<Renderer> => {
    renderer ??= import('./render.tsx').then((module) => module.createRenderer(routes, version))
    return renderer
  }
  const draw = async (c: Context, how: Draw): Promise<Response> => {
    const lang = languageOf(c)
    const page = how(await load(), { lang, version, theme: themeOf(c) })
    return page === undefined ? c.notFound() : c.html(page, 200, LANGUAGE_HEADERS)
  }
  const docs = new Hono()
  docs.get('/docs', (c) => draw(c, (render, props) => render.interface(props)))
  docs.get('/docs/messages', (c) => draw(c, (render, props) => render.kinds(props)))
  docs.get('/docs/messages/:name', async (c) => {
    const name = c.req.param('name')
    if (!name.endsWith('.xsd')) return draw(c, (render, props) => render.kind(props, name))
    const schema = (await load()).schema(name)
    if (schema === undefined) return c.notFound()
    return c.body(schema, 200, { 'content-type': 'application/xml; charset=utf-8' })
  })
  docs.get('/docs/fields', (c) => draw(c, (render, props) => render.fields(props)))
  docs.get('/docs/fields.json', async (c) => c.json((await load()).search(), 200, SEARCH_HEADERS))
  docs.get('/docs/code-lists', (c) => draw(c, (render, props) => render.lists(props)))
  docs.get('/docs/code-lists/:id', (c) =>
    draw(c, (render, props) => render.list(props, c.req.param('id'))),
  )
  docs.get('/problems', (c) => draw(c, (render, props) => render.problems(props)))
  docs.get('/problems/:code', (c) =>
    draw(c, (render, props) => render.problem(props, c.req.param('code'))),
  )
  return docs
}
