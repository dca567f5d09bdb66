/** The masthead of desks: brand, desks, sections, search, enterprise, language, theme, person. */
import { Brand, LanguageSwitch } from '../layout.tsx'
import { texts as common, type Lang, say } from '../texts.ts'
import type { Flash } from './flash.ts'
import type { Room, Section } from './room.ts'
import { SEARCH_PATH } from './search-page.tsx'
import { deskTexts as texts } from './texts.ts'
import type { Theme } from './theme.ts'
import type { Viewer } from './viewer.ts'

export interface FrameProps {
  readonly lang: Lang
  /** Path with query of the page, to come back to. */
  readonly here: string
  /** Path that was asked for, a form's too: desk and section are marked by it. */
  readonly at: string
  readonly rooms: readonly Room[]
  readonly viewer: Viewer | undefined
  readonly theme: Theme
  readonly flash: Flash | undefined
}

export const Frame = (props: FrameProps) => {
  const { lang, here, at, viewer, flash } = props
  const rooms = viewer === undefined ? [] : props.rooms.filter((room) => room.opensTo(viewer))
  const room = rooms.find(({ path }) => isUnder(at, path))
  const searches = rooms.some(({ path }) => path === SEARCH_PATH)
  return (
    <>
      <header class="masthead desk-head">
        <Brand lang={lang} />
        {searches ? <SearchBox lang={lang} here={here} /> : ''}
        <div class="head-tools">
          {viewer === undefined ? '' : <EnterpriseSwitch lang={lang} here={here} viewer={viewer} />}
          <LanguageSwitch lang={lang} path={here} />
          <PersonMenu {...props} rooms={rooms} />
        </div>
      </header>
      {viewer === undefined ? '' : <Navigation lang={lang} at={at} rooms={rooms} />}
      {room === undefined || viewer === undefined ? (
        ''
      ) : (
        <Sections
          lang={lang}
          at={at}
          sections={room.sections.filter(({ opensTo }) => opensTo?.(viewer) !== false)}
        />
      )}
      {flash === undefined ? (
        ''
      ) : (
        <p class="flash" data-tone={flash.tone} role="status">
          {flash.text[lang]}
        </p>
      )}
      <p
        class="visually-hidden"
        aria-live="polite"
        data-told
        data-news={viewer === undefined || viewer.kind === 'committee' ? undefined : '/desk/live'}
      ></p>
      <KeysDialog lang={lang} searches={searches} />
    </>
  )
}

const SearchBox = ({ lang, here }: { readonly lang: Lang; readonly here: string }) => (
  <search class="search">
    <form action={SEARCH_PATH} method="get">
      <label class="visually-hidden" for="search-q">
        {say(texts.search, lang)}
      </label>
      <input
        id="search-q"
        name="q"
        type="search"
        maxlength={60}
        placeholder={say(texts.searchHint, lang)}
        value={
          here.startsWith(`${SEARCH_PATH}?`)
            ? (new URLSearchParams(here.slice(SEARCH_PATH.length)).get('q') ?? '')
            : ''
        }
        autocomplete="off"
        aria-keyshortcuts="/"
      />
      <button type="submit">{say(texts.searchGo, lang)}</button>
    </form>
  </search>
)

const Navigation = ({ lang, at, rooms }: Pick<FrameProps, 'lang' | 'at' | 'rooms'>) => (
  <nav class="desk-nav" aria-label={say(texts.desks, lang)}>
    {rooms
      .filter(({ inNavigation }) => inNavigation !== false)
      .map(({ path, name }) => (
        <a href={path} aria-current={isUnder(at, path) ? 'true' : undefined}>
          {say(name, lang)}
        </a>
      ))}
    <a href="/status">{say(common.status, lang)}</a>
    <a href="/docs">{say(common.api, lang)}</a>
  </nav>
)

const Sections = ({
  lang,
  at,
  sections,
}: {
  readonly lang: Lang
  readonly at: string
  readonly sections: readonly Section[]
}) => {
  const current = currentOf(at, sections)
  return sections.length === 0 ? null : (
    <nav class="sections" aria-label={say(texts.sections, lang)}>
      {sections.map(({ path, name }) => (
        <a href={path} aria-current={path === current ? 'page' : undefined}>
          {say(name, lang)}
        </a>
      ))}
    </nav>
  )
}

const EnterpriseSwitch = ({
  lang,
  here,
  viewer,
}: {
  readonly lang: Lang
  readonly here: string
  readonly viewer: Viewer
}) => {
  const { kind, enterprise, enterprises } = viewer
  if (kind !== 'enterprise')
    return (
      <span class="acting">
        {say(kind === 'operator' ? texts.operator : texts.committee, lang)}
      </span>
    )
  if (enterprises.length < 2) return <span class="acting">{enterprise?.name ?? ''}</span>
  return (
    <form class="switch" action="/account/enterprise" method="post">
      <input type="hidden" name="next" value={here} />
      <label class="visually-hidden" for="act-for">
        {say(texts.actFor, lang)}
      </label>
      <select id="act-for" name="enterprise" data-submit-on-change>
        {enterprises.map(({ id, name }) => (
          <option value={id} selected={id === enterprise?.id}>
            {name}
          </option>
        ))}
      </select>
      <button type="submit" data-without-script>
        {say(texts.actForGo, lang)}
      </button>
    </form>
  )
}

const PersonMenu = ({ lang, here, rooms, viewer, theme }: FrameProps) => (
  <details class="person" data-menu>
    <summary>{viewer === undefined ? say(texts.theme, lang) : viewer.name}</summary>
    <div class="person-menu">
      {rooms
        .filter(({ inNavigation }) => inNavigation === false)
        .map(({ path, name }) => (
          <a href={path}>{say(name, lang)}</a>
        ))}
      <form class="theme" action="/theme" method="post">
        <input type="hidden" name="next" value={here} />
        <span>{say(texts.theme, lang)}</span>
        {(['auto', 'light', 'dark'] as const).map((value) => (
          <button
            type="submit"
            name="theme"
            value={value}
            aria-pressed={value === theme ? 'true' : 'false'}
          >
            {say(THEMES[value], lang)}
          </button>
        ))}
      </form>
      <button type="button" class="plain-button" data-keys hidden>
        {say(texts.keysShow, lang)}
      </button>
      {viewer === undefined ? (
        <a href="/sign-in">{say(texts.signIn, lang)}</a>
      ) : (
        <form action="/sign-out" method="post">
          <button type="submit">{say(texts.signOut, lang)}</button>
        </form>
      )}
    </div>
  </details>
)

const THEMES = { auto: texts.themeAuto, light: texts.themeLight, dark: texts.themeDark }

const SEARCH_KEY = '/'

const KEYS = [
  [SEARCH_KEY, texts.keySearch],
  ['j', texts.keyDown],
  ['k', texts.keyUp],
  ['Enter', texts.keyOpen],
  ['?', texts.keyHelp],
  ['Esc', texts.keyEscape],
] as const

const KeysDialog = ({ lang, searches }: { readonly lang: Lang; readonly searches: boolean }) => (
  <dialog class="keys" id="keys" aria-labelledby="keys-heading">
    <h2 id="keys-heading">{say(texts.keys, lang)}</h2>
    <dl>
      {KEYS.filter(([key]) => searches || key !== SEARCH_KEY).map(([key, text]) => (
        <div>
          <dt>
            <kbd>{key}</kbd>
          </dt>
          <dd>{say(text, lang)}</dd>
        </div>
      ))}
    </dl>
    <form method="dialog">
      <button type="submit">{say(texts.close, lang)}</button>
    </form>
  </dialog>
)

const isUnder = (here: string, path: string): boolean =>
  here === path || here.startsWith(`${path}/`) || here.startsWith(`${path}?`)

/** The section one of whose paths is the longest beginning of where the reader is. */
const currentOf = (at: string, sections: readonly Section[]): string | undefined =>
  sections
    .flatMap(({ path, also = [] }) => [path, ...also].map((begin) => ({ path, begin })))
    .filter(({ begin }) => isUnder(at, begin))
    .sort((a, b) => b.begin.length - a.begin.length)[0]?.path
