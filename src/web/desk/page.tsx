/** Puts pages of desks together: content or refusal, the frame around it, headers. */
import type { Context } from 'hono'
import { html } from 'hono/html'
import { problemBody } from '../../http/problems.ts'
import type { AppEnv } from '../../http/route.ts'
import { LANGUAGE_HEADERS, languageOf } from '../language.ts'
import { Layout } from '../layout.tsx'
import { say } from '../texts.ts'
import type { ApiProblem } from './api.ts'
import { takeFlash } from './flash.ts'
import { Frame } from './frame.tsx'
import { goTo, hereOf } from './guard.ts'
import { ProblemNotice } from './notices.tsx'
import { type Content, content, type Room, type Shown } from './room.ts'
import { deskTexts } from './texts.ts'
import { themeOf } from './theme.ts'
import type { Viewer } from './viewer.ts'

/** What is the same for all pages of an application. */
export interface Site {
  readonly rooms: readonly Room[]
  readonly version: string
}

/** The answer to a request, whatever a page had to say. */
export const answer = (
  c: Context<AppEnv>,
  site: Site,
  viewer: Viewer | undefined,
  shown: Shown,
): Response | Promise<Response> => {
  if (shown instanceof Response) return shown
  if (shown.kind === 'content') return render(c, site, viewer, shown)
  if (shown.status === 401) return goTo(c, `/sign-in?next=${encodeURIComponent(hereOf(c))}`)
  const { problem, status } = shown
  const lang = languageOf(c)
  return render(c, site, viewer, {
    kind: 'content',
    title: status === 404 ? say(deskTexts.notFound, lang) : problem.text[lang],
    body: <ProblemNotice lang={lang} problem={problem} page />,
    status: STATUSES.find((known) => known === status) ?? 500,
  })
}

const STATUSES = [400, 403, 404, 409, 413, 422, 429, 503] as const

/** A page that is not there for this reader: one answer, whether or not there is such a thing. */
export const notFoundContent = (c: Context<AppEnv>): Content => {
  const lang = languageOf(c)
  return content(
    say(deskTexts.notFound, lang),
    <section class="card notice" data-problem="NOT-FOUND">
      <h1>{say(deskTexts.notFound, lang)}</h1>
      <p>{say(deskTexts.notFoundWhy, lang)}</p>
      <p class="cure">{say(deskTexts.notFoundCure, lang)}</p>
    </section>,
    404,
  )
}

/** A problem of ours that no route of the interface gave. */
export const ownProblem = (
  c: Context<AppEnv>,
  code: 'ORIGIN-FOREIGN' | 'BODY-TOO-LARGE' | 'INTERNAL' | 'NOT-READY',
): ApiProblem => {
  const problem = problemBody(code, c.get('requestId'))
  return { kind: 'problem', status: problem.status, problem: { ...problem, faults: [] } }
}

const render = (
  c: Context<AppEnv>,
  { rooms, version }: Site,
  viewer: Viewer | undefined,
  shown: Content,
): Response | Promise<Response> => {
  const lang = languageOf(c)
  const here = hereOf(c)
  // Where a form is sent need not be a page: what leads back from its answer leads to the desk.
  const path = c.req.method === 'GET' ? here : '/desk'
  const page = html`<!doctype html>${(
    <Layout
      lang={lang}
      path={path}
      version={version}
      title={shown.title}
      description={deskTexts.description}
      assets="desk"
      theme={themeOf(c)}
      masthead={
        <Frame
          lang={lang}
          here={path}
          at={here}
          rooms={rooms}
          viewer={viewer}
          theme={themeOf(c)}
          flash={takeFlash(c)}
        />
      }
      footer={deskTexts.footer}
    >
      {shown.body}
    </Layout>
  )}`
  return c.html(page, shown.status ?? 200, PAGE_HEADERS)
}

/** Pages of desks hold what is somebody's: kept nowhere. */
const PAGE_HEADERS = { ...LANGUAGE_HEADERS, 'cache-control': 'private, no-store' }
