/** People of the gateway itself, operator and committee, and the operator's own API keys. */
import type { z } from 'zod'
import type { personMade, staffList } from '../../http/operator-schemas.ts'
import type { keyList, keyMade } from '../../http/schemas.ts'
import { operatorScopes } from '../../http/scopes.ts'
import type { Problem } from '../desk/api.ts'
import type { FormFields } from '../desk/form-fields.ts'
import { ProblemNotice } from '../desk/notices.tsx'
import { PageHead, Time } from '../desk/parts.tsx'
import { PersonForm } from '../desk/person-form.tsx'
import { type ActionAsk, type Ask, content, type Shown } from '../desk/room.ts'
import { DataTable } from '../desk/table.tsx'
import { confirmRevoke, KeyForm, KeyTable, wantedKey } from './keys.tsx'
import { PersonSearch, ResetButton } from './people.tsx'
import { registerTexts as texts } from './register-texts.ts'
import { secretPage } from './secret.tsx'
import { operatorTexts } from './texts.ts'

const PATH = '/operator/accounts'
const BACK = { href: PATH, name: texts.back }

interface Returned {
  readonly part: 'person' | 'key'
  readonly form: FormFields
  readonly problem: Problem
}

export const accountsPage = (ask: Ask): Promise<Shown> => show(ask)

const show = async ({ api, lang, t }: Ask, returned?: Returned): Promise<Shown> => {
  const [staff, keys] = await Promise.all([
    api.get<z.infer<typeof staffList>>('/api/v1/users'),
    api.get<z.infer<typeof keyList>>('/api/v1/operator-keys'),
  ])
  if (staff.kind === 'problem') return staff
  if (keys.kind === 'problem') return keys
  const of = (part: Returned['part']) => (returned?.part === part ? returned : undefined)
  return content(
    t(operatorTexts.accounts),
    <>
      <PageHead title={t(operatorTexts.accounts)} note={t(texts.accountsNote)} />
      {returned === undefined ? '' : <ProblemNotice lang={lang} problem={returned.problem} />}
      <DataTable
        lang={lang}
        caption={t(texts.staff)}
        rows={staff.value.people}
        columns={[
          { name: t(texts.person), cell: ({ name }) => name },
          { name: t(texts.email), cell: ({ email }) => email },
          { name: t(texts.role), cell: ({ role }) => (role === 'user' ? '–' : t(texts[role])) },
          {
            name: t(texts.twoFactor),
            cell: ({ twoFactor }) => t(twoFactor ? texts.on : texts.off),
          },
          { name: t(texts.since), kind: 'time', cell: ({ since }) => <Time iso={since} /> },
          {
            name: t(texts.reset),
            cell: (person) => <ResetButton lang={lang} person={person} />,
          },
        ]}
      />
      {staff.value.more ? <p class="note">{t(texts.peopleMore)}</p> : ''}
      <section class="card">
        <h2>{t(texts.findPerson)}</h2>
        <PersonSearch lang={lang} />
      </section>
      <KeyTable
        lang={lang}
        caption={t(texts.operatorKeys)}
        keys={keys.value.keys}
        base={`${PATH}/keys`}
      />
      <div class="columns">
        <PersonForm
          lang={lang}
          action={`${PATH}/people`}
          title={texts.addStaff}
          roles={(['committee', 'operator'] as const).map((role) => ({
            value: role,
            name: t(texts[role]),
          }))}
          form={of('person')?.form}
          problem={of('person')?.problem}
        />
        <KeyForm
          lang={lang}
          action={`${PATH}/keys`}
          scopes={operatorScopes}
          hint={t(texts.scopesHint)}
          form={of('key')?.form}
          problem={of('key')?.problem}
        />
      </div>
    </>,
    returned === undefined ? 200 : 422,
  )
}

export const addPerson = async (ask: ActionAsk): Promise<Shown> => {
  const { api, lang, form } = ask
  const made = await api.post<z.infer<typeof personMade>>('/api/v1/users', {
    ...{ name: form.text('name'), email: form.text('email'), role: form.text('role') },
  })
  if (made.kind === 'problem') return show(ask, { part: 'person', form, problem: made.problem })
  return secretPage({
    lang,
    title: texts.staffMade,
    told: [
      { name: texts.email, text: made.value.email },
      { name: texts.password, text: made.value.password },
    ],
    back: BACK,
  })
}

export const makeOperatorKey = async (ask: ActionAsk): Promise<Shown> => {
  const { api, lang, form } = ask
  const made = await api.post<z.infer<typeof keyMade>>('/api/v1/operator-keys', wantedKey(form))
  if (made.kind === 'problem') return show(ask, { part: 'key', form, problem: made.problem })
  return secretPage({
    ...{ lang, title: texts.keyMade, back: BACK },
    told: [{ name: texts.key, text: made.value.key }],
  })
}

export const revokeOperatorKey = async (ask: ActionAsk): Promise<Shown> => {
  const keyId = encodeURIComponent(ask.param('keyId'))
  if (ask.form.text('confirmed') !== 'yes')
    return confirmRevoke(ask, `${PATH}/keys/${keyId}/revoke`, PATH)
  const done = await ask.api.delete(`/api/v1/operator-keys/${keyId}`)
  if (done.kind === 'problem') return done.status === 404 ? ask.notFound() : done
  return ask.go(PATH, { tone: 'done', text: texts.revoked })
}
