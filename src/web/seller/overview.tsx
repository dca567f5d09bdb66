/** `/seller`: what needs the reader first, the latest refusals with their cure, what falls due. */
import type { z } from 'zod'
import { type StateGroup, stateGroups } from '../../catalogue/statuses.ts'
import type { deadlineList } from '../../http/clock-schemas.ts'
import type { rejectedList } from '../../http/rejection-schemas.ts'
import type { documentList } from '../../http/schemas.ts'
import type { statusAnswer } from '../../http/status-schemas.ts'
import { Empty, PageHead, Time } from '../desk/parts.tsx'
import { type Ask, content, type Shown } from '../desk/room.ts'
import { DataTable } from '../desk/table.tsx'
import { groupMarks } from '../desk/texts.ts'
import { WebhookNotice } from '../desk/webhook-parts.tsx'
import { DocumentsTable } from '../documents/documents-table.tsx'
import { handInTexts } from '../documents/hand-in-texts.ts'
import { WholeLink } from '../documents/hand-in-ways.tsx'
import { kindShort } from '../documents/names.ts'
import {
  type DocumentPlaces,
  documentPath,
  documentsPath,
  handInPath,
} from '../documents/places.ts'
import { fill, type Lang, say } from '../texts.ts'
import { COUNTED_MAX, DEADLINES_SHOWN, URGENT_SHOWN } from './seller-limits.ts'
import { sellerTexts as texts } from './texts.ts'

type Listed = z.infer<typeof documentList>
type Refused = z.infer<typeof rejectedList>['documents'][number]
type Deadline = z.infer<typeof deadlineList>['deadlines'][number]

const GROUPS: readonly StateGroup[] = ['action-needed', 'under-way', 'done', 'refused']

export const overviewPage = async (ask: Ask, places: DocumentPlaces): Promise<Shown> => {
  const { api, lang, t, viewer } = ask
  const [groups, refused, deadlines, status] = await Promise.all([
    Promise.all(
      GROUPS.map((group) => api.get<Listed>('/api/v1/documents', { group, limit: COUNTED_MAX })),
    ),
    api.get<z.infer<typeof rejectedList>>('/api/v1/rejections/documents', { limit: URGENT_SHOWN }),
    api.get<z.infer<typeof deadlineList>>('/api/v1/deadlines'),
    api.get<z.infer<typeof statusAnswer>>('/api/v1/status'),
  ])
  const problem = [...groups, refused, deadlines].find((found) => found.kind === 'problem')
  if (problem !== undefined) return problem
  if (status.kind === 'problem') return status
  const pages = groups.flatMap((found) => (found.kind === 'ok' ? found.value : []))
  return content(
    t(texts.overview),
    <>
      <PageHead title={t(texts.overview)}>
        <WholeLink ask={ask} places={places} />
        <a class="button primary" href={handInPath(places)}>
          {t(handInTexts.handInTitle)}
        </a>
      </PageHead>
      <WebhookNotice {...{ lang, viewer, webhooks: status.value.webhooks }} />
      <Groups lang={lang} places={places} pages={pages} />
      <Urgent lang={lang} places={places} page={pages[0]} />
      <Refusals
        lang={lang}
        places={places}
        refused={refused.kind === 'ok' ? refused.value.documents : []}
      />
      <Deadlines lang={lang} deadlines={deadlines.kind === 'ok' ? deadlines.value.deadlines : []} />
    </>,
  )
}

interface Shared {
  readonly lang: Lang
  readonly places: DocumentPlaces
}

const Groups = ({ lang, places, pages }: Shared & { readonly pages: readonly Listed[] }) => (
  <nav class="group-cards" aria-label={say(texts.groupsHeading, lang)}>
    {GROUPS.map((group, index) => (
      <a
        class="card group-card"
        data-group={group}
        href={`${documentsPath(places)}?group=${group}`}
      >
        <span class="group-name">
          <span aria-hidden="true">{groupMarks[group]}</span> {stateGroups[group][lang]}
        </span>
        <strong class="group-count">{boundedCount(pages[index])}</strong>
      </a>
    ))}
  </nav>
)

/** No full counts: `100+` where there are more. */
const boundedCount = (page: Listed | undefined): string =>
  page === undefined ? '–' : page.next === null ? String(page.documents.length) : `${COUNTED_MAX}+`

const Urgent = ({ lang, places, page }: Shared & { readonly page: Listed | undefined }) => {
  const documents = (page?.documents ?? []).slice(0, URGENT_SHOWN)
  return documents.length === 0 ? (
    <Empty title={say(texts.needsMeNone, lang)} />
  ) : (
    <DocumentsTable
      lang={lang}
      places={places}
      documents={documents}
      caption={say(texts.needsMe, lang)}
    />
  )
}

const Refusals = ({ lang, places, refused }: Shared & { readonly refused: readonly Refused[] }) => (
  <>
    <DataTable
      lang={lang}
      caption={say(texts.refusals, lang)}
      columns={[
        {
          name: say(texts.kind, lang),
          cell: ({ kind, number }) => `${kindShort(kind, lang)} ${number}`,
        },
        {
          name: say(texts.why, lang),
          cell: ({ reason }) => (reason === null ? '–' : reason.cause[lang]),
        },
        {
          name: say(texts.cure, lang),
          cell: ({ reason }) => (reason === null ? '–' : reason.cure[lang]),
        },
        {
          name: say(texts.time, lang),
          cell: ({ refusedAt }) => <Time iso={refusedAt} />,
          kind: 'time',
        },
      ]}
      rows={refused}
      liveId={({ id }) => id}
      href={({ id }) => documentPath(places, id)}
      empty={{ title: say(texts.refusalsNone, lang) }}
    />
    {refused.length === 0 ? (
      ''
    ) : (
      <p>
        <a href={`${documentsPath(places)}?group=refused`}>{say(texts.allRefused, lang)}</a>
      </p>
    )}
  </>
)

const Deadlines = ({
  lang,
  deadlines,
}: {
  readonly lang: Lang
  readonly deadlines: readonly Deadline[]
}) => (
  <DataTable
    lang={lang}
    caption={say(texts.deadlines, lang)}
    columns={[
      { name: say(texts.what, lang), cell: (deadline) => deadline[lang] },
      {
        name: say(texts.date, lang),
        cell: ({ date, daysLeft }) => (
          <>
            {date}{' '}
            <strong>
              {fill(say(daysLeft < 0 ? texts.overdue : texts.daysLeft, lang), {
                days: String(Math.abs(daysLeft)),
              })}
            </strong>
          </>
        ),
      },
      { name: say(texts.documents, lang), cell: ({ count }) => String(count), kind: 'number' },
      { name: say(texts.missed, lang), cell: ({ missed }) => missed[lang] },
    ]}
    rows={deadlines.slice(0, DEADLINES_SHOWN)}
    empty={{ title: say(texts.deadlinesNone, lang) }}
  />
)
