/**
 * The interface page at `/docs` and one page for each problem code: plain HTML from the same route
 * list and problem table, without script or outside assets. Chinese first, English beside it.
 */
import { html, raw } from 'hono/html'
import { declarations } from '../catalogue/index.ts'
import { exampleOf } from '../codec/example.ts'
import { type ProblemEntry, problems } from './problems.ts'
import { problemsOf, type Route } from './route.ts'

type Html = ReturnType<typeof html>

export const docsPage = (routes: readonly Route[], version: string): Html =>
  page(
    '接口 / Interface',
    html`<h1>渝关 Yuguan ${version} · 接口 / Interface</h1>
      <p>
        以 <code>Authorization: Bearer &lt;API 密钥&gt;</code> 调用;机器可读的描述在
        <a href="/openapi.json">/openapi.json</a>。 / Call with
        <code>Authorization: Bearer &lt;API key&gt;</code>; for machines:
        <a href="/openapi.json">/openapi.json</a>.
      </p>
      <pre>
curl -X POST "$YUGUAN/api/v1/documents" \\
  -H "Authorization: Bearer $KEY" -H "Content-Type: application/json" \\
  -d '{"kind":"CEB311","documents":[…]}'</pre
      >
      ${routes.map(routeSection)}
      <h2>单证类型 / Kinds of documents</h2>
      ${declarations.map(
        (entry) =>
          html`<details>
            <summary><code>${entry.code}</code> ${entry.zh} / ${entry.en}</summary>
            <pre>${JSON.stringify({ kind: entry.code, document: exampleOf(entry) }, null, 2)}</pre>
          </details>`,
      )}
      <h2>问题代码 / Problem codes</h2>
      <ul>
        ${Object.entries(problems).map(
          ([code, { status, title }]) =>
            html`<li><a href="/problems/${code}"><code>${code}</code></a> ${status} ${title.zh} / ${title.en}</li>`,
        )}
      </ul>`,
  )

export const problemPage = (code: string, { status, title, cure }: ProblemEntry): Html =>
  page(
    code,
    html`<h1><code>${code}</code> · HTTP ${status}</h1>
      <p>${title.zh} / ${title.en}</p>
      <h2>怎么办 / What to do</h2>
      <p>${cure.zh} / ${cure.en}</p>
      <p><a href="/docs">接口 / Interface</a></p>`,
  )

const routeSection = ({ spec }: Route): Html =>
  html`<section>
    <h2><code>${spec.method.toUpperCase()} ${spec.path}</code></h2>
    <p>${spec.summary.zh} / ${spec.summary.en} · <code>${spec.access}</code></p>
    ${
      spec.query === undefined
        ? ''
        : html`<p>参数 / Parameters: ${codes(Object.keys(spec.query.shape))}</p>`
    }
    ${
      spec.raw === undefined
        ? ''
        : html`<p>请求体 / Body: ${codes(spec.raw.mediaTypes)} ${spec.raw.description.zh} / ${spec.raw.description.en}</p>`
    }
    <ul>
      ${Object.entries(spec.answers).map(
        ([status, { description }]) =>
          html`<li>${status} ${description.zh} / ${description.en}</li>`,
      )}
    </ul>
    <p>问题 / Problems: ${codes(problemsOf(spec))}</p>
  </section>`

const codes = (names: readonly string[]): Html =>
  html`${names.map((name, index) => html`${index === 0 ? '' : ' '}<code>${name}</code>`)}`

const page = (title: string, body: Html): Html =>
  html`${raw('<!doctype html>')}
    <html lang="zh-CN">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · 渝关</title>
        <link rel="stylesheet" href="/docs.css" />
      </head>
      <body>
        ${body}
      </body>
    </html>`

/** A file of its own: the pages allow no style inside. */
export const docsStyle = `
body { font: 16px/1.6 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; }
code, pre { font-family: ui-monospace, monospace; font-size: 0.9em; background: #8882; border-radius: 4px; }
code { padding: 0.1em 0.3em; }
pre { padding: 0.8em; overflow-x: auto; }
h2 { margin-top: 2em; font-size: 1.1rem; }
:root { color-scheme: light dark; }
`
