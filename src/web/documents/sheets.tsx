/**
 * `base/sheets/:kind`: a template to fill in, a sheet to hand in, and its faulty cells corrected
 * on the page. What of the faulty documents the correction needs goes along in the form, sealed, so
 * that nothing is kept here and nothing personal stands in the page.
 */
import type { z } from 'zod'
import type { AnyDocument, Declaration } from '../../catalogue/message.ts'
import { fieldAt } from '../../codec/differences.ts'
import type { intakeAnswer } from '../../http/schemas.ts'
import type { sheetAnswer } from '../../http/sheet-schemas.ts'
import type { ApiProblem } from '../desk/api.ts'
import { ProblemNotice, type ToldFault } from '../desk/notices.tsx'
import { type ActionAsk, type Ask, content, type Shown } from '../desk/room.ts'
import { fill } from '../texts.ts'
import { CORRECTED_DOCUMENTS_MAX, CORRECTED_SHEET_BYTES_MAX } from './document-limits.ts'
import { handInTexts as texts } from './hand-in-texts.ts'
import { kindShort } from './names.ts'
import { kindToHandIn } from './own-kinds.ts'
import { type DocumentPlaces, sheetPath } from './places.ts'
import { faultyDocuments, openKept, sealKept, shownCell, withCells } from './sheet-corrections.ts'
import { CorrectForm, FaultyCells, SheetForm, type ToCorrect } from './sheet-parts.tsx'

type Answer = z.infer<typeof sheetAnswer>
type Fault = Answer['faults'][number]

export const sheetPage = async (ask: Ask, places: DocumentPlaces): Promise<Shown> => {
  const entry = await kindToHandIn(ask)
  if (entry === undefined) return ask.notFound()
  return pageOf(ask, places, entry, {})
}

/** Hands the upload on as it comes, and reads a small one a second time for what must be corrected. */
export const takeSheet = async (ask: Ask, places: DocumentPlaces): Promise<Shown> => {
  const { api, c, query } = ask
  const entry = await kindToHandIn(ask)
  if (entry === undefined) return ask.notFound()
  const length = Number(c.req.header('content-length') ?? Number.POSITIVE_INFINITY)
  const copy = length <= CORRECTED_SHEET_BYTES_MAX ? c.req.raw.clone() : undefined
  const isCheck = query.check === 'yes'
  const taken = await api.pass<Answer>(`/api/v1/sheets/${entry.code}`, {
    dryRun: isCheck ? true : undefined,
  })
  const answer = taken.kind === 'ok' ? taken.value : refusedAnswer(taken)
  if (answer === undefined) {
    if (taken.kind === 'problem' && taken.status === 429) return taken
    return pageOf(ask, places, entry, taken.kind === 'problem' ? { problem: taken } : {})
  }
  const documents =
    copy === undefined || answer.refused === 0
      ? []
      : await faultyDocuments(c.get('deps').flow, copy, entry, answer.faults)
  const checked = isCheck ? answer.taken : 0
  return pageOf(ask, places, entry, { answer, counts: answer, documents, isCheck, checked })
}

/** A refusal of all documents has the members of an answer beside those of a problem. */
const refusedAnswer = ({ problem }: ApiProblem): Answer | undefined =>
  // Told by the route of sheets: its problem carries what its answer does.
  problem.code === 'DOCUMENTS-REFUSED' ? (problem as unknown as Answer) : undefined

/** The corrected cells put into their documents, and those handed in. */
export const correctSheet = async (ask: ActionAsk, places: DocumentPlaces): Promise<Shown> => {
  const { api, c, form, go } = ask
  const entry = await kindToHandIn(ask)
  if (entry === undefined) return ask.notFound()
  const kept = openKept(c.get('deps').flow.sealer, form.text('kept'))
  if (kept === undefined) return ask.notFound()
  const { checked } = kept
  const documents = kept.documents.map((each, index) => withCells(each, index, form.values))
  const answered = await api.post<z.infer<typeof intakeAnswer>>('/api/v1/documents', {
    kind: entry.code,
    documents: documents.map(({ document }) => document),
  })
  if (answered.kind === 'problem' && answered.problem.code !== 'DOCUMENTS-REFUSED') return answered
  const results =
    answered.kind === 'ok'
      ? answered.value.results
      : // The same members as of an answer.
        ((answered.problem as unknown as z.infer<typeof intakeAnswer>).results ?? [])
  const beside: readonly ToldFault[] = answered.kind === 'ok' ? [] : answered.problem.faults
  const left = results.flatMap(({ index, id, faults = [] }) => {
    const of = documents[index]
    if (id !== undefined || of === undefined) return []
    const all = [...faults, ...beside.filter(({ pointer }) => isOfDocument(pointer, index))]
    return [{ ...of, cells: all.map((fault) => cellOf(entry, of.document, fault)) }]
  })
  if (left.length > 0) {
    const counts = { taken: results.length - left.length, refused: left.length }
    return pageOf(ask, places, entry, { documents: left, counts, checked })
  }
  if (checked === 0)
    return go(`${places.base}/documents`, { tone: 'done', text: texts.correctDone })
  const { zh, en } = texts.correctDoneChecked
  const count = { count: String(checked) }
  return go(sheetPath(places, entry.code), {
    tone: 'done',
    text: { zh: fill(zh, count), en: fill(en, count) },
  })
}

const isOfDocument = (pointer: string, index: number): boolean =>
  pointer.startsWith(`/documents/${index}/`)

const cellOf = (entry: Declaration, document: AnyDocument, fault: ToldFault) => {
  const cell = shownCell(entry, document, { ...fault, head: null })
  return { ...cell, head: fieldAt(entry, cell.pointer)?.zh ?? null }
}

interface Told {
  readonly problem?: ApiProblem
  readonly answer?: Answer
  readonly counts?: Pick<Answer, 'taken' | 'refused'>
  readonly documents?: readonly ToCorrect[]
  readonly isCheck?: boolean
  /** Good documents of a sheet that was only checked. */
  readonly checked?: number
}

const pageOf = (
  { lang, t, c }: Ask,
  places: DocumentPlaces,
  entry: Declaration,
  { problem, answer, counts, documents = [], isCheck = false, checked = 0 }: Told,
): Shown => {
  const path = sheetPath(places, entry.code)
  const title = fill(t(texts.sheetTitle), { kind: `${kindShort(entry.code, lang)} ${entry.code}` })
  const faults: readonly Fault[] = answer?.faults ?? []
  const corrected = documents.slice(0, CORRECTED_DOCUMENTS_MAX)
  const { kept, shown } = sealKept(c.get('deps').flow.sealer, corrected, checked)
  return content(
    title,
    <>
      {problem === undefined ? '' : <ProblemNotice lang={lang} problem={problem.problem} />}
      <SheetForm lang={lang} entry={entry} title={title} path={path} />
      {counts === undefined ? (
        ''
      ) : (
        <p class="card sheet-result" role="status">
          {fill(t(isCheck ? texts.sheetChecked : texts.sheetTaken), {
            taken: String(counts.taken),
            refused: String(counts.refused),
          })}
        </p>
      )}
      {shown.length === 0 ? (
        ''
      ) : (
        <CorrectForm
          lang={lang}
          action={`${path}/correct`}
          kept={kept}
          documents={shown}
          hasMore={(answer?.refused ?? documents.length) > shown.length}
          checked={checked}
        />
      )}
      <FaultyCells lang={lang} faults={faults} errors={answer?.errors ?? 0} />
    </>,
    problem === undefined && documents.length === 0 ? 200 : 422,
  )
}
