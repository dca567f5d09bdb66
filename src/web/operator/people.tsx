/**
 * Whoever lost his password or second factor: found by e-mail or name among all users, and let in again
 * after a question. The new password is told once.
 */
import type { z } from 'zod'
import type { staffList } from '../../http/operator-schemas.ts'
import type { firstPassword } from '../../http/user-schemas.ts'
import { PERSON_Q_LENGTH_MAX } from '../../kernel/operator-limits.ts'
import { Field } from '../desk/fields.tsx'
import { Confirm, PageHead, Time } from '../desk/parts.tsx'
import { type ActionAsk, type Ask, content, type Shown } from '../desk/room.ts'
import { DataTable, FilterForm } from '../desk/table.tsx'
import { fill, type Lang } from '../texts.ts'
import { ENTERPRISES } from './enterprises.tsx'
import { registerTexts as texts } from './register-texts.ts'
import { secretPage } from './secret.tsx'
import { operatorTexts } from './texts.ts'

type Staff = z.infer<typeof staffList>
type Person = Staff['people'][number]

const ACCOUNTS = '/operator/accounts'
const PATH = `${ACCOUNTS}/people`

/** Every user whose e-mail or name holds what is looked for. */
export const peoplePage = async ({ api, lang, t, query }: Ask): Promise<Shown> => {
  const q = query.q?.trim() ?? ''
  const found = q === '' ? undefined : await api.get<Staff>('/api/v1/users', { q })
  if (found?.kind === 'problem') return found
  return content(
    t(texts.findPerson),
    <>
      <PageHead title={t(texts.findPerson)} note={t(texts.findPersonNote)}>
        <a class="button" href={ACCOUNTS}>
          {t(operatorTexts.accounts)}
        </a>
      </PageHead>
      <PersonSearch lang={lang} q={q} />
      {found === undefined ? '' : <PeopleTable lang={lang} people={found.value.people} />}
      {found?.value.more === true ? <p class="note">{t(texts.peopleMore)}</p> : ''}
    </>,
  )
}

export const PersonSearch = ({ lang, q }: { readonly lang: Lang; readonly q?: string }) => (
  <FilterForm lang={lang} path={PATH}>
    <Field
      lang={lang}
      name="q"
      type="search"
      label={texts.personQ[lang]}
      value={q}
      maxlength={PERSON_Q_LENGTH_MAX}
    />
  </FilterForm>
)

const PeopleTable = ({
  lang,
  people,
}: {
  readonly lang: Lang
  readonly people: readonly Person[]
}) => (
  <DataTable
    lang={lang}
    caption={texts.findPerson[lang]}
    rows={people}
    empty={{ title: texts.noPerson[lang] }}
    columns={[
      { name: texts.person[lang], cell: ({ name }) => name },
      { name: texts.email[lang], cell: ({ email }) => email },
      { name: texts.personOf[lang], cell: (person) => <PersonOf lang={lang} person={person} /> },
      {
        name: texts.twoFactor[lang],
        cell: ({ twoFactor }) => (twoFactor ? texts.on : texts.off)[lang],
      },
      { name: texts.since[lang], kind: 'time', cell: ({ since }) => <Time iso={since} /> },
      { name: texts.reset[lang], cell: (person) => <ResetButton lang={lang} person={person} /> },
    ]}
  />
)

const PersonOf = ({ lang, person }: { readonly lang: Lang; readonly person: Person }) =>
  person.role !== 'user' ? (
    <span>{texts[person.role][lang]}</span>
  ) : person.enterprises.length === 0 ? (
    <span class="none">–</span>
  ) : (
    <>
      {person.enterprises.map(({ id, name }) => (
        <>
          <a href={`${ENTERPRISES}/${encodeURIComponent(id)}`}>{name}</a>{' '}
        </>
      ))}
    </>
  )

/** Asked first on a page of its own. */
export const ResetButton = ({
  lang,
  person: { id, email },
}: {
  readonly lang: Lang
  readonly person: { readonly id: string; readonly email: string }
}) => (
  <form action={`${PATH}/${encodeURIComponent(id)}/reset`} method="post">
    <input type="hidden" name="email" value={email} />
    <button type="submit" aria-label={`${texts.reset[lang]} ${email}`}>
      {texts.reset[lang]}
    </button>
  </form>
)

export const resetPerson = async ({
  api,
  lang,
  form,
  param,
  notFound,
}: ActionAsk): Promise<Shown> => {
  const id = encodeURIComponent(param('id'))
  const email = form.text('email')
  if (form.text('confirmed') !== 'yes') {
    const title = fill(texts.resetTitle[lang], { email })
    return content(
      title,
      <Confirm
        lang={lang}
        title={title}
        consequences={[texts.resetPassword[lang], texts.resetFactor[lang], texts.resetSure[lang]]}
        action={`${PATH}/${id}/reset`}
        fields={{ email }}
        verb={texts.reset[lang]}
        cancelPath={PATH}
      />,
    )
  }
  const done = await api.post<z.infer<typeof firstPassword>>(`/api/v1/users/${id}/reset`)
  if (done.kind === 'problem') return done.status === 404 ? notFound() : done
  return secretPage({
    lang,
    title: texts.resetDone,
    told: [
      { name: texts.email, text: done.value.email },
      { name: texts.password, text: done.value.password },
    ],
    back: { href: PATH, name: texts.back },
  })
}
