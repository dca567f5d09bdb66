/** The versions of a document, and what one says otherwise than the one before. */
import type { z } from 'zod'
import type { versionDifferences } from '../../http/rejection-schemas.ts'
import { PageHead, StateBadge, Time } from '../desk/parts.tsx'
import { type Ask, content, type Shown } from '../desk/room.ts'
import { DataTable } from '../desk/table.tsx'
import { fill, type Lang, say } from '../texts.ts'
import { documentsTexts as texts } from './documents-texts.ts'
import { type DocumentPlaces, documentPath } from './places.ts'
import type { Version } from './reading.ts'

export const VersionsTable = ({
  lang,
  places,
  id,
  versions,
}: {
  readonly lang: Lang
  readonly places: DocumentPlaces
  readonly id: string
  readonly versions: readonly Version[]
}) =>
  versions.length < 2 ? null : (
    <DataTable
      lang={lang}
      caption={say(texts.versionsCaption, lang)}
      columns={[
        { name: say(texts.version, lang), cell: ({ version }) => String(version) },
        { name: say(texts.why, lang), cell: ({ why }) => why[lang] },
        {
          name: say(texts.state, lang),
          cell: ({ group, state }) => <StateBadge lang={lang} group={group} state={state} />,
        },
        { name: say(texts.by, lang), cell: ({ by }) => by },
        { name: say(texts.time, lang), cell: ({ at }) => <Time iso={at} />, kind: 'time' },
      ]}
      rows={versions}
      href={({ version }) =>
        version === 1 ? undefined : `${documentPath(places, id)}/differences?to=${version}`
      }
    />
  )

/** `GET base/documents/:id/differences?to=`, as a page. Personal values come masked. */
export const differencesPage = async (ask: Ask, places: DocumentPlaces): Promise<Shown> => {
  const { api, lang, t, param, query } = ask
  const id = param('id')
  const found = await api.get<z.infer<typeof versionDifferences>>(
    `/api/v1/documents/${encodeURIComponent(id)}/differences`,
    { from: query.from, to: query.to },
  )
  if (found.kind === 'problem') return found
  const { from, to, differences, more } = found.value
  const title = fill(t(texts.differencesTitle), { from: String(from), to: String(to) })
  return content(
    title,
    <>
      <PageHead title={title}>
        <a class="button" href={documentPath(places, id)}>
          {t(texts.look)}
        </a>
      </PageHead>
      <DataTable
        lang={lang}
        caption={title}
        columns={[
          {
            name: t(texts.field),
            cell: ({ label, pointer }) => (
              <>
                {label ?? ''}{' '}
                <code class="field-name">{pointer.slice(1).replaceAll('/', ' › ')}</code>
              </>
            ),
          },
          {
            name: fill(t(texts.before), { version: String(from) }),
            cell: ({ before }) => before ?? '–',
          },
          {
            name: fill(t(texts.before), { version: String(to) }),
            cell: ({ after }) => after ?? '–',
          },
        ]}
        rows={differences}
        empty={{ title: t(texts.differencesNone) }}
      />
      {more ? <p class="note">{t(texts.differencesMore)}</p> : ''}
    </>,
  )
}
