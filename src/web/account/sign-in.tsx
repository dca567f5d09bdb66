/**
 * Signing in and out by plain forms: e-mail and password, then the code of the second factor where
 * the account has one. What was wrong is told the same whether or not there is such an account.
 */
import type { Context, Hono } from 'hono'
import type { AppEnv } from '../../http/route.ts'
import { Field } from '../desk/fields.tsx'
import { type FormFields, readForm } from '../desk/form-fields.ts'
import { goTo, guardOpenPage } from '../desk/guard.ts'
import { ownForm } from '../desk/mount.ts'
import { ownPath } from '../desk/own-path.ts'
import { answer, ownProblem, type Site } from '../desk/page.tsx'
import { content, type Shown } from '../desk/room.ts'
import { languageOf } from '../language.ts'
import { type Lang, say } from '../texts.ts'
import { callEngine, type EngineAnswer } from './engine.ts'
import { signInTexts as texts } from './sign-in-texts.ts'

/** Where a reader goes who came from nowhere. */
const HOME = '/desk'
const CODE_PATH = '/sign-in/code'

export const mountSignIn = (pages: Hono<AppEnv>, site: Site): void => {
  const show = async (
    c: Context<AppEnv>,
    shown: () => Shown | Promise<Shown>,
  ): Promise<Response> => {
    const refused = await guardOpenPage(c)
    return answer(c, site, undefined, refused ?? (await shown()))
  }
  const act = (
    c: Context<AppEnv>,
    with_: (form: FormFields) => Promise<Shown>,
  ): Promise<Response> =>
    ownForm(c, site, async () => {
      const form = await readForm(c.req.raw)
      const shown = form === undefined ? ownProblem(c, 'BODY-TOO-LARGE') : await with_(form)
      return answer(c, site, undefined, shown)
    })
  pages.get('/sign-in', (c) => show(c, () => passwordPage(c)))
  pages.post('/sign-in', (c) => act(c, (form) => tryPassword(c, form)))
  pages.get(CODE_PATH, (c) => show(c, () => codePage(c)))
  pages.post(CODE_PATH, (c) => act(c, (form) => tryCode(c, form)))
  pages.post('/sign-out', (c) =>
    act(c, async () => {
      await callEngine(c, '/sign-out', {})
      return goTo(c, '/sign-in')
    }),
  )
}

/** Signing in leads on, never back to itself. */
const nextOf = (given: string | undefined): string => {
  const next = ownPath(given)
  return next === undefined || /^\/sign-in(?:[/?]|$)/.test(next) ? HOME : next
}

const tryPassword = async (c: Context<AppEnv>, form: FormFields): Promise<Shown> => {
  const email = form.text('email')
  const next = nextOf(form.text('next'))
  const tried = await callEngine(c, '/sign-in/email', { email, password: form.raw('password') })
  if (!tried.ok) return passwordPage(c, { email, next, failed: tried })
  return goTo(
    c,
    tried.value.twoFactorRedirect === true ? `${CODE_PATH}?next=${encodeURIComponent(next)}` : next,
  )
}

/** Six digits are of the authenticator; anything else is tried as one of the backup codes. */
const tryCode = async (c: Context<AppEnv>, form: FormFields): Promise<Shown> => {
  const code = form.text('code').replaceAll(/\s/g, '')
  const next = nextOf(form.text('next'))
  const path = /^\d{6}$/.test(code) ? '/two-factor/verify-totp' : '/two-factor/verify-backup-code'
  const tried = await callEngine(c, path, { code })
  return tried.ok ? goTo(c, next) : codePage(c, { next, failed: tried })
}

interface Again {
  readonly email?: string
  readonly next: string
  readonly failed: EngineAnswer
}

const passwordPage = (c: Context<AppEnv>, again?: Again): Shown => {
  const lang = languageOf(c)
  return content(
    say(texts.title, lang),
    <section class="card sign-in">
      <h1>{say(texts.title, lang)}</h1>
      <Failure lang={lang} failed={again?.failed} otherwise="wrong" />
      <form action="/sign-in" method="post">
        <input type="hidden" name="next" value={again?.next ?? nextOf(c.req.query('next'))} />
        <Field
          lang={lang}
          name="email"
          type="email"
          label={say(texts.email, lang)}
          value={again?.email}
          autocomplete="username"
          maxlength={200}
          required
        />
        <Field
          lang={lang}
          name="password"
          type="password"
          label={say(texts.password, lang)}
          autocomplete="current-password"
          maxlength={200}
          required
        />
        <p class="acts">
          <button type="submit" class="primary">
            {say(texts.go, lang)}
          </button>
        </p>
      </form>
      <p class="note">{say(texts.forgotten, lang)}</p>
    </section>,
    again === undefined ? 200 : again.failed.status === 429 ? 429 : 401,
  )
}

const codePage = (c: Context<AppEnv>, again?: Again): Shown => {
  const lang = languageOf(c)
  return content(
    say(texts.codeTitle, lang),
    <section class="card sign-in">
      <h1>{say(texts.codeTitle, lang)}</h1>
      <Failure lang={lang} failed={again?.failed} otherwise="wrongCode" />
      <form action={CODE_PATH} method="post">
        <input type="hidden" name="next" value={again?.next ?? nextOf(c.req.query('next'))} />
        <Field
          lang={lang}
          name="code"
          label={say(texts.code, lang)}
          hint={say(texts.codeHint, lang)}
          autocomplete="one-time-code"
          maxlength={20}
          required
        />
        <p class="acts">
          <button type="submit" class="primary">
            {say(texts.go, lang)}
          </button>
          <a href="/sign-in">{say(texts.again, lang)}</a>
        </p>
      </form>
      <p class="note">{say(texts.codeLost, lang)}</p>
    </section>,
    again === undefined ? 200 : again.failed.status === 429 ? 429 : 401,
  )
}

/** What went wrong, by what may be told of it. */
const Failure = ({
  lang,
  failed,
  otherwise,
}: {
  readonly lang: Lang
  readonly failed: EngineAnswer | undefined
  readonly otherwise: 'wrong' | 'wrongCode'
}) => {
  if (failed === undefined) return null
  const text = isTooOften(failed)
    ? texts.tooOften
    : failed.status >= 500
      ? texts.away
      : failed.code === 'INVALID_TWO_FACTOR_COOKIE'
        ? texts.expired
        : failed.code === 'BANNED_USER'
          ? texts.banned
          : texts[otherwise]
  return (
    <div class="notice" role="alert">
      <p>{say(text.cause, lang)}</p>
      <p class="cure">{say(text.cure, lang)}</p>
    </div>
  )
}

const isTooOften = ({ status, code }: EngineAnswer): boolean =>
  status === 429 ||
  code === 'TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE' ||
  code === 'ACCOUNT_TEMPORARILY_LOCKED'
