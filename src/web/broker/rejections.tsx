/** `/broker/rejections`: refusals folded into their causes, with both values, who acts and the cure. */
import type { z } from 'zod'
import { causes } from '../../catalogue/causes/index.ts'
import { declarations } from '../../catalogue/index.ts'
import type { rejectedList, rejectionFold } from '../../http/rejection-schemas.ts'
import { address } from '../desk/api.ts'
import { Field, Select } from '../desk/fields.tsx'
import { Empty, PageHead, Time } from '../desk/parts.tsx'
import { type Ask, content, type Shown } from '../desk/room.ts'
import { DataTable, FilterForm, Pager } from '../desk/table.tsx'
import { kindNamed, kindShort } from '../documents/names.ts'
import { documentPath } from '../documents/places.ts'
import { wholeCount } from '../figures.ts'
import { fill, type Lang, listed, say } from '../texts.ts'
import { ROWS_PER_PAGE, SAMPLED_CAUSES } from './broker-limits.ts'
import { type Corrections, CorrectionsTable } from './corrections.tsx'
import {
  BASE,
  type ClientName,
  type ClientNames,
  ClientSelect,
  clientNames,
  Endless,
  places,
  ZoneSelect,
} from './parts.tsx'
import { rejectionTexts as texts } from './rejection-texts.ts'
import { selectionOf } from './selection.ts'
import { brokerTexts } from './texts.ts'

type Fold = z.infer<typeof rejectionFold>
type Group = Fold['groups'][number]
type Rejected = z.infer<typeof rejectedList>
type RejectedDocument = Rejected['documents'][number]

const PATH = `${BASE}/rejections`

export const rejectionsPage = async ({ api, lang, t, query }: Ask): Promise<Shown> => {
  const selection = selectionOf(query)
  const [found, clients, latest] = await Promise.all([
    api.get<Fold>('/api/v1/rejections', selection),
    api.get<ClientNames>('/api/v1/clients/names'),
    api.get<Corrections>('/api/v1/rejections/corrections'),
  ])
  if (found.kind === 'problem') return found
  if (clients.kind === 'problem') return clients
  const { groups, count, others } = found.value
  const samples = await Promise.all(
    groups.slice(0, SAMPLED_CAUSES).map((group) =>
      api.get<Rejected>('/api/v1/rejections/documents', {
        ...{ ...selection, ...identityOf(group), limit: 1 },
      }),
    ),
  )
  const all = { count: wholeCount(count), groups: String(groups.length + others.groups) }
  return content(
    t(texts.title),
    <>
      <PageHead title={t(texts.title)} note={count === 0 ? '' : fill(t(texts.note), all)} />
      <Filter lang={lang} query={query} clients={clients.value.clients} />
      {groups.length === 0 ? <Empty title={t(texts.none)} note={t(texts.noneCure)} /> : ''}
      <ol class="causes">
        {groups.map((group, index) => {
          const sample = samples[index]
          return (
            <CauseCard
              lang={lang}
              group={group}
              selection={selection}
              sample={sample?.kind === 'ok' ? sample.value.documents[0] : undefined}
            />
          )
        })}
      </ol>
      {others.groups === 0 ? (
        ''
      ) : (
        <p class="note">
          {fill(t(texts.others), {
            ...{ groups: String(others.groups), count: wholeCount(others.count) },
          })}
        </p>
      )}
      {latest.kind === 'ok' && latest.value.corrections.length > 0 ? (
        <section>
          <h2>{t(texts.corrections)}</h2>
          <CorrectionsTable lang={lang} corrections={latest.value.corrections} />
        </section>
      ) : (
        ''
      )}
    </>,
  )
}

/** What tells a group from the others of a fold. */
const identityOf = ({ cause, text }: Group) => ({
  cause: cause.name,
  ...(text === null ? {} : { text: text.id }),
})

interface FilterProps {
  readonly lang: Lang
  readonly query: Readonly<Record<string, string>>
  readonly clients: readonly ClientName[]
}

const Filter = ({ lang, query, clients }: FilterProps) => (
  <FilterForm lang={lang} path={PATH}>
    <ClientSelect lang={lang} clients={clients} value={query.client} />
    <Select
      lang={lang}
      name="kind"
      label={say(brokerTexts.kind, lang)}
      none={say(brokerTexts.all, lang)}
      value={query.kind}
      choices={declarations.map(({ code }) => ({
        value: code,
        name: kindNamed(code, lang),
      }))}
    />
    <ZoneSelect lang={lang} value={query.zone} />
    <Field lang={lang} name="from" type="date" label={say(texts.from, lang)} value={query.from} />
    <Field lang={lang} name="to" type="date" label={say(brokerTexts.to, lang)} value={query.to} />
  </FilterForm>
)

interface CauseCardProps {
  readonly lang: Lang
  readonly group: Group
  readonly selection: Readonly<Record<string, string | undefined>>
  readonly sample: RejectedDocument | undefined
}

const CauseCard = ({ lang, group, selection, sample }: CauseCardProps) => {
  const { cause, count, kinds, codes, text, actors, cure } = group
  const query = { ...selection, ...identityOf(group) }
  return (
    <li class="card cause">
      <header>
        <h2>{cause[lang]}</h2>
        <p class="cause-count">
          <strong class="cause-number">{wholeCount(count)}</strong> {say(texts.documents, lang)}
        </p>
      </header>
      <p class="cause-kinds">
        {Object.entries(kinds)
          .map(([kind, many]) => `${kindShort(kind, lang)} ${wholeCount(many)}`)
          .join(' · ')}
      </p>
      <dl class="facts desk-facts">
        <div>
          <dt>{say(texts.official, lang)}</dt>
          <dd>
            <ul>
              {codes.map((code) => (
                <li>
                  <code>{code.code}</code> {code.known ? code[lang] : say(texts.unknownCode, lang)}
                </li>
              ))}
            </ul>
            {text === null ? '' : <q class="official">{text.text}</q>}
          </dd>
        </div>
        <div>
          <dt>{say(texts.who, lang)}</dt>
          <dd>
            {listed(
              actors.map((actor) => actor[lang]),
              lang,
            )}
          </dd>
        </div>
        <div>
          <dt>{say(texts.cure, lang)}</dt>
          <dd>{cure[lang]}</dd>
        </div>
      </dl>
      {sample === undefined ? '' : <SampleText lang={lang} document={sample} told={text?.text} />}
      {sample === undefined ? '' : <BothValues lang={lang} document={sample} named />}
      <p class="acts">
        {Object.keys(kinds).map((kind) => (
          <a class="button primary" href={address(`${PATH}/correct`, { ...query, kind })}>
            {say(texts.correct, lang)}
            {Object.keys(kinds).length > 1 ? `：${kindShort(kind, lang)}` : ''}
          </a>
        ))}
        <a class="button" href={address(`${PATH}/documents`, query)}>
          {say(texts.openDocuments, lang)}
        </a>
      </p>
    </li>
  )
}

interface SampleTextProps {
  readonly lang: Lang
  readonly document: RejectedDocument
  /** Told already. */
  readonly told: string | undefined
}

/** Where the cause says only that the text says more: that text, of one of them, as it came. */
const SampleText = ({ lang, document, told }: SampleTextProps) => {
  const { id, number, reason } = document
  const info = reason !== null && asksToRead(reason.cause.name) ? reason.info : null
  return info === null || info === told ? null : (
    <p class="note">
      {fill(say(texts.sample, lang), { number: '' })}
      <a href={documentPath(places, id)}>{number}</a>
      <q class="official">{info}</q>
    </p>
  )
}

const asksToRead = (cause: string): boolean =>
  Object.entries(causes).some(([name, { asksToRead: asks }]) => name === cause && asks === true)

/** What stands in the document and in its companions, place by place. */
const BothValues = ({
  lang,
  document,
  named = false,
}: {
  readonly lang: Lang
  readonly document: RejectedDocument
  readonly named?: boolean
}) =>
  document.fields.length === 0 ? null : (
    <div class="both-values">
      {named ? (
        <p class="note">
          {fill(say(texts.sample, lang), { number: '' })}
          <a href={documentPath(places, document.id)}>{document.number}</a>
        </p>
      ) : (
        ''
      )}
      <ul>
        {document.fields.map(({ equal, values }) => (
          <li data-agrees={equal ? 'yes' : 'no'}>
            {values.map(({ kind, pointer, value }) => (
              <span class="one-value">
                <span class="value-place">
                  {kindShort(kind, lang)} {pointer.split('/').at(-1)}
                </span>{' '}
                <span class="value">{value ?? say(texts.hidden, lang)}</span>
              </span>
            ))}
            {equal ? '' : <span class="value-verdict">{say(texts.differs, lang)}</span>}
          </li>
        ))}
      </ul>
    </div>
  )

/** `/broker/rejections/documents`: the documents of a selection, each with its reason and both values. */
export const rejectedPage = async ({ api, lang, t, query }: Ask): Promise<Shown> => {
  const [found, clients] = await Promise.all([
    api.get<Rejected>('/api/v1/rejections/documents', {
      ...{ ...selectionOf(query), cursor: query.cursor, limit: ROWS_PER_PAGE },
    }),
    api.get<ClientNames>('/api/v1/clients/names'),
  ])
  if (found.kind === 'problem') return found
  if (clients.kind === 'problem') return clients
  const { documents, next } = found.value
  const [first] = documents
  const cause = query.cause === undefined ? undefined : first?.reason?.cause[lang]
  const title = cause === undefined ? t(texts.listAll) : fill(t(texts.listTitle), { cause })
  const path = `${PATH}/documents`
  return content(
    title,
    <>
      <PageHead title={title}>
        <a class="button" href={address(PATH, { client: query.client, sender: query.sender })}>
          {t(texts.backToCauses)}
        </a>
      </PageHead>
      <Endless lang={lang}>
        <DataTable
          lang={lang}
          caption={t(texts.listCaption)}
          columns={[
            { name: t(texts.number), cell: ({ number }) => number, kind: 'code' },
            { name: t(texts.kind), cell: ({ kind }) => kindShort(kind, lang) },
            { name: t(brokerTexts.client), cell: clientNames(clients.value.clients) },
            {
              name: t(texts.reason),
              cell: ({ reason }) =>
                reason === null ? (
                  '–'
                ) : (
                  <>
                    {reason[lang]}
                    {reason.info === null ? '' : <q class="official">{reason.info}</q>}
                  </>
                ),
            },
            {
              name: t(texts.bothValues),
              cell: (document) => <BothValues lang={lang} document={document} />,
            },
            {
              name: t(texts.refusedAt),
              cell: ({ refusedAt }) => <Time iso={refusedAt} />,
              kind: 'time',
            },
          ]}
          rows={documents}
          liveId={({ id }) => id}
          href={({ id }) => documentPath(places, id)}
          empty={{ title: t(texts.none), note: t(texts.noneCure) }}
        />
        <Pager lang={lang} path={path} query={query} next={next} />
      </Endless>
    </>,
  )
}
