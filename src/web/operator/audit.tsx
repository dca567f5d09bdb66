/** The log of accesses: who opened or changed what, by deed, user or key, enterprise and day. */
import type { z } from 'zod'
import { type accessList, accessSorts } from '../../http/access-schemas.ts'
import { Field, Select } from '../desk/fields.tsx'
import { PageHead, Time } from '../desk/parts.tsx'
import { type Ask, content, type Shown } from '../desk/room.ts'
import { type Column, DataTable, FilterForm, Pager } from '../desk/table.tsx'
import type { Lang } from '../texts.ts'
import { operatorTexts } from './texts.ts'
import { watchTexts as texts } from './watch-texts.ts'

type Page = z.infer<typeof accessList>
type Row = Page['accesses'][number]

const PATH = '/operator/audit'

export const auditPage = async ({ api, lang, t, query }: Ask): Promise<Shown> => {
  const { what, who, from, to, enterprise, cursor } = query
  const asked = { what, who, from, to, enterprise, cursor }
  const found = await api.get<Page>('/api/v1/access-log', asked)
  if (found.kind === 'problem') return found
  const { accesses, next } = found.value
  return content(
    t(operatorTexts.audit),
    <>
      <PageHead title={t(operatorTexts.audit)} note={t(texts.auditNote)} />
      <FilterForm lang={lang} path={PATH}>
        <Select
          lang={lang}
          name="what"
          label={t(texts.what)}
          value={what}
          none={t(texts.every)}
          choices={accessSorts.map((each) => ({ value: each, name: t(texts[each]) }))}
        />
        <Field lang={lang} name="who" label={t(texts.whoId)} value={who} maxlength={64} />
        <Field lang={lang} name="from" type="date" label={t(texts.from)} value={from} />
        <Field lang={lang} name="to" type="date" label={t(texts.to)} value={to} />
        <Field
          lang={lang}
          name="enterprise"
          label={t(texts.enterpriseId)}
          value={enterprise}
          maxlength={64}
        />
      </FilterForm>
      <DataTable
        lang={lang}
        caption={t(operatorTexts.audit)}
        rows={accesses}
        columns={columns(lang)}
        empty={{ title: t(texts.noAccess) }}
      />
      <Pager lang={lang} path={PATH} query={query} next={next} />
    </>,
  )
}

const columns = (lang: Lang): readonly Column<Row>[] => [
  { name: texts.at[lang], kind: 'time', cell: ({ at }) => <Time iso={at} /> },
  { name: texts.who[lang], cell: (row) => actorOf(row, lang) },
  { name: texts.user[lang], cell: (row) => <Doer lang={lang} {...row} /> },
  { name: texts.what[lang], cell: ({ what }) => texts[what][lang] },
  {
    name: texts.object[lang],
    kind: 'code',
    cell: ({ what, orderNo, subject }) => {
      const href = PLACES[what]?.(subject)
      const text = orderNo === '' ? subject : orderNo
      return href === undefined ? text || '–' : <a href={href}>{text}</a>
    },
  },
  {
    name: texts.whose[lang],
    cell: ({ enterpriseId, enterpriseName }) =>
      enterpriseId === '' ? (
        '–'
      ) : (
        <a href={`/operator/enterprises/${enterpriseId}`}>{enterpriseName ?? enterpriseId}</a>
      ),
  },
  { name: texts.request[lang], kind: 'code', wideOnly: true, cell: ({ requestId }) => requestId },
]

/** Where the operator sees what it was done to. */
const PLACES: Readonly<Partial<Record<Row['what'], (subject: string) => string>>> = {
  'reply-opened': (id) => `/operator/replies/${id}`,
  'message-opened': (id) => `/operator/documents/${id}`,
  'document-opened': (id) => `/operator/documents/${id}`,
  'reference-loaded': (name) => `/operator/reference/${name}`,
}

/** The user or the key, which leads to everything that it did. */
const Doer = ({
  lang,
  userId,
  userName,
  keyId,
}: { readonly lang: Lang } & Pick<Row, 'userId' | 'userName' | 'keyId'>) => {
  const id = userId ?? keyId
  if (id === null) return <>–</>
  return (
    <>
      {userId === null ? `${texts.key[lang]} ` : ''}
      <a href={`${PATH}?who=${encodeURIComponent(id)}`}>{userName ?? id}</a>
    </>
  )
}

/** An enterprise by its name, which leads to it. */
const actorOf = ({ actor, actorName }: Pick<Row, 'actor' | 'actorName'>, lang: Lang) =>
  actor === 'operator' || actor === 'committee' || actor === 'customs' ? (
    texts[actor][lang]
  ) : (
    <a href={`/operator/enterprises/${actor}`}>{actorName ?? actor}</a>
  )
