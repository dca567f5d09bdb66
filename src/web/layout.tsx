/**
 * The frame of every page: head, masthead with the language switch, footer. Nothing in it comes
 * from outside, nothing is styled or scripted inline: the Content-Security-Policy allows neither.
 */
import type { Child } from 'hono/jsx'
import type { Text } from '../kernel/fault.ts'
import type { Theme } from './desk/theme.ts'
import { type Lang, say, texts } from './texts.ts'

export interface LayoutProps {
  readonly lang: Lang
  /** Path of this page with its query, for the language switch. */
  readonly path: string
  /** Changes with every release, so that a browser never mixes old and new files. */
  readonly version: string
  /** Put before the name of the site; the first page has none. */
  readonly title?: string
  readonly description?: Text
  readonly footer?: Text
  /** Names its script, and its style sheet beside the common one. */
  readonly assets?: 'docs' | 'desk' | 'wall'
  /** Instead of what the reader's system has. */
  readonly theme?: Theme
  /** Instead of the masthead of the public pages. */
  readonly masthead?: Child
  /** A page without script that asks for itself again after so many seconds. */
  readonly refreshSeconds?: number
  readonly children?: Child
}

const HTML_LANG: Readonly<Record<Lang, string>> = { zh: 'zh-CN', en: 'en' }

export const Layout = ({ lang, path, version, title, assets, children, ...told }: LayoutProps) => {
  const theme = told.theme === 'auto' ? undefined : told.theme
  return (
    <html lang={HTML_LANG[lang]} data-theme={theme}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content={theme ?? 'light dark'} />
        <meta name="description" content={say(told.description ?? texts.description, lang)} />
        <title>
          {title === undefined ? say(texts.pageTitle, lang) : `${title} · ${say(texts.name, lang)}`}
        </title>
        <link rel="icon" type="image/svg+xml" href="/icon.svg" />
        <link rel="stylesheet" href={`/assets/page.css?v=${version}`} />
        {assets === undefined ? (
          ''
        ) : (
          <link rel="stylesheet" href={`/assets/${assets}.css?v=${version}`} />
        )}
        {told.refreshSeconds === undefined ? (
          <script type="module" src={`/assets/${assets ?? 'page'}.js?v=${version}`} />
        ) : (
          <meta http-equiv="refresh" content={String(told.refreshSeconds)} />
        )}
      </head>
      <body class={assets}>
        <a class="skip" href="#main">
          {say(texts.skip, lang)}
        </a>
        {told.masthead ?? <Masthead lang={lang} path={path} />}
        <main id="main">{children}</main>
        <footer>
          <p>{say(told.footer ?? texts.footer, lang)}</p>
        </footer>
      </body>
    </html>
  )
}

/** The masthead of the public pages. */
const Masthead = ({ lang, path }: Pick<LayoutProps, 'lang' | 'path'>) => (
  <header class="masthead">
    <Brand lang={lang} />
    <nav>
      <a href="/desk">{say(texts.desk, lang)}</a>
      <a href="/wall">{say(texts.wall, lang)}</a>
      <a href="/status">{say(texts.status, lang)}</a>
      <a href="/docs">{say(texts.api, lang)}</a>
      <LanguageSwitch lang={lang} path={path} />
    </nav>
  </header>
)

export const Brand = ({ lang }: Pick<LayoutProps, 'lang'>) => (
  <a class="brand" href="/">
    <Mark />
    <span class="name">{say(texts.name, lang)}</span>
    <span class="subtitle">{say(texts.subtitle, lang)}</span>
  </a>
)

/** The same page in the other language; what the reader asked for stays in the address. */
export const LanguageSwitch = ({ lang, path }: Pick<LayoutProps, 'lang' | 'path'>) => {
  const other: Lang = lang === 'zh' ? 'en' : 'zh'
  return (
    <a
      class="language"
      href={inLanguage(path, other)}
      hreflang={HTML_LANG[other]}
      lang={HTML_LANG[other]}
      title={say(texts.switchLanguage, lang)}
    >
      {say(texts.otherLanguage, lang)}
    </a>
  )
}

const inLanguage = (path: string, lang: Lang): string => {
  const [page = '', search = ''] = path.split('?', 2)
  const query = new URLSearchParams(search)
  query.set('lang', lang)
  return `${page}?${query}`
}

/** Two rivers that meet below a gate. */
const Mark = () => (
  <svg class="mark" viewBox="0 0 32 32" width="32" height="32" aria-hidden="true">
    <rect class="mark-ground" width="32" height="32" rx="5" />
    <path class="mark-line" d="M7 9h18M11 9v7M21 9v7" />
    <path class="mark-line" d="M5 18c4 0 6 2 8 4s3 3 3 5M27 18c-4 0-6 2-8 4" />
  </svg>
)

/** The same mark as an icon of its own, with its own colours. */
export const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="5" fill="#0e4a5c"/><g fill="none" stroke="#fff" stroke-width="2.4" stroke-linecap="round"><path d="M7 9h18M11 9v7M21 9v7"/><path d="M5 18c4 0 6 2 8 4s3 3 3 5M27 18c-4 0-6 2-8 4"/></g></svg>`
