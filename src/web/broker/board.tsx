/** `/broker`: all clients in one table with what waits for each, and what falls due. */
import type { z } from 'zod'
import type { deadlineList } from '../../http/clock-schemas.ts'
import type { statusAnswer } from '../../http/status-schemas.ts'
import { address } from '../desk/api.ts'
import { Empty, PageHead } from '../desk/parts.tsx'
import { type Ask, content, type Shown } from '../desk/room.ts'
import { DataTable, Pager } from '../desk/table.tsx'
import { WebhookNotice } from '../desk/webhook-parts.tsx'
import { chinaTime, wholeCount } from '../figures.ts'
import { fill, inBrackets, type Lang, say } from '../texts.ts'
import { BOARD_CLIENTS, BOARD_DAYS, BOARD_DEADLINES } from './broker-limits.ts'
import { DeadlineTable } from './deadlines.tsx'
import { BASE, boundedCount, type Client, type Clients, clientNames, rowsBefore } from './parts.tsx'
import { brokerTexts as texts } from './texts.ts'

export const boardPage = async ({ api, lang, t, viewer, query }: Ask): Promise<Shown> => {
  const [found, due, status] = await Promise.all([
    api.get<Clients>('/api/v1/clients'),
    api.get<z.infer<typeof deadlineList>>('/api/v1/deadlines', { within: BOARD_DAYS }),
    api.get<z.infer<typeof statusAnswer>>('/api/v1/status'),
  ])
  if (found.kind === 'problem') return found
  if (due.kind === 'problem') return due
  if (status.kind === 'problem') return status
  const { clients, asOf, countedTo, more } = found.value
  const { deadlines } = due.value
  const start = rowsBefore(query.cursor, clients.length)
  const end = start + BOARD_CLIENTS
  return content(
    t(texts.board),
    <>
      <PageHead
        title={t(texts.board)}
        note={fill(t(texts.boardNote), { time: chinaTime(asOf).slice(0, 16) })}
      />
      <WebhookNotice {...{ lang, viewer, webhooks: status.value.webhooks }} />
      <Tiles lang={lang} clients={clients} countedTo={countedTo} due={deadlines.length} />
      <ClientTable lang={lang} clients={clients.slice(start, end)} countedTo={countedTo} />
      <Pager
        lang={lang}
        path={BASE}
        query={query}
        next={clients.length > end ? String(end) : null}
      />
      {more ? <p class="note">{t(texts.clientsMore)}</p> : ''}
      {clients.some(({ own }) => !own) ? (
        ''
      ) : (
        <Empty
          title={t(texts.clientsNone)}
          note={t(texts.clientsNoneCure)}
          steps={[{ href: `${BASE}/mandates`, name: t(texts.mandates) }]}
        />
      )}
      <section id="deadlines">
        <h2>{t(texts.deadlines)}</h2>
        {due.value.more ? <p class="note">{t(texts.partial)}</p> : ''}
        <DeadlineTable
          lang={lang}
          caption={t(texts.deadlinesCaption)}
          deadlines={deadlines.slice(0, BOARD_DEADLINES)}
          clientName={clientNames(clients)}
          none={fill(t(texts.deadlinesNone), { days: String(BOARD_DAYS) })}
        />
      </section>
    </>,
  )
}

interface TilesProps {
  readonly lang: Lang
  readonly clients: readonly Client[]
  readonly countedTo: number
  readonly due: number
}

/** What waits in all; a sum with an open number in it is open itself. */
const Tiles = ({ lang, clients, countedTo, due }: TilesProps) => {
  const sum = (of: (client: Client) => number): string => {
    const counts = clients.map(of)
    const all = counts.reduce((a, b) => a + b, 0)
    return counts.some((count) => count >= countedTo)
      ? fill(say(texts.more, lang), { count: wholeCount(all) })
      : wholeCount(all)
  }
  const tiles = [
    { href: `${BASE}/rejections`, name: say(texts.rejected, lang), value: sum((c) => c.rejected) },
    {
      href: `${BASE}/documents?group=action-needed`,
      name: say(texts.actionNeeded, lang),
      value: sum((c) => c.actionNeeded),
    },
    { href: `${BASE}/stuck`, name: say(texts.stuckCount, lang), value: sum((c) => c.stuck) },
    {
      href: '#deadlines',
      name: fill(say(texts.due, lang), { days: String(BOARD_DAYS) }),
      value: wholeCount(due),
    },
  ]
  return (
    <ul class="tiles">
      {tiles.map(({ href, name, value }) => (
        <li data-none={value === '0' ? '' : undefined}>
          <a href={href}>
            <span class="tile-name">{name}</span>
            <strong class="tile-count">{value}</strong>
          </a>
        </li>
      ))}
    </ul>
  )
}

const ClientTable = ({ lang, clients, countedTo }: Omit<TilesProps, 'due'>) => {
  const counted = (count: number, path: string, client: string, query = {}) =>
    count === 0 ? (
      <span class="none">0</span>
    ) : (
      <a class="count-link" href={address(`${BASE}/${path}`, { ...query, client })}>
        {boundedCount(count, countedTo, lang)}
      </a>
    )
  return (
    <DataTable
      lang={lang}
      caption={say(texts.clientsCaption, lang)}
      columns={[
        {
          name: say(texts.client, lang),
          cell: ({ name, own }) =>
            own ? `${name}${inBrackets(say(texts.ownEnterprise, lang), lang)}` : name,
        },
        {
          name: say(texts.rejected, lang),
          cell: ({ client, rejected }) => counted(rejected, 'rejections', client),
          kind: 'number',
        },
        {
          name: say(texts.actionNeeded, lang),
          cell: ({ client, actionNeeded }) =>
            counted(actionNeeded, 'documents', client, { group: 'action-needed' }),
          kind: 'number',
        },
        {
          name: say(texts.underWay, lang),
          cell: ({ client, underWay }) =>
            counted(underWay, 'documents', client, { group: 'under-way' }),
          kind: 'number',
        },
        {
          name: say(texts.stuckCount, lang),
          cell: ({ client, stuck }) => counted(stuck, 'stuck', client),
          kind: 'number',
        },
        {
          name: say(texts.mandateUntil, lang),
          cell: ({ mandated, lastDay }) => (mandated ? (lastDay ?? say(texts.noEnd, lang)) : '–'),
          kind: 'time',
        },
      ]}
      rows={clients}
      href={({ client }) => address(`${BASE}/documents`, { client })}
    />
  )
}
