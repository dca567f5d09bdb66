/** `/broker/documents`: every client's documents, filters in the address, scrolled through without end. */
import type { z } from 'zod'
import { declarations } from '../../catalogue/index.ts'
import { stateGroups } from '../../catalogue/statuses.ts'
import type { documentList } from '../../http/schemas.ts'
import { Field, Select } from '../desk/fields.tsx'
import { PageHead } from '../desk/parts.tsx'
import { type Ask, content, type Shown } from '../desk/room.ts'
import { FilterForm, Pager } from '../desk/table.tsx'
import { DocumentsTable } from '../documents/documents-table.tsx'
import { kindNamed } from '../documents/names.ts'
import { type Lang, say } from '../texts.ts'
import { ROWS_PER_PAGE } from './broker-limits.ts'
import {
  BASE,
  type ClientName,
  type ClientNames,
  ClientSelect,
  clientNames,
  Endless,
  places,
  ZoneSelect,
} from './parts.tsx'
import { brokerTexts as texts } from './texts.ts'

const PATH = `${BASE}/documents`

export const documentsPage = async ({ api, lang, t, query }: Ask): Promise<Shown> => {
  const { client, sender, kind, group, state, zone, from, to, releasedOn, q, cursor } = query
  const [found, clients] = await Promise.all([
    api.get<z.infer<typeof documentList>>('/api/v1/documents', {
      ...{ client, sender, kind, group, state, zone, from, to, releasedOn, q: q?.trim(), cursor },
      limit: ROWS_PER_PAGE,
    }),
    api.get<ClientNames>('/api/v1/clients/names'),
  ])
  if (found.kind === 'problem') return found
  if (clients.kind === 'problem') return clients
  const { documents, next } = found.value
  return content(
    t(texts.documents),
    <>
      <PageHead title={t(texts.documents)} note={t(texts.scrollNote)} />
      <Filter lang={lang} query={query} clients={clients.value.clients} />
      <Endless lang={lang}>
        <DocumentsTable
          lang={lang}
          places={places}
          documents={documents}
          clientName={clientNames(clients.value.clients)}
          caption={t(texts.documentsCaption)}
          steps={[{ href: PATH, name: t(texts.all) }]}
        />
        <Pager lang={lang} path={PATH} query={query} next={next} />
      </Endless>
    </>,
  )
}

interface FilterProps {
  readonly lang: Lang
  readonly query: Readonly<Record<string, string>>
  readonly clients: readonly ClientName[]
}

const Filter = ({ lang, query, clients }: FilterProps) => (
  <FilterForm lang={lang} path={PATH}>
    <ClientSelect lang={lang} clients={clients} value={query.client} />
    <Select
      lang={lang}
      name="kind"
      label={say(texts.kind, lang)}
      none={say(texts.all, lang)}
      value={query.kind}
      choices={declarations.map(({ code }) => ({
        value: code,
        name: kindNamed(code, lang),
      }))}
    />
    <Select
      lang={lang}
      name="group"
      label={say(texts.group, lang)}
      none={say(texts.all, lang)}
      value={query.group}
      choices={Object.entries(stateGroups).map(([value, name]) => ({ value, name: name[lang] }))}
    />
    <ZoneSelect lang={lang} value={query.zone} />
    <Field lang={lang} name="from" type="date" label={say(texts.from, lang)} value={query.from} />
    <Field lang={lang} name="to" type="date" label={say(texts.to, lang)} value={query.to} />
    <Field
      lang={lang}
      name="releasedOn"
      type="date"
      label={say(texts.releasedOn, lang)}
      value={query.releasedOn}
    />
    <Field
      lang={lang}
      name="q"
      type="search"
      maxlength={60}
      label={say(texts.number, lang)}
      value={query.q}
    />
  </FilterForm>
)
