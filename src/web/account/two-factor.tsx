/**
 * The second step of signing in: an authenticator (TOTP) with backup codes, set up and taken away
 * with the password. Secret and codes are shown once and kept nowhere but in the account engine.
 */
import type { Text } from '../../kernel/fault.ts'
import { Field } from '../desk/fields.tsx'
import { Code, PageHead } from '../desk/parts.tsx'
import { type ActionAsk, type Ask, content, type Shown } from '../desk/room.ts'
import { callEngine } from './engine.ts'
import { passwordFault, personOf } from './profile.tsx'
import { Qr } from './qr.tsx'
import { accountTexts as texts } from './texts.ts'

const PATH = '/account/two-factor'

export const twoFactorPage = async (ask: Ask, failed?: Text): Promise<Shown> => {
  const { t } = ask
  const { twoFactor } = await personOf(ask)
  return content(
    t(texts.twoFactor),
    <>
      <PageHead
        title={t(texts.twoFactor)}
        note={`${t(twoFactor ? texts.twoFactorOn : texts.twoFactorOff)} · ${t(texts.twoFactorNote)}`}
      />
      <Failed ask={ask} text={failed} />
      {twoFactor ? (
        <>
          <WithPassword
            ask={ask}
            id="backup"
            name={texts.newBackup}
            note={texts.newBackupNote}
            path="backup"
          />
          <WithPassword
            ask={ask}
            id="stop"
            name={texts.disable}
            note={texts.disableNote}
            path="stop"
            danger
          />
        </>
      ) : (
        <WithPassword
          ask={ask}
          id="start"
          name={texts.twoFactorStart}
          note={texts.twoFactorNote}
          path="start"
        />
      )}
    </>,
    failed === undefined ? 200 : 422,
  )
}

const Failed = ({ ask, text }: { readonly ask: Ask; readonly text: Text | undefined }) =>
  text === undefined ? null : (
    <div class="card notice" role="alert">
      <p>{ask.t(text)}</p>
    </div>
  )

interface WithPasswordProps {
  readonly ask: Ask
  readonly id: string
  readonly name: Text
  readonly note: Text
  readonly path: string
  readonly danger?: boolean
}

/** Whoever finds an open session must not take the second step away. */
const WithPassword = ({ ask: { t, lang }, id, name, note, path, danger }: WithPasswordProps) => (
  <section class="card">
    <h2>{t(name)}</h2>
    <p class="note">{t(note)}</p>
    <form class="narrow-form" action={`${PATH}/${path}`} method="post">
      <Field
        lang={lang}
        id={`password-${id}`}
        name="password"
        type="password"
        label={t(texts.passwordNow)}
        autocomplete="current-password"
        required
      />
      <p class="acts">
        <button type="submit" class={danger === true ? 'danger' : 'primary'}>
          {t(name)}
        </button>
      </p>
    </form>
  </section>
)

export const startTwoFactor = async (ask: ActionAsk): Promise<Shown> => {
  const { c, t, form, lang } = ask
  const started = await callEngine(c, '/two-factor/enable', { password: form.raw('password') })
  const { totpURI } = started.value
  if (!started.ok || typeof totpURI !== 'string') return twoFactorPage(ask, passwordFault(started))
  return content(
    t(texts.twoFactor),
    <>
      <PageHead title={t(texts.twoFactor)} />
      <section class="card">
        <h2>{t(texts.scan)}</h2>
        <Qr text={totpURI} label={t(texts.scanLabel)} />
        <p>
          {t(texts.secret)}{' '}
          <Code lang={lang} text={new URL(totpURI).searchParams.get('secret') ?? ''} />
        </p>
      </section>
      <BackupCodes ask={ask} heading={texts.backup} codes={codesOf(started.value.backupCodes)} />
      <ConfirmForm ask={ask} />
    </>,
    201,
  )
}

const codesOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((code) => typeof code === 'string') : []

const BackupCodes = ({
  ask: { t },
  heading,
  codes,
}: {
  readonly ask: Ask
  readonly heading: Text
  readonly codes: readonly string[]
}) => (
  <section class="card" data-once="backup-codes">
    <h2>{t(heading)}</h2>
    <p class="note">{t(texts.backupNote)}</p>
    <ul class="codes">
      {codes.map((code) => (
        <li>
          <code>{code}</code>
        </li>
      ))}
    </ul>
  </section>
)

const ConfirmForm = ({ ask: { t, lang } }: { readonly ask: Ask }) => (
  <section class="card">
    <h2>{t(texts.confirm)}</h2>
    <form class="narrow-form" action={`${PATH}/confirm`} method="post">
      <Field
        lang={lang}
        name="code"
        label={t(texts.code)}
        inputmode="numeric"
        autocomplete="one-time-code"
        maxlength={10}
        required
      />
      <p class="acts">
        <button type="submit" class="primary">
          {t(texts.confirmGo)}
        </button>
        <a href={PATH}>{t(texts.again)}</a>
      </p>
    </form>
  </section>
)

export const confirmTwoFactor = async (ask: ActionAsk): Promise<Shown> => {
  const { c, t, form, go } = ask
  const code = form.text('code').replaceAll(/\s/g, '')
  const confirmed = await callEngine(c, '/two-factor/verify-totp', { code })
  if (confirmed.ok) return go(PATH, { tone: 'done', text: texts.enabled })
  return content(
    t(texts.twoFactor),
    <>
      <PageHead title={t(texts.twoFactor)} />
      <Failed ask={ask} text={confirmed.status === 429 ? texts.tooOften : texts.codeWrong} />
      <ConfirmForm ask={ask} />
    </>,
    422,
  )
}

export const newBackupCodes = async (ask: ActionAsk): Promise<Shown> => {
  const { c, t, form } = ask
  const made = await callEngine(c, '/two-factor/generate-backup-codes', {
    password: form.raw('password'),
  })
  if (!made.ok) return twoFactorPage(ask, passwordFault(made))
  return content(
    t(texts.newBackup),
    <>
      <PageHead title={t(texts.newBackup)} />
      <BackupCodes ask={ask} heading={texts.newBackup} codes={codesOf(made.value.backupCodes)} />
      <p>
        <a href="/account">{t(texts.backToProfile)}</a>
      </p>
    </>,
    201,
  )
}

export const stopTwoFactor = async (ask: ActionAsk): Promise<Shown> => {
  const { c, form, go } = ask
  const stopped = await callEngine(c, '/two-factor/disable', { password: form.raw('password') })
  if (!stopped.ok) return twoFactorPage(ask, passwordFault(stopped))
  return go(PATH, { tone: 'done', text: texts.disabled })
}
