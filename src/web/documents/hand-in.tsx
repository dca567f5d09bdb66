/** Handing in by form: `base/hand-in/:kind`, checked first, then handed in through the interface. */
import type { z } from 'zod'
import { findDeclaration } from '../../catalogue/index.ts'
import {
  type AnyDocument,
  APP_TYPE,
  type Declaration,
  type FieldRecord,
} from '../../catalogue/message.ts'
import { withHead } from '../../codec/document.ts'
import { shapeOf } from '../../codec/shape.ts'
import type { intakeAnswer } from '../../http/schemas.ts'
import { date8, stamp14 } from '../../kernel/clock.ts'
import type { ToldFault } from '../desk/notices.tsx'
import { type ActionAsk, type Ask, type Content, content, type Shown } from '../desk/room.ts'
import type { Viewer } from '../desk/viewer.ts'
import { fill } from '../texts.ts'
import {
  defaultsOf,
  documentOfForm,
  type FormValues,
  partsOf,
  sharedHead,
  valuesOf,
  withLine,
} from './form-model.ts'
import { formTexts as texts } from './form-texts.ts'
import { HandInForm } from './hand-in-form.tsx'
import { kindShort } from './names.ts'
import { kindToHandIn } from './own-kinds.ts'
import { type DocumentPlaces, documentPath, formPath } from './places.ts'
import { type Consignment, contentOf, type DocumentTold, readOwn } from './reading.ts'

/** What a form is about, found anew with each request: forms keep nothing here. */
interface Asked {
  readonly entry: Declaration
  /** The document that is corrected. */
  readonly from: DocumentTold | undefined
}

/** Undefined for a kind, or a document, that is not this reader's; whatever he sees is his to correct. */
const askedOf = async (ask: Ask, from: string): Promise<Asked | undefined> => {
  const { api, param } = ask
  if (from === '') {
    const entry = await kindToHandIn(ask)
    return entry && { entry, from: undefined }
  }
  const entry = findDeclaration(param('kind'))
  if (entry === undefined) return undefined
  const found = await api.get<DocumentTold>(`/api/v1/documents/${encodeURIComponent(from)}`)
  if (found.kind === 'problem' || found.value.kind !== entry.code) return undefined
  return { entry, from: found.value }
}

export const formPage = async (ask: Ask, places: DocumentPlaces): Promise<Shown> => {
  const { from = '', orderNo = '' } = ask.query
  const asked = await askedOf(ask, from)
  if (asked === undefined) return ask.notFound()
  const values =
    asked.from === undefined
      ? await startValues(ask, asked.entry, orderNo)
      : withoutPersonal(asked.entry, valuesOf(asked.entry, contentOf(asked.from)))
  return show(ask, places, asked, { values, submission: submissionOf(ask, asked), faults: [] })
}

/** A correction has the same key; refused before, it goes as new, else as a change. */
const submissionOf = ({ c }: Ask, { from }: Asked): FormValues => {
  const { clock, ids } = c.get('deps').flow
  const isChange = from !== undefined && from.group !== 'refused'
  return {
    guid: ids.next().toUpperCase(),
    appType: isChange ? APP_TYPE.change : APP_TYPE.new,
    appTime: stamp14(clock.now()),
  }
}

const startValues = async (
  { api, c, viewer }: Ask,
  entry: Declaration,
  orderNo: string,
): Promise<FormValues> => {
  const { clock } = c.get('deps').flow
  const found =
    orderNo === ''
      ? undefined
      : await api.get<Consignment>(`/api/v1/consignments/${encodeURIComponent(orderNo)}`)
  const others = found?.kind === 'ok' ? await readOwn(api, found.value) : []
  const document = withHead(entry, defaultsOf(entry, date8(clock.now())), {
    ...ownerHead(entry, viewer),
    ...sharedHead(
      entry,
      others.flatMap(({ document: other }) => {
        const of = findDeclaration(other.kind)
        return of === undefined ? [] : [{ entry: of, document: contentOf(other) }]
      }),
    ),
    ...(entry.consignment === undefined || orderNo === '' ? {} : { [entry.consignment]: orderNo }),
  })
  return valuesOf(entry, document)
}

/** Code and name of the enterprise where the kind names its owner. */
export const ownerHead = (entry: Declaration, { enterprise }: Viewer): FieldRecord => {
  if (enterprise === undefined) return {}
  const owner = entry.owners.find(({ role }) => enterprise.roles.includes(role))
  const code = enterprise.customsCode ?? enterprise.creditCode
  if (owner === undefined || code === null) return {}
  const name = owner.field.replace(/Code$/, 'Name')
  const hasName = shapeOf(entry).head.byName.has(name) && name !== owner.field
  return { [owner.field]: code, ...(hasName ? { [name]: enterprise.name } : {}) }
}

const withoutPersonal = (entry: Declaration, values: FormValues): FormValues => {
  const personal = new Set(
    shapeOf(entry).groups.flatMap(({ fields }) =>
      fields.filter(({ field }) => field.sensitive === true).map(({ name }) => name),
    ),
  )
  return Object.fromEntries(
    Object.entries(values).filter(([name]) => !personal.has(name.split('.').at(-1) ?? '')),
  )
}

/** Checks, adds a line, or hands in; faults come back at their fields. */
export const formAct = async (ask: ActionAsk, places: DocumentPlaces): Promise<Shown> => {
  const { form, api, go } = ask
  const asked = await askedOf(ask, form.text('from'))
  if (asked === undefined) return ask.notFound()
  const { entry, from } = asked
  const fresh = submissionOf(ask, asked)
  const submission = {
    guid: form.text('guid') || (fresh.guid ?? ''),
    appType: fresh.appType ?? '',
    appTime: form.text('appTime') || (fresh.appTime ?? ''),
  }
  const kept = from === undefined ? undefined : contentOf(from)
  const act = form.text('act')
  if (act.startsWith('add:')) {
    const values = withLine(partsOf(entry), form.values, act.slice('add:'.length))
    return show(ask, places, asked, { values, submission, faults: [] })
  }
  const document = documentOfForm(entry, form.values, submission, kept)
  const isCheck = act !== 'hand-in'
  const answered = await api.post<z.infer<typeof intakeAnswer>>(
    `/api/v1/documents${isCheck ? '?dryRun=true' : ''}`,
    { kind: entry.code, document },
  )
  if (answered.kind === 'problem' && answered.status !== 422) return answered
  const result = answered.kind === 'ok' ? answered.value.results[0] : undefined
  if (!isCheck && result?.id !== undefined)
    return go(documentPath(places, result.id), { tone: 'done', text: texts.done })
  const faults = answered.kind === 'problem' ? answered.problem.faults : (result?.faults ?? [])
  const values =
    kept === undefined ? valuesOf(entry, document) : typedAgain(entry, document, form.values)
  return show(ask, places, asked, { values, submission, faults, checked: true })
}

/** Personal values that were kept are not shown again. */
const typedAgain = (entry: Declaration, document: AnyDocument, typed: FormValues): FormValues => ({
  ...withoutPersonal(entry, valuesOf(entry, document)),
  ...Object.fromEntries(
    Object.entries(typed).filter(([name, value]) => name.includes('.') && value !== ''),
  ),
})

interface State {
  readonly values: FormValues
  readonly submission: FormValues
  readonly faults: readonly ToldFault[]
  readonly checked?: boolean
}

const show = (
  { lang, t }: Ask,
  places: DocumentPlaces,
  { entry, from }: Asked,
  { values, submission, faults, checked = false }: State,
): Content => {
  const kind = kindShort(entry.code, lang)
  const title =
    from === undefined
      ? fill(t(texts.title), { kind })
      : fill(t(texts.correctTitle), { kind, number: from.number })
  const { guid = '', appTime = '' } = submission
  const isWrong = faults.some(({ severity }) => severity !== 'warning')
  return content(
    title,
    <HandInForm
      lang={lang}
      parts={partsOf(entry)}
      title={title}
      action={formPath(places, entry.code)}
      values={values}
      hidden={{ guid, appTime, ...(from === undefined ? {} : { from: from.id }) }}
      {...(from === undefined ? {} : { kept: valuesOf(entry, contentOf(from)) })}
      faults={faults.map((fault) => ({
        ...fault,
        pointer: fault.pointer.replace(/^\/(?:document|documents\/0)(?=\/|$)/, ''),
      }))}
      checked={checked}
    />,
    isWrong ? 422 : 200,
  )
}
