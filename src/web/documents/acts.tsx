/**
 * Cancelling, returning, sending anyway, sending again: each a page that says what will follow, and
 * the act. What the interface refuses stands at the form, with its faults.
 */
import type { Child } from 'hono/jsx'
import { findAct, getDeclaration } from '../../catalogue/index.ts'
import { linesOf } from '../../codec/document.ts'
import type { Text } from '../../kernel/fault.ts'
import type { ApiProblem } from '../desk/api.ts'
import { Check, Field, faultsAt, TextArea } from '../desk/fields.tsx'
import { ProblemNotice } from '../desk/notices.tsx'
import { Confirm } from '../desk/parts.tsx'
import type { ActionAsk, Ask, Content, Shown } from '../desk/room.ts'
import { content } from '../desk/room.ts'
import { fill, type Lang } from '../texts.ts'
import { LINES_SHOWN_MAX } from './document-limits.ts'
import { documentsTexts as texts } from './documents-texts.ts'
import { type DocumentPlaces, documentPath } from './places.ts'
import { contentOf, type DocumentTold } from './reading.ts'

export const actVerbs = ['cancel', 'return', 'send-anyway', 'resend'] as const
export type ActVerb = (typeof actVerbs)[number]

interface ActTexts {
  readonly title: Text
  readonly consequences: readonly Text[]
  readonly verb: Text
  readonly done: Text
}

const acts: Readonly<Record<ActVerb, ActTexts>> = {
  cancel: {
    title: texts.cancelTitle,
    consequences: [texts.cancelWhat, texts.cancelThen],
    verb: texts.cancel,
    done: texts.cancelDone,
  },
  return: {
    title: texts.returnTitle,
    consequences: [texts.returnWhat, texts.returnThen],
    verb: texts.return,
    done: texts.returnDone,
  },
  'send-anyway': {
    title: texts.anywayTitle,
    consequences: [texts.anywayWhat, texts.anywayThen],
    verb: texts.sendAnyway,
    done: texts.anywayDone,
  },
  resend: {
    title: texts.resendTitle,
    consequences: [texts.resendWhat],
    verb: texts.resend,
    done: texts.resendDone,
  },
}

const apiPath = (id: string): string => `/api/v1/documents/${encodeURIComponent(id)}`

/** `GET base/documents/:id/<verb>`: what will follow. */
export const actPage = async (ask: Ask, places: DocumentPlaces, verb: ActVerb): Promise<Shown> => {
  const found = await ask.api.get<DocumentTold>(apiPath(ask.param('id')))
  if (found.kind === 'problem') return found
  return formOf(ask, places, verb, found.value)
}

/** `POST base/documents/:id/<verb>`: does it, or says why not. */
export const doAct = async (
  ask: ActionAsk,
  places: DocumentPlaces,
  verb: ActVerb,
): Promise<Shown> => {
  const { api, form, go, param } = ask
  const found = await api.get<DocumentTold>(apiPath(param('id')))
  if (found.kind === 'problem') return found
  if (form.text('confirmed') !== 'yes') return formOf(ask, places, verb, found.value)
  const hasReason = verb === 'cancel' || verb === 'return'
  const done = await api.post(
    `${apiPath(param('id'))}/${verb}`,
    hasReason ? requestOf(ask, verb, found.value) : undefined,
  )
  if (done.kind === 'ok')
    return go(documentPath(places, param('id')), { tone: 'done', text: acts[verb].done })
  if (done.status === 404 || done.status === 429) return done
  return formOf(ask, places, verb, found.value, { problem: done, form: form.values })
}

interface Again {
  readonly problem: ApiProblem
  readonly form: Readonly<Record<string, string>>
}

const formOf = (
  { lang, t }: Ask,
  places: DocumentPlaces,
  verb: ActVerb,
  document: DocumentTold,
  again?: Again,
): Content => {
  const own = documentPath(places, document.id)
  const told = acts[verb]
  const title = fill(t(told.title), { number: document.number })
  return content(
    title,
    <>
      {again === undefined ? '' : <ProblemNotice lang={lang} problem={again.problem.problem} />}
      <Confirm
        lang={lang}
        title={title}
        consequences={told.consequences.map((text) => t(text))}
        action={`${own}/${verb}`}
        verb={t(told.verb)}
        cancelPath={own}
      >
        {fieldsOf(lang, verb, document, again)}
      </Confirm>
    </>,
    again === undefined ? 200 : 422,
  )
}

const fieldsOf = (
  lang: Lang,
  verb: ActVerb,
  document: DocumentTold,
  again: Again | undefined,
): Child => {
  if (verb !== 'cancel' && verb !== 'return') return ''
  const faults = again?.problem.problem.faults ?? []
  return (
    <>
      <TextArea
        lang={lang}
        name="reason"
        label={texts.reasonField[lang]}
        required
        rows={2}
        maxlength={1_000}
        value={again?.form.reason}
        faults={faultsAt(faults, '/reason')}
      />
      {verb === 'return' ? <ReturnLines lang={lang} document={document} again={again} /> : ''}
      {again === undefined ? (
        ''
      ) : (
        <Check name="force" label={texts.force[lang]} checked={again.form.force === 'yes'} />
      )}
    </>
  )
}

/** Lines of a list with the quantity that may be asked for, as the catalogue makes a return of it. */
const linesToReturn = (document: DocumentTold) => {
  const rule = findAct(document.kind, 'return')?.acts?.making?.lines
  if (rule === undefined) return []
  return linesOf(getDeclaration(document.kind), contentOf(document), rule.of)
    .slice(0, LINES_SHOWN_MAX)
    .map((line) => ({
      number: line[rule.number] ?? '',
      quantity: line[rule.quantity] ?? '',
      field: rule.quantity,
      name: line.gname ?? line.itemName ?? '',
    }))
}

const ReturnLines = ({
  lang,
  document,
  again,
}: {
  readonly lang: Lang
  readonly document: DocumentTold
  readonly again: Again | undefined
}) => (
  <fieldset class="checks">
    <legend>{texts.returnLines[lang]}</legend>
    <p class="hint">{texts.returnLinesNote[lang]}</p>
    {linesToReturn(document).map(({ number, quantity, name }) => (
      <Field
        lang={lang}
        name={`qty.${number}`}
        inputmode="decimal"
        maxlength={20}
        label={fill(texts.returnLine[lang], { line: number, name, qty: quantity })}
        value={again?.form[`qty.${number}`]}
      />
    ))}
  </fieldset>
)

const requestOf = ({ form }: ActionAsk, verb: ActVerb, document: DocumentTold) => {
  const chosen = linesToReturn(document).flatMap(({ number, field }) => {
    const quantity = form.text(`qty.${number}`)
    return quantity === '' ? [] : [{ gnum: number, [field]: quantity }]
  })
  return {
    reason: form.text('reason'),
    ...(form.text('force') === 'yes' ? { force: true } : {}),
    ...(verb === 'return' && chosen.length > 0 ? { lines: chosen } : {}),
  }
}
