/** API keys of the enterprise: made and shown once, listed without their secret, revoked. */
import type { z } from 'zod'
import type { keyList, keyMade } from '../../http/schemas.ts'
import { enterpriseScopes } from '../../http/scopes.ts'
import type { Problem } from '../desk/api.ts'
import { Checks, Field, faultsAt, Select } from '../desk/fields.tsx'
import type { FormFields } from '../desk/form-fields.ts'
import { ProblemNotice } from '../desk/notices.tsx'
import { Code, Confirm, PageHead, Time } from '../desk/parts.tsx'
import { content, type Shown } from '../desk/room.ts'
import { scopeName, scopesText } from '../desk/scope-names.ts'
import { DataTable } from '../desk/table.tsx'
import { fill } from '../texts.ts'
import { Ends } from './ends.tsx'
import { enterpriseTexts as texts } from './enterprise-texts.ts'
import type { OwnActionAsk, OwnAsk } from './own.ts'

const PATH = '/account/keys'
const DAYS = ['30', '90', '365', '1095'] as const
const DAYS_USUAL = '365'

const pathOf = (enterpriseId: string, rest = ''): string =>
  `/api/v1/enterprises/${encodeURIComponent(enterpriseId)}/keys${rest}`

export const keysPage = async (
  ask: OwnAsk,
  problem?: Problem,
  typed?: FormFields,
): Promise<Shown> => {
  const { api, c, t, lang, enterpriseId } = ask
  const found = await api.get<z.infer<typeof keyList>>(pathOf(enterpriseId))
  if (found.kind === 'problem') return found
  const now = c.get('deps').flow.clock.now()
  return content(
    t(texts.keys),
    <>
      <PageHead title={t(texts.keys)} note={t(texts.keysNote)} />
      {problem === undefined ? '' : <ProblemNotice lang={lang} problem={problem} />}
      <DataTable
        lang={lang}
        caption={t(texts.keys)}
        columns={[
          { name: t(texts.keyName), cell: ({ name }) => name ?? '–' },
          {
            name: t(texts.keyStart),
            cell: ({ start }) => <code>{start ?? ''}…</code>,
            kind: 'code',
          },
          { name: t(texts.scopes), cell: ({ scopes }) => scopesText(scopes, lang) },
          { name: t(texts.made), cell: ({ createdAt }) => <Time iso={createdAt} />, kind: 'time' },
          {
            name: t(texts.lastUsed),
            cell: ({ lastUsedAt }) => <Time iso={lastUsedAt} />,
            kind: 'time',
          },
          {
            name: t(texts.expires),
            cell: ({ expiresAt }) => <Ends t={t} iso={expiresAt} now={now} />,
          },
          {
            name: t(texts.act),
            cell: ({ id, name }) => <EndButton ask={ask} id={id} name={name ?? ''} />,
          },
        ]}
        rows={found.value.keys}
        empty={{ title: t(texts.noKeys) }}
      />
      <MakeForm ask={ask} problem={problem} typed={typed} />
    </>,
    problem === undefined ? 200 : 422,
  )
}

const EndButton = ({
  ask: { t },
  id,
  name,
}: {
  readonly ask: OwnAsk
  readonly id: string
  readonly name: string
}) => (
  <form action={`${PATH}/${encodeURIComponent(id)}/end`} method="post">
    <button type="submit" aria-label={`${t(texts.endKey)} ${name}`}>
      {t(texts.endKey)}
    </button>
  </form>
)

const MakeForm = ({
  ask: { t, lang },
  problem,
  typed,
}: {
  readonly ask: OwnAsk
  readonly problem: Problem | undefined
  readonly typed: FormFields | undefined
}) => (
  <section class="card">
    <h2>{t(texts.makeKey)}</h2>
    <form class="narrow-form" action={PATH} method="post">
      <Field
        lang={lang}
        name="name"
        label={t(texts.keyName)}
        maxlength={32}
        value={typed?.text('name')}
        faults={faultsAt(problem?.faults ?? [], '/name')}
        required
      />
      <Checks
        lang={lang}
        name="scopes"
        label={t(texts.scopes)}
        values={typed?.all('scopes') ?? enterpriseScopes}
        choices={enterpriseScopes.map((scope) => ({ value: scope, name: scopeName(scope, lang) }))}
        faults={faultsAt(problem?.faults ?? [], '/scopes')}
      />
      <Select
        lang={lang}
        name="days"
        label={t(texts.validFor)}
        value={typed?.text('days') ?? DAYS_USUAL}
        none={t(texts.never)}
        choices={DAYS.map((n) => ({ value: n, name: fill(t(texts.days), { n }) }))}
      />
      <p class="acts">
        <button type="submit" class="primary">
          {t(texts.makeKey)}
        </button>
      </p>
    </form>
  </section>
)

/** Answers with the key itself instead of leading on: nothing else ever shows it. */
export const makeKey = async (ask: OwnActionAsk): Promise<Shown> => {
  const { api, form, t, lang, enterpriseId } = ask
  const days = form.text('days')
  const made = await api.post<z.infer<typeof keyMade>>(pathOf(enterpriseId), {
    name: form.text('name'),
    scopes: form.all('scopes'),
    ...(days === '' ? {} : { days: Number(days) }),
  })
  if (made.kind === 'problem') return keysPage(ask, made.problem, form)
  return content(
    t(texts.keyMade),
    <section class="card once" data-once="key">
      <h1>{t(texts.keyMade)}</h1>
      <p class="note">{t(texts.keyOnce)}</p>
      <p>
        <Code lang={lang} text={made.value.key} />
      </p>
      <p>
        <a href={PATH}>{t(texts.backToKeys)}</a>
      </p>
    </section>,
    201,
  )
}

export const endKey = async (ask: OwnActionAsk): Promise<Shown> => {
  const { api, form, t, lang, param, go, enterpriseId, notFound } = ask
  const keyId = encodeURIComponent(param('keyId'))
  if (form.text('confirmed') !== 'yes') {
    const found = await api.get<z.infer<typeof keyList>>(pathOf(enterpriseId))
    if (found.kind === 'problem') return found
    const key = found.value.keys.find(({ id }) => id === param('keyId'))
    if (key === undefined) return notFound()
    return content(
      t(texts.endKeyTitle),
      <Confirm
        lang={lang}
        title={`${t(texts.endKeyTitle)} ${key.name ?? ''}`}
        consequences={[t(texts.endKeyWhy)]}
        action={`${PATH}/${keyId}/end`}
        verb={t(texts.endKey)}
        cancelPath={PATH}
      />,
    )
  }
  const ended = await api.delete(pathOf(enterpriseId, `/${keyId}`))
  return ended.kind === 'problem' ? ended : go(PATH, { tone: 'done', text: texts.keyEnded })
}
