/** Parts of the page of one enterprise: signing keys, mandates, tags. */
import type { z } from 'zod'
import type { webhookList } from '../../http/event-schemas.ts'
import type { mandateList } from '../../http/mandate-schemas.ts'
import type { statusAnswer } from '../../http/status-schemas.ts'
import type { tagList } from '../../http/target-schemas.ts'
import { Field, faultsAt, Select } from '../desk/fields.tsx'
import { Time } from '../desk/parts.tsx'
import { DataTable } from '../desk/table.tsx'
import { webhookWords } from '../desk/webhook-parts.tsx'
import { kindsNamed, zoneNames } from '../documents/names.ts'
import { statusTexts } from '../status-texts.ts'
import type { Lang } from '../texts.ts'
import type { Returned } from './enterprise.tsx'
import { signerTone } from './links.tsx'
import { registerTexts as texts } from './register-texts.ts'
import { operatorTexts } from './texts.ts'
import { Standing } from './tiles.tsx'

type Signer = NonNullable<z.infer<typeof statusAnswer>['signers']>[number]

/** As `GET …/signing-keys` tells them. */
export interface SigningKeyList {
  readonly signingKeys: readonly (Omit<Signer, 'enterpriseId' | 'state'> & {
    readonly state: Signer['state'] | 'retired'
  })[]
}

interface Props {
  readonly lang: Lang
  /** Path of the enterprise. */
  readonly own: string
}

export const SigningKeys = ({
  lang,
  own,
  keys,
}: Props & { readonly keys: SigningKeyList['signingKeys'] }) => (
  <section class="card">
    <DataTable
      lang={lang}
      caption={texts.signingKeys[lang]}
      rows={keys}
      empty={{ title: `${texts.signingKeys[lang]}：${texts.none[lang]}` }}
      columns={[
        { name: texts.keyName[lang], kind: 'code', cell: ({ keyName }) => keyName },
        {
          name: operatorTexts.state[lang],
          cell: ({ state, warning }) =>
            state === 'retired' ? (
              texts.retired[lang]
            ) : (
              <Standing
                tone={signerTone(state, warning)}
                text={warning === null ? statusTexts[state][lang] : warning[lang]}
              />
            ),
        },
        { name: operatorTexts.keyKind[lang], cell: ({ kind }) => operatorTexts[kind][lang] },
        { name: texts.algorithm[lang], kind: 'code', cell: ({ algorithm }) => algorithm },
        { name: texts.ends[lang], kind: 'time', cell: ({ notAfter }) => <Time iso={notAfter} /> },
        {
          name: texts.retire[lang],
          cell: ({ keyName, state }) =>
            state === 'retired' ? (
              '–'
            ) : (
              <form
                action={`${own}/signing-keys/${encodeURIComponent(keyName)}/retire`}
                method="post"
              >
                <button type="submit">{texts.retire[lang]}</button>
              </form>
            ),
        },
      ]}
    />
    <p class="note">{texts.generateNote[lang]}</p>
    <form class="inline-form" action={`${own}/signing-keys`} method="post">
      <Select
        lang={lang}
        name="algorithm"
        label={texts.algorithm[lang]}
        choices={['sm2-sm3', 'rsa-sha1'].map((name) => ({ value: name, name }))}
      />
      <button type="submit">{texts.generate[lang]}</button>
    </form>
  </section>
)

export const MandateTable = ({
  lang,
  own,
  mandates,
}: Props & { readonly mandates: z.infer<typeof mandateList>['mandates'] }) => (
  <DataTable
    lang={lang}
    caption={texts.mandates[lang]}
    rows={mandates}
    empty={{ title: `${texts.mandates[lang]}：${texts.none[lang]}` }}
    columns={[
      { name: texts.principal[lang], cell: ({ principalName }) => principalName },
      { name: texts.agent[lang], cell: ({ agentName }) => agentName },
      { name: texts.kinds[lang], cell: ({ kinds }) => kindsNamed(kinds, lang) },
      {
        name: texts.zones[lang],
        cell: ({ zones }) => (zones.length === 0 ? texts.every[lang] : zoneNames(zones, lang)),
      },
      {
        name: texts.validity[lang],
        kind: 'time',
        cell: ({ validFrom, lastDay }) => `${validFrom} – ${lastDay ?? ''}`,
      },
      { name: operatorTexts.state[lang], cell: ({ state }) => texts[state][lang] },
      {
        name: texts.end[lang],
        cell: ({ id, state }) =>
          state === 'over' ? (
            '–'
          ) : (
            <form action={`${own}/mandates/${id}/end`} method="post">
              <button type="submit">{texts.end[lang]}</button>
            </form>
          ),
      },
    ]}
  />
)

/** Only to be looked at: the enterprise sets them itself, and the operator for it over the interface. */
export const WebhookTable = ({
  lang,
  webhooks,
}: Pick<Props, 'lang'> & { readonly webhooks: z.infer<typeof webhookList>['webhooks'] }) => (
  <section id="webhooks">
    <DataTable
      lang={lang}
      caption={texts.webhooks[lang]}
      rows={webhooks}
      empty={{ title: `${texts.webhooks[lang]}：${texts.none[lang]}` }}
      columns={[
        { name: texts.webhookUrl[lang], kind: 'code', cell: ({ url }) => url },
        { name: texts.webhookFor[lang], cell: ({ description }) => description },
        {
          name: operatorTexts.state[lang],
          cell: (webhook) => (
            <Standing tone={WEBHOOK_TONES[webhook.state]} text={webhookWords(webhook, lang)} />
          ),
        },
        {
          name: operatorTexts.nextTry[lang],
          kind: 'time',
          cell: ({ nextTryAt }) => <Time iso={nextTryAt} />,
        },
      ]}
    />
  </section>
)

const WEBHOOK_TONES = { active: 'good', paused: 'wait', failing: 'wait', disabled: 'bad' } as const

const CONFIDENCES = ['A', 'B', 'M', 'I'] as const

export const Tags = ({
  lang,
  own,
  tags,
  returned,
}: Props & {
  readonly tags: z.infer<typeof tagList>['tags']
  readonly returned: Returned | undefined
}) => {
  const field = (name: string) => ({
    ...{ lang, name, value: returned?.form.text(name), id: `tag-${name}` },
    faults: faultsAt(returned?.problem.faults ?? [], `/${name}`),
  })
  return (
    <section class="card">
      <DataTable
        lang={lang}
        caption={texts.tags[lang]}
        rows={tags}
        empty={{ title: `${texts.tags[lang]}：${texts.none[lang]}` }}
        columns={[
          { name: texts.tag[lang], kind: 'code', cell: ({ tag }) => tag },
          { name: texts.subject[lang], cell: ({ subject }) => subject || '–' },
          {
            name: texts.validity[lang],
            kind: 'time',
            cell: ({ validFrom, validTo }) => `${validFrom} – ${validTo ?? ''}`,
          },
          { name: texts.source[lang], cell: ({ source }) => source },
        ]}
      />
      <form class="inline-form" action={`${own}/tags`} method="post">
        <Field {...field('tag')} label={texts.tag[lang]} required maxlength={64} />
        <Field {...field('subject')} label={texts.subject[lang]} maxlength={200} />
        <Field {...field('validFrom')} type="date" label={texts.validFrom[lang]} required />
        <Field {...field('validTo')} type="date" label={texts.validTo[lang]} />
        <Select
          {...field('confidence')}
          label={texts.confidence[lang]}
          choices={CONFIDENCES.map((name) => ({ value: name, name }))}
        />
        <Field {...field('source')} label={texts.source[lang]} required maxlength={1000} />
        <button type="submit">{texts.giveTag[lang]}</button>
      </form>
    </section>
  )
}
