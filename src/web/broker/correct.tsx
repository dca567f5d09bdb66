/**
 * `/broker/rejections/correct`: one cause, one change for all its documents: how, then a preview of
 * every place that would change. Nothing happens before the preview is confirmed.
 */
import type { z } from 'zod'
import { keptFieldsOf } from '../../catalogue/cause-changes.ts'
import { findDeclaration } from '../../catalogue/index.ts'
import type { correctionAnswer, rejectedList, rejectionFold } from '../../http/rejection-schemas.ts'
import type { ApiProblem } from '../desk/api.ts'
import { Checks, Field, Select, TextArea } from '../desk/fields.tsx'
import { FaultList, ProblemNotice } from '../desk/notices.tsx'
import { Empty, PageHead } from '../desk/parts.tsx'
import { type ActionAsk, type Ask, type Content, content, type Shown } from '../desk/room.ts'
import { kindShort } from '../documents/names.ts'
import { wholeCount } from '../figures.ts'
import { fill, type Lang, listed, say } from '../texts.ts'
import { COMPARED_DOCUMENTS, CORRECTED_PER_PAGE, LEFT_SHOWN } from './broker-limits.ts'
import { ApplyForm, ChangesTable } from './corrections.tsx'
import { type Offers, offersFor } from './offers.ts'
import { BASE } from './parts.tsx'
import { rejectionTexts as texts } from './rejection-texts.ts'
import {
  type Change,
  readTable,
  type Selection,
  type Suggestion,
  selectionOf,
  suggestionsFor,
  targetsOf,
} from './selection.ts'

type Fold = z.infer<typeof rejectionFold>
type Rejected = z.infer<typeof rejectedList>
type Preview = Extract<z.infer<typeof correctionAnswer>, { more: boolean }>
type Told = { readonly zh: string; readonly en: string }

const PATH = `${BASE}/rejections/correct`

/** `GET`: the form, with how many it would touch. */
export const correctPage = (ask: Ask): Promise<Shown> =>
  formPage(ask, selectionOf(ask.query), { values: {} })

/** `POST`: the preview, or the form again with what is wrong. */
export const previewPage = async (ask: ActionAsk): Promise<Shown> => {
  const { api, form, lang } = ask
  const selection = selectionOf(form.values)
  const wanted = changeOf(ask, selection)
  if (wanted.kind === 'wrong')
    return formPage(ask, selection, { values: form.values, wrong: wanted.text })
  const found = await api.post<Preview>('/api/v1/rejections/corrections', {
    ...{ select: selection, preview: true },
    ...(wanted.change === undefined ? {} : { change: wanted.change }),
  })
  if (found.kind === 'problem') {
    if (found.status === 404 || found.status === 429) return found
    return formPage(ask, selection, { values: form.values, problem: found })
  }
  return previewContent(lang, found.value, selection)
}

interface Again {
  readonly values: Readonly<Record<string, string>>
  readonly wrong?: Told
  readonly problem?: ApiProblem
}

const formPage = async (ask: Ask, selection: Selection, again: Again): Promise<Shown> => {
  const { api, lang, t, notFound } = ask
  const { kind } = selection
  if (kind === undefined || findDeclaration(kind) === undefined) return notFound()
  const [found, looked] = await Promise.all([
    api.get<Fold>('/api/v1/rejections', selection),
    api.get<Rejected>('/api/v1/rejections/documents', { ...selection, limit: COMPARED_DOCUMENTS }),
  ])
  if (found.kind === 'problem') return found
  if (looked.kind === 'problem') return looked
  const { count, groups } = found.value
  const [group] = groups
  if (group === undefined)
    return content(
      t(texts.none),
      <Empty
        title={t(texts.none)}
        note={t(texts.noneCure)}
        steps={[{ href: `${BASE}/rejections`, name: t(texts.backToCauses) }]}
      />,
      404,
    )
  const title = fill(t(texts.formTitle), { cause: group.cause[lang] })
  const offers = offersFor({
    ...{ cause: selection.cause, kind, count },
    // Of several causes at once none says which field it is about.
    fields: selection.cause === undefined ? [] : group.fields,
    documents: looked.value.documents,
  })
  const isAgain = again.wrong !== undefined || again.problem !== undefined
  return content(
    title,
    <>
      <PageHead
        title={title}
        note={fill(t(texts.formNote), { count: wholeCount(count), kind: kindShort(kind, lang) })}
      />
      {again.problem === undefined ? (
        ''
      ) : (
        <ProblemNotice lang={lang} problem={again.problem.problem} />
      )}
      {again.wrong === undefined ? (
        ''
      ) : (
        <p class="card notice" role="alert">
          {again.wrong[lang]}
        </p>
      )}
      <p class="cure">
        <span>{t(texts.cure)}</span> {group.cure[lang]}
      </p>
      <ChangeForm
        {...{ lang, kind, selection, offers }}
        values={{ how: offers.how, field: offers.field, ...again.values }}
      />
    </>,
    isAgain ? 422 : 200,
  )
}

interface ChangeFormProps {
  readonly lang: Lang
  readonly kind: string
  readonly selection: Selection
  readonly offers: Offers
  readonly values: Readonly<Record<string, string>>
}

const ChangeForm = ({ lang, kind, selection, offers, values }: ChangeFormProps) => (
  <form class="card correct-form" action={PATH} method="post">
    {Object.entries(selection).map(([name, value]) => (
      <input type="hidden" name={name} value={value} />
    ))}
    <Checks
      lang={lang}
      name="how"
      type="radio"
      label={say(texts.how, lang)}
      {...whyNotOffered(kind, offers, lang)}
      values={[values.how ?? '']}
      choices={[
        ...offers.takes.map(({ how, suggestion }) => ({
          value: how,
          name: takeText(suggestion, lang),
        })),
        { value: 'value', name: say(texts.setValue, lang) },
        { value: 'mapping', name: say(texts.setMapping, lang) },
        { value: 'as-is', name: say(texts.asIs, lang) },
      ]}
    />
    <div class="correct-fields">
      <Select
        lang={lang}
        name="field"
        label={say(texts.target, lang)}
        hint={say(texts.targetHint, lang)}
        none="–"
        value={values.field}
        choices={targetsOf(kind, selection.cause).map(({ name, zh }) => ({
          value: name,
          name: lang === 'zh' ? `${zh} ${name}` : `${name} ${zh}`,
        }))}
      />
      <Field
        lang={lang}
        name="value"
        maxlength={2_000}
        label={say(texts.newValue, lang)}
        hint={say(texts.newValueHint, lang)}
        value={values.value}
      />
      <TextArea
        lang={lang}
        name="mapping"
        rows={3}
        label={say(texts.mapping, lang)}
        hint={say(texts.mappingHint, lang)}
        value={values.mapping}
      />
    </div>
    <p class="acts">
      <button type="submit" class="primary">
        {say(texts.preview, lang)}
      </button>
      <a class="button" href={`${BASE}/rejections`}>
        {say(texts.backToCauses, lang)}
      </a>
    </p>
  </form>
)

/** A reader who looks for a correction that is not there is told why. */
const whyNotOffered = (kind: string, { unseen, kept }: Offers, lang: Lang): { hint?: string } => {
  const kinds = listed(
    unseen.map((each) => kindShort(each, lang)),
    lang,
  )
  const hints = [
    ...(unseen.length === 0 ? [] : [fill(say(texts.unseen, lang), { kinds })]),
    ...(kept.length === 0 ? [] : [keptText(kind, kept, lang)]),
  ]
  return hints.length === 0 ? {} : { hint: hints.join(' ') }
}

const keptText = (kind: string, kept: readonly string[], lang: Lang): string =>
  fill(say(texts.kept, lang), {
    fields: listed(
      kept.map((field) => labelOf(kind, field, lang)),
      lang,
    ),
  })

const takeText = ({ kind, field, from, fromField }: Suggestion, lang: Lang): string =>
  fill(say(texts.take, lang), {
    ...{ kind: kindShort(kind, lang), field: labelOf(kind, field, lang) },
    ...{ from: kindShort(from, lang), fromField: labelOf(from, fromField, lang) },
  })

const labelOf = (kind: string, field: string, lang: Lang): string => {
  const zh = targetsOf(kind).find(({ name }) => name === field)?.zh
  return lang === 'en' || zh === undefined ? field : `${zh} ${field}`
}

type Wanted =
  | { readonly kind: 'change'; readonly change: Change | undefined }
  | { readonly kind: 'wrong'; readonly text: Told }

const changeOf = ({ form }: ActionAsk, selection: Selection): Wanted => {
  const { cause, kind = '' } = selection
  const how = form.text('how')
  if (how === 'as-is') return { kind: 'change', change: undefined }
  if (how.startsWith('take-')) {
    const taken = suggestionsFor(cause, kind)[Number(how.slice('take-'.length))]
    if (taken === undefined) return { kind: 'wrong', text: texts.howMissing }
    const { kind: target, ...rest } = taken
    return { kind: 'change', change: target === kind ? rest : taken }
  }
  if (how !== 'value' && how !== 'mapping') return { kind: 'wrong', text: texts.howMissing }
  const field = form.text('field')
  if (field === '') return { kind: 'wrong', text: texts.targetMissing }
  const kept = keptFieldsOf(cause, kind)
  if (kept.includes(field)) {
    const text = { zh: keptText(kind, kept, 'zh'), en: keptText(kind, kept, 'en') }
    return { kind: 'wrong', text }
  }
  return how === 'value'
    ? singleOf(form.text('value'), field, kind)
    : tableOf(form.raw('mapping'), field)
}

const singleOf = (value: string, field: string, kind: string): Wanted => {
  const isRequired = targetsOf(kind).some(({ name, required }) => name === field && required)
  if (value === '' && isRequired) return { kind: 'wrong', text: texts.valueMissing }
  return { kind: 'change', change: { field, value: value === '' ? null : value } }
}

const tableOf = (written: string, field: string): Wanted => {
  const table = readTable(written)
  if (table.kind === 'table') return { kind: 'change', change: { field, mapping: table.mapping } }
  const line = { line: String(table.line) }
  const text = { zh: fill(texts.mappingWrong.zh, line), en: fill(texts.mappingWrong.en, line) }
  return { kind: 'wrong', text }
}

// ---- the preview -----------------------------------------------------------------------------

const previewContent = (lang: Lang, preview: Preview, selection: Selection): Content => {
  const { token, documents, left, more } = preview
  const title = say(texts.previewTitle, lang)
  const companions = documents.filter(({ companion }) => companion).length
  if (token === null)
    return content(
      say(texts.previewNothing, lang),
      <>
        <PageHead
          title={say(texts.previewNothing, lang)}
          note={say(texts.previewNothingCure, lang)}
        />
        <Left lang={lang} left={left} />
        <p class="acts">
          <a class="button" href={`${PATH}?${new URLSearchParams({ ...selection })}`}>
            {say(texts.how, lang)}
          </a>
        </p>
      </>,
      422,
    )
  return content(
    title,
    <>
      <PageHead
        title={title}
        note={fill(say(texts.previewCount, lang), {
          ...{ count: wholeCount(documents.length), companions: wholeCount(companions) },
        })}
      />
      <ApplyForm lang={lang} token={token} notes={more ? [texts.previewMore] : []} />
      <Left lang={lang} left={left} />
      <ChangesTable
        lang={lang}
        documents={documents.slice(0, CORRECTED_PER_PAGE).map((document) => ({
          ...document,
          outcome: 'planned' as const,
        }))}
      />
      {documents.length > CORRECTED_PER_PAGE ? (
        <p>
          <a href={`${BASE}/corrections/${token}?cursor=${CORRECTED_PER_PAGE}`}>
            {say(texts.allChanges, lang)}
          </a>
        </p>
      ) : (
        ''
      )}
    </>,
  )
}

/** Reason by reason, with some of the documents and what would not pass. */
const Left = ({ lang, left }: { readonly lang: Lang; readonly left: Preview['left'] }) => {
  const whys = new Map(left.map(({ why }) => [why.name, why]))
  return left.length === 0 ? null : (
    <section class="card left">
      <h2>{say(texts.leftTitle, lang)}</h2>
      {[...whys].map(([name, why]) => {
        const some = left.filter((each) => each.why.name === name)
        return (
          <details open={whys.size === 1}>
            <summary>
              {fill(say(texts.leftCount, lang), {
                ...{ why: why[lang], count: wholeCount(some.length) },
              })}
            </summary>
            <ul>
              {some.slice(0, LEFT_SHOWN).map(({ id, number, faults }) => (
                <li>
                  <a href={`${BASE}/documents/${id}`}>{number}</a>
                  <FaultList lang={lang} faults={faults} />
                </li>
              ))}
            </ul>
          </details>
        )
      })}
    </section>
  )
}
