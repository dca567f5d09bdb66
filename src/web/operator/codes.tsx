/** Codes and texts of replies that nobody published: counted, folded, and given a meaning. */
import type { z } from 'zod'
import { causes } from '../../catalogue/causes/index.ts'
import type { rejectionFold } from '../../http/rejection-schemas.ts'
import type { unknownCodes } from '../../http/schemas.ts'
import { MEANING_LENGTH_MAX } from '../../kernel/operator-limits.ts'
import type { Problem } from '../desk/api.ts'
import { Field, faultsAt, Select } from '../desk/fields.tsx'
import type { FormFields } from '../desk/form-fields.ts'
import { ProblemNotice } from '../desk/notices.tsx'
import { Facts, PageHead, Time } from '../desk/parts.tsx'
import { type ActionAsk, type Ask, content, type Shown } from '../desk/room.ts'
import { DataTable } from '../desk/table.tsx'
import { wholeCount } from '../figures.ts'
import type { Lang } from '../texts.ts'
import { operatorTexts as texts } from './texts.ts'

type Codes = z.infer<typeof unknownCodes>
type Fold = z.infer<typeof rejectionFold>

const PATH = '/operator/codes'
const sorts = ['status', 'result', 'exchange', 'text'] as const

/** What a meaning is given to, as the address names it. */
interface Named {
  readonly kind: string
  readonly sort: (typeof sorts)[number]
  readonly code: string
}

const pathOf = ({ kind, sort, code }: Named): string =>
  `${PATH}/${[kind, sort, code].map(encodeURIComponent).join('/')}`

export const codesPage = async ({ api, lang, t }: Ask): Promise<Shown> => {
  const [codes, fold] = await Promise.all([
    api.get<Codes>('/api/v1/codes/unknown'),
    api.get<Fold>('/api/v1/rejections'),
  ])
  if (codes.kind === 'problem') return codes
  if (fold.kind === 'problem') return fold
  const unknownTexts = fold.value.groups.flatMap(({ text, count }) =>
    text === null ? [] : [{ ...text, count }],
  )
  return content(
    t(texts.codes),
    <>
      <PageHead title={t(texts.codes)} note={t(texts.codesNote)} />
      <DataTable
        lang={lang}
        caption={t(texts.codesCaption)}
        rows={codes.value.codes}
        href={(row) => (row.code === '*' ? undefined : pathOf(row))}
        empty={{ title: t(texts.noCodes) }}
        columns={[
          { name: t(texts.code), kind: 'code', cell: ({ code }) => code },
          { name: t(texts.kind), kind: 'code', cell: ({ kind }) => kind },
          { name: t(texts.sort), cell: ({ sort }) => t(texts.sorts[sort]) },
          { name: t(texts.count), kind: 'number', cell: ({ count }) => wholeCount(count) },
          {
            name: t(texts.lastSeen),
            kind: 'time',
            cell: ({ lastSeen }) => <Time iso={lastSeen} />,
          },
          {
            name: t(texts.meaning),
            cell: ({ meaning }) =>
              meaning?.[lang] ?? <span class="none">{t(texts.noMeaning)}</span>,
          },
        ]}
      />
      {codes.value.codes.some(({ code }) => code === '*') ? (
        <p class="note">{t(texts.beyond)}</p>
      ) : (
        ''
      )}
      <DataTable
        lang={lang}
        caption={t(texts.textsCaption)}
        rows={unknownTexts}
        href={({ id, kind }) => pathOf({ kind, sort: 'text', code: id })}
        empty={{ title: t(texts.noTexts) }}
        columns={[
          { name: t(texts.text), cell: ({ text }) => text },
          { name: t(texts.kind), kind: 'code', cell: ({ kind }) => kind },
          { name: t(texts.documents), kind: 'number', cell: ({ count }) => wholeCount(count) },
        ]}
      />
    </>,
  )
}

// ---- giving a meaning ------------------------------------------------------------------------

const namedIn = ({ param }: Pick<Ask, 'param'>): Named | undefined => {
  const sort = sorts.find((each) => each === param('sort'))
  return sort === undefined ? undefined : { kind: param('kind'), sort, code: param('code') }
}

export const codePage = async (ask: Ask): Promise<Shown> => {
  const named = namedIn(ask)
  if (named === undefined) return ask.notFound()
  return meaningForm(ask, named)
}

export const giveMeaning = async (ask: ActionAsk): Promise<Shown> => {
  const named = namedIn(ask)
  if (named === undefined) return ask.notFound()
  const { api, form, go, notFound } = ask
  const field = form.text('field')
  const given = await api.put(
    `/api/v1/codes/unknown/${[named.kind, named.sort, named.code].map(encodeURIComponent).join('/')}`,
    {
      ...{ cause: form.text('cause'), zh: form.text('zh'), en: form.text('en') },
      ...(field === '' ? {} : { field }),
    },
  )
  if (given.kind === 'ok') return go(PATH, { tone: 'done', text: texts.given })
  return given.status === 404 ? notFound() : meaningForm(ask, named, form, given.problem)
}

const meaningForm = async (
  { api, lang, t }: Ask,
  named: Named,
  form?: FormFields,
  problem?: Problem,
): Promise<Shown> => {
  const isText = named.sort === 'text'
  const [codes, fold] = await Promise.all([
    isText ? undefined : api.get<Codes>('/api/v1/codes/unknown'),
    isText ? api.get<Fold>('/api/v1/rejections', { text: named.code }) : undefined,
  ])
  const known =
    codes?.kind === 'ok'
      ? codes.value.codes.find(
          ({ kind, sort, code }) =>
            kind === named.kind && sort === named.sort && code === named.code,
        )
      : undefined
  const group =
    fold?.kind === 'ok' ? fold.value.groups.find(({ text }) => text?.id === named.code) : undefined
  const before = known?.meaning ?? undefined
  return content(
    t(texts.giveTitle),
    <>
      <PageHead title={t(texts.giveTitle)} />
      {problem === undefined ? '' : <ProblemNotice lang={lang} problem={problem} />}
      <section class="card">
        <Facts
          facts={[
            { name: t(texts.kind), value: <code>{named.kind}</code> },
            { name: t(texts.sort), value: t(texts.sorts[named.sort]) },
            group === undefined
              ? { name: t(texts.code), value: <code>{named.code}</code> }
              : { name: t(texts.text), value: group.text?.text },
          ]}
        />
      </section>
      <MeaningFields lang={lang} named={named} before={before} form={form} problem={problem} />
    </>,
    problem === undefined ? 200 : 422,
  )
}

interface MeaningFieldsProps {
  readonly lang: Lang
  readonly named: Named
  readonly before:
    | {
        readonly cause: string
        readonly zh: string
        readonly en: string
        readonly field: string | null
      }
    | undefined
  readonly form: FormFields | undefined
  readonly problem: Problem | undefined
}

const MeaningFields = ({ lang, named, before, form, problem }: MeaningFieldsProps) => {
  const faults = problem?.faults ?? []
  const value = (name: 'cause' | 'zh' | 'en' | 'field'): string =>
    form?.text(name) ?? before?.[name] ?? ''
  return (
    <form class="card" action={pathOf(named)} method="post">
      <Select
        lang={lang}
        name="cause"
        label={texts.giveCause[lang]}
        hint={texts.giveCauseHint[lang]}
        required
        value={value('cause')}
        none="–"
        faults={faultsAt(faults, '/cause')}
        choices={Object.entries(causes).map(([name, cause]) => ({
          value: name,
          name: cause[lang],
        }))}
      />
      <Field
        lang={lang}
        name="zh"
        label={texts.giveZh[lang]}
        required
        maxlength={MEANING_LENGTH_MAX}
        value={value('zh')}
        faults={faultsAt(faults, '/zh')}
      />
      <Field
        lang={lang}
        name="en"
        label={texts.giveEn[lang]}
        required
        maxlength={MEANING_LENGTH_MAX}
        value={value('en')}
        faults={faultsAt(faults, '/en')}
      />
      <Field
        lang={lang}
        name="field"
        label={texts.giveField[lang]}
        hint={texts.giveFieldHint[lang]}
        maxlength={80}
        value={value('field')}
        faults={faultsAt(faults, '/field')}
      />
      <p class="acts">
        <button type="submit" class="primary">
          {texts.save[lang]}
        </button>
        <a class="button" href={PATH}>
          {texts.codes[lang]}
        </a>
      </p>
    </form>
  )
}
