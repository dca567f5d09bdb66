/**
 * `/seller/books/:emsNo/counts`: a physical count from a sheet. Its differences are looked at first, and
 * booked by the form beneath them, which carries the rows that were looked at, sealed.
 */
import type { z } from 'zod'
import { bondedCount } from '../../catalogue/bonded-book.ts'
import type { FlowDeps } from '../../flow/types.ts'
import type { countReport } from '../../http/bonded-schemas.ts'
import { readTable } from '../../http/table-rows.ts'
import { type ApiProblem, address } from '../desk/api.ts'
import { TextArea } from '../desk/fields.tsx'
import { ProblemNotice } from '../desk/notices.tsx'
import { PageHead } from '../desk/parts.tsx'
import { type ActionAsk, type Ask, content, type Shown } from '../desk/room.ts'
import { DataTable } from '../desk/table.tsx'
import { handInTexts } from '../documents/hand-in-texts.ts'
import type { DocumentPlaces } from '../documents/places.ts'
import { fill, type Lang } from '../texts.ts'
import { BookTabs, bookApiPath, bookPath } from './books.tsx'
import { COUNT_READ_BYTES_MAX, COUNT_SEALED_MAX } from './seller-limits.ts'
import { sellerTexts as texts } from './texts.ts'

type Report = z.infer<typeof countReport>

/** What was counted, as the report was made of it. */
interface Counted {
  readonly at: string
  readonly lines: readonly Readonly<Record<string, string>>[]
}

const countsPath = (places: DocumentPlaces, emsNo: string): string =>
  `${bookPath(places, emsNo)}/counts`

export const countPage = (ask: Ask, places: DocumentPlaces): Promise<Shown> => show(ask, places, {})

/** Hands the upload on as it comes, and reads a small one a second time for the form that books it. */
export const takeCount = async (ask: Ask, places: DocumentPlaces): Promise<Shown> => {
  const { api, c, param } = ask
  const length = Number(c.req.header('content-length') ?? Number.POSITIVE_INFINITY)
  const copy = length <= COUNT_READ_BYTES_MAX ? c.req.raw.clone() : undefined
  const taken = await api.pass<Report>(`${bookApiPath(param('emsNo'))}/counts`)
  if (taken.kind === 'problem')
    return taken.status === 404 ? taken : show(ask, places, { problem: taken })
  const report = taken.value
  const read = copy && (await readTable(copy, bondedCount, 'lines'))
  const lines = read?.kind === 'rows' ? read.rows.map(({ record }) => record) : undefined
  // Judged by the interface just now: records of texts.
  const counted = lines && { at: report.at, lines: lines as Counted['lines'] }
  return show(ask, places, { report, kept: counted && sealCounted(ask, counted) })
}

/** Books what was looked at; where the book has changed since, it is looked at anew. */
export const bookCount = async (ask: ActionAsk, places: DocumentPlaces): Promise<Shown> => {
  const { api, form, go, param } = ask
  const emsNo = param('emsNo')
  const counted = openCounted(ask, form.text('kept'))
  if (counted === undefined) return ask.notFound()
  const { at, lines } = counted
  const [token, reason] = [form.text('token'), form.text('reason').trim()]
  const booked = await api.post<Report>(
    address(`${bookApiPath(emsNo)}/counts`, { apply: true, at, token }),
    { lines: lines.map((line) => (reason === '' ? line : { note: reason, ...line })) },
  )
  if (booked.kind === 'ok') {
    const { zh, en } = texts.countBooked
    const count = { count: String(booked.value.differences.length) }
    const text = { zh: fill(zh, count), en: fill(en, count) }
    return go(`${bookPath(places, emsNo)}/movements?kind=count`, { tone: 'done', text })
  }
  if (booked.status === 404) return booked
  // A count that has changed comes with its report as it is now, as the interface tells it.
  const report = booked.problem.report as Report | undefined
  return show(ask, places, { problem: booked, report, kept: form.text('kept'), reason })
}

const CONTEXT = 'bonded-count'
type Sealing = Pick<Ask, 'c'>
const sealerOf = ({ c }: Sealing): FlowDeps['sealer'] => c.get('deps').flow.sealer

/** Undefined where a form has no room for it. */
const sealCounted = (ask: Sealing, counted: Counted): string | undefined => {
  const text = JSON.stringify(counted)
  if (Buffer.byteLength(text) > COUNT_SEALED_MAX) return undefined
  return Buffer.from(sealerOf(ask).seal(Buffer.from(text), CONTEXT)).toString('base64url')
}

/** Undefined for what was not sealed here. */
const openCounted = (ask: Sealing, text: string): Counted | undefined => {
  try {
    const opened = sealerOf(ask).open(Buffer.from(text, 'base64url'), CONTEXT)
    // Sealed by `sealCounted`, so of its shape.
    return JSON.parse(Buffer.from(opened).toString()) as Counted
  } catch {
    return undefined
  }
}

interface Told {
  readonly problem?: ApiProblem
  readonly report?: Report | undefined
  /** Sealed; undefined where the form has no room for it. */
  readonly kept?: string | undefined
  readonly reason?: string
}

const show = async (
  ask: Ask,
  places: DocumentPlaces,
  { problem, report, kept, reason }: Told,
): Promise<Shown> => {
  const { api, lang, t, param } = ask
  const emsNo = param('emsNo')
  const book = await api.get(bookApiPath(emsNo), { limit: 1 })
  if (book.kind === 'problem') return book
  const title = fill(t(texts.bookTitle), { number: emsNo })
  const path = countsPath(places, emsNo)
  return content(
    title,
    <>
      <PageHead title={title} note={t(texts.countNote)} />
      <BookTabs ask={ask} places={places} emsNo={emsNo} current="counts" />
      {problem === undefined ? '' : <ProblemNotice lang={lang} problem={problem.problem} />}
      {report === undefined ? '' : <CountReport lang={lang} report={report} />}
      {report === undefined || report.differences.length === 0 ? (
        ''
      ) : (
        <BookForm {...{ lang, path, report, kept, reason }} />
      )}
      <UploadForm lang={lang} path={path} />
    </>,
    problem === undefined ? 200 : 422,
  )
}

const UploadForm = ({ lang, path }: { readonly lang: Lang; readonly path: string }) => (
  <form class="card upload" action={path} method="post" enctype="multipart/form-data">
    <p>
      <a href={`/api/v1/sheets/${bondedCount.code}.xlsx`}>{handInTexts.template[lang]}</a>
    </p>
    <div class="field">
      <label for="f-file">{handInTexts.file[lang]}</label>
      <input id="f-file" name="file" type="file" accept=".xlsx,.csv" required />
    </div>
    <p class="acts">
      <button type="submit" class="primary">
        {texts.countLook[lang]}
      </button>
    </p>
  </form>
)

const CountReport = ({ lang, report }: { readonly lang: Lang; readonly report: Report }) => (
  <>
    <p role="status">
      {fill(texts.countReport[lang], {
        counted: String(report.counted),
        count: String(report.differences.length),
      })}
    </p>
    <DataTable
      lang={lang}
      caption={texts.counts[lang]}
      columns={[
        { name: texts.itemNo[lang], cell: ({ itemRecordNo }) => itemRecordNo, kind: 'code' },
        { name: texts.gname[lang], cell: ({ gname }) => gname },
        { name: texts.counted[lang], cell: ({ counted }) => counted, kind: 'number' },
        { name: texts.booked[lang], cell: ({ booked }) => booked, kind: 'number' },
        { name: texts.difference[lang], cell: ({ difference }) => difference, kind: 'number' },
        { name: texts.reserved[lang], cell: ({ reserved }) => reserved, kind: 'number' },
      ]}
      rows={report.differences}
      empty={{ title: texts.countSame[lang] }}
    />
  </>
)

interface BookFormProps {
  readonly lang: Lang
  readonly path: string
  readonly report: Report
  readonly kept: string | undefined
  readonly reason: string | undefined
}

const BookForm = ({ lang, path, report, kept, reason }: BookFormProps) =>
  kept === undefined ? (
    <p class="note">{texts.countLarge[lang]}</p>
  ) : (
    <form class="card" action={`${path}/book`} method="post">
      <h2>{texts.countBook[lang]}</h2>
      <p class="note">{texts.countBookNote[lang]}</p>
      <input type="hidden" name="kept" value={kept} />
      <input type="hidden" name="token" value={report.token} />
      <TextArea
        lang={lang}
        name="reason"
        label={texts.reason[lang]}
        hint={texts.countReasonHint[lang]}
        rows={2}
        maxlength={200}
        value={reason}
        required
      />
      <p class="acts">
        <button type="submit" class="primary">
          {texts.countBook[lang]}
        </button>
      </p>
    </form>
  )
