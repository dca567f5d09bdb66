/** The register of enterprises: found by name or code, and a new one with its first user. */
import type { z } from 'zod'
import { roleNames } from '../../catalogue/roles.ts'
import { type enterpriseList, type enterpriseMade, roleNames as roles } from '../../http/schemas.ts'
import { ENTERPRISE_Q_LENGTH_MAX } from '../../kernel/operator-limits.ts'
import type { Problem } from '../desk/api.ts'
import { Checks, Field, faultsAt } from '../desk/fields.tsx'
import type { FormFields } from '../desk/form-fields.ts'
import { ProblemNotice } from '../desk/notices.tsx'
import { PageHead, Time } from '../desk/parts.tsx'
import { type ActionAsk, type Ask, content, type Shown } from '../desk/room.ts'
import { type Column, DataTable, FilterForm, Pager } from '../desk/table.tsx'
import { type Lang, listed } from '../texts.ts'
import { registerTexts as texts } from './register-texts.ts'
import { secretPage } from './secret.tsx'
import { operatorTexts } from './texts.ts'

type Page = z.infer<typeof enterpriseList>
type Row = Page['enterprises'][number]
type Made = z.infer<typeof enterpriseMade>

export const ENTERPRISES = '/operator/enterprises'

export const enterprisesPage = async ({ api, lang, t, query }: Ask): Promise<Shown> => {
  const { q, cursor } = query
  const found = await api.get<Page>('/api/v1/enterprises', { q, cursor })
  if (found.kind === 'problem') return found
  const { enterprises, next } = found.value
  return content(
    t(operatorTexts.enterprises),
    <>
      <PageHead title={t(operatorTexts.enterprises)} note={t(texts.enterprisesNote)}>
        <a class="button primary" href={`${ENTERPRISES}/new`}>
          {t(texts.register)}
        </a>
      </PageHead>
      <FilterForm lang={lang} path={ENTERPRISES}>
        <Field
          lang={lang}
          name="q"
          type="search"
          label={t(texts.find)}
          hint={t(texts.findHint)}
          value={q}
          maxlength={ENTERPRISE_Q_LENGTH_MAX}
        />
      </FilterForm>
      <DataTable
        lang={lang}
        caption={t(operatorTexts.enterprises)}
        rows={enterprises}
        columns={columns(lang)}
        href={({ id }) => `${ENTERPRISES}/${id}`}
        empty={{ title: t(texts.noEnterprise) }}
      />
      <Pager lang={lang} path={ENTERPRISES} query={query} next={next} />
    </>,
  )
}

export const rolesText = (names: readonly string[], lang: Lang): string =>
  listed(
    names
      .map((name) => roles.find((role) => role === name))
      .flatMap((role) => (role === undefined ? [] : [roleNames[role][lang]])),
    lang,
  )

const columns = (lang: Lang): readonly Column<Row>[] => [
  { name: texts.name[lang], cell: ({ name }) => name },
  { name: texts.customsCode[lang], kind: 'code', cell: ({ customsCode }) => customsCode ?? '–' },
  {
    name: texts.creditCode[lang],
    kind: 'code',
    wideOnly: true,
    cell: ({ creditCode }) => creditCode ?? '–',
  },
  { name: texts.roles[lang], cell: (row) => rolesText(row.roles, lang) },
  { name: texts.dxpId[lang], kind: 'code', cell: ({ dxpId }) => dxpId ?? '–' },
  {
    name: texts.since[lang],
    kind: 'time',
    wideOnly: true,
    cell: ({ createdAt }) => <Time iso={createdAt} />,
  },
]

// ---- a new one -------------------------------------------------------------------------------

export const newEnterprisePage = ({ lang }: Ask): Shown => registerForm(lang)

export const registerEnterprise = async ({ api, lang, form, go }: ActionAsk): Promise<Shown> => {
  const wanted = (name: string) => (form.text(name) === '' ? {} : { [name]: form.text(name) })
  const owner = { name: form.text('ownerName'), email: form.text('ownerEmail') }
  const made = await api.post<Made>('/api/v1/enterprises', {
    ...{ name: form.text('name'), roles: form.all('roles') },
    ...{ ...wanted('customsCode'), ...wanted('creditCode'), ...wanted('dxpId') },
    waitsForCompanions: form.text('waits') !== 'no',
    ...(owner.name === '' && owner.email === '' ? {} : { owner }),
  })
  if (made.kind === 'problem') return registerForm(lang, form, made.problem)
  const { enterprise, owner: first } = made.value
  const href = `${ENTERPRISES}/${enterprise.id}`
  if (first === null) return go(href, { tone: 'done', text: texts.registered })
  return secretPage({
    lang,
    title: texts.registered,
    told: [
      { name: texts.name, text: enterprise.name },
      { name: texts.email, text: first.email },
      { name: texts.password, text: first.password },
    ],
    back: { href, name: texts.open },
  })
}

const registerForm = (lang: Lang, form?: FormFields, problem?: Problem): Shown => {
  const faults = problem?.faults ?? []
  const field = (name: string, pointer = `/${name}`) => ({
    ...{ lang, name, value: form?.text(name) },
    faults: faultsAt(faults, pointer),
  })
  return content(
    texts.register[lang],
    <>
      <PageHead title={texts.register[lang]} />
      {problem === undefined ? '' : <ProblemNotice lang={lang} problem={problem} />}
      <form class="card" action={`${ENTERPRISES}/new`} method="post">
        <Field {...field('name')} label={texts.name[lang]} required maxlength={100} />
        <Field
          {...field('customsCode')}
          label={texts.customsCode[lang]}
          hint={texts.customsCodeHint[lang]}
          maxlength={10}
        />
        <Field
          {...field('creditCode')}
          label={texts.creditCode[lang]}
          hint={texts.creditCodeHint[lang]}
          maxlength={18}
        />
        <Checks
          lang={lang}
          name="roles"
          label={texts.roles[lang]}
          values={form?.all('roles') ?? []}
          choices={roles.map((role) => ({ value: role, name: roleNames[role][lang] }))}
          faults={faultsAt(faults, '/roles')}
        />
        <Field
          {...field('dxpId')}
          label={texts.dxpId[lang]}
          hint={texts.dxpIdHint[lang]}
          maxlength={30}
        />
        <Checks
          lang={lang}
          name="waits"
          type="radio"
          label={texts.waits[lang]}
          values={[form?.text('waits') === 'no' ? 'no' : 'yes']}
          choices={[
            { value: 'yes', name: texts.waitsYes[lang] },
            { value: 'no', name: texts.waitsNo[lang] },
          ]}
        />
        <Field
          {...field('ownerName', '/owner/name')}
          label={texts.ownerName[lang]}
          hint={texts.ownerHint[lang]}
          maxlength={100}
        />
        <Field
          {...field('ownerEmail', '/owner/email')}
          type="email"
          label={texts.ownerEmail[lang]}
          maxlength={200}
        />
        <p class="acts">
          <button type="submit" class="primary">
            {texts.register[lang]}
          </button>
          <a class="button" href={ENTERPRISES}>
            {texts.back[lang]}
          </a>
        </p>
      </form>
    </>,
    problem === undefined ? 200 : 422,
  )
}
