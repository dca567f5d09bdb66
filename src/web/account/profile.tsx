/** Who one is: name, role, password, and the enterprise that one acts for. */
import { isRecord } from '../../http/body.ts'
import type { Text } from '../../kernel/fault.ts'
import { Checks, Field } from '../desk/fields.tsx'
import { ownPath } from '../desk/own-path.ts'
import { Code, Empty, Facts, PageHead } from '../desk/parts.tsx'
import { type ActionAsk, type Ask, content, type Shown } from '../desk/room.ts'
import type { Viewer, ViewerEnterprise } from '../desk/viewer.ts'
import { callEngine, type EngineAnswer } from './engine.ts'
import { memberRoleText, accountTexts as texts } from './texts.ts'

export interface Person {
  readonly email: string
  readonly twoFactor: boolean
}

/** What the account engine says of the reader. */
export const personOf = async ({ c }: Pick<Ask, 'c'>): Promise<Person> => {
  const { user } = (await callEngine(c, '/get-session')).value
  if (!isRecord(user)) return { email: '', twoFactor: false }
  return {
    email: typeof user.email === 'string' ? user.email : '',
    twoFactor: user.twoFactorEnabled === true,
  }
}

export const profilePage = async (ask: Ask, failed?: Text): Promise<Shown> => {
  const { t, viewer } = ask
  const person = await personOf(ask)
  return content(
    t(texts.account),
    <>
      <PageHead title={t(texts.account)} />
      <section class="card">
        <PersonFacts ask={ask} person={person} />
        {viewer.kind === 'enterprise' && viewer.enterprises.length === 0 ? (
          <Empty title={t(texts.none)} note={t(texts.noneNote)} />
        ) : (
          ''
        )}
      </section>
      <PasswordForm ask={ask} failed={failed} email={person.email} />
    </>,
    failed === undefined ? 200 : 422,
  )
}

const PersonFacts = ({ ask, person }: { readonly ask: Ask; readonly person: Person }) => {
  const { t, lang, viewer } = ask
  const { enterprise } = viewer
  return (
    <Facts
      facts={[
        { name: t(texts.name), value: viewer.name },
        { name: t(texts.email), value: person.email },
        { name: t(texts.role), value: t(roleOf(viewer)) },
        ...(enterprise === undefined
          ? []
          : [
              { name: t(texts.enterprise), value: enterprise.name },
              ...codesOf(enterprise).map(({ name, text }) => ({
                name: t(name),
                value: text === null ? t(texts.notRegistered) : <Code lang={lang} text={text} />,
              })),
              {
                name: t(texts.enterpriseId),
                value: (
                  <>
                    <Code lang={lang} text={enterprise.id} />
                    <small class="hint"> {t(texts.enterpriseIdHint)}</small>
                  </>
                ),
              },
            ]),
        {
          name: t(texts.twoFactor),
          value: (
            <>
              {t(person.twoFactor ? texts.twoFactorOn : texts.twoFactorOff)}{' '}
              <a href="/account/two-factor">{t(texts.twoFactorSet)}</a>
            </>
          ),
        },
      ]}
    />
  )
}

const codesOf = ({ customsCode, creditCode, dxpId }: ViewerEnterprise) => [
  { name: texts.customsCode, text: customsCode },
  { name: texts.creditCode, text: creditCode },
  { name: texts.dxpId, text: dxpId },
]

const roleOf = ({ kind, enterprise }: Viewer): Text =>
  kind === 'operator'
    ? texts.operator
    : kind === 'committee'
      ? texts.committee
      : memberRoleText(enterprise?.role ?? 'member')

const PasswordForm = ({
  ask: { t, lang },
  failed,
  email,
}: {
  readonly ask: Ask
  readonly failed: Text | undefined
  readonly email: string
}) => (
  <section class="card">
    <h2>{t(texts.password)}</h2>
    {failed === undefined ? (
      ''
    ) : (
      <div class="notice" role="alert">
        <p>{t(failed)}</p>
      </div>
    )}
    <form class="narrow-form" action="/account/password" method="post">
      <input type="hidden" name="username" value={email} autocomplete="username" />
      <Field
        lang={lang}
        name="current"
        type="password"
        label={t(texts.passwordNow)}
        autocomplete="current-password"
        required
      />
      <Field
        lang={lang}
        name="fresh"
        type="password"
        label={t(texts.passwordNew)}
        hint={t(texts.passwordHint)}
        autocomplete="new-password"
        required
      />
      <p class="acts">
        <button type="submit" class="primary">
          {t(texts.passwordGo)}
        </button>
      </p>
    </form>
  </section>
)

export const changePassword = async (ask: ActionAsk): Promise<Shown> => {
  const { c, form, go } = ask
  const changed = await callEngine(c, '/change-password', {
    currentPassword: form.raw('current'),
    newPassword: form.raw('fresh'),
    revokeOtherSessions: true,
  })
  if (changed.ok) return go('/account', { tone: 'done', text: texts.passwordChanged })
  return profilePage(ask, passwordFault(changed))
}

/** What may be said of why a password was not taken. */
export const passwordFault = ({ code, status }: EngineAnswer): Text => {
  if (status === 429) return texts.tooOften
  if (code === 'INVALID_PASSWORD') return texts.passwordWrong
  if (code === 'PASSWORD_TOO_SHORT' || code === 'PASSWORD_TOO_LONG') return texts.passwordShort
  return texts.failed
}

export const enterprisePage = ({ lang, t, viewer, query }: Ask): Shown =>
  content(
    t(texts.enterprise),
    <>
      <PageHead title={t(texts.enterprise)} note={t(texts.enterpriseNote)} />
      <form class="card" action="/account/enterprise" method="post">
        <input type="hidden" name="next" value={ownPath(query.next) ?? '/desk'} />
        <Checks
          lang={lang}
          name="enterprise"
          type="radio"
          label={t(texts.enterprise)}
          values={viewer.enterprise === undefined ? [] : [viewer.enterprise.id]}
          choices={viewer.enterprises.map(({ id, name }) => ({ value: id, name }))}
        />
        <p class="acts">
          <button type="submit" class="primary">
            {t(texts.choose)}
          </button>
        </p>
      </form>
    </>,
  )

export const chooseEnterprise = async (ask: ActionAsk): Promise<Shown> => {
  const { c, form, viewer, go, notFound } = ask
  const wanted = form.text('enterprise')
  if (!viewer.enterprises.some(({ id }) => id === wanted)) return notFound()
  const chosen = await callEngine(c, '/organization/set-active', { organizationId: wanted })
  if (!chosen.ok) return notFound()
  return go(ownPath(form.text('next')) ?? '/desk', { tone: 'done', text: texts.chosen })
}
