/** Replies that could not be placed: what is wrong with each, its bytes (logged), and trying again. */
import type { z } from 'zod'
import type { replyList, replyRetried, replyView } from '../../http/reply-schemas.ts'
import { FaultList } from '../desk/notices.tsx'
import { Code, Confirm, Facts, PageHead, Tabs, Time } from '../desk/parts.tsx'
import { type ActionAsk, type Ask, content, type Shown } from '../desk/room.ts'
import { DataTable, Pager } from '../desk/table.tsx'
import { wholeCount } from '../figures.ts'
import { fill, type Lang } from '../texts.ts'
import { operatorTexts as texts } from './texts.ts'

type Page = z.infer<typeof replyList>
type Row = Page['replies'][number]
type View = z.infer<typeof replyView>
type Retried = z.infer<typeof replyRetried>

export const troubledStates = ['unreadable', 'unmatched', 'failed'] as const
type TroubledState = (typeof troubledStates)[number]

const stateOf = (text: string | undefined): TroubledState =>
  troubledStates.find((state) => state === text) ?? 'unmatched'

const PATH = '/operator/replies'

export const repliesPage = async ({ api, lang, t, query }: Ask): Promise<Shown> => {
  const state = stateOf(query.state)
  const found = await api.get<Page>('/api/v1/replies', { state, cursor: query.cursor })
  if (found.kind === 'problem') return found
  const { replies, next } = found.value
  return content(
    t(texts.replies),
    <>
      <PageHead title={t(texts.replies)} note={t(texts.repliesNote)}>
        {replies.length === 0 ? (
          ''
        ) : (
          <form action={`${PATH}/retry`} method="post">
            <input type="hidden" name="state" value={state} />
            <button type="submit">{t(texts.retryAll)}</button>
          </form>
        )}
      </PageHead>
      <Tabs
        label={t(texts.replies)}
        tabs={troubledStates.map((each) => ({
          href: `${PATH}?state=${each}`,
          name: t(texts[each]),
          current: each === state,
        }))}
      />
      <DataTable
        lang={lang}
        caption={t(texts[state])}
        rows={replies}
        href={({ id }) => `${PATH}/${id}`}
        empty={{ title: t(texts.noReplies) }}
        columns={[
          { name: t(texts.received), kind: 'time', cell: (row) => <Time iso={row.receivedAt} /> },
          { name: t(texts.kind), kind: 'code', cell: (row) => row.kind ?? '–' },
          { name: t(texts.what), cell: (row) => whatIsWrong(row, lang) },
          {
            name: t(texts.numbers),
            kind: 'code',
            cell: (row) => <Numbers lang={lang} row={row} />,
          },
          {
            name: t(texts.attempts),
            kind: 'number',
            wideOnly: true,
            cell: (row) => wholeCount(row.attempts),
          },
        ]}
      />
      <Pager lang={lang} path={PATH} query={{ ...query, state }} next={next} />
    </>,
  )
}

const whatIsWrong = ({ explanation, problem }: Row, lang: Lang): string =>
  explanation?.[lang] ?? problem ?? '–'

const Numbers = ({ lang, row }: { readonly lang: Lang; readonly row: Row }) => {
  if (row.numbers.length === 0) return <span class="none">–</span>
  return (
    <>
      {row.numbers
        .slice(0, 3)
        .map(({ number }) => number)
        .join(', ')}
      {row.numberCount > 3
        ? ` ${fill(texts.numbersMore[lang], { count: wholeCount(row.numberCount) })}`
        : ''}
    </>
  )
}

// ---- one of them -----------------------------------------------------------------------------

export const replyPage = async ({ api, lang, t, param, notFound }: Ask): Promise<Shown> => {
  const found = await api.get<View>(`/api/v1/replies/${encodeURIComponent(param('id'))}`)
  if (found.kind === 'problem') return found.status === 404 ? notFound() : found
  const reply = found.value
  const own = `${PATH}/${reply.id}`
  return content(
    t(texts.reply),
    <>
      <PageHead title={`${t(texts.reply)} ${reply.kind ?? ''}`}>
        {troubledStates.some((state) => state === reply.state) ? (
          <form action={`${own}/retry`} method="post">
            <button type="submit" class="primary">
              {t(texts.retry)}
            </button>
          </form>
        ) : (
          ''
        )}
        <form action={`${own}/raw`} method="post">
          <button type="submit">{t(texts.raw)}</button>
        </form>
      </PageHead>
      {reply.explanation === null ? '' : <Explanation lang={lang} reply={reply} />}
      <section class="card">
        <Facts
          facts={[
            { name: t(texts.state), value: stateText(reply.state, lang) },
            { name: t(texts.received), value: <Time iso={reply.receivedAt} /> },
            { name: t(texts.receivers), value: reply.receivers.join(', ') || '–' },
            { name: t(texts.attempts), value: wholeCount(reply.attempts) },
            { name: t(texts.size), value: reply.size === null ? '–' : wholeCount(reply.size) },
            { name: t(texts.idName), value: <Code lang={lang} text={reply.id} /> },
          ]}
        />
      </section>
      <FaultList lang={lang} faults={reply.faults} />
      {reply.singles.length === 0 ? '' : <Singles lang={lang} reply={reply} />}
      {(reply.responses ?? []).length === 0 ? '' : <Responses lang={lang} reply={reply} />}
    </>,
  )
}

const stateText = (state: View['state'], lang: Lang): string => texts[state][lang]

const Explanation = ({ lang, reply }: { readonly lang: Lang; readonly reply: View }) => {
  const { explanation } = reply
  if (explanation === null) return ''
  return (
    <section class="card notice">
      <h2>{explanation[lang]}</h2>
      <p>
        {texts.cause[lang]}：{explanation.cause[lang]}
      </p>
      <p class="cure">
        <span>{texts.cure[lang]}</span> {explanation.cure[lang]}
      </p>
      <p class="fault-place">
        <code>{explanation.code}</code>
      </p>
    </section>
  )
}

const Singles = ({ lang, reply }: { readonly lang: Lang; readonly reply: View }) => (
  <DataTable
    lang={lang}
    caption={texts.singles[lang]}
    rows={reply.singles}
    columns={[
      { name: texts.number[lang], kind: 'code', cell: ({ number }) => number },
      { name: texts.kind[lang], kind: 'code', cell: ({ kind }) => kind },
      {
        name: texts.returnStatus[lang],
        cell: ({ returnStatus, meaning }) =>
          meaning === null ? returnStatus : `${returnStatus} ${meaning[lang]}`,
      },
      { name: texts.returnTime[lang], kind: 'time', cell: ({ returnTime }) => returnTime },
      { name: texts.info[lang], cell: ({ info }) => info ?? '–' },
    ]}
  />
)

const Responses = ({ lang, reply }: { readonly lang: Lang; readonly reply: View }) => (
  <DataTable
    lang={lang}
    caption={texts.responses[lang]}
    rows={reply.responses ?? []}
    columns={[
      { name: texts.code[lang], kind: 'code', cell: ({ code }) => code },
      { name: texts.meaning[lang], cell: (row) => row[lang] },
      { name: texts.message[lang], kind: 'code', cell: ({ copMsgId }) => copMsgId ?? '–' },
      { name: texts.cure[lang], cell: ({ cure }) => cure[lang] },
    ]}
  />
)

// ---- acts ------------------------------------------------------------------------------------

/** Asks first: the bytes may hold personal data, and whoever opens them is logged. */
export const openRaw = async ({
  api,
  lang,
  t,
  form,
  param,
  notFound,
}: ActionAsk): Promise<Shown> => {
  const id = param('id')
  if (form.text('confirmed') !== 'yes')
    return content(
      t(texts.rawTitle),
      <Confirm
        lang={lang}
        title={t(texts.rawTitle)}
        consequences={[t(texts.rawAudited), t(texts.rawFile)]}
        action={`${PATH}/${encodeURIComponent(id)}/raw`}
        verb={t(texts.raw)}
        cancelPath={`${PATH}/${encodeURIComponent(id)}`}
      />,
    )
  const file = await api.file(`/api/v1/replies/${encodeURIComponent(id)}/raw`)
  return file instanceof Response || file.status !== 404 ? file : notFound()
}

export const retryOne = async ({ api, param, go, notFound }: ActionAsk): Promise<Shown> => {
  const id = param('id')
  const done = await api.post<Retried>(`/api/v1/replies/${encodeURIComponent(id)}/retry`)
  if (done.kind === 'problem') return done.status === 404 ? notFound() : done
  return go(`${PATH}/${encodeURIComponent(id)}`, { tone: 'done', text: retriedText(done.value) })
}

export const retryAll = async ({ api, lang, t, form, go }: ActionAsk): Promise<Shown> => {
  const state = stateOf(form.text('state'))
  const back = `${PATH}?state=${state}`
  if (form.text('confirmed') !== 'yes') {
    const title = fill(t(texts.retryAllTitle), { state: t(texts[state]) })
    return content(
      title,
      <Confirm
        lang={lang}
        title={title}
        consequences={[t(texts.retryAllWhat), t(texts.retryAllSafe)]}
        action={`${PATH}/retry`}
        fields={{ state }}
        verb={t(texts.retryAll)}
        cancelPath={back}
      />,
    )
  }
  const done = await api.post<Retried>('/api/v1/replies/retry', { state })
  return done.kind === 'problem' ? done : go(back, { tone: 'done', text: retriedText(done.value) })
}

const retriedText = ({ retried, more }: Retried) => {
  const text = more ? texts.retriedMore : texts.retried
  const count = wholeCount(retried)
  return { zh: fill(text.zh, { count }), en: fill(text.en, { count }) }
}
