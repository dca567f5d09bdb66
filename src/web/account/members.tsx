/** Users of the enterprise and their roles. */
import type { z } from 'zod'
import type { memberAnswer, memberList } from '../../http/operator-schemas.ts'
import type { memberMade } from '../../http/user-schemas.ts'
import type { ApiProblem, Problem } from '../desk/api.ts'
import type { FormFields } from '../desk/form-fields.ts'
import { ProblemNotice } from '../desk/notices.tsx'
import { Code, Confirm, PageHead, Time } from '../desk/parts.tsx'
import { PersonForm } from '../desk/person-form.tsx'
import { content, type Shown } from '../desk/room.ts'
import { DataTable, Pager } from '../desk/table.tsx'
import { fill } from '../texts.ts'
import { enterpriseTexts as texts } from './enterprise-texts.ts'
import type { OwnActionAsk, OwnAsk } from './own.ts'
import { memberRoleText } from './texts.ts'

const PATH = '/account/members'
const ROLES = ['owner', 'admin', 'member'] as const

const pathOf = (enterpriseId: string, rest = ''): string =>
  `/api/v1/enterprises/${encodeURIComponent(enterpriseId)}/members${rest}`

type Member = z.infer<typeof memberAnswer>

export const membersPage = async (
  ask: OwnAsk,
  problem?: Problem,
  typed?: FormFields,
): Promise<Shown> => {
  const { api, t, lang, query, enterpriseId } = ask
  const { cursor } = query
  const found = await api.get<z.infer<typeof memberList>>(pathOf(enterpriseId), { cursor })
  if (found.kind === 'problem') return found
  return content(
    t(texts.members),
    <>
      <PageHead title={t(texts.members)} note={t(texts.membersNote)} />
      {problem === undefined ? '' : <ProblemNotice lang={lang} problem={problem} />}
      <DataTable
        lang={lang}
        caption={t(texts.members)}
        columns={[
          { name: t(texts.name), cell: ({ name }) => name },
          { name: t(texts.email), cell: ({ email }) => email, kind: 'code' },
          {
            name: t(texts.twoFactor),
            cell: ({ twoFactor }) => t(twoFactor ? texts.on : texts.off),
          },
          { name: t(texts.since), cell: ({ since }) => <Time iso={since} />, kind: 'time' },
          { name: t(texts.role), cell: (member) => <RoleForm ask={ask} member={member} /> },
        ]}
        rows={found.value.members}
      />
      <Pager lang={lang} path={PATH} query={query} next={found.value.next} />
      <PersonForm
        lang={lang}
        action={PATH}
        title={texts.addMember}
        roles={[...ROLES].reverse().map((role) => ({ value: role, name: t(memberRoleText(role)) }))}
        form={typed}
        problem={typed === undefined ? undefined : problem}
      />
    </>,
    problem === undefined ? 200 : 422,
  )
}

const RoleForm = ({ ask: { t }, member }: { readonly ask: OwnAsk; readonly member: Member }) => (
  <form class="row-form" action={`${PATH}/${encodeURIComponent(member.id)}`} method="post">
    <select name="role" aria-label={`${t(texts.role)} ${member.name}`}>
      {ROLES.map((role) => (
        <option value={role} selected={role === member.role}>
          {t(memberRoleText(role))}
        </option>
      ))}
    </select>
    <button type="submit" name="act" value="change">
      {t(texts.change)}
    </button>
    <button type="submit" name="act" value="remove" class="danger">
      {t(texts.remove)}
    </button>
  </form>
)

export const addMember = async (ask: OwnActionAsk): Promise<Shown> => {
  const { api, form, t, lang, go, enterpriseId } = ask
  const wanted = { name: form.text('name'), email: form.text('email'), role: form.text('role') }
  const made = await api.post<z.infer<typeof memberMade>>(pathOf(enterpriseId), wanted)
  if (made.kind === 'problem') return membersPage(ask, made.problem, form)
  const { email, password } = made.value
  if (password === null) {
    const { zh, en } = texts.memberJoined
    const text = { zh: fill(zh, { email }), en: fill(en, { email }) }
    return go(PATH, { tone: 'done', text })
  }
  return content(
    t(texts.addMember),
    <section class="card once" data-once="password">
      <h1>{fill(t(texts.memberAdded), { email })}</h1>
      <p class="note">{t(texts.passwordOnce)}</p>
      <p>
        <Code lang={lang} text={password} />
      </p>
      <p>
        <a href={PATH}>{t(texts.backToMembers)}</a>
      </p>
    </section>,
    201,
  )
}

export const changeMember = async (ask: OwnActionAsk): Promise<Shown> => {
  const { api, form, t, lang, param, go, enterpriseId } = ask
  const userId = encodeURIComponent(param('userId'))
  const path = pathOf(enterpriseId, `/${userId}`)
  if (form.text('act') !== 'remove') {
    const changed = await api.put(path, { role: form.text('role') })
    return changed.kind === 'problem'
      ? refused(ask, changed)
      : go(PATH, { tone: 'done', text: texts.memberChanged })
  }
  if (form.text('confirmed') !== 'yes') {
    const found = await api.get<Member>(path)
    if (found.kind === 'problem') return found
    return content(
      t(texts.removeTitle),
      <Confirm
        lang={lang}
        title={t(texts.removeTitle)}
        consequences={[fill(t(texts.removeWhy), { name: found.value.name })]}
        action={`${PATH}/${userId}`}
        fields={{ act: 'remove' }}
        verb={t(texts.remove)}
        cancelPath={PATH}
      />,
    )
  }
  const removed = await api.delete(path)
  return removed.kind === 'problem'
    ? refused(ask, removed)
    : go(PATH, { tone: 'done', text: texts.memberRemoved })
}

/** Nobody of this enterprise is a page that is not there; everything else is told among the members. */
const refused = (ask: OwnActionAsk, found: ApiProblem): Promise<Shown> | Shown =>
  found.status === 404 ? found : membersPage(ask, found.problem)
