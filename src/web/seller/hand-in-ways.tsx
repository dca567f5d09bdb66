/** `/seller/hand-in`: the kinds an enterprise hands in, and the three ways; and the request of a kind. */
import type { z } from 'zod'
import { declarations, findDeclaration } from '../../catalogue/index.ts'
import type { AnyDocument, Declaration } from '../../catalogue/message.ts'
import { withHead } from '../../codec/document.ts'
import { exampleOf } from '../../codec/example.ts'
import type { enterpriseAnswer } from '../../http/schemas.ts'
import { CopyButton, PageHead } from '../desk/parts.tsx'
import { type Ask, content, type Shown } from '../desk/room.ts'
import { DataTable } from '../desk/table.tsx'
import { managesEnterprise } from '../desk/viewer.ts'
import { ownerHead } from '../documents/hand-in.tsx'
import { kindShort } from '../documents/names.ts'
import { type DocumentPlaces, formPath, wholeFormPath } from '../documents/places.ts'
import { handsInWhole } from '../documents/whole-hand-in.tsx'
import { fill } from '../texts.ts'
import { sellerTexts as texts } from './texts.ts'

/** Kinds of the reader's own roles, in the order of the catalogue. */
export const ownKinds = ({ viewer }: Ask, places: DocumentPlaces): readonly Declaration[] =>
  declarations.filter(({ code }) => places.handsIn(viewer, code))

/** The kind of the path when the reader hands such documents in. */
export const ownKind = (ask: Ask, places: DocumentPlaces): Declaration | undefined => {
  const entry = findDeclaration(ask.param('kind'))
  return entry !== undefined && places.handsIn(ask.viewer, entry.code) ? entry : undefined
}

/** To the form of a whole consignment, where the reader hands some of it in. */
export const WholeLink = ({
  ask,
  places,
}: {
  readonly ask: Ask
  readonly places: DocumentPlaces
}) =>
  handsInWhole(ask, places) ? (
    <a class="button" href={wholeFormPath(places)}>
      {ask.t(texts.whole)}
    </a>
  ) : null

export const handInPage = (ask: Ask, places: DocumentPlaces): Shown => {
  const { lang, t } = ask
  return content(
    t(texts.handInTitle),
    <>
      <PageHead title={t(texts.handInTitle)} note={t(texts.handInNote)}>
        <WholeLink ask={ask} places={places} />
      </PageHead>
      <DataTable
        lang={lang}
        caption={t(texts.handInTitle)}
        columns={[
          { name: t(texts.kind), cell: ({ code }) => `${kindShort(code, lang)} ${code}` },
          {
            name: t(texts.byForm),
            cell: ({ code }) => <a href={formPath(places, code)}>{t(texts.byForm)}</a>,
          },
          {
            name: t(texts.bySheet),
            cell: ({ code }) => <a href={`${places.base}/sheets/${code}`}>{t(texts.bySheet)}</a>,
          },
          {
            name: t(texts.byApi),
            cell: ({ code }) => <a href={`${places.base}/api/${code}`}>{t(texts.byApi)}</a>,
          },
          {
            name: t(texts.fields),
            cell: ({ code }) => <a href={`/docs/messages/${code}`}>{t(texts.fields)}</a>,
          },
        ]}
        rows={ownKinds(ask, places)}
        href={({ code }) => formPath(places, code)}
        empty={{ title: t(texts.noKinds) }}
      />
    </>,
  )
}

export const apiPage = async (ask: Ask, places: DocumentPlaces): Promise<Shown> => {
  const { lang, t, c, notFound } = ask
  const entry = ownKind(ask, places)
  if (entry === undefined) return notFound()
  const kind = `${kindShort(entry.code, lang)} ${entry.code}`
  const title = fill(t(texts.apiTitle), { kind })
  const origin = c.get('deps').publicUrl ?? new URL(c.req.url).origin
  const request = curlOf(entry, origin, await ownExample(ask, entry))
  return content(
    title,
    <>
      <PageHead title={title} note={t(texts.apiNote)}>
        <a class="button" href={managesEnterprise(ask.viewer) ? '/account/keys' : '/account'}>
          {t(texts.apiKeys)}
        </a>
        <a class="button" href={`/docs/messages/${entry.code}`}>
          {t(texts.apiDocs)}
        </a>
      </PageHead>
      <section class="card">
        <h2>
          {t(texts.apiRequest)} <CopyButton lang={lang} text={request} />
        </h2>
        <section class="message-xml" tabindex={0} aria-label={t(texts.apiRequest)}>
          <pre>{request}</pre>
        </section>
      </section>
    </>,
  )
}

/** Names the reader's enterprise as the form does: a document that names another's is refused. */
const ownExample = async ({ api, viewer }: Ask, entry: Declaration): Promise<AnyDocument> => {
  const example = exampleOf(entry, 'minimal')
  const id = viewer.enterprise?.id ?? ''
  const mine = await api.get<z.infer<typeof enterpriseAnswer>>(
    `/api/v1/enterprises/${encodeURIComponent(id)}`,
  )
  return mine.kind === 'ok' ? withHead(entry, example, ownerHead(entry, mine.value)) : example
}

/** Runs in a shell as it stands: a single quote within the example is written as `'\''`. */
const curlOf = (entry: Declaration, origin: string, document: AnyDocument): string => {
  const body = { kind: entry.code, documents: [document] }
  return [
    `curl -X POST '${origin}/api/v1/documents?dryRun=true' \\`,
    `  -H "Authorization: Bearer $YUGUAN_KEY" \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  --data '${JSON.stringify(body, null, 2).replaceAll("'", "'\\''")}'`,
  ].join('\n')
}
