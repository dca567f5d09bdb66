/** One web hook: how it stands, its last tries, and what can be done with it. */
import type { z } from 'zod'
import type { secretRenewed, webhookTested, webhookWithTries } from '../../http/event-schemas.ts'
import type { Text } from '../../kernel/fault.ts'
import { WEBHOOK_OLD_SECRET_HOURS } from '../../kernel/webhook-limits.ts'
import type { Answered, Problem } from '../desk/api.ts'
import { Field } from '../desk/fields.tsx'
import { ProblemNotice } from '../desk/notices.tsx'
import { Confirm, Facts, PageHead, Time } from '../desk/parts.tsx'
import { type Content, content, type Shown } from '../desk/room.ts'
import { DataTable } from '../desk/table.tsx'
import { fill } from '../texts.ts'
import type { OwnActionAsk, OwnAsk } from './own.ts'
import { subscriptionTexts as texts } from './subscription-texts.ts'
import {
  AddressFields,
  groupsText,
  kindsText,
  onePath,
  PATH,
  Standing,
  secretOnce,
  type Webhook,
} from './subscriptions.tsx'

type Detail = z.infer<typeof webhookWithTries>
type Typed = Readonly<Record<string, string>>
type Try = Detail['tries'][number]

const routeOf = (id: string, rest = ''): string =>
  `/api/v1/webhooks/${encodeURIComponent(id)}${rest}`

/** Of the enterprise that is acted for; another that the reader looks after is not on this page. */
const findOwn = async ({ api, param, enterpriseId, notFound }: OwnAsk): Promise<Detail | Shown> => {
  const found = await api.get<Detail>(routeOf(param('id')))
  if (found.kind === 'problem') return found
  return found.value.enterprise === enterpriseId ? found.value : notFound()
}

const isDetail = (found: Detail | Shown): found is Detail => 'tries' in found

/** With what was typed, where it was refused. */
export const subscriptionPage = async (
  ask: OwnAsk,
  problem?: Problem,
  typed: Typed = {},
): Promise<Shown> => {
  const found = await findOwn(ask)
  if (!isDetail(found)) return found
  const { t, lang } = ask
  return content(
    found.url,
    <>
      <PageHead title={t(texts.subscriptions)} note={<code>{found.url}</code>}>
        <a class="button" href={PATH}>
          {t(texts.back)}
        </a>
      </PageHead>
      {problem === undefined ? '' : <ProblemNotice lang={lang} problem={problem} />}
      <section class="card">
        <h2>{t(texts.state)}</h2>
        <Facts facts={factsOf(ask, found)} />
        {found.problem === null ? '' : <p class="cure">{t(found.problem.cure)}</p>}
        <Acts ask={ask} webhook={found} />
      </section>
      <Tries ask={ask} tries={found.tries} />
      <ChangeForm ask={ask} webhook={found} problem={problem} typed={typed} />
      <ResendForm ask={ask} webhook={found} eventId={typed.eventId} />
    </>,
    problem === undefined ? 200 : 422,
  )
}

const factsOf = (ask: OwnAsk, webhook: Detail) => {
  const { t } = ask
  const { description, kinds, groups, taken, nextTryAt, oldSecretUntil, createdAt } = webhook
  const moments = [
    { name: texts.nextTry, iso: nextTryAt },
    { name: texts.oldSecret, iso: oldSecretUntil },
    { name: texts.created, iso: createdAt },
  ]
  return [
    { name: t(texts.state), value: <Standing ask={ask} webhook={webhook} /> },
    ...(description === '' ? [] : [{ name: t(texts.description), value: description }]),
    { name: t(texts.kinds), value: kindsText(ask, kinds) },
    { name: t(texts.groups), value: groupsText(ask, groups) },
    { name: t(texts.taken), value: <code>{taken}</code> },
    ...moments
      .filter(({ iso }) => iso !== null)
      .map(({ name, iso }) => ({ name: t(name), value: <Time iso={iso} /> })),
  ]
}

const Acts = ({
  ask: { t },
  webhook: { id, state },
}: {
  readonly ask: OwnAsk
  readonly webhook: Detail
}) => {
  const isOn = state === 'active' || state === 'failing'
  return (
    <div class="acts">
      <form action={onePath(id, '/test')} method="post">
        <button type="submit">{t(texts.test)}</button>
      </form>
      <form action={onePath(id, '/state')} method="post">
        <input type="hidden" name="state" value={isOn ? 'paused' : 'active'} />
        <button type="submit">{t(isOn ? texts.pause : texts.resume)}</button>
      </form>
      <form action={onePath(id, '/secret')} method="post">
        <button type="submit">{t(texts.rotate)}</button>
      </form>
      <form action={onePath(id, '/remove')} method="post">
        <button type="submit">{t(texts.remove)}</button>
      </form>
    </div>
  )
}

const Tries = ({ ask, tries }: { readonly ask: OwnAsk; readonly tries: readonly Try[] }) => {
  const { t, lang } = ask
  return (
    <>
      <h2>{t(texts.tries)}</h2>
      <DataTable
        lang={lang}
        caption={t(texts.tries)}
        columns={[
          { name: t(texts.at), cell: ({ at }) => <Time iso={at} seconds />, kind: 'time' },
          { name: t(texts.answer), cell: (made) => <Answer ask={ask} made={made} /> },
          { name: t(texts.took), cell: ({ ms }) => String(ms), kind: 'number' },
          { name: t(texts.events), cell: ({ events }) => String(events), kind: 'number' },
          { name: t(texts.message), cell: ({ messageId }) => messageId, kind: 'code' },
        ]}
        rows={tries}
        empty={{ title: t(texts.noTries) }}
      />
    </>
  )
}

type Answering = Pick<Try, 'status' | 'reason'>

const answerText = ({ t }: Pick<OwnAsk, 't'>, { status, reason }: Answering): string =>
  status === null
    ? fill(t(texts.noAnswer), { reason: reason ?? '' })
    : fill(t(texts.answered), { status: String(status) })

const Answer = ({ ask, made }: { readonly ask: OwnAsk; readonly made: Try }) =>
  made.taken ? (
    <span>{answerText(ask, made)}</span>
  ) : (
    <strong class="ends" data-ends="soon">
      {answerText(ask, made)}
    </strong>
  )

const ChangeForm = ({
  ask: { t, lang },
  webhook: { id, url, description },
  problem,
  typed,
}: {
  readonly ask: OwnAsk
  readonly webhook: Detail
  readonly problem: Problem | undefined
  readonly typed: Typed
}) => (
  <section class="card">
    <h2>{t(texts.change)}</h2>
    <form class="narrow-form" action={onePath(id)} method="post">
      <AddressFields t={t} lang={lang} problem={problem} typed={{ url, description, ...typed }} />
      <p class="acts">
        <button type="submit" class="primary">
          {t(texts.change)}
        </button>
      </p>
    </form>
  </section>
)

const ResendForm = ({
  ask: { t, lang },
  webhook: { id },
  eventId,
}: {
  readonly ask: OwnAsk
  readonly webhook: Detail
  readonly eventId: string | undefined
}) => (
  <section class="card">
    <h2>{t(texts.resend)}</h2>
    <form class="narrow-form" action={onePath(id, '/resend')} method="post">
      <Field
        lang={lang}
        name="eventId"
        value={eventId}
        label={t(texts.resendFrom)}
        hint={t(texts.resendHint)}
        inputmode="numeric"
        pattern="[0-9]{1,18}"
        maxlength={18}
        autocomplete="off"
        required
      />
      <p class="acts">
        <button type="submit">{t(texts.resend)}</button>
      </p>
    </form>
  </section>
)

/** Back to its page: with what was done, or with the refusal. */
const shown = (
  ask: OwnActionAsk,
  answer: Answered<unknown>,
  done: Text,
): Promise<Shown> | Shown => {
  if (answer.kind === 'ok') return ask.go(onePath(ask.param('id')), { tone: 'done', text: done })
  return answer.status === 404 ? answer : subscriptionPage(ask, answer.problem, ask.form.values)
}

export const changeSubscription = async (ask: OwnActionAsk): Promise<Shown> => {
  const { api, form, param } = ask
  const change = { url: form.text('url'), description: form.text('description') }
  return shown(ask, await api.patch(routeOf(param('id')), change), texts.changed)
}

export const pauseSubscription = async (ask: OwnActionAsk): Promise<Shown> => {
  const { api, form, param } = ask
  const state = form.text('state')
  const done = state === 'paused' ? texts.isPaused : texts.isResumed
  return shown(ask, await api.patch(routeOf(param('id')), { state }), done)
}

export const resendSubscription = async (ask: OwnActionAsk): Promise<Shown> => {
  const { api, form, param } = ask
  const eventId = form.text('eventId')
  const resent = await api.post<Webhook>(routeOf(param('id'), '/resend'), { eventId })
  const isOn = resent.kind === 'ok' && ['active', 'failing'].includes(resent.value.state)
  return shown(ask, resent, isOn ? texts.resent : texts.resentLater)
}

export const testSubscription = async (ask: OwnActionAsk): Promise<Shown> => {
  const { api, param, go } = ask
  const tested = await api.post<z.infer<typeof webhookTested>>(routeOf(param('id'), '/test'))
  if (tested.kind === 'problem') return tested
  const { taken, status, ms } = tested.value
  const told = (lang: 'zh' | 'en'): string =>
    taken
      ? fill(texts.tested[lang], { status: String(status), ms: String(ms) })
      : fill(texts.testFailed[lang], {
          answer: answerText({ t: (text) => text[lang] }, tested.value),
        })
  return go(onePath(param('id')), {
    tone: taken ? 'done' : 'failed',
    text: { zh: told('zh'), en: told('en') },
  })
}

interface Asked {
  readonly title: string
  readonly why: string
  readonly rest: string
}

/** The page before an act that cannot be taken back. */
const confirm = ({ lang }: OwnAsk, id: string, { title, why, rest }: Asked): Content =>
  content(
    title,
    <Confirm
      lang={lang}
      title={title}
      consequences={[why]}
      action={onePath(id, rest)}
      verb={title}
      cancelPath={onePath(id)}
    />,
  )

export const renewSecret = async (ask: OwnActionAsk): Promise<Shown> => {
  const { api, form, t } = ask
  const found = await findOwn(ask)
  if (!isDetail(found)) return found
  const why = fill(t(texts.rotateWhy), { hours: String(WEBHOOK_OLD_SECRET_HOURS) })
  if (form.text('confirmed') !== 'yes')
    return confirm(ask, found.id, { title: t(texts.rotate), why, rest: '/secret' })
  const path = routeOf(found.id, '/rotate-secret')
  const renewed = await api.post<z.infer<typeof secretRenewed>>(path)
  if (renewed.kind === 'problem') return renewed
  return secretOnce(ask, t(texts.renewed), { id: found.id, secret: renewed.value.secret })
}

export const removeSubscription = async (ask: OwnActionAsk): Promise<Shown> => {
  const { api, form, t, go } = ask
  const found = await findOwn(ask)
  if (!isDetail(found)) return found
  const why = fill(t(texts.removeWhy), { url: found.url })
  if (form.text('confirmed') !== 'yes')
    return confirm(ask, found.id, { title: t(texts.remove), why, rest: '/remove' })
  const removed = await api.delete(routeOf(found.id))
  return removed.kind === 'problem' ? removed : go(PATH, { tone: 'done', text: texts.removed })
}
