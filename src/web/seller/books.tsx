/** `/seller/books`: bonded books of a warehouse, their stock, and what moved it. */
import type { z } from 'zod'
import { movementKinds } from '../../catalogue/bonded-book.ts'
import { zones } from '../../catalogue/zones/index.ts'
import type { bookItems, bookList, movementList } from '../../http/bonded-schemas.ts'
import { PageHead, Tabs, Time } from '../desk/parts.tsx'
import { type Ask, content, type Shown } from '../desk/room.ts'
import { DataTable, Pager } from '../desk/table.tsx'
import { type DocumentPlaces, documentPath } from '../documents/places.ts'
import { fill } from '../texts.ts'
import { sellerTexts as texts } from './texts.ts'

export const bookPath = ({ base }: DocumentPlaces, emsNo: string): string =>
  `${base}/books/${encodeURIComponent(emsNo)}`

/** Of the interface. */
export const bookApiPath = (emsNo: string): string =>
  `/api/v1/bonded-books/${encodeURIComponent(emsNo)}`

export const booksPage = async (ask: Ask, places: DocumentPlaces): Promise<Shown> => {
  const { api, lang, t, query } = ask
  const found = await api.get<z.infer<typeof bookList>>('/api/v1/bonded-books', {
    cursor: query.cursor,
  })
  if (found.kind === 'problem') return found
  return content(
    t(texts.books),
    <>
      <PageHead title={t(texts.books)} />
      <DataTable
        lang={lang}
        caption={t(texts.books)}
        columns={[
          { name: t(texts.book), cell: ({ emsNo }) => emsNo, kind: 'code' },
          {
            name: t(texts.zone),
            cell: ({ zone }) => zones.find(({ code }) => code === zone)?.[lang] ?? zone,
          },
          {
            name: t(texts.registered),
            cell: ({ registeredAt }) => <Time iso={registeredAt} />,
            kind: 'time',
          },
        ]}
        rows={found.value.books}
        href={({ emsNo }) => bookPath(places, emsNo)}
        empty={{ title: t(texts.booksNone), note: t(texts.booksNoneNote) }}
      />
      <Pager lang={lang} path={`${places.base}/books`} query={query} next={found.value.next} />
    </>,
  )
}

export const bookPage = async (ask: Ask, places: DocumentPlaces): Promise<Shown> => {
  const { api, lang, t, query, param } = ask
  const emsNo = param('emsNo')
  const found = await api.get<z.infer<typeof bookItems>>(bookApiPath(emsNo), {
    cursor: query.cursor,
  })
  if (found.kind === 'problem') return found
  const title = fill(t(texts.bookTitle), { number: emsNo })
  return content(
    title,
    <>
      <PageHead title={title} />
      <BookTabs ask={ask} places={places} emsNo={emsNo} current="items" />
      <DataTable
        lang={lang}
        caption={t(texts.items)}
        columns={[
          { name: t(texts.itemNo), cell: ({ itemRecordNo }) => itemRecordNo, kind: 'code' },
          { name: t(texts.gname), cell: ({ gname }) => gname },
          { name: t(texts.unit), cell: ({ unit }) => unit },
          { name: t(texts.stock), cell: ({ stock }) => stock, kind: 'number' },
          { name: t(texts.reserved), cell: ({ reserved }) => reserved, kind: 'number' },
          { name: t(texts.free), cell: ({ free }) => free, kind: 'number' },
        ]}
        rows={found.value.items}
        href={({ itemRecordNo }) =>
          `${bookPath(places, emsNo)}/movements?item=${encodeURIComponent(itemRecordNo)}`
        }
      />
      <Pager lang={lang} path={bookPath(places, emsNo)} query={query} next={found.value.next} />
    </>,
  )
}

export const movementsPage = async (ask: Ask, places: DocumentPlaces): Promise<Shown> => {
  const { api, lang, t, query, param } = ask
  const emsNo = param('emsNo')
  const found = await api.get<z.infer<typeof movementList>>(`${bookApiPath(emsNo)}/movements`, {
    ...{ item: query.item, kind: query.kind, cursor: query.cursor },
  })
  if (found.kind === 'problem') return found
  const title = fill(t(texts.bookTitle), { number: emsNo })
  const path = `${bookPath(places, emsNo)}/movements`
  return content(
    title,
    <>
      <PageHead title={title} />
      <BookTabs ask={ask} places={places} emsNo={emsNo} current="movements" />
      <DataTable
        lang={lang}
        caption={t(texts.movements)}
        columns={[
          { name: t(texts.itemNo), cell: ({ itemRecordNo }) => itemRecordNo, kind: 'code' },
          { name: t(texts.sort), cell: ({ kind }) => movementKinds[kind][lang] },
          { name: t(texts.stockChange), cell: (row) => row.stockChange, kind: 'number' },
          { name: t(texts.reservedChange), cell: (row) => row.reservedChange, kind: 'number' },
          { name: t(texts.paper), cell: ({ number }) => number, kind: 'code' },
          { name: t(texts.reason), cell: ({ reason }) => reason ?? '–', wideOnly: true },
          { name: t(texts.time), cell: ({ at }) => <Time iso={at} />, kind: 'time' },
        ]}
        rows={found.value.movements}
        href={({ documentId }) =>
          documentId === null ? undefined : documentPath(places, documentId)
        }
      />
      <Pager lang={lang} path={path} query={query} next={found.value.next} />
    </>,
  )
}

export const BookTabs = ({
  ask: { t },
  places,
  emsNo,
  current,
}: {
  readonly ask: Ask
  readonly places: DocumentPlaces
  readonly emsNo: string
  readonly current: 'items' | 'movements' | 'counts'
}) => {
  const own = bookPath(places, emsNo)
  return (
    <Tabs
      label={t(texts.books)}
      tabs={[
        { href: own, name: t(texts.items), current: current === 'items' },
        {
          href: `${own}/movements`,
          name: t(texts.movements),
          current: current === 'movements',
        },
        { href: `${own}/counts`, name: t(texts.counts), current: current === 'counts' },
      ]}
    />
  )
}
