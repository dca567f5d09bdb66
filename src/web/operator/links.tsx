/** Links to customs with breaker, queue and pace; signers with certificates; sending again what was given up. */
import type { z } from 'zod'
import type { troubledMessages } from '../../http/operator-schemas.ts'
import type { resentMessages } from '../../http/schemas.ts'
import type { linkList, statusAnswer } from '../../http/status-schemas.ts'
import { SIGNERS_SHOWN_MAX } from '../../kernel/limits.ts'
import { Select } from '../desk/fields.tsx'
import { Confirm, PageHead, Time } from '../desk/parts.tsx'
import { type ActionAsk, type Ask, content, type Shown } from '../desk/room.ts'
import { type Column, DataTable } from '../desk/table.tsx'
import { type WebhooksStatus, webhookState } from '../desk/webhook-parts.tsx'
import { wholeCount } from '../figures.ts'
import { age, countOf, linkNamed, statusTexts } from '../status-texts.ts'
import { fill, type Lang } from '../texts.ts'
import { operatorTexts as texts } from './texts.ts'
import { Standing, type Tone } from './tiles.tsx'

type Links = z.infer<typeof linkList>
type Link = Links['links'][number]
type Status = z.infer<typeof statusAnswer>
type Signer = NonNullable<Status['signers']>[number]
type Resent = z.infer<typeof resentMessages>
type Troubled = z.infer<typeof troubledMessages>

const PATH = '/operator/links'

export const linksPage = async ({ api, lang, t }: Ask): Promise<Shown> => {
  const [links, troubled, status] = await Promise.all([
    api.get<Links>('/api/v1/links'),
    api.get<Troubled>('/api/v1/messages/troubled'),
    api.get<Status>('/api/v1/status'),
  ])
  if (links.kind === 'problem') return links
  if (troubled.kind === 'problem') return troubled
  if (status.kind === 'problem') return status
  const { webhooks } = status.value
  const { messages, more } = troubled.value
  return content(
    t(texts.links),
    <>
      <PageHead title={t(texts.links)} note={t(texts.linksNote)} />
      <DataTable
        lang={lang}
        caption={t(texts.links)}
        rows={links.value.links}
        columns={linkColumns(lang)}
        empty={{ title: t(texts.noLinks), note: t(texts.noLinksNote) }}
      />
      <p class="note">
        {t(texts.chosenOn)} <a href="/operator/enterprises">{t(texts.enterprises)}</a>
      </p>
      <section class="card" aria-labelledby="undelivered">
        <h2 id="undelivered">{t(texts.undelivered)}</h2>
        <p data-count="undelivered">{countOf(messages, more, lang)}</p>
        {messages === 0 ? (
          ''
        ) : (
          <form class="inline-form" action={`${PATH}/resend`} method="post">
            <Select
              lang={lang}
              name="link"
              label={t(texts.resendLink)}
              none={t(texts.resendEvery)}
              choices={links.value.links.map(({ code }) => ({
                value: code,
                name: linkNamed(code, lang),
              }))}
            />
            <button type="submit">{t(texts.resend)}</button>
          </form>
        )}
      </section>
      {webhooks === null ? '' : <Webhooks lang={lang} webhooks={webhooks} />}
    </>,
  )
}

const Webhooks = ({
  lang,
  webhooks: { failing, disabled, troubled },
}: {
  readonly lang: Lang
  readonly webhooks: WebhooksStatus
}) => {
  const more = failing + disabled - troubled.length
  return (
    <section id="webhooks">
      <DataTable
        lang={lang}
        caption={texts.webhooksTrouble[lang]}
        rows={troubled}
        columns={[
          { name: texts.enterprise[lang], cell: ({ enterpriseName }) => enterpriseName },
          {
            name: texts.subscriptionFor[lang],
            cell: ({ description }) => (description === '' ? '–' : description),
          },
          {
            name: texts.state[lang],
            cell: (webhook) => (
              <Standing
                tone={webhook.state === 'disabled' ? 'bad' : 'wait'}
                text={webhookState(webhook, lang)}
              />
            ),
          },
          {
            name: texts.since[lang],
            kind: 'time',
            cell: ({ failingSince }) => <Time iso={failingSince} />,
          },
          {
            name: texts.nextTry[lang],
            kind: 'time',
            cell: ({ nextTryAt }) => <Time iso={nextTryAt} />,
          },
          { name: texts.cure[lang], cell: ({ problem }) => problem?.cure[lang] ?? '–' },
        ]}
        href={({ enterprise }) => `/operator/enterprises/${enterprise}#webhooks`}
        empty={{ title: texts.webhooksNone[lang] }}
      />
      {more > 0 ? (
        <p class="note">{fill(texts.webhooksMore[lang], { count: wholeCount(more) })}</p>
      ) : (
        ''
      )}
    </section>
  )
}

const LINK_TONES: Readonly<Record<Link['state'], Tone>> = {
  up: 'good',
  draining: 'wait',
  down: 'bad',
}

const linkColumns = (lang: Lang): readonly Column<Link>[] => [
  { name: texts.link[lang], kind: 'code', cell: ({ code }) => code },
  { name: texts.protocol[lang], cell: ({ protocol }) => protocol[lang] },
  {
    name: texts.state[lang],
    cell: (link) => <Standing tone={LINK_TONES[link.state]} text={link[lang]} />,
  },
  { name: texts.since[lang], kind: 'time', cell: ({ since }) => <Time iso={since} /> },
  {
    name: texts.queue[lang],
    kind: 'number',
    cell: ({ queue }) => countOf(queue.depth, queue.more, lang),
  },
  {
    name: texts.oldest[lang],
    kind: 'number',
    cell: ({ queue }) => (queue.ageSeconds === null ? '–' : age(queue.ageSeconds, lang)),
  },
  {
    name: texts.drain[lang],
    kind: 'number',
    cell: ({ drainSeconds }) => drainOf(drainSeconds, lang),
  },
  {
    name: texts.pace[lang],
    kind: 'number',
    cell: ({ detail }) =>
      detail === null
        ? '–'
        : fill(texts.perMinute[lang], { count: wholeCount(detail.messagesPerMinute) }),
  },
  {
    name: texts.failures[lang],
    kind: 'number',
    cell: ({ detail }) => wholeCount(detail?.failures ?? 0),
  },
  {
    name: texts.nextTry[lang],
    kind: 'time',
    cell: ({ detail }) => <Time iso={detail?.retryAt} />,
  },
  { name: texts.problem[lang], kind: 'code', cell: ({ detail }) => detail?.problem ?? '–' },
  { name: texts.sentAt[lang], kind: 'time', cell: ({ sentAt }) => <Time iso={sentAt} /> },
]

const drainOf = (seconds: number | null, lang: Lang): string =>
  seconds === null
    ? texts.unknown[lang]
    : seconds === 0
      ? texts.atOnce[lang]
      : age(Math.ceil(seconds), lang)

export const resendAll = async ({ api, lang, t, form, go }: ActionAsk): Promise<Shown> => {
  const link = form.text('link')
  if (form.text('confirmed') !== 'yes')
    return content(
      t(texts.resendTitle),
      <Confirm
        lang={lang}
        title={t(texts.resendTitle)}
        consequences={[
          t(texts.resendWhat),
          t(texts.resendLeft),
          `${t(texts.link)}：${link === '' ? t(texts.resendEvery) : linkNamed(link, lang)}`,
        ]}
        action={`${PATH}/resend`}
        fields={{ link }}
        verb={t(texts.resend)}
        cancelPath={PATH}
      />,
    )
  const done = await api.post<Resent>('/api/v1/messages/resend', link === '' ? {} : { link })
  if (done.kind === 'problem') return done
  const { messages, documents, left, more, remaining } = done.value
  const text = more ? texts.resentMore : texts.resent
  const counts = {
    ...{ messages: wholeCount(messages), documents: wholeCount(documents) },
    ...{ left: wholeCount(left), remaining: wholeCount(remaining) },
  }
  return go(PATH, { tone: 'done', text: { zh: fill(text.zh, counts), en: fill(text.en, counts) } })
}

// ---- signers ---------------------------------------------------------------------------------

export const signersPage = async ({ api, lang, t }: Ask): Promise<Shown> => {
  const status = await api.get<Status>('/api/v1/status')
  if (status.kind === 'problem') return status
  const signers = status.value.signers ?? []
  const more = signers.length - SIGNERS_SHOWN_MAX
  return content(
    t(texts.signers),
    <>
      <PageHead title={t(texts.signers)} note={t(texts.signersNote)} />
      <DataTable
        lang={lang}
        caption={t(texts.signers)}
        rows={signers.slice(0, SIGNERS_SHOWN_MAX)}
        columns={signerColumns(lang)}
        href={({ enterpriseId }) => `/operator/enterprises/${enterpriseId}`}
        empty={{ title: t(texts.noSigners) }}
      />
      {more > 0 ? (
        <p class="note">{fill(t(texts.signersMore), { count: wholeCount(more) })}</p>
      ) : (
        ''
      )}
    </>,
  )
}

export const signerTone = (state: string, warning: unknown): Tone =>
  state !== 'ok' ? 'bad' : warning === null ? 'good' : 'wait'

const signerColumns = (lang: Lang): readonly Column<Signer>[] => [
  { name: texts.subject[lang], cell: ({ subject, keyName }) => subject || keyName },
  {
    name: texts.state[lang],
    cell: ({ state, warning }) => (
      <Standing
        tone={signerTone(state, warning)}
        text={warning === null ? statusTexts[state][lang] : warning[lang]}
      />
    ),
  },
  { name: texts.keyKind[lang], cell: ({ kind }) => texts[kind][lang] },
  { name: texts.algorithm[lang], kind: 'code', cell: ({ algorithm }) => algorithm },
  { name: texts.unsigned[lang], kind: 'number', cell: ({ queueDepth }) => wholeCount(queueDepth) },
  {
    name: texts.rate[lang],
    kind: 'number',
    cell: ({ ratePerSecond }) =>
      ratePerSecond === null
        ? '–'
        : fill(texts.perSecond[lang], { count: ratePerSecond.toFixed(ratePerSecond < 10 ? 1 : 0) }),
  },
  {
    name: texts.ends[lang],
    kind: 'time',
    cell: ({ notAfter, daysLeft }) => (
      <>
        <Time iso={notAfter} />{' '}
        <span class="none">
          {fill(texts.daysLeft[lang], { count: wholeCount(Math.max(0, daysLeft)) })}
        </span>
      </>
    ),
  },
  { name: texts.failures[lang], kind: 'number', cell: ({ failures }) => wholeCount(failures) },
  { name: texts.problem[lang], kind: 'code', cell: ({ problem }) => problem ?? '–' },
]
