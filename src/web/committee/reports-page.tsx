/** Monthly reports: their editions, to be downloaded, published by the operator, and signed off. */
import type { z } from 'zod'
import type { publication, reportList } from '../../http/report-schemas.ts'
import { Field } from '../desk/fields.tsx'
import { Confirm, PageHead, Time } from '../desk/parts.tsx'
import { type ActionAsk, type Ask, content, type Shown } from '../desk/room.ts'
import { type Column, DataTable, Pager } from '../desk/table.tsx'
import { fill, type Lang, say } from '../texts.ts'
import { reportTexts as texts } from './report-texts.ts'

type Listed = z.infer<typeof reportList>
type Report = Listed['reports'][number]

const PATH = '/committee/reports'
const FORMATS = ['pdf', 'xlsx', 'json'] as const

export const reportsPage = async ({ api, lang, query, viewer }: Ask): Promise<Shown> => {
  const { cursor, month } = query
  const found = await api.get<Listed>('/api/v1/reports', { cursor, month })
  if (found.kind === 'problem') return found
  const { reports, next } = found.value
  const title = say(texts.reports, lang)
  return content(
    title,
    <>
      <PageHead title={title} note={say(texts.note, lang)} />
      {viewer.kind === 'operator' ? (
        <Make lang={lang} />
      ) : (
        <p class="note">{say(texts.makeBy, lang)}</p>
      )}
      <DataTable
        lang={lang}
        caption={title}
        rows={reports}
        columns={columnsOf(lang, lastOfMonths(reports))}
        empty={{ title: say(texts.none, lang), note: say(texts.makeBy, lang) }}
      />
      <Pager lang={lang} path={PATH} query={query} next={next} />
    </>,
  )
}

/** The latest come first, so the first of a month is its last edition. */
const lastOfMonths = (reports: readonly Report[]): ReadonlySet<string> => {
  const last = new Map<string, string>()
  for (const { id, month } of reports) if (!last.has(month)) last.set(month, id)
  return new Set(last.values())
}

const Make = ({ lang }: { readonly lang: Lang }) => (
  <form class="card filters" action={PATH} method="post">
    <Field lang={lang} type="month" name="month" label={say(texts.month, lang)} required />
    <p class="acts">
      <button type="submit" class="primary">
        {say(texts.make, lang)}
      </button>
    </p>
    <p class="note">{say(texts.makeNote, lang)}</p>
  </form>
)

const columnsOf = (lang: Lang, last: ReadonlySet<string>): readonly Column<Report>[] => [
  {
    name: say(texts.number, lang),
    kind: 'code',
    cell: ({ number }) => number,
  },
  { name: say(texts.month, lang), cell: ({ month }) => month },
  {
    name: say(texts.edition, lang),
    cell: ({ edition }) => fill(say(texts.editionOf, lang), { n: String(edition) }),
  },
  {
    name: say(texts.status, lang),
    cell: ({ status }) => (
      <span class="standing" data-standing={status === 'final' ? 'within' : 'no-figure'}>
        {say(texts[status], lang)}
      </span>
    ),
  },
  { name: say(texts.asOf, lang), kind: 'time', cell: ({ asOf }) => <Time iso={asOf} /> },
  {
    name: say(texts.changes, lang),
    kind: 'number',
    cell: ({ changes }) => changes,
    wideOnly: true,
  },
  {
    name: say(texts.signOffs, lang),
    cell: ({ signOffs }) =>
      signOffs.length === 0 ? '–' : signOffs.map(({ role, by }) => `${role}：${by}`).join('；'),
  },
  {
    name: say(texts.files, lang),
    cell: ({ id, number }) => (
      <span class="files">
        {FORMATS.map((format) => (
          <a
            href={`${PATH}/${id}/${format}`}
            aria-label={`${number} ${format.toUpperCase()}`}
            download
          >
            {format.toUpperCase()}
          </a>
        ))}
      </span>
    ),
  },
  {
    name: say(texts.sign, lang),
    cell: ({ id, number }) =>
      last.has(id) ? (
        <a href={`${PATH}/${id}/sign`} aria-label={fill(say(texts.confirmSign, lang), { number })}>
          {say(texts.sign, lang)}
        </a>
      ) : (
        <span class="none" title={say(texts.lastOnly, lang)}>
          –
        </span>
      ),
  },
]

export const reportFile = async ({ api, param, lang, notFound }: Ask): Promise<Shown> => {
  const format = FORMATS.find((known) => known === param('format'))
  if (format === undefined) return notFound()
  const path = `/api/v1/reports/${encodeURIComponent(param('id'))}.${format}`
  return api.file(path, format === 'json' ? {} : { lang })
}

export const makeReport = async ({
  api,
  form,
  lang,
  viewer,
  notFound,
  go,
}: ActionAsk): Promise<Shown> => {
  if (viewer.kind !== 'operator') return notFound()
  const month = form.text('month')
  if (!/^\d{4}-\d\d$/.test(month)) return go(PATH, { tone: 'failed', text: texts.monthMissing })
  if (form.text('confirmed') !== 'yes')
    return content(
      say(texts.make, lang),
      <Confirm
        lang={lang}
        title={fill(say(texts.confirmMake, lang), { month })}
        consequences={[say(texts.makeWhat, lang), say(texts.makeStays, lang)]}
        action={PATH}
        fields={{ month }}
        verb={say(texts.makeVerb, lang)}
        cancelPath={PATH}
      />,
    )
  const made = await api.post('/api/v1/reports', { month })
  return made.kind === 'problem' ? made : go(PATH, { tone: 'done', text: texts.published })
}

export const signPage = async (ask: Ask): Promise<Shown> => askToSign(ask)

const askToSign = async (ask: Ask, missing = false): Promise<Shown> => {
  const { api, param, lang, viewer } = ask
  const id = param('id')
  const found = await api.get<{ readonly publication: z.infer<typeof publication> }>(
    `/api/v1/reports/${encodeURIComponent(id)}.json`,
  )
  if (found.kind === 'problem') return found
  const { number, sha256, asOf } = found.value.publication
  return content(
    say(texts.sign, lang),
    <Confirm
      lang={lang}
      title={fill(say(texts.confirmSign, lang), { number })}
      consequences={[
        fill(say(texts.signWhat, lang), { name: viewer.name }),
        say(texts.signFinal, lang),
        <>
          {say(texts.asOf, lang)} <Time iso={asOf} /> · {say(texts.fingerprint, lang)}{' '}
          <code>{sha256.slice(0, 16)}</code>
        </>,
      ]}
      action={`${PATH}/${encodeURIComponent(id)}/sign`}
      verb={say(texts.signVerb, lang)}
      cancelPath={PATH}
    >
      {missing ? (
        <p class="field-faults" role="alert">
          {say(texts.roleMissing, lang)}
        </p>
      ) : (
        ''
      )}
      <Field
        lang={lang}
        name="role"
        label={say(texts.role, lang)}
        hint={say(texts.roleHint, lang)}
        maxlength={40}
        required
      />
    </Confirm>,
    missing ? 422 : 200,
  )
}

export const signReport = async (ask: ActionAsk): Promise<Shown> => {
  const { api, form, param, go } = ask
  const role = form.text('role').trim()
  if (role === '' || form.text('confirmed') !== 'yes') return askToSign(ask, role === '')
  const done = await api.post(`/api/v1/reports/${encodeURIComponent(param('id'))}/sign-offs`, {
    role,
  })
  return done.kind === 'problem' ? done : go(PATH, { tone: 'done', text: texts.signed })
}
