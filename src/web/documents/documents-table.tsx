/** The list of documents: filters in the address, a page by cursor, rows that open. */
import type { z } from 'zod'
import { declarations } from '../../catalogue/index.ts'
import { stateGroups } from '../../catalogue/statuses.ts'
import { zones } from '../../catalogue/zones/index.ts'
import type { documentList } from '../../http/schemas.ts'
import { Field, Select } from '../desk/fields.tsx'
import { type NextStep, PageHead, StateBadge, Time } from '../desk/parts.tsx'
import { type Ask, content, type Shown } from '../desk/room.ts'
import { DataTable, FilterForm, Pager } from '../desk/table.tsx'
import { type Lang, say } from '../texts.ts'
import { DOCUMENTS_PER_PAGE } from './document-limits.ts'
import { documentsTexts as texts } from './documents-texts.ts'
import { kindShort, zoneName } from './names.ts'
import { consignmentPath, type DocumentPlaces, documentPath, documentsPath } from './places.ts'

export type ListedDocument = z.infer<typeof documentList>['documents'][number]

/** `GET base/documents`, as a page. `kinds` narrows the choice of kinds; all of them unless told. */
export const documentsPage = async (
  ask: Ask,
  places: DocumentPlaces,
  kinds: readonly string[] = declarations.map(({ code }) => code),
): Promise<Shown> => {
  const { api, lang, t, query } = ask
  const { kind, group, zone, from, to, q, cursor } = query
  const found = await api.get<z.infer<typeof documentList>>('/api/v1/documents', {
    ...{ kind, group, zone, from, to, q: q?.trim(), cursor },
    limit: DOCUMENTS_PER_PAGE,
  })
  if (found.kind === 'problem') return found
  const { documents, next } = found.value
  const path = documentsPath(places)
  return content(
    t(texts.documents),
    <>
      <PageHead title={t(texts.documents)} />
      <DocumentsFilter lang={lang} path={path} query={query} kinds={kinds} />
      <DocumentsTable
        lang={lang}
        places={places}
        documents={documents}
        steps={[{ href: path, name: t(texts.all) }]}
      />
      <Pager lang={lang} path={path} query={query} next={next} />
    </>,
  )
}

export interface DocumentsTableProps {
  readonly lang: Lang
  readonly places: DocumentPlaces
  readonly documents: readonly ListedDocument[]
  readonly caption?: string
  /** Where documents of many clients stand: what the client of one is called. */
  readonly clientName?: (document: ListedDocument) => string
  readonly steps?: readonly NextStep[]
}

export const DocumentsTable = (props: DocumentsTableProps) => {
  const { lang, places, documents, caption, clientName, steps = [] } = props
  return (
    <DataTable
      lang={lang}
      caption={caption ?? say(texts.documentsCaption, lang)}
      columns={[
        { name: say(texts.number, lang), cell: ({ number }) => number, kind: 'code' },
        { name: say(texts.kind, lang), cell: ({ kind }) => kindShort(kind, lang) },
        {
          name: say(texts.state, lang),
          cell: ({ group, state }) => <StateBadge lang={lang} group={group} state={state} />,
        },
        {
          name: say(texts.orderNo, lang),
          cell: ({ orderNo }) =>
            orderNo === null ? '–' : <a href={consignmentPath(places, orderNo)}>{orderNo}</a>,
          kind: 'code',
        },
        ...(clientName === undefined ? [] : [{ name: say(texts.client, lang), cell: clientName }]),
        { name: say(texts.sender, lang), cell: ({ sender }) => sender, wideOnly: true },
        { name: say(texts.zone, lang), cell: ({ zone }) => zoneName(zone, lang), wideOnly: true },
        {
          name: say(texts.changed, lang),
          cell: ({ updatedAt }) => <Time iso={updatedAt} />,
          kind: 'time',
        },
      ]}
      rows={documents}
      liveId={({ id }) => id}
      href={({ id }) => documentPath(places, id)}
      empty={{ title: say(texts.none, lang), note: say(texts.noneCure, lang), steps }}
    />
  )
}

interface DocumentsFilterProps {
  readonly lang: Lang
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly kinds: readonly string[]
}

const DocumentsFilter = ({ lang, path, query, kinds }: DocumentsFilterProps) => (
  <FilterForm lang={lang} path={path}>
    <Field
      lang={lang}
      name="q"
      type="search"
      maxlength={60}
      label={say(texts.filterNumber, lang)}
      value={query.q}
    />
    <Select
      lang={lang}
      name="kind"
      label={say(texts.filterKind, lang)}
      none={say(texts.all, lang)}
      value={query.kind}
      choices={kinds.map((kind) => ({ value: kind, name: `${kindShort(kind, lang)} ${kind}` }))}
    />
    <Select
      lang={lang}
      name="group"
      label={say(texts.filterGroup, lang)}
      none={say(texts.all, lang)}
      value={query.group}
      choices={Object.entries(stateGroups).map(([value, name]) => ({ value, name: name[lang] }))}
    />
    <Select
      lang={lang}
      name="zone"
      label={say(texts.filterZone, lang)}
      none={say(texts.all, lang)}
      value={query.zone}
      choices={zones.map((each) => ({ value: each.code, name: each[lang] }))}
    />
    <Field
      lang={lang}
      name="from"
      type="date"
      label={say(texts.filterFrom, lang)}
      value={query.from}
    />
    <Field lang={lang} name="to" type="date" label={say(texts.filterTo, lang)} value={query.to} />
  </FilterForm>
)
