/**
 * `/search?q=`: any number leads to what goes by it. One consignment is opened straight away;
 * several documents are listed.
 */
import type { z } from 'zod'
import { findMessage } from '../../catalogue/index.ts'
import type { documentList } from '../../http/schemas.ts'
import { fill } from '../texts.ts'
import { SEARCH_LENGTH_MAX, SEARCH_ROWS } from './desk-limits.ts'
import { Empty, PageHead, StateBadge, Time } from './parts.tsx'
import { type Ask, content, type Room, type Shown } from './room.ts'
import { DataTable } from './table.tsx'
import { deskTexts as texts } from './texts.ts'

type Found = z.infer<typeof documentList>['documents'][number]

/** Where the frame's box asks. */
export const SEARCH_PATH = '/search'

/** Opens to whoever sees documents: everybody but the committee. */
export const searchRoom = (rooms: readonly Room[]): Room => ({
  path: SEARCH_PATH,
  name: texts.searchTitle,
  inNavigation: false,
  opensTo: ({ kind, enterprise }) => kind === 'operator' || enterprise !== undefined,
  sections: [],
  mount: (desk) => desk.page(SEARCH_PATH, (ask) => searchPage(ask, rooms)),
})

const searchPage = async (ask: Ask, rooms: readonly Room[]): Promise<Shown> => {
  const { api, t, viewer, go } = ask
  const q = (ask.query.q ?? '').trim().slice(0, SEARCH_LENGTH_MAX)
  const title = t(texts.searchTitle)
  if (q === '') return content(title, <PageHead title={title} note={t(texts.searchEmpty)} />)
  const found = await api.get<z.infer<typeof documentList>>('/api/v1/documents', {
    q,
    limit: SEARCH_ROWS,
  })
  if (found.kind === 'problem') return found
  const { documents, next } = found.value
  const open = rooms.filter((room) => room.opensTo(viewer))
  const direct = onlyPlace(documents, open)
  if (direct !== undefined) return go(direct)
  return content(
    title,
    <>
      <PageHead
        title={fill(t(texts.searchFound), { q })}
        note={next === null ? undefined : fill(t(texts.searchMore), { rows: String(SEARCH_ROWS) })}
      />
      {documents.length === 0 ? (
        <Empty title={fill(t(texts.searchNone), { q })} note={t(texts.searchNoneCure)} />
      ) : (
        <FoundTable ask={ask} documents={documents} rooms={open} q={q} />
      )}
    </>,
    documents.length === 0 ? 404 : 200,
  )
}

/** The consignment that everything found belongs to, else the only document. */
const onlyPlace = (documents: readonly Found[], rooms: readonly Room[]): string | undefined => {
  const [first] = documents
  if (first === undefined) return undefined
  const orders = new Set(documents.map(({ orderNo }) => orderNo))
  const toConsignment = rooms.find((room) => room.consignmentPath !== undefined)?.consignmentPath
  if (orders.size === 1 && first.orderNo !== null && toConsignment !== undefined)
    return toConsignment(first.orderNo)
  const toDocument = rooms.find((room) => room.documentPath !== undefined)?.documentPath
  return documents.length === 1 ? toDocument?.(first.id) : undefined
}

const FoundTable = ({
  ask: { lang, t },
  documents,
  rooms,
  q,
}: {
  readonly ask: Ask
  readonly documents: readonly Found[]
  readonly rooms: readonly Room[]
  readonly q: string
}) => {
  const toDocument = rooms.find((room) => room.documentPath !== undefined)?.documentPath
  return (
    <DataTable
      lang={lang}
      caption={fill(t(texts.searchFound), { q })}
      columns={[
        { name: t(texts.number), cell: ({ number }) => number, kind: 'code' },
        { name: t(texts.kind), cell: ({ kind }) => kindName(kind, lang) },
        { name: t(texts.order), cell: ({ orderNo }) => orderNo ?? '–', kind: 'code' },
        {
          name: t(texts.state),
          cell: ({ group, state }) => <StateBadge lang={lang} group={group} state={state} />,
        },
        { name: t(texts.changed), cell: ({ updatedAt }) => <Time iso={updatedAt} />, kind: 'time' },
      ]}
      rows={documents}
      liveId={({ id }) => id}
      href={({ id }) => toDocument?.(id)}
    />
  )
}

/** Name of a kind with its code; the code alone where it is none of ours. */
export const kindName = (kind: string, lang: 'zh' | 'en'): string => {
  const entry = findMessage(kind)
  return entry === undefined ? kind : `${entry[lang]} ${kind}`
}
