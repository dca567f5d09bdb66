/** Web hooks of the enterprise: all of them and how they stand, and a new one, whose secret is shown once. */
import type { z } from 'zod'
import { declarations } from '../../catalogue/index.ts'
import { stateGroups } from '../../catalogue/statuses.ts'
import type {
  groupName,
  webhookAnswer,
  webhookList,
  webhookMade,
} from '../../http/event-schemas.ts'
import {
  WEBHOOK_DESCRIPTION_LENGTH_MAX,
  WEBHOOK_URL_LENGTH_MAX,
} from '../../kernel/webhook-limits.ts'
import type { Problem } from '../desk/api.ts'
import { Checks, Field, faultsAt } from '../desk/fields.tsx'
import type { FormFields } from '../desk/form-fields.ts'
import { ProblemNotice } from '../desk/notices.tsx'
import { Code, PageHead } from '../desk/parts.tsx'
import { type Content, content, type Shown } from '../desk/room.ts'
import { DataTable } from '../desk/table.tsx'
import { SUBSCRIPTIONS, webhookWords } from '../desk/webhook-parts.tsx'
import { kindNamed, kindsNamed } from '../documents/names.ts'
import { listed } from '../texts.ts'
import type { OwnActionAsk, OwnAsk } from './own.ts'
import { subscriptionTexts as texts } from './subscription-texts.ts'

export const PATH = SUBSCRIPTIONS

export type Webhook = z.infer<typeof webhookAnswer>

export const onePath = (id: string, rest = ''): string => `${PATH}/${encodeURIComponent(id)}${rest}`

export const subscriptionsPage = async (
  ask: OwnAsk,
  problem?: Problem,
  typed?: FormFields,
): Promise<Shown> => {
  const { api, t, lang, enterpriseId } = ask
  const found = await api.get<z.infer<typeof webhookList>>('/api/v1/webhooks', {
    enterprise: enterpriseId,
  })
  if (found.kind === 'problem') return found
  return content(
    t(texts.subscriptions),
    <>
      <PageHead title={t(texts.subscriptions)} note={t(texts.note)}>
        <a class="button" href="/docs">
          {t(texts.docs)}
        </a>
      </PageHead>
      {problem === undefined ? '' : <ProblemNotice lang={lang} problem={problem} />}
      <DataTable
        lang={lang}
        caption={t(texts.subscriptions)}
        columns={[
          { name: t(texts.url), cell: ({ url }) => url, kind: 'code' },
          { name: t(texts.description), cell: ({ description }) => description },
          { name: t(texts.state), cell: (webhook) => <Standing ask={ask} webhook={webhook} /> },
          { name: t(texts.kinds), cell: ({ kinds }) => kindsText(ask, kinds) },
          { name: t(texts.groups), cell: ({ groups }) => groupsText(ask, groups) },
        ]}
        rows={found.value.webhooks}
        href={({ id }) => onePath(id)}
        empty={{ title: t(texts.none), note: t(texts.noneNote) }}
      />
      <AddForm ask={ask} problem={problem} typed={typed} />
    </>,
    problem === undefined ? 200 : 422,
  )
}

export const groupsText = (
  { t, lang }: Pick<OwnAsk, 't' | 'lang'>,
  groups: readonly z.infer<typeof groupName>[] | null,
): string =>
  groups === null
    ? t(texts.all)
    : listed(
        groups.map((group) => t(stateGroups[group])),
        lang,
      )

export const kindsText = (
  { t, lang }: Pick<OwnAsk, 't' | 'lang'>,
  kinds: readonly string[] | null,
): string => (kinds === null ? t(texts.all) : kindsNamed(kinds, lang))

export const Standing = ({
  ask: { lang },
  webhook,
}: {
  readonly ask: Pick<OwnAsk, 'lang'>
  readonly webhook: Webhook
}) => {
  const { state } = webhook
  const words = webhookWords(webhook, lang)
  return state === 'active' || state === 'paused' ? (
    <span data-state={state}>{words}</span>
  ) : (
    <strong class="ends" data-ends="soon" data-state={state}>
      {words}
    </strong>
  )
}

const AddForm = ({
  ask: { t, lang },
  problem,
  typed,
}: {
  readonly ask: OwnAsk
  readonly problem: Problem | undefined
  readonly typed: FormFields | undefined
}) => (
  <section class="card">
    <h2>{t(texts.add)}</h2>
    <form class="narrow-form" action={PATH} method="post">
      <AddressFields lang={lang} t={t} problem={problem} typed={typed?.values} />
      <Checks
        lang={lang}
        name="groups"
        label={t(texts.groups)}
        hint={t(texts.allHint)}
        values={typed?.all('groups') ?? []}
        choices={Object.entries(stateGroups).map(([value, name]) => ({ value, name: t(name) }))}
        faults={faultsAt(problem?.faults ?? [], '/groups')}
      />
      <Checks
        lang={lang}
        name="kinds"
        label={t(texts.kinds)}
        hint={t(texts.allHint)}
        values={typed?.all('kinds') ?? []}
        choices={declarations.map(({ code }) => ({ value: code, name: kindNamed(code, lang) }))}
        faults={faultsAt(problem?.faults ?? [], '/kinds')}
      />
      <p class="acts">
        <button type="submit" class="primary">
          {t(texts.add)}
        </button>
      </p>
    </form>
  </section>
)

export const AddressFields = ({
  t,
  lang,
  problem,
  typed,
}: Pick<OwnAsk, 't' | 'lang'> & {
  readonly problem: Problem | undefined
  readonly typed: Readonly<Record<string, string>> | undefined
}) => (
  <>
    <Field
      lang={lang}
      name="url"
      type="url"
      label={t(texts.url)}
      hint={t(texts.urlHint)}
      maxlength={WEBHOOK_URL_LENGTH_MAX}
      value={typed?.url}
      autocomplete="off"
      faults={faultsAt(problem?.faults ?? [], '/url')}
      required
    />
    <Field
      lang={lang}
      name="description"
      label={t(texts.description)}
      maxlength={WEBHOOK_DESCRIPTION_LENGTH_MAX}
      value={typed?.description}
      faults={faultsAt(problem?.faults ?? [], '/description')}
    />
  </>
)

/** Nothing chosen is everything. */
const chosenOf = (values: readonly string[]): readonly string[] | null =>
  values.length === 0 ? null : values

/** Answers with the secret itself instead of leading on: nothing else ever shows it. */
export const addSubscription = async (ask: OwnActionAsk): Promise<Shown> => {
  const { api, form, t, enterpriseId } = ask
  const made = await api.post<z.infer<typeof webhookMade>>(
    `/api/v1/webhooks?enterprise=${encodeURIComponent(enterpriseId)}`,
    {
      ...{ url: form.text('url'), description: form.text('description') },
      kinds: chosenOf(form.all('kinds')),
      groups: chosenOf(form.all('groups')),
    },
  )
  if (made.kind === 'problem') return subscriptionsPage(ask, made.problem, form)
  return secretOnce(ask, t(texts.made), made.value)
}

export const secretOnce = (
  { t, lang }: Pick<OwnAsk, 't' | 'lang'>,
  title: string,
  { id, secret }: { readonly id: string; readonly secret: string },
): Content =>
  content(
    title,
    <section class="card once" data-once="secret">
      <h1>{title}</h1>
      <p class="note">{t(texts.once)}</p>
      <p>
        <Code lang={lang} text={secret} />
      </p>
      <p>
        <a href={onePath(id)}>{t(texts.toIt)}</a>
      </p>
    </section>,
    201,
  )
