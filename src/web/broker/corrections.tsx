/**
 * `/broker/corrections/:token`: one correction, before, while and after it is carried out. The page
 * can be left and found again: it tells what the documents' versions tell.
 */
import type { z } from 'zod'
import { causes } from '../../catalogue/causes/index.ts'
import type { correctionList, correctionView } from '../../http/correction-schemas.ts'
import { failureFacts } from '../../kernel/failure.ts'
import type { Text } from '../../kernel/fault.ts'
import { placeOf } from '../desk/notices.tsx'
import { Empty, PageHead, Progress, Time } from '../desk/parts.tsx'
import { type ActionAsk, type Ask, content, type Shown } from '../desk/room.ts'
import { DataTable, Pager } from '../desk/table.tsx'
import { kindShort } from '../documents/names.ts'
import { documentPath } from '../documents/places.ts'
import { chinaTime, wholeCount } from '../figures.ts'
import { fill, inBrackets, type Lang, say } from '../texts.ts'
import {
  CORRECTED_PER_PAGE,
  CORRECTION_LOOK_SECONDS,
  CORRECTION_WAITED_MAX,
} from './broker-limits.ts'
import { BASE, places } from './parts.tsx'
import { rejectionTexts as texts } from './rejection-texts.ts'

export type Corrections = z.infer<typeof correctionList>
type Correction = Corrections['corrections'][number]
type View = z.infer<typeof correctionView>
type Item = View['documents'][number]

const API = '/api/v1/rejections/corrections'
const pathOf = (token: string): string => `${BASE}/corrections/${encodeURIComponent(token)}`

const STATES: Readonly<Record<Correction['state'], Text>> = {
  previewed: texts.statePreviewed,
  expired: texts.stateExpired,
  'under-way': texts.stateUnderWay,
  finished: texts.stateFinished,
}

const OUTCOMES: Readonly<Record<Item['outcome'], Text>> = {
  planned: texts.outcomePlanned,
  done: texts.outcomeDone,
  'changed-since': texts.outcomeChanged,
  left: texts.outcomeLeft,
}

export const correctionPage = async ({ api, c, lang, t, query, param }: Ask): Promise<Shown> => {
  const token = param('token')
  const found = await api.get<View>(`${API}/${encodeURIComponent(token)}`, {
    ...{ cursor: query.cursor, limit: CORRECTED_PER_PAGE },
  })
  if (found.kind === 'problem') return found
  const view = found.value
  // Just begun: the first document is not yet written down.
  const isBegun = query.begun !== undefined && view.state === 'previewed'
  const isUnderWay = view.state === 'under-way' || isBegun
  if (isUnderWay) c.header('refresh', String(CORRECTION_LOOK_SECONDS))
  const title = fill(t(texts.correction), { time: chinaTime(view.createdAt).slice(0, 16) })
  const path = pathOf(token)
  return content(
    title,
    <>
      <PageHead title={title} note={whatOf(view, lang)}>
        <a class="button" href={`${BASE}/rejections`}>
          {t(texts.backToCauses)}
        </a>
      </PageHead>
      {isUnderWay ? <UnderWay lang={lang} view={view} /> : <Standing lang={lang} view={view} />}
      <ChangesTable lang={lang} documents={view.documents} />
      <Pager lang={lang} path={path} query={query} next={view.next} />
    </>,
  )
}

interface ViewProps {
  readonly lang: Lang
  readonly view: View
}

const UnderWay = ({ lang, view: { token, done, items } }: ViewProps) => (
  <section class="card">
    <h2>{say(texts.underWay, lang)}</h2>
    <Progress lang={lang} label={say(texts.outcomeDone, lang)} done={done} all={items} />
    <p class="note">{say(texts.underWayNote, lang)}</p>
    <form action={`${pathOf(token)}/apply`} method="post">
      <p class="acts">
        <button type="submit">{say(texts.goOn, lang)}</button>
      </p>
    </form>
  </section>
)

const Standing = ({ lang, view }: ViewProps) => {
  const { state, token, items, done, until } = view
  if (state === 'previewed') return <ApplyForm lang={lang} token={token} until={until} notes={[]} />
  return (
    <section class="card">
      <p>
        <strong>
          {state === 'expired'
            ? say(texts.expired, lang)
            : fill(say(texts.finished, lang), {
                ...{ done: wholeCount(done), left: wholeCount(items - done) },
              })}
        </strong>
      </p>
      {state === 'expired' ? (
        ''
      ) : (
        <Progress lang={lang} label={say(texts.outcomeDone, lang)} done={done} all={items} />
      )}
    </section>
  )
}

export interface ApplyFormProps {
  readonly lang: Lang
  readonly token: string
  /** ISO moment; a preview just made is good for a day. */
  readonly until?: string
  readonly notes: readonly Text[]
}

/** Says what will follow, and does it. */
export const ApplyForm = ({ lang, token, until, notes }: ApplyFormProps) => (
  <section class="card confirm">
    <ul>
      <li>{say(texts.previewNew, lang)}</li>
      {until === undefined ? (
        ''
      ) : (
        <li>{fill(say(texts.previewUntil, lang), { time: chinaTime(until).slice(0, 16) })}</li>
      )}
      {notes.map((note) => (
        <li>{note[lang]}</li>
      ))}
    </ul>
    <form action={`${pathOf(token)}/apply`} method="post">
      <p class="acts">
        <button type="submit" class="primary">
          {say(texts.apply, lang)}
        </button>
        <a class="button" href={`${BASE}/rejections`}>
          {say(texts.backToCauses, lang)}
        </a>
      </p>
    </form>
  </section>
)

/** Few documents are waited for; of many the page tells how far they are. */
export const applyCorrection = async (ask: ActionAsk): Promise<Shown> => {
  const { api, param, go, c } = ask
  const token = param('token')
  const found = await api.get<View>(`${API}/${encodeURIComponent(token)}`, { limit: 1 })
  if (found.kind === 'problem') return found
  const path = pathOf(token)
  if (found.value.state === 'finished' || found.value.state === 'expired') return go(path)
  const applied = api.post(API, { token })
  if (found.value.items <= CORRECTION_WAITED_MAX) {
    const answer = await applied
    return answer.kind === 'problem' ? answer : go(path)
  }
  const { log } = c.get('deps').flow
  const followed = applied.then(
    (answer) => {
      if (answer.kind === 'problem')
        log.warn('correction-stopped', { token, code: answer.problem.code })
    },
    (error) => log.error('correction-stopped', { token, ...failureFacts(error) }),
  )
  keepAlive(ask, followed)
  return go(`${path}?begun=1`)
}

/** A Worker lives no longer than its answer, unless it is told what is still going on. */
const keepAlive = ({ c }: Ask, work: Promise<void>): void => {
  try {
    c.executionCtx.waitUntil(work)
  } catch {
    // A server that stays up has no such thing and needs none.
  }
}

// ---- lists -----------------------------------------------------------------------------------

export interface ShownChange
  extends Pick<Item, 'id' | 'kind' | 'number' | 'companion' | 'changes' | 'outcome'> {}

export const ChangesTable = ({
  lang,
  documents,
}: {
  readonly lang: Lang
  readonly documents: readonly ShownChange[]
}) =>
  documents.length === 0 ? (
    <Empty title={say(texts.previewNothing, lang)} />
  ) : (
    <DataTable
      lang={lang}
      caption={say(texts.changes, lang)}
      columns={[
        { name: say(texts.number, lang), cell: ({ number }) => number, kind: 'code' },
        {
          name: say(texts.kind, lang),
          cell: ({ kind, companion }) =>
            companion
              ? `${kindShort(kind, lang)}${inBrackets(say(texts.companion, lang), lang)}`
              : kindShort(kind, lang),
        },
        {
          name: say(texts.changes, lang),
          cell: ({ changes }) =>
            changes.length === 0 ? (
              <span class="none">{say(texts.asTheyAre, lang)}</span>
            ) : (
              <ul class="changes">
                {changes.map(({ pointer, before, after }) => (
                  <li>
                    <span class="value-place">{placeOf(pointer)}</span>{' '}
                    <del>{before ?? say(texts.nothingThere, lang)}</del>{' '}
                    <span aria-hidden="true">→</span>{' '}
                    <ins>{after ?? say(texts.nothingThere, lang)}</ins>
                  </li>
                ))}
              </ul>
            ),
        },
        {
          name: say(texts.outcome, lang),
          cell: ({ outcome }) => say(OUTCOMES[outcome], lang),
        },
      ]}
      rows={documents}
      liveId={({ id }) => id}
      href={({ id }) => documentPath(places, id)}
    />
  )

export const CorrectionsTable = ({
  lang,
  corrections,
}: {
  readonly lang: Lang
  readonly corrections: readonly Correction[]
}) => (
  <DataTable
    lang={lang}
    caption={say(texts.correctionsCaption, lang)}
    columns={[
      { name: say(texts.what, lang), cell: (correction) => whatOf(correction, lang) },
      { name: say(texts.state, lang), cell: ({ state }) => say(STATES[state], lang) },
      { name: say(texts.items, lang), cell: ({ items }) => wholeCount(items), kind: 'number' },
      {
        name: say(texts.madeAt, lang),
        cell: ({ createdAt }) => <Time iso={createdAt} />,
        kind: 'time',
      },
    ]}
    rows={corrections}
    href={({ token }) => pathOf(token)}
  />
)

const isCause = (name: string): name is keyof typeof causes => name in causes

/** Of which cause, and what is set to what. */
const whatOf = ({ cause, change }: Correction, lang: Lang): string => {
  const why = cause !== null && isCause(cause) ? causes[cause][lang] : undefined
  const field = change === null ? '' : `${kindOf(change.kind, lang)}${change.field}`
  const how =
    change === null
      ? say(texts.whatAsIs, lang)
      : change.from === null
        ? field
        : fill(say(texts.whatFrom, lang), { field, from: kindShort(change.from, lang) })
  return why === undefined ? how : `${why} · ${how}`
}

const kindOf = (kind: string | null, lang: Lang): string =>
  kind === null ? '' : `${kindShort(kind, lang)} `
