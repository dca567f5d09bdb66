/** API keys as they are listed and made, of an enterprise and of the operator alike. */
import type { z } from 'zod'
import type { keyList } from '../../http/schemas.ts'
import type { Scope } from '../../http/scopes.ts'
import { KEY_DAYS_MAX } from '../../kernel/operator-limits.ts'
import type { Problem } from '../desk/api.ts'
import { Checks, Field, faultsAt } from '../desk/fields.tsx'
import type { FormFields } from '../desk/form-fields.ts'
import { Confirm, Time } from '../desk/parts.tsx'
import { type ActionAsk, type Content, content } from '../desk/room.ts'
import { scopeName, scopesText } from '../desk/scope-names.ts'
import { DataTable } from '../desk/table.tsx'
import { fill, type Lang } from '../texts.ts'
import { registerTexts as texts } from './register-texts.ts'

type Key = z.infer<typeof keyList>['keys'][number]

/** `base` is the path under which a key's own acts lie. */
export const KeyTable = ({
  lang,
  caption,
  keys,
  base,
}: {
  readonly lang: Lang
  readonly caption: string
  readonly keys: readonly Key[]
  readonly base: string
}) => (
  <DataTable
    lang={lang}
    caption={caption}
    rows={keys}
    empty={{ title: `${caption}：${texts.none[lang]}` }}
    columns={[
      { name: texts.keyName[lang], cell: ({ name }) => name ?? '–' },
      { name: texts.keyStart[lang], kind: 'code', cell: ({ start }) => `${start ?? ''}…` },
      {
        name: texts.scopes[lang],
        cell: ({ scopes }) => scopesText(scopes, lang),
      },
      {
        name: texts.lastUsed[lang],
        kind: 'time',
        cell: ({ lastUsedAt }) => <Time iso={lastUsedAt} />,
      },
      { name: texts.ends[lang], kind: 'time', cell: ({ expiresAt }) => <Time iso={expiresAt} /> },
      {
        name: texts.revoke[lang],
        cell: ({ id, name }) => (
          <form action={`${base}/${id}/revoke`} method="post">
            <input type="hidden" name="name" value={name ?? ''} />
            <button type="submit">{texts.revoke[lang]}</button>
          </form>
        ),
      },
    ]}
  />
)

export const KeyForm = ({
  lang,
  action,
  scopes,
  hint,
  form,
  problem,
}: {
  readonly lang: Lang
  readonly action: string
  readonly scopes: readonly Scope[]
  readonly hint?: string
  readonly form?: FormFields | undefined
  readonly problem?: Problem | undefined
}) => {
  const faults = problem?.faults ?? []
  return (
    <form class="card" action={action} method="post">
      <h2>{texts.makeKey[lang]}</h2>
      <Field
        lang={lang}
        name="name"
        id="key-name"
        label={texts.keyName[lang]}
        required
        maxlength={32}
        value={form?.text('name')}
        faults={faultsAt(faults, '/name')}
      />
      <Checks
        lang={lang}
        name="scopes"
        label={texts.scopes[lang]}
        values={form?.all('scopes') ?? scopes}
        choices={scopes.map((scope) => ({ value: scope, name: scopeName(scope, lang) }))}
        faults={faultsAt(faults, '/scopes')}
        {...(hint === undefined ? {} : { hint })}
      />
      <Field
        lang={lang}
        name="days"
        id="key-days"
        type="number"
        min="1"
        max={String(KEY_DAYS_MAX)}
        label={texts.days[lang]}
        hint={texts.daysHint[lang]}
        value={form?.text('days')}
        faults={faultsAt(faults, '/days')}
      />
      <p class="acts">
        <button type="submit" class="primary">
          {texts.makeKey[lang]}
        </button>
      </p>
    </form>
  )
}

/** The form as the interface wants it. */
export const wantedKey = (form: FormFields) => ({
  ...{ name: form.text('name'), scopes: form.all('scopes') },
  ...(form.text('days') === '' ? {} : { days: Number(form.text('days')) }),
})

export const confirmRevoke = (
  { lang, form }: Pick<ActionAsk, 'lang' | 'form'>,
  action: string,
  cancelPath: string,
): Content => {
  const name = form.text('name')
  const title = fill(texts.revokeTitle[lang], { name })
  return content(
    title,
    <Confirm
      lang={lang}
      title={title}
      consequences={[texts.revokeWhat[lang]]}
      action={action}
      fields={{ name }}
      verb={texts.revoke[lang]}
      cancelPath={cancelPath}
    />,
  )
}
