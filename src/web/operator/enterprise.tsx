/** One enterprise with what belongs to it: users, keys, signing keys, links, mandates, tags. */
import type { z } from 'zod'
import type { webhookList } from '../../http/event-schemas.ts'
import type { mandateList } from '../../http/mandate-schemas.ts'
import type { memberList } from '../../http/operator-schemas.ts'
import type { enterpriseAnswer, keyList } from '../../http/schemas.ts'
import { enterpriseScopes } from '../../http/scopes.ts'
import type { enterpriseLinksAnswer } from '../../http/status-schemas.ts'
import type { tagList } from '../../http/target-schemas.ts'
import { chinaDay } from '../../kernel/clock.ts'
import { address, type Problem } from '../desk/api.ts'
import { Check, Field, faultsAt, Select } from '../desk/fields.tsx'
import type { FormFields } from '../desk/form-fields.ts'
import { MandateForm } from '../desk/mandate-form.tsx'
import { ProblemNotice } from '../desk/notices.tsx'
import { Code, Facts, PageHead, Time } from '../desk/parts.tsx'
import { PersonForm } from '../desk/person-form.tsx'
import { type Ask, content, type Shown } from '../desk/room.ts'
import { DataTable } from '../desk/table.tsx'
import { linkNamed } from '../status-texts.ts'
import type { Lang } from '../texts.ts'
import {
  MandateTable,
  type SigningKeyList,
  SigningKeys,
  Tags,
  WebhookTable,
} from './enterprise-parts.tsx'
import { ENTERPRISES, rolesText } from './enterprises.tsx'
import { KeyForm, KeyTable } from './keys.tsx'
import { ResetButton } from './people.tsx'
import { registerTexts as texts } from './register-texts.ts'

type Enterprise = z.infer<typeof enterpriseAnswer>
type Members = z.infer<typeof memberList>
type Keys = z.infer<typeof keyList>
type Links = z.infer<typeof enterpriseLinksAnswer>
type Mandates = z.infer<typeof mandateList>
type TagList = z.infer<typeof tagList>
type WebhookList = z.infer<typeof webhookList>

/** A form of the page that came back, and which of them it was. */
export interface Returned {
  readonly part: 'account' | 'member' | 'key' | 'signing-key' | 'link' | 'mandate' | 'tag'
  readonly form: FormFields
  readonly problem: Problem
}

export const enterprisePage = (ask: Ask): Promise<Shown> => showEnterprise(ask)

export const showEnterprise = async (ask: Ask, returned?: Returned): Promise<Shown> => {
  const { api, c, lang, param, query, notFound } = ask
  const id = param('id')
  const base = `/api/v1/enterprises/${encodeURIComponent(id)}`
  const [enterprise, members, keys, signing, links, mandates, tags, webhooks] = await Promise.all([
    api.get<Enterprise>(base),
    api.get<Members>(`${base}/members`, { cursor: query.members }),
    api.get<Keys>(`${base}/keys`),
    api.get<SigningKeyList>(`${base}/signing-keys`),
    api.get<Links>(`${base}/links`),
    api.get<Mandates>('/api/v1/mandates', { enterprise: id, cursor: query.mandates }),
    api.get<TagList>(`${base}/tags`),
    api.get<WebhookList>('/api/v1/webhooks', { enterprise: id }),
  ])
  if (enterprise.kind === 'problem') return enterprise.status === 404 ? notFound() : enterprise
  if (members.kind === 'problem') return members
  if (keys.kind === 'problem') return keys
  if (signing.kind === 'problem') return signing
  if (links.kind === 'problem') return links
  if (mandates.kind === 'problem') return mandates
  if (tags.kind === 'problem') return tags
  if (webhooks.kind === 'problem') return webhooks
  const own = `${ENTERPRISES}/${encodeURIComponent(id)}`
  const of = (part: Returned['part']) => (returned?.part === part ? returned : undefined)
  return content(
    enterprise.value.name,
    <>
      <PageHead title={enterprise.value.name} note={rolesText(enterprise.value.roles, lang)} />
      {returned === undefined ? '' : <ProblemNotice lang={lang} problem={returned.problem} />}
      <EnterpriseFacts lang={lang} enterprise={enterprise.value} />
      <AccountForm {...{ lang, own, enterprise: enterprise.value, returned: of('account') }} />
      <MemberTable lang={lang} members={members.value} />
      <More
        lang={lang}
        next={members.value.next}
        href={(cursor) => address(own, { members: cursor })}
      />
      <div class="columns">
        <PersonForm
          lang={lang}
          action={`${own}/members`}
          title={texts.addMember}
          roles={(['member', 'admin', 'owner'] as const).map((role) => ({
            value: role,
            name: texts[role][lang],
          }))}
          form={of('member')?.form}
          problem={of('member')?.problem}
        />
        <KeyForm
          lang={lang}
          action={`${own}/keys`}
          scopes={enterpriseScopes}
          form={of('key')?.form}
          problem={of('key')?.problem}
        />
      </div>
      <KeyTable
        lang={lang}
        caption={texts.keys[lang]}
        keys={keys.value.keys}
        base={`${own}/keys`}
      />
      <SigningKeys lang={lang} own={own} keys={signing.value.signingKeys} />
      <LinkPart lang={lang} own={own} links={links.value} />
      <WebhookTable lang={lang} webhooks={webhooks.value.webhooks} />
      <MandateTable lang={lang} own={own} mandates={mandates.value.mandates} />
      <More
        lang={lang}
        next={mandates.value.next}
        href={(cursor) => address(own, { mandates: cursor })}
      />
      <MandateForm
        lang={lang}
        action={`${own}/mandates`}
        title={texts.registerMandate}
        note={texts.registerMandateNote}
        verb={texts.registerMandate}
        form={of('mandate')?.form}
        problem={of('mandate')?.problem}
        agents={mandates.value.mandates.filter(({ principalId }) => principalId === id)}
        today={chinaDay(c.get('deps').flow.clock.now())}
      />
      <Tags lang={lang} own={own} tags={tags.value.tags} returned={of('tag')} />
    </>,
    returned === undefined ? 200 : 422,
  )
}

const EnterpriseFacts = ({
  lang,
  enterprise,
}: {
  readonly lang: Lang
  readonly enterprise: Enterprise
}) => {
  const { customsCode, creditCode, dxpId, formerDxpIds, waitsForCompanions, createdAt, id } =
    enterprise
  const coded = (text: string | null) => (text === null ? '–' : <Code lang={lang} text={text} />)
  return (
    <section class="card">
      <Facts
        facts={[
          { name: texts.customsCode[lang], value: coded(customsCode) },
          { name: texts.creditCode[lang], value: coded(creditCode) },
          { name: texts.dxpId[lang], value: coded(dxpId) },
          ...(formerDxpIds.length === 0
            ? []
            : [{ name: texts.formerDxpIds[lang], value: formerDxpIds.toReversed().join(' ') }]),
          {
            name: texts.waits[lang],
            value: (waitsForCompanions ? texts.waitsYes : texts.waitsNo)[lang],
          },
          { name: texts.since[lang], value: <Time iso={createdAt} /> },
          { name: texts.idName[lang], value: coded(id) },
        ]}
      />
    </section>
  )
}

const MemberTable = ({ lang, members }: { readonly lang: Lang; readonly members: Members }) => (
  <DataTable
    lang={lang}
    caption={texts.members[lang]}
    rows={members.members}
    columns={[
      { name: texts.person[lang], cell: ({ name }) => name },
      { name: texts.email[lang], cell: ({ email }) => email },
      { name: texts.role[lang], cell: ({ role }) => texts[role][lang] },
      {
        name: texts.twoFactor[lang],
        cell: ({ twoFactor }) => (twoFactor ? texts.on : texts.off)[lang],
      },
      { name: texts.since[lang], kind: 'time', cell: ({ since }) => <Time iso={since} /> },
      { name: texts.reset[lang], cell: (person) => <ResetButton lang={lang} person={person} /> },
    ]}
  />
)

interface PartProps {
  readonly lang: Lang
  readonly own: string
  readonly returned: Returned | undefined
}

/** What was composed keeps the account it was composed with. */
const AccountForm = ({
  lang,
  own,
  enterprise,
  returned,
}: PartProps & { readonly enterprise: Enterprise }) => (
  <section class="card">
    <p class="note">{texts.dxpIdNote[lang]}</p>
    <form class="inline-form" action={`${own}/account`} method="post">
      <Field
        lang={lang}
        name="dxpId"
        label={texts.dxpId[lang]}
        value={returned?.form.text('dxpId') ?? enterprise.dxpId ?? ''}
        maxlength={30}
        pattern="[A-Za-z0-9]{1,30}"
        autocomplete="off"
        faults={faultsAt(returned?.problem.faults ?? [], '/dxpId')}
        required
      />
      <button type="submit">{texts.changeDxpId[lang]}</button>
    </form>
  </section>
)

/** What lies beyond the first page of a list; each list of the page has a name of its own in the address. */
const More = ({
  lang,
  href,
  next,
}: {
  readonly lang: Lang
  readonly href: (cursor: string) => string
  readonly next: string | null
}) =>
  next === null ? null : (
    <p>
      <a href={href(next)}>{texts.more[lang]}</a>
    </p>
  )

const LinkPart = ({
  lang,
  own,
  links,
}: Omit<PartProps, 'returned'> & { readonly links: Links }) => (
  <section class="card">
    <DataTable
      lang={lang}
      caption={texts.links[lang]}
      rows={links.directions}
      columns={[
        { name: texts.direction[lang], cell: ({ direction }) => texts[direction][lang] },
        {
          name: texts.inUse[lang],
          cell: ({ link }) => (link === null ? '–' : linkNamed(link, lang)),
        },
        {
          name: texts.chosen[lang],
          cell: ({ chosen }) =>
            chosen === null ? texts.bySettings[lang] : linkNamed(chosen, lang),
        },
        {
          name: texts.chosenAt[lang],
          kind: 'time',
          cell: ({ chosenAt }) => <Time iso={chosenAt} />,
        },
      ]}
    />
    <form class="inline-form" action={`${own}/links`} method="post">
      <Select
        lang={lang}
        name="direction"
        label={texts.direction[lang]}
        choices={(['both', 'import', 'export'] as const).map((direction) => ({
          value: direction,
          name: texts[direction][lang],
        }))}
      />
      <Select
        lang={lang}
        name="link"
        label={texts.links[lang]}
        none={texts.bySettings[lang]}
        choices={links.available.map((code) => ({ value: code, name: linkNamed(code, lang) }))}
      />
      <Check name="moveQueue" label={texts.moveQueue[lang]} />
      <button type="submit">{texts.choose[lang]}</button>
    </form>
  </section>
)
