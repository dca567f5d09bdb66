/** Deadlines as a table, and `/broker/returns`: what of them is about returns. */
import type { z } from 'zod'
import type { deadlineList } from '../../http/clock-schemas.ts'
import { codeText } from '../desk/code-names.ts'
import { PageHead } from '../desk/parts.tsx'
import { type Ask, content, type Shown } from '../desk/room.ts'
import { DataTable, Pager } from '../desk/table.tsx'
import { documentPath } from '../documents/places.ts'
import { wholeCount } from '../figures.ts'
import { fill, type Lang, say } from '../texts.ts'
import { RETURN_DAYS, RETURN_ROWS } from './broker-limits.ts'
import {
  BASE,
  type ClientNames,
  Coded,
  clientNames,
  DaysLeft,
  type Deadline,
  places,
  rowsBefore,
} from './parts.tsx'
import { brokerTexts as texts } from './texts.ts'

export interface DeadlineTableProps {
  readonly lang: Lang
  readonly caption: string
  readonly deadlines: readonly Deadline[]
  /** Said where there is none. */
  readonly none: string
  readonly clientName: ReturnType<typeof clientNames>
}

export const DeadlineTable = ({
  lang,
  caption,
  deadlines,
  none,
  clientName: nameOf,
}: DeadlineTableProps) => (
  <DataTable
    lang={lang}
    caption={caption}
    columns={[
      {
        name: say(texts.what, lang),
        cell: ({ number, office, ...deadline }) =>
          [deadline[lang], number, office && codeText('customs', office, lang)]
            .filter((part) => part !== null)
            .join(' '),
      },
      { name: say(texts.deadline, lang), cell: ({ date }) => date, kind: 'time' },
      {
        name: say(texts.daysLeft, lang),
        cell: ({ daysLeft }) => <DaysLeft lang={lang} days={daysLeft} />,
      },
      {
        name: say(texts.client, lang),
        cell: ({ client, clientName }) =>
          client === null ? '–' : <Coded code={client} name={nameOf({ client, clientName })} />,
      },
      { name: say(texts.whose, lang), cell: ({ sender }) => sender ?? '–', wideOnly: true },
      { name: say(texts.count, lang), cell: ({ count }) => wholeCount(count), kind: 'number' },
      { name: say(texts.missed, lang), cell: ({ missed }) => missed[lang], wideOnly: true },
      {
        name: say(texts.source, lang),
        cell: ({ source, confidence }) => (
          <small>
            {source} · {fill(say(texts.confidence, lang), { grade: confidence })}
          </small>
        ),
        wideOnly: true,
      },
    ]}
    rows={deadlines}
    href={placeOfDeadline}
    empty={{ title: none }}
  />
)

/** Where one looks after it. */
const placeOfDeadline = ({ sort, documents, link }: Deadline): string | undefined => {
  const [first] = documents
  if (sort === 'mandate') return `${BASE}/mandates`
  if (sort === 'summary') return `${BASE}/summaries${searchOf(link)}`
  if (documents.length === 1 && first !== undefined) return documentPath(places, first)
  if (sort === 'goods-back' && first !== undefined) return documentPath(places, first)
  return `${BASE}/documents${searchOf(link)}`
}

/** The interface and the pages ask with the same words. */
const searchOf = (link: string): string => {
  const at = link.indexOf('?')
  return at === -1 ? '' : link.slice(at)
}

export const returnsPage = async ({ api, lang, t, query }: Ask): Promise<Shown> => {
  const [found, clients] = await Promise.all([
    api.get<z.infer<typeof deadlineList>>('/api/v1/deadlines', {
      ...{ within: RETURN_DAYS, include: 'return-window', about: 'returns' },
    }),
    api.get<ClientNames>('/api/v1/clients/names'),
  ])
  if (found.kind === 'problem') return found
  if (clients.kind === 'problem') return clients
  const clientName = clientNames(clients.value.clients)
  const of = (sort: Deadline['sort']) => found.value.deadlines.filter((each) => each.sort === sort)
  const [backs, windows] = [of('goods-back'), of('return-window')]
  const longest = Math.max(backs.length, windows.length)
  const start = rowsBefore(query.cursor, longest)
  const end = start + RETURN_ROWS
  /** Nothing where the pages before have shown all. */
  const table = (deadlines: readonly Deadline[], caption: string, none: string) =>
    start > 0 && deadlines.length <= start ? (
      ''
    ) : (
      <DeadlineTable
        {...{ lang, none, clientName }}
        caption={`${caption} (${wholeCount(deadlines.length)})`}
        deadlines={deadlines.slice(start, end)}
      />
    )
  return content(
    t(texts.returns),
    <>
      <PageHead title={t(texts.returns)} note={t(texts.returnsNote)} />
      {found.value.more ? <p class="note">{t(texts.partial)}</p> : ''}
      {table(backs, t(texts.backCaption), t(texts.backNone))}
      {table(windows, t(texts.windowCaption), t(texts.windowNone))}
      <Pager
        lang={lang}
        path={`${BASE}/returns`}
        query={query}
        next={longest > end ? String(end) : null}
      />
    </>,
  )
}
