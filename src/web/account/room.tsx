/** The account desk: who one is, for whom one acts, and what belongs to that. */
import { Checks } from '../desk/fields.tsx'
import { ownPath } from '../desk/own-path.ts'
import { Empty, Facts, PageHead } from '../desk/parts.tsx'
import { type ActionAsk, type Ask, content, type Room, type Shown } from '../desk/room.ts'
import { callEngine } from './engine.ts'
import { accountTexts as texts } from './texts.ts'

export const accountRoom: Room = {
  path: '/account',
  name: texts.account,
  inNavigation: false,
  opensTo: () => true,
  sections: [
    { path: '/account', name: texts.profile },
    {
      path: '/account/enterprise',
      name: texts.enterprise,
      opensTo: ({ enterprises }) => enterprises.length > 1,
    },
  ],
  mount: (desk) => {
    desk.page('/account', profilePage)
    desk.page('/account/enterprise', enterprisePage)
    desk.action('/account/enterprise', chooseEnterprise)
  },
}

const profilePage = ({ t, viewer }: Ask): Shown => {
  const { kind, name, enterprise } = viewer
  return content(
    t(texts.account),
    <>
      <PageHead title={t(texts.account)} />
      <section class="card">
        <Facts
          facts={[
            { name: t(texts.name), value: name },
            {
              name: t(texts.role),
              value:
                kind === 'operator'
                  ? t(texts.operator)
                  : kind === 'committee'
                    ? t(texts.committee)
                    : t(roleTexts[enterprise?.role ?? 'member'] ?? texts.member),
            },
            ...(enterprise === undefined
              ? []
              : [{ name: t(texts.enterprise), value: enterprise.name }]),
          ]}
        />
        {kind === 'enterprise' && enterprise === undefined ? (
          <Empty title={t(texts.none)} note={t(texts.noneNote)} />
        ) : (
          ''
        )}
      </section>
    </>,
  )
}

const roleTexts: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = {
  owner: texts.owner,
  admin: texts.admin,
  member: texts.member,
}

const enterprisePage = ({ lang, t, viewer, query }: Ask): Shown =>
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

const chooseEnterprise = async ({ c, form, viewer, go, notFound }: ActionAsk): Promise<Shown> => {
  const wanted = form.text('enterprise')
  if (!viewer.enterprises.some(({ id }) => id === wanted)) return notFound()
  const chosen = await callEngine(c, '/organization/set-active', { organizationId: wanted })
  if (!chosen.ok) return notFound()
  return go(ownPath(form.text('next')) ?? '/desk', { tone: 'done', text: texts.chosen })
}
