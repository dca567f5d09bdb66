/** Reference data: the tables with their last loads, and one of them as it holds on a day. */
import type { z } from 'zod'
import type { referenceIndex, referenceLoads } from '../../http/operator-schemas.ts'
import type { referenceView } from '../../http/reference-schemas.ts'
import { LOADS_SHOWN, REFERENCE_PAGE_ROWS } from '../../kernel/operator-limits.ts'
import { address } from '../desk/api.ts'
import { Checks, Field, Select } from '../desk/fields.tsx'
import { PageHead, Time } from '../desk/parts.tsx'
import { type Ask, content, type Shown } from '../desk/room.ts'
import { type Column, DataTable, FilterForm, Pager } from '../desk/table.tsx'
import { wholeCount } from '../figures.ts'
import { fill, type Lang } from '../texts.ts'
import { referenceTexts as texts } from './reference-texts.ts'
import { operatorTexts } from './texts.ts'

type Index = z.infer<typeof referenceIndex>
type Loads = z.infer<typeof referenceLoads>
type Row = z.infer<typeof referenceView>['rows'][number]
type Load = Loads['loads'][number]
export type View = z.infer<typeof referenceView>

export const REFERENCE = '/operator/reference'

export const referencePage = async ({ api, lang, t, query }: Ask): Promise<Shown> => {
  const [index, loads] = await Promise.all([
    api.get<Index>('/api/v1/reference'),
    api.get<Loads>('/api/v1/reference-loads', { limit: LOADS_SHOWN, cursor: query.cursor }),
  ])
  if (index.kind === 'problem') return index
  if (loads.kind === 'problem') return loads
  return content(
    t(operatorTexts.reference),
    <>
      <PageHead title={t(operatorTexts.reference)} note={t(texts.note)} />
      <DataTable
        lang={lang}
        caption={t(operatorTexts.reference)}
        rows={index.value.tables}
        href={({ name }) => `${REFERENCE}/${name}`}
        columns={[
          { name: t(texts.table), cell: (row) => t(row) },
          { name: t(texts.shortName), kind: 'code', wideOnly: true, cell: ({ name }) => name },
          { name: t(texts.dating), cell: ({ dating }) => t(texts[dating]) },
          {
            name: t(texts.loadedAt),
            kind: 'time',
            cell: ({ loaded }) =>
              loaded === null ? (
                <span class="none">{t(texts.never)}</span>
              ) : (
                <Time iso={loaded.at} />
              ),
          },
          {
            name: t(texts.loadedBy),
            cell: ({ loaded }) => (loaded === null ? '–' : byWhom(loaded.by, lang)),
          },
        ]}
      />
      <LoadTable lang={lang} loads={loads.value.loads} />
      <Pager lang={lang} path={REFERENCE} query={query} next={loads.value.next} />
    </>,
  )
}

/** The user's name, or what loaded it without anybody. */
const byWhom = (by: string, lang: Lang): string =>
  by === 'key' || by === 'cli' || by === 'demo' ? texts[by][lang] : by

const LoadTable = ({ lang, loads }: { readonly lang: Lang; readonly loads: readonly Load[] }) => (
  <DataTable
    lang={lang}
    caption={texts.loads[lang]}
    rows={loads}
    empty={{ title: texts.noLoads[lang] }}
    columns={[
      { name: texts.loadedAt[lang], kind: 'time', cell: ({ at }) => <Time iso={at} /> },
      { name: texts.table[lang], cell: (load) => load[lang] },
      { name: texts.loadedBy[lang], cell: ({ by }) => byWhom(by, lang) },
      ...(['rows', 'added', 'changed', 'removed'] as const).map(
        (name): Column<Load> => ({
          name: texts[name][lang],
          kind: 'number',
          cell: (load) => wholeCount(load[name]),
        }),
      ),
    ]}
  />
)

// ---- one table -------------------------------------------------------------------------------

export const tablePage = async ({ api, lang, param, query, notFound }: Ask): Promise<Shown> => {
  const name = param('name')
  const { on, hs, all, cursor } = query
  const asked = { on, hs, all: all === 'true' ? 'true' : undefined }
  const [found, loads] = await Promise.all([
    api.get<View>(`/api/v1/reference/${encodeURIComponent(name)}`, {
      ...{ ...asked, cursor, limit: REFERENCE_PAGE_ROWS },
    }),
    api.get<Loads>('/api/v1/reference-loads', { name, limit: LOADS_SHOWN }),
  ])
  if (found.kind === 'problem') return found.status === 404 ? notFound() : found
  if (loads.kind === 'problem') return loads
  const view = found.value
  const own = `${REFERENCE}/${name}`
  return content(
    view[lang],
    <>
      <PageHead title={view[lang]} note={shownText(view, lang)}>
        <a class="button" href={address(`${own}.csv`, asked)}>
          {texts.download[lang]}
        </a>
      </PageHead>
      <TableFilter lang={lang} own={own} query={query} view={view} />
      <DataTable
        lang={lang}
        caption={view[lang]}
        narrow="scroll"
        rows={view.rows}
        empty={{ title: texts.noRows[lang] }}
        columns={view.columns.map(
          (column): Column<Row> => ({
            name: column[lang],
            ...kindOf(column.format.en),
            cell: (row) => cellText(row[column.name], lang),
          }),
        )}
      />
      <Pager lang={lang} path={own} query={query} next={view.next} />
      <LoadForm lang={lang} own={own} />
      <LoadTable lang={lang} loads={loads.value.loads} />
    </>,
  )
}

/** Days do not break; codes may. */
const kindOf = (format: string): { readonly kind?: 'time' | 'code' } =>
  /\bday\b/.test(format) ? { kind: 'time' } : /code|number/.test(format) ? { kind: 'code' } : {}

/** The rows as they are shown, as a file that can be loaded again. */
export const tableFile = ({ api, param, query }: Ask): Promise<Shown> => {
  const name = param('name').replace(/\.csv$/, '')
  const { on, hs, all } = query
  return api.file(`/api/v1/reference/${encodeURIComponent(name)}`, { on, hs, all, format: 'csv' })
}

const shownText = ({ on, total, edition, rows, columns }: View, lang: Lang): string => {
  const counted = { day: on ?? '', total: wholeCount(total) }
  const base = fill(texts[on === null ? 'shownAll' : 'shownFor'][lang], counted)
  if (edition !== null) return `${base} · ${fill(texts.editionOf[lang], { day: edition })}`
  const isEmpty = on !== null && rows.length === 0 && columns.some(({ name }) => name === 'hs')
  return isEmpty ? `${base} · ${texts.noEdition[lang]}` : base
}

const cellText = (value: string | boolean | null | undefined, lang: Lang): string =>
  typeof value === 'boolean' ? texts[value ? 'yes' : 'no'][lang] : (value ?? '') || '–'

const TableFilter = ({
  lang,
  own,
  query,
  view,
}: {
  readonly lang: Lang
  readonly own: string
  readonly query: Readonly<Record<string, string>>
  readonly view: View
}) => (
  <FilterForm lang={lang} path={own}>
    <Field
      lang={lang}
      name="on"
      type="date"
      label={texts.on[lang]}
      value={query.on ?? view.on ?? undefined}
    />
    {view.columns.some(({ name }) => name === 'hs') ? (
      <Field
        lang={lang}
        name="hs"
        label={texts.hs[lang]}
        hint={texts.hsHint[lang]}
        value={query.hs}
        inputmode="numeric"
        maxlength={10}
      />
    ) : (
      ''
    )}
    <Select
      lang={lang}
      name="all"
      label={texts.which[lang]}
      value={query.all}
      choices={[
        { value: '', name: texts.inForce[lang] },
        { value: 'true', name: texts.every[lang] },
      ]}
    />
  </FilterForm>
)

/** A file, with what stands in for cells that are blank; its changes are shown before anything is loaded. */
export const LoadForm = ({ lang, own }: { readonly lang: Lang; readonly own: string }) => (
  <form class="card" action={own} method="post" enctype="multipart/form-data">
    <h2>{texts.load[lang]}</h2>
    <p class="note">{texts.loadNote[lang]}</p>
    <div class="field">
      <label for="load-file">{texts.file[lang]}</label>
      <input id="load-file" type="file" name="file" accept=".csv,text/csv" required />
    </div>
    <Field
      lang={lang}
      name="source"
      label={texts.source[lang]}
      hint={texts.sourceHint[lang]}
      maxlength={200}
    />
    <Field lang={lang} name="from" type="date" label={texts.from[lang]} />
    <Checks
      lang={lang}
      name="replace"
      label={texts.replace[lang]}
      values={[]}
      choices={[{ value: 'true', name: texts.replaceYes[lang] }]}
    />
    <p class="acts">
      <button type="submit" class="primary">
        {texts.preview[lang]}
      </button>
    </p>
  </form>
)
