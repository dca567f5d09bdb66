/**
 * Loading a reference table: a file is tried first and its changes are shown; loading it is a second
 * form. A small file goes along in that form, a large one is chosen again.
 */
import type { z } from 'zod'
import { findReferenceTable } from '../../catalogue/reference/index.ts'
import { decodeUtf8, readBytes } from '../../http/body.ts'
import { FORM } from '../../http/form.ts'
import type { referenceLoaded } from '../../http/reference-schemas.ts'
import { PREVIEW_KEPT_BYTES_MAX, UPLOAD_FORM_BYTES } from '../../kernel/operator-limits.ts'
import { REFERENCE_BYTES_MAX } from '../../kernel/reference-limits.ts'
import type { Problem, Query } from '../desk/api.ts'
import type { ToldFault } from '../desk/notices.tsx'
import { ownProblem } from '../desk/page.tsx'
import { Empty, Facts, PageHead } from '../desk/parts.tsx'
import { type Ask, content, type Shown } from '../desk/room.ts'
import { DataTable } from '../desk/table.tsx'
import { wholeCount } from '../figures.ts'
import { fill, type Lang } from '../texts.ts'
import { LoadForm, REFERENCE } from './reference.tsx'
import { referenceTexts as texts } from './reference-texts.ts'

type Loaded = z.infer<typeof referenceLoaded>
/** Faults of a file tell where in it they are. */
type FileFault = ToldFault & { readonly row?: number | null; readonly column?: string | null }

interface Upload {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** What stands in for blank cells, and whether rows go; as query of the route. */
  readonly given: Query
  readonly confirmed: boolean
}

export const loadTable = async (ask: Ask): Promise<Shown> => {
  const { api, c, lang, param, go, notFound } = ask
  const table = findReferenceTable(param('name'))
  if (table === undefined) return notFound()
  const upload = await uploadOf(c.req.raw)
  if (upload === 'too-large') return ownProblem(c, 'BODY-TOO-LARGE')
  const own = `${REFERENCE}/${table.name}`
  if (upload === undefined) return noFile(lang, own)
  const { bytes, given, confirmed } = upload
  const path = `/api/v1/reference/${table.name}`
  const query = confirmed ? given : { ...given, dryRun: true }
  const done = await api.send<Loaded>(path, bytes, 'text/csv', query)
  if (done.kind === 'problem')
    return done.problem.code === 'REFERENCE-REFUSED' ? refused(lang, own, done.problem) : done
  if (!confirmed) return preview(lang, table[lang], own, upload, done.value)
  const counts = countsOf(done.value)
  const { zh, en } = texts.loaded
  return go(own, { tone: 'done', text: { zh: fill(zh, counts), en: fill(en, counts) } })
}

/** undefined: no file. The whole form lies in memory, within the bound of a file. */
const uploadOf = async (request: Request): Promise<Upload | 'too-large' | undefined> => {
  const type = request.headers.get('content-type') ?? ''
  if (!type.startsWith(FORM)) return undefined
  const read = await readBytes(request, REFERENCE_BYTES_MAX + UPLOAD_FORM_BYTES)
  if (read.kind === 'problem') return 'too-large'
  const form = await new Response(new Uint8Array(read.bytes), { headers: { 'content-type': type } })
    .formData()
    .catch(() => undefined)
  const file = form?.get('file')
  if (form === undefined || file === null || file === undefined) return undefined
  const bytes =
    typeof file === 'string'
      ? new TextEncoder().encode(file)
      : new Uint8Array(await file.arrayBuffer())
  if (bytes.length === 0) return undefined
  const text = (name: string): string | undefined => {
    const value = form.get(name)
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  return {
    bytes,
    given: { source: text('source'), from: text('from'), replace: text('replace') },
    confirmed: text('confirmed') === 'yes',
  }
}

const countsOf = ({ added, changed, removed }: Loaded) => ({
  ...{ added: wholeCount(added), changed: wholeCount(changed), removed: wholeCount(removed) },
})

/** As text for the form that loads it; the route decodes what was handed in by itself. */
const textOf = (bytes: Uint8Array<ArrayBuffer>): string =>
  decodeUtf8(bytes) ?? new TextDecoder('gb18030').decode(bytes)

const preview = (
  lang: Lang,
  name: string,
  own: string,
  { bytes, given }: Upload,
  told: Loaded,
): Shown => {
  const title = fill(texts.previewTitle[lang], { table: name })
  const changes = told.added + told.changed + told.removed
  return content(
    title,
    <>
      <PageHead title={title} note={texts.previewNote[lang]} />
      <section class="card">
        <Facts
          facts={(['rows', 'added', 'changed', 'unchanged', 'removed'] as const).map((each) => ({
            name: texts[each][lang],
            value: wholeCount(told[each]),
          }))}
        />
        {told.removed === 0 ? (
          ''
        ) : (
          <p>
            <strong>{fill(texts.previewRemoves[lang], { count: wholeCount(told.removed) })}</strong>
          </p>
        )}
      </section>
      <FileFaults lang={lang} faults={told.faults} />
      {changes === 0 ? (
        <Empty title={texts.nothingChanges[lang]} steps={[{ href: own, name: texts.back[lang] }]} />
      ) : (
        <LoadNow lang={lang} own={own} bytes={bytes} given={given} />
      )}
    </>,
  )
}

const LoadNow = ({
  lang,
  own,
  bytes,
  given,
}: Pick<Upload, 'bytes' | 'given'> & { readonly lang: Lang; readonly own: string }) => (
  <form class="card" action={own} method="post" enctype="multipart/form-data">
    <input type="hidden" name="confirmed" value="yes" />
    {Object.entries(given).map(([name, value]) =>
      value === undefined ? '' : <input type="hidden" name={name} value={String(value)} />,
    )}
    {bytes.length <= PREVIEW_KEPT_BYTES_MAX ? (
      <input type="hidden" name="file" value={textOf(bytes)} />
    ) : (
      <div class="field">
        <label for="load-file">{texts.file[lang]}</label>
        <input id="load-file" type="file" name="file" accept=".csv,text/csv" required />
        <p class="hint">{texts.chooseAgain[lang]}</p>
      </div>
    )}
    <p class="acts">
      <button type="submit" class="danger">
        {texts.loadNow[lang]}
      </button>
      <a class="button" href={own}>
        {texts.back[lang]}
      </a>
    </p>
  </form>
)

const noFile = (lang: Lang, own: string): Shown =>
  content(
    texts.noFile[lang],
    <>
      <PageHead title={texts.noFile[lang]} note={texts.noFileCure[lang]} />
      <LoadForm lang={lang} own={own} />
    </>,
    422,
  )

const refused = (lang: Lang, own: string, problem: Problem): Shown =>
  content(
    problem.text[lang],
    <>
      <PageHead title={problem.text[lang]} note={problem.cure[lang]} />
      <FileFaults lang={lang} faults={problem.faults} />
      <LoadForm lang={lang} own={own} />
    </>,
    422,
  )

const FileFaults = ({
  lang,
  faults,
}: {
  readonly lang: Lang
  readonly faults: readonly FileFault[]
}) =>
  faults.length === 0 ? null : (
    <DataTable
      lang={lang}
      caption={texts.faults[lang]}
      rows={faults}
      columns={[
        { name: texts.faultRow[lang], kind: 'number', cell: ({ row }) => row ?? '–' },
        { name: texts.faultColumn[lang], kind: 'code', cell: ({ column }) => column ?? '–' },
        {
          name: texts.faultWhat[lang],
          cell: ({ text, code }) => (
            <>
              {text[lang]} <code>{code}</code>
            </>
          ),
        },
        { name: texts.faultCure[lang], cell: ({ cure }) => cure[lang] },
      ]}
    />
  )
