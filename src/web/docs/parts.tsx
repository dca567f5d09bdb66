/** What the documentation pages share: the frame with its navigation, marked texts, examples. */
import type { Child } from 'hono/jsx'
import type { Text } from '../../kernel/fault.ts'
import type { Theme } from '../desk/theme.ts'
import { Layout } from '../layout.tsx'
import { fill, type Lang, say } from '../texts.ts'
import { docsTexts } from './docs-texts.ts'

export interface DocsProps {
  readonly lang: Lang
  readonly version: string
  readonly theme: Theme
}

interface FrameProps extends DocsProps {
  /** Path of the page. */
  readonly path: string
  readonly title: string
  readonly children?: Child
}

const places = [
  ['/docs', docsTexts.interface],
  ['/docs/messages', docsTexts.messages],
  ['/docs/fields', docsTexts.fields],
  ['/docs/code-lists', docsTexts.codeLists],
  ['/problems', docsTexts.problems],
] as const

export const Frame = ({ lang, version, theme, path, title, children }: FrameProps) => (
  <Layout
    lang={lang}
    path={path}
    version={version}
    title={title}
    description={docsTexts.description}
    footer={docsTexts.footer}
    assets="docs"
    theme={theme}
  >
    <div class="docs-bar">
      <nav class="docs-nav" aria-label={say(docsTexts.contents, lang)}>
        {places.map(([href, text]) => (
          <a href={href} aria-current={isWithin(path, href) ? 'page' : undefined}>
            {say(text, lang)}
          </a>
        ))}
      </nav>
      <Search lang={lang} version={version} />
    </div>
    {children}
  </Layout>
)

const isWithin = (path: string, place: string): boolean =>
  path === place || (place !== '/docs' && path.startsWith(`${place}/`))

/** Hidden until the script can look something up; without it the table of fields serves. */
const Search = ({ lang, version }: Omit<DocsProps, 'theme'>) => (
  <search
    class="docs-search"
    hidden
    data-search={`/docs/fields.json?v=${version}`}
    data-none={say(docsTexts.searchNone, lang)}
    data-more={say(docsTexts.searchMore, lang)}
  >
    <input
      type="search"
      aria-label={say(docsTexts.search, lang)}
      placeholder={say(docsTexts.search, lang)}
      title={say(docsTexts.searchHint, lang)}
      autocomplete="off"
      spellcheck={false}
      data-search-box
    />
    <ul data-search-results aria-live="polite" />
  </search>
)

/** A text with `names` and [CEB311]. */
export const Marked = ({ text, lang }: { readonly text: Text; readonly lang: Lang }) => (
  <>
    {say(text, lang)
      .split(/(`[^`]+`|\[CEB\d{3}\])/)
      .map((part) => {
        if (part.startsWith('`')) return <code>{part.slice(1, -1)}</code>
        return /^\[CEB\d{3}\]$/.test(part) ? <KindLink code={part.slice(1, -1)} /> : part
      })}
  </>
)

export const KindLink = ({ code, anchor }: { readonly code: string; readonly anchor?: string }) => (
  <a class="kind" href={`/docs/messages/${code}${anchor === undefined ? '' : `#${anchor}`}`}>
    {code}
  </a>
)

interface SourceProps {
  readonly lang: Lang
  readonly title: string
  readonly text: string
  readonly open?: boolean
}

/** A text to copy; the button comes to life with the script. */
export const Source = ({ lang, title, text, open }: SourceProps) => (
  <details class="source" open={open}>
    <summary>{title}</summary>
    <div class="copied">
      <button type="button" hidden data-copy data-copied={say(docsTexts.copied, lang)}>
        {say(docsTexts.copy, lang)}
      </button>
      <pre>
        <code>{text}</code>
      </pre>
    </div>
  </details>
)

export const filled = (text: Text, lang: Lang, values: Readonly<Record<string, string>>): string =>
  fill(say(text, lang), values)
