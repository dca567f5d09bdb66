/**
 * Handing in the documents of a consignment by one form, all of them or none:
 * `base/hand-in/consignment`. Kinds that the reader hands in neither for himself nor under a mandate
 * are named and not asked for.
 */
import type { z } from 'zod'
import { consignmentOf, listOf } from '../../catalogue/index.ts'
import { APP_TYPE, type Declaration } from '../../catalogue/message.ts'
import { headOfDocument, withHead } from '../../codec/document.ts'
import { isKeptBack } from '../../flow/intake-faults.ts'
import type { intakeAnswer } from '../../http/schemas.ts'
import { date8, stamp14 } from '../../kernel/clock.ts'
import type { Fault } from '../../kernel/fault.ts'
import type { ToldFault } from '../desk/notices.tsx'
import { type ActionAsk, type Ask, type Content, content, type Shown } from '../desk/room.ts'
import { fill, listed } from '../texts.ts'
import { defaultsOf, type FormValues, pointerOfInput, valuesOf, withLine } from './form-model.ts'
import { formTexts as texts } from './form-texts.ts'
import { ownerHead } from './hand-in.tsx'
import { HandInForm } from './hand-in-form.tsx'
import { kindShort } from './names.ts'
import { kindsToHandIn, ownsKind } from './own-kinds.ts'
import { consignmentPath, type DocumentPlaces, wholeFormPath } from './places.ts'
import { documentOfWhole, type WholeForm, wholeForm, withoutBlankLines } from './whole-form.ts'

type Results = z.infer<typeof intakeAnswer>['results']

/** Kinds of an import consignment, in its order. */
const kinds = (): readonly Declaration[] => consignmentOf(listOf('import'))

/** Whether the reader hands any of them in by his own roles. */
export const handsInWhole = ({ viewer }: Ask): boolean =>
  kinds().some(({ code }) => ownsKind(viewer, code))

/** The form of the kinds that are this reader's; undefined when none is. */
const formOf = async (ask: Ask): Promise<WholeForm | undefined> => {
  const own = await kindsToHandIn(ask)
  const mine = kinds().filter((entry) => own.includes(entry))
  return mine.length === 0 ? undefined : wholeForm(mine)
}

export const wholePage = async (ask: Ask, places: DocumentPlaces): Promise<Shown> => {
  const form = await formOf(ask)
  if (form === undefined) return ask.notFound()
  const values = startValues(ask, form)
  return show(ask, places, form, { values, hidden: hiddenOf(ask, form), left: [], faults: [] })
}

/** What every document of its kind says, and the reader's own code where he is named. */
const startValues = ({ c, viewer }: Ask, form: WholeForm): FormValues => {
  const { entries, inputOf } = form
  const today = date8(c.get('deps').flow.clock.now())
  const values: Record<string, string> = {}
  for (const entry of entries) {
    const start = valuesOf(
      entry,
      withHead(entry, defaultsOf(entry, today), ownerHead(entry, viewer)),
    )
    for (const [name, value] of Object.entries(start)) values[inputOf(entry, name)] ??= value
  }
  return values
}

const guidName = ({ code }: Declaration): string => `guid-${code}`

/** The same from check to handing in, so that a form sent twice hands in the same documents. */
const hiddenOf = ({ c }: Ask, { entries }: WholeForm, sent: FormValues = {}): FormValues => {
  const { clock, ids } = c.get('deps').flow
  return {
    appTime: sent.appTime || stamp14(clock.now()),
    ...Object.fromEntries(
      entries.map((entry) => [guidName(entry), sent[guidName(entry)] || ids.next().toUpperCase()]),
    ),
  }
}

/** Checks, adds a line, or hands in; faults of all documents come back at their inputs. */
export const wholeAct = async (ask: ActionAsk, places: DocumentPlaces): Promise<Shown> => {
  const { form: sent, api, go } = ask
  const form = await formOf(ask)
  if (form === undefined) return ask.notFound()
  const hidden = hiddenOf(ask, form, sent.values)
  const left = sent.all('leave')
  const act = sent.text('act')
  if (act.startsWith('add:')) {
    const values = withLine(form.parts, sent.values, act.slice('add:'.length))
    return show(ask, places, form, { values, hidden, left, faults: [] })
  }
  const values = withoutBlankLines(form, sent.values)
  const entries = form.entries.filter(({ code }) => !left.includes(code))
  const state = { values, hidden, left, checked: true }
  if (entries.length === 0) return show(ask, places, form, { ...state, faults: [nothingLeft] })
  const { appTime = '' } = hidden
  const documents = entries.map((entry) => {
    const submission = { guid: hidden[guidName(entry)] ?? '', appType: APP_TYPE.new, appTime }
    return { entry, document: documentOfWhole(form, entry, values, submission) }
  })
  const isCheck = act !== 'hand-in'
  const answered = await api.post<z.infer<typeof intakeAnswer>>(
    `/api/v1/documents?together=true${isCheck ? '&dryRun=true' : ''}`,
    { documents: documents.map(({ entry, document }) => ({ kind: entry.code, document })) },
  )
  if (answered.kind === 'problem' && answered.problem.code !== 'DOCUMENTS-REFUSED') return answered
  if (answered.kind === 'ok' && !isCheck) {
    const orderNo = documents
      .map(({ entry, document }) => headOfDocument(entry, document)[entry.consignment ?? ''])
      .find((number) => number !== undefined)
    return go(consignmentPath(places, orderNo ?? ''), { tone: 'done', text: texts.wholeDone })
  }
  // What is refused has its results beside the problem.
  const results = (
    answered.kind === 'ok' ? answered.value.results : (answered.problem.results ?? [])
  ) as Results
  return show(ask, places, form, { ...state, faults: faultsOf(form, entries, results) })
}

/** Each at the input that fills its place, and what several documents say of one input once. */
const faultsOf = (
  { inputOf }: WholeForm,
  entries: readonly Declaration[],
  results: Results,
): readonly ToldFault[] => {
  const told = new Map<string, ToldFault>()
  for (const { index, faults = [] } of results) {
    const entry = entries[index]
    if (entry === undefined) continue
    for (const fault of faults) {
      if (isKeptBack(fault)) continue
      const name = fault.pointer.slice(1).replaceAll('/', '.')
      const pointer = name === '' ? `/${entry.code}` : pointerOfInput(inputOf(entry, name))
      const what = fault.code.split('-').at(-1) ?? ''
      const key = `${pointer} ${what}`
      if (!told.has(key)) told.set(key, { ...fault, pointer })
    }
  }
  return [...told.values()]
}

const nothingLeft: Fault = {
  code: 'INTAKE-documents-MISSING',
  pointer: '',
  severity: 'error',
  text: texts.nothingLeft,
  cure: texts.nothingLeftCure,
}

interface State {
  readonly values: FormValues
  readonly hidden: FormValues
  readonly left: readonly string[]
  readonly faults: readonly ToldFault[]
  readonly checked?: boolean
}

const show = (
  { lang, t }: Ask,
  places: DocumentPlaces,
  { entries, parts }: WholeForm,
  { values, hidden, left, faults, checked = false }: State,
): Content => {
  const others = kinds().filter((entry) => !entries.includes(entry))
  const named = (language: 'zh' | 'en') =>
    listed(
      others.map(({ code }) => kindShort(code, language)),
      language,
    )
  const note = {
    zh: `${texts.wholeNote.zh}${others.length === 0 ? '' : fill(texts.others.zh, { kinds: named('zh') })}`,
    en: `${texts.wholeNote.en}${others.length === 0 ? '' : ` ${fill(texts.others.en, { kinds: named('en') })}`}`,
  }
  const isWrong = faults.some(({ severity }) => severity !== 'warning')
  return content(
    t(texts.wholeTitle),
    <HandInForm
      {...{ lang, parts, values, hidden, left, faults, checked, note }}
      title={t(texts.wholeTitle)}
      action={wholeFormPath(places)}
    />,
    isWrong ? 422 : 200,
  )
}
