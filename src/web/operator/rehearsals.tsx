/** Rehearsals: one is begun after a question, watched or left, and found again with its report. */
import type { z } from 'zod'
import type { rehearsalList, rehearsalView } from '../../http/rehearsal-schemas.ts'
import { plannedTotal } from '../../kernel/rehearsal-curve.ts'
import {
  REHEARSAL_SECONDS_MAX,
  REHEARSAL_SECONDS_MIN,
  REHEARSAL_TIMES_MAX,
} from '../../kernel/rehearsal-limits.ts'
import type { Problem } from '../desk/api.ts'
import { Field, faultsAt } from '../desk/fields.tsx'
import { ProblemNotice } from '../desk/notices.tsx'
import { Confirm, Facts, PageHead, Progress, Time } from '../desk/parts.tsx'
import { type ActionAsk, type Ask, content, type Shown } from '../desk/room.ts'
import { type Column, DataTable, Pager } from '../desk/table.tsx'
import { chinaTime, wholeCount } from '../figures.ts'
import { fill, type Lang } from '../texts.ts'
import { Report } from './rehearsal-report.tsx'
import { rehearsalTexts as texts } from './rehearsal-texts.ts'
import { operatorTexts } from './texts.ts'
import { Standing, type Tone } from './tiles.tsx'

type Page = z.infer<typeof rehearsalList>
type View = z.infer<typeof rehearsalView>

const PATH = '/operator/rehearsals'
const TIMES_DEFAULT = '5'
const SECONDS_DEFAULT = '60'

interface Returned {
  readonly values: Readonly<Record<string, string>>
  readonly problem: Problem
}

export const rehearsalsPage = (ask: Ask): Promise<Shown> => show(ask)

const show = async ({ api, lang, t, query }: Ask, returned?: Returned): Promise<Shown> => {
  const found = await api.get<Page>('/api/v1/rehearsals', { cursor: query.cursor })
  if (found.kind === 'problem') return found
  const { rehearsals, next, hindrance } = found.value
  return content(
    t(operatorTexts.rehearsal),
    <>
      <PageHead title={t(operatorTexts.rehearsal)} note={t(texts.note)} />
      {returned === undefined ? '' : <ProblemNotice lang={lang} problem={returned.problem} />}
      {hindrance === null ? (
        <StartForm lang={lang} returned={returned} />
      ) : (
        <section class="card notice">
          <h2>
            {t(texts.notHere)}：{hindrance[lang]}
          </h2>
          <p>{hindrance.cure[lang]}</p>
        </section>
      )}
      <DataTable
        lang={lang}
        caption={t(texts.list)}
        rows={rehearsals}
        columns={columns(lang)}
        href={({ id }) => `${PATH}/${id}`}
        empty={{ title: t(texts.none) }}
      />
      <Pager lang={lang} path={PATH} query={query} next={next} />
    </>,
    returned === undefined ? 200 : 422,
  )
}

const TONES: Readonly<Record<View['state'], Tone>> = {
  running: 'good',
  done: 'good',
  failed: 'bad',
  stopped: 'wait',
  'broken-off': 'wait',
}

const columns = (lang: Lang): readonly Column<View>[] => [
  { name: texts.startedAt[lang], kind: 'time', cell: ({ startedAt }) => <Time iso={startedAt} /> },
  {
    name: texts.state[lang],
    cell: ({ state }) => <Standing tone={TONES[state]} text={texts[state][lang]} />,
  },
  { name: texts.times[lang], kind: 'number', cell: ({ times }) => `×${times}` },
  { name: texts.seconds[lang], kind: 'number', cell: ({ seconds }) => wholeCount(seconds) },
  { name: texts.lists[lang], kind: 'number', cell: ({ planned }) => wholeCount(planned) },
  { name: texts.released[lang], kind: 'number', cell: ({ done }) => wholeCount(done) },
  { name: texts.endedAt[lang], kind: 'time', cell: ({ endedAt }) => <Time iso={endedAt} /> },
]

const StartForm = ({
  lang,
  returned,
}: {
  readonly lang: Lang
  readonly returned: Returned | undefined
}) => {
  const faults = returned?.problem.faults ?? []
  const bounds = { min: String(REHEARSAL_SECONDS_MIN), max: String(REHEARSAL_SECONDS_MAX) }
  return (
    <form class="card" action={PATH} method="post">
      <h2>{texts.start[lang]}</h2>
      <Field
        lang={lang}
        name="times"
        type="number"
        min="1"
        max={String(REHEARSAL_TIMES_MAX)}
        required
        label={texts.times[lang]}
        hint={fill(texts.timesHint[lang], { max: String(REHEARSAL_TIMES_MAX) })}
        value={returned?.values.times ?? TIMES_DEFAULT}
        faults={faultsAt(faults, '/times')}
      />
      <Field
        lang={lang}
        name="seconds"
        type="number"
        {...bounds}
        required
        label={texts.seconds[lang]}
        hint={fill(texts.secondsHint[lang], bounds)}
        value={returned?.values.seconds ?? SECONDS_DEFAULT}
        faults={faultsAt(faults, '/seconds')}
      />
      <p class="acts">
        <button type="submit" class="primary">
          {texts.start[lang]}
        </button>
      </p>
    </form>
  )
}

export const startRehearsal = async (ask: ActionAsk): Promise<Shown> => {
  const { api, lang, form, go } = ask
  const plan = { times: Number(form.text('times')), seconds: Number(form.text('seconds')) }
  const isSound =
    [plan.times, plan.seconds].every((each) => Number.isInteger(each) && each > 0) &&
    plan.seconds <= REHEARSAL_SECONDS_MAX
  if (isSound && form.text('confirmed') !== 'yes') return askFirst(lang, plan)
  const begun = await api.post<View>('/api/v1/rehearsals', plan)
  if (begun.kind === 'problem') return show(ask, { values: form.values, problem: begun.problem })
  return go(`${PATH}/${begun.value.id}`, { tone: 'done', text: texts.begun })
}

const askFirst = (
  lang: Lang,
  plan: { readonly times: number; readonly seconds: number },
): Shown => {
  const fields = { times: String(plan.times), seconds: String(plan.seconds) }
  const title = fill(texts.startTitle[lang], fields)
  return content(
    title,
    <Confirm
      lang={lang}
      title={title}
      consequences={[
        fill(texts.startLists[lang], { lists: wholeCount(plannedTotal(plan)) }),
        texts.startLoad[lang],
        texts.startOne[lang],
      ]}
      action={PATH}
      fields={fields}
      verb={texts.start[lang]}
      cancelPath={PATH}
    />,
  )
}

// ---- one of them -----------------------------------------------------------------------------

export const rehearsalPage = async ({ api, lang, t, param, notFound }: Ask): Promise<Shown> => {
  const found = await api.get<View>(`/api/v1/rehearsals/${encodeURIComponent(param('id'))}`)
  if (found.kind === 'problem') return found.status === 404 ? notFound() : found
  const view = found.value
  const title = fill(t(view.report === null ? texts.running_title : texts.title), {
    time: chinaTime(view.startedAt).slice(0, 16),
  })
  return content(
    title,
    <>
      <PageHead title={title}>
        {view.state === 'running' ? (
          <>
            <a class="button" href={`${PATH}/${view.id}`}>
              {t(texts.reload)}
            </a>
            <form action={`${PATH}/${view.id}/stop`} method="post">
              <button type="submit">{t(texts.stop)}</button>
            </form>
          </>
        ) : (
          <>
            <button type="button" data-print hidden>
              {t(texts.print)}
            </button>
            <a class="button" href={PATH}>
              {t(texts.again)}
            </a>
          </>
        )}
      </PageHead>
      <Standings lang={lang} view={view} />
      {view.report === null ? '' : <Report lang={lang} view={view} report={view.report} />}
    </>,
  )
}

/** What it ended by, and its own last words where it left some. */
const problemText = (problem: string, lang: Lang): string => {
  const [code = '', ...words] = problem.split(' ')
  const known = code === 'no-report' || code === 'gateway-stopped' ? texts[code] : undefined
  return known === undefined ? problem : [known[lang], words.join(' ')].join(' ').trim()
}

const Standings = ({ lang, view }: { readonly lang: Lang; readonly view: View }) => {
  const isRunning = view.state === 'running'
  return (
    <section class="card" data-refresh={isRunning ? '3' : undefined}>
      <Facts
        facts={[
          {
            name: texts.state[lang],
            value: <Standing tone={TONES[view.state]} text={texts[view.state][lang]} />,
          },
          { name: texts.startedAt[lang], value: <Time iso={view.startedAt} /> },
          { name: texts.endedAt[lang], value: <Time iso={view.endedAt} /> },
          {
            name: texts.plan[lang],
            value: `×${view.times} · ${fill(texts.tookText[lang], { seconds: String(view.seconds) })}`,
          },
          ...(view.problem === null
            ? []
            : [{ name: texts.problem[lang], value: problemText(view.problem, lang) }]),
        ]}
      />
      {isRunning ? (
        <Progress lang={lang} label={texts[view.phase][lang]} done={view.done} all={view.planned} />
      ) : (
        ''
      )}
      {view.state === 'broken-off' ? <p>{texts.brokenOffWhy[lang]}</p> : ''}
    </section>
  )
}

export const stopRehearsal = async (ask: ActionAsk): Promise<Shown> => {
  const { api, lang, form, param, go, notFound } = ask
  const own = `${PATH}/${encodeURIComponent(param('id'))}`
  if (form.text('confirmed') !== 'yes')
    return content(
      texts.stopTitle[lang],
      <Confirm
        lang={lang}
        title={texts.stopTitle[lang]}
        consequences={[texts.stopWhat[lang]]}
        action={`${own}/stop`}
        verb={texts.stop[lang]}
        cancelPath={own}
      />,
    )
  const done = await api.post(`/api/v1/rehearsals/${encodeURIComponent(param('id'))}/stop`)
  if (done.kind === 'problem') return done.status === 404 ? notFound() : done
  return go(own, { tone: 'done', text: texts.stoppedNow })
}
