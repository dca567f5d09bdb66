/** `base/hand-in`: the kinds a reader hands in, and the three ways; and the request of a kind. */
import type { AnyDocument, Declaration } from '../../catalogue/message.ts'
import { withHead } from '../../codec/document.ts'
import { exampleOf } from '../../codec/example.ts'
import { CopyButton, PageHead } from '../desk/parts.tsx'
import { type Ask, content, type Shown } from '../desk/room.ts'
import { DataTable } from '../desk/table.tsx'
import { managesEnterprise } from '../desk/viewer.ts'
import { fill, inBrackets } from '../texts.ts'
import { ownerHead } from './hand-in.tsx'
import { handInTexts as texts } from './hand-in-texts.ts'
import { kindNamed, kindShort } from './names.ts'
import { kindsToHandIn, kindToHandIn, ownsKind } from './own-kinds.ts'
import { apiPath, type DocumentPlaces, formPath, sheetPath, wholeFormPath } from './places.ts'
import { handsInWhole } from './whole-hand-in.tsx'

/** To the form of a whole consignment, where the reader hands some of it in. */
export const WholeLink = ({
  ask,
  places,
}: {
  readonly ask: Ask
  readonly places: DocumentPlaces
}) =>
  handsInWhole(ask) ? (
    <a class="button" href={wholeFormPath(places)}>
      {ask.t(texts.whole)}
    </a>
  ) : null

export const handInPage = async (ask: Ask, places: DocumentPlaces): Promise<Shown> => {
  const { lang, t, viewer } = ask
  const nameOf = (code: string): string => {
    const name = kindNamed(code, lang)
    return ownsKind(viewer, code) ? name : `${name}${inBrackets(t(texts.underMandate), lang)}`
  }
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
          { name: t(texts.kind), cell: ({ code }) => nameOf(code) },
          {
            name: t(texts.byForm),
            cell: ({ code }) => <a href={formPath(places, code)}>{t(texts.byForm)}</a>,
          },
          {
            name: t(texts.bySheet),
            cell: ({ code }) => <a href={sheetPath(places, code)}>{t(texts.bySheet)}</a>,
          },
          {
            name: t(texts.byApi),
            cell: ({ code }) => <a href={apiPath(places, code)}>{t(texts.byApi)}</a>,
          },
          {
            name: t(texts.fields),
            cell: ({ code }) => <a href={`/docs/messages/${code}`}>{t(texts.fields)}</a>,
          },
        ]}
        rows={await kindsToHandIn(ask)}
        href={({ code }) => formPath(places, code)}
        empty={{ title: t(texts.noKinds) }}
      />
    </>,
  )
}

export const apiPage = async (ask: Ask): Promise<Shown> => {
  const { lang, t, c, viewer, notFound } = ask
  const entry = await kindToHandIn(ask)
  if (entry === undefined) return notFound()
  const kind = `${kindShort(entry.code, lang)} ${entry.code}`
  const title = fill(t(texts.apiTitle), { kind })
  const origin = c.get('deps').publicUrl ?? new URL(c.req.url).origin
  // Names the reader's enterprise as the form does: a document that names another's is refused.
  const request = curlOf(
    entry,
    origin,
    withHead(entry, exampleOf(entry, 'minimal'), ownerHead(entry, viewer)),
  )
  return content(
    title,
    <>
      <PageHead title={title} note={t(texts.apiNote)}>
        <a class="button" href={managesEnterprise(viewer) ? '/account/keys' : '/account'}>
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
