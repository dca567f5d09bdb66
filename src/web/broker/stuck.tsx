/** `/broker/stuck`: documents longer in their stage than it takes, with clocks, who acts and how. */
import type { z } from 'zod'
import { declarations } from '../../catalogue/index.ts'
import type { stuckPage as stuckAnswer } from '../../http/clock-schemas.ts'
import { Select } from '../desk/fields.tsx'
import { PageHead } from '../desk/parts.tsx'
import { type Ask, content, type Shown } from '../desk/room.ts'
import { DataTable, FilterForm, Pager } from '../desk/table.tsx'
import { kindNamed, kindShort, zoneName } from '../documents/names.ts'
import { documentPath } from '../documents/places.ts'
import { duration } from '../documents/stages.tsx'
import { chinaTime } from '../figures.ts'
import { fill, type Lang, listed, say } from '../texts.ts'
import { ROWS_PER_PAGE } from './broker-limits.ts'
import {
  BASE,
  type ClientNames,
  ClientSelect,
  clientNames,
  Endless,
  places,
  ZoneSelect,
} from './parts.tsx'
import { brokerTexts as texts } from './texts.ts'

type Page = z.infer<typeof stuckAnswer>
type Stuck = Page['documents'][number]
const PATH = `${BASE}/stuck`

export const stuckPage = async ({ api, lang, t, query }: Ask): Promise<Shown> => {
  const { client, sender, kind, zone, cursor } = query
  const [found, clients] = await Promise.all([
    api.get<Page>('/api/v1/stuck', { client, sender, kind, zone, cursor, limit: ROWS_PER_PAGE }),
    api.get<ClientNames>('/api/v1/clients/names'),
  ])
  if (found.kind === 'problem') return found
  if (clients.kind === 'problem') return clients
  const { documents, next, asOf, factor } = found.value
  return content(
    t(texts.stuckTitle),
    <>
      <PageHead
        title={t(texts.stuckTitle)}
        note={
          asOf === null
            ? t(texts.stuckNever)
            : fill(t(texts.stuckNote), {
                ...{ factor: String(factor ?? '–'), time: chinaTime(asOf).slice(0, 16) },
              })
        }
      />
      <FilterForm lang={lang} path={PATH}>
        <ClientSelect lang={lang} clients={clients.value.clients} value={client} />
        <Select
          lang={lang}
          name="kind"
          label={t(texts.kind)}
          none={t(texts.all)}
          value={kind}
          choices={declarations.map(({ code }) => ({
            value: code,
            name: kindNamed(code, lang),
          }))}
        />
        <ZoneSelect lang={lang} value={zone} />
      </FilterForm>
      <Endless lang={lang}>
        <StuckTable
          lang={lang}
          documents={documents}
          clientName={clientNames(clients.value.clients)}
        />
        <Pager lang={lang} path={PATH} query={query} next={next} />
      </Endless>
    </>,
  )
}

const StuckTable = ({
  lang,
  documents,
  clientName,
}: {
  readonly lang: Lang
  readonly documents: readonly Stuck[]
  readonly clientName: ReturnType<typeof clientNames>
}) => (
  <DataTable
    lang={lang}
    caption={say(texts.stuckTitle, lang)}
    columns={[
      { name: say(texts.number, lang), cell: ({ number }) => number, kind: 'code' },
      { name: say(texts.kind, lang), cell: ({ kind }) => kindShort(kind, lang) },
      { name: say(texts.client, lang), cell: clientName },
      { name: say(texts.stage, lang), cell: (one) => one[lang] },
      {
        name: say(texts.spent, lang),
        cell: ({ spentSeconds }) => <strong>{duration(spentSeconds, lang)}</strong>,
        kind: 'time',
      },
      { name: say(texts.usual, lang), cell: ({ usual }) => usualText(usual, lang) },
      {
        name: say(texts.zone, lang),
        cell: ({ zone }) => zoneName(zone, lang),
        wideOnly: true,
      },
      {
        name: say(texts.who, lang),
        cell: ({ actors }) =>
          listed(
            actors.map((actor) => actor[lang]),
            lang,
          ),
      },
      { name: say(texts.cure, lang), cell: ({ cure }) => cure[lang], wideOnly: true },
    ]}
    rows={documents}
    liveId={({ id }) => id}
    href={({ id }) => documentPath(places, id)}
    empty={{ title: say(texts.stuckNone, lang), note: say(texts.stuckNoneCure, lang) }}
  />
)

const usualText = (usual: Stuck['usual'], lang: Lang): string =>
  usual === null
    ? say(texts.usualUnknown, lang)
    : fill(say(texts.usualOf, lang), {
        median: duration(usual.medianSeconds, lang),
        p95: duration(usual.p95Seconds, lang),
      })
